package audit_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

// Entries live and die with their transaction, name their actor, and come back page by page, the newest first.
func TestRecordAndList(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		log, err := audit.New(t.Context(), db)
		require.NoError(t, err)
		ctx := actor.With(t.Context(), actor.Actor{ID: 4, Kind: actor.User, Email: "mei@example.com", Role: actor.Owner})
		for i := range 5 {
			require.NoError(t, db.InTx(ctx, func(tx *state.Tx) error {
				return log.Record(ctx, tx, "pot.create", fmt.Sprint("pot ", i), map[string]int{"size": i})
			}))
		}
		require.Error(t, db.InTx(ctx, func(tx *state.Tx) error {
			return errors.Join(log.Record(ctx, tx, "pot.create", "never", nil), errors.New("no"))
		}))
		require.ErrorContains(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			return log.Record(t.Context(), tx, "pot.create", "by nobody", nil)
		}), "nobody is in the context")

		var targets []string
		cursor := ""
		for range 3 {
			page, err := log.List(t.Context(), httpapi.Paging{Cursor: cursor, Limit: 2})
			require.NoError(t, err)
			for _, e := range page.Items {
				targets = append(targets, e.Target)
			}
			cursor = page.Next
		}
		require.Empty(t, cursor)
		require.Equal(t, []string{"pot 4", "pot 3", "pot 2", "pot 1", "pot 0"}, targets)

		apitest.Start(t, log.Routes).Run(t, []apitest.Case{
			{Name: "owner", Call: apitest.Call{As: "owner", Path: "/audit?limit=1"}, Status: 200, Has: []string{
				`"actor":"mei@example.com","action":"pot.create","target":"pot 4","detail":{"size":4}`, `"at":"2026-10-01T04:00:00Z"`,
			}},
			{Name: "operator", Call: apitest.Call{As: "operator", Path: "/audit"}, Status: 403},
			{Name: "bad cursor", Call: apitest.Call{As: "owner", Path: "/audit?cursor=!"}, Status: 400, Has: []string{"request.cursor"}},
			{Name: "bad limit", Call: apitest.Call{As: "owner", Path: "/audit?limit=0"}, Status: 422, Has: []string{"query.limit"}},
		})
	})
}
