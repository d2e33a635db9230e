package warehouse_test

import (
	"path/filepath"
	"strings"
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

// Every text and number is read back as it was given: empty, short, just too long to lie within, long, with signs of several bytes; a text
// that is none is mended; and there are more rows than fit into one chunk.
func TestRowsAreReadAsGiven(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb")})
	require.NoError(t, err)
	defer func() { require.NoError(t, w.Close()) }()
	texts := []string{"", "茶", "twelve bytes", "thirteen byte", strings.Repeat("活水", 500), "x\x00y", `{"a":"杭州西湖龙井"}`}
	rows := make([]warehouse.Row, 5000)
	for i := range rows {
		pick := func(k int) string { return texts[(i/k+k)%len(texts)] }
		rows[i] = warehouse.Row{
			Anchor: int64(i) + 1, Person: int64(i)*3 + 1, Time: int64(i)*1_000_003 - 5, Received: int64(i) * 7, Type: uint8(i % 9), Name: pick(1), ID: pick(2), Source: int64(i % 5), Import: -int64(i),
			Channel: pick(3), Class: pick(4), Amount: int64(i) - 2500, Currency: []string{"", "CNY", "USD"}[i%3],
			Properties: []byte(pick(5)), Traits: []byte(pick(6)), Context: []byte(pick(7)), Position: uint64(i) << 40,
		}
	}
	require.NoError(t, w.Append(t.Context(), rows, nil, 1))
	found, err := w.Query(t.Context(), `SELECT anchor, person, epoch_us(time), epoch_us(received), type, name, id, source, import, channel, class,
		COALESCE(amount, 0), amount IS NULL, COALESCE(currency, ''), COALESCE(properties, ''), COALESCE(traits, ''), COALESCE(context, ''), position FROM event_row ORDER BY anchor`)
	require.NoError(t, err)
	defer found.Close() //nolint:errcheck // reading
	n := 0
	for ; found.Next(); n++ {
		var r warehouse.Row
		var none bool
		var properties, traits, context string
		require.NoError(t, found.Scan(&r.Anchor, &r.Person, &r.Time, &r.Received, &r.Type, &r.Name, &r.ID, &r.Source, &r.Import, &r.Channel, &r.Class,
			&r.Amount, &none, &r.Currency, &properties, &traits, &context, &r.Position))
		r.Properties, r.Traits, r.Context = []byte(properties), []byte(traits), []byte(context)
		want := rows[n]
		require.Equal(t, want.Currency == "", none)
		if none {
			want.Amount = 0
		}
		require.Equal(t, want, r)
	}
	require.NoError(t, found.Err())
	require.Equal(t, len(rows), n)

	bad := row(9_999_999, 1, 1)
	bad.Name, bad.ID = "a\xff\xfeb\xc3", strings.Repeat("\xff.", 100)
	require.NoError(t, w.Append(t.Context(), []warehouse.Row{bad}, nil, 2))
	var name, id string
	require.NoError(t, w.QueryRow(t.Context(), "SELECT name, id FROM event_row WHERE anchor = 9999999").Scan(&name, &id))
	require.Equal(t, "a\uFFFDb\uFFFD", name)
	require.Equal(t, strings.Repeat("\uFFFD.", 100), id)
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
