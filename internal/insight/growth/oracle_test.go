package growth_test

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight/growth"
)

// did is one thing that somebody did, or that was done to them.
type did struct {
	at   time.Time
	what what
}

type what int

const (
	act     what = iota
	signal       // no activity
	cleaned      // taken out of the pool
)

// oracle answers from the words of the package's documentation, day by day and person by person.
type oracle struct {
	zone         *time.Location
	silent, lost int
	people       [][]did // each in order
}

// status is where somebody stands at the end of a day.
type status int

const (
	out status = iota
	isActive
	isSilent
	isLost
)

func (o *oracle) day(t time.Time) int { return int(calendar.DayOf(t, o.zone).Unix() / 86400) }

// at is where a person stands at the end of a day.
func (o *oracle) at(person []did, day int) status {
	last, in := 0, false
	for _, d := range person {
		if o.day(d.at) > day {
			break
		}
		switch d.what {
		case act:
			in, last = true, o.day(d.at)
		case cleaned:
			in = false
		case signal:
		}
	}
	switch {
	case !in:
		return out
	case day-last < o.silent:
		return isActive
	case day-last < o.lost:
		return isSilent
	}
	return isLost
}

// flows are what happened to a person on a day: the changes from the end of the day before, with everything in between.
func (o *oracle) flows(person []did, day int) (f growth.Flow, lostCleaned int64, leftActive bool) {
	// the night: time alone
	now := o.at(person, day-1)
	lastDay := -1 << 30
	for _, d := range person {
		if o.day(d.at) < day && d.what == act {
			lastDay = o.day(d.at)
		}
	}
	// What time alone makes of somebody on this day counts unless they do something on it.
	first := true
	for _, d := range person {
		if o.day(d.at) != day || d.what == signal {
			continue
		}
		if d.what == act {
			switch {
			case now == out:
				f.New++
			case now == isSilent && first:
				f.Resurrected++
			case now == isLost && first:
				f.Resurrected++
				f.WonBack++
			}
			now, first = isActive, false
			continue
		}
		if first && now != out { // nothing done so far today: the night counts
			night := o.after(now, day-lastDay)
			f.WentSilent += b2i(now == isActive && night == isSilent)
			f.WentLost += b2i(now == isSilent && night == isLost)
			leftActive = leftActive || now == isActive && night == isSilent
			now = night
		}
		switch now {
		case isActive:
			f.CleanedActive++
			leftActive = true
		case isSilent:
			f.CleanedSilent++
		case isLost:
			lostCleaned++
		case out:
			continue
		}
		f.Cleaned++
		now, first = out, false
	}
	if first && now != out {
		night := o.after(now, day-lastDay)
		f.WentSilent += b2i(now == isActive && night == isSilent)
		f.WentLost += b2i(now == isSilent && night == isLost)
		leftActive = leftActive || now == isActive && night == isSilent
	}
	return f, lostCleaned, leftActive
}

// after is what somebody is who has done nothing for so many days.
func (o *oracle) after(now status, quiet int) status {
	switch {
	case now == isActive && quiet >= o.silent:
		return isSilent
	case now == isSilent && quiet >= o.lost:
		return isLost
	}
	return now
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// acted says whether a person did anything on the days from one to another.
func (o *oracle) acted(person []did, from, to int) bool {
	for _, d := range person {
		if day := o.day(d.at); d.what == act && day >= from && day <= to {
			return true
		}
	}
	return false
}

// is says whether a person is behind a number of the days from one to another.
func (o *oracle) is(person []did, from, to int, who growth.Who) bool {
	var f growth.Flow
	left := false
	for day := from; day <= to; day++ {
		g, _, l := o.flows(person, day)
		f.New += g.New
		f.Resurrected += g.Resurrected
		f.WonBack += g.WonBack
		f.WentSilent += g.WentSilent
		f.WentLost += g.WentLost
		f.Cleaned += g.Cleaned
		left = left || l
	}
	at := o.at(person, to)
	switch who {
	case growth.WhoNew:
		return f.New > 0
	case growth.WhoRetained:
		return o.at(person, from-1) == isActive && !left
	case growth.WhoResurrected:
		return f.Resurrected > 0
	case growth.WhoWonBack:
		return f.WonBack > 0
	case growth.WhoWentSilent:
		return f.WentSilent > 0
	case growth.WhoWentLost:
		return f.WentLost > 0
	case growth.WhoCleaned:
		return f.Cleaned > 0
	case growth.WhoPeople:
		return at != out
	case growth.WhoActive:
		return at == isActive
	case growth.WhoSilent:
		return at == isSilent
	case growth.WhoLost:
		return at == isLost
	case growth.WhoSeen:
		return o.acted(person, from, to)
	case growth.WhoWeeklyActive:
		return o.acted(person, to-6, to)
	case growth.WhoMonthlyActive:
		return o.acted(person, to-29, to)
	}
	return false
}

// stock is how many people stand where at the end of a day.
func (o *oracle) stock(day int) (s growth.Stock) {
	for _, p := range o.people {
		switch o.at(p, day) {
		case isActive:
			s.Active++
		case isSilent:
			s.Silent++
		case isLost:
			s.Lost++
		case out:
			continue
		}
		s.People++
	}
	return s
}

// period fills in what the days from one to another say.
func (o *oracle) period(from, to int) (p growth.Period) {
	personDays := 0
	for _, person := range o.people {
		for day := from; day <= to; day++ {
			f, _, _ := o.flows(person, day)
			p.New += f.New
			p.Resurrected += f.Resurrected
			p.WonBack += f.WonBack
			p.WentSilent += f.WentSilent
			p.WentLost += f.WentLost
			p.Cleaned += f.Cleaned
			p.CleanedActive += f.CleanedActive
			p.CleanedSilent += f.CleanedSilent
			personDays += int(b2i(o.acted(person, day, day)))
		}
		p.Retained += b2i(o.is(person, from, to, growth.WhoRetained))
		p.Seen += b2i(o.is(person, from, to, growth.WhoSeen))
		p.WAU += b2i(o.is(person, from, to, growth.WhoWeeklyActive))
		p.MAU += b2i(o.is(person, from, to, growth.WhoMonthlyActive))
	}
	p.Stock, p.AddsUp = o.stock(to), true
	p.DAU = float64(personDays) / float64(to-from+1)
	if p.MAU > 0 {
		sticky := p.DAU / float64(p.MAU)
		p.Sticky = &sticky
	}
	if p.WentSilent > 0 {
		quick := float64(p.New+p.Resurrected) / float64(p.WentSilent)
		p.Quick = &quick
	}
	return p
}

// answer is what the room must say.
func (o *oracle) answer(r calendar.Range, grain calendar.Grain, today time.Time) growth.Answer {
	number := func(d time.Time) int { return int(d.Unix() / 86400) }
	a := growth.Answer{Grain: grain, SilentDays: o.silent, LostDays: o.lost, Before: o.stock(number(r.From) - 1), AddsUp: true, Periods: []growth.Period{}}
	for b := grain.Bucket(r.From); !b.After(r.To); b = grain.Next(b) {
		from, to := b, grain.Next(b).AddDate(0, 0, -1)
		over := to.Before(today)
		if from.Before(r.From) {
			from, over = r.From, false
		}
		if to.After(r.To) {
			to, over = r.To, false
		}
		p := o.period(number(from), number(to))
		p.Date, p.From, p.To, p.Over = b.Format(time.DateOnly), from.Format(time.DateOnly), to.Format(time.DateOnly), over
		a.Periods = append(a.Periods, p)
	}
	all := o.period(number(r.From), number(r.To))
	a.Total, a.Quick = all.Flow, all.Quick
	return a
}
