package overview_test

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight/overview"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

// oracle answers the same questions as the room, event by event and day by day, straight from the words of the package's documentation.
type oracle struct {
	events []pooltest.Event
	moved  map[int64]int64
	set    pooltest.Settings
	told   map[calendar.Range][]overview.Stock // answers already given
}

func (o *oracle) who(e *pooltest.Event) int64 {
	if to, ok := o.moved[e.Person]; ok {
		return to
	}
	return e.Person
}

// acts are the events that are no operator's, from a moment on and before another.
func (o *oracle) acts(from, before time.Time) []*pooltest.Event {
	var out []*pooltest.Event
	for i := range o.events {
		e := &o.events[i]
		if e.Type != event.Command && !e.At.Before(from) && e.At.Before(before) {
			out = append(out, e)
		}
	}
	return out
}

// days are the calendar days (counted since 1970) on which each person did anything.
func (o *oracle) days() map[int64]map[int64]bool {
	days := map[int64]map[int64]bool{}
	for _, e := range o.acts(time.Time{}, time.Unix(1<<40, 0)) {
		if days[o.who(e)] == nil {
			days[o.who(e)] = map[int64]bool{}
		}
		days[o.who(e)][number(calendar.DayOf(e.At, o.set.Zone))] = true
	}
	return days
}

func number(day time.Time) int64 { return day.Unix() / 86400 }

func (o *oracle) stock(r calendar.Range) []overview.Stock {
	if known := o.told[r]; known != nil {
		return known
	}
	days := o.days()
	first := map[int64]int64{}
	for person, on := range days {
		first[person] = slices.Min(slices.Collect(maps.Keys(on)))
	}
	active := func(person, day int64) bool {
		for back := range int64(o.set.Active) {
			if days[person][day-back] {
				return true
			}
		}
		return false
	}
	var out []overview.Stock
	for d := r.From; !d.After(r.To); d = d.AddDate(0, 0, 1) {
		s := overview.Stock{Date: d.Format(time.DateOnly), AddsUp: true}
		day := number(d)
		for person := range days {
			if first[person] > day {
				continue
			}
			s.People++
			is, was := active(person, day), active(person, day-1)
			switch {
			case first[person] == day:
				s.New++
			case is && !was:
				s.Returning++
			case was && !is:
				s.WentSilent++
			}
			if is {
				s.Active++
			} else {
				s.Silent++
			}
		}
		out = append(out, s)
	}
	if o.told == nil {
		o.told = map[calendar.Range][]overview.Stock{}
	}
	o.told[r] = out
	return out
}

// span counts what happened between two moments.
func (o *oracle) span(from, before time.Time) (p overview.Point, personDays int64) {
	people, buyers, days := map[int64]bool{}, map[int64]bool{}, map[[2]int64]bool{}
	for _, e := range o.acts(from, before) {
		people[o.who(e)] = true
		days[[2]int64{o.who(e), calendar.DayOf(e.At, o.set.Zone).Unix()}] = true
		if e.Name == event.OrderCompleted {
			p.Orders++
			buyers[o.who(e)] = true
			if e.Currency == o.set.Money {
				p.Revenue += e.Amount
			}
		}
	}
	p.Active, p.Buyers = int64(len(people)), int64(len(buyers))
	return p, int64(len(days))
}

func (o *oracle) series(r calendar.Range, grain calendar.Grain) []overview.Point {
	stock := o.stock(r)
	var out []overview.Point
	for b := grain.Bucket(r.From); !b.After(r.To); b = grain.Next(b) {
		in := calendar.Range{From: b, To: grain.Next(b).AddDate(0, 0, -1), Zone: r.Zone}
		if in.From.Before(r.From) {
			in.From = r.From
		}
		if in.To.After(r.To) {
			in.To = r.To
		}
		p, _ := o.span(in.Start(), in.End())
		p.Date = b.Format(time.DateOnly)
		for _, s := range stock {
			if s.Date >= in.From.Format(time.DateOnly) && s.Date <= in.To.Format(time.DateOnly) {
				p.New += s.New
			}
		}
		out = append(out, p)
	}
	return out
}

// figures are the key figures of one period by the names they have in the answer.
func (o *oracle) figures(r calendar.Range) map[string]float64 {
	p, personDays := o.span(r.Start(), r.End())
	back := func(days int) calendar.Range {
		return calendar.Range{From: r.To.AddDate(0, 0, 1-days), To: r.To, Zone: r.Zone}
	}
	week, _ := o.span(back(7).Start(), r.End())
	month, _ := o.span(back(30).Start(), r.End())
	orders, again := map[int64]int{}, 0.0
	in := map[int64]bool{}
	for _, e := range o.acts(time.Time{}, r.End()) {
		if e.Name == event.OrderCompleted {
			orders[o.who(e)]++
			in[o.who(e)] = in[o.who(e)] || !e.At.Before(r.Start())
		}
	}
	for person, n := range orders {
		if n > 1 && in[person] {
			again++
		}
	}
	stock := o.stock(r)
	f := map[string]float64{
		"people": float64(stock[len(stock)-1].People), "active": float64(p.Active), "orders": float64(p.Orders), "buyers": float64(p.Buyers),
		"revenue": float64(p.Revenue), "dau": float64(personDays) / float64(len(stock)), "wau": float64(week.Active), "mau": float64(month.Active),
	}
	for _, s := range stock {
		f["new"] += float64(s.New)
	}
	if p.Orders > 0 {
		f["average_order"] = float64(p.Revenue) / float64(p.Orders)
		f["repurchase_rate"] = again / float64(p.Buyers)
	}
	if month.Active > 0 {
		f["stickiness"] = float64(personDays) / float64(len(stock)) / float64(month.Active)
	}
	return f
}

func (o *oracle) top(r calendar.Range) []overview.EventCount {
	counts, people := map[string]int64{}, map[string]map[int64]bool{}
	for _, e := range o.acts(r.Start(), r.End()) {
		counts[e.Name]++
		if people[e.Name] == nil {
			people[e.Name] = map[int64]bool{}
		}
		people[e.Name][o.who(e)] = true
	}
	out := []overview.EventCount{}
	for name, n := range counts {
		out = append(out, overview.EventCount{Name: name, Events: n, People: int64(len(people[name]))})
	}
	slices.SortFunc(out, func(a, b overview.EventCount) int {
		return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(len(out), 12)]
}

func (o *oracle) totals(from, before time.Time) overview.Totals {
	t := overview.Totals{Revenue: overview.Money{Currency: o.set.Money}}
	if before.IsZero() {
		before = time.Unix(1<<40, 0)
	}
	p, _ := o.span(from, before)
	t.People, t.Buyers, t.Orders, t.Revenue.Amount = p.Active, p.Buyers, p.Orders, p.Revenue
	for _, e := range o.acts(from, before) {
		t.Events++
		if e.Name == event.OrderCancelled {
			t.Cancelled++
		}
	}
	return t
}

// people are the rows that the pipeline keeps: one per present person, with the channel that the person's number stands for.
func (o *oracle) people() []pooltest.Person {
	by := map[int64]*pooltest.Person{}
	for _, e := range o.acts(time.Time{}, time.Unix(1<<40, 0)) {
		id := o.who(e)
		p := by[id]
		if p == nil {
			channel := []string{"", "wecom", "douyin"}[id%3]
			p = &pooltest.Person{ID: id, First: e.At, Channel: channel, Class: map[string]string{"wecom": "owned", "douyin": "external"}[channel]}
			by[id] = p
		}
		p.Events++
		if e.At.Before(p.First) {
			p.First = e.At
		}
		if e.Name == event.OrderCompleted {
			p.Orders++
			if e.Currency == o.set.Money {
				p.Revenue += e.Amount
			}
		}
	}
	var out []pooltest.Person
	for _, id := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[id])
	}
	return out
}

func (o *oracle) channels(r calendar.Range) []overview.Channel {
	by := map[string]*overview.Channel{}
	for _, p := range o.people() {
		if p.First.Before(r.Start()) || !p.First.Before(r.End()) {
			continue
		}
		c := by[p.Channel]
		if c == nil {
			c = &overview.Channel{Channel: p.Channel, Class: cmp.Or(p.Class, "unknown")}
			by[p.Channel] = c
		}
		c.People++
		c.Revenue += p.Revenue
		if p.Orders > 0 {
			c.Buyers++
		}
	}
	out := []overview.Channel{}
	for _, c := range by {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b overview.Channel) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Channel, b.Channel))
	})
	return out
}
