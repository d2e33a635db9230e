package overview_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/insight/overview"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

// How long an overview takes over ten million events of a million people in ten years, for a month and for all of it. It is the worst case:
// hardly anybody does two things on the same day.
func BenchmarkOverview(b *testing.B) {
	p := pooltest.New(b)
	house, err := warehouse.Open(b.Context(), warehouse.Options{Path: filepath.Join(b.TempDir(), "w.duckdb")}) // as large as a pool's
	require.NoError(b, err)
	defer func() { require.NoError(b, house.Close()) }()
	var n int64
	require.NoError(b, house.QueryRow(context.WithoutCancel(b.Context()), `INSERT INTO event_row SELECT p, p, t, t, 1, CASE WHEN i % 20 = 0 THEN 'Order Completed' ELSE 'Product Viewed' END,
		CAST(i AS VARCHAR), 0, 0, '', '', 1000, 'CNY', NULL, NULL, NULL, 1 FROM (SELECT i, CAST(hash(i) % 1000000 AS BIGINT) AS p, TIMESTAMP '2016-01-01' + INTERVAL (CAST(hash(i + 7) % 315000000 AS BIGINT)) SECOND AS t
		FROM range(10000000) r(i))`).Scan(&n))
	require.Equal(b, int64(10_000_000), n)
	clk := clock.NewManual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	s := overview.New(p.State, house, pooltest.Settings{Zone: zone(b, "America/New_York"), Money: "CNY", Active: 30}, clk)
	for name, from := range map[string]string{"month": "2025-11-01", "ten years": "2016-01-01"} {
		b.Run(name, func(b *testing.B) {
			r := days(b, zone(b, "America/New_York"), from, "2025-11-30")
			for b.Loop() {
				clk.Add(time.Hour) // past what is kept
				_, err := s.Get(b.Context(), r, calendar.ByDay)
				require.NoError(b, err)
			}
		})
	}
}
