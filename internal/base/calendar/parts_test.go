package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// Every moment of a range lies in the part that its calendar day says, and no other moment in any.
func TestParts(t *testing.T) {
	t.Parallel()
	names := []string{"Europe/London", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Pacific/Apia", "Asia/Kathmandu"}
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(names).Draw(t, "zone"))
		require.NoError(t, err)
		from := time.Unix(rapid.Int64Range(3650, 20_000).Draw(t, "day")*86400, 0).UTC()
		r := calendar.Range{From: from, To: from.AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "days")), Zone: z}
		for _, g := range []calendar.Grain{calendar.ByDay, calendar.ByWeek, calendar.ByMonth} {
			p := r.Parts(g)
			require.Equal(t, r.Start().UnixMicro(), p.Starts[0])
			require.Equal(t, -1, p.At(p.Starts[0]-1))
			require.Equal(t, -1, p.At(p.End))
			for range 20 {
				us := rapid.Int64Range(p.Starts[0], p.End-1).Draw(t, "moment")
				if rapid.Bool().Draw(t, "edge") {
					us = min(max(rapid.SampledFrom(p.Starts).Draw(t, "start")+rapid.Int64Range(-1, 1).Draw(t, "beside"), p.Starts[0]), p.End-1)
				}
				i := p.At(us)
				require.Equal(t, g.Bucket(calendar.DayOf(time.UnixMicro(us), z)), p.Days[i])
				require.True(t, p.Starts[i] <= us && us < p.Ends(i))
				require.Equal(t, i, p.Of(p.Days[i]))
			}
		}
	})
}

// Hours are those that the clocks show: 23 on the day they go forward, 25 on the day they go back, and halves where they move by half an hour.
func TestHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, day string
		hours     int
	}{
		{"Europe/London", "2026-03-29", 23},
		{"Europe/London", "2026-10-25", 25},
		{"Asia/Shanghai", "2026-03-29", 24},
		{"Australia/Lord_Howe", "2026-04-05", 25},
		{"Africa/Cairo", "2026-04-24", 23},
		{"Pacific/Apia", "2011-12-30", 0},
		{"Asia/Kathmandu", "2026-01-01", 24},
	} {
		d := day(t, c.day)
		r := calendar.Range{From: d, To: d, Zone: zone(t, c.zone)}
		if c.hours == 0 {
			r.To = d.AddDate(0, 0, 1)
			c.hours = 24
		}
		p := r.Hours()
		require.Equal(t, c.hours, p.Len(), "%s %s", c.zone, c.day)
		for i, at := range p.Starts {
			require.Equal(t, i, p.At(at))
			if i > 0 {
				require.Equal(t, i-1, p.At(at-1))
				require.LessOrEqual(t, at-p.Starts[i-1], int64(time.Hour/time.Microsecond))
			}
		}
	}
}
