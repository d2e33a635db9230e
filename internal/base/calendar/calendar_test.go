package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func day(t testing.TB, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return d
}

// A day begins at midnight, or, where clocks jump over it or strike it twice, at the first moment with that date.
func TestMidnight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, zone, day, begins string }{
		{"no summer time", "Asia/Shanghai", "2026-03-08", "2026-03-07T16:00:00Z"},
		{"winter", "Europe/London", "2026-01-15", "2026-01-15T00:00:00Z"},
		{"the day clocks go forward", "Europe/London", "2026-03-29", "2026-03-29T00:00:00Z"},
		{"the day after", "Europe/London", "2026-03-30", "2026-03-29T23:00:00Z"},
		{"half an hour of summer time", "Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30:00Z"},
		{"clocks jump from 0 to 1", "Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"},
		{"clocks jump from 0 to 1, west", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
		{"clocks go back at midnight", "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"},
		{"midnight strikes twice", "America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},
		{"a day left out", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
		{"the day after it", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"before zones were", "Asia/Shanghai", "1890-01-01", "1889-12-31T15:54:17Z"},
		{"far ahead", "America/New_York", "2190-07-01", "2190-07-01T04:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.begins, calendar.Midnight(day(t, c.day), zone(t, c.zone)).Format(time.RFC3339))
		})
	}
}

// The moments from a day's beginning to the next day's are exactly those whose date it is.
func TestMidnightPartsDays(t *testing.T) {
	t.Parallel()
	names := []string{"Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "America/Havana", "America/Santiago", "Pacific/Apia", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(names).Draw(t, "zone"))
		require.NoError(t, err)
		at := time.UnixMicro(rapid.Int64Range(0, 2_500_000_000_000_000).Draw(t, "moment"))
		if end := zoneEnd(at, z); !end.IsZero() && rapid.Bool().Draw(t, "near a change") {
			at = end.Add(time.Duration(rapid.Int64Range(-26*3600, 26*3600).Draw(t, "seconds")) * time.Second)
		}
		d := calendar.DayOf(at, z)
		require.False(t, at.Before(calendar.Midnight(d, z)), "%s %s", at, z)
		require.True(t, at.Before(calendar.Midnight(d.AddDate(0, 0, 1), z)), "%s %s", at, z)
	})
}

func zoneEnd(at time.Time, z *time.Location) time.Time {
	_, end := at.In(z).ZoneBounds()
	return end
}

// What cannot be a span of days is refused, field by field and without complaints that only follow from others.
func TestParseRange(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 31, 17, 0, 0, 0, time.UTC) // already 1 April in Shanghai
	for _, c := range []struct {
		name, from, to string
		want           string   // from/to
		fields         []string // violated
	}{
		{name: "nothing", want: "2026-03-03/2026-04-01"},
		{name: "only the last", to: "2026-02-28", want: "2026-01-30/2026-02-28"},
		{name: "only the first", from: "2026-03-30", want: "2026-03-30/2026-04-01"},
		{name: "a day", from: "2024-02-29", to: "2024-02-29", want: "2024-02-29/2024-02-29"},
		{name: "in the future", from: "2027-01-01", to: "2027-01-31", want: "2027-01-01/2027-01-31"},
		{name: "ten years", from: "2016-04-01", to: "2026-04-01", want: "2016-04-01/2026-04-01"},
		{name: "more", from: "2015-04-01", to: "2026-04-01", fields: []string{"query.from"}},
		{name: "backwards", from: "2026-02-02", to: "2026-02-01", fields: []string{"query.from"}},
		{name: "first after today", from: "2026-04-02", fields: []string{"query.from"}},
		{name: "no such day", from: "2026-02-30", to: "2026-03-01", fields: []string{"query.from"}},
		{name: "two that are none", from: "x", to: "2026-3-1", fields: []string{"query.to", "query.from"}},
		{name: "last is none", from: "2026-01-01", to: "today", fields: []string{"query.to"}},
		{name: "before all time", from: "1969-12-31", to: "1970-01-01", fields: []string{"query.from"}},
		{name: "after all time", from: "2200-12-31", to: "2201-01-01", fields: []string{"query.from"}},
		{name: "from the beginning of the calendar", from: "0001-01-01", to: "9999-12-31", fields: []string{"query.from", "query.from"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := calendar.ParseRange(c.from, c.to, now, zone(t, "Asia/Shanghai"))
			if c.fields != nil {
				require.Equal(t, c.fields, violated(t, err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, r.From.Format(time.DateOnly)+"/"+r.To.Format(time.DateOnly))
			b := r.Before()
			require.Equal(t, r.Days(), b.Days(), "the range before is as long")
			require.Equal(t, r.Start(), b.End(), "and ends where this one begins")
		})
	}
}

func violated(t testing.TB, err error) []string {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.Invalid, f.Kind)
	require.Equal(t, "range.invalid", f.Code)
	var fields []string
	for _, v := range f.Violations {
		fields = append(fields, v.Field)
	}
	return fields
}

// Open ends are no bounds, and a span without a bound may be as long as it likes.
func TestParseBounds(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	start, before, err := calendar.ParseBounds("", "", z)
	require.NoError(t, err)
	require.True(t, start.IsZero() && before.IsZero())
	start, before, err = calendar.ParseBounds("1990-01-01", "", z)
	require.NoError(t, err)
	require.Equal(t, "1989-12-31T16:00:00Z", start.Format(time.RFC3339))
	require.True(t, before.IsZero())
	start, before, err = calendar.ParseBounds("", "2011-12-31", z)
	require.NoError(t, err)
	require.True(t, start.IsZero())
	require.Equal(t, "2011-12-31T16:00:00Z", before.Format(time.RFC3339))
	_, _, err = calendar.ParseBounds("2011-02-02", "2011-02-01", z)
	require.Equal(t, []string{"query.from"}, violated(t, err))
	_, _, err = calendar.ParseBounds("2011-02-02", "soon", z)
	require.Equal(t, []string{"query.to"}, violated(t, err))
}

// Buckets hold their days, follow each other without gaps, and begin on the first, on Mondays or every day.
func TestGrains(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Unix(rapid.Int64Range(0, 80_000).Draw(t, "day")*86400, 0).UTC()
		for _, g := range []calendar.Grain{calendar.ByDay, calendar.ByWeek, calendar.ByMonth} {
			b := g.Bucket(d)
			next := g.Next(b)
			require.False(t, d.Before(b))
			require.True(t, d.Before(next))
			require.Equal(t, b, g.Bucket(b))
			require.Equal(t, b, g.Bucket(next.AddDate(0, 0, -1)))
			require.Equal(t, next, g.Bucket(next))
			require.True(t, g != calendar.ByWeek || b.Weekday() == time.Monday)
			require.True(t, g != calendar.ByMonth || b.Day() == 1)
		}
	})
}

// Whatever two texts say, they give a span that can be used or a fault that tells what to do.
func FuzzParseRange(f *testing.F) {
	f.Add("2026-01-01", "2026-01-31")
	f.Add("", "0000-01-01")
	f.Add("9999-12-31", "")
	f.Add("2026-02-29", "2026-02-30")
	now := time.Date(2026, 3, 31, 17, 0, 0, 0, time.UTC)
	z := zone(f, "Africa/Cairo")
	f.Fuzz(func(t *testing.T, from, to string) {
		r, err := calendar.ParseRange(from, to, now, z)
		if err != nil {
			var problem *fault.Error
			if !errors.As(err, &problem) || problem.Kind != fault.Invalid || len(problem.Violations) == 0 {
				t.Fatalf("%q %q: %v", from, to, err)
			}
			return
		}
		if n := r.Days(); n < 1 || n > 3661 || !r.Start().Before(r.End()) {
			t.Fatalf("%q %q: %d days from %s to %s", from, to, n, r.Start(), r.End())
		}
	})
}

// A year of 366 days far ahead, where clocks move by a rule, has a midnight on every day.
func TestMidnightFarAhead(t *testing.T) {
	t.Parallel()
	for _, day := range []time.Time{time.Date(2040, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2041, 1, 1, 0, 0, 0, 0, time.UTC)} {
		require.Equal(t, day.Add(5*time.Hour), calendar.Midnight(day, zone(t, "America/New_York")))
	}
}
