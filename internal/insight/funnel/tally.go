package funnel

import (
	"time"

	"github.com/huoshui/huoshui/internal/insight"
)

// tally is what one worker counts.
type tally struct {
	n      int
	parts  interface{ At(us int64) int }
	all    counts
	whole  []int64   // waits from first to last step
	trend  [][]int64 // by part of the range, by level
	groups []counts  // by number of the group, if there is a breakdown
	weight []int64   // people by group, in a search for people
	behind [][]uint64
	found  []uint64
	none   [1]int // room for the one group of an event
}

// counts are the people of the whole funnel or a group.
type counts struct {
	levels [maxSteps + 1]int64 // by the level at which they stand
	waits  [maxSteps][]int64   // by step: µs since the step before
}

func newTally(qn *question) tally {
	t := tally{n: qn.n, parts: qn.parts, trend: make([][]int64, qn.parts.Len())}
	cells := make([]int64, len(t.trend)*(qn.n+1))
	for i := range t.trend {
		t.trend[i], cells = cells[:qn.n+1], cells[qn.n+1:]
	}
	return t
}

// tell adds a person's measured attempt.
func (t *tally) tell(a *attempt, groups []int) {
	t.all.add(a)
	if part := t.parts.At(a.times[0]); part >= 0 {
		t.trend[part][a.level]++
	}
	if a.level == t.n {
		t.whole = append(t.whole, a.times[t.n-1]-a.times[0])
	}
	for _, g := range groups {
		for g >= len(t.groups) {
			t.groups = append(t.groups, counts{})
		}
		t.groups[g].add(a)
	}
}

func (c *counts) add(a *attempt) {
	c.levels[a.level]++
	for k := 1; k < a.level; k++ {
		c.waits[k] = append(c.waits[k], a.times[k]-a.times[k-1])
	}
}

// weigh notes how many people a group has, where only people are sought.
func (t *tally) weigh(groups []int) {
	for _, g := range groups {
		for g >= len(t.weight) {
			t.weight, t.behind = append(t.weight, 0), append(t.behind, nil)
		}
		t.weight[g]++
	}
}

// people is how many people of a group did the first step.
func (t *tally) people(group int) (n int64) {
	if group < len(t.weight) {
		return t.weight[group]
	}
	if group < len(t.groups) {
		for _, m := range t.groups[group].levels[1:] {
			n += m
		}
	}
	return n
}

// groups puts the groups of all workers together, those with the most people first.
func (qn *question) groups(workers []*worker) *insight.Grouping {
	return qn.plan.Groups(func(worker, group int) int64 { return workers[worker].people(group) })
}

// sum adds what another has.
func (c *counts) sum(o *counts) {
	for k := range o.levels {
		c.levels[k] += o.levels[k]
	}
	for k := range o.waits {
		c.waits[k] = append(c.waits[k], o.waits[k]...)
	}
}

// answer puts the workers' counts together.
func (qn *question) answer(workers []*worker, now int64) Answer {
	a := Answer{Groups: []Group{}, Grain: qn.q.Grain}
	var all counts
	var whole []int64
	for _, w := range workers {
		all.sum(&w.all)
		whole = append(whole, w.whole...)
	}
	a.Steps = all.steps(qn.n, true)
	a.Times = timesOf(whole)
	for i, day := range qn.parts.Days {
		p := Point{Date: day.Format(time.DateOnly), Open: min(qn.parts.Ends(i), qn.end)+qn.window > now, Reached: make([]int64, qn.n)}
		for _, w := range workers {
			for level, people := range w.trend[i] {
				for k := range level {
					p.Reached[k] += people
				}
			}
		}
		p.People, p.Converted = p.Reached[0], p.Reached[qn.n-1]
		p.Rate = rate(p.Converted, p.People)
		a.OverTime = append(a.OverTime, p)
	}
	if qn.q.Breakdown == nil {
		return a
	}
	grouping := qn.groups(workers)
	sums := make([]counts, len(grouping.List))
	for i, w := range workers {
		for g := range w.groups {
			sums[grouping.At(i, g)].sum(&w.groups[g])
		}
	}
	for i, g := range grouping.List {
		a.Groups = append(a.Groups, Group{Group: g, Steps: sums[i].steps(qn.n, false)})
	}
	return a
}

// steps are the levels of a funnel.
func (c *counts) steps(n int, bins bool) []Level {
	out := make([]Level, n)
	for level, people := range c.levels {
		for k := range min(level, n) {
			out[k].People += people
		}
	}
	for k := range out {
		l := &out[k]
		l.Bins = []Bin{}
		l.Rate = rate(l.People, out[0].People)
		if k == 0 {
			continue
		}
		l.RatePrevious, l.Dropped = rate(l.People, out[k-1].People), out[k-1].People-l.People
		l.Median, l.P90 = quantile(c.waits[k], 0.5), quantile(c.waits[k], 0.9)
		if bins {
			l.Bins = binsOf(c.waits[k])
		}
	}
	return out
}

func rate(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	r := float64(part) / float64(whole)
	return &r
}
