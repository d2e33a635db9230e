package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// After a clean stop a start goes through nobody's row; after anything else it does, and so it does if something has happened since.
func TestStartAfterStop(t *testing.T) {
	t.Parallel()
	r := newRig(t, statetest.SQLiteURL(t)).open()
	t.Cleanup(func() { r.kill() })
	spoke := r.did(event.Identified, "u1")
	spoke.Type, spoke.Traits = event.Identify, []byte(`{"city":"杭州"}`)
	r.send(spoke, r.did("View", "u2"))
	r.apply(segment(t, "local", 1, `person.city == "杭州" && identity("user_id")`))
	r.rest()
	hide := func(hidden bool) { // where the rows of people would be read
		from, to := "person", "person_hidden"
		if !hidden {
			from, to = to, from
		}
		require.NoError(t, r.db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Exec(t.Context(), "ALTER TABLE "+from+" RENAME TO "+to)
			return err
		}))
	}
	require.NoError(t, r.e.SaveAll(t.Context()))
	hide(true)
	r.restart() // person.Migrate finds nothing to do
	require.Equal(t, []int64{1}, r.members(standing.Segment, "local", ""))
	require.Equal(t, []int64{1}, r.toList(`person.city == "杭州" && identity("user_id")`))
	hide(false)

	moved := r.did(event.Identified, "u2")
	moved.Type, moved.Traits = event.Identify, []byte(`{"city":"杭州"}`)
	r.send(moved)
	r.restart()
	require.Equal(t, []int64{1, 2}, r.members(standing.Segment, "local", ""))
	require.Equal(t, []int64{1, 2}, r.toList(`person.city == "杭州" && identity("user_id")`))
}
