package health

import (
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/insight/health/season"
)

// Metric is a key figure by day.
type Metric string

// The metrics.
const (
	NewPeople    Metric = "new"
	ActivePeople Metric = "active"
	GoneSilent   Metric = "silent"
	Orders       Metric = "orders"
	Buyers       Metric = "buyers"
	Revenue      Metric = "revenue"
	Converted    Metric = "conversion" // buyers of the day / people of the day
	RefusedCount Metric = "rejected"
)

// Metrics lists all metrics, in the order in which they are shown.
func Metrics() []Metric {
	return []Metric{NewPeople, ActivePeople, GoneSilent, Orders, Buyers, Revenue, Converted, RefusedCount}
}

// Unit of a metric's values.
func (m Metric) Unit() string {
	switch m {
	case NewPeople, ActivePeople, GoneSilent, Buyers:
		return "people"
	case Orders:
		return "orders"
	case Revenue:
		return "money" // minor units
	case Converted:
		return "share"
	case RefusedCount:
		return "events"
	}
	return ""
}

// HasPeople says whether there are people behind the metric.
func (m Metric) HasPeople() bool { return m != RefusedCount }

// of is the metric's value of a day, NaN if it has none.
func (m Metric) of(x Facts) float64 {
	if !x.Beginning {
		return season.Missing()
	}
	switch m {
	case NewPeople:
		return float64(x.New)
	case ActivePeople:
		return float64(x.Seen)
	case GoneSilent:
		return float64(x.Silenced)
	case Orders:
		return float64(x.Orders)
	case Buyers:
		return float64(x.Buyers)
	case Revenue:
		return float64(x.Revenue)
	case Converted:
		if x.Seen > 0 {
			return float64(x.Buyers) / float64(x.Seen)
		}
	case RefusedCount:
		if x.Refused != nil {
			return float64(*x.Refused)
		}
	}
	return season.Missing()
}

// judge takes the metric's series apart. The spread that is believed at least is what pure chance makes of so many independent people: ½ for
// the root of a count (Poisson); for money ½·√(2a) with a the average order, whose amounts vary about as much as they are large; and a share
// is judged as the count that it would be on a day with the usual number of people.
func (m Metric) judge(facts []Facts) (values []float64, result season.Result) {
	values = make([]float64, len(facts))
	for i, x := range facts {
		values[i] = m.of(x)
	}
	series, floor := values, .5
	switch m {
	case Revenue:
		var revenue, orders int64
		for _, x := range facts {
			revenue, orders = revenue+x.Revenue, orders+x.Orders
		}
		if orders > 0 && revenue > 0 {
			floor = .5 * math.Sqrt(2*float64(revenue)/float64(orders))
		}
	case Converted:
		scale := usual(facts)
		series = make([]float64, len(values))
		for i, v := range values {
			series[i] = v * scale
		}
	case NewPeople, ActivePeople, GoneSilent, Orders, Buyers, RefusedCount:
	}
	result = season.Judge(series, season.Options{Floor: func(int) float64 { return floor }})
	return values, result
}

// usual is how many people there are on the middle day, at least one.
func usual(facts []Facts) float64 {
	var seen []int64
	for _, x := range facts {
		if x.Seen > 0 {
			seen = append(seen, x.Seen)
		}
	}
	if len(seen) == 0 {
		return 1
	}
	slices.Sort(seen)
	return float64(seen[len(seen)/2])
}

// scale is by what the judged series was multiplied.
func (m Metric) scale(facts []Facts) float64 {
	if m == Converted {
		return usual(facts)
	}
	return 1
}

// Sensitivity is how far from what was expected a day must be.
type Sensitivity string

// The sensitivities. Of days on which nothing happened, less than 0.03 %, 0.2 % and 1.2 % are beyond them (tested in package season).
const (
	Low    Sensitivity = "low"
	Medium Sensitivity = "medium"
	High   Sensitivity = "high"
)

// Limit of |z|.
func (s Sensitivity) Limit() float64 {
	switch s {
	case Low:
		return 5
	case High:
		return 3
	case Medium:
	}
	return 4
}
