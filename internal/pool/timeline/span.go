package timeline

import "sort"

// piece is events of one node that lie together in a run or in memory.
type piece struct {
	times    []int64
	names    []uint16
	channels []uint16
	start    uint32 // slot of the first in its run or memory
	run      *run
	memory   *memory
}

func (r *run) piece(start, n uint32) piece {
	end := start + n
	return piece{times: r.times[start:end:end], names: r.names[start:end:end], channels: r.channels[start:end:end], start: start, run: r}
}

func (m *memory) piece(start, n uint32) piece {
	end := start + n
	return piece{times: m.times[start:end:end], names: m.names[start:end:end], channels: m.channels[start:end:end], start: start, memory: m}
}

// since drops what was before a moment.
func (p *piece) since(at int64) {
	if len(p.times) == 0 || p.times[0] >= at {
		return
	}
	i := sort.Search(len(p.times), func(i int) bool { return p.times[i] >= at })
	p.times, p.names, p.channels, p.start = p.times[i:], p.names[i:], p.channels[i:], p.start+uint32(i)
}

// braid merges pieces, each in order, into one order: by time, at equal times the earlier piece first. It gives the result as spans of
// pieces, so that what lies together is copied at once. A heap of pieces by their next event.
type braid struct {
	pieces []piece
	at     []uint32 // next event of each piece
	heap   []uint32
}

func (b *braid) begin(pieces []piece) {
	b.pieces, b.at, b.heap = pieces, b.at[:0], b.heap[:0]
	for i := range pieces {
		b.at = append(b.at, 0)
		if len(pieces[i].times) > 0 {
			b.heap = append(b.heap, uint32(i))
		}
	}
	for i := len(b.heap)/2 - 1; i >= 0; i-- {
		b.sink(i)
	}
}

func (b *braid) less(x, y uint32) bool {
	s, t := b.pieces[x].times[b.at[x]], b.pieces[y].times[b.at[y]]
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
	times := b.pieces[which].times
	from, to = b.at[which], uint32(len(times))
	if len(b.heap) > 1 {
		second := b.heap[1]
		if len(b.heap) > 2 && b.less(b.heap[2], second) {
			second = b.heap[2]
		}
		limit := b.pieces[second].times[b.at[second]]
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
