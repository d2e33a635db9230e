package funnel

import (
	"math/bits"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// strict goes through a person's activities; attempts are rows of them without a gap. Bit k says that the last k+1 activities are an attempt.
func (w *walker) strict(q *timeline.Sequence, n int) {
	var alive uint32
	var last [32]int // places of the last activities, by number
	seen := 0
	times := q.Times[:n]
	for i := range times {
		mask := w.fits(q, i)
		if mask&activityBit == 0 {
			continue
		}
		at := times[i]
		last[seen&31] = i
		alive <<= 1
		if at >= w.start && at < w.end {
			alive |= 1
		}
		alive &= mask & (1<<w.n - 1)
		for m := alive; m != 0; {
			k := bits.Len32(m) - 1
			m &^= 1 << k
			first := last[(seen-k)&31]
			if at-times[first] > w.window {
				alive &^= 1 << k
				continue
			}
			if k+1 > w.best.level {
				w.best.level, w.best.first = k+1, first
				for j := range k + 1 {
					w.best.times[j] = times[last[(seen-k+j)&31]]
				}
			}
		}
		if w.best.level == w.n {
			return
		}
		seen++
	}
}

// moment is a step done last: when, and where in the sequence.
type moment struct {
	at    int64
	place int
}

// anyState is what anyOrder remembers of a person.
type anyState struct {
	last   [maxSteps]moment // when a step was done last; of equal steps the first has the newest event, the next the one before it …
	before [maxSteps]moment // the same as of the end of the range
	sealed bool             // before is made
}

// anyOrder goes through the instants of a person at which something fits. The steps that were done last are those of the attempt that began last.
func (w *walker) anyOrder(q *timeline.Sequence, n int) {
	s := &w.any
	s.sealed = false
	for k := range w.n {
		s.last[k] = moment{at: never}
	}
	names, times := q.Names[:n], q.Times[:n]
	for i := 0; i < len(names) && w.best.level < w.n; i++ {
		if w.masks[names[i]]&stepBits == 0 {
			continue
		}
		at, found := times[i], uint32(0)
		if at >= w.end && !s.sealed {
			s.before, s.sealed = s.last, true
		}
		for ; i < len(times) && times[i] == at; i++ {
			mask := w.fits(q, i) & stepBits
			found |= mask
			for k := w.n - 1; k >= 0; k-- { // downwards: equal steps hand their events on
				if mask&(1<<k) == 0 {
					continue
				}
				if twin := w.twins[k]; twin >= 0 {
					s.last[k] = s.last[twin]
				} else {
					s.last[k] = moment{at, i}
				}
			}
		}
		i--
		if found != 0 && at >= w.start {
			w.count(at)
		}
	}
}

// count sees how many steps lie in the window that ends now.
func (w *walker) count(now int64) {
	s := &w.any
	var done [maxSteps]moment
	var steps [maxSteps]int
	level := 0
	for k := range w.n {
		if m := s.last[k]; m.at != never && now-m.at <= w.window {
			done[level], steps[level] = m, k
			level++
		}
	}
	if level <= w.best.level {
		return
	}
	if s.sealed && !slices.ContainsFunc(done[:level], func(m moment) bool { return m.at < w.end }) {
		// All lie after the range: the one that was done last within it must be the first.
		instead, eldest := moment{at: never}, -1
		for _, k := range steps[:level] {
			e := w.eldest(k)
			if b := s.before[e]; b.at != never && now-b.at <= w.window && b.at > instead.at {
				instead, eldest = b, e
			}
		}
		if eldest < 0 {
			return
		}
		// Of equal steps it is the oldest event that gives way.
		at := 0
		for j, k := range steps[:level] {
			if w.eldest(k) == eldest {
				at = j
			}
		}
		done[at] = instead
	}
	slices.SortFunc(done[:level], func(a, b moment) int {
		if a.at != b.at {
			if a.at < b.at {
				return -1
			}
			return 1
		}
		return a.place - b.place
	})
	w.best.level, w.best.first = level, done[0].place
	for j := range level {
		w.best.times[j] = done[j].at
	}
}

// eldest is the first of the steps that are equal to a step.
func (w *walker) eldest(k int) int {
	for w.twins[k] >= 0 {
		k = w.twins[k]
	}
	return k
}
