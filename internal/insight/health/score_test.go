package health_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight/health"
)

// The score is the mean of the points of the parts that say something, by their weights; a part without data moves it nowhere.
func TestScore(t *testing.T) {
	t.Parallel()
	d := health.Defaults()
	require.NoError(t, d.Validate())
	refused := int64(0)
	x := health.Facts{
		People: 1000, Active: 600, Inflow: 300, Outflow: 200, SeenDays: 7 * 80, Month: 700, Bought: 56, Cohort: 200, Kept: 45, Events7: 5000, Refused7: &refused,
		Sharing: true, Shared: 21, Beginning: true,
	}
	score, points := d.Judge(x)
	want := map[health.Part]float64{
		health.Flow:       100,                                  // 0.6
		health.Activity:   100 * (80.0/700 - .03) / .17,         // 0.114
		health.Retention:  50,                                   // 0.225 between .05 and .4
		health.Conversion: 50,                                   // 0.08 between .01 and .15
		health.Silent:     100,                                  // 0.4, the best
		health.Spread:     100 * .03 / .05, health.Quality: 100, // 0.03; nothing refused
	}
	for p, w := range want {
		require.InDelta(t, w, points[p], 1e-9, "%s", p)
	}
	require.InDelta(t, (20*100+15*want[health.Activity]+20*50+15*50+15*100+5*60+10*100)/100, *score, 1e-9)
	x.Sharing, x.Refused7 = false, nil
	less, points := d.Judge(x)
	require.Len(t, points, 5)
	require.InDelta(t, (20*100+15*want[health.Activity]+20*50+15*50+15*100)/85, *less, 1e-9, "the weights of the others are scaled up")
	none, _ := d.Judge(health.Facts{})
	require.Nil(t, none, "a pool without anybody has no score")
}

// Whatever is counted, the score lies between 0 and 100, is no NaN, and does not fall when any part gets better.
func TestScoreIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) int64 { return rapid.Int64Range(0, 500).Draw(t, name) }
		refused := n("refused")
		month, cohort, people := n("month"), n("cohort"), n("people")
		x := health.Facts{
			People: people, Active: min(n("active"), people), Inflow: n("in"), Outflow: n("out"), Month: month, SeenDays: min(n("seen"), 7*month), Bought: min(n("bought"), month),
			Shared: min(n("shared"), month), Cohort: cohort, Kept: min(n("kept"), cohort), Events7: n("events"), Refused7: &refused, Sharing: rapid.Bool().Draw(t, "sharing"),
		}
		d := health.Defaults()
		d.MinPeople = 1
		score, points := d.Judge(x)
		if score == nil {
			require.Empty(t, points)
			return
		}
		require.False(t, math.IsNaN(*score))
		require.GreaterOrEqual(t, *score, 0.0)
		require.LessOrEqual(t, *score, 100.0)
		better := x
		better.Active, better.Outflow, better.Bought, better.Kept, better.Shared = people, 0, month, cohort, month
		if again, more := d.Judge(better); len(more) == len(points) { // without outflow, flow may have nothing to divide by
			require.GreaterOrEqual(t, *again, *score-1e-9)
		}
	})
}

// Every mistake in a definition is named.
func TestDefinition(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(d *health.Definition){
		"a part twice":   func(d *health.Definition) { d.Parts[1] = d.Parts[0] },
		"a part missing": func(d *health.Definition) { d.Parts = d.Parts[1:] },
		"no weight": func(d *health.Definition) {
			for i := range d.Parts {
				d.Parts[i].Weight = 0
			}
		},
		"negative weight":  func(d *health.Definition) { d.Parts[0].Weight = -1 },
		"best is worst":    func(d *health.Definition) { d.Parts[0].Best = d.Parts[0].Worst },
		"upside down":      func(d *health.Definition) { d.Parts[0].Best, d.Parts[0].Worst = d.Parts[0].Worst, d.Parts[0].Best },
		"beyond one":       func(d *health.Definition) { d.Parts[0].Best = 1.5 },
		"good before fair": func(d *health.Definition) { d.Good = d.Fair },
		"nameless event":   func(d *health.Definition) { d.SpreadEvents = []string{""} },
		"nobody is enough": func(d *health.Definition) { d.MinPeople = 0 },
	} {
		d := health.Defaults()
		change(&d)
		require.Equal(t, "health.invalid", fault.CodeOf(d.Validate()), name)
	}
}

// A planted drop of one metric is one anomaly, with its days in a row; today and the days before the pool began are not judged.
func TestLook(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	var dates []time.Time
	var facts []health.Facts
	for i := range 91 {
		d := today.AddDate(0, 0, i-90)
		n := 200 + 80*one(d.Weekday() == time.Saturday) + int64(i%3)
		x := health.Facts{Seen: n, Buyers: n / 10, Orders: n / 8, Revenue: n * 1000, New: n / 5, Beginning: i >= 10}
		switch i {
		case 80, 82, 83: // one usual day in between
			x.Seen /= 4
		case 90:
			x.Seen = 1 // today has only begun
		}
		dates, facts = append(dates, d), append(facts, x)
	}
	s := health.Look(health.ActivePeople, dates, facts, dates[30], today, health.Medium)
	require.Zero(t, s.Needs)
	require.Len(t, s.Points, 61)
	require.Len(t, s.Anomalies, 1)
	require.Equal(t, [3]any{"2026-03-21", "2026-03-24", false}, [3]any{s.Anomalies[0].From, s.Anomalies[0].To, s.Anomalies[0].Up})
	require.Nil(t, s.Points[60].Z)
	require.False(t, s.Points[60].Over)
	require.InDelta(t, 1, *s.Points[60].Value, 0)
	conversion := health.Look(health.Converted, dates, facts, dates[0], today, health.Medium)
	require.Nil(t, conversion.Points[9].Value, "the pool had not begun")
	require.InDelta(t, .1, *conversion.Points[40].Expected, .01, "shares are told as shares")
	require.Len(t, conversion.Anomalies, 1, "a quarter of the people, as many buyers")
	require.True(t, conversion.Anomalies[0].Up)
	unknown := health.Look(health.RefusedCount, dates, facts, dates[0], today, health.High)
	require.Equal(t, 28, unknown.Needs, "nobody knows what was refused")
	require.Empty(t, unknown.Anomalies)
}
