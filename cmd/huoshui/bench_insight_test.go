package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/sim/insightbench"
	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

// The whole benchmark on a tiny pool: everything is measured, and DuckDB has every row of every answer.
func TestBenchInsight(t *testing.T) {
	t.Parallel()
	var told, out bytes.Buffer
	r, err := insightbench.Run(t.Context(), insightbench.Options{
		Options: rulebench.Options{People: 1000, Events: 60_000, Peers: true, ClickHouse: "none", Folder: t.TempDir(), Progress: &told},
		Buyers:  1000, Load: true, Open: benchDesk, Fit: benchFit,
	})
	require.NoError(t, err, told.String())
	require.NoError(t, r.Write(&out))

	d := json.NewDecoder(&out)
	var lines []map[string]any
	var whole map[string]any
	require.NoError(t, d.Decode(&lines))
	require.NoError(t, d.Decode(&whole))
	var names []string
	for _, l := range lines {
		names = append(names, l["query"].(string)) //nolint:errcheck,forcetypeassert // fails the test
		require.Greater(t, l["huoshui_s"], 0.0, l)
		require.Greater(t, l["duckdb_s"], 0.0, l)
		require.Nil(t, l["clickhouse_s"], l)
		require.Greater(t, l["rows"], 2.0, l)
		require.Equal(t, true, l["rows_agree"], told.String())
	}
	require.Equal(t, []string{"funnel", "retention", "paths", "people_per_day_by_channel", "growth", "trend"}, names)
	for _, name := range []string{"people", "events", "rss_max_mb", "buyers", "bgnbd_s", "applied_per_s", "applied_beside_per_s", "load_questions"} {
		require.Greater(t, whole[name], 0.0, name)
	}
	require.Contains(t, whole, "load_cost")
}
