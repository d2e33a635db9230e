// Package lifetime is the mathematics of customer lifetime value where nobody says good-bye: how often somebody buys while they still do, when they
// silently stop, and what an order is worth. Parameters are found by maximum likelihood.
//
// # Terms
//
// A history is what is known of one buyer: x repeat purchase days (the first purchase and further ones on the same day are left out), the
// recency t_x from the first to the last purchase, and the age T from the first purchase to the end of observation, both in days. BG/NBD lets
// people drop out right after a purchase, Pareto/NBD at any time; both let rates differ from person to person. Gamma-Gamma is what people spend
// a day, independent of how often.
//
// # Invariants
//
//   - People with the same history count once with a weight: what a fit costs depends on how many different histories there are.
//   - Sums are taken in an order that depends on the data alone, so the same people give the same parameters to the last bit.
//   - Nothing is NaN: what cannot be said is an error or a fit that is not credible, with its reasons.
//
// # Sources
//
//   - BG/NBD: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2), 275–284.
//   - Pareto/NBD: Schmittlein, Morrison & Colombo (1987), Management Science 33(1), 1–24; Fader & Hardie (2005), A Note on Deriving the
//     Pareto/NBD Model and Related Expressions, brucehardie.com/notes/009.
//   - Gamma-Gamma: Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value, brucehardie.com/notes/025.
//   - Hypergeometric functions: DLMF, dlmf.nist.gov/15 (15.2.1 the series, 15.8.1 Euler's and Pfaff's transformations).
package lifetime

import (
	"cmp"
	"math"
	"slices"
)

// History is what is known of one buyer, or of several who are alike.
type History struct {
	Repeats int // x: purchase days after the first
	Recency int // days from the first to the last purchase day; 0 if Repeats is 0
	Age     int // days from the first purchase day to the end of observation
}

// Data are histories, those that are equal counted together, in an order of their own.
type Data struct {
	unit   float64 // days in a unit of time
	groups []group
	people float64
	days   int // the greatest age
	repeat float64
	age    float64 // sum of ages in units
	orders float64 // sum of repeats
}

// group are the histories with the same number of repeats.
type group struct {
	x      int
	people float64
	rows   []row
}

type row struct {
	recency, age int
	n            float64
}

// Gather counts equal histories together. unit is how many days a unit of time has: 7 for weeks.
func Gather(histories []History, unit float64) *Data {
	sorted := slices.Clone(histories)
	slices.SortFunc(sorted, func(a, b History) int {
		return cmp.Or(cmp.Compare(a.Repeats, b.Repeats), cmp.Compare(a.Recency, b.Recency), cmp.Compare(a.Age, b.Age))
	})
	d := &Data{unit: unit}
	for i, h := range sorted {
		d.people++
		d.orders += float64(h.Repeats)
		d.age += float64(h.Age) / unit
		d.days = max(d.days, h.Age, h.Recency)
		if h.Repeats > 0 {
			d.repeat++
		}
		if i == 0 || h.Repeats != sorted[i-1].Repeats {
			d.groups = append(d.groups, group{x: h.Repeats})
		}
		g := &d.groups[len(d.groups)-1]
		g.people++
		if i > 0 && h == sorted[i-1] {
			g.rows[len(g.rows)-1].n++
		} else {
			g.rows = append(g.rows, row{h.Recency, h.Age, 1})
		}
	}
	return d
}

// People is how many there are.
func (d *Data) People() int { return int(d.people) }

// Repeaters is how many bought on more than one day.
func (d *Data) Repeaters() int { return int(d.repeat) }

// Unit is how many days a unit of time has.
func (d *Data) Unit() float64 { return d.unit }

// Kinds is how many different histories there are.
func (d *Data) Kinds() int {
	n := 0
	for i := range d.groups {
		n += len(d.groups[i].rows)
	}
	return n
}

// Each goes through the different histories with how many people have each.
func (d *Data) Each(yield func(h History, people float64)) {
	for i := range d.groups {
		for _, r := range d.groups[i].rows {
			yield(History{d.groups[i].x, r.recency, r.age}, r.n)
		}
	}
}

// pick is the data with those of the different histories that keep says, by their number.
func (d *Data) pick(keep func(i int) bool) *Data {
	out := &Data{unit: d.unit, days: d.days}
	i := 0
	for g := range d.groups {
		from := &d.groups[g]
		to := group{x: from.x}
		for _, r := range from.rows {
			if keep(i) {
				to.rows = append(to.rows, r)
				to.people += r.n
				out.age += r.n * float64(r.age) / d.unit
			}
			i++
		}
		if len(to.rows) > 0 {
			out.groups = append(out.groups, to)
			out.people += to.people
			out.orders += to.people * float64(to.x)
		}
	}
	return out
}

// rate is how many repeat purchases a person has in a unit of time, more than 0.
func (d *Data) rate() float64 { return (d.orders + 0.5) / (d.age + 1) }

// logs are ln(shift + day) in units for every day that occurs.
func (d *Data) logs(into []float64, shift float64) []float64 {
	if into == nil {
		into = make([]float64, d.days+1)
	}
	for day := range into {
		into[day] = math.Log(shift + float64(day)/d.unit)
	}
	return into
}

// Model is a fitted model of how often people buy and whether they still do. Times t are in days.
type Model interface {
	// Alive is the probability that somebody is still a customer at the end of observation.
	Alive(h History) float64
	// Expected is how many purchase days are to be expected of somebody in the t days after the end of observation.
	Expected(h History, t float64) float64
	// Newcomer is how many repeat purchase days are to be expected of somebody in the first t days after the first purchase.
	Newcomer(t float64) float64
	// Chances are the probabilities that somebody has 0, 1, … n-1 repeat purchase days in the first t days.
	Chances(n int, t float64) []float64
	// Pace says how long the gap to the next purchase of somebody who is still a customer is: P(gap > t) = (scale/(scale+t))^shape.
	Pace(h History) (shape, scale float64)
}
