package segment

import (
	"slices"

	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// identities gathers whom the message is about:
//
//   - userId is a user_id, anonymousId an anonymous_id, context.device.id a device_id;
//   - each of context.externalIds is of the kind that its type names, if that is declared; its collection is the scope (an app of
//     openids, say), unless it is "users";
//   - an identify call's traits phone, email and those of declared kinds;
//   - an alias call's previousId is an anonymous_id, unless context.previousIdKind names another declared kind.
//
// A value that is no such identity (a mistyped phone number) costs only itself: it stays a trait, and its code is counted. An event
// that is about nobody in the end is rejected.
func (c *converter) identities(m *message, e *event.Event) *reject.Reason {
	user, ok := text(m.user)
	if !ok {
		return because("event.identity", "userId is neither text nor a number; send the id that your systems know the person by")
	}
	anonymous, ok := text(m.anonymous)
	if !ok {
		return because("event.identity", "anonymousId is neither text nor a number; send the id that the device made for itself")
	}
	c.add(event.UserID, "", user)
	if e.Type == event.Alias {
		if r := c.previous(m, user); r != nil {
			return r
		}
	}
	c.add(event.AnonymousID, "", anonymous)
	if device, ok := text(memberOf(m.device, "id")); ok {
		c.add(event.DeviceID, "", device)
	}
	for w := walk(m.externalIDs); len(c.ids) < event.MaxIdentities; {
		one, ok := w.element()
		if !ok {
			break
		}
		c.external(one)
	}
	if e.Type == event.Identify {
		if traits := identifyTraits(m); traits != nil {
			found, problems := c.kinds.FromTraits(traits)
			c.problems = append(c.problems, problems...)
			for _, i := range found {
				c.put(i)
			}
		}
	}
	if len(c.ids) == 0 && (user != "" || anonymous != "") {
		return because("event.identity", "userId or anonymousId stands for nobody (\"null\", \"undefined\", \"0\" …) or is longer than %d bytes; send a real id", event.MaxValue)
	}
	e.Identities = c.ids
	return nil
}

func (c *converter) previous(m *message, user string) *reject.Reason {
	previous, ok := text(m.previous)
	if !ok || previous == "" || user == "" {
		return because("event.alias", "the alias call lacks userId or previousId; send both, the new one and the one before")
	}
	kind := event.AnonymousID
	if named, _ := text(m.previousKind); named != "" {
		if !c.kinds.Known(named) {
			return because("event.previous_kind", "context.previousIdKind %q is no declared identity kind; declare it or correct it", short(named))
		}
		kind = named
	}
	if !c.add(kind, "", previous) {
		return because("event.alias", "previousId is not a valid %s; send the id that the person had before", kind)
	}
	return nil
}

func (c *converter) external(raw []byte) {
	get := func(name string) string {
		s, _ := text(memberOf(raw, name)) // anything but text is as good as nothing
		return s
	}
	kind, scope, collection, encoding := get("type"), get("scope"), get("collection"), get("encoding")
	switch {
	case encoding != "" && encoding != "none":
		c.problems = append(c.problems, "external_id.encoded")
	case collection == "accounts": // ids of companies, not of people
		c.problems = append(c.problems, "external_id.account")
	case !c.kinds.Known(kind):
		c.problems = append(c.problems, "external_id.unknown_kind")
	default:
		if scope == "" && collection != "users" {
			scope = collection
		}
		c.add(kind, scope, get("id"))
	}
}

// add normalises a value and puts the identity among the others. It says whether the value was one.
func (c *converter) add(kind, scope, value string) bool {
	if value == "" {
		return false
	}
	v, err := c.kinds.Normal(kind, value)
	if err != nil {
		c.problems = append(c.problems, kind+".invalid")
		return false
	}
	return c.put(event.Identity{Kind: kind, Scope: scope, Value: v})
}

func (c *converter) put(i event.Identity) bool {
	switch {
	case len(i.Value) > event.MaxValue || len(i.Scope) > event.MaxValue:
		c.problems = append(c.problems, i.Kind+".invalid")
		return false
	case slices.Contains(c.ids, i):
		return true
	case len(c.ids) == event.MaxIdentities:
		c.problems = append(c.problems, "identity.too_many")
		return false
	}
	c.ids = append(c.ids, i)
	return true
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
