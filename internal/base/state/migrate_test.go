package state_test

import (
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

// files makes a folder of migrations from names and texts.
func files(pairs ...string) fs.FS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

const (
	first  = "CREATE TABLE pot (id IDKEY, name TEXT NOT NULL);\nCREATE INDEX pot_name ON pot (name);"
	second = "ALTER TABLE pot ADD COLUMN size BIGINT NOT NULL DEFAULT 7;"
)

// Migrations run once, in order, later ones over the rows that are there, and rooms number theirs independently.
func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		require.NoError(t, db.Migrate(t.Context(), "pot", files("0001_pot.sql", first)))
		require.NoError(t, db.Migrate(t.Context(), "pot", files("0001_pot.sql", first)))
		require.NoError(t, db.Migrate(t.Context(), "pan", files("0001_pan.sql", "CREATE TABLE pan (id IDKEY)")))
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Insert(t.Context(), "INSERT INTO pot (name) VALUES (?)", "old")
			return err
		}))
		require.NoError(t, db.Migrate(t.Context(), "pot", files("0001_pot.sql", first, "0002_size.sql", second)))
		require.EqualValues(t, 7, count(t, db, "SELECT size FROM pot WHERE name = ?", "old"))
		require.NoError(t, db.Migrate(t.Context(), "lid", files("migrations/0001_lid.sql", "CREATE TABLE lid (id IDKEY, size BIGINT)")))
		require.NoError(t, db.Migrate(t.Context(), "lid", files("0001_lid.sql", "the same, from another root")))
		require.EqualValues(t, 0, count(t, db, "SELECT count(*) FROM lid WHERE size <> ?", 1))
	})
}

// Tables written by a newer program are refused, and not touched.
func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		require.NoError(t, db.Migrate(t.Context(), "pot", files("0001_pot.sql", first, "0002_size.sql", second)))
		err := db.Migrate(t.Context(), "pot", files("0001_pot.sql", first))
		require.Equal(t, fault.Conflict, fault.KindOf(err), "%v", err)
		require.Equal(t, "state.newer", fault.CodeOf(err))
		require.ErrorContains(t, err, "pot tables at 2, this program knows 1")
		require.Zero(t, count(t, db, "SELECT count(size) FROM pot"))
	})
}

// A migration that fails half-way leaves the schema as it was, and the mended one runs.
func TestBrokenMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		require.Error(t, db.Migrate(t.Context(), "pot", files("0001_pot.sql", first+"\nCREATE TABLE pot (again BIGINT);")))
		require.NoError(t, db.Migrate(t.Context(), "pot", files("0001_pot.sql", first)))
		require.Zero(t, count(t, db, "SELECT count(*) FROM pot"))
	})
}

// A file without a number is the programmer's mistake and is named.
func TestMigrationWithoutNumber(t *testing.T) {
	t.Parallel()
	db := statetest.SQLite(t)
	require.ErrorContains(t, db.Migrate(t.Context(), "pot", files("pot.sql", first)), "pot/pot.sql has no number")
}

// Nodes that start at the same moment on one PostgreSQL bring it up to date together.
func TestConcurrentOpen(t *testing.T) {
	t.Parallel()
	url := statetest.PostgresURL(t)
	var wg sync.WaitGroup
	errs := make(chan error, 6)
	for range cap(errs) {
		wg.Go(func() {
			db, err := state.Open(t.Context(), url, clock.System{})
			if err == nil {
				err = db.Migrate(t.Context(), "pot", files("0001_pot.sql", first, "0002_size.sql", second))
				_ = db.Close()
			}
			errs <- err
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
}
