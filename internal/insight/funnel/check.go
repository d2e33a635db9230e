package funnel

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
)

const (
	defaultWindow = "7d"
	mostWindow    = 366 * 24 * time.Hour
	// Up to so many days the conversion over time is told by day, and by week.
	fewDays, manyDays = 62, 366
)

// check looks at a query and fills in defaults.
func (s *Service) check(_ context.Context, q *Query) error {
	switch n := len(q.Steps); {
	case n < 2:
		return insight.Invalid("insight.too_few_steps", "steps", "a funnel has two steps at least: add what people are to do next; how many do one thing is a trend")
	case n > maxSteps:
		return insight.Invalid("insight.too_many_steps", "steps", "a funnel has %d steps at most: leave out some of these %d", maxSteps, n)
	}
	if q.Window == "" {
		q.Window = defaultWindow
	}
	if _, ok := parseWindow(q.Window); !ok {
		return insight.Invalid("insight.funnel_window", "window", "a window is a number of minutes, hours or days, such as 30m, 12h or 7d, and a year at most")
	}
	if q.Order == "" {
		q.Order = Ordered
	}
	if !slices.Contains([]Order{Ordered, Strict, Any}, q.Order) {
		return insight.Invalid("insight.funnel_order", "order", "steps follow each other ordered, strict or in any order, not %q", q.Order)
	}
	if err := checkExclude(q); err != nil {
		return err
	}
	r, err := s.desk.Range(q.Span)
	if err != nil {
		return err
	}
	switch q.Grain {
	case calendar.ByDay, calendar.ByWeek, calendar.ByMonth:
	case "":
		q.Grain = grainOf(r.Days())
	default:
		return insight.Invalid("insight.funnel_grain", "grain", "the conversion over time is told by day, week or month, not by %q", q.Grain)
	}
	return nil
}

func grainOf(days int) calendar.Grain {
	switch {
	case days <= fewDays:
		return calendar.ByDay
	case days <= manyDays:
		return calendar.ByWeek
	}
	return calendar.ByMonth
}

func checkExclude(q *Query) error {
	if len(q.Exclude) > 0 && q.Order != Ordered {
		return insight.Invalid("insight.funnel_exclude", "exclude", "only steps in order have something between them: take order \"ordered\", or leave the exclusions out")
	}
	for i := range q.Exclude {
		e, field := &q.Exclude[i], "exclude["+strconv.Itoa(i)+"]"
		if e.From == 0 {
			e.From = 1
		}
		if e.To == 0 {
			e.To = len(q.Steps)
		}
		if e.From < 1 || e.To > len(q.Steps) || e.From >= e.To {
			return insight.Invalid("insight.funnel_exclude", field, "an exclusion lies between two steps: from 1 … %d to a later one", len(q.Steps)-1)
		}
		if e.Event == "" {
			return insight.Invalid("insight.funnel_exclude", field+".event", "to exclude any activity between steps, take order \"strict\"; otherwise choose the event")
		}
	}
	return nil
}

// parseWindow reads "30m", "12h" or "7d". A day is 24 hours.
func parseWindow(text string) (time.Duration, bool) {
	if len(text) < 2 || strings.HasPrefix(text, "+") {
		return 0, false
	}
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
	unit, ok := units[text[len(text)-1]]
	n, err := strconv.Atoi(text[:len(text)-1])
	if !ok || err != nil || n < 1 || n > int(mostWindow/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}
