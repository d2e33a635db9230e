package insight

import (
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Range is a span as calendar days of the pool: at most ten years, and not after today. An empty span is the last 30 days.
func (d *Desk) Range(s Span) (calendar.Range, error) {
	if s.Last > 0 && s.From != "" {
		return calendar.Range{}, fault.New(fault.Invalid, "insight.range", "give the first day, or how many days, not both")
	}
	now, zone := d.Now(), d.Zone()
	if s.Last > 0 {
		r, err := calendar.ParseRange("", s.To, now, zone)
		if err != nil {
			return r, err
		}
		r.From = r.To.AddDate(0, 0, 1-s.Last)
		return r, nil
	}
	return calendar.ParseRange(s.From, s.To, now, zone)
}
