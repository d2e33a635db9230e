package rule

import (
	"slices"
	"sort"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// frame is one person at one instant while rules run, and memory that is used again for the next.
type frame struct {
	facts   Facts
	at      Instant
	seq     Rows
	times   []int64 // of the events up to the end of today
	names   []uint16
	event   int   // at which a where looks
	days    []int // windows in use
	starts  []int // by window: its first event, -1 while not known
	grouped bool  // many questions: events are looked up by name rather than read through

	person  uint64 // counts people, so that what was remembered of the one before is void
	numbers []remembered
	truths  []remembered

	matches []uint32 // events found by reading through
	fitting []uint32 // events that pass a where
	few     []event.Value
	many    map[event.Value]struct{}
}

// remembered is what a shared node gave for a person.
type remembered struct {
	person uint64
	num    float64
	ok     bool
}

// begin turns to a person.
func (x *frame) begin(f Facts, at Instant, events bool) {
	x.facts, x.at = f, at
	x.person++
	if !events {
		return
	}
	e := f.Events()
	n := len(e.Times)
	if n > 0 && e.Times[n-1] >= at.end {
		n = firstAt(e.Times, at.end)
	}
	x.seq, x.times, x.names = e.Rows, e.Times[:n], e.Names[:n]
	for i := range x.starts {
		x.starts[i] = -1
	}
}

// start is the first event in a window.
func (x *frame) start(window int) int {
	if len(x.times) == 0 {
		return 0
	}
	if s := x.starts[window]; s >= 0 {
		return s
	}
	s := 0
	if days := x.days[window]; days > 0 {
		s = firstAt(x.times, x.at.Window(days))
	}
	x.starts[window] = s
	return s
}

// firstAt is the first of ascending times that is not before a moment.
func firstAt(times []int64, at int64) int {
	if len(times) == 0 || times[0] >= at {
		return 0
	}
	low, high := 0, len(times) // times[low] < at
	for high-low > 1 {
		if m := int(uint(low+high) >> 1); times[m] < at {
			low = m
		} else {
			high = m
		}
	}
	return low + 1
}

// named are the events of a name from start on, ascending. They are good until the next call.
func (x *frame) named(code uint16, start int) []uint32 {
	if len(x.times) == 0 {
		return nil
	}
	if x.grouped {
		found := x.seq.Positions(code)
		return found[below(found, start):below(found, len(x.times))]
	}
	x.matches = x.matches[:0]
	for i, c := range x.names[start:] {
		if c == code {
			x.matches = append(x.matches, uint32(start+i))
		}
	}
	return x.matches
}

// below is how many of ascending positions are below a limit.
func below(positions []uint32, limit int) int {
	n := len(positions)
	if n == 0 || int(positions[0]) >= limit {
		return 0
	}
	if int(positions[n-1]) < limit {
		return n
	}
	if n <= 16 {
		i := 0
		for int(positions[i]) < limit {
			i++
		}
		return i
	}
	return sort.Search(n, func(i int) bool { return int(positions[i]) >= limit })
}

// meet notes a value and says whether it is new. forget ends it.
func (x *frame) meet(v event.Value) bool {
	if len(x.few) < 16 {
		if slices.Contains(x.few, v) {
			return false
		}
		x.few = append(x.few, v)
		return true
	}
	if len(x.many) == 0 {
		if x.many == nil {
			x.many = map[event.Value]struct{}{}
		}
		for _, f := range x.few {
			x.many[f] = struct{}{}
		}
	}
	n := len(x.many)
	x.many[v] = struct{}{}
	return len(x.many) > n
}

func (x *frame) forget() {
	clear(x.few)
	x.few = x.few[:0]
	if n := len(x.many); n > 1<<12 {
		x.many = nil
	} else if n > 0 {
		clear(x.many)
	}
}
