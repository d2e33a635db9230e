// Package distribution tells how things are spread over people: how often they do something and with what values (distribution), on how many days
// of a week or month they come (stickiness), how long it takes from one event to the next (interval), and recency, frequency and money of buyers
// (rfm). Four kinds of questions in one room, since all of them are figures of many people, their quartiles and their bins.
//
// # Terms
//
// A figure is a number of one person, or of one event. A bin holds the figures from its lower bound up to, not with, its upper one; the first and
// the last may be open. A spread is a count, mean, least, quartiles, 90th and 99th percentile and greatest of figures.
//
// # Invariants
//
//   - Quantiles are exact, of type 7 of Hyndman & Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): linear
//     between the two nearest figures, as R, NumPy and pandas have it by default.
//   - Every figure is in exactly one bin; bins add up to the count.
//   - Without figures a spread has a count of 0 and null for all else.
//   - Amounts are minor units of the pool's currency, intervals seconds.
package distribution

import (
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
)

// Revenue is the property that stands for an event's base amount.
const Revenue = "revenue"

// Unit is what figures are.
type Unit string

// The units.
const (
	Times   Unit = "times"
	Days    Unit = "days"
	Money   Unit = "money" // minor units
	Number  Unit = "number"
	Seconds Unit = "seconds"
)

// Spread describes many figures.
type Spread struct {
	N      int64    `json:"n" doc:"How many figures"`
	Sum    *float64 `json:"sum"`
	Mean   *float64 `json:"mean"`
	Min    *float64 `json:"min"`
	Q1     *float64 `json:"q1"`
	Median *float64 `json:"median"`
	Q3     *float64 `json:"q3"`
	P90    *float64 `json:"p90"`
	P99    *float64 `json:"p99"`
	Max    *float64 `json:"max"`
}

// Bin holds figures from From on and below To; null is open.
type Bin struct {
	From *float64 `json:"from"`
	To   *float64 `json:"to"`
}

// maxFigures is how many figures, or different ones, are held at once.
const maxFigures = 32_000_000

func tooMany() error {
	return fault.New(fault.Invalid, "insight.too_many_values", "there are more than %d million figures; quartiles are exact and need all of them: ask for fewer days, or add a condition", maxFigures/1_000_000)
}

// figures are numbers with how often each is there, ascending.
type figures struct {
	values []float64
	ends   []int64 // how many are up to and with each value
	sum    float64
}

// sorted makes figures of a table.
func sorted(of map[float64]int64) *figures {
	f := &figures{values: make([]float64, 0, len(of))}
	for v := range of {
		f.values = append(f.values, v)
	}
	slices.Sort(f.values)
	f.ends = make([]int64, len(f.values))
	n, low := int64(0), 0.0
	for i, v := range f.values {
		n += of[v]
		f.ends[i] = n
		f.sum, low = twoSum(f.sum, v*float64(of[v]), low)
	}
	f.sum += low
	return f
}

// ordered makes figures of a list, which it sorts.
func ordered(list []float64) *figures {
	slices.Sort(list)
	f := &figures{}
	low := 0.0
	for i, v := range list {
		f.sum, low = twoSum(f.sum, v, low)
		if n := len(f.values); n > 0 && f.values[n-1] == v {
			f.ends[n-1] = int64(i + 1)
			continue
		}
		f.values, f.ends = append(f.values, v), append(f.ends, int64(i+1))
	}
	f.sum += low
	return f
}

// twoSum adds without losing digits: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.
func twoSum(sum, v, low float64) (newSum, newLow float64) {
	s := sum + v
	back := s - sum
	return s, low + (sum - (s - back)) + (v - back)
}

func (f *figures) n() int64 {
	if len(f.ends) == 0 {
		return 0
	}
	return f.ends[len(f.ends)-1]
}

// at is the i-th figure, from 0.
func (f *figures) at(i int64) float64 {
	k, _ := slices.BinarySearch(f.ends, i+1)
	return f.values[k]
}

// quantile is the q-quantile of type 7; NaN of none.
func (f *figures) quantile(q float64) float64 {
	n := f.n()
	if n == 0 {
		return math.NaN()
	}
	h := q * float64(n-1)
	i := int64(math.Floor(h))
	if i+1 >= n {
		return f.at(n - 1)
	}
	low := f.at(i)
	return low + (h-float64(i))*(f.at(i+1)-low)
}

func (f *figures) spread() Spread {
	s := Spread{N: f.n()}
	if s.N == 0 {
		return s
	}
	s.Sum, s.Mean = some(f.sum), some(f.sum/float64(s.N))
	s.Min, s.Max = some(f.values[0]), some(f.values[len(f.values)-1])
	s.Q1, s.Median, s.Q3 = some(f.quantile(0.25)), some(f.quantile(0.5)), some(f.quantile(0.75))
	s.P90, s.P99 = some(f.quantile(0.9)), some(f.quantile(0.99))
	return s
}

// some is a number for JSON: null instead of what is none.
func some(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// counts puts the figures into bins between edges.
func (f *figures) counts(edges []float64) []int64 {
	out := make([]int64, len(edges)+1)
	before := int64(0)
	for i, v := range f.values {
		out[binOf(edges, v)] += f.ends[i] - before
		before = f.ends[i]
	}
	return out
}

// binOf is the bin of a figure: bin 0 is below the first edge, the last one from the last edge on.
func binOf(edges []float64, v float64) int {
	i, found := slices.BinarySearch(edges, v)
	if found {
		i++
	}
	return i
}

// binsOf are the bins between edges.
func binsOf(edges []float64) []Bin {
	out := make([]Bin, len(edges)+1)
	for i, e := range edges {
		out[i].To, out[i+1].From = &e, &e
	}
	return out
}

// in says whether a figure is between two bounds, each of which may be open.
func in(v float64, from, to *float64) bool {
	return (from == nil || v >= *from) && (to == nil || v < *to)
}

// checkEdges looks at bounds of bins that somebody gave.
func checkEdges(c *fault.Check, field string, edges []float64) {
	c.That(len(edges) <= 100, field, "at most 100 bounds")
	for i, e := range edges {
		if i > 0 && e <= edges[i-1] {
			c.That(false, field, "each bound must be larger than the one before")
			return
		}
	}
}

// mergeCounts adds one table to another.
func mergeCounts[K comparable](into, from map[K]int64) {
	for k, n := range from {
		into[k] += n
	}
}

func groupName(g insight.Group, say insight.Say) string {
	switch {
	case g.Rest:
		return say("其他", "Others")
	case g.None:
		return say("无", "None")
	case g.Title != "":
		return g.Title
	}
	return g.Key
}
