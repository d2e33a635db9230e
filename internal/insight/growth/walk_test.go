package growth_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight/growth"
)

func everyWho() []growth.Who {
	return []growth.Who{
		growth.WhoNew, growth.WhoRetained, growth.WhoResurrected, growth.WhoWonBack, growth.WhoWentSilent, growth.WhoWentLost, growth.WhoCleaned, growth.WhoPeople, growth.WhoActive, growth.WhoSilent, growth.WhoLost,
		growth.WhoSeen, growth.WhoWeeklyActive, growth.WhoMonthlyActive,
	}
}

// Random lives, in zones where clocks jump, with people who are cleaned out and come again: the walk counts what counting day by day counts,
// and the people behind each number are those.
func TestWalkAgainstOracle(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		require.NoError(t, err)
		first := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "first"))
		o := &oracle{zone: zone, silent: rapid.IntRange(1, 12).Draw(t, "silent")}
		o.lost = o.silent + rapid.IntRange(1, 25).Draw(t, "lost")
		r := calendar.Range{From: first, To: first.AddDate(0, 0, rapid.IntRange(0, 45).Draw(t, "days")), Zone: zone}
		o.people = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []did { return lifeOf(t, r) }), 0, 12).Draw(t, "people")
		grain := rapid.SampledFrom([]calendar.Grain{calendar.ByDay, calendar.ByWeek, calendar.ByMonth}).Draw(t, "grain")
		today := r.To.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "today"))

		got, behind := growth.Keep(r, grain, o.silent, o.lost, today, seen(o.people))
		want := o.answer(r, grain, today)
		require.Equal(t, want, got)
		p := rapid.SampledFrom(want.Periods).Draw(t, "period")
		for _, who := range everyWho() {
			require.Equal(t, o.behind(p.From, p.To, who), behind(p.Date, who), "%s of %s", who, p.Date)
			require.Equal(t, o.behind(date(r.From), date(r.To), who), behind("", who), "%s of all", who)
		}
	})
}

// lifeOf draws what happened to somebody, mostly around the range, often at midnight.
func lifeOf(t *rapid.T, r calendar.Range) (events []did) {
	n := rapid.IntRange(0, 14).Draw(t, "events")
	for range n {
		day := r.From.AddDate(0, 0, rapid.IntRange(-60, r.Days()+3).Draw(t, "day"))
		at := calendar.Midnight(day, r.Zone).Add(time.Duration(rapid.SampledFrom([]int{-1, 0, 1, 3_600_000_000, 43_200_000_000}).Draw(t, "time")) * time.Microsecond)
		events = append(events, did{at, rapid.SampledFrom([]what{act, act, act, act, act, signal, cleaned}).Draw(t, "what")})
	}
	slices.SortStableFunc(events, func(a, b did) int { return a.at.Compare(b.at) })
	return events
}

func seen(people [][]did) (all []growth.Seen) {
	for _, p := range people {
		var s growth.Seen
		for _, d := range p {
			s.Times, s.Names = append(s.Times, d.at.UnixMicro()), append(s.Names, uint16(d.what)+1)
		}
		all = append(all, s)
	}
	return all
}

func date(d time.Time) string { return d.Format(time.DateOnly) }

// behind are the numbers of the people behind a number of some days.
func (o *oracle) behind(from, to string, who growth.Who) (ids []int) {
	number := func(text string) int {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			panic(fmt.Sprint("not a day: ", text))
		}
		return int(d.Unix() / 86400)
	}
	for i, p := range o.people {
		if o.is(p, number(from), number(to), who) {
			ids = append(ids, i)
		}
	}
	return ids
}
