package rule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// A calendar's days are those of package calendar, in zones of all kinds, and every moment lies in the day that says so.
func TestCalendar(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Asia/Shanghai", "America/New_York", "Africa/Cairo", "America/Havana", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		c := NewCalendar(zone)
		require.Equal(t, zone, c.Zone())
		for d := int64(-3); d < 50_000; d++ {
			start, next := c.Start(d), c.Start(d+1)
			if d >= 0 && d < 47_800 && start != calendar.Midnight(time.Unix(d*86400, 0).UTC(), zone).UnixMicro() {
				t.Fatalf("%s: day %d begins at %d", name, d, start)
			}
			if start != next && (c.Day(start) != d || c.Day(next-1) != d) { // some days were left out
				t.Fatalf("%s: day %d is not its own", name, d)
			}
		}
	}
}

// An instant knows its day, the next midnight and where windows begin.
func TestInstant(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	moment := func(s string) int64 {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		require.NoError(t, err)
		return at.UnixMicro()
	}
	at := NewCalendar(zone).At(moment("2026-03-30 23:59"))
	require.Equal(t, moment("2026-03-30 00:00"), at.Start())
	require.Equal(t, moment("2026-03-31 00:00"), at.End())
	require.Equal(t, moment("2026-03-30 00:00"), at.Window(1))
	require.Equal(t, moment("2026-03-01 00:00"), at.Window(30))
	require.Equal(t, "2026-02-28", at.Date(moment("2026-02-28 23:59")))
	require.Equal(t, moment("2026-03-01 00:00"), Refs{Days: 30}.From(at))
	require.Zero(t, Refs{Days: 30, All: true}.From(at))
}

// The split is the same for ever, even, and another one for another salt.
func TestBucket(t *testing.T) {
	t.Parallel()
	require.Equal(t, []float64{0.4391220815969914, 0.5881666103136367, 0.30379776947887427}, []float64{Bucket("spring", 1), Bucket("spring", 2), Bucket("", 1)})
	var tenths [10]int
	both := 0
	for id := range int64(100_000) {
		b := Bucket("spring", id)
		tenths[int(b*10)]++
		if b < 0.5 && Bucket("autumn", id) < 0.5 {
			both++
		}
	}
	for _, n := range tenths {
		require.InDelta(t, 10_000, n, 400)
	}
	require.InDelta(t, 25_000, both, 600)
}
