package retention_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/retention"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// did is one event of the oracle's world.
type did struct {
	node, person int64
	at           time.Time
	arrival      int
	name, sku    string
	amount       int64
}

// oracle answers from the words of the package's documentation, person by person and period by period.
type oracle struct {
	zone   *time.Location
	today  time.Time
	events []did
	q      retention.Query
	to     time.Time // last days, as the range says
	until  time.Time
}

func (o *oracle) period(at time.Time) time.Time { return o.q.Grain.Bucket(calendar.DayOf(at, o.zone)) }

func (o *oracle) later(period time.Time, k int) time.Time {
	for range k {
		period = o.q.Grain.Next(period)
	}
	return period
}

func is(e did, s insight.Step) bool {
	if s.Event == "" {
		return e.name != event.SegmentEntered
	}
	return e.name == s.Event && (s.Where == "" || e.sku == "a") // the one condition of the test
}

// member is one membership.
type member struct {
	person  int64
	cohort  time.Time
	group   string
	returns []did // the start itself and what comes after it
}

func (o *oracle) members() (all []member) {
	people := map[int64][]did{}
	for _, e := range o.events {
		people[e.person] = append(people[e.person], e)
	}
	from, _ := time.Parse(time.DateOnly, o.q.From)
	from = o.q.Grain.Bucket(from)
	for person, events := range people {
		slices.SortFunc(events, func(a, b did) int {
			return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.node, b.node), cmp.Compare(a.arrival, b.arrival))
		})
		began := map[time.Time]bool{}
		for i, e := range events {
			if !is(e, o.q.Start) || began[o.period(e.at)] || o.q.Starts == retention.First && len(began) > 0 {
				continue
			}
			began[o.period(e.at)] = true
			if day := calendar.DayOf(e.at, o.zone); day.Before(from) || day.After(o.to) {
				continue
			}
			m := member{person: person, cohort: o.period(e.at), group: e.sku}
			for _, r := range events[i:] {
				if is(r, *o.q.Return) && !calendar.DayOf(r.at, o.zone).After(o.until) {
					m.returns = append(m.returns, r)
				}
			}
			all = append(all, m)
		}
	}
	return all
}

// over says whether a column is over for a cohort.
func (o *oracle) over(cohort time.Time, c retention.Stretch) bool {
	last := o.q.Grain.Next(o.later(cohort, c.To)).AddDate(0, 0, -1)
	return last.Before(o.today) && !last.After(o.until)
}

// back are the member's returns in a column.
func (o *oracle) back(m member, c retention.Stretch) (n int, amount int64) {
	from, to := o.later(m.cohort, c.From), o.later(m.cohort, c.To)
	for _, r := range m.returns {
		if p := o.period(r.at); !p.Before(from) && (o.q.Mode == retention.After || !p.After(to)) {
			n++
			amount += r.amount
		}
	}
	return n, amount
}

// cell counts the members for whom a column is over.
func (o *oracle) cell(members []member, c retention.Stretch) (of, people, amount int64) {
	for _, m := range members {
		if !o.over(m.cohort, c) {
			continue
		}
		of++
		n, a := o.back(m, c)
		if n > 0 {
			people++
		}
		amount += a
	}
	return of, people, amount
}

// check holds a row of the answer against the members that it should have.
func (o *oracle) check(t require.TestingT, a *retention.Answer, row retention.Row, members []member, one bool) {
	require.Equal(t, int64(len(members)), row.Size)
	for i, c := range a.Columns {
		of, people, amount := o.cell(members, c)
		if i >= len(row.Cells) {
			require.Zero(t, people)
			continue
		}
		cell := row.Cells[i]
		if one && len(members) > 0 && of == 0 { // the cohort's column is not over
			require.Nil(t, cell.People)
			require.Nil(t, cell.Rate)
			if cell.SoFar != nil {
				soFar := int64(0)
				for _, m := range members {
					if n, _ := o.back(m, c); n > 0 {
						soFar++
					}
				}
				require.Equal(t, soFar, *cell.SoFar)
			}
			continue
		}
		if of == 0 {
			require.Nil(t, cell.Rate)
			continue
		}
		require.Equal(t, of, cell.Of)
		require.Equal(t, people, *cell.People)
		require.InDelta(t, float64(people)/float64(of), *cell.Rate, 1e-12)
		if o.q.Value {
			require.Equal(t, amount, *cell.Amount)
		}
	}
}

// Random lives, late events, ties in time, merged people, zones where clocks jump: the answer is what counting person by person gives, and so are the
// people behind its cells.
func TestAgainstOracle(t *testing.T) {
	t.Parallel()
	for seed, name := range []string{"Asia/Shanghai", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(name)
			require.NoError(t, err)
			first := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
			all := calendar.Range{From: first, To: first.AddDate(0, 0, 50), Zone: zone}
			events := rapid.Custom(func(rt *rapid.T) []did { return eventsOf(rt, all) }).Example(seed)
			p := insighttest.Open(t, insighttest.Options{Zone: zone})
			retention.New(retention.Options{Desk: p.Desk})
			fill(p, events)
			rapid.Check(t, func(rt *rapid.T) {
				r := calendar.Range{From: first.AddDate(0, 0, rapid.IntRange(-5, 45).Draw(rt, "first")), Zone: zone}
				r.To = r.From.AddDate(0, 0, rapid.IntRange(0, 40).Draw(rt, "days"))
				o := &oracle{zone: zone, q: queryOf(rt, r), events: events}
				o.today = r.To.AddDate(0, 0, rapid.IntRange(-3, 40).Draw(rt, "today"))
				if o.today.Before(r.From) {
					o.today = r.From
				}
				o.bound(r)
				p.Clock.Set(calendar.Midnight(o.today, zone).Add(12 * time.Hour))
				o.ask(t, rt, p)
			})
		})
	}
}

// fill lets the events happen: half of them lie on disk, half in memory.
func fill(p *insighttest.Pool, events []did) {
	for half, some := range [][]did{events[:len(events)/2], events[len(events)/2:]} {
		var batch []insighttest.Event
		for _, e := range some {
			batch = append(batch, insighttest.Event{Node: e.node, Time: e.at, Name: e.name, Amount: e.amount, HasAmount: true, Properties: map[string]any{"sku": e.sku}})
		}
		if p.Add(batch...); half == 0 {
			p.Flush()
		}
	}
	for _, e := range events {
		if e.node != e.person {
			p.Join(e.node, e.person)
		}
	}
}

// bound says on which days starts and returns count.
func (o *oracle) bound(r calendar.Range) {
	end := func(day time.Time) time.Time {
		if day = o.q.Grain.Next(o.q.Grain.Bucket(day)).AddDate(0, 0, -1); day.After(o.today) {
			return o.today
		}
		return day
	}
	if r.To.After(o.today) {
		r.To = o.today
	}
	o.to = end(r.To)
	o.until = o.to
	if o.q.Until != "" {
		day, _ := time.Parse(time.DateOnly, o.q.Until)
		if day = end(day); day.After(o.to) {
			o.until = day
		}
	}
}

func (o *oracle) ask(t *testing.T, rt *rapid.T, p *insighttest.Pool) {
	t.Helper()
	o.q.Kind = "retention"
	raw, err := json.Marshal(o.q)
	require.NoError(rt, err)
	got, err := p.Desk.Ask(t.Context(), raw)
	require.NoError(rt, err)
	var a retention.Answer
	require.NoError(rt, json.Unmarshal(got.Answer, &a))
	members := o.members()
	o.check(rt, &a, a.All, members, false)
	if o.q.Breakdown != nil {
		for _, row := range a.Rows {
			o.check(rt, &a, row, of(members, func(m member) bool { return m.group == row.Group.Key }), false)
		}
		row := rapid.SampledFrom(append(a.Rows, retention.Row{})).Draw(rt, "group")
		o.behind(t, rt, p, raw, &a, retention.Of{Group: row.Group}, of(members, func(m member) bool { return row.Group == nil || m.group == row.Group.Key }), false)
		return
	}
	for _, row := range a.Rows {
		o.check(rt, &a, row, of(members, func(m member) bool { return m.cohort.Format(time.DateOnly) == row.Cohort }), true)
	}
	row := rapid.SampledFrom(a.Rows).Draw(rt, "row")
	o.behind(t, rt, p, raw, &a, retention.Of{Cohort: row.Cohort}, of(members, func(m member) bool { return m.cohort.Format(time.DateOnly) == row.Cohort }), true)
}

// behind holds the people behind a cell against the members.
func (o *oracle) behind(t *testing.T, rt *rapid.T, p *insighttest.Pool, raw json.RawMessage, a *retention.Answer, cell retention.Of, members []member, one bool) {
	t.Helper()
	cell.Column = rapid.IntRange(0, len(a.Columns)-1).Draw(rt, "column")
	for _, who := range []retention.Who{retention.Members, retention.Returned, retention.Missing} {
		cell.Who = who
		text, err := json.Marshal(cell)
		require.NoError(rt, err)
		set, err := p.Desk.Behind(t.Context(), raw, text)
		require.NoError(rt, err)
		want := map[uint64]bool{}
		for _, m := range members {
			c := a.Columns[cell.Column]
			n, _ := o.back(m, c)
			over := o.over(m.cohort, c)
			if who == retention.Members || who == retention.Returned && n > 0 && (over || one) || who == retention.Missing && n == 0 && over {
				want[uint64(m.person)] = true
			}
		}
		got := map[uint64]bool{}
		for _, id := range set.ToArray() {
			got[id] = true
		}
		require.Equal(rt, want, got, "%+v", cell)
	}
}

func of(members []member, fits func(m member) bool) (some []member) {
	for _, m := range members {
		if fits(m) {
			some = append(some, m)
		}
	}
	return some
}

func queryOf(t *rapid.T, r calendar.Range) retention.Query {
	steps := []insight.Step{{}, {Event: "Order"}, {Event: "View"}, {Event: "Order", Where: `event.sku == "a"`}}
	q := retention.Query{
		Start: rapid.SampledFrom(steps).Draw(t, "start"), Starts: rapid.SampledFrom([]retention.Starts{retention.First, retention.Recurring}).Draw(t, "starts"),
		Grain: rapid.SampledFrom([]calendar.Grain{calendar.ByDay, calendar.ByWeek, calendar.ByMonth}).Draw(t, "grain"),
		Mode:  rapid.SampledFrom([]retention.Mode{retention.Nth, retention.After, retention.Bracket}).Draw(t, "mode"),
	}
	q.From, q.To = r.From.Format(time.DateOnly), r.To.Format(time.DateOnly)
	back := rapid.SampledFrom(steps).Draw(t, "return")
	q.Return = &back
	if q.Mode == retention.Bracket {
		q.Brackets = rapid.SampledFrom([][]retention.Stretch{{{0, 0}, {1, 3}, {4, 7}}, {{1, 2}}, {{0, 5}, {8, 9}}}).Draw(t, "brackets")
	} else {
		q.Periods = rapid.IntRange(0, 20).Draw(t, "periods")
	}
	q.Value = back.Event != "" && rapid.Bool().Draw(t, "value")
	if rapid.Bool().Draw(t, "further") {
		q.Until = r.To.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "until")).Format(time.DateOnly)
	}
	if q.Start.Event != "" && rapid.Bool().Draw(t, "groups") {
		q.Breakdown = &insight.Breakdown{By: insight.ByProperty, Name: "sku"}
	}
	return q
}

func eventsOf(t *rapid.T, r calendar.Range) (events []did) {
	moved := map[int64]int64{3: 1, 6: 5, 7: 5, 20: 11}
	for range rapid.IntRange(150, 250).Draw(t, "events") {
		day := r.From.AddDate(0, 0, rapid.IntRange(-30, r.Days()+20).Draw(t, "day"))
		e := did{
			node: rapid.Int64Range(1, 30).Draw(t, "node"), arrival: len(events),
			at:   calendar.Midnight(day, r.Zone).Add(time.Duration(rapid.SampledFrom([]int{-1, 0, 1, 43_200_000_000}).Draw(t, "time")) * time.Microsecond),
			name: rapid.SampledFrom([]string{"Order", "Order", "View", event.SegmentEntered}).Draw(t, "name"),
			sku:  rapid.SampledFrom([]string{"a", "b"}).Draw(t, "sku"), amount: rapid.Int64Range(-5, 100).Draw(t, "amount"),
		}
		if e.person = e.node; moved[e.node] != 0 {
			e.person = moved[e.node]
		}
		events = append(events, e)
	}
	return events
}
