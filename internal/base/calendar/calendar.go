// Package calendar turns moments into the pool's calendar: which day, week or month an event belongs to, in the pool's time zone.
//
// The warehouse stores UTC. A zone's offset changes a few times a year at most, so a day is the moment plus an offset that a CASE picks;
// no engine needs a time zone database, and DuckDB and ClickHouse take the same text.
package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Range is a span of calendar days in a zone, both ends included. Days are midnights UTC, only their dates count.
type Range struct {
	From, To time.Time
	Zone     *time.Location
}

// ParseRange reads two days. Empty ends mean the last 30 days up to today.
func ParseRange(from, to string, now time.Time, zone *time.Location) (Range, error) {
	r := Range{Zone: zone, To: DayOf(now, zone)}
	var c fault.Check
	if to != "" {
		d, err := time.Parse(time.DateOnly, to)
		c.That(err == nil, "query.to", "a day is written like 2026-03-31")
		r.To = d
	}
	r.From = r.To.AddDate(0, 0, -29)
	if from != "" {
		d, err := time.Parse(time.DateOnly, from)
		c.That(err == nil, "query.from", "a day is written like 2026-03-01")
		r.From = d
	}
	c.That(!r.From.After(r.To), "query.from", "the first day is after the last")
	c.That(r.To.Sub(r.From) <= 3660*24*time.Hour, "query.from", "ask for at most ten years")
	c.That(r.From.Year() >= 1970 && r.To.Year() <= 2200, "query.from", "days lie between 1970 and 2200")
	return r, c.Err("range.invalid", "this span of days cannot be used")
}

// DayOf is the calendar day of a moment.
func DayOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Days is how many days the range has.
func (r Range) Days() int { return int(r.To.Sub(r.From).Hours()/24) + 1 }

// Before is the range of the same length that ends the day before this one begins.
func (r Range) Before() Range {
	return Range{From: r.From.AddDate(0, 0, -r.Days()), To: r.From.AddDate(0, 0, -1), Zone: r.Zone}
}

// Start is the moment at which the first day begins, End the moment after the last.
func (r Range) Start() time.Time { return midnight(r.From, r.Zone) }

// End is the moment after the last day.
func (r Range) End() time.Time { return midnight(r.To.AddDate(0, 0, 1), r.Zone) }

func midnight(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone).UTC()
}

// Day is SQL for the calendar day (a DATE) of a UTC timestamp column, right for moments between the two given. The offsets are in
// brackets because DuckDB takes no bare negative number after INTERVAL.
func Day(column string, from, to time.Time, zone *time.Location) string {
	type step struct {
		until  time.Time
		offset int
	}
	var steps []step
	offset := func(t time.Time) int { _, o := t.In(zone).Zone(); return o }
	for at := from; ; {
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			steps = append(steps, step{offset: offset(at)})
			break
		}
		steps = append(steps, step{end.UTC(), offset(at)})
		at = end
	}
	if len(steps) == 1 {
		return fmt.Sprintf("CAST(%s + INTERVAL (%d) SECOND AS DATE)", column, steps[0].offset)
	}
	var b strings.Builder
	b.WriteString("CAST(" + column + " + CASE")
	for _, s := range steps[:len(steps)-1] {
		fmt.Fprintf(&b, " WHEN %s < TIMESTAMP '%s' THEN INTERVAL (%d) SECOND", column, s.until.Format("2006-01-02 15:04:05"), s.offset)
	}
	fmt.Fprintf(&b, " ELSE INTERVAL (%d) SECOND END AS DATE)", steps[len(steps)-1].offset)
	return b.String()
}

// Grain is how days are put together.
type Grain string

// The grains. Weeks begin on Monday.
const (
	ByDay   Grain = "day"
	ByWeek  Grain = "week"
	ByMonth Grain = "month"
)

// Bucket is the first day of the day's bucket.
func (g Grain) Bucket(day time.Time) time.Time {
	switch g {
	case ByWeek:
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case ByMonth:
		return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
	case ByDay:
	}
	return day
}

// Next is the first day of the following bucket.
func (g Grain) Next(bucket time.Time) time.Time {
	switch g {
	case ByWeek:
		return bucket.AddDate(0, 0, 7)
	case ByMonth:
		return bucket.AddDate(0, 1, 0)
	case ByDay:
	}
	return bucket.AddDate(0, 0, 1)
}

// SQL is the grain's bucket of a DATE expression.
func (g Grain) SQL(day string) string {
	if g == ByDay {
		return day
	}
	return fmt.Sprintf("CAST(date_trunc('%s', %s) AS DATE)", g, day)
}
