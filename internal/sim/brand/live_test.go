package brand

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

func present() time.Time { return time.Date(2026, 10, 3, 12, 0, 0, 0, time.UTC) }

// Live traffic keeps about the rate, in order of time, never ahead of the clock, with returning people, newcomers and orders.
func TestTrafficGoesOn(t *testing.T) {
	t.Parallel()
	b := New(1, present(), 1000)
	known := map[string]bool{}
	for e := range b.Events {
		known[e.ID] = true
		for _, i := range e.Identities {
			known[i.Key()] = true
		}
	}
	start := present().UnixMicro()
	tr := b.newTraffic(start, 10)
	last, n, names, fresh, old := int64(0), 0, map[string]int{}, 0, 0
	for at := start; at <= start+hour; at += second / 4 {
		for _, e := range tr.until(at) {
			if e.Time < last || e.Time > at || known[e.ID] {
				t.Fatalf("%s is out of order, ahead of the clock, or there twice", e.ID)
			}
			if err := e.Validate(at); err != nil || !json.Valid(e.Context) || !json.Valid(e.Properties) && e.Properties != nil {
				t.Fatalf("%s: %v", e.ID, err)
			}
			known[e.ID] = true
			last = e.Time
			n++
			names[e.Name]++
			if known[e.Identities[0].Key()] {
				old++
			} else {
				fresh++
			}
		}
	}
	require.InDelta(t, 36_000, n, 4000, "ten a second for an hour")
	require.Greater(t, names[event.OrderCompleted], 200)
	require.Greater(t, names["Signed Up"], 100)
	require.Greater(t, old, fresh, "most are people of the history")
	require.Greater(t, fresh, 1000, "newcomers")
	require.Less(t, len(tr.until(start+50*hour)), 4*60*60, "after a pause it does not catch up")
}

// At its own pace, a day of live traffic is a day like those of the history.
func TestTodayIsLikeTheDaysBefore(t *testing.T) {
	t.Parallel()
	b := New(1, present(), 3000)
	before := 0
	for e := range b.Events {
		if e.Time > present().UnixMicro()-28*day {
			before++
		}
	}
	require.InDelta(t, float64(before)/(28*24*3600), b.Pace(), float64(before)/(28*24*3600)/50)
	tr := b.newTraffic(present().UnixMicro(), b.Pace())
	today := 0
	for at := present().UnixMicro(); at <= present().UnixMicro()+7*day; at += minute {
		today += len(tr.until(at))
	}
	require.InEpsilon(t, before/4, today, 0.25, "a week like the four before")
}

// Live hands on small batches, ends with its context, and passes an error on.
func TestLiveEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := New(1, present(), 300)
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	require.NoError(t, b.Live(ctx, clock.NewManual(present()), 20, func(_ context.Context, events []event.Event) error {
		require.LessOrEqual(t, len(events), batchSize)
		if sent += len(events); sent > 300 {
			cancel()
		}
		return nil
	}))
	require.Positive(t, sent)
	broken := errors.New("broken")
	err := b.Live(t.Context(), clock.NewManual(present()), 20, func(context.Context, []event.Event) error { return broken })
	require.ErrorIs(t, err, broken)
}

// The Segment form carries everything that intake needs: type, id, time, all identities with their scope, properties, traits, context.
func TestAppendBatchIsSegmentJSON(t *testing.T) {
	t.Parallel()
	var events []event.Event
	for e := range New(2, present(), 200).Events {
		events = append(events, e)
	}
	events = append(events, event.Event{ID: "quote\"\\\n", Type: event.Track, Name: `a "b"`, Identities: []event.Identity{{Kind: event.DeviceID, Value: "d"}}})
	var got struct {
		Batch []struct {
			Type, MessageID, Event, UserID, AnonymousID string
			Timestamp                                   time.Time
			Properties, Traits                          json.RawMessage
			Context                                     struct {
				ExternalIDs []struct{ Type, ID, Collection, Encoding string }
				Channel     struct{ Key string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(AppendBatch(nil, events), &got))
	require.Len(t, got.Batch, len(events))
	for i, m := range got.Batch {
		e := &events[i]
		require.Equal(t, e.Type.String(), m.Type)
		require.Equal(t, e.ID, m.MessageID)
		require.Equal(t, e.Time, m.Timestamp.UnixMicro())
		require.Equal(t, string(e.Properties), string(m.Properties))
		require.Equal(t, string(e.Traits), string(m.Traits))
		if e.Type == event.Track {
			require.Equal(t, e.Name, m.Event)
		}
		var ids []event.Identity
		if m.UserID != "" {
			ids = append(ids, event.Identity{Kind: event.UserID, Value: m.UserID})
		}
		if m.AnonymousID != "" {
			ids = append(ids, event.Identity{Kind: event.AnonymousID, Value: m.AnonymousID})
		}
		for _, x := range m.Context.ExternalIDs {
			scope := x.Collection
			if scope == "users" {
				scope = ""
			}
			ids = append(ids, event.Identity{Kind: x.Type, Scope: scope, Value: x.ID})
		}
		require.ElementsMatch(t, e.Identities, ids)
	}
}

// The client signs in with the write key, tries again when asked to, and gives up on a refusal.
func TestClientSends(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		key, _, _ := req.BasicAuth()
		switch {
		case key != "secret":
			rw.WriteHeader(http.StatusUnauthorized)
		case calls.Add(1) == 1:
			rw.Header().Set("Retry-After", "0")
			rw.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	t.Cleanup(server.Close)
	events := []event.Event{{ID: "a", Type: event.Track, Name: "A", Identities: []event.Identity{{Kind: event.UserID, Value: "u"}}}}
	require.NoError(t, (&Client{URL: server.URL, WriteKey: "secret"}).Send(t.Context(), events))
	require.Equal(t, int32(2), calls.Load())
	err := (&Client{URL: server.URL, WriteKey: "wrong"}).Send(t.Context(), events)
	require.Equal(t, "demo.refused", fault.CodeOf(err))
}
