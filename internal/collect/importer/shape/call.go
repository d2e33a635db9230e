package shape

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// segmentCall is a line of a file that holds calls of the Segment protocol, such as its archives.
type segmentCall struct {
	Type        string         `json:"type"`
	Event       string         `json:"event"`
	Name        jsontext.Value `json:"name"`
	Category    jsontext.Value `json:"category"`
	UserID      jsontext.Value `json:"userId"`
	AnonymousID jsontext.Value `json:"anonymousId"`
	PreviousID  jsontext.Value `json:"previousId"`
	GroupID     jsontext.Value `json:"groupId"`
	MessageID   string         `json:"messageId"`
	Timestamp   string         `json:"timestamp"`
	Original    string         `json:"originalTimestamp"`
	Properties  jsontext.Value `json:"properties"`
	Traits      jsontext.Value `json:"traits"`
	Context     jsontext.Value `json:"context"`
}

// segmentContext is what counts in a call's context.
type segmentContext struct {
	Traits      jsontext.Value `json:"traits"`
	ExternalIDs []struct {
		ID         jsontext.Value `json:"id"`
		Type       string         `json:"type"`
		Scope      string         `json:"scope"`
		Collection string         `json:"collection"`
		Encoding   string         `json:"encoding"`
	} `json:"externalIds"`
	Device struct {
		ID jsontext.Value `json:"id"`
	} `json:"device"`
}

// call turns such a line into an event with the meaning that intake gives it.
func (pl *Plan) call(r *sheet.Row, e *event.Event) *Reject {
	var c segmentCall
	if err := json.Unmarshal(r.Raw, &c); err != nil {
		return &Reject{"row.segment", "the line is no call of the Segment protocol: " + sheet.Clip(err.Error())}
	}
	var ctx segmentContext
	if len(c.Context) > 0 {
		if err := json.Unmarshal(c.Context, &ctx); err != nil {
			return &Reject{"event.context", "the context of the call cannot be read: " + sheet.Clip(err.Error())}
		}
	}
	for name, v := range map[string]jsontext.Value{"properties": c.Properties, "traits": c.Traits} {
		if len(v) > 0 && v.Kind() != '{' && v.Kind() != 'n' {
			return &Reject{"event." + name, name + " is not an object"}
		}
	}
	if c.Type == "" { // rows of "events" without a type are what happened, others what is known
		c.Type = "track"
		if c.Event == "" {
			c.Type = "identify"
		}
	}
	e.Type, e.ID, e.Name = event.ParseType(c.Type), c.MessageID, c.Event
	if at := firstNonEmpty(c.Timestamp, c.Original); at != "" {
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			us, err := pl.moments.Parse(at)
			if err != nil {
				return &Reject{"time.invalid", "the time " + quote(at) + " is " + err.Error()}
			}
			t = time.UnixMicro(us)
		}
		e.Time = t.UnixMicro()
	}
	e.Context = object(c.Context)
	if why := pl.content(&c, &ctx, e); why != nil {
		return why
	}
	return pl.callers(&c, &ctx, e)
}

// content fills name, properties and traits by the type of the call.
func (pl *Plan) content(c *segmentCall, ctx *segmentContext, e *event.Event) *Reject {
	e.Properties = object(c.Properties)
	switch e.Type {
	case event.Track:
	case event.Identify:
		e.Name, e.Traits = event.Identified, object(c.Traits)
		if e.Traits == nil {
			e.Traits = object(ctx.Traits)
		}
	case event.Page, event.Screen:
		e.Name = event.PageViewed
		if e.Type == event.Screen {
			e.Name = event.ScreenViewed
		}
		e.Properties = with(with(e.Properties, "name", c.Name), "category", c.Category)
	case event.Group:
		e.Name = event.Grouped
		e.Properties = with(with(e.Properties, "groupId", c.GroupID), "traits", object(c.Traits))
	case event.Alias:
		e.Name = event.Aliased
		e.Properties = with(e.Properties, "previousId", c.PreviousID)
	case event.Command, event.Signal:
		return &Reject{"event.type", "what the system says itself (a command, a signal) cannot be imported"}
	default:
		return &Reject{"event.type", "the type " + quote(c.Type) + " is not known; use track, identify, page, screen, group or alias"}
	}
	return nil
}

// callers gathers whom the call is about.
func (pl *Plan) callers(c *segmentCall, ctx *segmentContext, e *event.Event) *Reject {
	var bad *Reject
	add := func(kind, scope string, raw jsontext.Value) {
		text := scalar(raw)
		if text == "" || len(e.Identities) == event.MaxIdentities {
			return
		}
		value, err := pl.normalize(kind, text)
		if err != nil {
			bad = &Reject{"identity.invalid", kind + " " + quote(text) + " is " + err.Error()}
			return
		}
		e.Identities = append(e.Identities, event.Identity{Kind: kind, Scope: scope, Value: value})
	}
	add(event.UserID, "", c.UserID)
	add(event.AnonymousID, "", c.AnonymousID)
	add(event.DeviceID, "", ctx.Device.ID)
	if e.Type == event.Alias {
		add(event.AnonymousID, "", c.PreviousID)
	}
	for _, x := range ctx.ExternalIDs {
		if _, declared := pl.kinds.Find(x.Type); !declared || x.Collection == "accounts" || (x.Encoding != "" && x.Encoding != "none") {
			continue
		}
		scope := x.Scope
		if scope == "" && x.Collection != "users" {
			scope = x.Collection
		}
		add(x.Type, scope, x.ID)
	}
	if e.Type == event.Identify {
		found, _ := pl.kinds.FromTraits(e.Traits, pl.options.Region)
		e.Identities = append(e.Identities, found[:min(len(found), event.MaxIdentities-len(e.Identities))]...)
	}
	e.Identities = pl.kinds.Sort(e.Identities)
	if len(e.Identities) > 0 {
		return nil
	}
	if bad != nil {
		return bad
	}
	return &Reject{"identity.missing", "the call names nobody: it has neither userId nor anonymousId"}
}

func firstNonEmpty(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// object is v if it is an object with members.
func object(v jsontext.Value) []byte {
	if v.Kind() != '{' || len(v) <= 2 {
		return nil
	}
	return v
}

// scalar is a JSON string or number as text, empty for anything else.
func scalar(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		b, err := jsontext.AppendUnquote(nil, v)
		if err == nil {
			return string(b)
		}
	case '0':
		return string(v)
	}
	return ""
}

// with adds a member to an object unless it has one of that name, or the value is nothing.
func with(properties []byte, name string, value []byte) []byte {
	if len(value) == 0 || jsontext.Value(value).Kind() == 'n' {
		return properties
	}
	var has map[string]jsontext.Value
	if len(properties) > 0 {
		if err := json.Unmarshal(properties, &has); err != nil {
			return properties
		}
		if _, ok := has[name]; ok {
			return properties
		}
	}
	b := []byte{'{'}
	if len(has) > 0 {
		trimmed := strings.TrimSpace(string(properties))
		b = append(b, trimmed[1:len(trimmed)-1]...)
		b = append(b, ',')
	}
	b = append(appendText(b, name), ':')
	return append(append(b, value...), '}')
}
