package rulebench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/timeline"
	"github.com/huoshui/huoshui/internal/sim/machine"
)

// Ground is a made pool, opened without rules, for a benchmark that asks other things of it.
type Ground struct {
	b    *bench
	p    *pool
	left int64 // bytes resident when the data was made
	pipe atomic.Pointer[apply.Pipeline]

	mu     sync.Mutex
	looked time.Time
	newest uint64
	behind bool
}

// Lay makes the pool and opens it. Close removes it.
func Lay(ctx context.Context, o Options) (_ *Ground, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.Folder, "huoshui-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the data: %w", err)
	}
	g := &Ground{b: newBench(o, filepath.Clean(dir))}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.Close())
		}
	}()
	if err := g.b.phase(ctx, "make", g.b.makeAll); err != nil {
		return nil, err
	}
	calmDown()
	if g.left, _, err = machine.Resident(os.Getpid()); err != nil {
		return nil, err
	}
	err = g.b.phase(ctx, "open", func(ctx context.Context) (err error) {
		g.p, err = g.b.openPool(ctx)
		return err
	})
	return g, err
}

// Close closes the pool and removes it.
func (g *Ground) Close() error {
	var err error
	if g.p != nil {
		err = g.p.close()
		g.p = nil
	}
	if g.b.o.Keep {
		g.Say("data is kept in %s", g.b.f)
		return err
	}
	return errors.Join(err, os.RemoveAll(string(g.b.f)))
}

// Timeline is the pool's.
func (g *Ground) Timeline() *timeline.Store { return g.p.tl }

// Engine is the pool's, with no rules in force.
func (g *Ground) Engine() *membership.Engine { return g.p.engine }

// Clock goes on from a moment after the newest event.
func (g *Ground) Clock() clock.Clock { return g.b.clock }

// Zone is the pool's.
func (g *Ground) Zone() *time.Location { return zone() }

// Currency is the pool's.
func (g *Ground) Currency() string { return currency }

// First is the first day that is full of events, Last the day of the newest one.
func (g *Ground) First() time.Time { return today().Add(-span).AddDate(0, 0, 1) }

// Last is the day of the newest event.
func (g *Ground) Last() time.Time { return today() }

// Say reports progress.
func (g *Ground) Say(format string, args ...any) { g.b.say(format, args...) }

// Phase runs a part of a benchmark and reports how long it took.
func (g *Ground) Phase(ctx context.Context, name string, do func(context.Context) error) error {
	return g.b.phase(ctx, name, do)
}

// Timed is how many seconds something takes, by the clock and in processor time of this process.
func (g *Ground) Timed(do func() error) (wall, cpu float64, err error) {
	took, err := g.b.timed(do)
	return took.wall.Seconds(), took.cpu.Seconds(), err
}

// Memory is the largest resident memory of this process since the data was made, and what making it had left behind; MB of 2^20 bytes.
func (g *Ground) Memory() (high, left float64, err error) {
	_, most, err := machine.Resident(os.Getpid())
	return megabytes(most), megabytes(g.left), err
}

// Median of some measurements after the first, which is to warm up.
func Median(all []float64) float64 { return median(all) }

// Behind says whether events have been waiting in the log for longer than a moment.
func (g *Ground) Behind() bool {
	pipe := g.pipe.Load()
	if pipe == nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.b.o.Clock.Now()
	ago := now.Sub(g.looked)
	if ago < 50*time.Millisecond {
		return g.behind
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // asked in the midst of work that is not about the log
	defer cancel()
	newest, err := g.p.log.Last(ctx)
	if err != nil {
		return g.behind
	}
	if applied, _ := pipe.Positions(); newest <= applied {
		newest = 0
	}
	g.behind = newest > 0 && g.newest > 0 && ago < time.Second
	g.looked, g.newest = now, newest
	return g.behind
}

// Apply measures rounds of events being applied, in events a second: in turn with nothing beside it, and beside what load does until it is told
// to stop.
func (g *Ground) Apply(ctx context.Context, load func(ctx context.Context) error) (alone, beside float64, err error) {
	pipe, err := g.p.pipeline(ctx, g.p.engine)
	if err != nil {
		return 0, 0, err
	}
	g.pipe.Store(pipe)
	defer func() {
		g.pipe.Store(nil)
		err = errors.Join(err, pipe.Close())
	}()
	n := int(min(60_000, max(2000, g.b.o.Events/50))) / recordEvents * recordEvents
	g.b.result.Live.EventsPerRound = n
	t := &traffic{c: g.b.c, dice: rand.New(rand.NewPCG(1, 2)), pause: 5000, tag: "live"}
	var without, with []spent
	for range rounds + 1 {
		s, err := g.b.lap(ctx, g.p, t, pipe)
		if err != nil {
			return 0, 0, err
		}
		without = append(without, s)
		asking, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- load(asking) }()
		s, err = g.b.lap(ctx, g.p, t, pipe)
		stop()
		if err = errors.Join(err, <-ended); err != nil {
			return 0, 0, err
		}
		with = append(with, s)
	}
	return float64(n) / median(seconds(without)), float64(n) / median(seconds(with)), nil
}

// DuckDB opens the tables made for the peers: events (person, time in UTC, day in the pool's zone, name, amount, sku, category, keyword, quantity,
// rating, channel, and n, the place in the order of person, time, identity and arrival) and people.
func (g *Ground) DuckDB(ctx context.Context) (*sql.DB, error) {
	return openDuckDB(ctx, g.b.f.peers(), 2, false)
}

// ClickHouse starts a server with the same tables and gives what asks it, with the answer as tab-separated text; nil if it is to be left out.
func (g *Ground) ClickHouse(ctx context.Context) (ask func(ctx context.Context, query string) (string, error), stop func() error, err error) {
	if g.b.o.ClickHouse == noClickHouse {
		return nil, nil, nil
	}
	p, err := g.b.fillClickHouse(ctx)
	if err != nil {
		return nil, nil, err
	}
	return p.do, p.stop, nil
}

// Size is how many people and events the pool has.
func (g *Ground) Size() (people, events int64) { return g.b.o.People, g.b.o.Events }
