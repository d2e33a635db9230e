//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for anything before it gives up; long, because other tests may have the machine.
const patience = 90 * time.Second

// said collects what a process prints.
type said struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// server is a running `huoshui serve`.
type server struct {
	*client
	url    string
	cmd    *exec.Cmd
	exited chan struct{}
}

// freeAddress is an address on which nothing listens now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close() //nolint:errcheck // it was only to find a port
	return l.Addr().String()
}

// launch starts a server and does not wait for it. It is killed at the end of the test if it still runs.
func (p *pool) launch(t *testing.T, args ...string) *server {
	t.Helper()
	return p.launchAs(t, "serve", args...)
}

// launchAs starts the server by another command.
func (p *pool) launchAs(t *testing.T, command string, args ...string) *server {
	t.Helper()
	address := freeAddress(t)
	s := &server{url: "http://" + address, cmd: p.command(t, append([]string{command, "--listen", address}, args...)...), exited: make(chan struct{})}
	s.client = &client{base: s.url + "/api/v1", log: &said{}}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	require.NoError(t, s.cmd.Start())
	go func() {
		_ = s.cmd.Wait() // how it ended is in ProcessState
		close(s.exited)
	}()
	t.Cleanup(func() { s.kill(); <-s.exited })
	return s
}

// start starts a server and waits until it is ready; key is the API key that the test reads with.
func (p *pool) start(t *testing.T, key string, args ...string) *server {
	t.Helper()
	s := p.launch(t, args...)
	s.key = key
	s.ready(t)
	return s
}

func (s *server) ready(t *testing.T) {
	t.Helper()
	until(t, "the server is ready", func() bool {
		select {
		case <-s.exited:
			t.Fatalf("the server ended: %s", s.log)
		default:
		}
		return s.answers(t, "/readyz")
	})
}

// answers says whether an address of the server gives 200.
func (s *server) answers(t *testing.T, path string) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// stop asks the server to end, which it has to do in good order.
func (s *server) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.Zero(t, s.ended(t), "%s", s.log)
}

// ended waits for the end and gives the exit code.
func (s *server) ended(t *testing.T) int {
	t.Helper()
	select {
	case <-s.exited:
	case <-time.After(patience):
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // where does it hang?
		<-s.exited
		t.Fatalf("the server did not end: %s", s.log)
	}
	return s.cmd.ProcessState.ExitCode()
}

// kill ends the server at whatever instruction it is.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.exited
}

// settled waits until all that was accepted is with people and warehouse.
func (s *server) settled(t *testing.T) {
	t.Helper()
	until(t, "everything is applied", func() bool {
		select {
		case <-s.exited:
			t.Fatalf("the server ended: %s", s.log)
		default:
		}
		var sys struct {
			Log             struct{ Last uint64 }
			Pool, Warehouse struct{ Applied uint64 }
		}
		s.get(t, "/system", &sys)
		return sys.Pool.Applied >= sys.Log.Last && sys.Warehouse.Applied >= sys.Log.Last
	})
}

// until asks again and again until it is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("waited in vain: ", what)
		}
	}
}

// client speaks to the API: with a key, or as a browser with a session.
type client struct {
	base   string
	key    string
	cookie *http.Cookie
	csrf   string
	log    *said // of the server, for failures
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request; body is JSON unless it is nil.
func (c *client) do(t *testing.T, method, path string, body any) answer {
	t.Helper()
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		require.NoError(t, err)
		payload = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.base+path, payload)
	require.NoError(t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.cookie != nil {
		req.AddCookie(c.cookie)
	}
	if c.csrf != "" {
		req.Header.Set("X-CSRF-Token", c.csrf)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err, "%s", c.log)
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return answer{resp.StatusCode, resp.Header, b}
}

// get reads from the API.
func (c *client) get(t *testing.T, path string, into any) {
	t.Helper()
	a := c.do(t, http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
	require.NoError(t, json.Unmarshal(a.body, into), "%s: %s", path, a.body)
}

// put changes something through the API.
func (c *client) put(t *testing.T, path string, body any) {
	t.Helper()
	a := c.do(t, http.MethodPut, path, body)
	require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
}

// apiKey makes a key on the stopped folder.
func (p *pool) apiKey(t *testing.T, role string) string {
	t.Helper()
	return p.run(t, "key", "create", "--kind", "api", "--role", role)
}

func (p *pool) writeKey(t *testing.T) string {
	t.Helper()
	return p.run(t, "key", "create", "--kind", "write")
}
