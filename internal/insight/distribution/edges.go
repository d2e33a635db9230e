package distribution

import "math"

// How bins are chosen when nobody says: so that most figures are spread over some twenty of them, with bounds that people would choose, and what
// is far out is in the last one.

const wantedBins = 20

// edgesOf are the bounds for figures of a unit.
func edgesOf(unit Unit, f *figures) []float64 {
	if f.n() == 0 {
		return nil
	}
	switch unit {
	case Times, Days:
		return countEdges(f.values[len(f.values)-1])
	case Seconds:
		return timeEdges(f.quantile(0.95))
	case Money, Number:
	}
	return numberEdges(f)
}

// countEdges are bounds for whole numbers from 1 on: one bin each up to 10 or, if there are few, up to 20; then 11–20, 21–50, 51–100, 101–200 …
func countEdges(greatest float64) []float64 {
	single := 10.0
	if greatest <= wantedBins {
		single = greatest
	}
	var out []float64
	for v := 2.0; v <= single+1 && v <= greatest; v++ {
		out = append(out, v)
	}
	if greatest <= single {
		return out
	}
	for step := 10.0; ; step *= 10 {
		for _, end := range []float64{2 * step, 5 * step, 10 * step} {
			if end >= greatest {
				return out
			}
			out = append(out, end+1)
		}
	}
}

// timeEdges are even bounds in seconds up to about a limit, in minutes, hours, days, weeks or months of thirty days.
func timeEdges(limit float64) []float64 {
	const minute, hour, day = 60.0, 3600.0, 86400.0
	steps := []float64{1, 5, 15, minute, 5 * minute, 15 * minute, hour, 2 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if limit/s <= wantedBins+4 {
			step = s
			break
		}
	}
	out := []float64{step}
	for v := 2 * step; v <= limit && len(out) < 100; v += step {
		out = append(out, v)
	}
	return out
}

// numberEdges are even bounds at 1, 2 or 5 times a power of ten, over the middle 98 percent of the figures.
func numberEdges(f *figures) []float64 {
	low, high := f.quantile(0.01), f.quantile(0.99)
	if len(f.values) <= wantedBins && whole(f.values) && high-low <= 3*wantedBins {
		return append([]float64(nil), f.values[1:]...) // a bin each
	}
	if !(high > low) {
		if f.values[0] == f.values[len(f.values)-1] {
			return nil
		}
		low, high = f.values[0], f.values[len(f.values)-1]
	}
	step := nice((high - low) / wantedBins)
	first := math.Floor(low/step) + 1
	var out []float64
	for k := first; k*step <= high && len(out) < 3*wantedBins; k++ {
		out = append(out, k*step)
	}
	return out
}

func whole(values []float64) bool {
	for _, v := range values {
		if v != math.Trunc(v) {
			return false
		}
	}
	return true
}

// nice is the least of 1, 2, 5 times a power of ten that is not smaller than a step.
func nice(step float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= step*(1-1e-9) {
			return k * power
		}
	}
	return 10 * power
}
