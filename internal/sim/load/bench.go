package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/sim/machine"
)

// backlog is how many events may be acknowledged and not yet applied while filling and while measuring what is applied. It is there so
// that the time after sending stops, when the server has the machine to itself, stays short against the measured time.
const backlog = 100_000

// bench is one run.
type bench struct {
	o      Options
	s      *server
	w      *watch
	town   *town
	run36  string
	acked  atomic.Int64
	pushed atomic.Int64 // answers 429
	bytes  atomic.Int64
	seed   uint64
	result Result
}

func newBench(o Options, s *server) *bench {
	name := id.New(o.Clock.Now())[:8]
	return &bench{
		o: o, s: s, w: newWatch(s), run36: name, town: &town{templates: newTemplates(name)},
		result: Result{Machine: machine.This(), PhaseSeconds: map[string]float64{}, PhaseRSSMB: map[string]float64{}},
	}
}

// run goes through the phases.
func (b *bench) run(ctx context.Context) error {
	if err := b.phase(ctx, "start", b.start); err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { b.w.run(watching) })
	err := b.measure(ctx)
	stop()
	done.Wait()
	if err != nil {
		return err
	}
	if err := b.phase(ctx, "restart", b.restart); err != nil {
		return err
	}
	b.finish()
	return nil
}

func (b *bench) measure(ctx context.Context) error {
	for _, p := range []struct {
		name string
		do   func(context.Context) error
	}{{"fill", b.fill}, {"applied", b.applied}, {"accepted", b.accepted}, {"visible", b.visible}, {"totals", b.totals}} {
		if err := b.phase(ctx, p.name, p.do); err != nil {
			return err
		}
	}
	return nil
}

// phase runs one phase and notes its time.
func (b *bench) phase(ctx context.Context, name string, do func(context.Context) error) error {
	b.w.enter(name)
	_, _ = fmt.Fprintf(b.o.Progress, "%-9s …\n", name)
	began := b.o.Clock.Now()
	err := do(ctx)
	b.result.PhaseSeconds[name] = b.since(began)
	if err != nil {
		return fmt.Errorf("phase %s: %w", name, err)
	}
	_, _ = fmt.Fprintf(b.o.Progress, "%-9s %.1f s, %d events acknowledged so far\n", name, b.result.PhaseSeconds[name], b.acked.Load())
	return nil
}

func (b *bench) since(t time.Time) float64 { return b.o.Clock.Now().Sub(t).Seconds() }

func (b *bench) start(ctx context.Context) error {
	if err := b.s.makeKeys(ctx); err != nil {
		return err
	}
	took, err := b.s.start(ctx)
	b.result.StartMS = float64(took.Microseconds()) / 1000
	return err
}

func (b *bench) fill(ctx context.Context) error {
	began, before := b.o.Clock.Now(), b.acked.Load()
	full := func() bool { return b.town.people.Load() >= int64(b.o.People) }
	if err := b.pump(ctx, filling(), full, b.throttle); err != nil {
		return err
	}
	if err := b.w.drained(ctx); err != nil {
		return err
	}
	b.result.FillPerS = float64(b.acked.Load()-before) / b.since(began)
	return nil
}

// applied begins and ends with nothing left to apply, so that what was acknowledged in between is what was applied in between.
func (b *bench) applied(ctx context.Context) error {
	began, before := b.o.Clock.Now(), b.acked.Load()
	if err := b.pump(ctx, steady(), b.after(b.o.Window), b.throttle); err != nil {
		return err
	}
	if err := b.w.drained(ctx); err != nil {
		return err
	}
	b.result.AppliedPerS = float64(b.acked.Load()-before) / b.since(began)
	return nil
}

func (b *bench) accepted(ctx context.Context) error {
	began, before := b.o.Clock.Now(), b.acked.Load()
	if err := b.pump(ctx, steady(), b.after(b.o.Window), nil); err != nil {
		return err
	}
	b.result.AcceptedPerS = float64(b.acked.Load()-before) / b.since(began)
	_, _ = fmt.Fprintf(b.o.Progress, "          %.0f events/s acknowledged; waiting until all of it is applied\n", b.result.AcceptedPerS)
	return b.w.drained(ctx)
}

func (b *bench) visible(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * probePeople}, Timeout: probeGiveUp}
	p := &probes{s: b.s, clock: b.o.Clock, client: client, run: b.run36}
	probing, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { p.loop(probing, ctx) })
	began, before := b.o.Clock.Now(), b.acked.Load()
	err := b.pump(ctx, steady(), b.after(b.o.Window), b.pacer())
	b.result.PacedPerS = float64(b.acked.Load()-before) / b.since(began)
	stop()
	done.Wait()
	b.acked.Add(int64(len(p.waits)))
	b.result.Probes = len(p.waits)
	b.result.VisibleP50MS, b.result.VisibleP99MS = quantile(p.waits, 0.5), quantile(p.waits, 0.99)
	b.result.VisibleMaxMS = quantile(p.waits, 1)
	return errors.Join(err, p.err)
}

// totals asks the server what it has.
func (b *bench) totals(ctx context.Context) error {
	if err := b.w.drained(ctx); err != nil {
		return err
	}
	var t struct {
		People int64 `json:"people"`
		Events int64 `json:"events"`
	}
	if err := b.s.api(ctx, b.w.client, "/totals", &t); err != nil {
		return err
	}
	b.result.People, b.result.Events, b.result.Acknowledged = t.People, t.Events, b.acked.Load()
	return nil
}

func (b *bench) restart(ctx context.Context) error {
	b.s.stop()
	took, err := b.s.start(ctx)
	b.result.StartMSLoaded = float64(took.Microseconds()) / 1000
	if err == nil {
		b.w.measure()
	}
	return err
}

func (b *bench) finish() {
	b.result.Overloads = b.pushed.Load()
	b.result.EventBytes = float64(b.bytes.Load()) / float64(max(b.town.sent.Load(), 1))
	b.result.DataMB = megabytes(size(b.s.data))
	b.result.RSSMaxMB = megabytes(b.w.high)
	for phase, n := range b.w.memory {
		b.result.PhaseRSSMB[phase] = megabytes(n)
	}
}

func megabytes(n int64) float64 { return float64(n*100>>20) / 100 }
