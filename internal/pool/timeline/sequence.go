package timeline

import (
	"math"
	"sort"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Scratch is memory that Sequence uses again; one for each goroutine.
type Scratch struct {
	q        Sequence
	groups   []group
	pieces   [][]int64
	braid    braid
	times    []int64
	names    []uint16
	spans    []span
	slots    []nameSlot
	used     []uint16 // names in slots
	position []uint32
	round    uint32
	found    []uint64 // different values
	ticked   []uint64 // different texts, a bit each
}

// span is where events of a woven sequence lie, from number at on: in a group, from slot on.
type span struct{ at, group, slot uint32 }

// nameSlot is where the positions of a name begin, valid in one round.
type nameSlot struct{ round, from, n uint32 }

// NewScratch makes one.
func NewScratch() *Scratch { return &Scratch{} }

// Sequence is a person's events in order.
type Sequence struct {
	Times []int64  // microseconds, ascending
	Names []uint16 // codes of Reader.Names

	sc      *Scratch
	one     group  // where the events are, if they lie together
	spans   []span // else where they come from
	last    int    // the span that was asked for last
	indexed bool
}

// Sequence is a person's events since a moment (microseconds; 0 = all), in order. It is sc's until the next call with sc.
func (r *Reader) Sequence(sc *Scratch, person, from int64) *Sequence {
	s, p := r.s, &r.s.people
	groups := sc.groups[:0]
	for node := p.first(uint32(person)); node != 0; node = p.next[node] {
		for _, run := range s.runs {
			if start, n := run.find(node); n > 0 && !s.erased.hides(node, run.stamp) {
				groups = append(groups, group{run: run, start: start, n: n})
			}
		}
		for _, m := range s.frozen {
			if start, n := m.find(node); n > 0 && !s.erased.hides(node, m.stamp) {
				groups = append(groups, group{memory: m, start: start, n: n})
			}
		}
		if start, n := s.memory.find(node); n > 0 {
			groups = append(groups, group{memory: s.memory, start: start, n: n})
		}
	}
	if from > 0 {
		for i := range groups {
			groups[i].since(from)
		}
	}
	sc.groups = groups
	q := &sc.q
	q.sc, q.spans, q.last, q.indexed = sc, nil, 0, false
	switch {
	case len(groups) == 0:
		q.Times, q.Names = nil, nil
	case len(groups) == 1 || sc.adjoin():
		q.one = groups[0]
		q.Times, q.Names = q.one.times(), q.one.names()
	default:
		sc.weave()
	}
	return q
}

// adjoin makes one group of several that follow each other in one run and in time.
func (sc *Scratch) adjoin() bool {
	first := &sc.groups[0]
	if first.run == nil {
		return false
	}
	end, last := first.start, int64(0)
	for i := range sc.groups {
		g := &sc.groups[i]
		if g.n == 0 {
			continue
		}
		if g.run != first.run || g.start != end || first.run.times[g.start] < last {
			return false
		}
		end = g.start + g.n
		last = first.run.times[end-1]
	}
	first.n = end - first.start
	return true
}

// weave copies the pieces into one order.
func (sc *Scratch) weave() {
	q := &sc.q
	times, names, spans := sc.times[:0], sc.names[:0], sc.spans[:0]
	sc.pieces = sc.pieces[:0]
	for i := range sc.groups {
		sc.pieces = append(sc.pieces, sc.groups[i].times())
	}
	b := &sc.braid
	b.begin(sc.pieces)
	for {
		which, from, to, ok := b.next()
		if !ok {
			break
		}
		g := &sc.groups[which]
		spans = append(spans, span{uint32(len(times)), which, g.start + from})
		times, names = append(times, sc.pieces[which][from:to]...), append(names, g.names()[from:to]...)
	}
	sc.times, sc.names, sc.spans = times, names, spans
	q.Times, q.Names, q.spans = times, names, spans
}

// Len is the number of events.
func (q *Sequence) Len() int { return len(q.Times) }

// From is the first event at or after a moment, Len if there is none.
func (q *Sequence) From(at int64) int {
	// Most questions are about the newest events: look there first, in growing steps.
	low, high := 0, len(q.Times)
	for step := 8; high-step > 0; step *= 2 {
		if q.Times[high-step] < at {
			low = high - step + 1
			break
		}
		high -= step
	}
	return low + sort.Search(high-low, func(i int) bool { return q.Times[low+i] >= at })
}

// Positions are the events of one name, ascending. The index behind it is built when first asked for.
func (q *Sequence) Positions(name uint16) []uint32 {
	if len(q.Times) == 0 {
		return nil
	}
	sc := q.sc
	if !q.indexed {
		sc.index(q.Names)
		q.indexed = true
	}
	if int(name) >= len(sc.slots) || sc.slots[name].round != sc.round {
		return nil
	}
	at := &sc.slots[name]
	return sc.position[at.from : at.from+at.n : at.from+at.n]
}

// index sorts the events by name, each name's in order.
func (sc *Scratch) index(names []uint16) {
	if sc.round++; sc.round == 0 { // once in four billion: what is old must not look new
		clear(sc.slots)
		sc.round = 1
	}
	slots, round := sc.slots, sc.round
	sc.used = sc.used[:0]
	for _, name := range names {
		for int(name) >= len(slots) {
			slots = append(slots, make([]nameSlot, len(slots)+64)...)
		}
		at := &slots[name]
		if at.round != round {
			*at = nameSlot{round: round}
			sc.used = append(sc.used, name)
		}
		at.n++
	}
	next := uint32(0)
	for _, name := range sc.used {
		at := &slots[name]
		at.from, next = next, next+at.n
		at.n = 0
	}
	if cap(sc.position) < len(names) {
		sc.position = make([]uint32, len(names)*2)
	}
	sc.slots, sc.position = slots, sc.position[:len(names)]
	for i, name := range names {
		at := &slots[name]
		sc.position[at.from+at.n] = uint32(i)
		at.n++
	}
}

// at is where an event lies.
func (q *Sequence) at(i int) (*group, uint32) {
	if q.spans == nil {
		return &q.one, q.one.start + uint32(i)
	}
	n, k := uint32(i), q.last
	if n < q.spans[k].at || k+1 < len(q.spans) && n >= q.spans[k+1].at {
		k = sort.Search(len(q.spans), func(k int) bool { return q.spans[k].at > n }) - 1
		q.last = k
	}
	at := &q.spans[k]
	return &q.sc.groups[at.group], at.slot + n - at.at
}

// Channel is the channel's code of an event.
func (q *Sequence) Channel(i int) uint16 {
	g, slot := q.at(i)
	return g.channels()[slot-g.start]
}

// Amount is the amount of an event in minor units, if it has one.
func (q *Sequence) Amount(i int) (int64, bool) {
	g, slot := q.at(i)
	return g.amount(slot)
}

// Value is a column's value of an event; missing also if the event is of another name. Its text lies in mapped memory.
func (q *Sequence) Value(col, i int) event.Value {
	g, slot := q.at(i)
	return g.value(col, slot)
}

// Number is a column's value if it is a number.
func (q *Sequence) Number(col, i int) (float64, bool) {
	g, slot := q.at(i)
	if g.run != nil {
		if c := g.run.column(col); c != nil && c.values.kind == ofNumbers {
			at, ok := c.values.find(slot)
			if !ok {
				return 0, false
			}
			return math.Float64frombits(c.values.wide[at]), true
		}
	}
	v := g.value(col, slot)
	return v.Num, v.Kind == event.Number
}
