package insight

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// revenue is the property that is every event's amount.
const revenue = "revenue"

// Plan is what a query needs, ready. It is for one question; a question may scan it several times, one after the other.
type Plan struct {
	desk   *Desk
	need   Need
	schema *rule.Schema
	wheres []*rule.Where // by step; nil for none
	split  []string      // events that have the property of the breakdown
	scale  float64       // minor units in a unit of the currency
	known  Known
	people roster.Bits // nil: everybody
	bitmap *roaring64.Bitmap
	count  int64
	views  []*View // of the last Scan
}

// People are those whom the question is about; nil is everybody. It is not the caller's to change.
func (p *Plan) People() *roaring64.Bitmap { return p.bitmap }

// Count is how many people the question is about.
func (p *Plan) Count() int64 { return p.count }

// Has says whether the question is about a person.
func (p *Plan) Has(person int64) bool { return p.people == nil || p.people.Has(person) }

// Plan readies what a question needs: names are checked, columns made, people narrowed. Faults name the place in the query.
func (d *Desk) Plan(ctx context.Context, r *Run, n Need) (*Plan, error) {
	if !d.o.Engine.Ready() {
		return nil, fault.New(fault.Unavailable, "engine.not_ready", "the timelines are still being read; try again in a moment")
	}
	p := &Plan{desk: d, need: n, scale: math.Pow10(money.Digits(d.Currency()))}
	if p.need.Field == "" {
		p.need.Field = "steps"
	}
	var err error
	if p.schema, err = d.checked(ctx, p.check); err != nil {
		return nil, err
	}
	if r.only {
		return nil, errChecked
	}
	if err := d.columns(ctx, r, p.wanted()); err != nil {
		return nil, err
	}
	if ask, ok := n.Breakdown.ask(); ok {
		r.Stage(StageColumns, 0)
		if p.known, err = d.o.Engine.Known(ctx, ask); err != nil {
			return nil, err
		}
	}
	if p.bitmap, err = d.People(ctx, r, n.People); err != nil {
		return nil, err
	}
	if p.bitmap != nil {
		p.people, p.count = dense(p.bitmap), int64(p.bitmap.GetCardinality())
	} else {
		d.o.Timeline.Read(func(r *timeline.Reader) { p.count = int64(r.Count()) })
	}
	r.About(p.count)
	return p, nil
}

// People are those for whom a rule holds now; nil for everybody, if the rule is empty.
func (d *Desk) People(ctx context.Context, r *Run, text string) (*roaring64.Bitmap, error) {
	parsed, err := d.rule(ctx, text)
	if err != nil || parsed == nil {
		return nil, err
	}
	r.Stage(StagePeople, 0)
	return d.o.Engine.Matching(ctx, parsed)
}

// rule reads a people filter; nil for none.
func (d *Desk) rule(ctx context.Context, text string) (*rule.Rule, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil //nolint:nilnil // nil is everybody
	}
	return d.o.Book.Parse(ctx, rulebook.Whose{}, "people", text)
}

func dense(people *roaring64.Bitmap) roster.Bits {
	bits := roster.Bits{}
	if !people.IsEmpty() {
		bits = make(roster.Bits, people.Maximum()/64+1)
	}
	for it := people.Iterator(); it.HasNext(); {
		person := it.Next()
		bits[person>>6] |= 1 << (person & 63)
	}
	return bits
}

// wanted are the columns of everything in the query.
func (p *Plan) wanted() (all []timeline.Column) {
	for _, c := range p.need.Columns {
		if c.Property != revenue {
			all = append(all, c)
		}
	}
	for _, w := range p.wheres {
		if w != nil {
			all = append(all, w.Columns()...)
		}
	}
	if b := p.need.Breakdown; b != nil && b.By == ByProperty && b.Name != revenue {
		for _, name := range p.split {
			all = append(all, timeline.Column{Event: name, Property: b.Name})
		}
	}
	return all
}

// columns makes columns exist, those of one event name at a time.
func (d *Desk) columns(ctx context.Context, r *Run, all []timeline.Column) error {
	lacking := map[string][]timeline.Column{}
	var names []string
	d.o.Timeline.Read(func(reader *timeline.Reader) {
		for _, c := range all {
			if _, ok := reader.Col(c); ok || slices.Contains(lacking[c.Event], c) {
				continue
			}
			if lacking[c.Event] == nil {
				names = append(names, c.Event)
			}
			lacking[c.Event] = append(lacking[c.Event], c)
		}
	})
	if len(names) == 0 {
		return nil
	}
	r.Stage(StageColumns, int64(len(names)))
	for _, name := range names {
		if err := d.o.Timeline.Want(ctx, lacking[name]); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fault.Wrap(err, fault.Unavailable, "insight.columns", "the properties of %q could not be read; try again", name)
		}
		r.Done(1)
	}
	return nil
}

// ask is what a breakdown wants to know of people; not ok if nothing.
func (b *Breakdown) ask() (ask membership.Ask, ok bool) {
	if b == nil {
		return ask, false
	}
	switch b.By {
	case ByFirstChannel:
		ask.Channels = true
	case ByTrait:
		ask.Traits = []string{b.Name}
	case ByTier:
		ask.Tiers = []string{b.Name}
	case BySegment:
		ask.Segments = b.Names
	case ByTag:
		ask.Tags = b.Names
	case ByProperty, ByEventChannel:
		return ask, false
	default:
		return ask, false
	}
	return ask, true
}

// place is where something stands in a query.
func place(format string, args ...any) string { return fmt.Sprintf(format, args...) }
