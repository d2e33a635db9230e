package importer_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/importer"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// TestSweep: an upload stays as long as its import may still need it and the time to keep it lasts, and no longer.
func TestSweep(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		clk, dir, w := clock.NewManual(statetest.Start()), t.TempDir(), newWorld()
		// The tables take the database's clock: both stand still until the test moves ours.
		start := func() (*importer.Service, func()) {
			s, err := importer.New(t.Context(), importer.Dependencies{
				State: db, Log: w, Pool: w, Dir: dir, Clock: clk, Logger: slog.New(slog.DiscardHandler), Keep: 24 * time.Hour, KeepLists: 24 * time.Hour,
				Kinds:    func() identity.Kinds { return identity.NewKinds() },
				Defaults: func() importer.Defaults { return importer.Defaults{Currency: "CNY"} },
			})
			require.NoError(t, err)
			return s, background(t, s)
		}
		s, stop := start()
		u, err := s.Take(t.Context(), "p.csv", "ann@example.com", strings.NewReader(peopleFile(2)))
		require.NoError(t, err)
		i, err := s.Start(t.Context(), importer.StartInput{FileID: u.ID, Preset: shape.People})
		require.NoError(t, err)
		await(t, func() bool { i, err = s.Get(t.Context(), i.ID); return err == nil && i.State == importer.Done })
		stop()
		require.FileExists(t, filepath.Join(dir, "files", u.ID))
		require.FileExists(t, s.RejectsPath(i.ID))
		require.NoError(t, os.Chtimes(s.RejectsPath(i.ID), clk.Now(), clk.Now()))

		leftover := filepath.Join(dir, "files", "x.part")
		require.NoError(t, os.WriteFile(leftover, nil, 0o600))
		clk.Add(25 * time.Hour)
		s, stop = start()
		require.NoFileExists(t, leftover)
		await(t, func() bool { _, err := os.Stat(s.RejectsPath(i.ID)); return os.IsNotExist(err) })
		stop()
		require.NoFileExists(t, filepath.Join(dir, "files", u.ID))
		_, err = s.Start(t.Context(), importer.StartInput{FileID: u.ID, Preset: shape.People})
		require.Equal(t, "import.no_file", fault.CodeOf(err))
		kept, err := s.Get(t.Context(), i.ID)
		require.NoError(t, err)
		require.Equal(t, importer.Done, kept.State, "the import itself stays in the list")
	})
}

// TestOtherBatches: an import interrupted under other rules for batches sends everything again, since its checkpoint counts other batches.
func TestOtherBatches(t *testing.T) {
	t.Parallel()
	db, dir, w := statetest.SQLite(t), t.TempDir(), newWorld()
	kinds := identity.NewKinds()
	open := func() *importer.Service {
		s, err := importer.New(t.Context(), importer.Dependencies{
			State: db, Log: w, Pool: w, Dir: dir, Logger: slog.New(slog.DiscardHandler), Clock: &ticking{now: statetest.Start(), step: time.Second},
			Kinds: func() identity.Kinds { return kinds }, Defaults: func() importer.Defaults { return importer.Defaults{} },
		})
		require.NoError(t, err)
		return s
	}
	in := importer.StartInput{Path: write(t, "file.csv", peopleFile(1500)), Preset: shape.People}
	w.before = func(n int) error {
		if n == 4 {
			return fault.New(fault.Unavailable, "eventlog.append", "the disk is full")
		}
		return nil
	}
	_, err := open().Import(t.Context(), in, nil)
	require.Error(t, err)
	w.before = nil
	before := w.sent
	require.Positive(t, before)
	kinds = identity.NewKinds(identity.Kind{Kind: "crm_id", Strong: true, Trait: "crm_id"})
	i, err := open().Import(t.Context(), in, nil)
	require.NoError(t, err)
	require.Equal(t, counts{1503, 1502, 1, 0}, countsOf(i))
	require.Equal(t, before+1502, w.sent)
}
