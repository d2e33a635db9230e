package warehouse_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/warehouse"
)

func row(anchor, person, time int64) warehouse.Row {
	return warehouse.Row{Anchor: anchor, Person: person, Time: time, Received: time, Type: 1, Name: "A", ID: "m", Properties: []byte(`{"x":1}`), Position: 1}
}

// Rows, moves and the position are stored together, found again after reopening, and rows follow their anchor's person.
func TestAppendAndFollow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "it's", "w.duckdb")
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: path})
	require.NoError(t, err)
	at, err := w.Position(t.Context())
	require.NoError(t, err)
	require.Zero(t, at)
	require.NoError(t, w.Append(t.Context(), []warehouse.Row{row(1, 1, 1_000_000), row(2, 2, 2_000_000)}, nil, 7))
	require.NoError(t, w.Append(t.Context(), []warehouse.Row{row(3, 3, 3_000_000)}, []warehouse.Move{{Anchor: 2, Person: 1}}, 9))
	people := func() (n int) {
		require.NoError(t, w.QueryRow(t.Context(), "SELECT count(DISTINCT person) FROM events").Scan(&n))
		return n
	}
	require.Equal(t, 2, people())
	require.NoError(t, w.Close())

	w, err = warehouse.Open(t.Context(), warehouse.Options{Path: path})
	require.NoError(t, err)
	at, err = w.Position(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(9), at)
	require.NoError(t, w.Append(t.Context(), nil, []warehouse.Move{{Anchor: 2, Person: 2}}, 10))
	require.Equal(t, 3, people())
	require.NoError(t, w.Close())
}

// Many moves at once, the same anchors again and again: the last word counts.
func TestManyMoves(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb")})
	require.NoError(t, err)
	var rows []warehouse.Row
	for i := range int64(1001) {
		rows = append(rows, row(i+1, i+1, i))
	}
	require.NoError(t, w.Append(t.Context(), rows, nil, 1))
	for round := range int64(3) {
		var moves []warehouse.Move
		for i := range int64(1001) {
			moves = append(moves, warehouse.Move{Anchor: i + 1, Person: 7}, warehouse.Move{Anchor: i + 1, Person: i/(round+2) + 1})
		}
		require.NoError(t, w.Append(t.Context(), nil, moves, uint64(round)+2))
		var wrong int
		require.NoError(t, w.QueryRow(t.Context(), "SELECT count(*) FROM events WHERE person <> (anchor - 1) // ? + 1", round+2).Scan(&wrong))
		require.Zero(t, wrong)
	}
	require.NoError(t, w.Close())
}

func BenchmarkMoves(b *testing.B) {
	w, err := warehouse.Open(b.Context(), warehouse.Options{Path: filepath.Join(b.TempDir(), "w.duckdb")})
	require.NoError(b, err)
	defer w.Close() //nolint:errcheck // end of the benchmark
	moves := make([]warehouse.Move, 10_000)
	n := uint64(0)
	for b.Loop() {
		for i := range moves {
			n++
			moves[i] = warehouse.Move{Anchor: int64(n * 7919 % 1_000_003), Person: int64(n)}
		}
		require.NoError(b, w.Append(b.Context(), nil, moves, n))
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "moves/s")
}

func BenchmarkAppend(b *testing.B) {
	w, err := warehouse.Open(b.Context(), warehouse.Options{Path: filepath.Join(b.TempDir(), "w.duckdb")})
	require.NoError(b, err)
	defer w.Close() //nolint:errcheck // end of the benchmark
	rows := make([]warehouse.Row, 10_000)
	for i := range rows {
		rows[i] = row(int64(i*7919%1_000_000), int64(i), int64(i)*1e6)
		rows[i].Properties = make([]byte, 200)
		for j := range rows[i].Properties {
			rows[i].Properties[j] = 'a' + byte((i*j)%26)
		}
	}
	n := uint64(0)
	for b.Loop() {
		n++
		require.NoError(b, w.Append(b.Context(), rows, nil, n))
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "rows/s")
}
