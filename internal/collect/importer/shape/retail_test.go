package shape_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
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
		if ids[e.ID] {
			require.Fail(t, "id comes twice", e.ID)
		}
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

// TestOnlineRetail proves the published figures from the events alone, and that spilling everything to disk changes none of them.
//
// All of it is one goroutine, and under the race detector ten times as slow, so there only the beginning of the file is read and `make test`
// runs it once more without.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	path := unpacked(t, data(t, "online_retail.csv.gz"))
	options := shape.Options{Currency: "GBP", TimeZone: "Europe/London", Region: "GB"}
	wanted := int64(541909)
	limits := shape.Limits{TempDir: t.TempDir()}
	if raced {
		wanted, limits.Rows = 50_000, 50_000
	}
	out, rows, err := read(t.Context(), path, shape.OrderLines, options, limits, nil)
	require.NoError(t, err)
	require.Equal(t, wanted, rows)
	if !raced {
		require.Equal(t, published(), count(t, out.events))
		require.Equal(t, map[string]int{"customer.missing": 135080, "price.not_positive": 40}, out.codes())
	}

	same := &same{as: out.events}
	limits.Memory = int(wanted * 2) // a fraction of what the lines take
	rows, err = readTo(t.Context(), path, shape.OrderLines, options, limits, nil, same)
	require.NoError(t, err)
	require.Equal(t, wanted, rows)
	require.Empty(t, same.other, "spilling changes events")
	require.Empty(t, same.as, "spilling loses events")
}

// same is a sink that takes events one by one off those that are expected.
type same struct {
	as    []event.Event
	other []string // ids of events that were not as expected
}

func (s *same) Event(e *event.Event) error {
	if len(s.as) == 0 || !reflect.DeepEqual(s.as[0], *e) {
		s.other = append(s.other, e.ID)
	}
	s.as = s.as[min(1, len(s.as)):]
	return nil
}
func (s *same) Reject(int64, shape.Reject, []string) error { return nil }
func (s *same) Read(int64) error                           { return nil }

// unpacked is a packed file's content as a file.
func unpacked(t testing.TB, path string) string {
	t.Helper()
	in, err := os.Open(path)
	require.NoError(t, err)
	defer in.Close() //nolint:errcheck // reading
	z, err := gzip.NewReader(in)
	require.NoError(t, err)
	out, err := os.Create(filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(path), ".gz")))
	require.NoError(t, err)
	_, err = io.Copy(out, z)
	require.NoError(t, errors.Join(err, out.Close()))
	return out.Name()
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
