// Package statetest gives tests real databases: an SQLite file in a folder of the test, and a PostgreSQL database in a throw-away
// cluster that the test binary starts for itself.
//
// A suite that runs under Each holds on both engines, or it fails; nothing is skipped. The cluster is one per test binary, started by
// the first test that needs it, and it ends with the binary, however that ends.
package statetest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state"
)

// An Option changes how a test database is opened.
type Option func(*options)

type options struct{ clock clock.Clock }

// With opens the database with the test's own clock.
func With(clk clock.Clock) Option { return func(o *options) { o.clock = clk } }

// Start is the moment at which the clock of a test database stands if the test brings none.
func Start() time.Time { return time.Date(2026, 10, 1, 4, 0, 0, 0, time.UTC) }

func apply(opts []Option) options {
	o := options{clock: clock.NewManual(Start())}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// Each runs the test once per engine, as parallel subtests "sqlite" and "postgres", each with an empty database of its own.
func Each(t *testing.T, run func(t *testing.T, db *state.DB), opts ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, SQLite(t, opts...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, Postgres(t, opts...))
	})
}

// SQLite opens an empty SQLite database that ends with the test.
func SQLite(t testing.TB, opts ...Option) *state.DB {
	t.Helper()
	return Open(t, SQLiteURL(t), opts...)
}

// Postgres opens an empty PostgreSQL database that ends with the test.
func Postgres(t testing.TB, opts ...Option) *state.DB {
	t.Helper()
	return Open(t, PostgresURL(t), opts...)
}

// SQLiteURL names an SQLite file that does not exist yet, in a folder that ends with the test.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	return "sqlite://" + filepath.Join(t.TempDir(), "state.db")
}

// Open opens the database at the URL and closes it with the test. A second Open of the same URL is a second program's view of it.
func Open(t testing.TB, url string, opts ...Option) *state.DB {
	t.Helper()
	db, err := state.Open(t.Context(), url, apply(opts).clock)
	if err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", url, err)
		}
	})
	return db
}
