package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/sim/machine"
)

// system is the part of GET /api/v1/system that we read.
type system struct {
	Log struct {
		Last uint64 `json:"last"`
	} `json:"log"`
	Pool struct {
		Applied uint64 `json:"applied"`
		Lag     int64  `json:"lag"`
	} `json:"pool"`
	Warehouse struct {
		Applied uint64 `json:"applied"`
		Lag     int64  `json:"lag"`
		Events  int64  `json:"events"`
	} `json:"warehouse"`
}

// watch looks at the server from outside, several times a second: its memory, and how far it is.
type watch struct {
	s       *server
	client  *http.Client
	applied atomic.Int64 // events in the warehouse

	mu     sync.Mutex
	phase  string
	memory map[string]int64
	high   int64
}

func newWatch(s *server) *watch {
	return &watch{s: s, client: &http.Client{Timeout: 10 * time.Second}, memory: map[string]int64{}}
}

// enter says which phase the memory counts for from now on.
func (w *watch) enter(phase string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase = phase
}

// run watches until ctx ends.
func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		w.measure()
		if now, err := w.system(ctx); err == nil {
			w.applied.Store(now.Warehouse.Events)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (w *watch) measure() {
	now, high, err := machine.Resident(w.s.process.Process.Pid)
	if err != nil {
		return // the server has gone, and whoever talks to it will say so; or this system has no /proc
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.memory[w.phase] = max(w.memory[w.phase], now)
	w.high = max(w.high, high, now)
}

func (w *watch) system(ctx context.Context) (system, error) {
	var now system
	err := w.s.api(ctx, w.client, "/system", &now)
	return now, err
}

// drained waits until people and the warehouse have everything that was acknowledged before the call.
func (w *watch) drained(ctx context.Context) error {
	first, err := w.system(ctx)
	if err != nil {
		return fmt.Errorf("wait until everything is applied: %w", err)
	}
	for now, moved, last := first, 0, uint64(0); now.Pool.Applied < first.Log.Last || now.Warehouse.Applied < first.Log.Last; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.s.exited:
			return errors.New("the server ended while it applied events")
		case <-time.After(20 * time.Millisecond):
		}
		if now, err = w.system(ctx); err != nil {
			return fmt.Errorf("wait until everything is applied: %w", err)
		}
		if moved++; now.Pool.Applied+now.Warehouse.Applied != last {
			moved, last = 0, now.Pool.Applied+now.Warehouse.Applied
		}
		if moved > int(2*patience/(20*time.Millisecond)) {
			return fmt.Errorf("nothing is applied any more: people at %d, warehouse at %d, log at %d", now.Pool.Applied, now.Warehouse.Applied, now.Log.Last)
		}
	}
	return nil
}
