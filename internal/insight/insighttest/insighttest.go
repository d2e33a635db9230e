// Package insighttest is a small pool for the tests of the hall and its rooms: a real timeline and a real desk, filled from a few lines or from a
// text that an operator can read (Cases), without pipeline, state and warehouse. What is known of people besides their events is set by hand.
//
//	p := insighttest.Open(t, insighttest.Options{})
//	insight.Register(p.Desk, funnel.Kind(p.Desk))
//	p.Add(insighttest.Event{Node: 1, At: "2026-03-01 10:00", Name: "Page Viewed", Properties: map[string]any{"page": "/"}})
//	p.Join(2, 1) // what node 2 did is person 1's
//	r, err := p.Desk.Ask(ctx, …)
package insighttest

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Options of a pool. Zero values are a pool in Shanghai with yuan, at noon of 10 March 2026.
type Options struct {
	Zone     *time.Location
	Currency string
	Now      time.Time
	// Workers and Block are the desk's: 3 goroutines and 64 ids at once, so that every scan has several workers.
	Workers, Block int
	// Behind says that the pipeline lags.
	Behind func() bool
}

// Event is something that somebody did.
type Event struct {
	Node       int64     // 1 or more; a person of that number, if it is joined to nobody
	Time       time.Time // or At
	At         string    // in the pool's zone, like 2026-03-01 10:00, seconds and microseconds if need be; or RFC 3339
	Name       string
	Channel    string
	Amount     int64 // minor units
	HasAmount  bool
	Properties map[string]any
}

// Person is what is known of somebody besides events.
type Person struct {
	Traits         map[string]any
	First, Last    string // channels
	Tags, Segments []string
	Tiers          map[string]string
}

// Pool is a pool for tests. Its methods may be called while questions are asked.
type Pool struct {
	Desk     *insight.Desk
	Timeline *timeline.Store
	Clock    *clock.Manual

	o        Options
	t        testing.TB
	mu       sync.Mutex
	world    world
	people   map[int64]Person // by number
	segments map[string]*roaring64.Bitmap
	version  int64
}

// Shanghai is a zone without daylight saving, as most pools have.
func Shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }

// Open opens a pool; it ends with the test.
func Open(t testing.TB, o Options) *Pool {
	t.Helper()
	if o.Zone == nil {
		o.Zone = Shanghai()
	}
	if o.Currency == "" {
		o.Currency = "CNY"
	}
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 3, 10, 12, 0, 0, 0, o.Zone)
	}
	if o.Workers == 0 {
		o.Workers = 3
	}
	if o.Block == 0 {
		o.Block = 64
	}
	p := &Pool{
		o: o, t: t, Clock: clock.NewManual(o.Now), world: world{of: map[int64]int64{}}, people: map[int64]Person{}, segments: map[string]*roaring64.Bitmap{},
	}
	var err error
	p.Timeline, err = timeline.Open(t.Context(), timeline.Options{
		Dir: t.TempDir(), Source: &p.world, Currency: o.Currency, Clock: p.Clock, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Timeline.Close()) })
	p.Desk = insight.New(insight.Options{
		Timeline: p.Timeline, Book: book{p}, Engine: engine{p}, People: rows{}, Segments: keeper{p}, Behind: o.Behind,
		Zone: func() *time.Location { return o.Zone }, Currency: func() string { return o.Currency }, Clock: p.Clock, Logger: slog.New(slog.DiscardHandler),
		Workers: o.Workers, Block: o.Block,
	})
	return p
}

// Moment reads a time as Event.At has it.
func Moment(text string, zone *time.Location) (time.Time, error) {
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02 15:04:05.999999"} {
		if at, err := time.ParseInLocation(form, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Parse(time.RFC3339Nano, text)
}

// Add lets things happen, in this order of arrival, as one record of the log.
func (p *Pool) Add(events ...Event) {
	p.t.Helper()
	rows := make([]timeline.Row, len(events))
	for i, e := range events {
		at := e.Time
		if e.At != "" {
			var err error
			at, err = Moment(e.At, p.o.Zone)
			require.NoError(p.t, err)
		}
		rows[i] = timeline.Row{Node: e.Node, Time: at.UnixMicro(), Name: e.Name, Channel: e.Channel, Amount: e.Amount, HasAmount: e.HasAmount}
		if len(e.Properties) > 0 {
			var err error
			rows[i].Properties, err = json.Marshal(e.Properties)
			require.NoError(p.t, err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	position, fresh := p.world.add(rows)
	p.Timeline.Update(func(w *timeline.Writer) {
		w.Append(rows)
		for _, node := range fresh {
			w.Join(node, node)
		}
		w.Reached(position)
	})
}

// Join says whose a node is from now on: merging and unmerging. A person has the number of the least of its nodes: that is the caller's to see to.
func (p *Pool) Join(node, person int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	position := p.world.join(node, person)
	p.Timeline.Update(func(w *timeline.Writer) {
		w.Join(node, person)
		w.Reached(position)
	})
}

// Flush writes to disk what is in memory, so that the next events lie in a run of their own.
func (p *Pool) Flush() {
	p.t.Helper()
	require.NoError(p.t, p.Timeline.Flush(p.t.Context()))
}

// Know sets what is known of a person besides events.
func (p *Pool) Know(number int64, is Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people[number] = is
	p.version++
}

// Kept is who is in a segment that was made of the people behind a number; nil if there is none.
func (p *Pool) Kept(key string) *roaring64.Bitmap {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.segments[key]
}

func (p *Pool) of(number int64) Person {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.people[number]
}

// rows shows people by their numbers only.
type rows struct{}

func (rows) Rows(_ context.Context, ids []int64) ([]person.Row, error) {
	out := make([]person.Row, len(ids))
	for i, id := range ids {
		out[i].ID = id
	}
	return out, nil
}

// keeper keeps segments in memory.
type keeper struct{ p *Pool }

func (k keeper) Keep(_ context.Context, in insight.SegmentInput, _ any, _ string, people func() (*roaring64.Bitmap, error)) (insight.Segment, error) {
	set, err := people()
	if err != nil {
		return insight.Segment{}, err
	}
	k.p.mu.Lock()
	defer k.p.mu.Unlock()
	k.p.segments[in.Key] = set
	return insight.Segment{Key: in.Key, Title: in.Title, People: int64(set.GetCardinality())}, nil
}
