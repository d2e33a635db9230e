package app

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// Asked to stop, components end one after the other in their order; a failure stops all and is reported with its name.
func TestRunStopsInOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var ended []string
	var running sync.WaitGroup
	running.Add(3)
	waits := func(name string) component {
		return component{name, func(ctx context.Context) error {
			running.Done()
			<-ctx.Done()
			mu.Lock()
			defer mu.Unlock()
			ended = append(ended, name)
			return ctx.Err()
		}}
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { running.Wait(); cancel() }()
	require.NoError(t, run(ctx, waits("intake"), waits("workers"), waits("pool")))
	require.Equal(t, []string{"intake", "workers", "pool"}, ended)

	running.Add(1)
	broken := errors.New("disk full")
	err := run(t.Context(), waits("intake"), component{"pool", func(context.Context) error { return broken }})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "pool: disk full")
}

// A component that has nothing more to do does not take those after it along: a demo that ends must not stop the pool.
func TestRunGoesOnWithoutWhoIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		stopped, ended := false, make(chan error, 1)
		go func() {
			ended <- run(ctx, component{"demo", func(context.Context) error { return nil }}, component{"pool", func(ctx context.Context) error {
				<-ctx.Done()
				stopped = true
				return nil
			}})
		}()
		synctest.Wait() // until nobody has anything left to do
		require.False(t, stopped)
		cancel()
		require.NoError(t, <-ended)
		require.True(t, stopped)
	})
}
