package insight

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
)

// While the pipeline lags there is one turn at a time; otherwise there are as many as workers.
func TestGate(t *testing.T) {
	t.Parallel()
	var behind atomic.Bool
	g := newGate(3, behind.Load, clock.NewManual(time.Unix(0, 0)))
	together := func() int32 {
		var now, most atomic.Int32
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for range 200 {
					_ = g.turn(t.Context(), func() {
						n := now.Add(1)
						for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() { //nolint:revive // until it is said
						}
						now.Add(-1)
					})
				}
			})
		}
		wg.Wait()
		return most.Load()
	}
	require.LessOrEqual(t, together(), int32(3))
	behind.Store(true)
	require.Equal(t, int32(1), together())
}

// Who waits for a turn goes away with the question, also from a rest.
func TestGateCancelled(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(time.Unix(0, 0))
	g := newGate(1, func() bool { return true }, c)
	ctx, cancel := context.WithCancel(t.Context())
	err := g.turn(ctx, func() {
		c.Add(time.Hour) // owes an hour of rest
		cancel()
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, g.turn(t.Context(), func() {}), "the place is free again")
	require.ErrorIs(t, g.turn(ctx, func() { t.Error("nobody waits for this any more") }), context.Canceled)
}

// Cells are what a spreadsheet reads right: no formulas, amounts in major units, nothing for what cannot be said.
func TestCell(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*3600)
	n, none := int64(7), (*float64)(nil)
	for _, tt := range []struct {
		cell any
		want string
	}{
		{nil, ""},
		{none, ""},
		{&n, "7"},
		{3, "3"},
		{uint8(3), "3"},
		{0.25, "0.25"},
		{1.0 / 3, "0.333333"},
		{-0.0000001, "0"},
		{"=1+1", "'=1+1"},
		{"＝1", "'＝1"},
		{"tea", "tea"},
		{By("tier"), "tier"},
		{true, "true"},
		{time.Unix(0, 0), "1970-01-01 08:00:00"},
		{Money{123456, "CNY"}, "1234.56"},
		{Money{-5, "CNY"}, "-0.05"},
		{Money{5, "JPY"}, "5"},
		{Money{-1 << 63, "CNY"}, "-92233720368547758.08"},
	} {
		require.Equal(t, tt.want, Cell(tt.cell, zone), "%v", tt.cell)
	}
}
