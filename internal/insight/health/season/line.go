package season

import (
	"math"
	"slices"
)

// lines gives for every day the value of a repeated-median line through the days of the window around it. At the ends, where there are no
// days on one side, it is the line of the outermost whole window, so that the newest day is not judged by itself.
func lines(x []float64) []float64 {
	out := make([]float64, len(x))
	width := min(Window, len(x))
	var at, from int
	slope, level := math.NaN(), math.NaN()
	from = -1
	for i := range x {
		begin := min(max(i-width/2, 0), len(x)-width)
		if begin != from {
			from = begin
			at = from + width/2
			slope, level = line(x[from:from+width], width/2)
		}
		out[i] = max(level+slope*float64(i-at), least)
	}
	return out
}

// least keeps a falling line above nothing: it is the x of a series of zeros.
const least = 0.6123724356957945 // √(3/8)

// line is the repeated-median line: the slope is the median over all days of the median slope towards the others, the level at the middle is the
// median of what each day says of it. Days without a value say nothing.
func line(x []float64, middle int) (slope, level float64) {
	slopes := make([]float64, 0, len(x))
	towards := make([]float64, 0, len(x))
	for i, a := range x {
		if math.IsNaN(a) {
			continue
		}
		towards = towards[:0]
		for j, b := range x {
			if j != i && !math.IsNaN(b) {
				towards = append(towards, (b-a)/float64(j-i))
			}
		}
		if len(towards) > 0 {
			slopes = append(slopes, sorted(towards))
		}
	}
	slope = median(slopes)
	if math.IsNaN(slope) {
		slope = 0
	}
	levels := make([]float64, 0, len(x))
	for i, a := range x {
		if !math.IsNaN(a) {
			levels = append(levels, a-slope*float64(i-middle))
		}
	}
	return slope, median(levels)
}

// median is the middle of the values that there are, NaN of none. v is not changed.
func median(v []float64) float64 {
	there := make([]float64, 0, len(v))
	for _, x := range v {
		if !math.IsNaN(x) {
			there = append(there, x)
		}
	}
	return sorted(there)
}

// sorted is the median of v, which it sorts; no value is NaN.
func sorted(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}
