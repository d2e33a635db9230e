package funnel

import "math/bits"

// tie is the events of one instant, which have no order. Where each fits one step, they advance in the order of the steps. Where one fits several,
// it must be found out which event is which step, each being one at most: a matching, by augmenting paths (Kuhn).
type tie struct {
	steps   int
	union   uint32
	several bool          // an event fits several steps
	masks   []uint32      // of the events that matter
	places  []int         // and where they are in the sequence
	fit     [maxSteps]int // by step: how many events fit it
	taken   []int         // by event: its step, -1 for none
	tried   []bool        // by event, in one search
}

func (t *tie) begin(steps int) {
	t.steps, t.union, t.several = steps, 0, false
	t.masks, t.places = t.masks[:0], t.places[:0]
	clear(t.fit[:])
}

// add takes an event. As many events for a step as there are steps are enough: it finds one whatever the others take.
func (t *tie) add(mask uint32, place int) {
	t.union |= mask
	mask &= stepBits
	useful := false
	for m := mask; m != 0; m &= m - 1 {
		k := bits.TrailingZeros32(m)
		useful = useful || t.fit[k] < t.steps
		t.fit[k]++
	}
	if !useful {
		return
	}
	t.several = t.several || mask&(mask-1) != 0
	t.masks, t.places = append(t.masks, mask), append(t.places, place)
}

// firstOf is where the first event of a step is.
func (t *tie) firstOf(k int) int {
	for i, m := range t.masks {
		if m&(1<<k) != 0 {
			return t.places[i]
		}
	}
	return 0
}

// instant advances by the events of one instant.
func (w *walker) instant(at int64) {
	t := &w.tie
	if !t.several {
		w.together(t.union, at, t.firstOf(0))
		return
	}
	// Attempts go as far as the events reach; the longest ones first, so that each is extended from what it was before this instant.
	for from := w.n - 1; from >= 0; from-- {
		if from > 0 && (w.starts[from-1] == never || at-w.starts[from-1] > w.window) {
			continue
		}
		to := t.reach(from)
		if from > 0 {
			for k := from; k < to; k++ {
				w.advance(k, at, 0)
			}
			continue
		}
		first := 0
		for e, k := range t.taken {
			if k == 0 {
				first = t.places[e]
			}
		}
		for k := range to {
			w.advance(k, at, first)
		}
	}
}

// reach is how far steps from one on (from 0) find an event each.
func (t *tie) reach(from int) int {
	t.taken, t.tried = t.taken[:0], t.tried[:0]
	for range t.masks {
		t.taken, t.tried = append(t.taken, -1), append(t.tried, false)
	}
	k := from
	for k < t.steps {
		clear(t.tried)
		if !t.place(k) {
			break
		}
		k++
	}
	return k
}

// place finds an event for a step, if need be by giving others another one.
func (t *tie) place(step int) bool {
	for e, m := range t.masks {
		if m&(1<<step) == 0 || t.tried[e] {
			continue
		}
		t.tried[e] = true
		if t.taken[e] < 0 || t.place(t.taken[e]) {
			t.taken[e] = step
			return true
		}
	}
	return false
}
