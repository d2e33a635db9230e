package distribution

import (
	"context"
	"math"
	"strings"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// look is a query made ready to go through people.
type look struct {
	q     Query
	plan  *insight.Plan
	days  *calendar.Parts
	known insight.Known // of a trait
	held  atomic.Int64
	want  *wanted
}

func (s *Service) look(ctx context.Context, r *insight.Run, q Query) (*look, error) {
	span, err := s.desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	l := &look{q: q, days: span.Parts(calendar.ByDay)}
	need := insight.Need{People: q.People, Breakdown: q.Breakdown, Field: "step"}
	if q.Figure == OfTrait {
		if err := s.knows(ctx, q.Name); err != nil {
			return nil, err
		}
		if l.known, err = s.desk.Known(ctx, membership.Ask{Traits: []string{q.Name}}); err != nil {
			return nil, err
		}
	} else {
		need.Steps = []insight.Step{q.Step}
		if q.Name != "" && q.Name != Revenue {
			need.Columns = []timeline.Column{{Event: q.Step.Event, Property: q.Name}}
		}
	}
	l.plan, err = s.desk.Plan(ctx, r, need)
	return l, err
}

// looker is what one goroutine finds.
type looker struct {
	*look
	step   *insight.Matcher
	column int
	groups []tally
	people int64             // with a figure
	found  *roaring64.Bitmap // in the bar that is wanted
	events []own             // of the present person, by group
	used   []int             // groups in events
}

// own is a person's figure in one group.
type own struct {
	n, last, days int64 // last is the day of the last event, from 1
	sum           float64
	minor         int64
	has           bool
}

func (l *look) scan(ctx context.Context, r *insight.Run, want *wanted) ([]*looker, error) {
	l.want = want
	from := l.days.Starts[0]
	if l.q.Figure == OfTrait {
		from = math.MaxInt64 // no events
	}
	workers, err := insight.Scan(ctx, r, l.plan, from, func(v *insight.View) *looker {
		w := &looker{look: l, column: -1, found: roaring64.New()}
		if l.q.Figure == OfTrait {
			return w
		}
		w.step = v.Step(0)
		if col, ok := v.Col(timeline.Column{Event: l.q.Step.Event, Property: l.q.Name}); ok && l.q.Name != Revenue {
			w.column = col
		}
		return w
	}, (*looker).visit)
	if err == nil && l.held.Load() > maxFigures/4 {
		err = tooMany()
	}
	return workers, err
}

// n is how much is in a group.
func (w *looker) n(group int) (n int64) {
	if group >= len(w.groups) {
		return 0
	}
	for _, k := range w.groups[group].numbers {
		n += k
	}
	for _, k := range w.groups[group].texts {
		n += k
	}
	return n
}

func (w *looker) visit(v *insight.View, person int64, q *timeline.Sequence) {
	before := w.people
	switch w.q.Figure {
	case OfTrait:
		w.trait(v, person)
	case OfProperty:
		w.property(v, person, q)
	case OfTimes, OfDays, OfSum:
		w.times(v, person, q)
	}
	if w.want != nil && w.want.of.None && w.people == before && w.want.group(insight.Group{}) {
		w.found.Add(uint64(person))
	}
}

func (w *looker) trait(v *insight.View, person int64) {
	value := w.known.Trait(0, person)
	if value.Kind == event.Missing {
		return
	}
	w.people++
	for _, g := range v.Groups(person) {
		w.value(v, person, g, value)
	}
}

// property takes the value of each event.
func (w *looker) property(v *insight.View, person int64, q *timeline.Sequence) {
	ofEvents := w.q.Breakdown.EventBreakdown()
	any := false
	for i := q.From(w.days.Starts[0]); i < insight.Upto(q, w.days.End); i++ {
		if !w.step.Matches(q, i) {
			continue
		}
		var value event.Value
		if w.q.Name == Revenue {
			if minor, ok := q.Amount(i); ok {
				value = event.NumberValue(float64(minor))
			}
		} else if w.column >= 0 {
			value = q.Value(w.column, i)
		}
		if value.Kind == event.Missing {
			continue
		}
		any = true
		if ofEvents {
			w.value(v, person, v.EventGroup(q, i), value)
			continue
		}
		for _, g := range v.Groups(person) {
			w.value(v, person, g, value)
		}
	}
	if any {
		w.people++
	}
}

// value counts a value, or finds the person for it.
func (w *looker) value(v *insight.View, person int64, group int, value event.Value) {
	text := value.Text
	if value.Kind == event.Bool {
		text = "false"
		if value.Num != 0 {
			text = "true"
		}
	}
	if w.want != nil {
		fits := value.Kind == event.Number && w.want.number(value.Num) || value.Kind != event.Number && w.want.text(text)
		if fits && w.want.group(v.Group(group)) {
			w.found.Add(uint64(person))
		}
		return
	}
	t := w.tally(group)
	if value.Kind == event.Number {
		w.count(t, value.Num)
		return
	}
	if _, ok := t.texts[text]; !ok {
		text = strings.Clone(text) // it lies in mapped memory
		w.held.Add(1)
	}
	t.texts[text]++
}

func (w *looker) tally(group int) *tally {
	for len(w.groups) <= group {
		w.groups = append(w.groups, tally{numbers: map[float64]int64{}, texts: map[string]int64{}})
	}
	return &w.groups[group]
}

func (w *looker) count(t *tally, figure float64) {
	n := t.numbers[figure]
	if n == 0 && w.held.Add(1) > maxFigures/4 {
		return // the answer is a fault
	}
	t.numbers[figure] = n + 1
}

// times takes the figure of each person.
func (w *looker) times(v *insight.View, person int64, q *timeline.Sequence) {
	ofEvents := w.q.Breakdown.EventBreakdown()
	var groups []int
	for i := q.From(w.days.Starts[0]); i < insight.Upto(q, w.days.End); i++ {
		if !w.step.Matches(q, i) {
			continue
		}
		if ofEvents {
			w.add(q, i, v.EventGroup(q, i))
			continue
		}
		if groups == nil {
			groups = v.Groups(person)
		}
		for _, g := range groups {
			w.add(q, i, g)
		}
	}
	any := false
	for _, g := range w.used {
		o := &w.events[g]
		if w.q.Figure != OfSum || o.has {
			any = true
			w.figure(v, person, g, o)
		}
		*o = own{}
	}
	if w.used = w.used[:0]; any {
		w.people++
	}
}

// add takes an event into a person's figures.
func (w *looker) add(q *timeline.Sequence, i, group int) {
	for len(w.events) <= group {
		w.events = append(w.events, own{})
	}
	o := &w.events[group]
	if o.n == 0 {
		w.used = append(w.used, group)
	}
	o.n++
	switch {
	case w.q.Figure == OfDays:
		if day := int64(w.days.At(q.Times[i])) + 1; day != o.last {
			o.last = day
			o.days++
		}
	case w.q.Figure != OfSum:
	case w.q.Name == Revenue:
		if minor, ok := q.Amount(i); ok {
			o.minor, o.has = o.minor+minor, true
		}
	case w.column >= 0:
		if n, ok := q.Number(w.column, i); ok {
			o.sum, o.has = o.sum+n, true
		}
	}
}

func (w *looker) figure(v *insight.View, person int64, group int, o *own) {
	figure := float64(o.n)
	switch {
	case w.q.Figure == OfDays:
		figure = float64(o.days)
	case w.q.Figure == OfSum && w.q.Name == Revenue:
		figure = float64(o.minor)
	case w.q.Figure == OfSum:
		figure = o.sum
	}
	if w.want == nil {
		w.count(w.tally(group), figure)
		return
	}
	if w.want.number(figure) && w.want.group(v.Group(group)) {
		w.found.Add(uint64(person))
	}
}
