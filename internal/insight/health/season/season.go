// Package season tells what is unusual in a daily series: it takes a series apart into trend, weekly season and remainder, and judges the
// remainder by its median absolute deviation.
//
// It is a decomposition in the manner of STL (R. B. Cleveland, W. S. Cleveland, J. E. McRae, I. Terpenning: STL: A Seasonal-Trend
// Decomposition Procedure Based on Loess, Journal of Official Statistics 6, 1990), with medians in place of weighted means, so that the
// anomalies that are looked for do not bend what they are compared with, as in S-H-ESD (J. Hochenbaum, O. Vallis, A. Kejariwal: Automatic
// Anomaly Detection in the Cloud Via Statistical Learning, arXiv:1704.07706, 2017). The trend is a repeated-median line through the days
// around (A. F. Siegel: Robust Regression Using Repeated Medians, Biometrika 69, 1982), which stands up to nearly half of them being wrong,
// and unlike a running median does not lag behind a pool that grows.
//
// Terms. For a series y with one value a day (or none):
//
//	x = √(y + 3/8)                         counts then vary alike, large or small (Anscombe 1948)
//	x = trend · season(weekday) + remainder   a Saturday is so many times a usual day, in a small pool as in a large one
//	z = (remainder − its median) / spread   spread = 1.4826 · MAD, but at least the floor that the caller gives
//
// Invariants. A day without a value is neither judged nor taken into account. A series of fewer than MinDays days with values, or with fewer
// than three of some weekday, is not judged at all. Nothing depends on the scale of a day's neighbours by more than their ranks.
package season

import (
	"math"
	"slices"
)

// The shape of the decomposition.
const (
	Period  = 7  // days of a season
	Window  = 35 // days that a trend line goes through
	MinDays = 28 // with a value, for a judgement
	perDay  = 3  // values of each weekday at least
	rounds  = 3  // trend and season refine each other
	toSigma = 1.4826
)

// Missing is a day without a value.
func Missing() float64 { return math.NaN() }

// Options of a judgement.
type Options struct {
	// Floor is the least spread of x that is believed on day i, such as 0.5 for counts: √ of a Poisson count varies by that much however
	// calm the past was. 0 if nil.
	Floor func(i int) float64
	// Keep says whether the season is to be subtracted; a series without one is judged by its trend alone. True unless Flat.
	Flat bool
}

// Day is the judgement of one day. Expected, Low and High are in the series' own units.
type Day struct {
	Judged   bool    // false: no value, or the series is too short
	Expected float64 // trend times season
	Low      float64 // expected at z = −1
	High     float64 // expected at z = +1
	Z        float64 // robust standard deviations from what was expected
	spread   float64
	x        float64
}

// Band is between which values a day is usual for a limit of |z|.
func (d Day) Band(z float64) (low, high float64) {
	return back(d.x - z*d.spread), back(d.x + z*d.spread)
}

// Result is a series taken apart.
type Result struct {
	Days   []Day
	Values int // days with a value
	Needs  int // days with a value that are still missing for a judgement; 0 if it was judged
}

// Judge takes a series apart; NaN is a day without a value, a value below 0 counts as 0.
func Judge(series []float64, o Options) Result {
	res := Result{Days: make([]Day, len(series))}
	x := make([]float64, len(series))
	var each [Period]int
	for i, y := range series {
		x[i] = math.NaN()
		if !math.IsNaN(y) {
			x[i] = math.Sqrt(max(y, 0) + 3.0/8)
			each[i%Period]++
			res.Values++
		}
	}
	least := slices.Min(each[:])
	if res.Values < MinDays || (!o.Flat && least < perDay) {
		res.Needs = max(MinDays-res.Values, (perDay-least)*Period, 1)
		return res
	}
	trend, seasonal := take(x, o.Flat)
	remainder := make([]float64, len(x))
	for i := range x {
		remainder[i] = x[i] - trend[i]*seasonal[i%Period] // NaN stays NaN
	}
	centre := median(remainder)
	spread := spreadOf(remainder, centre)
	for i := range x {
		d := &res.Days[i]
		d.spread = spread
		if o.Floor != nil {
			d.spread = max(spread, o.Floor(i))
		}
		d.spread = max(d.spread, 1e-9)
		d.x = trend[i]*seasonal[i%Period] + centre
		d.Expected = back(d.x)
		d.Low, d.High = d.Band(1)
		if !math.IsNaN(x[i]) {
			d.Judged, d.Z = true, (x[i]-d.x)/d.spread
		}
	}
	return res
}

// back undoes the root. Below the root of nothing there is nothing.
func back(x float64) float64 {
	return max(0, max(x, 0)*max(x, 0)-3.0/8)
}

// take takes x apart into a trend and the season of each place in the week.
func take(x []float64, flat bool) (trend []float64, seasonal [Period]float64) {
	rest := slices.Clone(x)
	for k := range seasonal {
		seasonal[k] = 1
	}
	for range rounds {
		trend = lines(rest)
		if flat {
			return trend, seasonal
		}
		for k := range Period {
			var of []float64
			for i := k; i < len(x); i += Period {
				of = append(of, x[i]/trend[i])
			}
			seasonal[k] = median(of)
		}
		middle := median(seasonal[:])
		for k := range seasonal {
			seasonal[k] /= middle
		}
		for i := range x {
			rest[i] = x[i] / seasonal[i%Period]
		}
	}
	return trend, seasonal
}

// spreadOf is 1.4826 · MAD, or, if more than half of the days are alike, what their mean absolute deviation says of it.
func spreadOf(r []float64, centre float64) float64 {
	off := make([]float64, 0, len(r))
	sum := 0.0
	for _, v := range r {
		if !math.IsNaN(v) {
			off = append(off, math.Abs(v-centre))
			sum += math.Abs(v - centre)
		}
	}
	if mad := median(off); mad > 0 || len(off) == 0 {
		return toSigma * mad
	}
	return math.Sqrt(math.Pi/2) * sum / float64(len(off))
}
