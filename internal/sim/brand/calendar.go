package brand

import (
	"math"
	"slices"
	"sort"
	"time"
)

const (
	second = int64(1_000_000) // everything is in microseconds
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// calendar is the brand's eighteen months, day by day: how eager people are to shop, and what the brand runs.
type calendar struct {
	start   int64     // midnight in the brand's zone of the first day
	eager   []float64 // per day, 1 on an ordinary day
	sum     []float64 // eager cumulated, with a 0 in front: shopping time elapsed before the day
	theme   []string  // the brand's campaign of the day
	weekend []bool    // Saturday or Sunday
}

func (c *calendar) days() int { return len(c.eager) }

// newCalendar covers Months up to now.
func newCalendar(now time.Time) calendar {
	local := now.In(zone())
	first := local.AddDate(0, -Months, 0)
	first = time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone())
	c := calendar{start: first.UnixMicro()}
	total := 0.0
	for t := first; !t.After(local); t = t.AddDate(0, 0, 1) {
		factor, theme := season(t)
		weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
		if weekend {
			factor *= 1.18
		}
		if t.Day() == 18 { // 会员日, member day
			factor *= 1.4
		}
		c.eager, c.theme, c.weekend = append(c.eager, factor), append(c.theme, theme), append(c.weekend, weekend)
		c.sum = append(c.sum, total)
		total += factor
	}
	c.sum = append(c.sum, total)
	return c
}

// dayOf is the day's number; times outside are held at the edges.
func (c *calendar) dayOf(t int64) int { return min(max(int((t-c.start)/day), 0), c.days()-1) }

// shopping is the shopping time that has gone by at t. On an ordinary day it grows by one a day, before Double 11 much faster.
func (c *calendar) shopping(t int64) float64 {
	d := c.dayOf(t)
	part := float64(t-c.start-int64(d)*day) / float64(day)
	return c.sum[d] + c.eager[d]*min(max(part, 0), 1)
}

// when undoes shopping, and reports whether that much shopping time fits before the end.
func (c *calendar) when(shopping float64) (int64, bool) {
	if shopping >= c.sum[c.days()] {
		return 0, false
	}
	d := max(sort.SearchFloat64s(c.sum, shopping)-1, 0)
	part := (shopping - c.sum[d]) / c.eager[d]
	return c.start + int64(d)*day + int64(part*float64(day)), true
}

// at moves t to an hour of its day at which people are awake, by the hourly profile.
func (w *world) at(d dice, t int64) int64 {
	k := w.calendar.dayOf(t)
	profile := w.hours[0]
	if w.calendar.weekend[k] {
		profile = w.hours[1]
	}
	return w.calendar.start + int64(k)*day + int64(d.pick(profile))*hour + d.Int64N(hour)
}

// hours are the cumulated hourly profiles of workdays and weekends: lunch and late evening, mornings longer in bed at weekends.
func hours() [2][]float64 {
	work := []float64{14, 7, 3, 2, 2, 3, 9, 24, 38, 40, 44, 50, 72, 60, 42, 40, 42, 46, 54, 66, 90, 104, 86, 42}
	rest := []float64{20, 11, 5, 3, 2, 2, 5, 13, 28, 46, 60, 62, 62, 60, 62, 66, 66, 60, 56, 64, 84, 98, 84, 46}
	return [2][]float64{
		cumulate(24, func(i int) float64 { return work[i] }),
		cumulate(24, func(i int) float64 { return rest[i] }),
	}
}

// season says how eager people are on a day, and what the brand runs then.
func season(t time.Time) (float64, string) {
	md := int(t.Month())*100 + t.Day()
	newYear, midAutumn := lunar(t.Year())
	toNewYear, toMidAutumn := daysTo(t, newYear), daysTo(t, midAutumn)
	switch {
	case md >= 1020 && md <= 1031:
		return 1.3, "double11-warmup"
	case md == 1101 || md == 1110 || md == 1111:
		return 3.6, "double11"
	case md > 1101 && md <= 1112:
		return 1.9, "double11"
	case md > 1112 && md <= 1122:
		return 0.7, "winter-care"
	case md >= 1210 && md <= 1212:
		return 1.8, "double12"
	case md >= 601 && md <= 615:
		return 1.5, "618"
	case md >= 616 && md <= 618:
		return 2.9, "618"
	case md >= 619 && md <= 626:
		return 0.75, "summer-care"
	case md >= 304 && md <= 308:
		return 2.0, "womens-day"
	case toNewYear > 3 && toNewYear <= 22:
		return 1.6, "spring-festival-gifts"
	case toNewYear >= -7 && toNewYear <= 3:
		return 0.5, "spring-festival"
	case toMidAutumn > 1 && toMidAutumn <= 18:
		return 1.5, "mid-autumn-gifts"
	case md >= 320 && md <= 430:
		return 1.15, "spring-tea"
	case md >= 518 && md <= 521:
		return 1.5, "520-love"
	case t.Month() >= time.July && t.Month() <= time.August:
		return 0.9, "summer-cold-brew"
	case t.Month() >= time.December || t.Month() <= time.February:
		return 1, "winter-care"
	}
	return 1, "everyday"
}

// lunar gives the year's Spring Festival and Mid-Autumn Festival as month*100+day; 0 for years without an entry.
func lunar(year int) (newYear, midAutumn int) {
	table := []int{
		2023, 122, 929, 2024, 210, 917, 2025, 129, 1006, 2026, 217, 925, 2027, 206, 915, 2028, 126, 1003, 2029, 213, 922, 2030, 203, 912,
		2031, 123, 1001, 2032, 211, 919,
	}
	for row := range slices.Chunk(table, 3) {
		if row[0] == year {
			return row[1], row[2]
		}
	}
	return 0, 0
}

// daysTo is the number of days from t to the given day of its year; far away if there is none.
func daysTo(t time.Time, md int) int {
	if md == 0 {
		return math.MaxInt32
	}
	then := time.Date(t.Year(), time.Month(md/100), md%100, 0, 0, 0, 0, t.Location())
	return int(math.Round(then.Sub(t).Hours() / 24))
}
