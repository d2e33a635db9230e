package retention

import (
	"math/bits"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// matcher says which events are a step.
type matcher interface {
	Matches(q *timeline.Sequence, i int) bool
}

// start is one membership of a person: the period, the event, and what followed within the period.
type start struct {
	period int
	event  int
	again  bool  // a return in the period, from the start on
	amount int64 // of these
}

// person is somebody's way through the periods.
type person struct {
	starts []start
	did    []uint64 // periods with a return, a bit each
	amount []int64  // by period
	last   int      // last period with a return, -1 if none
}

// What an event may be, by its name.
const (
	mayStart = 1 << iota
	mayReturn
)

// walker goes through people, one at a time.
type walker struct {
	f       *frame
	kinds   []uint8 // by name's code
	other   func(name uint16) uint8
	starts  matcher
	returns matcher
	person
}

func newWalker(f *frame, starts, returns matcher, kinds []uint8, other func(name uint16) uint8) *walker {
	w := &walker{f: f, kinds: kinds, other: other, starts: starts, returns: returns}
	w.did = make([]uint64, f.parts.Len()/64+1)
	w.amount = make([]int64, f.parts.Len())
	return w
}

func (w *walker) kind(name uint16) uint8 {
	if int(name) < len(w.kinds) {
		return w.kinds[name]
	}
	return w.other(name) // came during the scan
}

// walk finds a person's starts and returns. It allocates nothing once the list of starts has grown.
func (w *walker) walk(q *timeline.Sequence) {
	f := w.f
	w.starts0()
	from := q.From(f.parts.Starts[0])
	if f.first && w.startedBefore(q, from) {
		return
	}
	stop := f.parts.End
	part, ends := -1, int64(-1<<63)
	skip := ends // until when nothing can change
	for i := from; i < len(q.Times); i++ {
		at := q.Times[i]
		if at < skip {
			continue
		}
		if at >= stop {
			break
		}
		kind := w.kind(q.Names[i])
		if kind == 0 {
			continue
		}
		if at >= ends {
			part = f.parts.At(at)
			ends = f.parts.Ends(part)
		}
		if kind&mayStart != 0 && w.opens(part) && w.starts.Matches(q, i) {
			w.person.starts = append(w.person.starts, start{period: part, event: i})
		}
		if kind&mayReturn != 0 && len(w.person.starts) > 0 && w.returns.Matches(q, i) {
			w.back(q, i, part)
		}
		if !f.value && w.told(part) {
			skip = ends
		}
	}
}

// starts0 forgets the person before.
func (w *walker) starts0() {
	w.person.starts, w.last = w.person.starts[:0], -1
	clear(w.did)
	if w.f.value {
		clear(w.amount)
	}
}

// startedBefore says whether a first start was before the range.
func (w *walker) startedBefore(q *timeline.Sequence, from int) bool {
	for i := range from {
		if w.kind(q.Names[i])&mayStart != 0 && w.starts.Matches(q, i) {
			return true
		}
	}
	return false
}

// opens says whether a start in a period would count.
func (w *walker) opens(part int) bool {
	if part >= w.f.cohorts {
		return false
	}
	n := len(w.person.starts)
	return n == 0 || !w.f.first && w.person.starts[n-1].period != part
}

// back is a return.
func (w *walker) back(q *timeline.Sequence, i, part int) {
	w.did[part>>6] |= 1 << (part & 63)
	w.last = part
	newest := &w.person.starts[len(w.person.starts)-1]
	own := newest.period == part
	newest.again = newest.again || own
	if !w.f.value {
		return
	}
	if amount, ok := q.Amount(i); ok {
		w.amount[part] += amount
		if own {
			newest.amount += amount
		}
	}
}

// told says that nothing more of a period can change what is known of it.
func (w *walker) told(part int) bool {
	if w.did[part>>6]>>(part&63)&1 == 0 || w.opens(part) {
		return false
	}
	newest := &w.person.starts[len(w.person.starts)-1]
	return newest.period != part || newest.again
}

// returned says whether somebody came back between two periods, both included, after a start.
func (p *person) returned(s *start, from, to int) bool {
	if from <= s.period {
		if s.again {
			return true
		}
		from = s.period + 1
	}
	for from <= to {
		if w := p.did[from>>6] >> (from & 63); w != 0 {
			return from+bits.TrailingZeros64(w) <= to
		}
		from = from&^63 + 64
	}
	return false
}

// worth is the amount of the returns between two periods, both included, after a start.
func (p *person) worth(s *start, from, to int) (sum int64) {
	if from <= s.period {
		sum, from = s.amount, s.period+1
	}
	for ; from <= to; from++ {
		sum += p.amount[from]
	}
	return sum
}

// tally counts the members of rows. All arrays but size and running are by row and column.
type tally struct {
	f             *frame
	size          []int64
	of            []int64 // members for whom the column is over
	hits, amounts []int64
	soFar         []int64 // by row, of the column that runs
}

func newTally(f *frame, rows int) *tally {
	t := &tally{f: f}
	t.grow(rows)
	return t
}

func (t *tally) grow(rows int) {
	n := rows - len(t.size)
	if n <= 0 {
		return
	}
	cells := make([]int64, n*len(t.f.columns))
	t.size, t.soFar = append(t.size, make([]int64, n)...), append(t.soFar, make([]int64, n)...)
	t.of, t.hits = append(t.of, cells...), append(t.hits, cells...)
	if t.f.value {
		t.amounts = append(t.amounts, cells...)
	}
}

// add counts one membership in a row.
func (t *tally) add(row int, p *person, s *start) {
	f := t.f
	t.grow(row + 1)
	t.size[row]++
	at := row * len(f.columns)
	of, hits := t.of[at:at+len(f.columns)], t.hits[at:at+len(f.columns)]
	done := f.over - s.period // columns before this one are over, unless they are brackets
	switch {
	case f.mode == Bracket || f.value:
		t.slowly(row, p, s)
		return
	case f.mode == After:
		last := max(p.last-s.period, -1)
		if last == 0 && !s.again {
			last = -1
		}
		for c := range min(last+1, done, len(hits)) {
			hits[c]++
		}
	default:
		if s.again && done > 0 {
			hits[0]++
		}
		p.each(s.period+1, s.period+min(done, len(hits))-1, func(period int) { hits[period-s.period]++ })
	}
	for c := range min(done, len(of)) {
		of[c]++
	}
	if c := f.running(s.period); c >= 0 && p.returned(s, s.period+f.columns[c].From, f.through(s.period, c)) {
		t.soFar[row]++
	}
}

// each calls do for the periods with a return between two, both included.
func (p *person) each(from, to int, do func(period int)) {
	for from <= to {
		w := p.did[from>>6] >> (from & 63)
		if w == 0 {
			from = from&^63 + 64
			continue
		}
		if from += bits.TrailingZeros64(w); from <= to {
			do(from)
		}
		from++
	}
}

// slowly counts column by column.
func (t *tally) slowly(row int, p *person, s *start) {
	f := t.f
	for c := range f.columns {
		if !f.begun(s.period, c) {
			return
		}
		from, to := s.period+f.columns[c].From, f.through(s.period, c)
		back := p.returned(s, from, to)
		if !f.done(s.period, c) {
			if back && c == f.running(s.period) {
				t.soFar[row]++
			}
			continue
		}
		at := row*len(f.columns) + c
		t.of[at]++
		if back {
			t.hits[at]++
		}
		if f.value {
			t.amounts[at] += p.worth(s, from, to)
		}
	}
}

// merge adds a row of another tally to one of this.
func (t *tally) merge(row int, o *tally, from int) {
	t.grow(row + 1)
	t.size[row] += o.size[from]
	t.soFar[row] += o.soFar[from]
	n := len(t.f.columns)
	for c := range n {
		t.of[row*n+c] += o.of[from*n+c]
		t.hits[row*n+c] += o.hits[from*n+c]
		if t.f.value {
			t.amounts[row*n+c] += o.amounts[from*n+c]
		}
	}
}
