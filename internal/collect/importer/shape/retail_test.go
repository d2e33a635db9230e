package shape_test

import (
	"encoding/json"
	"math/big"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/pool/event"
)

func stamp(us int64) string { return time.UnixMicro(us).UTC().Format(time.RFC3339Nano) }

// figures are what the published numbers of Online Retail count.
type figures struct {
	Orders, Cancelled, Buyers int
	Revenue, Returned         string
	Lines, CancelledLines     int64
}

func count(t testing.TB, events []event.Event) figures {
	t.Helper()
	var f figures
	buyers := map[string]bool{}
	ids := map[string]bool{}
	revenue, returned := new(big.Rat), new(big.Rat)
	for i := range events {
		e := &events[i]
		require.False(t, ids[e.ID], "id %s comes twice", e.ID)
		ids[e.ID] = true
		var p struct {
			Revenue  json.Number `json:"revenue"`
			Currency string      `json:"currency"`
		}
		require.NoError(t, json.Unmarshal(e.Properties, &p))
		require.Equal(t, "GBP", p.Currency)
		amount, err := money.Decimal(p.Revenue.String())
		require.NoError(t, err)
		require.NotEqual(t, -1, amount.Sign(), e.ID)
		if e.Name == event.OrderCancelled {
			f.Cancelled++
			f.CancelledLines += e.Rows
			returned.Add(returned, amount)
			continue
		}
		require.Equal(t, event.OrderCompleted, e.Name)
		f.Orders++
		f.Lines += e.Rows
		revenue.Add(revenue, amount)
		require.Equal(t, event.UserID, e.Identities[0].Kind)
		buyers[e.Identities[0].Value] = true
	}
	f.Buyers, f.Revenue, f.Returned = len(buyers), revenue.FloatString(4), returned.FloatString(4)
	return f
}

func published() figures {
	return figures{
		Orders: 18532, Cancelled: 3654, Buyers: 4338, Revenue: "8911407.9000", Returned: "611342.0900", Lines: 397884, CancelledLines: 8905,
	}
}

// TestOnlineRetail proves the published figures from the events alone, with everything in memory and with everything spilled to disk.
func TestOnlineRetail(t *testing.T) {
	path := data(t, "online_retail.csv.gz")
	options := shape.Options{Currency: "GBP", TimeZone: "Europe/London", Region: "GB"}
	start := time.Now()
	out, rows, err := read(t.Context(), path, shape.OrderLines, options, shape.Limits{TempDir: t.TempDir()}, nil)
	require.NoError(t, err)
	t.Logf("%d rows in %v", rows, time.Since(start))
	require.EqualValues(t, 541909, rows)
	require.Equal(t, published(), count(t, out.events))
	require.Equal(t, map[string]int{"customer.missing": 135080, "price.not_positive": 40}, out.codes())

	spilled, _, err := read(t.Context(), path, shape.OrderLines, options, shape.Limits{TempDir: t.TempDir(), Memory: 1 << 20}, nil)
	require.NoError(t, err)
	require.Equal(t, len(out.events), len(spilled.events))
	for i := range out.events {
		require.Equal(t, out.events[i], spilled.events[i], "spilling changes event %d", i)
	}
}

type discard struct{ bytes int }

func (d *discard) Event(e *event.Event) error {
	d.bytes += len(event.Append(nil, e))
	return nil
}
func (d *discard) Reject(int64, shape.Reject, []string) error { return nil }
func (d *discard) Read(int64) error                           { return nil }

// BenchmarkOnlineRetail is the whole way from the compressed file to encoded events on one core.
func BenchmarkOnlineRetail(b *testing.B) {
	path := data(b, "online_retail.csv.gz")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for b.Loop() {
		benchRun(b, path)
	}
	b.ReportMetric(541909*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
