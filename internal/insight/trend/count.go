package trend

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// counting is one query being counted.
type counting struct {
	q     Query
	plan  *insight.Plan
	spans []*calendar.Parts // the range, and the former one if there is one
	kept  atomic.Int64      // values for percentiles
	many  atomic.Bool       // they are too many
}

// worker is what one goroutine of a scan counts in.
type worker struct {
	*counting
	steps   []*insight.Matcher
	columns []int // by series: of the property that is measured; -1 for the amount or none
	tables  []*table
	ranks   []rank // by group, once there are too many for tables: the first series in the range
	few     int    // up to so many groups there are tables
	slim    bool   // there are more: only ranks are kept
	place   func(v *insight.View, group int) int
	one     []int
}

// rank says how large a group is, by the first series.
type rank struct {
	n, people, person int64
	sum               float64
}

func (c *counting) begin(v *insight.View) *worker {
	w := &worker{counting: c, few: c.few()}
	for i, s := range c.q.Series {
		w.steps = append(w.steps, v.Step(i))
		column := -1
		if s.Measure.ofValues() && s.Of != Revenue {
			if col, ok := v.Col(timeline.Column{Event: s.Event, Property: s.Of}); ok {
				column = col
			}
		}
		w.columns = append(w.columns, column)
	}
	for _, p := range c.spans {
		w.tables = append(w.tables, newTable(c.q.Series, p.Len()))
	}
	return w
}

// visit counts a person's events.
func (w *worker) visit(v *insight.View, person int64, q *timeline.Sequence) {
	for k, parts := range w.spans {
		n := insight.Upto(q, parts.End)
		from := q.From(parts.Starts[0])
		switch {
		case from >= n:
		case len(w.steps) == 1 && !w.q.Series[0].Measure.ofValues():
			w.quick(v, person, q, k, from, n)
		default:
			w.span(v, person, q, k, from, n)
		}
	}
}

// quick is span for one series that is not of values, the most frequent question.
func (w *worker) quick(v *insight.View, person int64, q *timeline.Sequence, k, from, to int) {
	step, parts, t := w.steps[0], w.spans[k], &w.tables[k].series[0]
	ofEvents, group := w.q.Breakdown.EventBreakdown(), 0
	if !ofEvents && w.q.Breakdown != nil {
		groups := v.Groups(person)
		if len(groups) != 1 {
			w.span(v, person, q, k, from, to)
			return
		}
		group = groups[0]
	}
	part, until := 0, int64(math.MinInt64)
	for i := from; i < to; i++ {
		if !step.Matches(q, i) {
			continue
		}
		if at := q.Times[i]; at >= until {
			part = parts.At(at)
			until = parts.Ends(part)
		}
		g := group
		if ofEvents {
			g = v.EventGroup(q, i)
		}
		if w.place != nil || w.slim || g >= w.few {
			w.event(v, person, q, k, 0, i, g, part)
			continue
		}
		t.event(g, part, person)
	}
}

// span counts the events [from, to) in one of the ranges.
func (w *worker) span(v *insight.View, person int64, q *timeline.Sequence, k, from, to int) {
	parts, ofEvents := w.spans[k], w.q.Breakdown.EventBreakdown()
	part, until := 0, int64(math.MinInt64)
	var groups []int
	for i := from; i < to; i++ {
		known := false
		for s, step := range w.steps {
			if !step.Matches(q, i) {
				continue
			}
			if at := q.Times[i]; at >= until {
				part = parts.At(at)
				until = parts.Ends(part)
			}
			if !known {
				known = true
				if ofEvents {
					w.one = append(w.one[:0], v.EventGroup(q, i))
					groups = w.one
				} else if groups == nil {
					w.one = append(w.one[:0], v.Groups(person)...)
					groups = w.one
				}
			}
			for _, group := range groups {
				w.event(v, person, q, k, s, i, group, part)
			}
		}
	}
}

// event counts one event of a series in a group.
func (w *worker) event(v *insight.View, person int64, q *timeline.Sequence, k, s, i, group, part int) {
	measure := w.q.Series[s].Measure
	var value float64
	var minor int64
	money := w.q.Series[s].Of == Revenue
	if measure.ofValues() {
		var ok bool
		switch {
		case money:
			if minor, ok = q.Amount(i); ok {
				value = float64(minor)
			}
		case w.columns[s] >= 0:
			value, ok = q.Number(w.columns[s], i)
		}
		if !ok {
			return
		}
	}
	if w.place != nil {
		group = w.place(v, group)
	} else if w.slim || group >= w.few {
		w.slimmer()
		if k == 0 && s == 0 {
			w.weigh(group, person, value)
		}
		return
	}
	t := &w.tables[k].series[s]
	switch {
	case !measure.ofValues():
		t.event(group, part, person)
	case money:
		t.amount(group, part, person, minor)
	default:
		t.number(group, part, person, value)
	}
	if len(t.values) > 0 {
		if w.tables[k].values++; w.tables[k].values&0xffff == 0 && w.kept.Add(1<<16) > maxValues {
			w.many.Store(true)
			t.values = make([][]float64, len(t.values)) // the answer is a fault; let the memory go
		}
	}
}

// slimmer stops counting in detail: there are too many groups.
func (w *worker) slimmer() {
	if !w.slim {
		w.slim = true
		t := &w.tables[0].series[0]
		for group := range t.seen {
			w.ranks = append(w.ranks, t.rank(group))
		}
		for i, p := range w.spans {
			w.tables[i] = newTable(w.q.Series, p.Len())
		}
	}
}

// weigh notes how large the groups are.
func (w *worker) weigh(group int, person int64, value float64) {
	for len(w.ranks) <= group {
		w.ranks = append(w.ranks, rank{})
	}
	r := &w.ranks[group]
	r.n++
	r.sum += value
	if r.person != person {
		r.person = person
		r.people++
	}
}

// few is up to how many groups everything is counted in the first pass, so that tables stay small.
func (c *counting) few() int {
	return min(200, max(1, maxCells/(c.spans[0].Len()*len(c.q.Series))))
}

// weight is how large a group is: by the measure, where it grows with the group, else by its events.
func (w *worker) weight(group int) int64 {
	var r rank
	if !w.slim {
		r = w.tables[0].series[0].rank(group)
	} else if group < len(w.ranks) {
		r = w.ranks[group]
	}
	switch w.q.Series[0].Measure {
	case People:
		return r.people
	case Sum:
		return int64(max(0, min(r.sum, math.MaxInt64/2)))
	case Count, PerPerson, Average, Min, Max, P50, P75, P90, P95, P99:
		return r.n
	}
	return 0
}

// counted is what a query has counted: by span, and the groups of all tables.
type counted struct {
	tables []*table
	groups *insight.Grouping
}

// count goes through everybody, once or, if small groups are to be put together, twice.
func (c *counting) count(ctx context.Context, r *insight.Run) (*counted, error) {
	workers, err := c.scan(ctx, r, c.begin)
	if err != nil {
		return nil, err
	}
	g := c.plan.Groups(func(worker, group int) int64 { return workers[worker].weight(group) })
	if cells := len(g.List) * (c.spans[0].Len() + 1) * len(c.q.Series); cells > maxCells {
		return nil, tooBig()
	}
	slim, rest := false, false
	for _, w := range workers {
		slim = slim || w.slim
	}
	for _, of := range g.List {
		rest = rest || of.Rest
	}
	if !slim && !rest {
		return c.merged(g, workers, func(worker int) []int { return placesOf(g, worker, workers[worker].groups()) }), nil
	}
	// People may be in several of the groups that are put together: they have to be counted again with the groups known.
	c.kept.Store(0)
	again, err := c.scan(ctx, r, func(v *insight.View) *worker {
		w := c.begin(v)
		w.place = placer(g)
		return w
	})
	if err != nil {
		return nil, err
	}
	return c.merged(g, again, func(int) []int { return nil }), nil
}

func (c *counting) scan(ctx context.Context, r *insight.Run, begin func(v *insight.View) *worker) ([]*worker, error) {
	from := c.spans[0].Starts[0]
	for _, p := range c.spans {
		from = min(from, p.Starts[0])
	}
	workers, err := insight.Scan(ctx, r, c.plan, from, begin, (*worker).visit)
	if err == nil && c.many.Load() {
		err = tooManyValues()
	}
	return workers, err
}

// groups is how many groups a worker has met.
func (w *worker) groups() int {
	n := len(w.ranks)
	for _, t := range w.tables {
		for i := range t.series {
			n = max(n, len(t.series[i].seen))
		}
	}
	return n
}

func placesOf(g *insight.Grouping, worker, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = g.At(worker, i)
	}
	return out
}

// placer finds the place of a worker's group in the list.
func placer(g *insight.Grouping) func(v *insight.View, group int) int {
	rest := 0
	for i, of := range g.List {
		if of.Rest {
			rest = i
		}
	}
	var known []int // by group: place + 1
	return func(v *insight.View, group int) int {
		for len(known) <= group {
			known = append(known, 0)
		}
		if known[group] == 0 {
			at, ok := g.Find(v.Group(group))
			if !ok {
				at = rest
			}
			known[group] = at + 1
		}
		return known[group] - 1
	}
}

func (c *counting) merged(g *insight.Grouping, workers []*worker, places func(worker int) []int) *counted {
	out := &counted{groups: g}
	for k, p := range c.spans {
		t := newTable(c.q.Series, p.Len())
		for i, w := range workers {
			t.merge(w.tables[k], places(i))
		}
		out.tables = append(out.tables, t)
	}
	return out
}
