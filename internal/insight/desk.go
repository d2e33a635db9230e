package insight

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Book knows what the pool's names mean.
type Book interface {
	Schema(ctx context.Context) (*rule.Schema, error)
	Look(ctx context.Context) (bool, error)
	Parse(ctx context.Context, who rulebook.Whose, field, text string) (*rule.Rule, error)
}

// Engine knows who fits a rule, and what is known of people besides their events.
type Engine interface {
	Ready() bool
	Matching(ctx context.Context, r *rule.Rule) (*roaring64.Bitmap, error)
	Known(ctx context.Context, ask membership.Ask) (Known, error)
	Version() int64
}

// Known tells what was asked about people, inside Timeline.Read; slots are places in the lists of the membership.Ask. *membership.Known is one.
type Known interface {
	Trait(slot int, person int64) event.Value
	Channel(last bool, person int64) string
	Tier(slot int, person int64) string
	Segment(slot int, person int64) bool
	Tag(slot int, person int64) bool
}

// People shows people, masked for who may not see personal data.
type People interface {
	Rows(ctx context.Context, ids []int64) ([]person.Row, error)
}

// Segments keeps people as a static segment.
type Segments interface {
	// Keep makes the segment. repeat is the idempotency key of the request, if it has one, and request what was asked for; people are asked for
	// only if the request is new.
	Keep(ctx context.Context, in SegmentInput, request any, repeat string, people func() (*roaring64.Bitmap, error)) (Segment, error)
}

// SegmentInput names the segment to be made of the people behind a number.
type SegmentInput struct {
	Key         string `json:"key,omitempty" doc:"Made from the title if empty" maxLength:"64"`
	Title       string `json:"title" minLength:"1" maxLength:"200"`
	Description string `json:"description,omitempty" maxLength:"4000"`
}

// Segment is the segment that was made.
type Segment struct {
	Key    string `json:"key"`
	Title  string `json:"title"`
	People int64  `json:"people"`
}

// Options are what the desk works with.
type Options struct {
	Timeline *timeline.Store
	Book     Book
	Engine   Engine
	People   People
	Segments Segments
	// Behind says whether the pipeline has more to do than it can do at once. Asked often.
	Behind func() bool
	// Stored is up to where the warehouse is complete, for telling whether an answer is still right.
	Stored   func() uint64
	Zone     func() *time.Location
	Currency func() string
	Clock    clock.Clock
	Logger   *slog.Logger
	// Workers is how many goroutines go through people at once, over all questions. GOMAXPROCS if 0.
	Workers int
	// Block is how many ids a goroutine goes through without a pause. 4,096 if 0.
	Block int
}

// Desk takes questions.
type Desk struct {
	o     Options
	kinds []*kind
	gate  *gate
	runs  *runs
	kept  *kept

	mu       sync.Mutex
	calendar *rule.Calendar // of the zone that was asked for last
}

// New makes a desk without kinds.
func New(o Options) *Desk {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Block == 0 {
		o.Block = blockOf
	}
	return &Desk{o: o, kept: newKept(), gate: newGate(o.Workers, o.Behind, o.Clock), runs: newRuns(o.Clock)}
}

// Zone is the pool's, in which days are counted.
func (d *Desk) Zone() *time.Location { return d.o.Zone() }

// Currency is the pool's, in which amounts are.
func (d *Desk) Currency() string { return d.o.Currency() }

// Now is the present moment.
func (d *Desk) Now() time.Time { return d.o.Clock.Now() }

// Today is the present day in the pool's zone.
func (d *Desk) Today() time.Time { return calendar.DayOf(d.Now(), d.Zone()) }

// Calendar is the pool's calendar: quick from moment to day and back.
func (d *Desk) Calendar() *rule.Calendar {
	zone := d.Zone()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.calendar == nil || d.calendar.Zone().String() != zone.String() {
		d.calendar = rule.NewCalendar(zone)
	}
	return d.calendar
}

// Timeline is where everybody's events are.
func (d *Desk) Timeline() *timeline.Store { return d.o.Timeline }

// Schema is what queries may name now.
func (d *Desk) Schema(ctx context.Context) (*rule.Schema, error) { return d.o.Book.Schema(ctx) }

// Known makes what is asked about people besides their events. Ask it inside a Scan.
func (d *Desk) Known(ctx context.Context, ask membership.Ask) (Known, error) {
	return d.o.Engine.Known(ctx, ask)
}

// Rows shows people by number, as the caller may see them.
func (d *Desk) Rows(ctx context.Context, ids []int64) ([]person.Row, error) {
	return d.o.People.Rows(ctx, ids)
}
