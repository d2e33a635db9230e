package segment_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/segment"
)

func gz(tb testing.TB, s string) string {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(s))
	require.NoError(tb, err)
	require.NoError(tb, w.Close())
	return b.String()
}

// scenario is one request and what must come of it.
type scenario struct {
	name     string
	method   string // POST
	path     string // /v1/batch
	headers  map[string]string
	noAuth   bool
	body     string
	world    func(*world)
	options  func(*segment.Options)
	status   int
	want     []string // in the answer
	header   map[string]string
	accepted int
	rejected []string // codes
}

func (s scenario) run(t *testing.T) {
	t.Parallel()
	var change []func(*segment.Options)
	if s.options != nil {
		change = append(change, s.options)
	}
	w := newWorld(t, change...)
	if s.world != nil {
		s.world(w)
	}
	mux := http.NewServeMux()
	w.in.Register(mux)
	method, path := s.method, s.path
	if method == "" {
		method = http.MethodPost
	}
	if path == "" {
		path = "/v1/batch"
	}
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(s.body))
	if !s.noAuth {
		req.SetBasicAuth(writeKey, "")
	}
	for k, v := range s.headers {
		req.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, req)
	require.Equal(t, s.status, rec.Code, rec.Body.String())
	for _, want := range s.want {
		require.Contains(t, rec.Body.String(), want)
	}
	for k, v := range s.header {
		require.Equal(t, v, rec.Header().Get(k), k)
	}
	if method == http.MethodPost {
		require.Equal(t, "*", rec.Header().Get("Access-Control-Allow-Origin"), "a page must be able to read the answer")
	}
	require.Len(t, w.log.events(t), s.accepted)
	require.ElementsMatch(t, s.rejected, w.rejects.codes())
}

func track(id string) string {
	return fmt.Sprintf(`{"type":"track","event":"A","userId":"u1","messageId":%q}`, id)
}

func batchOf(events ...string) string { return `{"batch":[` + strings.Join(events, ",") + `]}` }

// Each request is answered as the API promises, and exactly the right events are stored.
func TestRequests(t *testing.T) {
	t.Parallel()
	ok := []string{`{"success":true}`}
	single := `{"event":"A","userId":"u1","name":"N","groupId":"g","previousId":"p"}`
	scenarios := []scenario{
		{name: "batch", body: batchOf(track("1"), track("2")), status: 200, want: ok, accepted: 2, header: map[string]string{"Content-Type": "application/json"}},
		{name: "empty batch", body: `{"batch":[]}`, status: 200, want: ok},
		{name: "import", path: "/v1/import", body: batchOf(track("1")), status: 200, want: ok, accepted: 1},
		{name: "trailing slash", path: "/v1/import/", body: batchOf(track("1")), status: 200, want: ok, accepted: 1},
		{name: "key in the body after the events", noAuth: true, body: `{"batch":[` + track("1") + `],"writeKey":"hs_wk_good"}`, status: 200, want: ok, accepted: 1},
		{name: "key in each event", noAuth: true, body: batchOf(`{"type":"page","anonymousId":"a","writeKey":"hs_wk_good"}`, `{"type":"page","anonymousId":"a","writeKey":"hs_wk_other"}`), status: 200, want: ok, accepted: 2},
		{name: "one event without a key", noAuth: true, body: batchOf(`{"type":"page","anonymousId":"a"}`, `{"type":"page","anonymousId":"a","writeKey":"hs_wk_good"}`), status: 200, want: []string{`{"success":true,"rejected":1}`}, accepted: 1, rejected: []string{"intake.no_write_key"}},
		{name: "text/plain, as a beacon", noAuth: true, headers: map[string]string{"Content-Type": "text/plain;charset=UTF-8"}, body: `{"batch":[` + track("1") + `],"writeKey":"hs_wk_good"}`, status: 200, want: ok, accepted: 1},
		{name: "gzip", headers: map[string]string{"Content-Encoding": "gzip"}, body: gz(t, batchOf(track("1"), track("2"))), status: 200, want: ok, accepted: 2},
		{name: "byte order mark", body: "\ufeff" + batchOf(track("1")), status: 200, want: ok, accepted: 1},
		{name: "one bad event costs only itself", body: batchOf(track("1"), `{"type":"track","userId":"u"}`, `7`, `{"type":"x","userId":"u"}`, track("2")), status: 200, want: []string{`{"success":true,"rejected":3}`}, accepted: 2, rejected: []string{"event.no_name", "event.not_object", "event.type"}},
		{name: "repeated member names", body: batchOf(`{"type":"track","event":"A","event":"B","userId":"u","properties":{"a":1,"a":2}}`), status: 200, want: ok, accepted: 1},
		{name: "large event among others", body: batchOf(track("1"), `{"type":"track","event":"A","userId":"u","properties":{"x":"`+strings.Repeat("x", 33<<10)+`"}}`), status: 200, accepted: 1, rejected: []string{"event.too_large"}},

		{name: "malformed", body: `{"batch":[{]}`, status: 400, want: []string{`"code":"intake.malformed"`, `"success":false`}},
		{name: "cut off", body: `{"batch":[{"type":"tra`, status: 400, want: []string{`"code":"intake.malformed"`}},
		{name: "empty body", body: ``, status: 400, want: []string{`"code":"intake.malformed"`}},
		{name: "two objects", body: `{"batch":[]}{}`, status: 400, want: []string{`"code":"intake.malformed"`}},
		{name: "repeated names and malformed", body: `{"a":1,"a":2,"batch":[}`, status: 400},
		{name: "array", body: `[` + track("1") + `]`, status: 400, want: []string{`"code":"intake.not_object"`}},
		{name: "no batch", body: track("1"), status: 400, want: []string{`"code":"intake.no_batch"`}},
		{name: "batch is no list", body: `{"batch":{"a":1}}`, status: 400, want: []string{`"code":"intake.no_batch"`}},
		{name: "not gzip", headers: map[string]string{"Content-Encoding": "gzip"}, body: batchOf(track("1")), status: 400, want: []string{`"code":"intake.body"`}},
		{name: "gzip cut off", headers: map[string]string{"Content-Encoding": "gzip"}, body: gz(t, batchOf(track("1")))[:40], status: 400, want: []string{`"code":"intake.body"`}},
		{name: "unknown encoding", headers: map[string]string{"Content-Encoding": "br"}, body: "x", status: 400, want: []string{`"code":"intake.encoding"`}},

		{name: "no key", noAuth: true, body: batchOf(track("1")), status: 401, want: []string{`"code":"intake.no_write_key"`}},
		{name: "no key, empty batch", noAuth: true, body: batchOf(), status: 401},
		{name: "wrong key", noAuth: true, body: `{"writeKey":"nobody","batch":[` + track("1") + `]}`, status: 401, want: []string{`"code":"auth.write_key"`}},
		{name: "wrong key in the header, right one in the body", headers: map[string]string{"Authorization": "Basic bm9ib2R5Og=="}, body: `{"writeKey":"hs_wk_good","batch":[` + track("1") + `]}`, status: 401},
		{name: "wrong key in each event", noAuth: true, body: batchOf(`{"type":"page","anonymousId":"a","writeKey":"nobody"}`), status: 401, want: []string{`"code":"auth.write_key"`}},
		{name: "key store out of order", noAuth: true, body: `{"writeKey":"broken","batch":[]}`, status: 500, want: []string{`"code":"internal"`}, header: map[string]string{"Retry-After": "5"}},

		{name: "body too large", body: batchOf(strings.Repeat(" ", 501<<10)), status: 413, want: []string{`"code":"intake.too_large"`}},
		{name: "body too large once unpacked", headers: map[string]string{"Content-Encoding": "gzip"}, body: gz(t, batchOf(strings.Repeat(" ", 501<<10))), status: 413},
		{name: "too many events", options: func(o *segment.Options) { o.MaxEvents = 2 }, body: batchOf(track("1"), track("2"), track("3")), status: 413, want: []string{`"code":"intake.too_many_events"`}},
		{name: "single event too large", path: "/v1/track", body: `{"event":"A","userId":"u","properties":{"x":"` + strings.Repeat("x", 33<<10) + `"}}`, status: 413},

		{name: "log overloaded", world: func(w *world) { w.log.err = fault.New(fault.TooMany, "eventlog.overload", "later") }, body: batchOf(track("1")), status: 429, header: map[string]string{"Retry-After": "1"}, want: []string{`"code":"eventlog.overload"`}},
		{name: "room for bodies full", options: func(o *segment.Options) { o.MaxInFlight = 10 }, body: batchOf(track("1")), status: 429, header: map[string]string{"Retry-After": "1"}, want: []string{`"code":"intake.overload"`}},
		{name: "log out of order", world: func(w *world) { w.log.err = fault.New(fault.Unavailable, "eventlog.append", "later") }, body: batchOf(track("1")), status: 503, header: map[string]string{"Retry-After": "5"}},
		{name: "rejects cannot be kept", world: func(w *world) { w.rejects.err = fault.New(fault.Unavailable, "state.unavailable", "later") }, body: batchOf(track("1"), `7`), status: 503},

		{name: "preflight", method: http.MethodOptions, path: "/v1/t", headers: map[string]string{"Origin": "https://shop.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type,x-mine"}, status: 204, header: map[string]string{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization,content-type,x-mine", "Access-Control-Max-Age": "86400", "Access-Control-Allow-Credentials": ""}},
		{name: "get", method: http.MethodGet, path: "/v1/track", status: 405, header: map[string]string{"Allow": "POST, OPTIONS"}},
	}
	for _, word := range []string{"track", "identify", "page", "screen", "group", "alias"} {
		for _, path := range []string{"/v1/" + word, "/v1/" + word[:1], "/" + word[:1], "/v1/" + word + "/"} {
			scenarios = append(scenarios, scenario{name: "single " + path, path: path, body: single, status: 200, want: ok, accepted: 1})
		}
	}
	for _, path := range []string{"/v1/b", "/b"} {
		scenarios = append(scenarios, scenario{name: "batch " + path, path: path, body: batchOf(track("1")), status: 200, want: ok, accepted: 1})
	}
	for _, s := range scenarios {
		t.Run(s.name, s.run)
	}
}

// Whatever was held for a request is given back, so that overload ends.
func TestRoomForBodiesIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *segment.Options) { o.MaxInFlight = 600 << 10 })
	mux := http.NewServeMux()
	w.in.Register(mux)
	for i := range 50 {
		body, status := batchOf(track("1")), 200
		if i%2 == 1 {
			body, status = gz(t, `{"batch":[`), 400
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/batch", strings.NewReader(body))
		if i%2 == 1 {
			req.Header.Set("Content-Encoding", "gzip")
		}
		req.SetBasicAuth(writeKey, "")
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, req)
		require.Equal(t, status, rec.Code)
	}
}

// The client's address comes from the connection, and from X-Forwarded-For only where a trusted proxy vouches for it.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, remote, forwarded, want string }{
		{"direct", "203.0.113.9:5", "", "203.0.113.9"},
		{"direct, with a lie", "203.0.113.9:5", "1.1.1.1", "203.0.113.9"},
		{"through a proxy", "10.0.0.1:5", "198.51.100.4", "198.51.100.4"},
		{"through two proxies", "10.0.0.1:5", "198.51.100.4, 10.0.0.2", "198.51.100.4"},
		{"a lie before the proxy", "10.0.0.1:5", "1.1.1.1, 198.51.100.4", "198.51.100.4"},
		{"IPv6", "10.0.0.1:5", "2001:db8::1", "2001:db8::1"},
		{"mapped", "[::ffff:203.0.113.9]:5", "", "203.0.113.9"},
		{"rubbish", "10.0.0.1:5", "198.51.100.4, unknown", "10.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *segment.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
			mux := http.NewServeMux()
			w.in.Register(mux)
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/track", strings.NewReader(`{"event":"A","userId":"u1"}`))
			req.SetBasicAuth(writeKey, "")
			req.RemoteAddr = c.remote
			if c.forwarded != "" {
				req.Header.Set("X-Forwarded-For", c.forwarded)
			}
			mux.ServeHTTP(httptest.NewRecorder(), req)
			require.Contains(t, string(w.log.events(t)[0].Context), `"ip":"`+c.want+`"`)
		})
	}
}
