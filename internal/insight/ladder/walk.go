package ladder

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// before is how long before a rise, or before the last event, is looked at.
const before = int64(24 * time.Hour / time.Microsecond)

// recent is how many days at the end of the span the last ones rose in.
const recent = 30

// climb is one person's way up: the place among the events, and the moment, at which each rung was reached first; top is the highest, -1 for none.
type climb struct {
	top int
	i   [Rungs]int
	at  [Rungs]int64
}

// frame is what all workers share.
type frame struct {
	rung     []int // of each step of the plan
	from     int64 // µs
	until    int64
	lastFrom int64 // from here on, whoever rises is one of the last
}

// tally is what one worker counts. Lists by event name grow as names come.
type tally struct {
	f                            *frame
	reached, direct, rose, stood [Rungs]int64
	last                         [Rungs]int64
	waits                        [Rungs][]int64
	risers, stayers              [Rungs][]int64 // people by event name; stayers by the rung on which they stand
	seen                         []uint32       // by name: the round in which it was counted
	round                        uint32
	people                       int64
	found                        *roaring64.Bitmap
}

// climbOf goes through a person's events within the span.
func (f *frame) climbOf(v *insight.View, q *timeline.Sequence) (c climb, from, n int) {
	c.top = -1
	from, n = q.From(f.from), insight.Upto(q, f.until)
	for i := from; i < n && c.top < Rungs-1; i++ {
		level := -1
		for s, rung := range f.rung {
			if rung > level && rung > c.top && v.Step(s).Matches(q, i) {
				level = rung
			}
		}
		for k := c.top + 1; k <= level; k++ {
			c.i[k], c.at[k] = i, q.Times[i]
		}
		c.top = max(c.top, level)
	}
	return c, from, n
}

// rises says whether a rung was reached by rising onto it rather than directly.
func (c *climb) rises(k int) bool { return k > 0 && k <= c.top && c.i[k] != c.i[k-1] }

// isLast says whether that was lately.
func (f *frame) isLast(c *climb, k int) bool { return c.rises(k) && c.at[k] >= f.lastFrom }

func (t *tally) visit(v *insight.View, q *timeline.Sequence) {
	t.people++
	c, from, n := t.f.climbOf(v, q)
	if c.top < 0 {
		return
	}
	for k := range c.top + 1 {
		t.reached[k]++
		if !c.rises(k) {
			t.direct[k]++
			continue
		}
		t.rose[k]++
		t.waits[k] = append(t.waits[k], c.at[k]-c.at[k-1])
		if t.f.isLast(&c, k) {
			t.last[k]++
			t.count(v, q, from, c.i[k], c.at[k]-before, &t.risers[k])
		}
	}
	t.stood[c.top]++
	if end := lastOwn(v, q, from, n); end > from {
		t.count(v, q, from, end, q.Times[end-1]-before, &t.stayers[c.top])
	}
}

// lastOwn is the end of the events up to the last one that is an activity.
func lastOwn(v *insight.View, q *timeline.Sequence, from, n int) int {
	for n > from && !v.Activity(q.Names[n-1]) {
		n--
	}
	return n
}

// count counts the person once for each event name in [from, to) since a moment.
func (t *tally) count(v *insight.View, q *timeline.Sequence, from, to int, since int64, into *[]int64) {
	t.round++
	for i := to - 1; i >= from && q.Times[i] >= since; i-- {
		name := int(q.Names[i])
		if !v.Activity(q.Names[i]) {
			continue
		}
		for name >= len(t.seen) {
			t.seen = append(t.seen, 0)
		}
		if t.seen[name] == t.round {
			continue
		}
		t.seen[name] = t.round
		for name >= len(*into) {
			*into = append(*into, 0)
		}
		(*into)[name]++
	}
}

// did says whether somebody did an event in the 24 hours before reaching a rung.
func did(q *timeline.Sequence, c *climb, k, from int, name uint16) bool {
	for i := c.i[k] - 1; i >= from && q.Times[i] >= c.at[k]-before; i-- {
		if q.Names[i] == name {
			return true
		}
	}
	return false
}

func (t *tally) add(o *tally) {
	t.people += o.people
	for k := range Rungs {
		t.reached[k] += o.reached[k]
		t.direct[k] += o.direct[k]
		t.rose[k] += o.rose[k]
		t.stood[k] += o.stood[k]
		t.last[k] += o.last[k]
		t.waits[k] = append(t.waits[k], o.waits[k]...)
		t.risers[k], t.stayers[k] = plus(t.risers[k], o.risers[k]), plus(t.stayers[k], o.stayers[k])
	}
}

func plus(a, b []int64) []int64 {
	for len(a) < len(b) {
		a = append(a, 0)
	}
	for i, n := range b {
		a[i] += n
	}
	return a
}
