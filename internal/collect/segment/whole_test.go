package segment_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/collect/segment"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// noTrail stands in for the audit log, which is tested elsewhere.
type noTrail struct{}

func (noTrail) Record(context.Context, *state.Tx, string, string, any) error { return nil }

// Many clients at once, with good and bad events, over a real server, log and state: every accepted event is in the log once with its
// own content (no buffer is shared), every rejected one in the room of rejects, and a replay after a fix gives the event as it was.
func TestWholeWay(t *testing.T) {
	t.Parallel()
	discard := slog.New(slog.DiscardHandler)
	log, err := eventlog.Open(t.Context(), eventlog.Options{Dir: t.TempDir(), Logger: discard})
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	store, err := reject.Open(t.Context(), statetest.SQLite(t), clock.System{}, discard, reject.Limits{})
	require.NoError(t, err)
	w := newWorld(t, func(o *segment.Options) { o.Log, o.Rejects, o.Clock = log, store, clock.System{} })
	mux := http.NewServeMux()
	w.in.Register(mux)
	srv := httptest.NewServer(mux)
	defer srv.Close()

	const clients, requests, each = 16, 10, 20
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for r := range requests {
				var events []string
				for e := range each {
					id := fmt.Sprintf("%d-%d-%d", c, r, e)
					events = append(events, fmt.Sprintf(`{"type":"track","event":"E","userId":"u%d","messageId":%q,"properties":{"id":%q,"fill":%q}}`, c, id, id, strings.Repeat("x", e*10)))
				}
				events = append(events, fmt.Sprintf(`{"type":"track","userId":"u%d","timestamp":"2026-01-02T03:04:05Z","properties":{"id":"bad-%d-%d"}}`, c, c, r))
				body, headers := batchOf(events...), map[string]string{}
				if r%2 == 1 {
					body, headers["Content-Encoding"] = gz(t, body), "gzip"
				}
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/v1/batch", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				req.SetBasicAuth(writeKey, "")
				for k, v := range headers {
					req.Header.Set(k, v)
				}
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				if resp.StatusCode != http.StatusOK {
					t.Error(resp.Status)
				}
				_ = resp.Body.Close()
			}
		})
	}
	wg.Wait()

	seen := readAll(t, log)
	require.Len(t, seen, clients*requests*each)
	for id, e := range seen {
		var p struct{ ID string }
		require.NoError(t, json.Unmarshal(e.Properties, &p))
		require.Equal(t, id, p.ID)
	}
	page, err := store.List(t.Context(), reject.Query{Limit: 1000})
	require.NoError(t, err)
	require.Equal(t, []reject.CodeCount{{Code: "event.no_name", N: clients * requests}}, page.ByCode)

	svc := reject.New(reject.Options{Store: store, Intake: w.in, Audit: noTrail{}, Clock: clock.System{}, Logger: discard})
	_, rejected, err := svc.Replay(t.Context(), reject.ReplayInput{All: true})
	require.NoError(t, err)
	require.Equal(t, clients*requests, rejected, "they are as wrong as before")
	bad := page.Items[0]
	reason, err := svc.Fix(t.Context(), reject.FixInput{ID: bad.ID, Body: strings.Replace(string(bad.Body), `{`, `{"event":"Mended",`, 1)})
	require.NoError(t, err)
	require.Nil(t, reason)
	mended := readAll(t, log)[fmt.Sprintf("rejected-%d-%d", bad.ID, bad.At.UnixMicro())]
	require.Equal(t, "Mended", mended.Name)
	require.Equal(t, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).UnixMicro(), mended.Time)
	require.Equal(t, bad.At.UnixMicro(), mended.Received, "it came when it came")
	require.Equal(t, int64(7), mended.Source)
	require.Contains(t, string(mended.Context), `"ip":"127.0.0.1"`)
}

func readAll(t *testing.T, log *eventlog.Log) map[string]event.Event {
	t.Helper()
	last, err := log.Last(t.Context())
	require.NoError(t, err)
	r, err := log.Read(t.Context(), 0)
	require.NoError(t, err)
	defer r.Close()
	seen := map[string]event.Event{}
	for at := uint64(0); at < last; {
		rec, err := r.Next(t.Context())
		require.NoError(t, err)
		at = rec.Position
		for _, b := range rec.Bodies {
			events, err := event.Decode(nil, b)
			require.NoError(t, err)
			for _, e := range events {
				_, twice := seen[e.ID]
				require.False(t, twice, e.ID)
				seen[e.ID] = e
			}
		}
	}
	return seen
}

// A sender that dribbles its body is sent away, so that it does not hold the room for bodies; libraries try again after 408.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *segment.Options) { o.Clock, o.ReadTimeout = clock.System{}, 50*time.Millisecond })
	mux := http.NewServeMux()
	w.in.Register(mux)
	srv := httptest.NewServer(mux)
	defer srv.Close()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = fmt.Fprintf(conn, "POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"batch\":[")
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	require.Equal(t, http.StatusRequestTimeout, resp.StatusCode)
}

// The figures are those of what happened: totals, the last seconds, minutes and sources; and the metrics say the same.
func TestStats(t *testing.T) {
	t.Parallel()
	metrics := prometheus.NewPedanticRegistry()
	w := newWorld(t, func(o *segment.Options) { o.Metrics = metrics })
	body := batchOf(track("1"), track("2"), `{"type":"track","userId":"u"}`, `{"type":"identify","userId":"u","traits":{"phone":"call me"}}`)
	w.send(t, "/v1/batch", body)
	w.clock.Add(time.Second)
	w.send(t, "/v1/track", `{"event":"A","userId":"u"}`, func(r *http.Request) { r.SetBasicAuth("hs_wk_other", "") })
	w.clock.Add(time.Second)
	s := w.in.Stats()
	require.Equal(t, int64(4), s.Accepted)
	require.Equal(t, int64(1), s.Rejected)
	require.InDelta(t, 4.0/5, s.AcceptedPerS, 1e-9)
	require.Equal(t, start().Add(time.Second), s.LastAt)
	require.Len(t, s.PerMinute, 60)
	require.Equal(t, segment.Minute{At: start(), Accepted: 4, Rejected: 1}, s.PerMinute[59])
	require.Equal(t, []segment.Source{{ID: 7, Events: 3, Rejected: 1, LastAt: start()}, {ID: 8, Events: 1, LastAt: start().Add(time.Second)}}, s.Sources)

	w.clock.Add(30 * time.Minute)
	s = w.in.Stats()
	require.Zero(t, s.AcceptedPerS)
	require.Equal(t, int64(4), s.PerMinute[29].Accepted)
	w.clock.Add(time.Hour)
	for _, m := range w.in.Stats().PerMinute {
		require.Zero(t, m.Accepted)
	}

	problems, err := testutil.GatherAndLint(metrics)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NoError(t, testutil.GatherAndCompare(metrics, strings.NewReader(`
# HELP huoshui_intake_events_total Events taken in, by outcome.
# TYPE huoshui_intake_events_total counter
huoshui_intake_events_total{outcome="accepted"} 4
huoshui_intake_events_total{outcome="rejected"} 1
# HELP huoshui_intake_identity_problems_total Values that should have been identities but are not, by code.
# TYPE huoshui_intake_identity_problems_total counter
huoshui_intake_identity_problems_total{code="phone.invalid"} 1
# HELP huoshui_intake_rejected_total Events rejected, by code.
# TYPE huoshui_intake_rejected_total counter
huoshui_intake_rejected_total{code="event.no_name"} 1
`), "huoshui_intake_events_total", "huoshui_intake_rejected_total", "huoshui_intake_identity_problems_total"))
}
