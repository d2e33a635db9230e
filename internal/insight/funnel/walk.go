package funnel

import (
	"math"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// maxSteps is how many steps a funnel may have.
const maxSteps = 20

// never is the beginning of an attempt that there is not.
const never = math.MinInt64

// What an event may be, by bit: step 1 … 20, exclusion 1 … 5, an activity.
const (
	stepBits    uint32 = 1<<maxSteps - 1
	activityBit uint32 = 1 << 31
)

// frame is a question in the walker's terms. Times are in microseconds.
type frame struct {
	n          int   // steps
	window     int64 // of an attempt
	start, end int64 // the first step is in [start, end)
	until      int64 // what is at or after this is not looked at
	order      Order
	exclude    []between
	twins      []int // by step: the step before it that is equal, -1 if none; matters in any order
}

// between is where an exclusion counts: after step from and before step to, from 1.
type between struct{ from, to int }

// attempt is a row of events that fit the steps.
type attempt struct {
	level int             // how many steps it takes
	times [maxSteps]int64 // of its events
	first int             // place of the first event in the sequence
}

// filter is a condition beyond the event's name.
type filter struct {
	bit uint32
	m   *insight.Matcher
}

// walker goes through people's events. It is one goroutine's, and needs no memory for a person. Each event costs a look at its name; those that
// fit a step cost one update for each step that they fit.
type walker struct {
	frame
	best attempt // of the person at hand

	names    int      // how many names masks knows
	masks    []uint32 // by name: what the event may be
	filters  []filter
	filtered uint32            // bits with a filter
	plain    bool              // each event name is one step at most, nothing else matters
	table    *[1 << 16]uint8   // if plain: by name, step + 1
	starts   [maxSteps]int64   // by level - 1: when the attempt of that level that began last began
	chain    [maxSteps]attempt // and that attempt
	tie      tie
	any      anyState
}

func newWalker(f frame) *walker { return &walker{frame: f, names: -1} }

// learn makes the table of what events may be, if there are names that it does not know.
func (w *walker) learn(v *insight.View) {
	names := len(v.Names())
	if names == w.names {
		return
	}
	masks := make([]uint32, names)
	w.filters, w.filtered = w.filters[:0], 0
	total := w.n + len(w.exclude)
	for i := range total {
		m, bit := v.Step(i), bitOf(i, w.n)
		if m.Filter() {
			w.filters = append(w.filters, filter{bit, m})
			w.filtered |= bit
		}
		for code := 1; code < names; code++ {
			if m.Name(uint16(code)) {
				masks[code] |= bit
			}
		}
	}
	for code := 1; code < names; code++ {
		if v.Activity(uint16(code)) {
			masks[code] |= activityBit
		}
	}
	w.know(masks)
}

// bitOf is the bit of the i-th matcher of a need: first come the steps, then the exclusions.
func bitOf(i, steps int) uint32 {
	if i < steps {
		return 1 << i
	}
	return 1 << (maxSteps + i - steps)
}

// know takes a table of what events may be by name.
func (w *walker) know(masks []uint32) {
	w.names, w.masks = len(masks), masks
	w.plain = w.order == Ordered && len(w.filters) == 0 && len(w.exclude) == 0
	for _, m := range masks {
		w.plain = w.plain && m&stepBits&(m&stepBits-1) == 0
	}
	if !w.plain {
		return
	}
	if w.table == nil {
		w.table = new([1 << 16]uint8)
	}
	clear(w.table[:])
	for code, m := range masks {
		for k := range w.n {
			if m&(1<<k) != 0 {
				w.table[code] = uint8(k + 1)
			}
		}
	}
}

// person finds the attempt of a person that is measured, in w.best. Events are those from the range's start on.
func (w *walker) person(q *timeline.Sequence) {
	w.best.level = 0
	n := insight.Upto(q, w.until)
	switch {
	case n == 0:
	case w.order == Any:
		w.anyOrder(q, n)
	case w.order == Strict:
		w.strict(q, n)
	case w.plain:
		w.byName(q, n)
	default:
		w.inOrder(q, n)
	}
}

// byName is inOrder where an event's name says which step it is.
func (w *walker) byName(q *timeline.Sequence, n int) {
	for k := range w.n {
		w.starts[k] = never
	}
	table, names, times := w.table, q.Names[:n], q.Times[:n]
	for i := 0; i < len(names); i++ {
		step := table[names[i]]
		if step == 0 {
			continue
		}
		at := times[i]
		if i+1 == len(times) || times[i+1] != at {
			if w.advance(int(step)-1, at, i); w.best.level == w.n {
				return
			}
			continue
		}
		first, mask := i, uint32(1)<<(step-1)
		for i++; i < len(times) && times[i] == at; i++ {
			if s := table[names[i]]; s != 0 {
				if s == 1 && mask&1 == 0 {
					first = i
				}
				mask |= 1 << (s - 1)
			}
		}
		i--
		if w.together(mask, at, first); w.best.level == w.n {
			return
		}
	}
}

// together advances by events of one instant of which each fits one step.
func (w *walker) together(mask uint32, at int64, first int) {
	for k := range w.n {
		if mask&(1<<k) != 0 {
			w.advance(k, at, first)
		}
	}
}

// advance lets an event be step k (from 0). Of all attempts of a level only the one that began last is kept: it can still do whatever the others can.
// One that began no later brings nothing, and its steps are later.
func (w *walker) advance(k int, at int64, i int) {
	if k == 0 {
		if at < w.start || at >= w.end || at <= w.starts[0] {
			return
		}
		w.starts[0] = at
		c := &w.chain[0]
		c.times[0], c.first = at, i
		w.reach(1, c)
		return
	}
	began := w.starts[k-1]
	if began <= w.starts[k] || at-began > w.window {
		return
	}
	w.starts[k] = began
	c := &w.chain[k]
	copy(c.times[:k], w.chain[k-1].times[:k])
	c.times[k], c.first = at, w.chain[k-1].first
	w.reach(k+1, c)
}

// reach keeps the first attempt that comes to a level; of those that come to it at the same instant the one that began last.
func (w *walker) reach(level int, c *attempt) {
	b := &w.best
	if level > b.level || level == b.level && c.times[level-1] == b.times[level-1] && c.times[0] > b.times[0] {
		w.best.level, w.best.first = level, c.first
		copy(w.best.times[:level], c.times[:level])
	}
}

// fits is what an event is.
func (w *walker) fits(q *timeline.Sequence, i int) uint32 {
	mask := w.masks[q.Names[i]]
	if mask&w.filtered == 0 {
		return mask
	}
	for _, f := range w.filters {
		if mask&f.bit != 0 && !f.m.Matches(q, i) {
			mask &^= f.bit
		}
	}
	return mask
}

// inOrder goes through the instants of a person at which something fits.
func (w *walker) inOrder(q *timeline.Sequence, n int) {
	for k := range w.n {
		w.starts[k] = never
	}
	names, times := q.Names[:n], q.Times[:n]
	for i := 0; i < len(names) && w.best.level < w.n; i++ {
		if w.masks[names[i]]&^activityBit == 0 {
			continue
		}
		mask := w.fits(q, i) &^ activityBit
		if mask == 0 {
			continue
		}
		at := times[i]
		if i+1 == len(times) || times[i+1] != at {
			w.cut(mask)
			for k := w.n - 1; k >= 0; k-- { // downwards, so that the event is one step only
				if mask&(1<<k) != 0 {
					w.advance(k, at, i)
				}
			}
			continue
		}
		w.tie.begin(w.n)
		w.tie.add(mask, i)
		for i++; i < len(times) && times[i] == at; i++ {
			w.tie.add(w.fits(q, i)&^activityBit, i)
		}
		i--
		w.cut(w.tie.union)
		w.instant(at)
	}
}

// cut ends the attempts that stand where an exclusion must not happen.
func (w *walker) cut(mask uint32) {
	if mask&^stepBits == 0 {
		return
	}
	for i, e := range w.exclude {
		if mask&(1<<(maxSteps+i)) == 0 {
			continue
		}
		for level := e.from; level < e.to; level++ {
			w.starts[level-1] = never
		}
	}
}
