package warehouse_test

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/warehouse"
)

// scanned is a block's row, put together again.
type scanned struct {
	anchor, time  int64
	name, channel string
	amount        int64
	has           bool
	properties    string
}

func scan(t *testing.T, w *warehouse.Warehouse, q warehouse.Scan) (rows []scanned) {
	t.Helper()
	require.NoError(t, w.Scan(t.Context(), q, func(b *warehouse.Block) error {
		for i := range b.Time {
			r := scanned{anchor: b.Anchor[i], time: b.Time[i], name: b.Words[b.Name[i]], channel: b.Words[b.Channel[i]], has: b.HasAmount[i]}
			if r.has {
				r.amount = b.Amount[i]
			}
			if q.Properties {
				r.properties = string(b.Properties[i])
			} else {
				require.Nil(t, b.Properties)
			}
			rows = append(rows, r)
		}
		return nil
	}))
	return rows
}

// crowd stores many rows in several batches, with short and long texts, amounts in two currencies and none, and gives them as Scan shall.
func crowd(t *testing.T, w *warehouse.Warehouse, batches, size int) (all []scanned) {
	t.Helper()
	for b := range batches {
		var rows []warehouse.Row
		for i := range size {
			n := b*size + i
			r := warehouse.Row{
				Anchor: int64(n%97 + 1), Person: 1, Time: int64(1_000_000_000 - n), Type: 1, ID: strconv.Itoa(n),
				Name: []string{"A", "Product Viewed by Somebody", "Twelve bytes", ""}[n%4], Channel: []string{"", "wechat", "a channel with a long name"}[n%3], Position: uint64(b + 1),
			}
			want := scanned{anchor: r.Anchor, time: r.Time, name: r.Name, channel: r.Channel}
			switch n % 5 {
			case 0:
				r.Amount, r.Currency = int64(n), "CNY"
				want.amount, want.has = r.Amount, true
			case 1:
				r.Amount, r.Currency = int64(n), "USD"
			}
			if n%2 == 0 {
				want.properties = `{"n":` + strconv.Itoa(n) + `,"text":"` + strings.Repeat("x", n%40) + `"}`
				r.Properties = []byte(want.properties)
			}
			if n%11 == 0 {
				r.Type = 7
			} else {
				all = append(all, want)
			}
			rows = append(rows, r)
		}
		require.NoError(t, w.Append(t.Context(), rows, nil, uint64(b+1)))
	}
	return all
}

func open(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

// same compares row by row: a difference in a hundred thousand rows is told by its first.
func same(t *testing.T, want, got []scanned) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		require.Equal(t, want[i], got[i], "row %d", i)
	}
	require.Len(t, got, len(want))
}

// A scan gives exactly the rows that were stored, in that order, without those of a type, with amounts of one currency only.
func TestScan(t *testing.T) {
	t.Parallel()
	w := open(t)
	all := crowd(t, w, 5, 40_000)
	same(t, all, scan(t, w, warehouse.Scan{To: 5, Currency: "CNY", Properties: true, WithoutOf: 7}))
	half := scan(t, w, warehouse.Scan{After: 2, To: 4, Currency: "CNY", WithoutOf: 7})
	from, to := 0, 0
	for i := range all {
		if n := 1_000_000_000 - all[i].time; n < 80_000 {
			from = i + 1
		} else if n < 160_000 {
			to = i + 1
		}
	}
	want := append([]scanned{}, all[from:to]...)
	for i := range want {
		want[i].properties = ""
	}
	same(t, want, half)
	var named []scanned
	for _, r := range all {
		if r.name == "Product Viewed by Somebody" {
			named = append(named, r)
		}
	}
	same(t, named, scan(t, w, warehouse.Scan{To: 5, Name: "Product Viewed by Somebody", Currency: "CNY", Properties: true, WithoutOf: 7}))
	require.Empty(t, scan(t, w, warehouse.Scan{To: 5, Name: "x' OR 'a'='a", Currency: "CNY"}))
	require.Empty(t, scan(t, w, warehouse.Scan{After: 5, To: 9, Currency: "CNY"}))

	var order string
	require.NoError(t, w.QueryRow(t.Context(), "SELECT value FROM duckdb_settings() WHERE name = 'preserve_insertion_order'").Scan(&order))
	require.Equal(t, "false", order, "the connection is as it was")
}

// The function's error and the end of the context end a scan, and the connection works afterwards.
func TestScanEnds(t *testing.T) {
	t.Parallel()
	w := open(t)
	crowd(t, w, 1, 30_000)
	mine := errors.New("mine")
	require.ErrorIs(t, w.Scan(t.Context(), warehouse.Scan{To: 9}, func(*warehouse.Block) error { return mine }), mine)
	ctx, cancel := context.WithCancel(t.Context())
	blocks := 0
	err := w.Scan(ctx, warehouse.Scan{To: 9}, func(*warehouse.Block) error {
		blocks++
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, blocks)
	n, err := w.CountBetween(t.Context(), 0, 9)
	require.NoError(t, err)
	require.Equal(t, int64(30_000), n)
}

// The cuts of a range of positions hold about as many rows as asked for, and all of them together.
func TestCut(t *testing.T) {
	t.Parallel()
	w := open(t)
	crowd(t, w, 60, 1000)
	cuts, err := w.Cut(t.Context(), 10, 55, 10_000)
	require.NoError(t, err)
	require.Equal(t, uint64(55), cuts[len(cuts)-1])
	require.Len(t, cuts, 5)
	at, sum := uint64(10), int64(0)
	for _, cut := range cuts {
		require.Greater(t, cut, at)
		n, err := w.CountBetween(t.Context(), at, cut)
		require.NoError(t, err)
		require.LessOrEqual(t, n, int64(12_000))
		at, sum = cut, sum+n
	}
	require.Equal(t, int64(45_000), sum)
	cuts, err = w.Cut(t.Context(), 100, 200, 10_000)
	require.NoError(t, err)
	require.Equal(t, []uint64{200}, cuts, "nothing is there, and nothing need be cut")
}

func BenchmarkScan(b *testing.B) {
	w, err := warehouse.Open(b.Context(), warehouse.Options{Path: filepath.Join(b.TempDir(), "w.duckdb")})
	require.NoError(b, err)
	defer w.Close() //nolint:errcheck // end of the benchmark
	rows, err := w.Query(b.Context(), `INSERT INTO event_row SELECT (hash(i) % 65536)::BIGINT, 1, make_timestamp(i), make_timestamp(i), 1,
		['Page Viewed', 'Product Viewed', 'Order Completed'][i % 3 + 1], 'm' || i, 1, 0, ['', 'wechat'][i % 2 + 1], '', i, 'CNY',
		'{"sku":"T' || i % 100 || '"}', NULL, NULL, i // 100 + 1 FROM range(2000000) t(i)`)
	require.NoError(b, err)
	for rows.Next() { //nolint:revive // to the end
	}
	require.NoError(b, rows.Err())
	require.NoError(b, rows.Close())
	for b.Loop() {
		n := 0
		require.NoError(b, w.Scan(b.Context(), warehouse.Scan{To: 1 << 60, Currency: "CNY"}, func(k *warehouse.Block) error {
			n += len(k.Time)
			return nil
		}))
		require.Equal(b, 2_000_000, n)
	}
	b.ReportMetric(float64(b.N)*2_000_000/b.Elapsed().Seconds(), "rows/s")
}
