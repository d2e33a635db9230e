package importer_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/importer"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// instant is a pool that takes no time, so that the benchmark shows the importer and the log.
type instant struct{}

func (instant) Wait(context.Context, uint64) error             { return nil }
func (instant) Accepted(context.Context, int64) (int64, error) { return 0, nil }

// BenchmarkOnlineRetail imports the 541,909 rows into a real log that syncs to disk.
func BenchmarkOnlineRetail(b *testing.B) {
	log, err := eventlog.Open(b.Context(), eventlog.Options{Dir: b.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	defer func() { require.NoError(b, log.Close()) }()
	s, err := importer.New(b.Context(), importer.Dependencies{
		State: statetest.SQLite(b), Log: log, Pool: instant{}, Dir: b.TempDir(), Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler),
		Kinds: func() identity.Kinds { return identity.NewKinds() },
		Defaults: func() importer.Defaults {
			return importer.Defaults{Currency: "GBP", TimeZone: "Europe/London", Region: "GB"}
		},
	})
	require.NoError(b, err)
	for b.Loop() {
		i, err := s.Import(b.Context(), importer.StartInput{Path: data(b, "online_retail.csv.gz"), Preset: shape.OrderLines}, nil)
		require.NoError(b, err)
		require.EqualValues(b, 541909, i.Rows)
		require.EqualValues(b, 135120, i.Rejected)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/import")
}
