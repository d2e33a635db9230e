package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight/overview"
)

// served is an app that answers until it is stopped.
type served struct {
	*App
	url   string
	stop  context.CancelFunc
	ended chan error
}

// serve opens the folder and serves it; more runs beside it and hears of the address.
func serve(t testing.TB, dir string, more ...func(ctx context.Context, s *served) error) *served {
	t.Helper()
	a, err := Open(t.Context(), Options{Data: dir})
	require.NoError(t, err)
	l, err := Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	s := &served{App: a, url: "http://" + l.Addr().String(), stop: stop, ended: make(chan error, 1)}
	var beside []func(context.Context) error
	for _, m := range more {
		beside = append(beside, func(ctx context.Context) error { return m(ctx, s) })
	}
	ready := make(chan struct{})
	go func() { s.ended <- a.Serve(ctx, l, func() { close(ready) }, beside...) }()
	t.Cleanup(func() { s.end(t) })
	select {
	case <-ready:
	case err := <-s.ended:
		t.Fatalf("the server ended: %v", err)
	}
	return s
}

// end stops the server and closes the pool; a second call does nothing.
func (s *served) end(t testing.TB) {
	t.Helper()
	if s.App == nil {
		return
	}
	s.stop()
	select {
	case err := <-s.ended:
		require.NoError(t, err)
	case <-time.After(30 * time.Second):
		t.Fatal("the server does not stop")
	}
	require.NoError(t, s.Close())
	s.App = nil
}

func (s *served) key(t testing.TB, kind string) string {
	t.Helper()
	in := auth.CreateKeyInput{Kind: kind, Name: "test"}
	if kind == auth.APIKind {
		in.Role = actor.Operator
	}
	k, err := s.Auth.CreateKey(actor.With(t.Context(), actor.Itself()), in)
	require.NoError(t, err)
	return k.Secret
}

func (s *served) get(ctx context.Context, key, path string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return http.DefaultClient.Do(req)
}

// totals opens a stopped folder and counts it once everything is applied.
func totals(t testing.TB, dir string) (sums overview.Totals) {
	t.Helper()
	a, err := Open(t.Context(), Options{Data: dir})
	require.NoError(t, err)
	require.NoError(t, a.Work(t.Context(), func(ctx context.Context) (err error) {
		if err := a.CaughtUp(ctx); err != nil {
			return err
		}
		sums, err = a.Overview.TotalsOf(ctx, "", "")
		return err
	}))
	require.NoError(t, a.Close())
	return sums
}

// A data folder that cannot be used is refused with what is wrong, and a refusal leaves nothing locked behind.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	refused := func(t *testing.T, dir string, kind fault.Kind, says string) {
		t.Helper()
		a, err := Open(t.Context(), Options{Data: dir})
		require.Nil(t, a)
		require.Error(t, err)
		require.Equal(t, kind, fault.KindOf(err), err)
		require.Contains(t, err.Error(), says)
	}
	t.Run("in use", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		a, err := Open(t.Context(), Options{Data: dir})
		require.NoError(t, err)
		refused(t, dir, fault.Conflict, "another")
		require.NoError(t, a.Close())
		require.NoError(t, a.Close(), "closing twice does no harm")
		require.Zero(t, totals(t, dir).Events)
	})
	t.Run("a file", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		refused(t, path, fault.Unavailable, path)
	})
	t.Run("a broken warehouse", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		require.Zero(t, totals(t, dir).Events)
		path := filepath.Join(dir, "warehouse.duckdb")
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte("this is no database, but it is long enough to look like one"+strings.Repeat(".", 20_000)), 0o600))
		refused(t, dir, fault.Unavailable, "warehouse")
		require.NoError(t, os.WriteFile(path, whole, 0o600))
		require.Zero(t, totals(t, dir).Events, "nothing was left open")
	})
}

// Stopped in the middle of traffic, the server takes leave of everybody: event streams end, what was acknowledged is there exactly once,
// and the next start finds it.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, dir)
	write, read := s.key(t, auth.WriteKind), s.key(t, auth.APIKind)
	stream, err := s.get(t.Context(), read, "/api/v1/intake/stream")
	require.NoError(t, err)
	require.Equal(t, 200, stream.StatusCode)
	defer stream.Body.Close() //nolint:errcheck // cut off by the server

	var mu sync.Mutex
	acknowledged := 0
	enough := make(chan struct{})
	var senders sync.WaitGroup
	for c := range 4 {
		senders.Go(func() {
			for n := 0; ; n++ {
				body := fmt.Sprintf(`{"batch":[{"type":"track","event":"A","userId":"u%d","messageId":"%d-%d-a"},{"type":"track","event":"B","userId":"u%d","messageId":"%d-%d-b"}]}`, n%50, c, n, n%7, c, n)
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/v1/batch", strings.NewReader(body))
				if err != nil {
					return
				}
				req.SetBasicAuth(write, "")
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					return // the server has gone
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if res.StatusCode != http.StatusOK {
					return
				}
				mu.Lock()
				if acknowledged += 2; acknowledged == 1000 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(time.Minute):
		t.Fatal("nothing gets through")
	}
	s.end(t)
	senders.Wait()
	_, _ = io.Copy(io.Discard, stream.Body) // it ends, whether cut or at its end
	mu.Lock()
	defer mu.Unlock()
	got := totals(t, dir)
	// A request whose answer was lost on the way may have been taken; at most one of two events per sender.
	require.GreaterOrEqual(t, got.Events, int64(acknowledged))
	require.LessOrEqual(t, got.Events, int64(acknowledged+2*4))
	require.Equal(t, int64(50), got.People)
}

// The server answers on its own addresses with what belongs there, and unknown ones of the API are told so instead of getting a page.
func TestAddresses(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	read := s.key(t, auth.APIKind)
	for _, c := range []struct {
		path   string
		key    string
		status int
		has    string
	}{
		{"/livez", "", 200, ""},
		{"/readyz", "", 200, ""},
		{"/metrics", "", 200, "huoshui_log_position"},
		{"/api/v1/system", read, 200, `"dialect":"sqlite"`},
		{"/api/v1/system", "", 401, "auth."},
		{"/api/v2/system", read, 404, "request.path"},
		{"/api", "", 404, "request.path"},
		{"/api/v1/nothing", read, 404, ""},
		{"/v1/track", "", 405, ""},
	} {
		res, err := s.get(t.Context(), c.key, c.path)
		require.NoError(t, err)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, c.status, res.StatusCode, "%s: %s", c.path, text)
		require.Contains(t, string(text), c.has, c.path)
		require.False(t, strings.HasPrefix(string(text), "<html"), c.path)
	}
}

// A small demo brand is loaded once: its events and people are counted, live traffic comes in through the intake, and a restart goes on
// with the same people.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	loaded := func(text string) (people, events int64) {
		t.Helper()
		_, err := fmt.Sscanf(strings.TrimSpace(text), "Loaded %d people, %d events", &people, &events)
		require.NoError(t, err, text)
		return people, events
	}
	out, in := io.Pipe()
	demo := func(ctx context.Context, s *served) error {
		defer in.Close() //nolint:errcheck // never fails
		return s.Demo(ctx, s.url, 300, 50, in)
	}
	s := serve(t, dir, demo)
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	people, events := loaded(line)
	require.Equal(t, int64(300), people)
	require.Greater(t, events, int64(3000))
	read := s.key(t, auth.APIKind)
	liveEvent(t, s, read)
	s.end(t)
	first := totals(t, dir)
	require.Greater(t, first.Events, events)
	require.GreaterOrEqual(t, first.People, int64(300))
	require.Positive(t, first.Orders)

	s = serve(t, dir, func(ctx context.Context, s *served) error { return s.Demo(ctx, s.url, 999, 50, io.Discard) })
	liveEvent(t, s, read)
	s.end(t)
	again := totals(t, dir)
	require.Greater(t, again.Events, first.Events)
	require.Less(t, again.Events, first.Events+events/2, "the history was not loaded again")
}

// liveEvent waits for an event that came through the intake.
func liveEvent(t testing.TB, s *served, key string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	res, err := s.get(ctx, key, "/api/v1/intake/stream")
	require.NoError(t, err)
	defer res.Body.Close() //nolint:errcheck // cut off on purpose
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		var e struct{ Source int64 }
		if ok && json.Unmarshal([]byte(data), &e) == nil && e.Source != 0 {
			return
		}
	}
	t.Fatalf("no live event: %v", lines.Err())
}
