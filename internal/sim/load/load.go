// Package load measures intake: it starts the real server as a child process on an empty data folder and drives it over HTTP from the same
// machine, with a generator so cheap that nearly all of the machine is left to the server.
//
// Terms: a request carries 100 events of about 450 bytes; a block is four events of one person in one request; a session is one to three
// blocks, two on average, in as many requests; a newcomer is a person who was never there; a merge is a session that begins on a device
// nobody knows and then signs in as a member who is there already.
//
// The run has phases, each reported on Progress:
//
//	start     the server starts on an empty folder
//	fill      newcomers only, until People are there and everything is applied
//	applied   mixed sessions (5 % newcomers, 1 % merges) for Window, then wait until all of it is applied
//	accepted  the same at full speed over Connections connections for Window; counted when acknowledged
//	visible   Rate events a second for Window, with probes that look for themselves on their person
//	restart   the server stops and starts on what is there
//
// What is applied is known from outside only: by lag 0 of people and of the warehouse at both ends of the measured time.
package load

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/sim/machine"
)

// Options say what to measure. Zero values have the defaults given.
type Options struct {
	Binary      string        // the server; this program itself
	People      int           // 1,000,000
	Window      time.Duration // of each measured phase; 30 s
	Rate        int           // events a second while looking at visibility; 5,000
	Connections int           // 64
	Folder      string        // where the data goes; the system's folder for temporary files
	Keep        bool          // leave the data there
	Progress    io.Writer     // nil: silent
	Clock       clock.Clock   // clock.System
}

// Result is what was seen. Rates are events per second, and MB are 2^20 bytes.
type Result struct {
	AcceptedPerS  float64 `json:"accepted_per_s"`
	AppliedPerS   float64 `json:"applied_per_s"`
	VisibleP99MS  float64 `json:"visible_p99_ms"`
	RSSMaxMB      float64 `json:"rss_max_mb"`
	People        int64   `json:"people"`
	Events        int64   `json:"events"`
	Acknowledged  int64   `json:"acknowledged"` // events; must be Events
	FillPerS      float64 `json:"fill_per_s"`
	VisibleP50MS  float64 `json:"visible_p50_ms"`
	VisibleMaxMS  float64 `json:"visible_max_ms"`
	Probes        int     `json:"probes"`
	PacedPerS     float64 `json:"paced_per_s"`
	StartMS       float64 `json:"start_ms"`
	StartMSLoaded float64 `json:"start_ms_loaded"`
	EventBytes    float64 `json:"event_bytes"`
	Overloads     int64   `json:"overloads"` // answers 429, each sent again
	DataMB        float64 `json:"data_mb"`
	// PhaseSeconds is how long each phase took, with waiting for what it left to apply.
	PhaseSeconds map[string]float64 `json:"phase_seconds"`
	// PhaseRSSMB is the largest resident memory seen in each phase.
	PhaseRSSMB map[string]float64 `json:"phase_rss_mb"`
	Machine    machine.Machine    `json:"machine"`
}

// Write gives the result as one JSON object on one line.
func (r Result) Write(w io.Writer) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

func (o Options) withDefaults() (Options, error) {
	o.People = cmp.Or(o.People, 1_000_000)
	o.Window = cmp.Or(o.Window, 30*time.Second)
	o.Rate = cmp.Or(o.Rate, 5000)
	o.Connections = cmp.Or(o.Connections, 64)
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Binary == "" {
		self, err := os.Executable()
		if err != nil {
			return o, fmt.Errorf("find this program: %w", err)
		}
		o.Binary = self
	}
	var c fault.Check
	c.That(o.People > 0 && o.People <= 100_000_000, "people", "between 1 and 100,000,000")
	c.That(o.Window >= 100*time.Millisecond, "seconds", "at least a tenth of a second")
	c.That(o.Rate >= batchEvents, "rate", "at least %d events a second", batchEvents)
	c.That(o.Connections > 0 && o.Connections <= 4096, "connections", "between 1 and 4096")
	return o, c.Err("bench.options", "the benchmark cannot run with these options")
}

// Run measures once. It ends the server and removes the data on every way out, also when it is interrupted. With an error the result holds
// what was measured before it. That fewer or more events are there in the end than were acknowledged is an error too ("bench.count").
func Run(ctx context.Context, o Options) (result Result, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return Result{}, err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	folder, err := os.MkdirTemp(o.Folder, "huoshui-bench-")
	if err != nil {
		return Result{}, fmt.Errorf("make a folder for the data: %w", err)
	}
	defer func() {
		if o.Keep {
			_, _ = fmt.Fprintf(o.Progress, "data and the server's log are kept in %s\n", folder)
			return
		}
		if gone := os.RemoveAll(folder); gone != nil && err == nil {
			err = fmt.Errorf("remove the data: %w", gone)
		}
	}()
	s := &server{binary: o.Binary, data: filepath.Join(folder, "data"), log: filepath.Join(folder, "server.log"), clock: o.Clock}
	defer s.stop()
	if err := s.prepare(ctx); err != nil {
		return Result{}, err
	}
	b := newBench(o, s)
	if err := b.run(ctx); err != nil {
		if ctx.Err() != nil {
			return b.result, fault.Wrap(ctx.Err(), fault.Unavailable, "bench.interrupted", "the benchmark was interrupted")
		}
		return b.result, fmt.Errorf("%w\nthe server's last words:\n%s", err, s.lastWords())
	}
	if r := b.result; r.Events != r.Acknowledged {
		return r, fault.New(fault.Conflict, "bench.count", "%d events were acknowledged, but %d are there", r.Acknowledged, r.Events)
	}
	return b.result, nil
}
