package trend

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// shift leads from a range to the one that it is compared with.
type shift struct{ months, days int }

// shiftOf is how far back the comparison lies. Former: as many days, or the least number of whole weeks or months that covers the range, so that
// weekdays stand beside weekdays. Year: twelve months, for weeks 52 weeks.
func shiftOf(r calendar.Range, grain Grain, c Compare) shift {
	if c == Year {
		if grain == Week {
			return shift{days: 52 * 7}
		}
		return shift{months: 12}
	}
	switch grain {
	case Month:
		return shift{months: (r.To.Year()-r.From.Year())*12 + int(r.To.Month()-r.From.Month()) + 1}
	case Week:
		return shift{days: (r.Days() + 6) / 7 * 7}
	case Hour, Day:
	}
	return shift{days: r.Days()}
}

// back is the day before a day by the shift; not ok if there is none, as a year before 29 February.
func (s shift) back(day time.Time) (time.Time, bool) {
	if s.months == 0 {
		return day.AddDate(0, 0, -s.days), true
	}
	first := time.Date(day.Year(), day.Month()-time.Month(s.months), 1, 0, 0, 0, 0, time.UTC)
	there := first.AddDate(0, 0, day.Day()-1)
	return there, there.Month() == first.Month()
}

// nearest is back, or the last day of the month where that has no such day.
func (s shift) nearest(day time.Time) time.Time {
	there, ok := s.back(day)
	if !ok {
		there = time.Date(there.Year(), there.Month(), 0, 0, 0, 0, 0, time.UTC)
	}
	return there
}

// former is the range that is compared with. The end of a month stands beside the end of a month.
func (s shift) former(r calendar.Range) calendar.Range {
	out := calendar.Range{From: s.nearest(r.From), To: s.nearest(r.To), Zone: r.Zone}
	if s.months > 0 && r.To.AddDate(0, 0, 1).Day() == 1 {
		next := time.Date(out.To.Year(), out.To.Month()+1, 0, 0, 0, 0, 0, time.UTC)
		out.To = next
	}
	return out
}

// beside gives for each part of the range the part of the former one, -1 if there is none.
func (s shift) beside(now, then *calendar.Parts, grain Grain, zone *time.Location) []int {
	out := make([]int, now.Len())
	var hours map[string]int
	if grain == Hour {
		hours = make(map[string]int, then.Len())
		for i := range then.Len() {
			key := clockOf(then.Days[i], then.Starts[i], zone)
			if _, twice := hours[key]; !twice {
				hours[key] = i
			}
		}
	}
	used := map[int]bool{}
	for i := range out {
		day, ok := s.back(now.Days[i])
		out[i] = -1
		switch {
		case !ok:
		case grain == Hour:
			if at, ok := hours[clockOf(day, now.Starts[i], zone)]; ok && !used[at] {
				out[i], used[at] = at, true
			}
		default:
			out[i] = then.Of(day)
		}
	}
	return out
}

// clockOf is a day and what the clock shows at a moment.
func clockOf(day time.Time, us int64, zone *time.Location) string {
	return day.Format(time.DateOnly) + time.UnixMicro(us).In(zone).Format(" 15:04")
}

// partsOf cuts a range.
func partsOf(r calendar.Range, g Grain) *calendar.Parts {
	switch g {
	case Hour:
		return r.Hours()
	case Week:
		return r.Parts(calendar.ByWeek)
	case Month:
		return r.Parts(calendar.ByMonth)
	case Day:
	}
	return r.Parts(calendar.ByDay)
}

// label is what a part is called.
func label(p *calendar.Parts, part int, g Grain, zone *time.Location) string {
	if g == Hour {
		return time.UnixMicro(p.Starts[part]).In(zone).Format(time.RFC3339)
	}
	return p.Days[part].Format(time.DateOnly)
}

// points are the parts as the answer has them.
func points(r calendar.Range, p *calendar.Parts, g Grain, now time.Time) []Point {
	out := make([]Point, p.Len())
	for i := range out {
		out[i] = Point{At: label(p, i, g, r.Zone), Open: p.Ends(i) > now.UnixMicro()}
	}
	if g == Week || g == Month {
		grain := calendar.Grain(g)
		out[0].Cut = p.Days[0].Before(r.From)
		if last := len(out) - 1; grain.Next(p.Days[last]).AddDate(0, 0, -1).After(r.To) && !out[last].Open {
			out[last].Cut = true
		}
	}
	return out
}
