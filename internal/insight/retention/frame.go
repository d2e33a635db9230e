package retention

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// frame is the periods of a question.
type frame struct {
	parts   *calendar.Parts
	cohorts int // the first so many periods make cohorts
	over    int // the first so many periods are over
	mode    Mode
	first   bool // only first starts
	value   bool
	columns []Stretch

	to, until time.Time // last days of starts and of returns
}

// whole widens a range to whole periods, but not beyond today.
func whole(r calendar.Range, g calendar.Grain, today time.Time) calendar.Range {
	r.From = g.Bucket(r.From)
	if r.To = g.Next(g.Bucket(r.To)).AddDate(0, 0, -1); r.To.After(today) {
		r.To = today
	}
	return r
}

// newFrame cuts a range of whole periods; until is the last day on which returns count, not before the range's last.
func newFrame(r calendar.Range, until time.Time, q Query, today time.Time) *frame {
	f := &frame{to: r.To, until: until, parts: calendar.Range{From: r.From, To: until, Zone: r.Zone}.Parts(q.Grain), mode: q.Mode, first: q.Starts == First, value: q.Value}
	for i, day := range f.parts.Days {
		if !day.After(r.To) {
			f.cohorts = i + 1
		}
		if q.Grain.Next(day).AddDate(0, 0, -1).Before(today) {
			f.over = i + 1
		}
	}
	if q.Mode == Bracket {
		f.columns = q.Brackets
		return f
	}
	last := q.Periods
	if last == 0 {
		last = min(f.parts.Len()-1, usual(q.Grain))
	}
	for k := range last + 1 {
		f.columns = append(f.columns, Stretch{k, k})
	}
	return f
}

// usual is how many periods are looked at unless told.
func usual(g calendar.Grain) int {
	switch g {
	case calendar.ByWeek:
		return 52
	case calendar.ByMonth:
		return 60
	case calendar.ByDay:
	}
	return 30
}

// done says whether a column is over for those who started in a period: then it is told. Of periods that go on for ever it is the first that counts.
func (f *frame) done(start, column int) bool { return start+f.columns[column].To < f.over }

// begun says whether a column has begun for those who started in a period.
func (f *frame) begun(start, column int) bool { return start+f.columns[column].From < f.parts.Len() }

// running is the column that has begun and is not over, -1 if there is none.
func (f *frame) running(start int) int {
	for c := range f.columns {
		if !f.done(start, c) {
			if f.begun(start, c) {
				return c
			}
			return -1
		}
	}
	return -1
}

// through is the last period that counts for a column.
func (f *frame) through(start, column int) int {
	if f.mode == After {
		return f.parts.Len() - 1
	}
	return min(start+f.columns[column].To, f.parts.Len()-1)
}
