package obs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a check may take.
const patience = 2 * time.Second

// Check asks one part of the program whether it can work.
type Check struct {
	Name string
	Ask  func(ctx context.Context) error
}

// Health answers /livez and /readyz. Alive says that the process runs and answers: if not, it should be started again. Ready says that it
// can do its work: if not, no requests should be sent to it.
type Health struct {
	log      *slog.Logger
	checks   []Check
	stopping atomic.Bool
}

// NewHealth makes a Health of named checks.
func NewHealth(log *slog.Logger, checks ...Check) *Health { return &Health{log: log, checks: checks} }

// Stop makes /readyz say no, while what was begun is finished.
func (h *Health) Stop() { h.stopping.Store(true) }

// Live answers /livez.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"status": "alive"})
}

// Ready answers /readyz: 200, or 503 with the names of the checks that failed. Their reasons are in the log: the page is open to everybody.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		answer(w, http.StatusServiceUnavailable, map[string]any{"status": "stopping"})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	results := make([]error, len(h.checks))
	var wg sync.WaitGroup
	for i, c := range h.checks {
		wg.Go(func() { results[i] = ask(ctx, c) })
	}
	wg.Wait()
	status, word := http.StatusOK, "ready"
	checks := map[string]string{}
	for i, c := range h.checks {
		checks[c.Name] = "ok"
		if results[i] != nil {
			status, word, checks[c.Name] = http.StatusServiceUnavailable, "not ready", "failed"
			h.log.WarnContext(ctx, "not ready", "check", c.Name, "err", results[i])
		}
	}
	answer(w, status, map[string]any{"status": word, "checks": checks})
}

// ask waits for a check no longer than ctx allows, even if the check does not listen to it.
func ask(ctx context.Context, c Check) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- fmt.Errorf("panic: %v", v)
			}
		}()
		done <- c.Ask(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked may be gone
}
