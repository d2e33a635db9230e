package live_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/collect/live"
	"github.com/huoshui/huoshui/internal/collect/segment"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

func track(id, name, properties string) event.Event {
	return event.Event{
		ID: id, Type: event.Track, Name: name, Time: statetest.Start().UnixMicro(), Received: 1, Properties: []byte(properties),
		Identities: []event.Identity{{Kind: event.UserID, Value: "lin"}},
	}
}

func options(p *pooltest.Running) live.Options {
	return live.Options{
		Pipeline: p.Pipeline, Log: p.Log, Events: p.Warehouse, Clock: p.Clock,
		Intake: func() segment.Stats {
			return segment.Stats{AcceptedPerS: 2.5, Accepted: 7, LastAt: statetest.Start(), PerMinute: []segment.Minute{{At: statetest.Start(), Accepted: 7, Rejected: 1}}, Sources: []segment.Source{{ID: 3, Events: 7}}}
		},
		Rejected: func(_ context.Context, since time.Time) (int64, error) {
			if !since.Equal(p.Clock.Now().Add(-24 * time.Hour)) {
				return 0, errors.New("not the last 24 hours")
			}
			return 4, nil
		},
		SourceName: func(_ context.Context, id int64) string { return fmt.Sprintf("shop %d", id) },
	}
}

func running(t testing.TB) *pooltest.Running {
	t.Helper()
	clk := clock.NewManual(statetest.Start())
	return pooltest.Run(t, clk, statetest.SQLite(t, statetest.With(clk)))
}

// The figures are those of the intake, the log and the pipeline; the newest events come newest first; the schema knows names, types and
// properties, and nothing of operators' acts. Analysts see no phone number.
func TestAPI(t *testing.T) {
	t.Parallel()
	p := running(t)
	srv := apitest.Start(t, live.New(options(p)).Routes)
	srv.NobodyEnters(t)
	srv.Run(t, []apitest.Case{
		{Name: "an empty pool has no events", Call: apitest.Call{As: "analyst", Path: "/intake/live"}, Status: 200, Has: []string{`"items":[]`}},
		{Name: "and no schema", Call: apitest.Call{As: "analyst", Path: "/intake/schema"}, Status: 200, Has: []string{`"items":[]`}},
	})
	p.Send(t, track("1", "Product Viewed", `{"sku":"a","phone":"13800138000"}`), track("2", "Product Viewed", `{"price":1}`), track("3", "Signed Up", ""), track("3", "Signed Up", ""))
	p.Send(t, event.Event{ID: "c", Type: event.Command, Name: event.Released, Time: 1, Received: 1, Identities: []event.Identity{{Kind: event.UserID, Value: "lin"}}})
	srv.Run(t, []apitest.Case{
		{Name: "stats", Call: apitest.Call{As: "analyst", Path: "/intake/stats"}, Status: 200, Has: []string{`"accepted_per_s":2.5`, `"applied_per_s":0`, `"lag":0`, `"accepted_total":7`, `"repeats":1`, `"rejected_24h":4`, `"name":"shop 3"`, `"last_at":null`, `"last_event_at":"2026-10-01T04:00:00Z"`}},
		{Name: "live", Call: apitest.Call{As: "operator", Path: "/intake/live?limit=4"}, Status: 200, Has: []string{"13800138000", `"name":"Identity Released"`}},
		{Name: "live, the newest", Call: apitest.Call{As: "operator", Path: "/intake/live?limit=1"}, Status: 200, Has: []string{`"id":"c"`}, HasNot: []string{`"id":"3"`}},
		{Name: "live for analysts", Call: apitest.Call{As: "analyst", Path: "/intake/live"}, Status: 200, Has: []string{"138****8000"}, HasNot: []string{"13800138000"}},
		{Name: "too many", Call: apitest.Call{As: "owner", Path: "/intake/live?limit=501"}, Status: 422},
		{Name: "schema", Call: apitest.Call{As: "analyst", Path: "/intake/schema"}, Status: 200, Has: []string{
			`"name":"Product Viewed","type":"track","events":2,"people":1`, `"properties":["phone","price","sku"]`, `"name":"Signed Up","type":"track","events":1,"people":1`, `"properties":[]`,
		}, HasNot: []string{"Released"}},
	})
}

// Only the newest occurrences of an event tell its properties, however many there are.
func TestSchemaLooksAtTheNewest(t *testing.T) {
	t.Parallel()
	p := running(t)
	var rows []warehouse.Row
	for i := range 500 {
		rows = append(rows, warehouse.Row{Anchor: 1, Person: 1, Time: int64(i), Type: 1, Name: "A", ID: strconv.Itoa(i), Properties: fmt.Appendf(nil, `{"p%03d":1}`, i)})
	}
	require.NoError(t, p.Warehouse.Append(t.Context(), rows, nil, 1))
	got, err := live.New(options(p)).Schema(t.Context())
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, int64(500), got[0].Events)
	require.Len(t, got[0].Properties, 50)
	require.Equal(t, "p450", got[0].Properties[0])
}

// ahead is a pipeline that is ahead of the log as it was asked a moment before.
type ahead struct{ live.Pipeline }

func (ahead) Positions() (applied, stored uint64) { return 1 << 40, 1 << 40 }

// The rate is that of the last seconds, also after nobody has asked for long; there is no lag below zero.
func TestStats(t *testing.T) {
	t.Parallel()
	p := running(t)
	o := options(p)
	o.Pipeline = ahead{p.Pipeline}
	s := live.New(o)
	rate := func() float64 {
		t.Helper()
		st, err := s.Stats(t.Context())
		require.NoError(t, err)
		require.Zero(t, st.Lag)
		return st.AppliedPerS
	}
	n := 0
	add := func(events int) {
		var batch []event.Event
		for range events {
			n++
			batch = append(batch, track(strconv.Itoa(n), "A", ""))
		}
		p.Send(t, batch...)
	}
	require.Zero(t, rate(), "nothing is known yet")
	add(10)
	p.Clock.Add(time.Second)
	require.InDelta(t, 10, rate(), 1e-9)
	p.Clock.Add(4 * time.Second)
	require.InDelta(t, 2, rate(), 1e-9)
	p.Clock.Add(time.Hour)
	add(1000)
	require.Zero(t, rate(), "an hour's average is not the present")
	p.Clock.Add(2 * time.Second)
	add(20)
	require.InDelta(t, 10, rate(), 1e-9)
}

// gate lets in whoever asks, as an operator or, with the header, as an analyst.
type gate struct{}

func (gate) Enter(r *http.Request) (context.Context, error) {
	role := actor.Operator
	if r.Header.Get("X-Role") != "" {
		role = actor.Analyst
	}
	return actor.With(r.Context(), actor.Actor{ID: 1, Kind: actor.User, Role: role}), nil
}

// The stream tells of events as they are applied and of the figures, masks for analysts, and ends when the client leaves.
func TestStream(t *testing.T) {
	t.Parallel()
	p := running(t)
	p.Send(t, track("before", "A", ""))
	ended := make(chan int, 2)
	srv := apitest.StartWith(t, httpapi.Options{Gate: gate{}, Observe: func(operation string, status int, _ time.Duration) {
		if operation == "stream-events" {
			ended <- status
		}
	}}, live.New(options(p)).Routes)
	ctx, leave := context.WithTimeout(t.Context(), time.Minute)
	defer leave()
	var streams []*bufio.Scanner
	for _, role := range []string{"", "analyst"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/intake/stream", nil)
		require.NoError(t, err)
		if role != "" {
			req.Header.Set("X-Role", role)
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close() //nolint:errcheck // cut off on purpose
		require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
		require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
		streams = append(streams, bufio.NewScanner(res.Body))
	}
	next := func(s *bufio.Scanner, kind string) string {
		t.Helper()
		for s.Scan() {
			if s.Text() == "event: "+kind && s.Scan() {
				return strings.TrimPrefix(s.Text(), "data: ")
			}
		}
		t.Fatalf("the stream ended: %v", s.Err())
		return ""
	}
	for _, s := range streams {
		require.Contains(t, next(s, "stats"), `"accepted_total":7`, "the figures come first")
	}
	p.Send(t, track("now", "A", `{"phone":"13800138000"}`))
	for i, s := range streams {
		got := next(s, "event")
		require.Contains(t, got, `"id":"now"`, "what was before is not told")
		require.Equal(t, i == 0, strings.Contains(got, "13800138000"), got)
	}
	leave()
	for range streams {
		select {
		case status := <-ended:
			require.Equal(t, 200, status)
		case <-time.After(30 * time.Second):
			t.Fatal("a stream goes on without its client")
		}
	}
}
