package health_test

import (
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight/health"
)

// done is one event of the oracle's people.
type done struct {
	at     time.Time
	name   uint16
	amount int64
}

// oracle counts day by day, straight from the words of the package's documentation.
type oracle struct {
	zone   *time.Location
	silent int
	people [][]done
}

func (o *oracle) day(e done) time.Time { return calendar.DayOf(e.at, o.zone) }

// stays are a person's times in the pool: from a first activity to being cleaned out, with the days of activity.
type stay struct {
	days    []time.Time // ascending, each once
	cleaned *time.Time
}

func (o *oracle) stays(events []done) (out []stay) {
	var now *stay
	for _, e := range events {
		switch e.name {
		case health.DidSignal:
		case health.DidClean:
			if now != nil {
				d := o.day(e)
				now.cleaned = &d
				out = append(out, *now)
				now = nil
			}
		default:
			if now == nil {
				now = &stay{}
			}
			if d := o.day(e); len(now.days) == 0 || !now.days[len(now.days)-1].Equal(d) {
				now.days = append(now.days, d)
			}
		}
	}
	if now != nil {
		out = append(out, *now)
	}
	return out
}

func plus(d time.Time, n int) time.Time { return d.AddDate(0, 0, n) }

// in says whether the stay is in the pool, and active, at the end of a day.
func (o *oracle) in(s stay, d time.Time) (in, active bool) {
	if s.days[0].After(d) || (s.cleaned != nil && !s.cleaned.After(d)) {
		return false, false
	}
	for _, a := range s.days {
		if !a.After(d) && a.After(plus(d, -o.silent)) {
			return true, true
		}
	}
	return true, false
}

// silences are the days on which the stay fell silent. Whoever is cleaned on that day fell silent first.
func (o *oracle) silences(s stay) (out []time.Time) {
	for i, a := range s.days {
		at := plus(a, o.silent)
		if i+1 < len(s.days) && !s.days[i+1].After(at) {
			continue
		}
		if s.cleaned != nil && s.cleaned.Before(at) {
			continue
		}
		out = append(out, at)
	}
	return out
}

// returns are the days on which the stay came back from silence.
func (o *oracle) returns(s stay) (out []time.Time) {
	for i := 1; i < len(s.days); i++ {
		if s.days[i].After(plus(s.days[i-1], o.silent)) {
			out = append(out, s.days[i])
		}
	}
	return out
}

// within says whether a day is one of the n days up to d.
func within(a, d time.Time, n int) bool { return !a.After(d) && a.After(plus(d, -n)) }

// did says whether a person did something (any activity if name is 0) in the n days up to d.
func (o *oracle) did(events []done, name uint16, d time.Time, n int) bool {
	return slices.ContainsFunc(events, func(e done) bool {
		is := e.name == name || (name == 0 && e.name != health.DidSignal && e.name != health.DidClean)
		return is && within(o.day(e), d, n)
	})
}

func (o *oracle) facts(d time.Time) (x health.Facts) {
	for _, events := range o.people {
		o.person(&x, events, d)
	}
	return x
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func (o *oracle) person(x *health.Facts, events []done, d time.Time) {
	for _, s := range o.stays(events) {
		in, active := o.in(s, d)
		x.People += one(in)
		x.Active += one(active)
		x.Beginning = x.Beginning || !s.days[0].After(d)
		x.New += one(s.days[0].Equal(d))
		x.Inflow += one(within(s.days[0], d, 30))
		if s.cleaned != nil {
			x.Cleaned += one(s.cleaned.Equal(d))
			x.Outflow += one(within(*s.cleaned, d, 30))
		}
		for _, a := range o.returns(s) {
			x.Returned += one(a.Equal(d))
			x.Inflow += one(within(a, d, 30))
		}
		for _, a := range o.silences(s) {
			x.Silenced += one(a.Equal(d))
			x.Outflow += one(within(a, d, 30))
		}
		cohort, kept := o.cohort(s, d)
		x.Cohort += one(cohort)
		x.Kept += one(kept)
	}
	for _, e := range events {
		if e.name == health.DidSignal || e.name == health.DidClean {
			continue
		}
		x.Events += one(o.day(e).Equal(d))
		x.Events7 += one(within(o.day(e), d, 7))
		x.Sharing = x.Sharing || (e.name == health.DidShare && within(o.day(e), d, 60)) // as far back as is looked here
		if e.name == health.DidOrder && o.day(e).Equal(d) {
			x.Orders++
			x.Revenue += e.amount
		}
	}
	x.Buyers += one(o.did(events, health.DidOrder, d, 1))
	x.Seen += one(o.did(events, 0, d, 1))
	for back := range 7 {
		x.SeenDays += one(o.did(events, 0, plus(d, -back), 1))
	}
	x.Month += one(o.did(events, 0, d, 30))
	x.Bought += one(o.did(events, health.DidOrder, d, 30))
	x.Shared += one(o.did(events, health.DidShare, d, 30))
}

// cohort says whether a stay began 8 to 37 days before d, and whether it came back within a week of that.
func (o *oracle) cohort(s stay, d time.Time) (in, kept bool) {
	born := s.days[0]
	in = !born.After(plus(d, -8)) && !born.Before(plus(d, -37))
	return in, in && len(s.days) > 1 && !s.days[1].After(plus(born, 7))
}
