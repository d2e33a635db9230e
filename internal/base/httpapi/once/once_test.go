package once_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

type answer struct{ N int }

// A key does its work once per actor and operation; another request under it is refused; after a day it is forgotten.
func TestOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(statetest.Start())
			open := statetest.SQLite
			if engine == "postgres" {
				open = statetest.Postgres
			}
			db := open(t, statetest.With(clk))
			require.NoError(t, once.Open(t.Context(), db))
			worked := 0
			do := func(who, operation, key, request string, fail error) (got answer, err error) {
				ctx := actor.With(t.Context(), actor.Actor{Kind: actor.User, Email: who})
				err = db.InTx(ctx, func(tx *state.Tx) error {
					got, err = once.Do(ctx, tx, operation, key, request, func() (answer, error) {
						worked++
						return answer{worked}, fail
					})
					return err
				})
				return got, err
			}
			expect := func(n int, got answer, err error) {
				t.Helper()
				require.NoError(t, err)
				require.Equal(t, answer{n}, got)
			}
			broken := errors.New("broken")
			_, err := do("a", "op", "k", "x", broken)
			require.ErrorIs(t, err, broken, "what failed may be tried again")
			got, err := do("a", "op", "k", "x", nil)
			expect(2, got, err)
			got, err = do("a", "op", "k", "x", nil)
			expect(2, got, err)
			got, err = do("b", "op", "k", "x", nil)
			expect(3, got, err)
			got, err = do("a", "other", "k", "x", nil)
			expect(4, got, err)
			got, err = do("a", "op", "", "x", nil)
			expect(5, got, err)
			_, err = do("a", "op", "k", "y", nil)
			require.Equal(t, fault.Conflict, fault.KindOf(err))

			clk.Add(once.Keep - time.Second)
			require.NoError(t, once.Forget(t.Context(), db))
			got, err = do("a", "op", "k", "x", nil)
			expect(2, got, err)
			clk.Add(2 * time.Second)
			require.NoError(t, once.Forget(t.Context(), db))
			got, err = do("a", "op", "k", "x", nil)
			expect(6, got, err)
		})
	}
}

// Repetitions at the same moment share one answer.
func TestOnceConcurrently(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		require.NoError(t, once.Open(t.Context(), db))
		var mu sync.Mutex
		worked := 0
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range cap(errs) {
			wg.Go(func() {
				errs <- db.InTx(t.Context(), func(tx *state.Tx) error {
					got, err := once.Do(t.Context(), tx, "op", "k", 1, func() (answer, error) {
						mu.Lock()
						defer mu.Unlock()
						worked++
						return answer{worked}, nil
					})
					if err == nil && got.N != 1 {
						return errors.New("a second answer")
					}
					return err
				})
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		require.Equal(t, 1, worked)
	})
}
