package distribution

import (
	"context"
	"math"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Stickiness: on how many different days of a week or month people did something. Each period counts by itself: somebody active on three days of
// one week and one of the next is in each week once. Stickiness as a rate is people per day by people per period: the mean of those active on a
// day, over the days of the period that have begun and are in the range, by those active at all in the period.

// StickinessQuery asks on how many days people come.
type StickinessQuery struct {
	insight.Common
	Step insight.Step `json:"step,omitzero" doc:"The event; any activity unless said"`
	// Grain is week or month.
	Grain calendar.Grain `json:"grain,omitempty" enum:"week,month" doc:"week unless said"`
}

// StickinessPeriod is a week or month.
type StickinessPeriod struct {
	At         string   `json:"at" doc:"First day of the week or month"`
	Days       int      `json:"days" doc:"Days that have begun and are in the range"`
	Open       bool     `json:"open,omitempty" doc:"It is not over"`
	Cut        bool     `json:"cut,omitempty" doc:"Only some of its days are in the range"`
	People     int64    `json:"people" doc:"Active on at least one day"`
	ActiveDays int64    `json:"active_days" doc:"Days of all people together"`
	Counts     []int64  `json:"counts" nullable:"false" doc:"People active on exactly 1, 2, 3 … days"`
	Mean       *float64 `json:"mean" doc:"Active days per active person"`
	Rate       *float64 `json:"rate" doc:"People per day by people per period, 0 to 1"`
}

// StickinessAnswer is how often people come.
type StickinessAnswer struct {
	Grain   calendar.Grain     `json:"grain" enum:"week,month"`
	Days    int                `json:"days" doc:"Days of the longest period: 7, or up to 31"`
	Periods []StickinessPeriod `json:"periods" nullable:"false"`
	Counts  []int64            `json:"counts" nullable:"false" doc:"All whole periods together: who is active in several counts in each"`
	Mean    *float64           `json:"mean" doc:"Of all whole periods; of those there are if none is whole"`
	Rate    *float64           `json:"rate"`
}

// StickinessOf is people of a period by their days.
type StickinessOf struct {
	At      string `json:"at" doc:"First day of the week or month"`
	Days    int    `json:"days,omitempty" doc:"Active on exactly so many days; 0 for any" minimum:"0" maximum:"31"`
	AtLeast bool   `json:"at_least,omitempty" doc:"So many days or more"`
}

func checkStickiness(_ context.Context, q *StickinessQuery) error {
	var c fault.Check
	if q.Grain == "" {
		q.Grain = calendar.ByWeek
	}
	c.That(q.Grain == calendar.ByWeek || q.Grain == calendar.ByMonth, "body.grain", "week or month")
	return c.Err("stickiness.invalid", "this cannot be asked for; see errors")
}

// periods are the days of a range and the week or month of each.
type periods struct {
	days, parts *calendar.Parts
	of          []int // by day
	span        calendar.Range
}

func periodsOf(span calendar.Range, g calendar.Grain) *periods {
	p := &periods{days: span.Parts(calendar.ByDay), parts: span.Parts(g), span: span}
	for _, day := range p.days.Days {
		p.of = append(p.of, p.parts.Of(g.Bucket(day)))
	}
	return p
}

// each tells on how many days of each period a person did the step, period by period.
func (p *periods) each(m *insight.Matcher, q *timeline.Sequence, yield func(period, days int)) {
	until, period, days := int64(math.MinInt64), -1, 0
	for i := q.From(p.days.Starts[0]); i < insight.Upto(q, p.days.End); i++ {
		if q.Times[i] < until || !m.Matches(q, i) {
			continue // of the day that was counted last
		}
		day := p.days.At(q.Times[i])
		until = p.days.Ends(day)
		if of := p.of[day]; of != period {
			if days > 0 {
				yield(period, days)
			}
			period, days = of, 0
		}
		days++
	}
	if days > 0 {
		yield(period, days)
	}
}

// Stickiness answers a query.
func (s *Service) Stickiness(ctx context.Context, r *insight.Run, q StickinessQuery) (StickinessAnswer, error) {
	span, err := s.desk.Range(q.Span)
	if err != nil {
		return StickinessAnswer{}, err
	}
	plan, err := s.desk.Plan(ctx, r, insight.Need{Steps: []insight.Step{q.Step}, People: q.People, Field: "step"})
	if err != nil {
		return StickinessAnswer{}, err
	}
	p := periodsOf(span, q.Grain)
	type table struct {
		step   *insight.Matcher
		counts [][32]int64
	}
	workers, err := insight.Scan(ctx, r, plan, p.days.Starts[0],
		func(v *insight.View) *table { return &table{v.Step(0), make([][32]int64, p.parts.Len())} },
		func(w *table, _ *insight.View, _ int64, q *timeline.Sequence) {
			p.each(w.step, q, func(period, days int) { w.counts[period][days]++ })
		})
	if err != nil {
		return StickinessAnswer{}, err
	}
	sum := make([][32]int64, p.parts.Len())
	for _, w := range workers {
		for i := range sum {
			for d := range sum[i] {
				sum[i][d] += w.counts[i][d]
			}
		}
	}
	return stick(p, q.Grain, sum, s.desk.Now()), nil
}

// stick puts counts by period and days into words.
func stick(p *periods, g calendar.Grain, counts [][32]int64, now time.Time) StickinessAnswer {
	a := StickinessAnswer{Grain: g, Periods: []StickinessPeriod{}, Days: 7}
	if g == calendar.ByMonth {
		a.Days = 31
	}
	began := make([]int, p.parts.Len())
	for i, of := range p.of {
		if p.days.Starts[i] <= now.UnixMicro() {
			began[of]++
		}
	}
	whole := false
	for i, first := range p.parts.Days {
		last := g.Next(first).AddDate(0, 0, -1)
		v := StickinessPeriod{At: first.Format(time.DateOnly), Days: began[i], Counts: append([]int64(nil), counts[i][1:a.Days+1]...)}
		v.Cut = first.Before(p.span.From)
		if last.After(p.span.To) {
			v.Open = p.parts.Ends(i) > now.UnixMicro()
			v.Cut = v.Cut || !v.Open
		} else {
			v.Open = p.parts.Ends(i) > now.UnixMicro()
		}
		v.People, v.ActiveDays, v.Mean, v.Rate = figuresOf(v.Counts, v.Days)
		whole = whole || !v.Cut && !v.Open
		a.Periods = append(a.Periods, v)
	}
	a.Counts = make([]int64, a.Days)
	var people, active, possible int64
	for _, v := range a.Periods {
		if whole && (v.Cut || v.Open) {
			continue
		}
		for d, n := range v.Counts {
			a.Counts[d] += n
		}
		people, active = people+v.People, active+v.ActiveDays
		possible += v.People * int64(v.Days)
	}
	if people > 0 {
		a.Mean, a.Rate = some(float64(active)/float64(people)), some(float64(active)/float64(possible))
	}
	return a
}

func figuresOf(counts []int64, days int) (people, active int64, mean, rate *float64) {
	for d, n := range counts {
		people += n
		active += n * int64(d+1)
	}
	if people > 0 {
		mean, rate = some(float64(active)/float64(people)), some(float64(active)/float64(people)/float64(days))
	}
	return people, active, mean, rate
}

// StickinessPeople are those of a period with so many days.
func (s *Service) StickinessPeople(ctx context.Context, r *insight.Run, q StickinessQuery, of StickinessOf) (*roaring64.Bitmap, error) {
	span, err := s.desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	p := periodsOf(span, q.Grain)
	first, err := time.Parse(time.DateOnly, of.At)
	wanted := -1
	if err == nil {
		wanted = p.parts.Of(first)
	}
	if wanted < 0 {
		return nil, fault.New(fault.Invalid, "stickiness.no_period", "the answer has no period that begins on %s", of.At)
	}
	plan, err := s.desk.Plan(ctx, r, insight.Need{Steps: []insight.Step{q.Step}, People: q.People, Field: "step"})
	if err != nil {
		return nil, err
	}
	type table struct {
		step  *insight.Matcher
		found *roaring64.Bitmap
	}
	workers, err := insight.Scan(ctx, r, plan, p.parts.Starts[wanted],
		func(v *insight.View) *table { return &table{v.Step(0), roaring64.New()} },
		func(w *table, _ *insight.View, person int64, q *timeline.Sequence) {
			p.each(w.step, q, func(period, days int) {
				if period == wanted && (of.Days == 0 || days == of.Days || of.AtLeast && days >= of.Days) {
					w.found.Add(uint64(person))
				}
			})
		})
	out := roaring64.New()
	for _, w := range workers {
		out.Or(w.found)
	}
	return out, err
}

func tabulateStickiness(_ StickinessQuery, a StickinessAnswer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{say("周期", "Period"), say("人数", "People"), say("人均天数", "Days per person"), say("黏性", "Stickiness")}}
	for d := range a.Days {
		t.Columns = append(t.Columns, say(itoa(d+1)+" 天", itoa(d+1)+" days"))
	}
	for _, p := range a.Periods {
		row := []any{p.At, p.People, p.Mean, p.Rate}
		for _, n := range p.Counts {
			row = append(row, n)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
