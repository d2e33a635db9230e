package statetest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

// Every test gets an empty database of its own, of the engine it is named after.
func TestEachGivesEmptyDatabases(t *testing.T) {
	t.Parallel()
	for _, round := range []string{"first", "second"} {
		t.Run(round, func(t *testing.T) {
			t.Parallel()
			statetest.Each(t, func(t *testing.T, db *state.DB) {
				require.Contains(t, t.Name(), string(db.Dialect()))
				var n int
				require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM outbox").Scan(&n))
				require.Zero(t, n)
				require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
					require.Equal(t, statetest.Start(), tx.Now)
					return tx.Emit(t.Context(), "only here", []byte("x"))
				}))
			})
		})
	}
}
