package rulebench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/sim/machine"
)

// bench is one run.
type bench struct {
	o      Options
	c      crowd
	f      folder
	clock  *shifted
	asked  []question
	result Result
	saying sync.Mutex
}

func newBench(o Options, dir string) *bench {
	return &bench{
		o: o, c: newCrowd(o.People, o.Events), f: folder(dir), clock: &shifted{of: o.Clock, began: o.Clock.Now()}, asked: questions(o.Rules),
		result: Result{People: o.People, Events: o.Events, Rules: o.Rules, Machine: machine.This(), PhaseSeconds: map[string]float64{}},
	}
}

// shifted is a clock that begins right after the newest event.
type shifted struct {
	of    interface{ Now() time.Time }
	began time.Time
}

// Now is the moment in the made world.
func (s *shifted) Now() time.Time {
	return today().Add(time.Minute + s.of.Now().Sub(s.began)).UTC().Truncate(time.Microsecond)
}

func (b *bench) run(ctx context.Context) error {
	if err := b.phase(ctx, "make", b.makeAll); err != nil {
		return err
	}
	calmDown()
	left, _, err := machine.Resident(os.Getpid())
	if err != nil {
		return err
	}
	if err := b.pool(ctx); err != nil {
		return err
	}
	_, high, err := machine.Resident(os.Getpid())
	if err != nil {
		return err
	}
	b.result.RSSLeftMB, b.result.RSSMaxMB = megabytes(left), megabytes(high)
	if !b.o.Peers {
		return nil
	}
	return b.phase(ctx, "peers", b.peers)
}

func megabytes(n int64) float64 { return float64(n*100>>20) / 100 }

// calmDown gives memory back and lets the system count its highest use anew.
func calmDown() {
	runtime.GC()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) //nolint:gosec // where this is not to be had, making the data counts too
}

// pool measures everything that is ours.
func (b *bench) pool(ctx context.Context) (err error) {
	if err := b.phase(ctx, "build", b.build); err != nil {
		return err
	}
	p, err := b.openPool(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := b.phase(ctx, "sweep", func(ctx context.Context) error { return b.sweep(ctx, p) }); err != nil {
		return err
	}
	if err := b.phase(ctx, "live", func(ctx context.Context) error { return b.live(ctx, p) }); err != nil {
		return err
	}
	return b.phase(ctx, "enter", func(ctx context.Context) error { return b.enter(ctx, p) })
}

// phase runs one phase and notes its time.
func (b *bench) phase(ctx context.Context, name string, do func(context.Context) error) error {
	began := b.o.Clock.Now()
	b.say("%-6s …", name)
	err := do(ctx)
	b.result.PhaseSeconds[name] = b.since(began)
	if err != nil {
		return fmt.Errorf("phase %s: %w", name, err)
	}
	b.say("%-6s %.1f s", name, b.result.PhaseSeconds[name])
	return nil
}

func (b *bench) say(format string, args ...any) {
	b.saying.Lock()
	defer b.saying.Unlock()
	_, _ = fmt.Fprintf(b.o.Progress, format+"\n", args...)
}

func (b *bench) since(t time.Time) float64 { return b.o.Clock.Now().Sub(t).Seconds() }

// spent is what something took.
type spent struct{ wall, cpu time.Duration }

// timed is what something takes, by the clock and in processor time, which tells more when others use the machine.
func (b *bench) timed(do func() error) (spent, error) {
	cpu, err := cpuTime()
	if err != nil {
		return spent{}, err
	}
	began := b.o.Clock.Now()
	err = do()
	wall := b.o.Clock.Now().Sub(began)
	now, broken := cpuTime()
	return spent{wall, now - cpu}, errors.Join(err, broken)
}

// cpuTime is the processor time that this process has used.
func cpuTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read the processor time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// makeAll makes the data.
func (b *bench) makeAll(ctx context.Context) (err error) {
	if err := b.c.makeEvents(ctx, b.f, func(done int64) { b.say("       %d events", done) }); err != nil {
		return err
	}
	db, err := state.Open(ctx, b.f.state(), b.clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := b.c.makePeople(ctx, b.f, db, func(done int64) { b.say("       %d identities", done) }); err != nil {
		return err
	}
	if err := b.c.makeLog(ctx, b.f, db); err != nil {
		return err
	}
	if !b.o.Peers {
		return nil
	}
	return b.c.makePeers(ctx, b.f, db)
}
