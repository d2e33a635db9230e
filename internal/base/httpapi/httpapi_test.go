package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
)

type pot struct {
	Name string `json:"name"            minLength:"2"`
	Size int    `json:"size,omitempty"  maximum:"9"`
	Key  string `json:"key,omitempty"`
}

type potInput struct {
	ID   int64 `path:"id"`
	Body pot
}

type potOutput struct {
	ETag string `header:"ETag"`
	Body pot
}

type nothing struct{}

func routes(api *httpapi.API) {
	op := func(method, path, id string, p actor.Permission) httpapi.Op {
		return httpapi.Op{Method: method, Path: path, ID: id, Summary: "A test", Tag: "test", Permission: p}
	}
	httpapi.Register(api, op("PUT", "/pots/{id}", "put-pot", actor.Operate), func(_ context.Context, in *potInput) (*potOutput, error) {
		return &potOutput{ETag: httpapi.ETag(in.ID), Body: in.Body}, nil
	})
	failures := map[string]error{
		"invalid": &fault.Error{
			Kind: fault.Invalid, Code: "pot.invalid", Message: "the pot cannot be saved",
			Violations: []fault.Violation{{Field: "body.name", Message: "give it a name"}},
		},
		"hidden":   fmt.Errorf("open the pot: %w", errors.New("secret cause")),
		"internal": fault.New(fault.Internal, "pot.secret", "secret words"),
		"cause":    fault.Wrap(errors.New("secret cause"), fault.Conflict, "pot.taken", "somebody has it"),
		"busy":     fault.Wrap(httpapi.RetryAfter(1500*time.Millisecond), fault.TooMany, "pot.busy", "come back"),
		"deadline": context.DeadlineExceeded,
	}
	httpapi.Register(api, op("GET", "/fail/{how}", "fail", actor.Read), func(_ context.Context, in *struct {
		How string `path:"how"`
	},
	) (*nothing, error) {
		if in.How == "panic" {
			panic("secret cause")
		}
		return nil, failures[in.How]
	})
	httpapi.Register(api, op("GET", "/open", "open", httpapi.Public), func(ctx context.Context, _ *nothing) (*struct{ Body string }, error) {
		return &struct{ Body string }{Body: "hello " + actor.From(ctx).Name}, nil
	})
	small := op("POST", "/small", "small", actor.SignedIn)
	small.MaxBody = 32
	httpapi.Register(api, small, func(context.Context, *struct{ Body pot }) (*nothing, error) { return &nothing{}, nil })
	stream := op("GET", "/stream.csv", "stream", actor.Read)
	stream.Produces = "text/csv"
	httpapi.Register(api, stream, func(context.Context, *nothing) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", "text/csv")
			for i := range 3 {
				_, _ = fmt.Fprintf(c.BodyWriter(), "%d\n", i)
				c.BodyWriter().(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // the test is about it
			}
		}}, nil
	})
}

// Every way in which a request can go right or wrong has its status, its code and its words, and secrets stay inside.
func TestAnswers(t *testing.T) {
	t.Parallel()
	put := func(as string, body any) apitest.Call {
		return apitest.Call{As: as, Method: "PUT", Path: "/pots/3", Body: body}
	}
	apitest.Start(t, routes).Run(t, []apitest.Case{
		{Name: "works", Call: put("operator", pot{Name: "kettle"}), Status: 200, Has: []string{`{"name":"kettle"}`}},
		{Name: "signed out", Call: put("", pot{Name: "kettle"}), Status: 401, Has: []string{`"auth.signed_out"`, `"detail":"sign in`}},
		{Name: "wrong key", Call: put("nonsense", pot{Name: "kettle"}), Status: 401, Has: []string{`"auth.api_key"`}},
		{Name: "not allowed", Call: put("analyst", pot{Name: "kettle"}), Status: 403, Has: []string{`"auth.forbidden"`, "analyst"}},
		{Name: "breaks the type", Call: put("owner", `{"name":"k","size":10,"key":7}`), Status: 422, Has: []string{
			`"request.invalid"`, `"body.name"`, `"body.size"`, `"body.key"`,
		}},
		{
			Name: "values are not sent back", Call: put("owner", `{"name":"k","titel":"my secret"}`), Status: 422,
			Has: []string{"titel"}, HasNot: []string{"my secret"},
		},
		{Name: "not JSON", Call: put("owner", `{"name":`), Status: 400, Has: []string{`"request.malformed"`}},
		{Name: "other media", Call: apitest.Call{
			As: "owner", Method: "PUT", Path: "/pots/3", Body: "x", Header: map[string]string{"Content-Type": "text/xml"},
		}, Status: 415, Has: []string{`"request.media_type"`}},
		{Name: "too large", Call: apitest.Call{As: "owner", Method: "POST", Path: "/small", Body: pot{Name: strings.Repeat("x", 40)}}, Status: 413, Has: []string{
			`"request.too_large"`,
		}},
		{Name: "no body in the answer", Call: apitest.Call{As: "owner", Method: "POST", Path: "/small", Body: pot{Name: "cup"}}, Status: 204},
		{Name: "violations", Call: apitest.Call{As: "owner", Path: "/fail/invalid"}, Status: 422, Has: []string{
			`"pot.invalid"`, `{"location":"body.name","message":"give it a name"}`, `"type":"about:blank"`,
		}},
		{
			Name: "our error", Call: apitest.Call{As: "owner", Path: "/fail/hidden"}, Status: 500,
			Has: []string{`"internal"`, "request id"}, HasNot: []string{"secret"},
		},
		{
			Name: "our fault", Call: apitest.Call{As: "owner", Path: "/fail/internal"}, Status: 500,
			Has: []string{`"internal"`}, HasNot: []string{"secret"},
		},
		{
			Name: "panic", Call: apitest.Call{As: "owner", Path: "/fail/panic"}, Status: 500,
			Has: []string{`"internal"`}, HasNot: []string{"secret"},
		},
		{
			Name: "cause stays inside", Call: apitest.Call{As: "owner", Path: "/fail/cause"}, Status: 409,
			Has: []string{`"pot.taken"`}, HasNot: []string{"secret"},
		},
		{Name: "deadline", Call: apitest.Call{As: "owner", Path: "/fail/deadline"}, Status: 503, Has: []string{`"request.timeout"`}},
		{Name: "nothing there", Call: apitest.Call{As: "owner", Path: "/pans"}, Status: 404, Has: []string{`"request.path"`}},
		{Name: "other method", Call: apitest.Call{As: "owner", Method: "DELETE", Path: "/pots/3"}, Status: 405, Has: []string{`"request.method"`, "PUT"}},
		{Name: "public, nobody", Call: apitest.Call{Path: "/open"}, Status: 200, Has: []string{`"hello "`}},
		{Name: "public, wrong key", Call: apitest.Call{Path: "/open", As: "nonsense"}, Status: 200},
		{Name: "public, known", Call: apitest.Call{Path: "/open", As: "analyst"}, Status: 200, Has: []string{`"hello analyst"`}},
		{Name: "stream", Call: apitest.Call{As: "analyst", Path: "/stream.csv"}, Status: 200, Has: []string{"0\n1\n2\n"}},
		{Name: "from another site", Call: apitest.Call{Path: "/open", Header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, Status: 200},
	})
}

// Headers that go with an answer: Retry-After, the challenge, the request id, the policy for browsers.
func TestHeaders(t *testing.T) {
	t.Parallel()
	s := apitest.Start(t, routes)
	got := s.Do(t, apitest.Call{As: "owner", Path: "/fail/busy"})
	require.Equal(t, http.StatusTooManyRequests, got.Status)
	require.Equal(t, "2", got.Header.Get("Retry-After"), "rounded up, so that coming back then is not too early")
	require.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
	require.Equal(t, "application/problem+json", s.Do(t, apitest.Call{As: "owner", Method: "PUT", Path: "/pots/3", Body: "{"}).Header.Get("Content-Type"))
	got = s.Do(t, apitest.Call{Path: "/fail/busy"})
	require.Contains(t, got.Header.Get("WWW-Authenticate"), "Bearer")
	require.Len(t, got.Header.Get("X-Request-Id"), 16)
	require.Contains(t, got.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", got.Header.Get("Cache-Control"))
	require.Equal(t, `"v3"`, s.Do(t, apitest.Call{As: "owner", Method: "PUT", Path: "/pots/3", Body: pot{Name: "kettle"}}).Header.Get("ETag"))
}

// Operations that are open to nobody answer 401 to everybody who is nobody.
func TestNobodyEnters(t *testing.T) {
	t.Parallel()
	apitest.Start(t, routes).NobodyEnters(t, "open")
}

// A browser's request from another site is refused on unsafe methods unless it carries a key, which no browser adds by itself.
func TestCrossSite(t *testing.T) {
	t.Parallel()
	s := apitest.Start(t, func(api *httpapi.API) {
		httpapi.Register(api, httpapi.Op{Method: "POST", Path: "/in", ID: "in", Summary: "A test", Tag: "test", Permission: httpapi.Public},
			func(context.Context, *nothing) (*nothing, error) { return &nothing{}, nil })
	})
	for name, c := range map[string]struct {
		header map[string]string
		status int
	}{
		"a program":          {nil, 204},
		"same origin":        {map[string]string{"Sec-Fetch-Site": "same-origin"}, 204},
		"cross site":         {map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"same site":          {map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"old browser, other": {map[string]string{"Origin": "https://evil.example"}, 403},
		"old browser, own":   {map[string]string{"Origin": strings.TrimSuffix(s.URL, httpapi.Base)}, 204},
		"with a key":         {map[string]string{"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer owner"}, 204},
	} {
		got := s.Do(t, apitest.Call{Method: "POST", Path: "/in", Header: c.header})
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
	}
}

// The description is OpenAPI 3.1, the same bytes every time, knows our problem and not the library's, and says what each operation asks.
func TestSpec(t *testing.T) {
	t.Parallel()
	s := apitest.Start(t, routes)
	var one, two bytes.Buffer
	require.NoError(t, s.API.WriteSpec(&one))
	require.NoError(t, s.API.WriteSpec(&two))
	require.Equal(t, one.String(), two.String())
	var spec struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			Permission string                     `json:"x-permission"`
			Security   []map[string][]string      `json:"security"`
			Responses  map[string]json.RawMessage `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	require.NoError(t, json.Unmarshal(one.Bytes(), &spec))
	require.Equal(t, "3.1.0", spec.OpenAPI)
	put := spec.Paths["/pots/{id}"]["put"]
	require.Equal(t, "operate", put.Permission)
	require.Len(t, put.Security, 2)
	require.Contains(t, string(put.Responses["default"]), "application/problem+json")
	require.Contains(t, string(spec.Paths["/stream.csv"]["get"].Responses["200"]), "text/csv")
	require.Empty(t, spec.Paths["/open"]["get"].Security)
	require.Contains(t, spec.Components.Schemas, "Problem")
	require.NotContains(t, spec.Components.Schemas, "ErrorModel")
	require.NotContains(t, spec.Components.Schemas, "ErrorDetail")
	require.JSONEq(t, one.String(), s.Do(t, apitest.Call{Path: "/openapi.json"}).Body)
}

// An operation without a permission, or the second of a name, stops the program before it serves anything.
func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	whole := httpapi.Op{Method: "GET", Path: "/x", ID: "x", Summary: "A test", Tag: "test", Permission: actor.Read}
	handler := func(context.Context, *nothing) (*nothing, error) { return &nothing{}, nil }
	none := whole
	none.Permission = ""
	api := httpapi.New(httpapi.Options{Logger: slog.New(slog.DiscardHandler)})
	require.Panics(t, func() { httpapi.Register(api, none, handler) })
	httpapi.Register(api, whole, handler)
	require.Panics(t, func() { httpapi.Register(api, whole, handler) })
}

// The log names request, actor and cause; the observer hears of each operation.
func TestLogAndObserve(t *testing.T) {
	t.Parallel()
	var log safeBuffer
	var mu sync.Mutex
	seen := map[string]int{}
	s := apitest.StartWith(t, httpapi.Options{
		Gate: named{}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Observe: func(op string, status int, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			seen[fmt.Sprint(op, " ", status)]++
		},
	}, routes)
	id := s.Do(t, apitest.Call{Path: "/fail/hidden"}).Header.Get("X-Request-Id")
	s.Do(t, apitest.Call{Path: "/fail/cause"})
	require.Eventually(t, func() bool { return strings.Count(log.String(), "msg=request ") == 2 }, 5*time.Second, time.Millisecond)
	for _, want := range []string{"request_id=" + id, "secret cause", "actor=mei@example.com", "status=500", "address=127.0.0.1"} {
		require.Contains(t, log.String(), want)
	}
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string]int{"fail 500": 1, "fail 409": 1}, seen)
}

type named struct{}

func (named) Enter(r *http.Request) (context.Context, error) {
	return actor.With(r.Context(), actor.Actor{Kind: actor.User, Email: "mei@example.com", Role: actor.Owner}), nil
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// Only trusted hops of X-Forwarded-For count, from the right; what the client wrote itself does not.
func TestClientAddr(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for name, c := range map[string]struct{ remote, forwarded, want string }{
		"direct":              {"203.0.113.9:1234", "", "203.0.113.9"},
		"direct, claims":      {"203.0.113.9:1234", "198.51.100.1", "203.0.113.9"},
		"one proxy":           {"10.0.0.1:1234", "198.51.100.1", "198.51.100.1"},
		"one proxy, claims":   {"10.0.0.1:1234", "127.0.0.1, 198.51.100.1", "198.51.100.1"},
		"two proxies":         {"10.0.0.1:1234", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		"proxy alone":         {"10.0.0.1:1234", "", "10.0.0.1"},
		"proxy says nonsense": {"10.0.0.1:1234", "nonsense", "10.0.0.1"},
		"with a port":         {"10.0.0.1:1234", "198.51.100.1:40312, 10.0.0.2:80", "198.51.100.1"},
		"IPv6 with a port":    {"10.0.0.1:1234", "[2001:db8::1]:443", "2001:db8::1"},
		"IPv6 in brackets":    {"10.0.0.1:1234", "[2001:db8::1]", "2001:db8::1"},
		"half a bracket":      {"10.0.0.1:1234", "[2001:db8::1", "10.0.0.1"},
		"a port alone":        {"10.0.0.1:1234", ":443", "10.0.0.1"},
		"mapped with a port":  {"10.0.0.1:1234", "[::ffff:198.51.100.1]:9", "198.51.100.1"},
		"mapped":              {"[::ffff:10.0.0.1]:1234", "2001:db8::1", "2001:db8::1"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		require.Equal(t, c.want, httpapi.ClientAddr(r, proxies).String(), name)
	}
}

// A cursor gives back the key it was made of; anything else is refused and never panics.
func FuzzCursor(f *testing.F) {
	f.Add(httpapi.EncodeCursor([]int64{5, 7}))
	f.Add("%%%")
	f.Add("W10")
	f.Fuzz(func(t *testing.T, text string) {
		var key []int64
		ok, err := httpapi.DecodeCursor(text, &key)
		if err != nil {
			require.Equal(t, fault.Malformed, fault.KindOf(err))
			return
		}
		require.Equal(t, text != "", ok)
		if ok {
			var again []int64
			_, err = httpapi.DecodeCursor(httpapi.EncodeCursor(key), &again)
			require.NoError(t, err)
			require.Equal(t, key, again)
		}
	})
}

// If-Match takes our tags, also weak ones, and nothing else.
func TestIfMatch(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]int64{"": 0, "*": 0, `"v7"`: 7, `W/"v7"`: 7, httpapi.ETag(9): 9} {
		got, err := httpapi.IfMatch{IfMatch: tag}.Version()
		require.NoError(t, err, tag)
		require.Equal(t, want, got, tag)
	}
	for _, tag := range []string{"7", `"7"`, `"v0"`, `"v-1"`, `"vx"`, "x"} {
		_, err := httpapi.IfMatch{IfMatch: tag}.Version()
		require.Equal(t, fault.Malformed, fault.KindOf(err), tag)
	}
}

// A page is cut at the limit, and its cursor leads to the rows that were left.
func TestPageOf(t *testing.T) {
	t.Parallel()
	next := func(n int) string { return fmt.Sprint("after ", n) }
	require.Equal(t, httpapi.Page[int]{Items: []int{1, 2}, Next: "after 2"}, httpapi.PageOf([]int{1, 2, 3}, 2, next))
	require.Equal(t, httpapi.Page[int]{Items: []int{1, 2}}, httpapi.PageOf([]int{1, 2}, 2, next))
	require.NotNil(t, httpapi.PageOf(nil, 2, next).Items)
	require.NotNil(t, httpapi.List[int](nil).Items)
}
