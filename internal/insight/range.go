package insight

import (
	"cmp"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

const (
	defaultDays         = 30
	maxDays             = 3660
	firstYear, lastYear = 1970, 2200
)

// Range is a span as calendar days of the pool: at most ten years, and none after today. An empty span is the last 30 days. A span that is reversed
// or too long is the fault insight.range, one wholly in the future insight.range_future; one that reaches into the future ends today.
func (d *Desk) Range(s Span) (calendar.Range, error) {
	today := d.Today()
	r := calendar.Range{From: today, To: today, Zone: d.Zone()}
	var err error
	if s.To != "" {
		if r.To, err = day("to", s.To); err != nil {
			return r, err
		}
	}
	switch {
	case s.Last != 0 && s.From != "":
		return r, rangeFault("last", "give the first day or a number of days, not both")
	case s.Last < 0 || s.Last > maxDays:
		return r, rangeFault("last", fmt.Sprintf("ask for 1 to %d days", maxDays))
	case s.From != "":
		if r.From, err = day("from", s.From); err != nil {
			return r, err
		}
		if s.To == "" && r.From.After(today) {
			return r, future("from", today)
		}
	default:
		r.From = r.To.AddDate(0, 0, 1-cmp.Or(s.Last, defaultDays))
	}
	switch {
	case r.From.After(r.To):
		return r, rangeFault("from", "the first day is after the last; exchange them")
	case r.From.After(today):
		return r, future("from", today)
	case r.To.After(today):
		r.To = today
	}
	if r.Days() > maxDays {
		return r, rangeFault("from", "ask for at most ten years")
	}
	if r.From.Year() < firstYear {
		return r, rangeFault("from", fmt.Sprintf("days begin in %d", firstYear))
	}
	return r, nil
}

func day(field, text string) (time.Time, error) {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil || d.Year() < firstYear || d.Year() > lastYear {
		return d, rangeFault(field, "a day is written like 2026-03-31")
	}
	return d, nil
}

func future(field string, today time.Time) error {
	return invalid("insight.range_future", "these days are still to come; choose days up to today", field, "is after today, "+today.Format(time.DateOnly))
}

func rangeFault(field, what string) error { return invalid("insight.range", what, field, what) }
