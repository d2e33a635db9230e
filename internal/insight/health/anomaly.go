package health

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/health/season"
)

// AnomalyQuery asks what was unusual in a span of days; the last 90 if it says nothing.
type AnomalyQuery struct {
	insight.Common
	Metrics     []Metric    `json:"metrics,omitempty" doc:"All if empty" enum:"new,active,silent,orders,buyers,revenue,conversion,rejected" maxItems:"8"`
	Sensitivity Sensitivity `json:"sensitivity,omitempty" enum:"low,medium,high" doc:"How far from what was expected a day must be; medium if empty"`
}

// AnomalyAnswer is the metrics, day by day.
type AnomalyAnswer struct {
	Sensitivity Sensitivity `json:"sensitivity"`
	Limit       float64     `json:"limit" doc:"|z| beyond which a day is unusual"`
	Series      []Series    `json:"series" nullable:"false"`
}

// Series is a metric by day.
type Series struct {
	Metric    Metric    `json:"metric"`
	Unit      string    `json:"unit" enum:"people,orders,money,share,events"`
	People    bool      `json:"people" doc:"There are people behind its numbers"`
	Needs     int       `json:"needs" doc:"So many days with a value are missing for a judgement; 0 if it was judged"`
	Points    []Point   `json:"points" nullable:"false"`
	Anomalies []Anomaly `json:"anomalies" nullable:"false" doc:"The newest first"`
}

// Point is a day of a series. Amounts are minor units, shares 0 to 1.
type Point struct {
	Date     string   `json:"date"`
	Over     bool     `json:"over" doc:"Not today"`
	Value    *float64 `json:"value" doc:"null if there is none"`
	Expected *float64 `json:"expected" doc:"By trend and weekday; null if the day was not judged"`
	Low      *float64 `json:"low" doc:"From here on the day is usual"`
	High     *float64 `json:"high" doc:"Up to here the day is usual"`
	Z        *float64 `json:"z" doc:"Distance from what was expected, in robust standard deviations"`
	Unusual  bool     `json:"unusual"`
}

// Anomaly is some unusual days in a row on the same side.
type Anomaly struct {
	Metric   Metric  `json:"metric"`
	Up       bool    `json:"up" doc:"More than expected"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Peak     string  `json:"peak" doc:"The day that is furthest away"`
	Value    float64 `json:"value" doc:"On that day"`
	Expected float64 `json:"expected" doc:"On that day"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Z        float64 `json:"z" doc:"On that day"`
}

// AnomalyOf says a number: a metric's on a day.
type AnomalyOf struct {
	Metric Metric `json:"metric" enum:"new,active,silent,orders,buyers,revenue,conversion"`
	Date   string `json:"date" maxLength:"10"`
}

func (s *Service) registerAnomaly() {
	insight.Register(s.o.Desk, insight.Kind[AnomalyQuery, AnomalyAnswer, AnomalyOf]{
		Name: "anomaly", Summary: "Key figures by day, what was expected of them, and what was unusual",
		Common: func(q *AnomalyQuery) *insight.Common { return &q.Common },
		Check:  checkAnomaly, Run: s.anomalies, People: s.anomalyPeople, Table: s.anomalyTable, Fresh: true,
	})
}

func checkAnomaly(_ context.Context, q *AnomalyQuery) error {
	if q.Span == (insight.Span{}) {
		q.Last = HistoryDays
	}
	if q.Sensitivity == "" {
		q.Sensitivity = Medium
	}
	if len(q.Metrics) == 0 {
		q.Metrics = Metrics()
	}
	for _, m := range q.Metrics {
		if !slices.Contains(Metrics(), m) {
			return fault.New(fault.Invalid, "health.metric_unknown", "there is no metric %q; there are %v", m, Metrics())
		}
	}
	if q.Sensitivity != Low && q.Sensitivity != Medium && q.Sensitivity != High {
		return fault.New(fault.Invalid, "health.sensitivity", "take low, medium or high")
	}
	return nil
}

// history is over how many days at least a series is judged, also if fewer are asked for.
const history = 120

func (s *Service) anomalies(ctx context.Context, r *insight.Run, q AnomalyQuery) (AnomalyAnswer, error) {
	over, err := s.span(q.Span)
	if err != nil {
		return AnomalyAnswer{}, err
	}
	wide := over
	if from := over.To.AddDate(0, 0, 1-history); from.Before(wide.From) {
		wide.From = from
	}
	dates, facts, err := s.count(ctx, r, q.People, wide, nil)
	if err != nil {
		return AnomalyAnswer{}, err
	}
	a := AnomalyAnswer{Sensitivity: q.Sensitivity, Limit: q.Sensitivity.Limit(), Series: []Series{}}
	for _, m := range q.Metrics {
		a.Series = append(a.Series, look(m, dates, facts, over.From, s.o.Desk.Today(), a.Limit))
	}
	return a, nil
}

// look judges a metric: of all days those that are over, shown from a day on.
func look(m Metric, dates []time.Time, facts []Facts, from, today time.Time, limit float64) Series {
	over := len(dates)
	for over > 0 && !dates[over-1].Before(today) {
		over--
	}
	values, result := m.judge(facts[:over])
	scale := m.scale(facts[:over])
	out := Series{Metric: m, Unit: m.Unit(), People: m.HasPeople(), Needs: result.Needs, Points: []Point{}, Anomalies: []Anomaly{}}
	for i, date := range dates {
		if date.Before(from) {
			continue
		}
		p := Point{Date: day(date), Over: i < over}
		if p.Over {
			p.judged(values[i], result.Days[i], scale, limit)
		} else if v := m.of(facts[i]); !math.IsNaN(v) {
			p.Value = &v
		}
		out.Points = append(out.Points, p)
	}
	out.Anomalies = group(m, out.Points)
	return out
}

func (p *Point) judged(value float64, d season.Day, scale, limit float64) {
	if !math.IsNaN(value) {
		p.Value = &value
	}
	if !d.Judged {
		return
	}
	low, high := d.Band(limit)
	expected, z := d.Expected/scale, d.Z
	low, high = low/scale, high/scale
	p.Expected, p.Low, p.High, p.Z, p.Unusual = &expected, &low, &high, &z, math.Abs(z) > limit
}

// group makes anomalies of unusual days: those in a row on the same side are one, also with one usual day or one without a value in between.
func group(m Metric, points []Point) []Anomaly {
	out := []Anomaly{}
	last := -9
	for i, p := range points {
		if !p.Unusual {
			continue
		}
		up := *p.Z > 0
		a := Anomaly{Metric: m, Up: up, From: p.Date, To: p.Date, Peak: p.Date, Value: *p.Value, Expected: *p.Expected, Low: *p.Low, High: *p.High, Z: *p.Z}
		if n := len(out); n > 0 && out[n-1].Up == up && i-last <= 2 {
			a.From = out[n-1].From
			if math.Abs(out[n-1].Z) >= math.Abs(a.Z) {
				to := a.To
				a = out[n-1]
				a.To = to
			}
			out[n-1] = a
		} else {
			out = append(out, a)
		}
		last = i
	}
	slices.Reverse(out)
	return out
}

// anomalyPeople are those behind a metric's number of a day.
func (s *Service) anomalyPeople(ctx context.Context, r *insight.Run, q AnomalyQuery, of AnomalyOf) (*roaring64.Bitmap, error) {
	over, err := s.span(q.Span)
	if err != nil {
		return nil, err
	}
	at, err := s.dayOf(over, of.Date)
	if err != nil {
		return nil, err
	}
	if !of.Metric.HasPeople() {
		return nil, fault.New(fault.Invalid, "health.no_people", "refused events belong to nobody; they are listed under Intake, Rejected events")
	}
	f := newFrame(calendar.Range{From: at, To: at, Zone: over.Zone}, s.o.ActiveDays())
	workers, err := s.walk(ctx, r, q.People, f, nil, func(b *book, person int64) {
		if b.behind(of.Metric) {
			b.found.Add(uint64(person)) //nolint:gosec // people have positive numbers
		}
	})
	if err != nil {
		return nil, err
	}
	found := roaring64.New()
	for _, w := range workers {
		found.Or(w.found)
	}
	return found, nil
}

// behind says whether the person who walked is behind a metric's number on the frame's last day.
func (b *book) behind(m Metric) bool {
	d := b.f.end - 1
	switch m {
	case NewPeople:
		return b.cohort == d
	case ActivePeople:
		return b.lastSeen == d
	case GoneSilent:
		return b.silenced == d
	case Orders, Buyers, Revenue, Converted:
		return b.lastOrder == d
	case RefusedCount:
	}
	return false
}

// anomalyTable is the series as rows, one a metric and day.
func (s *Service) anomalyTable(_ AnomalyQuery, a AnomalyAnswer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{
		say("日期", "Date"), say("指标", "Metric"), say("实际", "Value"), say("预期", "Expected"), say("正常下限", "Usual from"), say("正常上限", "Usual to"), "z", say("异常", "Unusual"),
	}}
	for _, series := range a.Series {
		for _, p := range series.Points {
			unusual := say("否", "no")
			if p.Unusual {
				unusual = say("是", "yes")
			}
			cell := func(v *float64) any {
				if v == nil || series.Metric != Revenue {
					return v
				}
				return insight.Money{Minor: int64(math.Round(*v)), Currency: s.o.Desk.Currency()}
			}
			t.Rows = append(t.Rows, []any{p.Date, series.Metric.Title(say), cell(p.Value), cell(p.Expected), cell(p.Low), cell(p.High), p.Z, unusual})
		}
	}
	return t
}

// Title is the metric's name.
func (m Metric) Title(say insight.Say) string {
	switch m {
	case NewPeople:
		return say("新增用户", "New people")
	case ActivePeople:
		return say("活跃用户", "Active people")
	case GoneSilent:
		return say("转沉默用户", "People gone silent")
	case Orders:
		return say("订单数", "Orders")
	case Buyers:
		return say("购买用户", "Buyers")
	case Revenue:
		return say("成交额", "Revenue")
	case Converted:
		return say("购买转化率", "Conversion")
	case RefusedCount:
		return say("被拒事件", "Rejected events")
	}
	return string(m)
}
