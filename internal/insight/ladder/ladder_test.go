package ladder_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/ladder"
)

// What operators read: small pools, the whole answer as its CSV has it, and who is behind each number.
func TestCases(t *testing.T) {
	t.Parallel()
	insighttest.Cases(t, "testdata/*.txt", func(d *insight.Desk) {
		db, quiet := statetest.SQLite(t), slog.New(slog.DiscardHandler)
		trail, err := audit.New(t.Context(), db)
		require.NoError(t, err)
		defs, err := define.New(t.Context(), db, trail, quiet)
		require.NoError(t, err)
		_, err = ladder.New(t.Context(), ladder.Options{Desk: d, Definitions: defs, Logger: quiet})
		require.NoError(t, err)
	})
}
