package distribution

import (
	"context"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Interval: how long it takes a person from an event (the start) to the next event of another kind, or of the same kind (the end). From order to
// order it is the repurchase interval.
//
// A start waits for the first end behind it in the person's order; an event that is both ends the waiting before it and begins another. Of several
// starts that wait for one end, the pairing says which count: every one, the first, or the last. Start and end both lie in the range. An interval
// longer than Within is none, and its start waits no more. A person with a start that no end has followed yet is waiting.

// Pairing says which starts count.
type Pairing string

// The pairings.
const (
	Every Pairing = "every"
	First Pairing = "first"
	Last  Pairing = "last"
)

// IntervalQuery asks how long it takes.
type IntervalQuery struct {
	insight.Common
	Start     insight.Step       `json:"start" doc:"From this event on"`
	End       insight.Step       `json:"end" doc:"To this one; the same for the time between two of a kind"`
	Pair      Pairing            `json:"pair,omitempty" enum:"every,first,last" doc:"Which of several starts before one end count; every one unless said"`
	Within    int                `json:"within,omitempty" minimum:"0" maximum:"3660" doc:"Longer than so many days (of 24 hours) is no interval; 0 for no bound"`
	Edges     []float64          `json:"edges,omitempty" maxItems:"100" doc:"Bounds between bins in seconds, rising; chosen from the figures if empty"`
	Breakdown *insight.Breakdown `json:"breakdown,omitempty" doc:"Of the start, or of the person"`
}

// IntervalPart is the intervals of one group.
type IntervalPart struct {
	Group   *insight.Group `json:"group,omitempty"`
	People  int64          `json:"people" doc:"With at least one interval"`
	Waiting int64          `json:"waiting" doc:"People whose last start no end has followed yet"`
	Spread  Spread         `json:"spread" doc:"In seconds"`
	Counts  []int64        `json:"counts" nullable:"false" doc:"Intervals by bin"`
}

// IntervalAnswer is how long it takes.
type IntervalAnswer struct {
	Bins  []Bin          `json:"bins" nullable:"false" doc:"In seconds"`
	Parts []IntervalPart `json:"parts" nullable:"false" doc:"One, or one for each group"`
}

// IntervalOf is people of a bar, or those who wait.
type IntervalOf struct {
	From    *float64       `json:"from,omitempty" doc:"Seconds"`
	To      *float64       `json:"to,omitempty"`
	Waiting bool           `json:"waiting,omitempty"`
	Group   *insight.Group `json:"group,omitempty"`
}

func checkInterval(_ context.Context, q *IntervalQuery) error {
	var c fault.Check
	if q.Pair == "" {
		q.Pair = Every
	}
	c.That(q.Pair == Every || q.Pair == First || q.Pair == Last, "body.pair", "every, first or last")
	c.That(q.Within >= 0 && q.Within <= 3660, "body.within", "0 to 3660 days")
	checkEdges(&c, "body.edges", q.Edges)
	return c.Err("interval.invalid", "this cannot be asked for; see errors")
}

// pairs is a query made ready.
type pairs struct {
	q    IntervalQuery
	plan *insight.Plan
	days *calendar.Parts
	held atomic.Int64
	want *IntervalOf
	none func(g insight.Group) bool // whether a group is in the rest
}

// pairer is what one goroutine finds.
type pairer struct {
	*pairs
	start, end *insight.Matcher
	groups     []gaps
	waits      []wait
	found      *roaring64.Bitmap
}

// gaps are the intervals of a group.
type gaps struct {
	seconds                 []float64
	people, person, waiting int64
}

// wait is a start that no end has followed yet.
type wait struct {
	at    int64
	group int // of the event; -1: of the person
}

func (s *Service) pairs(ctx context.Context, r *insight.Run, q IntervalQuery) (*pairs, error) {
	span, err := s.desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	p := &pairs{q: q, days: span.Parts(calendar.ByDay)}
	p.plan, err = s.desk.Plan(ctx, r, insight.Need{Steps: []insight.Step{q.Start, q.End}, People: q.People, Breakdown: q.Breakdown, Field: "steps"})
	return p, err
}

func (p *pairs) scan(ctx context.Context, r *insight.Run) ([]*pairer, error) {
	workers, err := insight.Scan(ctx, r, p.plan, p.days.Starts[0], func(v *insight.View) *pairer {
		return &pairer{pairs: p, start: v.Step(0), end: v.Step(1), found: roaring64.New()}
	}, (*pairer).visit)
	if err == nil && p.held.Load() > maxFigures {
		err = tooMany()
	}
	return workers, err
}

func (w *pairer) visit(v *insight.View, person int64, q *timeline.Sequence) {
	ofEvents := w.q.Breakdown.EventBreakdown()
	limit := int64(w.q.Within) * 86_400_000_000
	w.waits = w.waits[:0]
	for i := q.From(w.days.Starts[0]); i < insight.Upto(q, w.days.End); i++ {
		at := q.Times[i]
		if len(w.waits) > 0 && w.end.Matches(q, i) {
			for _, from := range w.waits {
				if limit == 0 || at-from.at <= limit {
					w.gap(v, person, from.group, float64(at-from.at)/1e6)
				}
			}
			w.waits = w.waits[:0]
		}
		if !w.start.Matches(q, i) {
			continue
		}
		from := wait{at, -1}
		if ofEvents {
			from.group = v.EventGroup(q, i)
		}
		switch {
		case len(w.waits) == 0 || w.q.Pair == Every:
			w.waits = append(w.waits, from)
		case w.q.Pair == Last:
			w.waits[0] = from
		case limit > 0 && at-w.waits[0].at > limit: // the first one waits no more
			w.waits[0] = from
		}
	}
	if n := len(w.waits); n > 0 {
		if last := w.waits[n-1]; limit == 0 || w.days.End-last.at <= limit {
			w.wait(v, person, last.group)
		}
	}
}

// in gives each group that an interval is in.
func (w *pairer) in(v *insight.View, person int64, group int, yield func(group int)) {
	if group >= 0 {
		yield(group)
		return
	}
	for _, g := range v.Groups(person) {
		yield(g)
	}
}

func (w *pairer) gap(v *insight.View, person int64, group int, seconds float64) {
	w.in(v, person, group, func(g int) {
		if w.want != nil {
			if !w.want.Waiting && in(seconds, w.want.From, w.want.To) && w.fits(v, g) {
				w.found.Add(uint64(person))
			}
			return
		}
		t := w.group(g)
		if w.held.Add(1) > maxFigures {
			t.seconds = nil // the answer is a fault
			return
		}
		t.seconds = append(t.seconds, seconds)
		if t.person != person {
			t.person = person
			t.people++
		}
	})
}

func (w *pairer) wait(v *insight.View, person int64, group int) {
	w.in(v, person, group, func(g int) {
		if w.want == nil {
			w.group(g).waiting++
		} else if w.want.Waiting && w.fits(v, g) {
			w.found.Add(uint64(person))
		}
	})
}

func (w *pairer) group(g int) *gaps {
	for len(w.groups) <= g {
		w.groups = append(w.groups, gaps{})
	}
	return &w.groups[g]
}

func (w *pairer) fits(v *insight.View, g int) bool {
	switch of := w.want.Group; {
	case of == nil:
		return true
	case of.Rest:
		return w.none(v.Group(g))
	default:
		return v.Group(g).Same(*of)
	}
}

// Interval answers a query.
func (s *Service) Interval(ctx context.Context, r *insight.Run, q IntervalQuery) (IntervalAnswer, error) {
	p, err := s.pairs(ctx, r, q)
	if err != nil {
		return IntervalAnswer{}, err
	}
	workers, err := p.scan(ctx, r)
	if err != nil {
		return IntervalAnswer{}, err
	}
	g := p.plan.Groups(func(worker, group int) int64 {
		if group >= len(workers[worker].groups) {
			return 0
		}
		return int64(len(workers[worker].groups[group].seconds))
	})
	sum := make([]gaps, len(g.List))
	var all []float64
	for i, w := range workers {
		for group, t := range w.groups {
			to := &sum[g.At(i, group)]
			to.seconds = append(to.seconds, t.seconds...)
			to.people += t.people
			to.waiting += t.waiting
			all = append(all, t.seconds...)
		}
	}
	a := IntervalAnswer{Bins: []Bin{}, Parts: []IntervalPart{}}
	edges := q.Edges
	if len(edges) == 0 {
		edges = edgesOf(Seconds, ordered(all))
	}
	if len(all) > 0 {
		a.Bins = binsOf(edges)
	}
	for i := range sum {
		f := ordered(sum[i].seconds)
		part := IntervalPart{People: sum[i].people, Waiting: sum[i].waiting, Spread: f.spread(), Counts: []int64{}}
		if len(all) > 0 {
			part.Counts = f.counts(edges)
		}
		if q.Breakdown != nil {
			part.Group = &g.List[i]
		}
		a.Parts = append(a.Parts, part)
	}
	return a, p.recount(ctx, r, g, a.Parts)
}

// recount counts the people of the rest, each once: they may be in several of the groups that were put together.
func (p *pairs) recount(ctx context.Context, r *insight.Run, g *insight.Grouping, parts []IntervalPart) error {
	for i, of := range g.List {
		if !of.Rest {
			continue
		}
		p.none = func(has insight.Group) bool { _, named := g.Find(has); return !named }
		for waiting, n := range map[bool]*int64{false: &parts[i].People, true: &parts[i].Waiting} {
			p.want = &IntervalOf{Group: &of, Waiting: waiting}
			found, err := p.found(ctx, r)
			if err != nil {
				return err
			}
			*n = int64(found.GetCardinality())
		}
	}
	return nil
}

func (p *pairs) found(ctx context.Context, r *insight.Run) (*roaring64.Bitmap, error) {
	workers, err := p.scan(ctx, r)
	out := roaring64.New()
	for _, w := range workers {
		out.Or(w.found)
	}
	return out, err
}

// IntervalPeople are those with an interval of a bin, or those who wait.
func (s *Service) IntervalPeople(ctx context.Context, r *insight.Run, q IntervalQuery, of IntervalOf) (*roaring64.Bitmap, error) {
	p, err := s.pairs(ctx, r, q)
	if err != nil {
		return nil, err
	}
	if of.Group != nil && of.Group.Rest {
		a, err := s.Interval(ctx, r, q)
		if err != nil {
			return nil, err
		}
		p.none = func(has insight.Group) bool {
			return !slices.ContainsFunc(a.Parts, func(part IntervalPart) bool { return part.Group != nil && part.Group.Same(has) })
		}
	}
	p.want = &of
	return p.found(ctx, r)
}

func tabulateInterval(_ IntervalQuery, a IntervalAnswer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{
		say("分组", "Group"), say("人数", "People"), say("间隔数", "Intervals"), say("等待中的人", "Waiting"), say("平均（秒）", "Mean (s)"), say("下四分位（秒）", "Q1 (s)"),
		say("中位数（秒）", "Median (s)"), say("上四分位（秒）", "Q3 (s)"), say("90 分位（秒）", "P90 (s)"),
	}}
	for _, b := range a.Bins {
		t.Columns = append(t.Columns, secondsName(b, say))
	}
	for _, p := range a.Parts {
		name := say("全部", "All")
		if p.Group != nil {
			name = groupName(*p.Group, say)
		}
		row := []any{name, p.People, p.Spread.N, p.Waiting, p.Spread.Mean, p.Spread.Q1, p.Spread.Median, p.Spread.Q3, p.Spread.P90}
		for _, n := range p.Counts {
			row = append(row, n)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func secondsName(b Bin, say insight.Say) string {
	text := func(v *float64) string { return strconv.FormatFloat(*v, 'f', -1, 64) }
	switch {
	case b.From == nil && b.To == nil:
		return say("全部", "All")
	case b.From == nil:
		return "< " + text(b.To) + " s"
	case b.To == nil:
		return "≥ " + text(b.From) + " s"
	}
	return text(b.From) + "–" + text(b.To) + " s"
}

func itoa(n int) string { return strconv.Itoa(n) }
