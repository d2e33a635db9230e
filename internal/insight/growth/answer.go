package growth

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// answer sums up what was counted. today is the present day, for telling which periods are over.
func (b *book) answer(grain calendar.Grain, today time.Time) Answer {
	f := b.f
	a := Answer{Grain: grain, SilentDays: f.silent, LostDays: f.lost, Before: b.before, AddsUp: true, Periods: make([]Period, 0, len(f.begins))}
	stock := b.before
	counted := rolling{} // sums of what changes from day to day, up to the day before the range
	for d := range f.base {
		counted.add(b, d)
	}
	holds := counted.active == stock.Active && stock.People == stock.Active+stock.Silent+stock.Lost
	for i, begin := range f.begins {
		p := Period{Date: date(grain.Bucket(f.day(begin))), From: date(f.day(begin)), To: date(f.day(f.ends(i))), Retained: stock.Active - b.left[i], Seen: b.inBucket[i]}
		p.Over = grain.Bucket(f.day(begin)).Equal(f.day(begin)) && grain.Next(f.day(begin)).Equal(f.day(f.ends(i)).AddDate(0, 0, 1)) && f.day(f.ends(i)).Before(today)
		personDays := int64(0)
		for d := begin; d <= f.ends(i); d++ {
			p.add(b.flow(d))
			personDays += b.seen[d]
			counted.add(b, d)
			stock = stock.after(b.flow(d), b.cleanedGo[d])
			holds = holds && stock.Active == counted.active && stock.sound()
		}
		p.Stock, p.WAU, p.MAU, p.AddsUp = stock, counted.week, counted.month, holds
		p.DAU = float64(personDays) / float64(f.ends(i)-begin+1)
		p.Quick, p.Sticky = p.quick(), ratio(p.DAU, float64(p.MAU))
		a.Total.add(p.Flow)
		a.AddsUp = a.AddsUp && holds
		a.Periods = append(a.Periods, p)
	}
	a.Quick = a.Total.quick()
	return a
}

// rolling are counts over a window that moves with the day.
type rolling struct{ active, week, month int64 }

func (r *rolling) add(b *book, day int) {
	r.active += b.active[day]
	r.week += b.inWeek[day]
	r.month += b.inMonth[day]
}

// flow is what moved on a day.
func (b *book) flow(d int) Flow {
	return Flow{
		New: b.fresh[d], Resurrected: b.back[d], WonBack: b.won[d], WentSilent: b.fell[d], WentLost: b.gone[d],
		Cleaned: b.cleanedActive[d] + b.cleanedSilent[d] + b.cleanedGo[d], CleanedActive: b.cleanedActive[d], CleanedSilent: b.cleanedSilent[d],
	}
}

func (f *Flow) add(g Flow) {
	f.New += g.New
	f.Resurrected += g.Resurrected
	f.WonBack += g.WonBack
	f.WentSilent += g.WentSilent
	f.WentLost += g.WentLost
	f.Cleaned += g.Cleaned
	f.CleanedActive += g.CleanedActive
	f.CleanedSilent += g.CleanedSilent
}

func (f *Flow) quick() *float64 { return ratio(float64(f.New+f.Resurrected), float64(f.WentSilent)) }

func ratio(a, b float64) *float64 {
	if b == 0 {
		return nil
	}
	r := a / b
	return &r
}

// after is the stock after a flow; cleanedLost are those of the cleaned who were lost.
func (s Stock) after(f Flow, cleanedLost int64) Stock {
	return Stock{
		People: s.People + f.New - f.Cleaned,
		Active: s.Active + f.New + f.Resurrected - f.WentSilent - f.CleanedActive,
		Silent: s.Silent + f.WentSilent - f.WentLost - (f.Resurrected - f.WonBack) - f.CleanedSilent,
		Lost:   s.Lost + f.WentLost - f.WonBack - cleanedLost,
	}
}

func (s Stock) sound() bool {
	return s.People == s.Active+s.Silent+s.Lost && s.Active >= 0 && s.Silent >= 0 && s.Lost >= 0
}

func date(d time.Time) string { return d.Format(time.DateOnly) }
