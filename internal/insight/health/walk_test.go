package health_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight/health"
)

// Random lives, in zones where clocks jump, with people who are cleaned out and come again, and ties in time: the walk counts what counting day by
// day counts, and the people behind each part and metric are those who make its number.
func TestWalkAgainstOracle(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		require.NoError(t, err)
		first := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "first"))
		r := calendar.Range{From: first, To: first.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "days")), Zone: zone}
		o := &oracle{zone: zone, silent: rapid.IntRange(1, 35).Draw(t, "silent")}
		o.people = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []done { return lifeOf(t, r) }), 0, 10).Draw(t, "people")
		people := make([]health.Did, len(o.people))
		for i, events := range o.people {
			for _, e := range events {
				people[i].Times = append(people[i].Times, e.at.UnixMicro())
				people[i].Names = append(people[i].Names, e.name)
				people[i].Amounts = append(people[i].Amounts, e.amount)
			}
		}
		dates, facts := health.Count(r, o.silent, people, make([]*int64, r.Days()))
		require.Len(t, facts, r.Days())
		for i, d := range dates {
			want := o.facts(d)
			want.Sharing = facts[i].Sharing // how far back is another question
			require.Equal(t, want, facts[i], "%s", d.Format(time.DateOnly))
			require.True(t, !facts[i].Sharing || slices.ContainsFunc(o.people, func(e []done) bool { return o.did(e, health.DidShare, d, 1000) }))
		}
		d := rapid.SampledFrom(dates).Draw(t, "day")
		sameBehind(t, o, d, people)
	})
}

func sameBehind(t *rapid.T, o *oracle, d time.Time, people []health.Did) {
	part, metric := health.Behind(d, o.zone, o.silent, people)
	those := func(is func(events []done) bool) (ids []int) {
		for i, events := range o.people {
			if is(events) {
				ids = append(ids, i)
			}
		}
		return ids
	}
	anyStay := func(is func(s stay) bool) func([]done) bool {
		return func(events []done) bool { return slices.ContainsFunc(o.stays(events), is) }
	}
	month := func(name uint16, yes bool) func([]done) bool {
		return func(e []done) bool { return o.did(e, 0, d, 30) && o.did(e, name, d, 30) == yes }
	}
	anyDay := func(days []time.Time, n int) bool {
		return slices.ContainsFunc(days, func(a time.Time) bool { return within(a, d, n) })
	}
	for _, yes := range []bool{true, false} {
		require.Equal(t, those(month(health.DidOrder, yes)), part(health.Conversion, yes))
		require.Equal(t, those(month(health.DidShare, yes)), part(health.Spread, yes))
		require.Equal(t, those(func(e []done) bool { return o.did(e, 0, d, 30) && o.did(e, 0, d, 7) == yes }), part(health.Activity, yes))
		require.Equal(t, those(anyStay(func(s stay) bool { in, active := o.in(s, d); return in && active != yes })), part(health.Silent, yes))
	}
	require.Equal(t, those(anyStay(func(s stay) bool { return within(s.days[0], d, 30) || anyDay(o.returns(s), 30) })), part(health.Flow, true))
	require.Equal(t, those(anyStay(func(s stay) bool {
		return (s.cleaned != nil && within(*s.cleaned, d, 30)) || anyDay(o.silences(s), 30)
	})), part(health.Flow, false))
	require.Equal(t, those(anyStay(func(s stay) bool { return s.days[0].Equal(d) })), metric(health.NewPeople))
	require.Equal(t, those(anyStay(func(s stay) bool { return anyDay(o.silences(s), 1) })), metric(health.GoneSilent))
	require.Equal(t, those(func(e []done) bool { return o.did(e, 0, d, 1) }), metric(health.ActivePeople))
	require.Equal(t, those(func(e []done) bool { return o.did(e, health.DidOrder, d, 1) }), metric(health.Buyers))
}

// lifeOf draws what happened to somebody, mostly around the range, often at midnight and at the same moment.
func lifeOf(t *rapid.T, r calendar.Range) (events []done) {
	for range rapid.IntRange(0, 14).Draw(t, "events") {
		day := r.From.AddDate(0, 0, rapid.IntRange(-70, r.Days()+3).Draw(t, "day"))
		at := calendar.Midnight(day, r.Zone).Add(time.Duration(rapid.SampledFrom([]int{-1, 0, 1, 3_600_000_000, 43_200_000_000}).Draw(t, "time")) * time.Microsecond)
		name := rapid.SampledFrom([]uint16{health.DidAct, health.DidAct, health.DidAct, health.DidOrder, health.DidShare, health.DidSignal, health.DidClean}).Draw(t, "name")
		events = append(events, done{at, name, rapid.Int64Range(0, 900).Draw(t, "amount")})
	}
	slices.SortStableFunc(events, func(a, b done) int { return a.at.Compare(b.at) })
	return events
}
