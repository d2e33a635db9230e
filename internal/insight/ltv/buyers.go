package ltv

import (
	"cmp"
	"context"
	"slices"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/ltv/lifetime"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// months is how many months of a cohort are kept.
const months = 36

// monthDays is how long a month of a cohort is.
const monthDays = 30

// buyer is what is known of one buyer. Days are days since 1970.
type buyer struct {
	person       int64
	first, last  int32 // first and last purchase day
	repeats      int32
	cutLast      int32 // last purchase day up to the cutoff
	cutRepeats   int32 // repeats up to it
	spentRepeats int64 // minor units on repeat days
	group        int   // the worker's
}

// history is the buyer's at the end of a day.
func (b *buyer) history(end int32) lifetime.History {
	return lifetime.History{Repeats: int(b.repeats), Recency: int(b.last - b.first), Age: int(end - b.first)}
}

// known is the buyer's history at the cutoff.
func (b *buyer) known(cutoff int32) lifetime.History {
	return lifetime.History{Repeats: int(b.cutRepeats), Recency: int(b.cutLast - b.first), Age: int(cutoff - b.first)}
}

// spend is what the buyer spent on repeat days.
func (b *buyer) spend() lifetime.Spend {
	s := lifetime.Spend{Days: int(b.repeats)}
	if s.Days > 0 {
		s.Mean = float64(b.spentRepeats) / float64(s.Days)
	}
	return s
}

// curve is what a cohort brought, month by month of its people.
type curve struct {
	people, orders, revenue int64
	over, brought           [months]int64 // people whose month is over, and what they brought in it
}

func (c *curve) add(o *curve) {
	c.people += o.people
	c.orders += o.orders
	c.revenue += o.revenue
	for k := range months {
		c.over[k] += o.over[k]
		c.brought[k] += o.brought[k]
	}
}

// span is the days of a question, as days since 1970, all included.
type span struct{ from, to, cutoff int32 }

// book is what one worker, and in the end all, found out.
type book struct {
	buyers  []buyer
	cohorts map[int]*curve  // by month (year·12+month) or the worker's group
	repeats map[int32]int64 // repeat purchase days by day
	days    []purchase      // of the person being read
}

type purchase struct {
	day    int32
	amount int64
}

func newBook() *book { return &book{cohorts: map[int]*curve{}, repeats: map[int32]int64{}} }

// read reads a person's purchase days up to the end of the span; false if there are none, or the first lies outside.
func (b *book) read(s span, step *insight.Matcher, q *timeline.Sequence, until int64, day func(int64) int64) bool {
	b.days = b.days[:0]
	n := insight.Upto(q, until)
	for i := range n {
		if !step.Matches(q, i) {
			continue
		}
		at := int32(day(q.Times[i]))
		amount, _ := q.Amount(i)
		if k := len(b.days) - 1; k >= 0 && b.days[k].day == at {
			b.days[k].amount += amount
			continue
		}
		if len(b.days) == 0 && (at < s.from || at > s.to) {
			return false
		}
		b.days = append(b.days, purchase{at, amount})
	}
	return len(b.days) > 0
}

// enter takes in the person who was read.
func (b *book) enter(s span, person int64, group, cohort int) {
	first := b.days[0].day
	one := buyer{person: person, first: first, last: b.days[len(b.days)-1].day, repeats: int32(len(b.days) - 1), cutLast: first, group: group}
	c := b.cohorts[cohort]
	if c == nil {
		c = &curve{}
		b.cohorts[cohort] = c
	}
	c.people++
	c.orders += int64(len(b.days))
	over := min(int(s.to-first+1)/monthDays, months) // whole months
	for k := range over {
		c.over[k]++
	}
	for i, p := range b.days {
		c.revenue += p.amount
		if k := int(p.day-first) / monthDays; k < over {
			c.brought[k] += p.amount
		}
		if i == 0 {
			continue
		}
		one.spentRepeats += p.amount
		b.repeats[p.day]++
		if p.day <= s.cutoff {
			one.cutLast, one.cutRepeats = p.day, one.cutRepeats+1
		}
	}
	b.buyers = append(b.buyers, one)
}

// gathered is everybody's, in the order of their numbers.
type gathered struct {
	span
	buyers  []buyer
	repeats map[int32]int64
	cohorts []Cohort
	all     Cohort
	people  map[int64]int // place of a person's cohort; only if asked for
}

// gather reads everybody.
func (s *Service) gather(ctx context.Context, r *insight.Run, q Query, mark bool) (*gathered, error) {
	days, err := s.o.Desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	cal := s.o.Desk.Calendar()
	need := insight.Need{Steps: []insight.Step{q.Purchase}, People: q.People, Field: "purchase"}
	if q.Cohorts == ByChannel {
		need.Breakdown = &insight.Breakdown{By: insight.ByFirstChannel, Limit: 12}
	}
	p, err := s.o.Desk.Plan(ctx, r, need)
	if err != nil {
		return nil, named(err)
	}
	sp := span{from: int32(cal.Day(days.Start().UnixMicro())), to: int32(cal.Day(days.End().UnixMicro() - 1))}
	begins, err := s.begins(ctx, r, q, p, sp, days.End().UnixMicro())
	if err != nil {
		return nil, err
	}
	sp.cutoff = cutoff(q, sp, begins)
	workers, err := insight.Scan(ctx, r, p, 0, func(*insight.View) *book { return newBook() },
		func(b *book, v *insight.View, person int64, seq *timeline.Sequence) {
			if !b.read(sp, v.Step(0), seq, days.End().UnixMicro(), cal.Day) {
				return
			}
			group := 0
			if g := v.Groups(person); len(g) > 0 {
				group = g[0]
			}
			cohort := group
			if q.Cohorts == ByMonth {
				cohort = monthOf(b.days[0].day)
			}
			b.enter(sp, person, group, cohort)
		})
	if err != nil {
		return nil, err
	}
	return merge(sp, q, p, workers, mark), nil
}

// begins is the first purchase day of all, the end of the span plus one if there is none. It is where the time begins of which the check takes a
// part, so it is needed before the scan; only where the query leaves the check to us.
func (s *Service) begins(ctx context.Context, r *insight.Run, q Query, p *insight.Plan, sp span, until int64) (int32, error) {
	if q.Holdout != nil {
		return sp.from, nil
	}
	cal := s.o.Desk.Calendar()
	least := func(at *int32, day int32) { *at = min(*at, day) }
	workers, err := insight.Scan(ctx, r, p, 0, func(*insight.View) *int32 { d := sp.to + 1; return &d },
		func(at *int32, v *insight.View, _ int64, seq *timeline.Sequence) {
			step := v.Step(0)
			for i := range insight.Upto(seq, until) {
				if step.Matches(seq, i) {
					if day := int32(cal.Day(seq.Times[i])); day >= sp.from {
						least(at, day)
					}
					return
				}
			}
		})
	first := sp.to + 1
	for _, w := range workers {
		least(&first, *w)
	}
	return first, err
}

// longestCheck is how many days a check takes if nobody says: with more, too little is left to learn from.
const longestCheck = 182

// cutoff is the last day that the check's fit sees; the end of the span for no check.
func cutoff(q Query, s span, begins int32) int32 {
	if q.Holdout != nil {
		return max(s.to-int32(*q.Holdout), s.from-1)
	}
	return s.to - min((s.to-begins+1)/3, longestCheck)
}

// merge makes one of all workers' books.
func merge(sp span, q Query, p *insight.Plan, workers []*book, mark bool) *gathered {
	g := &gathered{span: sp, repeats: map[int32]int64{}}
	var groups *insight.Grouping
	if q.Cohorts == ByChannel {
		groups = p.Groups(func(w, n int) int64 {
			if c := workers[w].cohorts[n]; c != nil {
				return c.people
			}
			return 0
		})
	}
	curves, total := map[int]*curve{}, &curve{}
	where := func(w int, b *buyer) int {
		if groups != nil {
			return groups.At(w, b.group)
		}
		return monthOf(b.first)
	}
	if mark {
		g.people = map[int64]int{}
	}
	for w, b := range workers {
		g.buyers = append(g.buyers, b.buyers...)
		for day, n := range b.repeats {
			g.repeats[day] += n
		}
		for key, c := range b.cohorts {
			if groups != nil {
				key = groups.At(w, key)
			}
			if curves[key] == nil {
				curves[key] = &curve{}
			}
			curves[key].add(c)
			total.add(c)
		}
		if mark {
			for i := range b.buyers {
				g.people[b.buyers[i].person] = where(w, &b.buyers[i])
			}
		}
	}
	slices.SortFunc(g.buyers, func(a, b buyer) int { return cmp.Compare(a.person, b.person) })
	keys := make([]int, 0, len(curves))
	for key := range curves {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	place := map[int]int{}
	g.cohorts = []Cohort{}
	for i, key := range keys {
		place[key] = i
		group := insight.Group{Key: monthName(key)}
		if groups != nil {
			group = groups.List[key]
		}
		g.cohorts = append(g.cohorts, curves[key].cohort(group, q.Cost))
	}
	for person, key := range g.people {
		g.people[person] = place[key]
	}
	g.all = total.cohort(insight.Group{}, q.Cost)
	return g
}

// cohort is the curve with its averages: of each month, what those brought whose month is over; added up from the first on.
func (c *curve) cohort(group insight.Group, cost int64) Cohort {
	out := Cohort{Group: group, People: c.people, Revenue: c.revenue, Orders: c.orders, Months: []Month{}}
	sum := 0.0
	for k := range months {
		if c.over[k] == 0 {
			break
		}
		sum += float64(c.brought[k]) / float64(c.over[k])
		out.Months = append(out.Months, Month{Month: k + 1, People: c.over[k], Revenue: sum})
		if cost > 0 && out.Payback == nil && sum >= float64(cost) {
			out.Payback = new(k + 1)
		}
	}
	return out
}
