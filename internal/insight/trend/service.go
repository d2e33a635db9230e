package trend

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Service answers trends.
type Service struct{ desk *insight.Desk }

// Register makes trends a kind of question of the desk.
func Register(d *insight.Desk) *Service {
	s := &Service{desk: d}
	insight.Register(d, insight.Kind[Query, Answer, Of]{
		Name: "trend", Summary: "How much, how many and how often, over time",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check:  check, Run: s.Run, People: s.People, Table: tabulate,
	})
	return s
}

// span is the range of a query with the one before it.
type span struct {
	calendar.Range
	then   calendar.Range
	shift  shift
	former bool
}

func (s *Service) span(q *Query) (span, error) {
	r, err := s.desk.Range(q.Span)
	if err != nil {
		return span{}, err
	}
	out := span{Range: r, former: q.Compare != Nothing}
	if out.former {
		out.shift = shiftOf(r, q.Grain, q.Compare)
		out.then = out.shift.former(r)
	}
	return out, nil
}

// plan readies the counting of a query.
func (s *Service) plan(ctx context.Context, r *insight.Run, q Query, sp span) (*counting, error) {
	c := &counting{q: q, spans: []*calendar.Parts{partsOf(sp.Range, q.Grain)}}
	if sp.former {
		c.spans = append(c.spans, partsOf(sp.then, q.Grain))
	}
	if n := c.spans[0].Len(); n > maxPoints {
		return nil, tooMany(n)
	}
	need := insight.Need{People: q.People, Breakdown: q.Breakdown, Field: "series"}
	for _, series := range q.Series {
		need.Steps = append(need.Steps, series.Step)
		if series.Measure.ofValues() && series.Of != Revenue {
			need.Columns = append(need.Columns, timeline.Column{Event: series.Event, Property: series.Of})
		}
	}
	var err error
	c.plan, err = s.desk.Plan(ctx, r, need)
	return c, err
}

// Run answers a query.
func (s *Service) Run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	sp, err := s.span(&q)
	if err != nil {
		return Answer{}, err
	}
	c, err := s.plan(ctx, r, q, sp)
	if err != nil {
		return Answer{}, err
	}
	got, err := c.count(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	var beside []int
	if sp.former {
		beside = sp.shift.beside(c.spans[0], c.spans[1], q.Grain, sp.Zone)
	}
	a, err := c.answer(got, sp.Range, beside, s.desk.Now(), s.desk.Currency())
	if err == nil && sp.former {
		a.Former = formerSpan(sp.then, c.spans[1], beside, q.Grain)
	}
	return a, err
}

// People are those with an event of the series in a point, or in the whole range.
func (s *Service) People(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	series := -1
	if len(of.Key) == 1 {
		series = int(of.Key[0]) - 'A'
	}
	if series < 0 || series >= len(q.Series) {
		return nil, fault.New(fault.Invalid, "trend.no_people", "a formula has no people of its own; ask for a series, A to %c", 'A'+len(q.Series)-1)
	}
	sp, err := s.span(&q)
	if err != nil {
		return nil, err
	}
	c, err := s.plan(ctx, r, q, sp)
	if err != nil {
		return nil, err
	}
	parts := c.spans[0]
	if of.Former {
		if !sp.former {
			return nil, fault.New(fault.Invalid, "trend.no_former", "the query compares with nothing")
		}
		parts = c.spans[1]
	}
	from, to := parts.Starts[0], parts.End
	if of.At != "" {
		i := 0
		for i < parts.Len() && label(parts, i, q.Grain, sp.Zone) != of.At {
			i++
		}
		if i == parts.Len() {
			return nil, fault.New(fault.Invalid, "trend.no_point", "the answer has no point %s", of.At)
		}
		from, to = parts.Starts[i], parts.Ends(i)
	}
	in, err := c.inGroup(ctx, r, of.Group)
	if err != nil {
		return nil, err
	}
	return c.people(ctx, r, series, from, to, in)
}

// inGroup says which groups of a view are the one that is asked for. Who the rest are is known only when all have been counted.
func (c *counting) inGroup(ctx context.Context, r *insight.Run, of *insight.Group) (func(v *insight.View, group int) bool, error) {
	switch {
	case of == nil || c.q.Breakdown == nil:
		return func(*insight.View, int) bool { return true }, nil
	case !of.Rest:
		return func(v *insight.View, group int) bool { return v.Group(group).Same(*of) }, nil
	}
	got, err := c.count(ctx, r)
	if err != nil {
		return nil, err
	}
	return func(v *insight.View, group int) bool {
		_, named := got.groups.Find(v.Group(group))
		return !named
	}, nil
}

// people are those who are counted in a series between two moments.
func (c *counting) people(ctx context.Context, r *insight.Run, series int, from, to int64, in func(*insight.View, int) bool) (*roaring64.Bitmap, error) {
	type found struct {
		*worker
		people *roaring64.Bitmap
	}
	ofEvents, s := c.q.Breakdown.EventBreakdown(), c.q.Series[series]
	workers, err := insight.Scan(ctx, r, c.plan, from,
		func(v *insight.View) found { return found{c.begin(v), roaring64.New()} },
		func(w found, v *insight.View, person int64, q *timeline.Sequence) {
			for i := q.From(from); i < insight.Upto(q, to); i++ {
				if !w.steps[series].Matches(q, i) || !w.has(s, series, q, i) {
					continue
				}
				fits := false
				if ofEvents {
					fits = in(v, v.EventGroup(q, i))
				} else {
					for _, g := range v.Groups(person) {
						fits = fits || in(v, g)
					}
				}
				if fits {
					w.people.Add(uint64(person))
					return
				}
			}
		})
	out := roaring64.New()
	for _, w := range workers {
		out.Or(w.people)
	}
	return out, err
}

// has says whether an event has the number that a series measures.
func (w *worker) has(s Series, series int, q *timeline.Sequence, i int) (ok bool) {
	switch {
	case !s.Measure.ofValues():
		return true
	case s.Of == Revenue:
		_, ok = q.Amount(i)
	case w.columns[series] >= 0:
		_, ok = q.Number(w.columns[series], i)
	}
	return ok
}
