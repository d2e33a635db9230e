package calendar_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/warehouse"
)

// The SQL of a day agrees with Go's calendar on both sides of Greenwich, with summer time, half hours and a zone that left a day out.
func TestDayInSQL(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb")})
	require.NoError(t, err)
	defer func() { require.NoError(t, w.Close()) }()
	from, to := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2012, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		rows, err := w.Query(t.Context(), "SELECT time, "+calendar.Day("time", from, to, zone)+
			" FROM (SELECT unnest(generate_series(?::TIMESTAMP, ?::TIMESTAMP, INTERVAL 29 MINUTE)) AS time)", from, to)
		require.NoError(t, err, name)
		n := 0
		for rows.Next() {
			var at, day time.Time
			require.NoError(t, rows.Scan(&at, &day))
			require.Equal(t, calendar.DayOf(at, zone).Format(time.DateOnly), day.Format(time.DateOnly), "%s %s", name, at)
			n++
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		require.Greater(t, n, 36_000)
	}
}
