package health

import (
	"time"

	"github.com/huoshui/huoshui/internal/insight"
)

// Query asks for the score over a span of days; the last 90 if it says nothing.
type Query struct {
	insight.Common
}

// Answer is the score, its parts and its history.
type Answer struct {
	Day     string     `json:"day" doc:"The newest day of the range that is over; the score is of its end. Empty: none is over"`
	Score   *float64   `json:"score" doc:"0 to 100; null if no part says anything"`
	Level   string     `json:"level" enum:"poor,fair,good," doc:"By the definition's bands"`
	Before  *float64   `json:"before" doc:"The score 7 days before"`
	Version int64      `json:"version" doc:"Of the definition in force; 0: the defaults"`
	Parts   []PartView `json:"parts" nullable:"false"`
	History []DayView  `json:"history" nullable:"false"`
}

// PartView is a part of the score on the answer's day.
type PartView struct {
	Measure
	Value  *float64 `json:"value" doc:"The share, 0 to 1; null if it says nothing"`
	Before *float64 `json:"before" doc:"The share 7 days before"`
	Yes    *int64   `json:"yes" doc:"What is counted: people, or people a day summed up over 7 days (activity), or events (quality)"`
	Of     *int64   `json:"of" doc:"Of how many"`
	Points *float64 `json:"points" doc:"0 to 100"`
	Level  string   `json:"level" enum:"poor,fair,good,"`
	Share  float64  `json:"share" doc:"Of the score's weights on this day, after those that say nothing were left out"`
	Reason string   `json:"reason,omitempty" enum:"none,few,off,known," doc:"Why it says nothing: nothing to divide by, too few, left out by its weight, not known any more"`
}

// DayView is a day of the history.
type DayView struct {
	Date     string           `json:"date"`
	Over     bool             `json:"over" doc:"Not today"`
	Score    *float64         `json:"score" doc:"Counted now, by the definition in force"`
	Recorded *float64         `json:"recorded" doc:"As it was recorded then; null if it was not, or said nothing"`
	Version  int64            `json:"version" doc:"Of the definition by which it was recorded"`
	Values   map[Part]float64 `json:"values" doc:"The parts' shares; those that say nothing are missing"`
	Points   map[Part]float64 `json:"points" doc:"The parts' points"`
}

// before is how many days back a score is compared with.
const before = 7

func answer(d Definition, version int64, dates []time.Time, facts []Facts, recorded map[string]record, today time.Time) Answer {
	a := Answer{Version: version, Parts: []PartView{}, History: make([]DayView, len(dates))}
	newest := -1
	for i, x := range facts {
		score, parts := d.judge(x)
		r := recorded[day(dates[i])]
		v := DayView{Date: day(dates[i]), Over: dates[i].Before(today), Score: score, Recorded: r.score, Version: r.version, Values: map[Part]float64{}, Points: map[Part]float64{}}
		for p, j := range parts {
			if j.value != nil {
				v.Values[p], v.Points[p] = *j.value, *j.points
			}
		}
		a.History[i] = v
		if v.Over {
			newest = i
		}
	}
	if newest < 0 {
		newest = len(facts) - 1 // only today was asked for
	} else {
		a.Day = a.History[newest].Date
	}
	score, parts := d.judge(facts[newest])
	a.Score, a.Level = score, d.level(score)
	if newest >= before {
		a.Before = a.History[newest-before].Score
	}
	for _, p := range Parts() {
		j := parts[p]
		v := PartView{Measure: d.measure(p), Value: j.value, Yes: j.yes, Of: j.of, Points: j.points, Level: d.level(j.points), Share: j.weight, Reason: j.reason}
		if newest >= before {
			if was, ok := a.History[newest-before].Values[p]; ok {
				v.Before = &was
			}
		}
		a.Parts = append(a.Parts, v)
	}
	return a
}

// table is the history as rows, one a day.
func table(_ Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{say("日期", "Date"), say("健康分", "Score"), say("当时的健康分", "Score as recorded")}}
	for _, p := range Parts() {
		t.Columns = append(t.Columns, title(p, say))
	}
	for _, h := range a.History {
		row := []any{h.Date, h.Score, h.Recorded}
		for _, p := range Parts() {
			if v, ok := h.Values[p]; ok {
				row = append(row, v)
			} else {
				row = append(row, nil)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func title(p Part, say insight.Say) string {
	switch p {
	case Flow:
		return say("流入占比", "Inflow share")
	case Activity:
		return say("活跃度", "Activity")
	case Retention:
		return say("新人留存", "Retention")
	case Conversion:
		return say("转化", "Conversion")
	case Silent:
		return say("沉默占比", "Silent share")
	case Spread:
		return say("裂变", "Spread")
	case Quality:
		return say("数据质量", "Data quality")
	}
	return string(p)
}
