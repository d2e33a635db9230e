package calendar_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/warehouse"
)

func open(t testing.TB) *warehouse.Warehouse {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb"), Threads: 1})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

// The SQL of a day agrees with Go's calendar on both sides of Greenwich, with summer time, half hours and a zone that left a day out.
func TestDayInSQL(t *testing.T) {
	t.Parallel()
	w := open(t)
	from, to := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2012, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"} {
		z := zone(t, name)
		n := compare(t, w, z, from, to, "SELECT unnest(generate_series(?::TIMESTAMP, ?::TIMESTAMP, INTERVAL 29 MINUTE)) AS time", from, to)
		require.Greater(t, n, 36_000)
	}
}

// It also does for any moments of a long life, and to the microsecond around every change of a zone's clocks.
func TestDayInSQLAroundChanges(t *testing.T) {
	t.Parallel()
	w := open(t)
	dice := rand.New(rand.NewPCG(1, 2))
	from, to := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{
		"Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "America/Santiago", "Pacific/Kiritimati",
	} {
		z := zone(t, name)
		moments := []any{from}
		for at := from; ; {
			_, end := at.In(z).ZoneBounds()
			if end.IsZero() || !end.Before(to) {
				break
			}
			near := calendar.Midnight(calendar.DayOf(end, z), z)
			for _, m := range []time.Time{end, near, near.AddDate(0, 0, 1)} {
				moments = append(moments, m.Add(-time.Microsecond), m, m.Add(time.Microsecond))
			}
			at = end
		}
		for range 300 {
			moments = append(moments, time.UnixMicro(dice.Int64N(to.UnixMicro())).UTC())
		}
		n := compare(t, w, z, from, to, "SELECT unnest([?"+strings.Repeat(", ?", len(moments)-1)+"]::TIMESTAMP[]) AS time", moments...)
		require.Equal(t, len(moments), n)
	}
}

// Weeks and months in SQL are those of Go.
func TestGrainsInSQL(t *testing.T) {
	t.Parallel()
	w := open(t)
	rows, err := w.Query(t.Context(), "SELECT day, "+calendar.ByDay.SQL("day")+", "+calendar.ByWeek.SQL("day")+", "+calendar.ByMonth.SQL("day")+
		" FROM (SELECT CAST(unnest(generate_series(DATE '2019-12-01', DATE '2024-03-31', INTERVAL 1 DAY)) AS DATE) AS day)")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	n := 0
	for ; rows.Next(); n++ {
		var day, d, week, month time.Time
		require.NoError(t, rows.Scan(&day, &d, &week, &month))
		require.Equal(t, []time.Time{calendar.ByDay.Bucket(day), calendar.ByWeek.Bucket(day), calendar.ByMonth.Bucket(day)}, []time.Time{d, week, month})
	}
	require.NoError(t, rows.Err())
	require.Equal(t, 1583, n)
}

// compare asks DuckDB for the day of each moment and Go for the same.
func compare(t testing.TB, w *warehouse.Warehouse, z *time.Location, from, to time.Time, moments string, args ...any) (n int) {
	t.Helper()
	rows, err := w.Query(t.Context(), "SELECT time, "+calendar.Day("time", from, to, z)+" FROM ("+moments+")", args...)
	require.NoError(t, err, z)
	defer func() { require.NoError(t, rows.Close()) }()
	for ; rows.Next(); n++ {
		var at, day time.Time
		require.NoError(t, rows.Scan(&at, &day))
		require.Equal(t, calendar.DayOf(at, z).Format(time.DateOnly), day.Format(time.DateOnly), "%s %s", z, at)
	}
	require.NoError(t, rows.Err())
	return n
}
