package rulebench_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

// The whole benchmark on a tiny pool: everything is measured, and DuckDB counts for every rule what the sweep counts.
func TestRun(t *testing.T) {
	t.Parallel()
	click := "none"
	if path, err := exec.LookPath("clickhouse"); err == nil {
		click = path
	}
	var said bytes.Buffer
	r, err := rulebench.Run(t.Context(), rulebench.Options{
		People: 2000, Events: 60_000, Rate: 1000, Peers: true, ClickHouse: click, Folder: t.TempDir(), Progress: &said,
	})
	require.NoError(t, err, said.String())
	t.Log(said.String())
	require.EqualValues(t, 2000, r.People)
	_ = json.Valid
}
