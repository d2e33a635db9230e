package ltv_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/ltv"
)

// naive is what a person's orders come to, day by day on a wall calendar.
type naive struct {
	days    []string // purchase days, ascending
	amounts map[string]int64
}

func number(day string) int {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return int(at.Unix() / 86400)
}

// Generated pools, with orders around midnight and a clock that is put forward, several on a day, merged people and first orders outside of the span,
// give what a count by hand gives: cohorts with their months, and how often people bought again.
func TestOracle(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		p := insighttest.Open(t, insighttest.Options{Zone: zone, Currency: "USD", Now: time.Date(2026, 5, 20, 12, 0, 0, 0, zone), Block: 4})
		register(p.Desk)
		const nodes = 8
		start := time.Date(2026, 1, 20, 0, 0, 0, 0, zone)
		events := []insighttest.Event{{Node: 1, Time: start.AddDate(0, 0, -5), Name: "Page Viewed"}, {Node: nodes, Time: start.AddDate(-1, 0, 0), Name: "Order Completed", Amount: 7, HasAmount: true}}
		joined := rapid.Bool().Draw(rt, "merge")
		of := func(node int64) int64 {
			if joined && node == 2 {
				return 1
			}
			return node
		}
		people := map[int64]*naive{}
		note := func(e insighttest.Event) {
			if e.Name != "Order Completed" || e.Time.After(time.Date(2026, 5, 11, 0, 0, 0, 0, zone).Add(-time.Microsecond)) {
				return
			}
			who := people[of(e.Node)]
			if who == nil {
				who = &naive{amounts: map[string]int64{}}
				people[of(e.Node)] = who
			}
			day := e.Time.In(zone).Format(time.DateOnly)
			if _, ok := who.amounts[day]; !ok {
				who.days = append(who.days, day)
			}
			who.amounts[day] += e.Amount
		}
		for range rapid.IntRange(0, 40).Draw(rt, "events") {
			e := insighttest.Event{
				Node: rapid.Int64Range(1, nodes).Draw(rt, "node"), Name: "Order Completed", HasAmount: true, Amount: rapid.Int64Range(0, 900).Draw(rt, "amount"),
				Time: start.Add(time.Duration(rapid.IntRange(0, 2*24*119).Draw(rt, "half hour")) * 30 * time.Minute),
			}
			events = append(events, e)
		}
		seen := map[int64]bool{}
		for _, e := range events {
			note(e)
			seen[e.Node] = true
		}
		p.Add(events...)
		if joined && seen[2] {
			p.Join(2, 1)
		} else {
			joined = false
		}
		const from, to = "2026-02-01", "2026-05-10"
		type sums struct {
			people, orders, revenue int64
			over, brought           [4]int64
		}
		want := map[string]*sums{}
		var often [8]int64
		for _, who := range people {
			slices.Sort(who.days)
			first := who.days[0]
			if first < from || first > to {
				continue
			}
			often[min(len(who.days)-1, 7)]++
			c := want[first[:7]]
			if c == nil {
				c = &sums{}
				want[first[:7]] = c
			}
			c.people++
			for k := range c.over {
				if number(to)-number(first)+1 >= 30*(k+1) {
					c.over[k]++
				}
			}
			for _, day := range who.days {
				c.orders++
				c.revenue += who.amounts[day]
				if k := (number(day) - number(first)) / 30; k < len(c.over) && number(to)-number(first)+1 >= 30*(k+1) {
					c.brought[k] += who.amounts[day]
				}
			}
		}
		a := ask(rt, p, `{"kind":"ltv","from":"`+from+`","to":"`+to+`"}`)
		require.Equal(rt, ltv.None, a.Verdict.Level)
		require.Len(rt, a.Cohorts, len(want))
		for _, c := range a.Cohorts {
			w := want[c.Key]
			require.NotNil(rt, w, c.Key)
			require.Equal(rt, []int64{w.people, w.orders, w.revenue}, []int64{c.People, c.Orders, c.Revenue}, c.Key)
			sum := 0.0
			for k := range w.over {
				if w.over[k] == 0 {
					require.Len(rt, c.Months, k, c.Key)
					break
				}
				sum += float64(w.brought[k]) / float64(w.over[k])
				require.Equal(rt, w.over[k], c.Months[k].People)
				require.InDelta(rt, sum, c.Months[k].Revenue, 1e-9)
			}
		}
		for k, f := range a.Frequencies {
			require.Equal(rt, often[k], f.People, "%d repeats", k)
			require.Nil(rt, f.Expected)
		}
	})
}
