// Package apitest tests a room's operations through a real server: requests in, status and text out, as tables.
//
// Who calls is said by name, without passwords: Call.As is a role ("owner", "analyst" …), empty for nobody. What auth itself does with
// cookies and keys is tested in auth.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Server is an API that listens on the loopback interface until the test ends.
type Server struct {
	URL string // with the base path: …/api/v1
	API *httpapi.API
}

// byRole is a gate that believes what it is told.
type byRole struct{}

// Enter reads "Authorization: Bearer <role>".
func (byRole) Enter(r *http.Request) (context.Context, error) {
	name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return r.Context(), nil
	}
	role := actor.Role(name)
	if !role.Valid() {
		return nil, fault.New(fault.NotSignedIn, "auth.api_key", "this API key is not known")
	}
	return actor.With(r.Context(), actor.Actor{ID: 1, Kind: actor.User, Name: name, Email: name + "@example.com", Role: role}), nil
}

// Start serves the operations that routes registers, for callers by role.
func Start(t testing.TB, routes func(*httpapi.API)) *Server {
	t.Helper()
	return StartWith(t, httpapi.Options{Gate: byRole{}}, routes)
}

// StartWith is Start with options; what is not set is what tests need: no version, a clock of the machine, no log.
func StartWith(t testing.TB, opts httpapi.Options, routes func(*httpapi.API)) *Server {
	t.Helper()
	if opts.Clock == nil {
		opts.Clock = clock.System{}
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Version == "" {
		opts.Version = "test"
	}
	api := httpapi.New(opts)
	routes(api)
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	return &Server{URL: srv.URL + httpapi.Base, API: api}
}

// Call is one request.
type Call struct {
	As     string // a role; empty for nobody
	Method string // GET if empty
	Path   string // below /api/v1
	Body   any    // a string is sent as it is, anything else as JSON, nil as nothing
	Header map[string]string
}

// Reply is the answer to a Call.
type Reply struct {
	Status int
	Header http.Header
	Body   string
}

// JSON reads the answer's body.
func (r Reply) JSON(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.Body), into); err != nil {
		t.Fatalf("answer is not the JSON expected: %v\n%s", err, r.Body)
	}
}

// Do sends a request and reads the whole answer.
func (s *Server) Do(t testing.TB, c Call) Reply {
	t.Helper()
	var body io.Reader
	switch b := c.Body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatalf("body as JSON: %v", err)
		}
		body = bytes.NewReader(text)
	}
	method := c.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+c.Path, body)
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.As != "" {
		req.Header.Set("Authorization", "Bearer "+c.As)
	}
	for name, value := range c.Header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, c.Path, err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: read the answer: %v", method, c.Path, err)
	}
	return Reply{Status: res.StatusCode, Header: res.Header, Body: string(text)}
}

// Case is one row of a table: a request, and what its answer must and must not hold.
type Case struct {
	Name string
	Call
	Status int
	Has    []string
	HasNot []string
}

// Run does the cases in order, each as a subtest.
func (s *Server) Run(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { //nolint:paralleltest // the cases are a story
			got := s.Do(t, c.Call)
			if got.Status != c.Status {
				t.Fatalf("status %d, want %d\n%s", got.Status, c.Status, got.Body)
			}
			for _, want := range c.Has {
				if !strings.Contains(got.Body, want) {
					t.Errorf("answer does not hold %q\n%s", want, got.Body)
				}
			}
			for _, not := range c.HasNot {
				if strings.Contains(got.Body, not) {
					t.Errorf("answer holds %q\n%s", not, got.Body)
				}
			}
		})
	}
}

// NobodyEnters proves that every operation but the public ones named answers 401 without credentials and with wrong ones.
func (s *Server) NobodyEnters(t *testing.T, public ...string) {
	t.Helper()
	for _, op := range s.API.Operations() {
		if op.Permission == actor.Public {
			found := false
			for _, id := range public {
				found = found || id == op.ID
			}
			if !found {
				t.Errorf("operation %s is open to everybody", op.ID)
			}
			continue
		}
		path := strings.NewReplacer("{", "", "}", "").Replace(op.Path)
		for _, as := range []string{"", "wrong"} {
			if got := s.Do(t, Call{Method: op.Method, Path: path, As: as}); got.Status != http.StatusUnauthorized {
				t.Errorf("%s %s as %q: status %d, want 401\n%s", op.Method, op.Path, as, got.Status, got.Body)
			}
		}
	}
}
