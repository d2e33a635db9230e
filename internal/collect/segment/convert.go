package segment

import (
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// converter turns messages into events. It is reused; what it fills an event with is valid until the next call.
type converter struct {
	kinds    Kinds
	maxEvent int
	speakers speakers
	scratch  []byte
	ids      []event.Identity
	problems []string // codes of what should have been identities, over all messages of a request
}

// convert judges a message and fills e with it. The reason is nil if the message keeps the rules.
func (c *converter) convert(m *message, env *Envelope, e *event.Event) *reject.Reason {
	*e = event.Event{Received: env.Received, Source: env.Source}
	c.scratch, c.ids = c.scratch[:0], c.ids[:0]
	r := c.shape(m)
	if r == nil {
		r = c.kind(m, env, e)
	}
	if r == nil {
		r = c.name(m, e)
	}
	if r == nil {
		r = c.when(m, env, e)
	}
	if r == nil {
		r = c.identities(m, e)
	}
	if r == nil {
		r = c.content(m, env, e)
	}
	if r != nil {
		return r
	}
	if err := e.Validate(env.Received); err != nil {
		return reasonOf(err)
	}
	return nil
}

// reasonOf turns a fault into a reason: its message says what is wrong and, behind a semicolon, what to do.
func reasonOf(err error) *reject.Reason {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return reject.Because(f.Code, f.Message)
	}
	return reject.Because("event.invalid", err.Error())
}

func because(code, format string, args ...any) *reject.Reason {
	return reject.Because(code, fmt.Sprintf(format, args...))
}

func (c *converter) shape(m *message) *reject.Reason {
	switch {
	case m.notObject:
		return because("event.not_object", "the event is not a JSON object; send objects with type, userId or anonymousId …")
	case len(m.raw) > c.maxEvent:
		return because("event.too_large", "the event has %d bytes, at most %d are allowed; leave out what nobody needs", len(m.raw), c.maxEvent)
	case !object(m.properties):
		return because("event.properties", "properties is not an object; send {\"name\": value, …}")
	case !object(m.traits):
		return because("event.traits", "traits is not an object; send {\"name\": value, …}")
	case !object(m.context):
		return because("event.context", "context is not an object; send {\"page\": {…}, …} or leave it out")
	}
	return nil
}

func (c *converter) kind(m *message, env *Envelope, e *event.Event) *reject.Reason {
	e.Type = env.Type
	if e.Type == 0 {
		word, ok := text(m.kind)
		e.Type = event.ParseType(word)
		if !ok || e.Type == 0 || !e.Type.Own() {
			return because("event.type", "type is missing or unknown; use track, identify, page, screen, group or alias")
		}
	}
	mid, ok := text(m.id)
	if !ok {
		return because("event.bad_id", "messageId is not text; use a UUID")
	}
	if e.ID = mid; mid == "" {
		if e.ID = env.FallbackID; e.ID == "" {
			e.ID = id.New(time.UnixMicro(env.Received))
		}
	}
	return nil
}

func (c *converter) name(m *message, e *event.Event) *reject.Reason {
	switch e.Type {
	case event.Track:
		var ok bool
		if e.Name, ok = text(m.event); !ok {
			return because("event.bad_name", "event is not text; name what happened, such as \"Product Viewed\"")
		}
	case event.Page:
		e.Name = event.PageViewed
	case event.Screen:
		e.Name = event.ScreenViewed
	case event.Identify:
		e.Name = event.Identified
	case event.Group:
		e.Name = event.Grouped
	case event.Alias:
		e.Name = event.Aliased
	case event.Command, event.Signal:
	}
	return nil
}

func (c *converter) when(m *message, env *Envelope, e *event.Event) *reject.Reason {
	sent := env.Sent
	if sent == 0 {
		// A wrong sentAt is no reason to lose an event: it only helps to correct the clock.
		if at, given, ok := readTime(m.sent); given && ok {
			sent = at
		}
	}
	if env.Exact {
		sent = 0
	}
	var ok bool
	if e.Time, ok = moment(m, sent, env.Received); !ok {
		return because("event.time", "timestamp cannot be read; send ISO 8601, such as \"2026-01-31T08:30:00.000Z\"")
	}
	return nil
}

// content fills properties, traits and context.
//
// The page's or screen's name and category, the group's id and traits (traits of a group are not those of the person) and the previous
// id of an alias go among the properties, unless these have members of that name.
func (c *converter) content(m *message, env *Envelope, e *event.Event) *reject.Reason {
	properties := m.properties
	if !present(properties) {
		properties = nil
	}
	switch e.Type {
	case event.Identify:
		e.Traits = identifyTraits(m)
	case event.Page, event.Screen:
		properties = c.adding(properties, "name", m.name, "category", m.category)
	case event.Group:
		if g, ok := text(m.group); !ok || g == "" {
			return because("event.group_id", "the group call has no groupId; say which group it is about")
		}
		properties = c.adding(properties, "groupId", m.group, "traits", m.traits)
	case event.Alias:
		properties = c.adding(properties, "previousId", m.previous, "", nil)
	case event.Track, event.Command, event.Signal:
	}
	e.Properties = properties
	c.scratch, e.Context = c.speakers.fillContext(m, env, c.scratch)
	return nil
}

// identifyTraits are the traits of an identify call: its own, or those in its context, where some libraries put them.
func identifyTraits(m *message) []byte {
	switch {
	case present(m.traits):
		return m.traits
	case present(m.traitsInContext) && object(m.traitsInContext):
		return m.traitsInContext
	}
	return nil
}

func (c *converter) adding(properties []byte, name1 string, value1 []byte, name2 string, value2 []byte) []byte {
	one := present(value1) && !has(properties, name1)
	two := present(value2) && !has(properties, name2)
	if !one && !two {
		return properties
	}
	w := build(c.scratch, properties)
	if one {
		w.member(name1, value1)
	}
	if two {
		w.member(name2, value2)
	}
	all, obj := w.end()
	c.scratch = all
	return obj
}
