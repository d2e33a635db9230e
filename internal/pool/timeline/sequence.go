package timeline

import (
	"sort"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Scratch is memory that Sequence uses again; one for each goroutine.
type Scratch struct {
	q        Sequence
	pieces   []piece
	braid    braid
	times    []int64
	names    []uint16
	refs     []ref
	slots    []nameSlot
	position []uint32
	round    uint32
}

// ref is where an event of a braided sequence comes from.
type ref struct{ piece, slot uint32 }

// nameSlot is where the positions of a name begin, valid in one round.
type nameSlot struct{ round, from, n uint32 }

// NewScratch makes one.
func NewScratch() *Scratch { return &Scratch{} }

// Sequence is a person's events in order.
type Sequence struct {
	Times []int64  // microseconds, ascending
	Names []uint16 // codes of Reader.Names

	sc      *Scratch
	one     piece // where the events are, if they lie together
	refs    []ref // else where each of them is
	indexed bool
}

// Sequence is a person's events since a moment (microseconds; 0 = all), in order. It is sc's until the next call with sc.
func (r *Reader) Sequence(sc *Scratch, person, from int64) *Sequence {
	s, p := r.s, &r.s.people
	pieces := sc.pieces[:0]
	for node := p.first(uint32(person)); node != 0; node = p.next[node] {
		for _, run := range s.runs {
			if start, n := run.find(node); n > 0 && !s.erased.hides(node, run.stamp) {
				pieces = append(pieces, run.piece(start, n))
			}
		}
		for _, m := range s.frozen {
			if start, n := m.find(node); n > 0 && !s.erased.hides(node, m.stamp) {
				pieces = append(pieces, m.piece(start, n))
			}
		}
		if start, n := s.memory.find(node); n > 0 {
			pieces = append(pieces, s.memory.piece(start, n))
		}
	}
	if from > 0 {
		for i := range pieces {
			pieces[i].since(from)
		}
	}
	sc.pieces = pieces
	q := &sc.q
	q.sc, q.refs, q.indexed = sc, nil, false
	switch {
	case len(pieces) == 0:
		q.one, q.Times, q.Names = piece{}, nil, nil
	case len(pieces) == 1 || sc.adjoin():
		q.one = pieces[0]
		q.Times, q.Names = q.one.times, q.one.names
	default:
		sc.weave()
	}
	return q
}

// adjoin makes one piece of several that follow each other in one run and in time.
func (sc *Scratch) adjoin() bool {
	pieces := sc.pieces
	run, end, last := pieces[0].run, pieces[0].start, int64(0)
	if run == nil {
		return false
	}
	for i := range pieces {
		p := &pieces[i]
		n := len(p.times)
		if n == 0 {
			continue
		}
		if p.run != run || p.start != end || p.times[0] < last {
			return false
		}
		end, last = p.start+uint32(n), p.times[n-1]
	}
	pieces[0] = run.piece(pieces[0].start, end-pieces[0].start)
	return true
}

// weave copies the pieces into one order.
func (sc *Scratch) weave() {
	q := &sc.q
	times, names, refs := sc.times[:0], sc.names[:0], sc.refs[:0]
	b := &sc.braid
	b.begin(sc.pieces)
	for {
		which, from, to, ok := b.next()
		if !ok {
			break
		}
		p := &sc.pieces[which]
		times, names = append(times, p.times[from:to]...), append(names, p.names[from:to]...)
		for i := from; i < to; i++ {
			refs = append(refs, ref{which, p.start + i})
		}
	}
	sc.times, sc.names, sc.refs = times, names, refs
	q.Times, q.Names, q.refs = times, names, refs
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
	for _, name := range names {
		for int(name) >= len(sc.slots) {
			sc.slots = append(sc.slots, make([]nameSlot, len(sc.slots)+64)...)
		}
		if at := &sc.slots[name]; at.round == sc.round {
			at.n++
		} else {
			*at = nameSlot{sc.round, 0, 1}
		}
	}
	if cap(sc.position) < len(names) {
		sc.position = make([]uint32, len(names)*2)
	}
	sc.position = sc.position[:len(names)]
	next := uint32(0)
	for i, name := range names {
		at := &sc.slots[name]
		if at.n&placed == 0 { // the first of its name
			at.from, next = next, next+at.n
			at.n = placed
		}
		sc.position[at.from+at.n&^placed] = uint32(i)
		at.n++
	}
	for _, name := range names {
		sc.slots[name].n &^= placed
	}
}

// placed marks a name whose place is given while the index is built; a sequence is shorter than that.
const placed = 1 << 31

// at is where an event lies.
func (q *Sequence) at(i int) (*piece, uint32) {
	if q.refs == nil {
		return &q.one, q.one.start + uint32(i)
	}
	r := q.refs[i]
	return &q.sc.pieces[r.piece], r.slot
}

// Channel is the channel's code of an event.
func (q *Sequence) Channel(i int) uint16 {
	p, slot := q.at(i)
	return p.channels[slot-p.start]
}

// Amount is the amount of an event in minor units, if it has one.
func (q *Sequence) Amount(i int) (int64, bool) {
	p, slot := q.at(i)
	if p.run != nil {
		at, ok := p.run.amounts.find(slot)
		if !ok {
			return 0, false
		}
		return int64(p.run.amounts.wide[at]), true
	}
	packed, ok := p.memory.get(slot, amountsCol)
	return int64(packed), ok
}

// Value is a column's value of an event; missing also if the event is of another name. Its text lies in mapped memory.
func (q *Sequence) Value(col, i int) event.Value {
	p, slot := q.at(i)
	return p.valueAt(col, slot)
}

// Number is a column's value if it is a number.
func (q *Sequence) Number(col, i int) (float64, bool) {
	v := q.Value(col, i)
	return v.Num, v.Kind == event.Number
}
