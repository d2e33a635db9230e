package rulebench_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

// clickhouse is the program if this machine has one; tests leave ClickHouse out otherwise.
func clickhouse(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("clickhouse"); err == nil {
		return path
	}
	made, err := filepath.Abs("../../../.tools/clickhouse/clickhouse")
	require.NoError(t, err)
	if _, err := os.Stat(made); err != nil {
		return "none"
	}
	return made
}

// The whole benchmark on a tiny pool: all is measured, and the peers count for each of the hundred rules what the sweep counts.
func TestRun(t *testing.T) {
	t.Parallel()
	var told, out bytes.Buffer
	folder := t.TempDir()
	r, err := rulebench.Run(t.Context(), rulebench.Options{
		People: 1000, Events: 40_000, Rate: 1000, Peers: true, ClickHouse: clickhouse(t), Folder: folder, Progress: &told,
	})
	require.NoError(t, err, told.String())
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left, "the data is removed")

	require.NoError(t, r.Write(&out))
	var is map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &is))
	for _, name := range []string{
		"people", "events", "rules", "sweep_s", "count_one_s", "set_ms", "live_cost", "enter_p99_ms", "build_s", "build_per_s", "open_s",
		"bytes_per_event", "rss_max_mb", "duckdb_s",
	} {
		require.IsType(t, float64(0), is[name], name)
		require.NotZero(t, is[name], name)
	}
	require.Contains(t, is["machine"], "cpu")
	require.Len(t, r.Members, 100)
	fit := 0
	for _, n := range r.Members {
		if n > 0 && n < 1000 {
			fit++
		}
	}
	require.Greater(t, fit, 80, "most rules part the people")
	require.Equal(t, []string{"build", "enter", "live", "make", "peers", "sweep"}, slices.Sorted(maps.Keys(r.PhaseSeconds)))
}

// What makes no sense is refused before any data is made.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	_, err := rulebench.Run(t.Context(), rulebench.Options{People: 10, Events: 5, Rate: 1, Folder: "/nowhere"})
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, "bench.options", f.Code)
	require.Len(t, f.Violations, 3)
}
