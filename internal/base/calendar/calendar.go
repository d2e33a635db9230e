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
	var c reading
	r.To = c.day("query.to", to, r.To)
	r.From = c.day("query.from", from, r.To.AddDate(0, 0, -29))
	if !c.bad { // what follows from a day that cannot be read says nothing
		c.That(!r.From.After(r.To), "query.from", "the first day is after the last")
		c.That(r.To.Sub(r.From) <= maxDays*24*time.Hour, "query.from", "ask for at most ten years")
		c.That(r.From.Year() >= firstYear && r.To.Year() <= lastYear, "query.from", "days lie between %d and %d", firstYear, lastYear)
	}
	if err := c.err(); err != nil {
		return Range{}, err
	}
	return r, nil
}

// ParseBounds reads two days of which each may be empty, and gives the moment at which the first begins and the one after the last. An
// empty day is no bound and gives the zero time.
func ParseBounds(from, to string, zone *time.Location) (start, before time.Time, err error) {
	var c reading
	first, last := c.day("query.from", from, time.Time{}), c.day("query.to", to, time.Time{})
	if from != "" && to != "" && !c.bad {
		c.That(!first.After(last), "query.from", "the first day is after the last")
	}
	if err := c.err(); err != nil {
		return start, before, err
	}
	if from != "" {
		start = Midnight(first, zone)
	}
	if to != "" {
		before = Midnight(last.AddDate(0, 0, 1), zone)
	}
	return start, before, nil
}

const (
	maxDays             = 3660
	firstYear, lastYear = 1970, 2200
)

// reading collects what is wrong with the days of a question.
type reading struct {
	fault.Check
	bad bool // a day could not be read
}

func (c *reading) day(field, text string, otherwise time.Time) time.Time {
	if text == "" {
		return otherwise
	}
	d, err := time.Parse(time.DateOnly, text)
	c.bad = c.bad || err != nil
	c.That(err == nil, field, "a day is written like 2026-03-31")
	return d
}

func (c *reading) err() error { return c.Err("range.invalid", "this span of days cannot be used") }

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
func (r Range) Start() time.Time { return Midnight(r.From, r.Zone) }

// End is the moment after the last day.
func (r Range) End() time.Time { return Midnight(r.To.AddDate(0, 0, 1), r.Zone) }

// Midnight is the moment at which a calendar day begins in a zone. Where clocks jump over midnight (Cairo, Beirut, Havana, Santiago) the
// day begins with the jump; where they strike it twice, with the first stroke; a day that was left out (Apia, 30 December 2011) begins, and
// ends, when the next one does. time.Date promises none of this.
func Midnight(day time.Time, zone *time.Location) time.Time {
	local := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	for at := local.Add(-26 * time.Hour); ; { // no zone is further ahead
		in := at.In(zone)
		_, offset := in.Zone()
		since, until := in.ZoneBounds()
		begins := local.Add(-time.Duration(offset) * time.Second)
		if begins.Before(since) {
			begins = since.UTC()
		}
		if until.IsZero() || begins.Before(until) || !until.After(at) { // Go 1.26 ends the last bounds of a leap year a day early, and never moves on
			return begins
		}
		at = until
	}
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
