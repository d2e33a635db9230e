package rule

import (
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

const (
	micros    = int64(time.Second / time.Microsecond)
	dayMicros = 86400 * micros
)

// Calendar knows when each day begins in a zone: at its midnight as package calendar has it, also where clocks jump over midnight or strike it
// twice. It covers 1970 to 2100; before and after that, days have 24 hours. It does not change, and is worth keeping: making one takes
// milliseconds.
type Calendar struct {
	zone   *time.Location
	starts []int64 // µs at which day i (days since 1970-01-01) begins
}

// NewCalendar is the calendar of a zone.
func NewCalendar(zone *time.Location) *Calendar {
	const years = 131
	c := &Calendar{zone: zone, starts: make([]int64, 0, years*366)}
	day := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	for end := day.AddDate(years, 0, 0); day.Before(end); day = day.AddDate(0, 0, 1) {
		c.starts = append(c.starts, calendar.Midnight(day, zone).UnixMicro())
	}
	return c
}

// Zone is the calendar's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Day is the day of a moment, as a number.
func (c *Calendar) Day(at int64) int64 {
	first, last := c.starts[0], c.starts[len(c.starts)-1]
	if at < first {
		return -((first - at + dayMicros - 1) / dayMicros)
	}
	if at >= last {
		return int64(len(c.starts)-1) + (at-last)/dayMicros
	}
	d := (at - first) / dayMicros // at most a day or two away: zones move by hours
	for c.starts[d] > at {
		d--
	}
	for c.starts[d+1] <= at {
		d++
	}
	return d
}

// Start is the moment at which a day begins.
func (c *Calendar) Start(day int64) int64 {
	if last := int64(len(c.starts) - 1); day > last {
		return c.starts[last] + (day-last)*dayMicros
	}
	if day < 0 {
		return c.starts[0] + day*dayMicros
	}
	return c.starts[day]
}

// At is a moment in the calendar.
func (c *Calendar) At(now int64) Instant {
	today := c.Day(now)
	return Instant{Now: now, today: today, end: c.Start(today + 1), calendar: c}
}

// Instant is a moment at which rules are asked, with the day around it. All instants of one day give the same answers.
type Instant struct {
	Now      int64 // µs since 1970 UTC
	today    int64
	end      int64
	calendar *Calendar
}

// Start is the moment at which today began.
func (t Instant) Start() int64 { return t.calendar.Start(t.today) }

// End is the moment at which today ends: the next midnight.
func (t Instant) End() int64 { return t.end }

// Window is the moment at which a window of days, today included, begins.
func (t Instant) Window(days int) int64 { return t.calendar.Start(t.today - int64(days) + 1) }

// Date is the calendar date of a moment, like 2026-03-31.
func (t Instant) Date(at int64) string { return date(t.calendar.Day(at)) }

// date is how a day is written.
func date(day int64) string {
	y, m, d := time.Unix(day*86400, 0).UTC().Date()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
