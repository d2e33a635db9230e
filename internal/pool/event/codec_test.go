package event_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

func anyEvent(t *rapid.T) event.Event {
	text := rapid.StringN(0, 200, 400)
	raw := rapid.Custom(func(t *rapid.T) []byte {
		b := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "raw")
		if len(b) == 0 {
			return nil
		}
		return b
	})
	return event.Event{
		ID: text.Draw(t, "id"), Type: event.Type(rapid.Uint8Range(1, 7).Draw(t, "type")), Name: text.Draw(t, "name"),
		Time: rapid.Int64().Draw(t, "time"), Received: rapid.Int64().Draw(t, "received"),
		Source: rapid.Int64Min(0).Draw(t, "source"), Import: rapid.Int64Min(0).Draw(t, "import"), Rows: rapid.Int64Min(0).Draw(t, "rows"),
		Identities: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event.Identity {
			return event.Identity{Kind: text.Draw(t, "kind"), Scope: text.Draw(t, "scope"), Value: text.Draw(t, "value")}
		}), 1, 4).Draw(t, "identities"),
		Properties: raw.Draw(t, "properties"), Traits: raw.Draw(t, "traits"), Context: raw.Draw(t, "context"),
	}
}

// Whatever is appended is decoded again, batches concatenated or not.
func TestDecodeUndoesAppend(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var batch []byte
		var want []event.Event
		for range rapid.IntRange(1, 5).Draw(t, "n") {
			e := anyEvent(t)
			want = append(want, e)
			batch = event.Append(batch, &e)
		}
		got, err := event.Decode(nil, batch)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// Reading event by event gives the same events, whatever broken ones stand between them, each of which is told with its reason; only what
// follows a break of the batch itself is lost as one.
func TestDecodeEach(t *testing.T) {
	t.Parallel()
	good := func(id string) event.Event {
		return event.Event{ID: id, Type: event.Track, Name: "A", Time: 1, Identities: []event.Identity{{Kind: "user_id", Value: "u"}}, Properties: []byte(`{"a":1}`)}
	}
	bad := func(spoil func(*event.Event)) event.Event {
		e := good("bad")
		spoil(&e)
		return e
	}
	type refused struct {
		id, code string
		size     bool
	}
	var batch []byte
	for _, e := range []event.Event{
		good("1"),
		bad(func(e *event.Event) { e.Identities[0].Value = "\xff" }),
		good("2"),
		bad(func(e *event.Event) { e.Properties = []byte("{\xff}") }),
		bad(func(e *event.Event) { e.Traits = []byte(`[1]`) }),
		bad(func(e *event.Event) { e.Context = []byte("{\"a\":\"\x00\"}") }),
		bad(func(e *event.Event) { e.Time = 1 << 62 }),
		bad(func(e *event.Event) { e.Received = -1 }),
	} {
		batch = event.Append(batch, &e)
	}
	batch = append(batch, 0x0a, 2, 0x0a, 9) // an event that ends inside its id
	three := good("3")
	batch = append(event.Append(batch, &three), 0x0a, 0xff, 0x7f, 1, 2) // and a batch that ends inside an event
	var said []refused
	events := event.DecodeEach(nil, batch, (*event.Event).Check, func(raw []byte, e *event.Event, why error) {
		r := refused{code: fault.CodeOf(why), size: len(raw) > 0}
		if e != nil {
			r.id = e.ID
		}
		said = append(said, r)
	})
	require.Equal(t, []event.Event{good("1"), good("2"), three}, events)
	require.Equal(t, []refused{
		{"bad", "event.identity_text", true},
		{"bad", "event.properties", true},
		{"bad", "event.traits", true},
		{"bad", "event.context", true},
		{"bad", "event.future_time", true},
		{"bad", "event.received", true},
		{"", "event.unreadable", true},
		{"", "event.unreadable", true},
	}, said)
}

// What Decode reads, DecodeEach reads alike.
func TestDecodeEachIsDecode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var batch []byte
		for range rapid.IntRange(1, 5).Draw(t, "n") {
			e := anyEvent(t)
			batch = event.Append(batch, &e)
		}
		want, err := event.Decode(nil, batch)
		require.NoError(t, err)
		all := func(*event.Event) error { return nil }
		require.Equal(t, want, event.DecodeEach(nil, batch, all, func([]byte, *event.Event, error) { t.Fatal("refused") }))
	})
}

// No input makes the decoder panic or read outside its bounds.
func FuzzDecode(f *testing.F) {
	f.Add(event.Append(nil, &event.Event{ID: "m1", Type: event.Track, Name: "A", Identities: []event.Identity{{Kind: "user_id", Value: "u"}}}))
	f.Add([]byte{0x0a, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		event.DecodeEach(nil, b, (*event.Event).Check, func([]byte, *event.Event, error) {})
		events, err := event.Decode(nil, b)
		if err != nil {
			return
		}
		var again []byte
		for i := range events {
			again = event.Append(again, &events[i])
		}
		twice, err := event.Decode(nil, again)
		require.NoError(t, err)
		require.Equal(t, len(events), len(twice))
	})
}

func BenchmarkDecode(b *testing.B) {
	var batch []byte
	for range 100 {
		batch = event.Append(batch, &event.Event{
			ID: "0123456789abcdef0123456789abcdef", Type: event.Track, Name: "Product Viewed", Time: 1, Received: 2, Source: 1,
			Identities: []event.Identity{{Kind: "user_id", Value: "u-123456"}, {Kind: "anonymous_id", Value: "a-0123456789"}},
			Properties: make([]byte, 200), Context: make([]byte, 150),
		})
	}
	b.SetBytes(int64(len(batch)))
	b.ReportAllocs()
	var events []event.Event
	for b.Loop() {
		events, _ = event.Decode(events[:0], batch)
	}
}
