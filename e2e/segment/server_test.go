//go:build e2e

// Package segment holds the tests of the intake from outside: the official libraries' requests against the built binary.
package segment

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// server is a started binary on a fresh data folder.
type server struct {
	url, writeKey, apiKey string
}

func start(t *testing.T) *server {
	t.Helper()
	bin := os.Getenv("HUOSHUI_BIN")
	if bin == "" {
		bin = "../../bin/huoshui"
	}
	bin, err := filepath.Abs(bin)
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "data")
	run := func(args ...string) string {
		var out, problems bytes.Buffer
		cmd := exec.CommandContext(t.Context(), bin, append(args, "--data", dir)...)
		cmd.Env = append(os.Environ(), "HUOSHUI_ADMIN_EMAIL=owner@example.com", "HUOSHUI_ADMIN_PASSWORD=a long enough one")
		cmd.Stdout, cmd.Stderr = &out, &problems
		require.NoError(t, cmd.Run(), problems.String())
		return strings.TrimSpace(out.String())
	}
	s := &server{writeKey: run("key", "create", "--kind", "write"), apiKey: run("key", "create", "--kind", "api", "--role", "owner")}

	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	s.url = "http://" + address

	var problems bytes.Buffer
	cmd := exec.Command(bin, "serve", "--data", dir, "--listen", address) //nolint:noctx // ended by a signal below, so that it can stop in order
	cmd.Stderr, cmd.Stdout = &problems, &problems
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, cmd.Wait(), problems.String())
	})
	s.until(t, "the server is ready", func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/readyz", nil)
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return s
}

// until asks again and again until it is so.
func (s *server) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("waited in vain: ", what)
		}
	}
}

// get reads from the API.
func (s *server) get(t *testing.T, path string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1"+path, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+s.apiKey)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %s", path, body)
	require.NoError(t, json.Unmarshal(body, into), "%s: %s", path, body)
}

// settled waits until all that was accepted is with people and warehouse.
func (s *server) settled(t *testing.T) {
	t.Helper()
	s.until(t, "everything is applied", func() bool {
		var sys struct {
			Log             struct{ Last uint64 }
			Pool, Warehouse struct{ Applied uint64 }
		}
		s.get(t, "/system", &sys)
		return sys.Log.Last > 0 && sys.Pool.Applied >= sys.Log.Last && sys.Warehouse.Applied >= sys.Log.Last
	})
}

type person struct {
	ID         int64
	Name       string
	Phone      string
	Email      string
	Events     int
	Orders     int
	Traits     map[string]any
	Identities []struct{ Kind, Scope, Value string }
}

func (p person) identities() []string {
	var all []string
	for _, i := range p.Identities {
		all = append(all, i.Kind+" "+i.Value)
	}
	return all
}

type happening struct {
	ID, Type, Name      string
	Time                time.Time
	Properties, Context map[string]any
}

// timeline reads all events of a person, by name.
func (s *server) timeline(t *testing.T, p person) map[string][]happening {
	t.Helper()
	byName := map[string][]happening{}
	path := "/people/" + jsonOf(t, p.ID) + "/timeline?limit=50"
	for cursor := ""; ; {
		var page struct {
			Items []happening
			Next  string
		}
		s.get(t, path+cursor, &page)
		for _, e := range page.Items {
			byName[e.Name] = append(byName[e.Name], e)
		}
		if page.Next == "" {
			return byName
		}
		cursor = "&cursor=" + page.Next
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}
