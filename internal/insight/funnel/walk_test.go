package funnel

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawFrame draws a question about some instants, and which masks events may have.
func drawFrame(t *rapid.T) frame {
	f := frame{
		n: rapid.IntRange(2, 4).Draw(t, "steps"), window: rapid.Int64Range(1, 12).Draw(t, "window"), start: 10, end: rapid.Int64Range(15, 40).Draw(t, "end"),
		order: rapid.SampledFrom([]Order{Ordered, Ordered, Strict, Any}).Draw(t, "order"), twins: []int{-1, -1, -1, -1},
	}
	f.until = f.end + rapid.Int64Range(0, 12).Draw(t, "until")
	if f.order == Ordered {
		for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "exclusions") {
			from := rapid.IntRange(1, f.n-1).Draw(t, "from")
			f.exclude = append(f.exclude, between{from, rapid.IntRange(from+1, f.n).Draw(t, "to")})
		}
	}
	if f.order == Any {
		for k := 1; k < f.n; k++ {
			if rapid.IntRange(0, 3).Draw(t, "twin") == 0 {
				f.twins[k] = k - 1
			}
		}
	}
	return f
}

func drawEvents(t *rapid.T, f frame, overlap bool) []did {
	events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) did {
		e := did{at: rapid.Int64Range(10, 45).Draw(t, "at"), mask: activityBit}
		for k := range f.n {
			if rapid.IntRange(0, f.n).Draw(t, "fits") == 0 {
				if overlap || e.mask&stepBits == 0 {
					e.mask |= 1 << k
				}
			}
		}
		for i := range f.exclude {
			if rapid.IntRange(0, 5).Draw(t, "excludes") == 0 {
				e.mask |= 1 << (maxSteps + i)
			}
		}
		if e.mask == activityBit && rapid.IntRange(0, 2).Draw(t, "signal") == 0 {
			e.mask = 0
		}
		return e
	}), 0, 9).Draw(t, "events")
	slices.SortStableFunc(events, func(a, b did) int { return cmp.Compare(a.at, b.at) })
	for i := range events { // equal steps are fitted by the same events
		for k := 1; k < f.n; k++ {
			if f.twins[k] >= 0 {
				events[i].mask = events[i].mask&^(1<<k) | events[i].mask>>f.twins[k]&1<<k
			}
		}
	}
	return events
}

// The walker measures the attempt that trying everything finds, with ties in time, events that fit several steps, and exclusions.
func TestWalkerAgainstOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFrame(t)
		w := newWalker(f)
		for range 3 { // what is remembered of one person must not be taken for another
			events := drawEvents(t, f, rapid.Bool().Draw(t, "overlap"))
			o := naive{frame: f, events: events}
			want := o.answer()
			q, masks := sequenceOf(events)
			w.know(masks)
			w.person(q)
			got := w.best.times[:w.best.level]
			if f.order != Any {
				require.Equal(t, len(want), len(got), "level: %v %v", want, got)
				require.Equal(t, want, slices.Clone(append([]int64(nil), got...)))
			} else {
				require.Len(t, got, len(want))
				if len(got) > 0 {
					require.Equal(t, want[0], got[0], "begins")
					require.Equal(t, want[len(want)-1], got[len(got)-1], "is there")
				}
			}
			if len(got) > 0 {
				require.Equal(t, got[0], events[w.best.first].at)
			}
		}
	})
}

// For events of which each fits one step at most, the level is windowFunnel's.
func TestWindowFunnel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := frame{n: rapid.IntRange(2, 5).Draw(t, "steps"), window: rapid.Int64Range(0, 15).Draw(t, "window"), start: 10, end: 46, until: 46, order: Ordered, twins: []int{-1, -1, -1, -1, -1}}
		events := drawEvents(t, f, false)
		q, masks := sequenceOf(events)
		w := newWalker(f)
		w.know(masks)
		require.True(t, w.plain)
		w.person(q)
		require.Equal(t, windowFunnel(f.window, f.n, events), w.best.level)
		quick := w.best
		w.plain = false // the way of events that are not told by name alone
		w.person(q)
		require.Equal(t, quick.times[:quick.level], w.best.times[:w.best.level])
	})
}

// Going through a person needs no memory.
func TestWalkerAllocates(t *testing.T) {
	f := frame{n: 3, window: 20, start: 10, end: 46, until: 46, twins: []int{-1, -1, -1}}
	events := []did{{10, 1 | activityBit}, {11, 3 | activityBit}, {11, 2 | activityBit}, {12, 6 | activityBit}, {12, 4 | activityBit}, {13, 1 | activityBit}}
	q, masks := sequenceOf(events)
	for _, f.order = range []Order{Ordered, Strict, Any} {
		w := newWalker(f)
		w.know(masks)
		w.person(q)
		require.Zero(t, testing.AllocsPerRun(10, func() { w.person(q) }), f.order)
	}
}
