package overview_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/insight/overview"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func days(t testing.TB, z *time.Location, from, to string) calendar.Range {
	t.Helper()
	r, err := calendar.ParseRange(from, to, time.Now(), z)
	require.NoError(t, err)
	return r
}

// sameKPIs compares the key figures with the oracle's, name by name, so that none is forgotten.
func sameKPIs(t *testing.T, o *oracle, r calendar.Range, got overview.KPIs) {
	t.Helper()
	text, err := json.Marshal(got)
	require.NoError(t, err)
	var by map[string]overview.KPI
	require.NoError(t, json.Unmarshal(text, &by))
	now, then := o.figures(r), o.figures(r.Before())
	require.Len(t, by, 12)
	for name, k := range by {
		require.InDelta(t, now[name], k.Value, 1e-9, name)
		require.InDelta(t, then[name], k.Previous, 1e-9, "%s before", name)
	}
}

// Random lives over two years, in zones with and without summer time, with merges: every figure of the overview is what counting event by
// event gives, the flows are exact, and the second count of the stock agrees.
func TestOverviewAgainstOracle(t *testing.T) {
	t.Parallel()
	for seed, name := range []string{"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/London", "Africa/Cairo", "America/Sao_Paulo"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dice := rand.New(rand.NewPCG(uint64(seed), 7))
			set := pooltest.Settings{Zone: zone(t, name), Money: "CNY", Active: []int{1, 2, 7, 30, 31, 90}[seed]}
			o := &oracle{set: set, moved: map[int64]int64{7: 3, 11: 3, 20: 19}}
			begin := time.Date(2017, 9, 1, 0, 0, 0, 0, time.UTC)
			names := []string{"Product Viewed", event.OrderCompleted, event.OrderCompleted, event.OrderCancelled, event.Identified}
			for range 700 {
				e := pooltest.Event{Person: 1 + dice.Int64N(40), Type: event.Track, Name: names[dice.IntN(len(names))]}
				e.At = begin.Add(time.Duration(dice.Int64N(int64(600 * 24 * time.Hour)))).Truncate(time.Microsecond)
				if dice.IntN(3) == 0 { // close to a midnight
					e.At = calendar.Midnight(calendar.DayOf(e.At, set.Zone), set.Zone).Add(time.Duration(dice.IntN(3)-1) * time.Microsecond)
				}
				switch {
				case dice.IntN(20) == 0:
					e.Type, e.Name = event.Command, event.PeopleMerged
				case e.Name == event.OrderCompleted && dice.IntN(4) > 0:
					e.Amount, e.Currency = dice.Int64N(100_000), []string{"CNY", "CNY", "USD"}[dice.IntN(3)]
				case dice.IntN(10) == 0:
					e.Amount, e.Currency = 5, "CNY" // money, but no order
				}
				o.events = append(o.events, e)
			}
			for i := range 15 { // many names, more than are shown
				o.events = append(o.events, pooltest.Event{At: begin.Add(90 * 24 * time.Hour), Person: 41, Type: event.Page, Name: fmt.Sprintf("Page %d", i)})
			}
			p := pooltest.New(t)
			p.Add(t, o.events, o.moved)
			p.AddPeople(t, o.people()...)
			p.AddPeople(t, pooltest.Person{ID: 900, First: begin.Add(90 * 24 * time.Hour), Channel: "wecom"}) // split off, never did anything
			s := overview.New(p.State, p.Warehouse, set, clock.NewManual(begin))
			for i, span := range [][2]string{
				{"2017-11-01", "2017-11-30"},
				{"2018-02-17", "2018-02-18"},
				{"2018-11-03", "2018-11-05"},
				{"2018-03-25", "2018-03-25"},
				{"2017-08-01", "2019-06-30"},
				{"2015-01-01", "2015-02-01"},
				{"2019-04-15", "2019-05-10"},
				{"2031-01-01", "2031-01-31"},
			} {
				r := days(t, set.Zone, span[0], span[1])
				grain := []calendar.Grain{calendar.ByDay, calendar.ByWeek, calendar.ByMonth}[(i+seed)%3]
				got, err := s.Get(t.Context(), r, grain)
				require.NoError(t, err)
				require.Equal(t, o.stock(r), got.Stock, "%v", span)
				require.True(t, got.Check.Holds, "%v: %+v", span, got.Check)
				require.Equal(t, o.series(r, grain), got.Series, "%v by %s", span, grain)
				require.Equal(t, o.series(r.Before(), grain), got.Previous, "%v by %s, before", span, grain)
				require.Equal(t, o.channels(r), got.Channels, "%v", span)
				require.Equal(t, o.top(r), got.TopEvents, "%v", span)
				sameKPIs(t, o, r, got.KPIs)
				addsUp(t, got)
				totals, err := s.Totals(t.Context(), r.Start(), r.End())
				require.NoError(t, err)
				require.Equal(t, o.totals(r.Start(), r.End()), totals)
			}
			for _, bounds := range [][2]string{{"", "2018-03-24"}, {"2018-03-25", ""}, {"1990-01-01", "2190-01-01"}} {
				totals, err := s.TotalsOf(t.Context(), bounds[0], bounds[1])
				require.NoError(t, err)
				start, before, err := calendar.ParseBounds(bounds[0], bounds[1], set.Zone)
				require.NoError(t, err)
				require.Equal(t, o.totals(start, before), totals)
			}
			all, err := s.TotalsOf(t.Context(), "", "")
			require.NoError(t, err)
			require.Equal(t, o.totals(time.Time{}, time.Time{}), all)
			ever, err := s.Get(t.Context(), days(t, set.Zone, "2017-08-01", "2019-06-30"), calendar.ByMonth)
			require.NoError(t, err)
			require.InDelta(t, float64(all.People), ever.KPIs.People.Value, 0, "totals and overview count the same people")
		})
	}
}

// addsUp holds an answer to the identities of the package's documentation, and its parts to each other.
func addsUp(t *testing.T, o overview.Overview) {
	t.Helper()
	var fresh int64
	for i, s := range o.Stock {
		require.True(t, s.AddsUp)
		require.Equal(t, s.People, s.Active+s.Silent)
		fresh += s.New
		if i > 0 {
			was := o.Stock[i-1]
			require.Equal(t, s.People, was.People+s.New)
			require.Equal(t, s.Active, was.Active+s.New+s.Returning-s.WentSilent)
		}
	}
	var series, channels int64
	for _, p := range o.Series {
		series += p.New
	}
	for _, c := range o.Channels {
		channels += c.People
	}
	require.Equal(t, fresh, series, "the trend's newcomers are the stock's")
	require.Equal(t, fresh, channels, "and the channels'")
}

// Every channel is told, and if somebody makes up hundreds of them, the smallest are told as one sum: the channels' people are the newcomers.
func TestManyChannels(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]int{"all are told": 500, "some are summed up": 503} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := pooltest.New(t)
			clk := clock.NewManual(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
			var events []pooltest.Event
			var people []pooltest.Person
			for i := range int64(n + 1) { // the channel c000 has two people
				at := clk.Now().Add(time.Duration(i) * time.Microsecond)
				events = append(events, pooltest.Event{At: at, Person: i + 1, Type: event.Track, Name: event.OrderCompleted, Amount: 100, Currency: "CNY"})
				people = append(people, pooltest.Person{ID: i + 1, First: at, Events: 1, Orders: 1, Revenue: 100, Channel: fmt.Sprintf("c%03d", i%int64(n)), Class: "owned"})
			}
			p.Add(t, events, nil)
			p.AddPeople(t, people...)
			s := overview.New(p.State, p.Warehouse, pooltest.Settings{Zone: time.UTC, Money: "CNY", Active: 30}, clk)
			o, err := s.Get(t.Context(), days(t, time.UTC, "2026-03-01", "2026-03-10"), calendar.ByDay)
			require.NoError(t, err)
			addsUp(t, o)
			require.Equal(t, overview.Channel{Channel: "c000", Class: "owned", People: 2, Buyers: 2, Revenue: 200}, o.Channels[0])
			if n == 500 {
				require.Len(t, o.Channels, 500)
				return
			}
			require.Len(t, o.Channels, 501)
			require.Equal(t, overview.Channel{Class: "rest", People: 3, Buyers: 3, Revenue: 300}, o.Channels[500])
		})
	}
}

// An empty pool has an overview of zeros, for the longest span there is.
func TestEmptyPool(t *testing.T) {
	t.Parallel()
	p := pooltest.New(t)
	s := overview.New(p.State, p.Warehouse, pooltest.Settings{Zone: time.UTC, Money: "CNY", Active: 30}, clock.NewManual(time.Unix(0, 0)))
	got, err := s.Get(t.Context(), days(t, time.UTC, "2016-01-01", "2026-01-01"), calendar.ByDay)
	require.NoError(t, err)
	require.Len(t, got.Stock, 3654)
	require.Len(t, got.Series, 3654)
	require.Len(t, got.Previous, 3654)
	require.Equal(t, overview.KPIs{}, got.KPIs)
	require.True(t, got.Check.Holds)
	require.Empty(t, got.Channels)
	require.NotNil(t, got.Channels)
	require.NotNil(t, got.TopEvents)
	all, err := s.TotalsOf(t.Context(), "", "")
	require.NoError(t, err)
	require.Equal(t, overview.Totals{Revenue: overview.Money{Currency: "CNY"}}, all)
}

// An answer is kept while nothing new has arrived, or for five seconds, and only for the same question in the same currency, zone and
// length of the active stock.
func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	p := pooltest.New(t)
	clk := clock.NewManual(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
	set := &pooltest.Settings{Zone: time.UTC, Money: "CNY", Active: 30}
	s := overview.New(p.State, p.Warehouse, set, clk)
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	order := pooltest.Event{At: at, Person: 1, Type: event.Track, Name: event.OrderCompleted, Amount: 700, Currency: "CNY"}
	dollars := order
	dollars.Amount, dollars.Currency = 99, "USD"
	p.Add(t, []pooltest.Event{order, dollars}, nil)
	ask := func() overview.Overview {
		t.Helper()
		o, err := s.Get(t.Context(), days(t, set.Zone, "2026-03-01", "2026-03-10"), calendar.ByDay)
		require.NoError(t, err)
		return o
	}
	first := ask()
	require.Equal(t, 700.0, first.KPIs.Revenue.Value)
	require.Equal(t, int64(1), first.Series[0].Active)
	order.Person = 2
	p.Add(t, []pooltest.Event{order}, nil)
	clk.Add(4 * time.Second)
	require.Equal(t, first, ask(), "four seconds old is good enough")
	set.Money = "USD"
	require.Equal(t, 99.0, ask().KPIs.Revenue.Value)
	set.Money, set.Active = "CNY", 1
	require.Zero(t, ask().Stock[9].Active)
	set.Zone, set.Active = zone(t, "Asia/Shanghai"), 30
	require.Zero(t, ask().Series[0].Active, "there it was the second of March")
	set.Zone = time.UTC
	clk.Add(time.Second)
	second := ask()
	require.Equal(t, 1400.0, second.KPIs.Revenue.Value)
	require.Equal(t, clk.Now(), second.FreshAt)
	clk.Add(59 * time.Second)
	require.Equal(t, second, ask(), "nothing has happened since")
	clk.Add(time.Second)
	require.Equal(t, clk.Now(), ask().FreshAt)
	clk.Set(at) // a clock that was put right
	require.Equal(t, clk.Now(), ask().FreshAt)
}

// The operations check their parameters and give the same to every role.
func TestAPI(t *testing.T) {
	t.Parallel()
	p := pooltest.New(t)
	clk := clock.NewManual(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
	s := overview.New(p.State, p.Warehouse, pooltest.Settings{Zone: time.UTC, Money: "CNY", Active: 30}, clk)
	p.Add(t, []pooltest.Event{{At: clk.Now(), Person: 1, Type: event.Track, Name: event.OrderCompleted, Amount: 700, Currency: "CNY"}}, nil)
	p.AddPeople(t, pooltest.Person{ID: 1, First: clk.Now(), Events: 1, Orders: 1, Revenue: 700, Channel: "wecom", Class: "owned"})
	srv := apitest.Start(t, s.Routes)
	srv.NobodyEnters(t)
	analyst := apitest.Call{As: "analyst", Path: "/overview?from=2026-03-01&to=2026-03-10&grain=week"}
	owner := analyst
	owner.As = "owner"
	require.Equal(t, srv.Do(t, owner).Body, srv.Do(t, analyst).Body)
	srv.Run(t, []apitest.Case{
		{Name: "defaults", Call: apitest.Call{As: "analyst", Path: "/overview"}, Status: 200, Has: []string{`"from":"2026-02-09"`, `"to":"2026-03-10"`, `"grain":"day"`, `"holds":true`, `"channel":"wecom"`}},
		{Name: "week", Call: analyst, Status: 200, Has: []string{`"date":"2026-02-23"`, `"date":"2026-03-09"`, `"revenue":{"value":700,"previous":0}`}},
		{Name: "a day that is none", Call: apitest.Call{As: "owner", Path: "/overview?from=2026-02-30"}, Status: 422, Has: []string{"range.invalid", "query.from"}},
		{Name: "an unknown grain", Call: apitest.Call{As: "owner", Path: "/overview?grain=hour"}, Status: 422},
		{Name: "eleven years", Call: apitest.Call{As: "owner", Path: "/overview?from=2015-01-01"}, Status: 422, Has: []string{"ten years"}},
		{Name: "totals of all", Call: apitest.Call{As: "owner", Path: "/totals"}, Status: 200, Has: []string{`"people":1`, `"amount":700`}},
		{Name: "totals since long ago", Call: apitest.Call{As: "owner", Path: "/totals?from=1990-01-01"}, Status: 200, Has: []string{`"orders":1`}},
		{Name: "totals from tomorrow on", Call: apitest.Call{As: "owner", Path: "/totals?from=2026-03-11"}, Status: 200, Has: []string{`"orders":0`}},
		{Name: "totals backwards", Call: apitest.Call{As: "owner", Path: "/totals?from=2026-03-11&to=2026-03-10"}, Status: 422, Has: []string{"query.from"}},
	})
}

// slow is a warehouse in which every question takes a while.
type slow struct {
	overview.Events
	clk  *clock.Manual
	take time.Duration
}

func (s *slow) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	s.clk.Add(s.take)
	return s.Events.QueryRow(ctx, query, args...)
}

// What took long to find out is kept for longer, but for a minute at most.
func TestSlowAnswersAreKeptLonger(t *testing.T) {
	t.Parallel()
	p := pooltest.New(t)
	clk := clock.NewManual(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
	house := &slow{p.Warehouse, clk, 400 * time.Millisecond} // seven of them a question: 2.8 s
	s := overview.New(p.State, house, pooltest.Settings{Zone: time.UTC, Money: "CNY", Active: 30}, clk)
	fresh := func() time.Time {
		t.Helper()
		p.Add(t, []pooltest.Event{{At: clk.Now(), Person: 1, Type: event.Track, Name: "A"}}, nil)
		o, err := s.Get(t.Context(), days(t, time.UTC, "2026-03-01", "2026-03-10"), calendar.ByDay)
		require.NoError(t, err)
		return o.FreshAt
	}
	first := fresh()
	clk.Set(first.Add(20 * time.Second))
	require.Equal(t, first, fresh())
	clk.Set(first.Add(40 * time.Second))
	house.take = time.Hour
	second := fresh()
	require.Equal(t, first.Add(40*time.Second), second)
	clk.Set(second.Add(59 * time.Second))
	require.Equal(t, second, fresh())
	clk.Set(second.Add(time.Minute))
	require.Equal(t, second.Add(time.Minute), fresh())
}
