package event

import (
	"bytes"
	"time"
	"unicode/utf8"
)

// latest is the last moment that every store can hold.
func latest() int64 { return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).UnixMicro() }

// Check says whether the pool can take an event that is in the log already. It asks what Validate asks, save for the clock: a replay must
// come to the same answer at any later time. It also looks at the raw JSON, as far as a broken one could stop a store.
func (e *Event) Check() error {
	if err := e.validate(latest()); err != nil {
		return err
	}
	if e.Received < earliest || e.Received > latest() {
		return invalid("event.received", "the time at which the event was received is none; send the event again")
	}
	for _, part := range []struct {
		name string
		raw  []byte
	}{{"properties", e.Properties}, {"traits", e.Traits}, {"context", e.Context}} {
		if !plausible(part.raw) {
			return invalid("event."+part.name, "%s is not a JSON object in UTF-8; send {\"name\": value, …}", part.name)
		}
	}
	return nil
}

// plausible says whether bytes are text that begins and ends as an object does. What is between is read by those who need it, and they
// take what they cannot read for absent.
func plausible(raw []byte) bool {
	if len(raw) == 0 {
		return true
	}
	return raw[0] == '{' && raw[len(raw)-1] == '}' && utf8.Valid(raw) && bytes.IndexByte(raw, 0) < 0
}
