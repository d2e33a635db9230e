package distribution

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// RFM: recency, frequency and monetary value of everybody who bought in the range, a grid of the first two, and eight kinds of buyers by all three.
//
//   - Recency is in days from the last purchase to the end: calendar days to the last day of the range (0 is that day), or elapsed ones, whole
//     spans of 24 hours up to a moment, as most packages and papers count them.
//   - Frequency is the number of purchases; monetary value the sum of their amounts in the pool's currency. Purchases in other currencies count,
//     and add nothing.
//   - The grid's classes are cut at quantiles, or where the query says. A figure equal to a cut is below it. Class 1 is the worst: the longest ago,
//     the fewest, the least.
//   - The eight kinds part each figure at its middle (the median unless said): recent is up to and with it, often and much are from it on. They are
//     those of the tier template "RFM", with the same keys.

// RfmQuery asks for the RFM of buyers.
type RfmQuery struct {
	insight.Common
	Step      insight.Step `json:"step,omitzero" doc:"What counts as a purchase; Order Completed unless said"`
	Recency   string       `json:"recency,omitempty" enum:"calendar,elapsed" doc:"calendar unless said"`
	At        string       `json:"at,omitempty" maxLength:"40" doc:"Of elapsed recency: the moment up to which is counted, RFC 3339; else the end of the range, or now"`
	Bins      int          `json:"bins,omitempty" minimum:"0" maximum:"10" doc:"Classes of each figure; 5 unless said"`
	Recent    []float64    `json:"recent,omitempty" maxItems:"9" doc:"Fixed cuts of recency in days, rising; quantiles if empty"`
	Often     []float64    `json:"often,omitempty" maxItems:"9" doc:"Fixed cuts of frequency, rising"`
	Much      []float64    `json:"much,omitempty" maxItems:"9" doc:"Fixed cuts of monetary value in minor units, rising"`
	Middle    float64      `json:"middle,omitempty" minimum:"0" maximum:"0.95" doc:"Quantile that parts high and low of the eight kinds; 0.5 unless said"`
	byCuts    bool
	atMoment  time.Time
	hasMoment bool
}

// Ways to count recency.
const (
	byCalendar = "calendar"
	byElapsed  = "elapsed"
)

// RfmFigure is one of the three figures.
type RfmFigure struct {
	Spread Spread    `json:"spread"`
	Cuts   []float64 `json:"cuts" nullable:"false" doc:"Upper bounds, included, of all classes but the last, rising"`
	Middle *float64  `json:"middle" doc:"What parts high and low"`
}

// RfmCell is a field of the grid.
type RfmCell struct {
	R      int     `json:"r" doc:"1 to the number of classes, which is the most recent"`
	F      int     `json:"f" doc:"1 to the number of classes, which is the most frequent"`
	People int64   `json:"people"`
	Money  int64   `json:"money" doc:"Sum of monetary values, minor units"`
	ByM    []int64 `json:"by_m" nullable:"false" doc:"People by class of monetary value, from 1"`
}

// RfmKind is one of the eight kinds of buyers.
type RfmKind struct {
	Key    string `json:"key" enum:"champion,promising,keep,win-back,loyal,fresh,fading,dormant"`
	People int64  `json:"people"`
	Money  int64  `json:"money" doc:"Minor units"`
	Orders int64  `json:"orders"`
}

// RfmAnswer is the RFM of buyers.
type RfmAnswer struct {
	At        time.Time `json:"at" doc:"Up to when was counted"`
	Recency   string    `json:"recency_by" enum:"calendar,elapsed"`
	Currency  string    `json:"currency"`
	People    int64     `json:"people" doc:"Buyers"`
	Days      RfmFigure `json:"recency" doc:"In days"`
	Frequency RfmFigure `json:"frequency"`
	Monetary  RfmFigure `json:"monetary" doc:"In minor units"`
	Grid      []RfmCell `json:"grid" nullable:"false"`
	Kinds     []RfmKind `json:"kinds" nullable:"false"`
}

// RfmOf is people of the grid or of a kind; several conditions hold together, 0 and empty say nothing.
type RfmOf struct {
	R    int    `json:"r,omitempty" minimum:"0" maximum:"10"`
	F    int    `json:"f,omitempty" minimum:"0" maximum:"10"`
	M    int    `json:"m,omitempty" minimum:"0" maximum:"10"`
	Kind string `json:"kind,omitempty" enum:",champion,promising,keep,win-back,loyal,fresh,fading,dormant"`
}

func checkRFM(_ context.Context, q *RfmQuery) error {
	var c fault.Check
	if q.Step.Event == "" {
		q.Step.Event = event.OrderCompleted
	}
	if q.Recency == "" {
		q.Recency = byCalendar
	}
	if q.Bins == 0 {
		q.Bins = 5
	}
	if q.Middle == 0 {
		q.Middle = 0.5
	}
	c.That(q.Recency == byCalendar || q.Recency == byElapsed, "body.recency", "calendar or elapsed")
	c.That(q.Bins >= 2 && q.Bins <= 10, "body.bins", "2 to 10 classes")
	c.That(q.Middle >= 0.05 && q.Middle <= 0.95, "body.middle", "0.05 to 0.95")
	if q.At != "" {
		at, err := time.Parse(time.RFC3339Nano, q.At)
		c.That(err == nil && at.Year() >= 1970 && at.Year() <= 2200, "body.at", "a moment is written like 2026-03-31T12:00:00Z")
		c.That(q.Recency == byElapsed, "body.at", "a moment is for elapsed recency; calendar recency ends with the range")
		q.atMoment, q.hasMoment = at.UTC(), err == nil
	}
	q.byCuts = len(q.Recent)+len(q.Often)+len(q.Much) > 0
	if q.byCuts {
		n := len(q.Recent)
		c.That(n > 0 && len(q.Often) == n && len(q.Much) == n, "body.recent", "give as many fixed cuts of each figure, or none")
		checkEdges(&c, "body.recent", q.Recent)
		checkEdges(&c, "body.often", q.Often)
		checkEdges(&c, "body.much", q.Much)
		q.Bins = n + 1
	}
	return c.Err("rfm.invalid", "this cannot be asked for; see errors")
}

// buyer is one person's figures.
type buyer struct {
	person, days, orders, minor int64
}

// buyers goes through everybody.
func (s *Service) buyers(ctx context.Context, r *insight.Run, q RfmQuery) (all []buyer, at time.Time, err error) {
	span, err := s.desk.Range(q.Span)
	if err != nil {
		return nil, at, err
	}
	from, end := span.Start().UnixMicro(), span.End().UnixMicro()
	if at = span.End(); at.After(s.desk.Now()) {
		at = s.desk.Now()
	}
	if q.hasMoment {
		at, end = q.atMoment, q.atMoment.UnixMicro()+1
	}
	plan, err := s.desk.Plan(ctx, r, insight.Need{Steps: []insight.Step{q.Step}, People: q.People, Field: "step"})
	if err != nil {
		return nil, at, err
	}
	type table struct {
		step *insight.Matcher
		all  []buyer
	}
	workers, err := insight.Scan(ctx, r, plan, from,
		func(v *insight.View) *table { return &table{step: v.Step(0)} },
		func(w *table, _ *insight.View, person int64, q *timeline.Sequence) {
			b, last := buyer{person: person}, int64(0)
			for i := range insight.Upto(q, end) {
				if q.Times[i] < from || !w.step.Matches(q, i) {
					continue
				}
				minor, _ := q.Amount(i)
				b.orders, b.minor, last = b.orders+1, b.minor+minor, q.Times[i]
			}
			if b.orders > 0 {
				b.days = last
				w.all = append(w.all, b)
			}
		})
	for _, w := range workers {
		all = append(all, w.all...)
	}
	until := at.UnixMicro()
	for i := range all {
		last := all[i].days
		if q.Recency == byElapsed {
			all[i].days = max(0, (until-last)/(24*time.Hour).Microseconds())
		} else {
			all[i].days = int64(span.To.Sub(calendar.DayOf(time.UnixMicro(last), span.Zone)) / (24 * time.Hour))
		}
	}
	slices.SortFunc(all, func(a, b buyer) int { return int(a.person - b.person) })
	return all, at, err
}

// RFM answers a query.
func (s *Service) RFM(ctx context.Context, r *insight.Run, q RfmQuery) (RfmAnswer, error) {
	all, at, err := s.buyers(ctx, r, q)
	if err != nil {
		return RfmAnswer{}, err
	}
	a := RfmAnswer{At: at, Recency: q.Recency, Currency: s.desk.Currency(), People: int64(len(all)), Grid: []RfmCell{}, Kinds: []RfmKind{}}
	a.cut(q, all)
	grid := make([]RfmCell, q.Bins*q.Bins)
	kinds := map[string]*RfmKind{}
	for i := range grid {
		grid[i].R, grid[i].F, grid[i].ByM = i/q.Bins+1, i%q.Bins+1, make([]int64, q.Bins)
	}
	for _, key := range kindKeys() {
		kinds[key] = &RfmKind{Key: key}
	}
	for _, b := range all {
		rc, fc, mc := a.classes(q.Bins, b)
		c := &grid[(rc-1)*q.Bins+fc-1]
		c.People++
		c.Money += b.minor
		c.ByM[mc-1]++
		k := kinds[a.kind(b)]
		k.People, k.Money, k.Orders = k.People+1, k.Money+b.minor, k.Orders+b.orders
	}
	a.Grid = grid
	for _, key := range kindKeys() {
		a.Kinds = append(a.Kinds, *kinds[key])
	}
	return a, nil
}

// kindKeys are the eight kinds, the best first.
func kindKeys() []string {
	return []string{"champion", "promising", "keep", "win-back", "loyal", "fresh", "fading", "dormant"}
}

// cut finds the bounds of classes and kinds.
func (a *RfmAnswer) cut(q RfmQuery, all []buyer) {
	digits := math.Pow10(money.Digits(a.Currency))
	of := func(figure func(buyer) float64, fixed []float64, middle, unit float64) RfmFigure {
		list := make([]float64, len(all))
		for i, b := range all {
			list[i] = figure(b)
		}
		f := ordered(list)
		out := RfmFigure{Spread: f.spread(), Cuts: []float64{}}
		if q.byCuts {
			out.Cuts = fixed
		}
		if f.n() == 0 {
			return out
		}
		// to a hundredth of a major unit, as rules write them and the tiers room has them
		round := func(v float64) float64 { return math.Round(v/unit*100) / 100 * unit }
		out.Middle = some(round(f.quantile(middle)))
		if !q.byCuts {
			for i := 1; i < q.Bins; i++ {
				out.Cuts = append(out.Cuts, round(f.quantile(float64(i)/float64(q.Bins))))
			}
		}
		return out
	}
	a.Days = of(func(b buyer) float64 { return float64(b.days) }, q.Recent, 1-q.Middle, 1)
	a.Frequency = of(func(b buyer) float64 { return float64(b.orders) }, q.Often, q.Middle, 1)
	a.Monetary = of(func(b buyer) float64 { return float64(b.minor) }, q.Much, q.Middle, digits)
}

// classes are the classes of a buyer, each from 1.
func (a *RfmAnswer) classes(bins int, b buyer) (r, f, m int) {
	class := func(v int64, cuts []float64) int {
		i, _ := slices.BinarySearch(cuts, float64(v)) // equal to a cut: still below it
		return i
	}
	return bins - class(b.days, a.Days.Cuts), 1 + class(b.orders, a.Frequency.Cuts), 1 + class(b.minor, a.Monetary.Cuts)
}

// kind is which of the eight kinds a buyer is.
func (a *RfmAnswer) kind(b buyer) string {
	at := 0
	if float64(b.minor) < *a.Monetary.Middle {
		at = 4
	}
	if float64(b.days) > *a.Days.Middle {
		at += 2
	}
	if float64(b.orders) < *a.Frequency.Middle {
		at++
	}
	return kindKeys()[at]
}

// RFMPeople are the buyers of a field of the grid, or of a kind.
func (s *Service) RFMPeople(ctx context.Context, r *insight.Run, q RfmQuery, of RfmOf) (*roaring64.Bitmap, error) {
	all, at, err := s.buyers(ctx, r, q)
	if err != nil {
		return nil, err
	}
	a := RfmAnswer{At: at, Currency: s.desk.Currency()}
	a.cut(q, all)
	out := roaring64.New()
	for _, b := range all {
		rc, fc, mc := a.classes(q.Bins, b)
		if (of.R == 0 || of.R == rc) && (of.F == 0 || of.F == fc) && (of.M == 0 || of.M == mc) && (of.Kind == "" || of.Kind == a.kind(b)) {
			out.Add(uint64(b.person))
		}
	}
	return out, nil
}

func tabulateRFM(_ RfmQuery, a RfmAnswer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{"R", "F", say("人数", "People"), say("金额", "Money"), say("人均金额", "Money per person")}}
	for _, c := range a.Grid {
		row := []any{c.R, c.F, c.People, insight.Money{Minor: c.Money, Currency: a.Currency}, nil}
		if c.People > 0 {
			row[4] = insight.Money{Minor: int64(math.Round(float64(c.Money) / float64(c.People))), Currency: a.Currency}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
