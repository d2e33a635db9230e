package funnel

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// did is an event of a test person: when, and what it may be.
type did struct {
	at   int64
	mask uint32
}

// naive answers from the words of the package comment: it tries every choice of events.
type naive struct {
	frame
	events []did // in the timeline's order
	chosen []int
	best   []int64
}

// better says whether times are those of an attempt to be measured rather than others.
func better(a, b []int64) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	n := len(a) - 1
	if c := cmp.Or(cmp.Compare(a[n], b[n]), -cmp.Compare(a[0], b[0])); c != 0 {
		return c < 0
	}
	return slices.Compare(a, b) < 0
}

func (o *naive) take(times []int64) {
	if len(times) > 0 && (len(o.best) == 0 || better(times, o.best)) {
		o.best = slices.Clone(times)
	}
}

// inOrder extends an attempt by every event that can be its next step.
func (o *naive) inOrder(times []int64) {
	o.take(times)
	k := len(times)
	if k == o.n {
		return
	}
	for i, e := range o.events {
		if e.mask&(1<<k) == 0 || slices.Contains(o.chosen, i) || e.at >= o.until {
			continue
		}
		if k == 0 {
			if e.at < o.start || e.at >= o.end {
				continue
			}
		} else if e.at < times[k-1] || e.at-times[0] > o.window || o.excluded(times, k+1, e.at) {
			continue
		}
		o.chosen = append(o.chosen, i)
		o.inOrder(append(times, e.at))
		o.chosen = o.chosen[:len(o.chosen)-1]
	}
}

// excluded says whether something forbidden happened before an attempt comes to a step.
func (o *naive) excluded(times []int64, step int, at int64) bool {
	for i, x := range o.exclude {
		if step <= x.from || step > x.to {
			continue
		}
		for _, e := range o.events {
			if e.mask&(1<<(maxSteps+i)) != 0 && e.at > times[x.from-1] && e.at <= at {
				return true
			}
		}
	}
	return false
}

// strict tries every activity as the first of a row. Of equally long rows the earliest counts; all is in order, even what happened at one instant.
func (o *naive) strict() {
	var acts []did
	for _, e := range o.events {
		if e.mask&activityBit != 0 && e.at < o.until {
			acts = append(acts, e)
		}
	}
	for i := range acts {
		if acts[i].at < o.start || acts[i].at >= o.end {
			continue
		}
		var times []int64
		for k := 0; k < o.n && i+k < len(acts) && acts[i+k].mask&(1<<k) != 0 && acts[i+k].at-acts[i].at <= o.window; k++ {
			if times = append(times, acts[i+k].at); len(times) > len(o.best) {
				o.best = slices.Clone(times)
			}
		}
	}
}

// anyOrder tries every set of steps with every choice of events. Only how far, until when and since when counts.
func (o *naive) anyOrder(step int, chosen map[int]int) {
	if len(chosen) > 0 {
		var times []int64
		for _, i := range chosen {
			times = append(times, o.events[i].at)
		}
		slices.Sort(times)
		if n := len(times); times[0] < o.end && times[n-1]-times[0] <= o.window {
			if len(o.best) == 0 || n > len(o.best) || n == len(o.best) && cmp.Or(cmp.Compare(times[n-1], o.best[n-1]), -cmp.Compare(times[0], o.best[0])) < 0 {
				o.best = times
			}
		}
	}
	if step == o.n {
		return
	}
	o.anyOrder(step+1, chosen)
	for i, e := range o.events {
		if e.mask&(1<<step) == 0 || e.at >= o.until || e.at < o.start {
			continue
		}
		used := false
		for twin := o.twins[step]; twin >= 0; twin = o.twins[twin] {
			if at, ok := chosen[twin]; ok && at == i {
				used = true
			}
		}
		if used {
			continue
		}
		chosen[step] = i
		o.anyOrder(step+1, chosen)
		delete(chosen, step)
	}
}

func (o *naive) answer() []int64 {
	switch o.order {
	case Strict:
		o.strict()
	case Any:
		o.anyOrder(0, map[int]int{})
	case Ordered:
		o.inOrder(nil)
	}
	return o.best
}

// windowFunnel is what ClickHouse's aggregate function of that name gives for events of which each fits one step at most: it goes through the events
// sorted by (time, step) and remembers, for each step, since when the newest chain to it has run.
func windowFunnel(window int64, steps int, events []did) int {
	type hit struct {
		at   int64
		step int
	}
	var hits []hit
	for _, e := range events {
		if m := e.mask & stepBits; m != 0 {
			hits = append(hits, hit{e.at, bits.TrailingZeros32(m)})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.step, b.step)) })
	since := make([]*int64, steps)
	for _, h := range hits {
		switch {
		case h.step == 0:
			since[0] = &h.at
		case since[h.step-1] != nil && h.at <= *since[h.step-1]+window:
			since[h.step] = since[h.step-1]
		}
	}
	for level := steps; level > 0; level-- {
		if since[level-1] != nil {
			return level
		}
	}
	return 0
}

// sequenceOf is a person's events for a walker, and the walker's table: each mask is an event name.
func sequenceOf(events []did) (*timeline.Sequence, []uint32) {
	masks := []uint32{0}
	q := &timeline.Sequence{}
	for _, e := range events {
		code := slices.Index(masks, e.mask)
		if code < 0 {
			code = len(masks)
			masks = append(masks, e.mask)
		}
		q.Times, q.Names = append(q.Times, e.at), append(q.Names, uint16(code))
	}
	return q, masks
}
