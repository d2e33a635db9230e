// Package membership keeps who is in which segment, who has which tag by rule, and who stands on which level of a tier: always, exactly, and
// with since when and why.
//
// # Terms
//
// A unit is one thing that rules decide: a segment, a rule tag, a tier dimension. It puts every person on one level; 0 is none, and segments and
// tags know one level besides ("in"). A plan is all units in force, those that others ask about first. The live evaluation follows the
// pipeline batch by batch; a sweep goes through everybody, for a new or edited unit, for a new day. A change is one step of one person; a signal
// is the event that tells of it. A fall is a step to a later level of a tier, a rise one to an earlier.
//
// # Invariants
//
//   - At any moment everybody stands where the rules put them on the day that is in force, given all events applied so far; live and by sweep
//     give the same.
//   - The state store is the truth: changes, what waits, and the versions in force are written in the transaction of the batch, of the tag or of
//     the switch that caused them. Memory follows the commit.
//   - Every change after a unit's first fill is signalled exactly once: in the same transaction through the outbox or, for big sweeps, from a
//     stored list, with an id by which the pool drops repeats.
//   - A unit's new version is swept beside the one in force, while the live evaluation decides both for whoever does something; one transaction
//     switches, and only differences are written.
//   - A rise in a tier is immediate. A fall needs StayDays calendar days since the level was entered, and that the rules have asked for a later
//     level for GraceDays calendar days without a break; it goes to the level they ask for then. An edit of the rules takes effect at once.
//   - An id that vanishes in a merge leaves silently. Who survives is taken to have been in what any part was in, who comes back by an unmerge
//     to have been in what its source was in, and a signal is sent if what the rules say differs from that.
//   - A change that a signal caused carries one hop more than the signal. From maxHops on changes are kept but not told, so that no rule about
//     signals goes round for ever.
package membership

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

//go:embed migrations/*.sql
var migrations embed.FS

// HandTags are the tags that people have by hand, not by rule.
type HandTags interface {
	// Of yields the tags of people, of everybody if people is nil. It may be asked within a transaction.
	Of(ctx context.Context, q state.Querier, people []int64, yield func(person int64, tag string, since, until int64)) error
}

// Options are what an engine works with.
type Options struct {
	State    *state.DB
	Timeline *timeline.Store
	Zone     func() *time.Location // of the pool
	Currency func() string         // of the pool
	Kinds    func() identity.Kinds
	// HandTags tells tags by hand; there are none if nil.
	HandTags HandTags
	// Consents goes through the nodes that gave consent for a purpose; there are none if nil.
	Consents func(ctx context.Context, purpose string, yield func(node int64)) error
	Clock    clock.Clock
	Logger   *slog.Logger
	// Workers is how many goroutines a sweep uses. GOMAXPROCS if 0.
	Workers int
	// BulkFrom is from how many differences on a sweep writes a bitmap and signals in parts. 1,000 if 0.
	BulkFrom int
}

// Engine keeps one pool's units. It is the pipeline's follower. Its methods are safe for concurrent use.
type Engine struct {
	o      Options
	tl     *timeline.Store
	roster *roster.Roster // guarded by the timeline's lock, like the units' levels

	together  int // fewOf, but for tests
	ready     atomic.Bool
	wake      chan struct{}
	figures   figures
	calendars sync.Map // zone name → *rule.Calendar

	preparing sync.Mutex // one at a time makes columns
	live      *decider   // of the plan in force, used again; for the holder of a batch

	mu        sync.RWMutex // guards the rest; taken before the timeline's lock
	seq       int64        // of the newest transaction that is known to be committed
	lastID    int64
	day       int64 // for which everything holds
	zone      string
	units     map[string]*unit // by owner/key
	plan      *plan
	sweep     *sweep
	due       map[due]bool
	lookedDue looked // when those were decided last
	pending   *batch // written, and maybe committed
}

// due is a node with an event that is dated later than it came.
type due struct{ node, at int64 }

// looked is a day in a zone.
type looked struct {
	day  int64
	zone string
}

// Open opens the engine as the state store has it. Who stands where can be asked from then on; Prepare makes it ready to evaluate.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.BulkFrom == 0 {
		o.BulkFrom = 1000
	}
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := o.State.Migrate(ctx, "membership", sub); err != nil {
		return nil, err
	}
	e := &Engine{
		o: o, tl: o.Timeline, roster: roster.New(), wake: make(chan struct{}, 1), units: map[string]*unit{}, plan: &plan{},
		due: map[due]bool{}, together: fewOf,
	}
	e.figures.removed.Store(true) // there may be some of before
	if err := e.load(ctx); err != nil {
		return nil, fmt.Errorf("load memberships: %w", err)
	}
	return e, nil
}

// Prepare makes everything that the rules in force ask for and readies them. The timeline must be complete up to the state's log position.
func (e *Engine) Prepare(ctx context.Context) error {
	specs := e.inForce()
	all := make([]*spec, 0, len(specs))
	for _, s := range specs {
		all = append(all, s)
	}
	if err := e.tl.Keep(ctx, columnsOf(append(e.waiting(), all...)...)); err != nil { // those of rules that somebody only tried go
		return err
	}
	if err := e.want(ctx, all...); err != nil {
		return err
	}
	if e.o.HandTags != nil {
		marks := map[int64]map[string]int64{}
		if err := e.o.HandTags.Of(ctx, e.o.State, nil, collectMarks(marks)); err != nil {
			return fmt.Errorf("read tags by hand: %w", err)
		}
		e.tl.Update(func(*timeline.Writer) { e.setMarks(marks) })
	}
	if err := e.loadSince(ctx, specs); err != nil {
		return err
	}
	p, err := e.compile(specs)
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.setPlan(p)
	e.mu.Unlock()
	e.ready.Store(true)
	e.nudge()
	return nil
}

// Ready says whether the engine can evaluate rules.
func (e *Engine) Ready() bool { return e.ready.Load() }

func (e *Engine) mustBeReady() error {
	if e.ready.Load() {
		return nil
	}
	return fault.New(fault.Unavailable, "engine.not_ready", "the timelines are still being read; try again in a moment")
}

// nudge wakes Run.
func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *Engine) calendar(zone *time.Location) *rule.Calendar {
	c, ok := e.calendars.Load(zone.String())
	if !ok {
		c, _ = e.calendars.LoadOrStore(zone.String(), rule.NewCalendar(zone))
	}
	calendar, _ := c.(*rule.Calendar) //nolint:errcheck // only calendars are stored
	return calendar
}

// moment is an instant with the day's number, for counting days.
type moment struct {
	rule.Instant
	calendar *rule.Calendar
	day      int64
}

func (e *Engine) moment(now time.Time) moment {
	c := e.calendar(e.o.Zone())
	return moment{Instant: c.At(now.UnixMicro()), calendar: c, day: c.Day(now.UnixMicro())}
}
