package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets this test binary stand in for the server: called with the server's commands, it plays one.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "key":
		fmt.Println("hs_" + argument("--kind") + "_key")
	case len(os.Args) > 1 && os.Args[1] == "serve":
		if err := playServer(argument("--listen"), argument("--data")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

func argument(name string) string {
	if i := slices.Index(os.Args, name); i > 0 && i+1 < len(os.Args) {
		return os.Args[i+1]
	}
	return ""
}

// pool is a server that keeps only what the benchmark can see, and its count over a restart.
type pool struct {
	mu     sync.Mutex
	ids    map[string]bool
	people map[string]string // last message of a person
	calls  int
}

type sent struct{ MessageID, UserID, AnonymousID string }

func playServer(listen, data string) error {
	if os.Getenv("HUOSHUI_ADMIN_PASSWORD") == "" {
		return errors.New("no administrator")
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(data, "pid"), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return err
	}
	p := &pool{ids: map[string]bool{}, people: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /v1/batch", func(rw http.ResponseWriter, req *http.Request) {
		var body struct{ Batch []sent }
		p.take(rw, req, &body, func() []sent { return body.Batch })
	})
	mux.HandleFunc("POST /v1/track", func(rw http.ResponseWriter, req *http.Request) {
		var body sent
		p.take(rw, req, &body, func() []sent { return []sent{body} })
	})
	mux.HandleFunc("GET /api/v1/", func(rw http.ResponseWriter, req *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		n := len(p.ids)
		switch {
		case req.Header.Get("Authorization") != "Bearer hs_api_key":
			rw.WriteHeader(http.StatusUnauthorized)
		case strings.HasSuffix(req.URL.Path, "/system"):
			_, _ = fmt.Fprintf(rw, `{"log":{"last":%d},"pool":{"applied":%d,"lag":0},"warehouse":{"applied":%d,"lag":0,"events":%d}}`, n, n, n, n)
		case strings.HasSuffix(req.URL.Path, "/totals"):
			_, _ = fmt.Fprintf(rw, `{"people":%d,"events":%d}`, len(p.people), n)
		default:
			_, _ = fmt.Fprintf(rw, `{"last_event":{"id":%q}}`, p.people[req.URL.Query().Get("value")])
		}
	})
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", listen)
	if err != nil {
		return err
	}
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Second}).Serve(l)
}

func (p *pool) take(rw http.ResponseWriter, req *http.Request, into any, events func() []sent) {
	if key, _, _ := req.BasicAuth(); key != "hs_write_key" {
		rw.WriteHeader(http.StatusUnauthorized)
		return
	}
	if err := json.NewDecoder(req.Body).Decode(into); err != nil {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls++; p.calls%50 == 7 { // overloaded now and then
		rw.Header().Set("Retry-After", "0")
		rw.WriteHeader(http.StatusTooManyRequests)
		return
	}
	for _, e := range events() {
		p.ids[e.MessageID] = true
		who := e.UserID
		if who == "" {
			who = e.AnonymousID
		}
		p.people[who] = e.MessageID
	}
	_, _ = fmt.Fprint(rw, `{"success":true}`)
}
