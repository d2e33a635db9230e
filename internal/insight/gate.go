package insight

import (
	"context"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
)

// gate gives the workers of all scans their turns. While the pipeline lags there is one turn at a time, and after it everybody rests for as long
// as it took: questions get half a core then, so that what has been sent becomes known.
type gate struct {
	clock  clock.Clock
	behind func() bool
	full   chan struct{} // one place for each worker
	narrow chan struct{} // one place
	owed   time.Duration // to be rested; for the holder of narrow
}

// restFrom is how much rest is worth going to sleep for.
const restFrom = 4 * time.Millisecond

// maxRest bounds one rest: a clock may jump.
const maxRest = 250 * time.Millisecond

func newGate(workers int, behind func() bool, c clock.Clock) *gate {
	return &gate{clock: c, behind: behind, full: make(chan struct{}, workers), narrow: make(chan struct{}, 1)}
}

// turn runs fn when it may run.
func (g *gate) turn(ctx context.Context, fn func()) error {
	if g.behind == nil || !g.behind() {
		if err := enter(ctx, g.full); err != nil {
			return err
		}
		defer func() { <-g.full }()
		fn()
		return nil
	}
	if err := enter(ctx, g.narrow); err != nil {
		return err
	}
	defer func() { <-g.narrow }()
	began := g.clock.Now()
	fn()
	if g.owed += g.clock.Now().Sub(began); g.owed < restFrom {
		return nil
	}
	rest := time.NewTimer(min(g.owed, maxRest))
	defer rest.Stop()
	g.owed = 0
	select {
	case <-rest.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func enter(ctx context.Context, places chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
