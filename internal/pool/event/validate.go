package event

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Limits of a valid event.
const (
	MaxName       = 200
	MaxIdentities = 16
	MaxKind       = 64
	MaxValue      = 256
	// earliest is 1970-01-01; older times are a broken clock or a broken file.
	earliest = 0
)

// MaxAhead is how far in the future an event may be. Intake corrects clocks before it checks; what is still ahead is wrong.
const MaxAhead = 24 * time.Hour

// Validate checks an event against the rules that everything downstream relies on. now is in microseconds. The error is a fault with a
// code "event.…" and a message that says what to do.
func (e *Event) Validate(now int64) error { return e.validate(now + MaxAhead.Microseconds()) }

// validate does it for events that happened until latest.
func (e *Event) validate(latest int64) error {
	switch {
	case e.ID == "":
		return invalid("event.no_id", "the event has no messageId; give each event its own")
	case len(e.ID) > MaxID:
		return invalid("event.long_id", "the messageId is %d bytes long, at most %d are allowed; use a UUID", len(e.ID), MaxID)
	case !storable(e.ID):
		return invalid("event.bad_id", "the messageId is not valid UTF-8 or has a NUL; use a UUID")
	case e.Type.String() == "":
		return invalid("event.type", "the event type is not known; use track, identify, page, screen, group or alias")
	case e.Name == "":
		return invalid("event.no_name", "the track call has no event name; give it one, such as \"Product Viewed\"")
	case len(e.Name) > MaxName:
		return invalid("event.long_name", "the event name is %d bytes long, at most %d are allowed; put details into properties", len(e.Name), MaxName)
	case !storable(e.Name):
		return invalid("event.bad_name", "the event name is not valid UTF-8 or has a NUL; send text")
	case e.Time < earliest:
		return invalid("event.old_time", "the time is before 1970; check the sender's clock or the time column")
	case e.Time > latest:
		return invalid("event.future_time", "the time is more than a day in the future; check the sender's clock or the time column")
	case len(e.Identities) == 0:
		return invalid("event.no_identity", "the event says of nobody; send userId or anonymousId")
	case len(e.Identities) > MaxIdentities:
		return invalid("event.many_identities", "the event has %d identities, at most %d are allowed", len(e.Identities), MaxIdentities)
	}
	for _, i := range e.Identities {
		switch {
		case i.Kind == "" || len(i.Kind) > MaxKind:
			return invalid("event.identity_kind", "an identity kind has 1 to %d bytes", MaxKind)
		case i.Value == "" || len(i.Value) > MaxValue || len(i.Scope) > MaxValue:
			return invalid("event.identity_value", "the value of identity %s has 1 to %d bytes; shorten it", i.Kind, MaxValue)
		case !storable(i.Value) || !storable(i.Scope) || !storable(i.Kind):
			return invalid("event.identity_text", "an identity is not valid UTF-8 or has a NUL; send text")
		case strings.Contains(i.Kind, separator) || strings.Contains(i.Scope, separator):
			return invalid("event.identity_text", "the kind or scope of an identity has a control character; send plain text")
		}
	}
	return nil
}

// storable says whether every store can hold the text: PostgreSQL takes neither NUL nor what is no UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func invalid(code, format string, args ...any) error {
	return fault.New(fault.Invalid, code, format, args...)
}
