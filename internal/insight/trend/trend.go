// Package trend answers how much, how many and how often, over time: series of events by hour, day, week or month.
//
// # Terms
//
// A series is an event (or any activity) with conditions, and a measure of it. Series have letters, A and on; formulas reckon with them. A part is
// an hour, day, week or month of the range in the pool's zone; the first and the last week or month hold only the days that are in the range. A
// line is what is drawn: a series or a formula, of one group of the breakdown.
//
// # Measures
//
//   - count: events. people: people with at least one. per_person: events by people.
//   - sum, average, min, max, p50, p75, p90, p95, p99: of a number that events carry. Events without it, or where it is no number, do not count
//     towards it. "revenue" is the event's base amount in the pool's currency, exact; amounts in other currencies have none.
//   - Percentiles are exact, of type 7 of Hyndman & Fan (1996): linear between the two nearest values.
//   - Without any value: count, people and sum are 0, everything else is null.
//
// # Invariants
//
//   - The total of a line is its measure over the whole range at once: people are counted once, a median is that of all values. It is no sum of
//     parts, and no formula of totals is taken part by part: a formula's total is the formula of the totals.
//   - A running value is the measure from the beginning of the range to the end of the part, people counted once.
//   - The moving average of n parts is the mean of the last n values; where one of them is null or there are not yet n, it is null.
//   - The groups of a breakdown are the largest by the first series over the range, by its events where its measure says nothing of size; all others together are the rest, people counted once in it.
//   - The former range is measured in the same way, with the same groups, and set beside the range part by part.
//
// Who says what about people at an event's time and what about people now: property and channel are the event's, all else is the person's as of now.
package trend

import (
	"github.com/huoshui/huoshui/internal/insight"
)

// Measure is what is told of a series.
type Measure string

// The measures.
const (
	Count     Measure = "count"
	People    Measure = "people"
	PerPerson Measure = "per_person"
	Sum       Measure = "sum"
	Average   Measure = "average"
	Min       Measure = "min"
	Max       Measure = "max"
	P50       Measure = "p50"
	P75       Measure = "p75"
	P90       Measure = "p90"
	P95       Measure = "p95"
	P99       Measure = "p99"
)

// quantile is which percentile a measure is, if it is one.
func (m Measure) quantile() (q float64, ok bool) {
	switch m {
	case P50:
		return 0.5, true
	case P75:
		return 0.75, true
	case P90:
		return 0.9, true
	case P95:
		return 0.95, true
	case P99:
		return 0.99, true
	case Count, People, PerPerson, Sum, Average, Min, Max:
	}
	return 0, false
}

// ofValues says that the measure is about a number that events carry.
func (m Measure) ofValues() bool {
	switch m {
	case Sum, Average, Min, Max, P50, P75, P90, P95, P99:
		return true
	case Count, People, PerPerson:
	}
	return false
}

// Revenue is the property that stands for an event's base amount.
const Revenue = "revenue"

// Series is an event and what is measured of it.
type Series struct {
	insight.Step
	Measure Measure `json:"measure,omitempty" enum:"count,people,per_person,sum,average,min,max,p50,p75,p90,p95,p99" doc:"What is told of the events; count unless said"`
	Of      string  `json:"of,omitempty" maxLength:"200" doc:"The property that is summed, averaged …; \"revenue\" is the event's amount in the pool's currency"`
}

// Formula reckons with series.
type Formula struct {
	Text    string `json:"text" maxLength:"500" doc:"Such as A / B * 100; division by zero is null"`
	Title   string `json:"title,omitempty" maxLength:"200"`
	Percent bool   `json:"percent,omitempty" doc:"The result is a share and shown in percent: A / B is 0.25, shown as 25 %"`
}

// Grain is the length of parts.
type Grain string

// The grains.
const (
	Hour  Grain = "hour"
	Day   Grain = "day"
	Week  Grain = "week"
	Month Grain = "month"
)

// Compare is what the range is set beside.
type Compare string

// The comparisons. Former is as many days, whole weeks or months just before; Year is a year earlier, for weeks 52 weeks.
const (
	Nothing Compare = ""
	Former  Compare = "former"
	Year    Compare = "year"
)

// Query asks for a trend.
type Query struct {
	insight.Common
	Series     []Series           `json:"series" minItems:"1" maxItems:"10" nullable:"false" doc:"Named A, B, C … in their order"`
	Formulas   []Formula          `json:"formulas,omitempty" maxItems:"10"`
	Grain      Grain              `json:"grain,omitempty" enum:"hour,day,week,month" doc:"day unless said"`
	Breakdown  *insight.Breakdown `json:"breakdown,omitempty"`
	Compare    Compare            `json:"compare,omitempty" enum:",former,year" doc:"former: the days, weeks or months just before; year: a year earlier"`
	Cumulative bool               `json:"cumulative,omitempty" doc:"Also the measure from the beginning of the range on; not of percentiles"`
	Smooth     int                `json:"smooth,omitempty" minimum:"0" maximum:"90" doc:"Also the mean of the last so many parts; 0 for none"`
}

// Point is a part of the range.
type Point struct {
	At   string `json:"at" doc:"2026-03-31, the first day of the part; for hours 2026-03-31T14:00:00+08:00"`
	Open bool   `json:"open,omitempty" doc:"It is not over: its figures can still change"`
	Cut  bool   `json:"cut,omitempty" doc:"Only some days of its week or month are in the range"`
}

// Unit is what the values of a line are.
type Unit string

// The units.
const (
	Events  Unit = "events"
	Persons Unit = "people"
	Money   Unit = "money" // minor units
	Number  Unit = "number"
	Share   Unit = "share" // 0.25 is 25 %
)

// Line is one series or formula, of one group. Lists have a value for each point; null where nothing can be said.
type Line struct {
	Key     string         `json:"key" doc:"A, B … for series, F1, F2 … for formulas"`
	Title   string         `json:"title,omitempty" doc:"As given in the query"`
	Group   *insight.Group `json:"group,omitempty" doc:"Of a breakdown"`
	Unit    Unit           `json:"unit" enum:"events,people,money,number,share"`
	Values  []*float64     `json:"values" nullable:"false"`
	Total   *float64       `json:"total" doc:"The measure over the whole range: people are counted once"`
	Running []*float64     `json:"running,omitempty" doc:"The measure from the beginning of the range to the end of the part"`
	Smooth  []*float64     `json:"smooth,omitempty" doc:"Moving average"`
	Former  *FormerLine    `json:"former,omitempty"`
}

// FormerLine is the same line over the former range. A point stands beside the point of the same place in the range; null if it has none.
type FormerLine struct {
	Values  []*float64 `json:"values" nullable:"false"`
	Total   *float64   `json:"total"`
	Running []*float64 `json:"running,omitempty"`
	Smooth  []*float64 `json:"smooth,omitempty"`
	Change  *float64   `json:"change" doc:"Total by former total, less 1"`
}

// Answer is a trend.
type Answer struct {
	Grain    Grain       `json:"grain" enum:"hour,day,week,month"`
	Currency string      `json:"currency"`
	Points   []Point     `json:"points" nullable:"false"`
	Lines    []Line      `json:"lines" nullable:"false" doc:"By series and formulas in their order, then groups, the largest first"`
	Former   *FormerSpan `json:"former,omitempty" doc:"What the range is compared with"`
	Groups   int         `json:"groups,omitempty" doc:"How many groups there are, with those in the rest"`
}

// FormerSpan is the range that is compared with, and its points.
type FormerSpan struct {
	From string   `json:"from" example:"2026-02-01"`
	To   string   `json:"to" example:"2026-02-28"`
	At   []string `json:"at" nullable:"false" doc:"The part of the former range that stands beside each point; empty if there is none"`
}

// Of is a number of an answer, for the people behind it: those with an event of the series in it.
type Of struct {
	Key    string         `json:"key" doc:"The series' letter"`
	At     string         `json:"at,omitempty" doc:"The point as in the answer; empty for the whole range"`
	Group  *insight.Group `json:"group,omitempty"`
	Former bool           `json:"former,omitempty" doc:"Of the former range; at is the former range's then"`
}
