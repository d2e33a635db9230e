package trend

import (
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/tier"
)

// table holds what one worker has counted: for each series, group and part. Groups are added as they come.
type table struct {
	parts  int
	series []tally
	values int // kept for percentiles
}

// tally is the figures of one series, group by group. Which of them are there depends on the measure.
type tally struct {
	measure Measure
	parts   int
	seen    []seen
	cells   []cell      // group * parts + part
	first   []int64     // as cells: people whose first event of the range is in the part
	values  [][]float64 // as cells, of percentiles
}

// seen is who was counted last in a group, and in which part: a person's events come together and in order.
type seen struct {
	person int64
	part   int32
}

// cell is what has been counted in one place.
type cell struct {
	n, people int64   // events (those with a number, if values are measured); people
	minor     int64   // sum of amounts
	sum, low  float64 // sum of numbers, and what rounding took from it
	min, max  float64
}

func newTable(series []Series, parts int) *table {
	t := &table{parts: parts}
	for _, s := range series {
		t.series = append(t.series, tally{measure: s.Measure, parts: parts})
	}
	return t
}

// reach makes room for a group.
func (t *tally) reach(group int) {
	for len(t.seen) <= group {
		t.seen = append(t.seen, seen{part: -1})
		t.cells = append(t.cells, make([]cell, t.parts)...)
		t.first = append(t.first, make([]int64, t.parts)...)
		if _, ok := t.measure.quantile(); ok {
			t.values = append(t.values, make([][]float64, t.parts)...)
		}
	}
}

// event counts an event of a person.
func (t *tally) event(group, part int, person int64) *cell {
	if group >= len(t.seen) {
		t.reach(group)
	}
	at := group*t.parts + part
	here := &t.cells[at]
	here.n++
	if s := &t.seen[group]; s.person != person {
		s.person, s.part = person, int32(part)
		here.people++
		t.first[at]++
	} else if s.part != int32(part) {
		s.part = int32(part)
		here.people++
	}
	return here
}

// amount adds an event with an amount in minor units.
func (t *tally) amount(group, part int, person, minor int64) {
	here := t.event(group, part, person)
	here.minor += minor
	v := float64(minor)
	here.bounds(v)
	t.keep(group, part, v)
}

// number adds an event with a number.
func (t *tally) number(group, part int, person int64, v float64) {
	here := t.event(group, part, person)
	here.add(v)
	here.bounds(v)
	t.keep(group, part, v)
}

func (t *tally) keep(group, part int, v float64) {
	if len(t.values) > 0 {
		at := group*t.parts + part
		t.values[at] = append(t.values[at], v)
	}
}

func (c *cell) bounds(v float64) {
	if c.n == 1 {
		c.min, c.max = v, v
		return
	}
	c.min, c.max = min(c.min, v), max(c.max, v)
}

// add sums with twice the digits, so that the order in which workers come to people does not show: Knuth's two-sum (The Art of Computer
// Programming 2, 4.2.2, theorem B).
func (c *cell) add(v float64) {
	s := c.sum + v
	back := s - c.sum
	c.low += (c.sum - (s - back)) + (v - back)
	c.sum = s
}

func (c *cell) total() float64 { return c.sum + c.low }

// merge adds another cell.
func (c *cell) merge(d *cell) {
	if d.n > 0 {
		if c.n == 0 {
			c.min, c.max = d.min, d.max
		} else {
			c.min, c.max = min(c.min, d.min), max(c.max, d.max)
		}
	}
	c.n += d.n
	c.people += d.people
	c.minor += d.minor
	c.add(d.sum)
	c.low += d.low
}

// merge adds another worker's figures; group says which group here is which there, -1 for none.
func (t *table) merge(other *table, group []int) {
	for i := range t.series {
		a, b := &t.series[i], &other.series[i]
		for from := range b.seen {
			to := from
			if group != nil {
				to = group[from]
			}
			if to < 0 {
				continue
			}
			a.reach(to)
			for k := range t.parts {
				a.cells[to*t.parts+k].merge(&b.cells[from*t.parts+k])
				a.first[to*t.parts+k] += b.first[from*t.parts+k]
				if len(b.values) > 0 {
					a.values[to*t.parts+k] = append(a.values[to*t.parts+k], b.values[from*t.parts+k]...)
				}
			}
		}
	}
}

// figures are the measure of a group: part by part, over the whole range, and running. NaN is null.
func (t *tally) figures(group int, money bool) (values []float64, total float64, running []float64) {
	t.reach(group)
	values, running = make([]float64, t.parts), make([]float64, t.parts)
	var far cell
	q, percentile := t.measure.quantile()
	var all []float64
	for k := range t.parts {
		c := &t.cells[group*t.parts+k]
		people := far.people + t.first[group*t.parts+k]
		far.merge(c)
		far.people = people
		if percentile {
			v := t.values[group*t.parts+k]
			slices.Sort(v)
			all = append(all, v...)
			values[k], running[k] = quantile(v, q), math.NaN()
			continue
		}
		values[k], running[k] = c.figure(t.measure, money), far.figure(t.measure, money)
	}
	if percentile {
		slices.Sort(all)
		return values, quantile(all, q), running
	}
	return values, far.figure(t.measure, money), running
}

func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return tier.Quantile(sorted, q)
}

// figure is a measure of a cell that is no percentile.
func (c *cell) figure(m Measure, money bool) float64 {
	sum := c.total()
	if money {
		sum = float64(c.minor)
	}
	switch {
	case m == Count:
		return float64(c.n)
	case m == People:
		return float64(c.people)
	case m == Sum:
		return sum
	case c.n == 0:
		return math.NaN()
	}
	switch m {
	case PerPerson:
		return float64(c.n) / float64(c.people)
	case Average:
		return sum / float64(c.n)
	case Min:
		return c.min
	case Max:
		return c.max
	case Count, People, Sum, P50, P75, P90, P95, P99:
	}
	return math.NaN()
}

// rank is how large a group is so far.
func (t *tally) rank(group int) (r rank) {
	if group >= len(t.seen) {
		return r
	}
	r.person = t.seen[group].person
	for k := range t.parts {
		c := &t.cells[group*t.parts+k]
		r.n += c.n
		r.people += t.first[group*t.parts+k]
		r.sum += c.total() + float64(c.minor)
	}
	return r
}
