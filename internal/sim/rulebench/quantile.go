package rulebench

import (
	"math"
	"slices"
)

// median of some measurements after the first, which is to warm up.
func median(all []float64) float64 {
	kept := slices.Clone(all[min(1, len(all)-1):])
	slices.Sort(kept)
	return kept[len(kept)/2]
}

// quantile is the least measurement that so large a part of all does not exceed; 0 of none.
func quantile(all []float64, part float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[max(0, int(math.Ceil(part*float64(len(sorted))))-1)]
}

func seconds(list []spent) (out []float64) {
	for _, s := range list {
		out = append(out, s.wall.Seconds())
	}
	return out
}

func cpuSeconds(list []spent) (out []float64) {
	for _, s := range list {
		out = append(out, s.cpu.Seconds())
	}
	return out
}
