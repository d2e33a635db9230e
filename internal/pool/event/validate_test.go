package event_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Every rule refuses what breaks it, with its code.
func TestValidate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	good := func() *event.Event {
		return &event.Event{ID: "m", Type: event.Track, Name: "A", Time: now, Identities: []event.Identity{{Kind: "user_id", Value: "u"}}}
	}
	require.NoError(t, good().Validate(now))
	for name, c := range map[string]struct {
		spoil func(*event.Event)
		code  string
	}{
		"no id":           {func(e *event.Event) { e.ID = "" }, "event.no_id"},
		"long id":         {func(e *event.Event) { e.ID = strings.Repeat("x", 101) }, "event.long_id"},
		"id no text":      {func(e *event.Event) { e.ID = "\xff" }, "event.bad_id"},
		"id with NUL":     {func(e *event.Event) { e.ID = "a\x00" }, "event.bad_id"},
		"no type":         {func(e *event.Event) { e.Type = 0 }, "event.type"},
		"unknown type":    {func(e *event.Event) { e.Type = 9 }, "event.type"},
		"no name":         {func(e *event.Event) { e.Name = "" }, "event.no_name"},
		"long name":       {func(e *event.Event) { e.Name = strings.Repeat("x", 201) }, "event.long_name"},
		"name no text":    {func(e *event.Event) { e.Name = "\xc3" }, "event.bad_name"},
		"before 1970":     {func(e *event.Event) { e.Time = -1 }, "event.old_time"},
		"in two days":     {func(e *event.Event) { e.Time = now + 2*event.MaxAhead.Microseconds() }, "event.future_time"},
		"nobody":          {func(e *event.Event) { e.Identities = nil }, "event.no_identity"},
		"a crowd":         {func(e *event.Event) { e.Identities = make([]event.Identity, 17) }, "event.many_identities"},
		"no kind":         {func(e *event.Event) { e.Identities[0].Kind = "" }, "event.identity_kind"},
		"no value":        {func(e *event.Event) { e.Identities[0].Value = "" }, "event.identity_value"},
		"long scope":      {func(e *event.Event) { e.Identities[0].Scope = strings.Repeat("x", 257) }, "event.identity_value"},
		"value no text":   {func(e *event.Event) { e.Identities[0].Value = "\xff" }, "event.identity_text"},
		"value with NUL":  {func(e *event.Event) { e.Identities[0].Value = "a\x00" }, "event.identity_text"},
		"scope separates": {func(e *event.Event) { e.Identities[0].Scope = "a\x1fb" }, "event.identity_text"},
		"kind separates":  {func(e *event.Event) { e.Identities[0].Kind = "a\x1fb" }, "event.identity_text"},
	} {
		e := good()
		c.spoil(e)
		err := e.Validate(now)
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		require.Equal(t, c.code, fault.CodeOf(err), name)
	}
}

// Two valid identities never share a key, and a key gives its identity back.
func TestKeysAreUnique(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune{'a', 'b', '\x1f'}), 0, 4, -1)
		draw := func() event.Identity {
			return event.Identity{Kind: text.Draw(t, "kind"), Scope: text.Draw(t, "scope"), Value: text.Draw(t, "value")}
		}
		valid := func(i event.Identity) bool {
			e := event.Event{ID: "m", Type: event.Track, Name: "A", Identities: []event.Identity{i}}
			return e.Validate(0) == nil
		}
		i, j := draw(), draw()
		if !valid(i) || !valid(j) {
			return
		}
		require.Equal(t, i == j, i.Key() == j.Key())
		require.Equal(t, i, event.ParseKey(i.Key()))
	})
}
