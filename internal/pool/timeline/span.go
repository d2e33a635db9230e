package timeline

import (
	"sort"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// group is events of one node that lie together in a run or in memory, in order.
type group struct {
	run      *run
	memory   *memory
	start, n uint32
}

func (g *group) times() []int64 {
	if g.run != nil {
		return g.run.times[g.start : g.start+g.n]
	}
	return g.memory.times[g.start : g.start+g.n]
}

func (g *group) names() []uint16 {
	if g.run != nil {
		return g.run.names[g.start : g.start+g.n]
	}
	return g.memory.names[g.start : g.start+g.n]
}

func (g *group) channels() []uint16 {
	if g.run != nil {
		return g.run.channels[g.start : g.start+g.n]
	}
	return g.memory.channels[g.start : g.start+g.n]
}

func (g *group) amount(slot uint32) (int64, bool) {
	if g.run != nil {
		at, ok := g.run.amounts.find(slot)
		if !ok {
			return 0, false
		}
		return int64(g.run.amounts.wide[at]), true
	}
	packed, ok := g.memory.get(slot, amountsCol)
	return int64(packed), ok
}

// value is a column's value of the event in a slot.
func (g *group) value(column int, slot uint32) event.Value {
	if g.run == nil {
		if packed, ok := g.memory.get(slot, int32(column)); ok {
			return unpack(packed, g.memory.texts.at)
		}
		return event.Value{}
	}
	c := g.run.column(column)
	if c == nil {
		return event.Value{}
	}
	if at, ok := c.values.find(slot); ok {
		return unpack(c.values.packed(at), c.values.text)
	}
	return event.Value{}
}

// since drops what was before a moment.
func (g *group) since(at int64) {
	times := g.times()
	if len(times) == 0 || times[0] >= at {
		return
	}
	skip := uint32(sort.Search(len(times), func(i int) bool { return times[i] >= at }))
	g.start, g.n = g.start+skip, g.n-skip
}

// braid merges pieces, each in order, into one order: by time, at equal times the earlier piece first. It gives the result as spans of
// pieces, so that what lies together is copied at once. A heap of pieces by their next event.
type braid struct {
	pieces [][]int64 // the times of each
	at     []uint32  // next event of each piece
	heap   []uint32
}

func (b *braid) begin(pieces [][]int64) {
	b.pieces, b.at, b.heap = pieces, b.at[:0], b.heap[:0]
	for i := range pieces {
		b.at = append(b.at, 0)
		if len(pieces[i]) > 0 {
			b.heap = append(b.heap, uint32(i))
		}
	}
	for i := len(b.heap)/2 - 1; i >= 0; i-- {
		b.sink(i)
	}
}

func (b *braid) less(x, y uint32) bool {
	s, t := b.pieces[x][b.at[x]], b.pieces[y][b.at[y]]
	return s < t || s == t && x < y
}

func (b *braid) sink(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(b.heap); c++ {
			if b.less(b.heap[c], b.heap[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		b.heap[i], b.heap[least] = b.heap[least], b.heap[i]
		i = least
	}
}

// next is the next span: events [from, to) of a piece. ok is false at the end.
func (b *braid) next() (which, from, to uint32, ok bool) {
	if len(b.heap) == 0 {
		return 0, 0, 0, false
	}
	which = b.heap[0]
	times := b.pieces[which]
	from, to = b.at[which], uint32(len(times))
	if len(b.heap) > 1 {
		second := b.heap[1]
		if len(b.heap) > 2 && b.less(b.heap[2], second) {
			second = b.heap[2]
		}
		limit := b.pieces[second][b.at[second]]
		if which > second {
			limit-- // at equal times the other one is first
		}
		if times[to-1] > limit {
			to = from + 1 + after(times[from+1:], limit)
		}
	}
	if b.at[which] = to; int(to) == len(times) {
		b.heap[0] = b.heap[len(b.heap)-1]
		b.heap = b.heap[:len(b.heap)-1]
	}
	if len(b.heap) > 1 {
		b.sink(0)
	}
	return which, from, to, true
}

// after is how many times are not later than a limit: near ones first, then by halves.
func after(times []int64, limit int64) uint32 {
	step := 1
	for step <= len(times) && times[step-1] <= limit {
		step *= 2
	}
	low := step / 2
	high := min(step-1, len(times))
	for low < high {
		mid := int(uint(low+high) / 2)
		if times[mid] <= limit {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return uint32(low)
}
