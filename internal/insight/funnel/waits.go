package funnel

import (
	"math"
	"slices"
	"time"
)

// timesOf sums waits up.
func timesOf(waits []int64) Times {
	return Times{
		People: int64(len(waits)), Median: quantile(waits, 0.5), P25: quantile(waits, 0.25), P75: quantile(waits, 0.75), P90: quantile(waits, 0.9), Bins: binsOf(waits),
	}
}

// quantile is the least wait, in seconds, that at least a share p of the people did not exceed (nearest rank); nil for nobody. It reorders the waits.
func quantile(waits []int64, p float64) *float64 {
	if len(waits) == 0 {
		return nil
	}
	rank := max(int(math.Ceil(p*float64(len(waits)))), 1)
	s := seconds(nth(waits, rank-1))
	return &s
}

// nth is the value that would stand at place n if all were sorted (quickselect, with the median of three as pivot).
func nth(values []int64, n int) int64 {
	for len(values) > 32 {
		a, b, c := values[0], values[len(values)/2], values[len(values)-1]
		pivot := max(min(a, b), min(max(a, b), c))
		low, high := 0, len(values)-1
		for low <= high {
			for values[low] < pivot {
				low++
			}
			for values[high] > pivot {
				high--
			}
			if low <= high {
				values[low], values[high] = values[high], values[low]
				low++
				high--
			}
		}
		switch {
		case n <= high:
			values = values[:high+1]
		case n >= low:
			values, n = values[low:], n-low
		default:
			return pivot
		}
	}
	slices.Sort(values)
	return values[n]
}

// mostBins is how many bars a histogram has at most.
const mostBins = 24

// widths are those of bars: what a clock or a calendar counts in.
func widths() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{
		time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 28 * day,
	}
}

// binsOf makes bars of one width for 98 of 100 people, and one for the few who took longer.
func binsOf(waits []int64) []Bin {
	if len(waits) == 0 {
		return []Bin{}
	}
	most := int64(0)
	for _, w := range waits {
		most = max(most, w)
	}
	usual := nth(waits, max(int(math.Ceil(0.98*float64(len(waits)))), 1)-1)
	width := int64(0)
	for _, d := range widths() {
		if width = d.Microseconds(); usual < width*(mostBins-1) {
			break
		}
	}
	bars := int(usual/width) + 1
	counts := make([]int64, bars+1)
	for _, w := range waits {
		counts[min(int(w/width), bars)]++
	}
	out := make([]Bin, 0, len(counts))
	for i, n := range counts {
		bin := Bin{From: seconds(int64(i) * width), To: seconds(int64(i+1) * width), People: n}
		if i == bars {
			if n == 0 {
				break
			}
			bin.To = seconds((most/width + 1) * width)
		}
		out = append(out, bin)
	}
	return out
}
