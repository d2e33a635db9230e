package timeline_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// A source that fails in the middle fails CatchUp; what was built before counts, and the next try goes on from there.
func TestSourceFails(t *testing.T) {
	t.Parallel()
	c := &failing{crowd: *crowdOf(40_000), at: 25}
	s := start(t, options(t.TempDir(), c))
	require.ErrorIs(t, s.CatchUp(t.Context(), 40, nil), errSource)
	require.Equal(t, uint64(20), c.from, "the first half was built")
	c.at = 1000
	c.from = 0
	require.NoError(t, s.CatchUp(t.Context(), 40, nil))
	require.Equal(t, uint64(20), c.least, "the first half is not read again")
	require.Equal(t, 40_000, sweep(s, timesAndNames))
}

// A new column whose source fails is not complete, and is filled later.
func TestWantFails(t *testing.T) {
	t.Parallel()
	c := &failing{crowd: *crowdOf(40_000), at: 1000}
	s := start(t, options(t.TempDir(), c))
	require.NoError(t, s.CatchUp(t.Context(), 40, nil))
	column := timeline.Column{Event: "Page Viewed", Property: "price"}
	complete := func() (ok bool) {
		s.Read(func(r *timeline.Reader) { _, ok = r.Col(column) })
		return ok
	}
	c.at = 25
	require.ErrorIs(t, s.Want(t.Context(), []timeline.Column{column}), errSource)
	require.False(t, complete())
	c.at = 1000
	require.NoError(t, timeline.Tend(t.Context(), s))
	require.True(t, complete())
}

var errSource = errors.New("the source is not well")

// failing is a source that fails when it is asked for a record, and is read in two halves.
type failing struct {
	crowd
	at, from, least uint64
}

func (f *failing) Cut(_ context.Context, from, to uint64, _ int64) ([]uint64, error) {
	if from == 0 {
		return []uint64{20, to}, nil
	}
	return []uint64{to}, nil
}

func (f *failing) Rows(ctx context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	if f.from == 0 {
		f.least = q.From
	}
	f.from = q.From
	if q.From < f.at && f.at <= q.To {
		return errSource
	}
	return f.crowd.Rows(ctx, q, yield)
}

// From the warehouse the store is built as the pipeline would have told it: amounts of the pool's currency, no commands, in order.
func TestFromWarehouse(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	own := &world{of: map[int64]int64{}}
	rnd := rand.New(rand.NewPCG(3, 4))
	for b := range uint64(6) {
		var rows []warehouse.Row
		for range 3000 {
			r := warehouse.Row{
				Anchor: rnd.Int64N(100) + 1, Person: 1, Time: rnd.Int64N(500), Type: []uint8{1, 1, 1, 7, 8}[rnd.IntN(5)], Name: []string{"Order Completed", "Page Viewed"}[rnd.IntN(2)], ID: "m",
				Channel: []string{"", "wechat"}[rnd.IntN(2)], Amount: rnd.Int64N(1000), Currency: []string{"", "CNY", "USD"}[rnd.IntN(3)],
				Properties: []byte(`{"sku":"T` + strconv.Itoa(rnd.IntN(50)) + `","n":` + strconv.Itoa(rnd.IntN(50)) + `}`), Position: b + 1,
			}
			rows = append(rows, r)
			own.of[r.Anchor] = r.Anchor
			if r.Type != uint8(event.Command) {
				own.rows = append(own.rows, told{timeline.Row{
					Node: r.Anchor, Time: r.Time, Name: r.Name, Channel: r.Channel, Amount: r.Amount, HasAmount: r.Currency == "CNY", Properties: r.Properties,
				}, b + 1})
			}
		}
		require.NoError(t, w.Append(t.Context(), rows, nil, b+1))
	}
	columns := []timeline.Column{{Event: "Order Completed", Property: "sku"}, {Event: "Page Viewed", Property: "n"}}
	o := timeline.Options{Dir: t.TempDir(), Source: timeline.FromWarehouse(w, own.Nodes, "CNY"), Currency: "CNY", Columns: columns[:1], Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}
	s := start(t, o)
	require.NoError(t, s.CatchUp(t.Context(), 4, nil))
	require.NoError(t, s.Want(t.Context(), columns[1:]))
	require.NoError(t, s.CatchUp(t.Context(), 6, nil))
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		for who := range own.of {
			compareSequence(t, r, r.Sequence(sc, who, 0), own.sequence(who, 0), columns)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.CatchUp(ctx, 7, nil), context.DeadlineExceeded, "what the warehouse does not have yet is waited for")
}
