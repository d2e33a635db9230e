package person_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// A folder of the first layout has what each identity brought in a table of its own. Its people are the same afterwards, and can still be taken
// apart; what was moved before an interruption is not moved twice.
func TestUpgradeFromProfiles(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		ctx := t.Context()
		require.NoError(t, identity.Migrate(ctx, db))
		require.NoError(t, person.Migrate(ctx, db))
		require.NoError(t, db.InTx(ctx, func(tx *state.Tx) error {
			for _, s := range []string{
				"ALTER TABLE person DROP COLUMN sole",
				"ALTER TABLE person DROP COLUMN parts",
				`CREATE TABLE profile (id BIGINT PRIMARY KEY, first_seen BIGINT, last_seen BIGINT, events BIGINT, orders BIGINT, cancelled BIGINT, revenue BIGINT,
					first_order BIGINT, last_order BIGINT, traits TEXT, detail TEXT)`,
				"INSERT INTO identity (id, key, person, first_at) VALUES (1, 'a', 1, 10), (2, 'b', 1, 30), (3, 'c', 3, 50)",
				`INSERT INTO profile VALUES (1, 10, 20, 2, 1, 0, 500, 20, 20, '{"city":{"v":"杭州","t":10}}', '{}'), (2, 30, 40, 3, 0, 1, 0, 0, 0, '', '{}'),
					(3, 50, 60, 7, 0, 0, 0, 0, 0, '', '{}')`,
				`INSERT INTO person (id, first_seen, last_seen, events, orders, cancelled, revenue, first_order, last_order, traits, detail, name, email, phone,
					identified, channel, channel_class) VALUES
					(1, 10, 40, 5, 1, 1, 500, 20, 20, '{"city":{"v":"杭州","t":10}}', '{}', '', '', '', FALSE, '', ''),
					(3, 50, 60, 7, 0, 0, 0, 0, 0, '', '{}', '', '', '', FALSE, '', '')`,
			} {
				if _, err := tx.Exec(ctx, s); err != nil {
					return err
				}
			}
			return nil
		}))
		for range 2 { // the second time there is nothing left to do
			require.NoError(t, person.Migrate(ctx, db))
			require.Equal(t, map[int64][2]int64{1: {2, 500}, 2: {3, 0}}, broughtBy(t, db, 1))
			require.Equal(t, map[int64][2]int64{3: {7, 0}}, broughtBy(t, db, 3))
		}
	})
}

// broughtBy is how many events and how much revenue each node brought to a person.
func broughtBy(t *testing.T, db *state.DB, id int64) map[int64][2]int64 {
	t.Helper()
	folds, err := person.Brought(t.Context(), db, id)
	require.NoError(t, err)
	out := map[int64][2]int64{}
	for node, f := range folds {
		out[node] = [2]int64{f.Events, f.Revenue}
	}
	return out
}
