package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/id"
)

// server is the program under test, as a process of its own.
type server struct {
	binary, data, log string
	clock             clock.Clock
	address           string
	writeKey, apiKey  string
	password          string

	process *exec.Cmd
	exited  chan struct{}
	output  *os.File
}

// patience is how long the server may take to start or to stop.
const patience = 60 * time.Second

// prepare finds a free port and makes the keys, before the server runs.
func (s *server) prepare(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	s.address = l.Addr().String()
	if err := l.Close(); err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	s.password = id.Token(20)
	return nil
}

// makeKeys asks the program for a write key and an API key on the stopped folder.
func (s *server) makeKeys(ctx context.Context) error {
	for kind, key := range map[string]*string{"write": &s.writeKey, "api": &s.apiKey} {
		var out, problem bytes.Buffer
		c := s.command(ctx, "key", "create", "--kind", kind, "--data", s.data)
		c.Stdout, c.Stderr = &out, &problem
		if err := c.Run(); err != nil {
			return fmt.Errorf("make a key: %w: %s", err, strings.TrimSpace(problem.String()))
		}
		for word := range strings.FieldsSeq(out.String()) {
			if word = strings.Trim(word, `",`); strings.HasPrefix(word, "hs_") {
				*key = word
			}
		}
		if *key == "" {
			return fmt.Errorf("make a key: the answer %q has none", out.String())
		}
	}
	return nil
}

func (s *server) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, s.binary, args...) //nolint:gosec // the program that the operator named
	c.Env = append(c.Environ(), "HUOSHUI_ADMIN_EMAIL=bench@example.com", "HUOSHUI_ADMIN_PASSWORD="+s.password)
	c.SysProcAttr = apart()
	return c
}

// start runs the server and waits until it is ready. It gives the time from the process's start to the first ready answer.
func (s *server) start(ctx context.Context) (time.Duration, error) {
	out, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("open the server's log: %w", err)
	}
	// Not ended by ctx: stop ends it in good order.
	c := s.command(context.WithoutCancel(ctx), "serve", "--data", s.data, "--listen", s.address)
	c.Stdout, c.Stderr = out, out
	began := s.clock.Now()
	if err := c.Start(); err != nil {
		_ = out.Close()
		return 0, fmt.Errorf("start the server: %w", err)
	}
	s.process, s.output, s.exited = c, out, make(chan struct{})
	go func(exited chan struct{}) {
		_ = c.Wait() // how it ended is in its log
		close(exited)
	}(s.exited)
	client := &http.Client{Timeout: time.Second}
	for s.clock.Now().Sub(began) < patience {
		if s.ready(ctx, client) {
			return s.clock.Now().Sub(began), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.exited:
			return 0, errors.New("the server ended before it was ready")
		case <-time.After(2 * time.Millisecond):
		}
	}
	return 0, fmt.Errorf("the server was not ready within %s", patience)
}

func (s *server) ready(ctx context.Context, client *http.Client) bool {
	status, _, err := get(ctx, client, "http://"+s.address+"/readyz", "")
	return err == nil && status == http.StatusOK
}

// stop ends the server in good order, and by force if it does not end. It may be called again.
func (s *server) stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(patience):
		_ = s.process.Process.Kill()
		<-s.exited
	}
	_ = s.output.Close()
	s.process = nil
}

// lastWords is the end of the server's log.
func (s *server) lastWords() string {
	b, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-3000):])
}

// api asks the server something and reads the answer into v.
func (s *server) api(ctx context.Context, client *http.Client, path string, v any) error {
	status, body, err := get(ctx, client, "http://"+s.address+"/api/v1"+path, s.apiKey)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("GET %s: status %d: %s", path, status, body[:min(len(body), 300)])
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}

func get(ctx context.Context, client *http.Client, url, key string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("ask the server: %w", err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("ask the server: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil, fmt.Errorf("ask the server: %w", err)
	}
	return res.StatusCode, body, nil
}
