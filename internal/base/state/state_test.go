package state_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

// jar is a table with everything that rooms use: a generated id, a unique text, a number, bytes, a fraction and a truth value.
func jar(t *testing.T, db *state.DB) {
	t.Helper()
	require.NoError(t, db.Migrate(t.Context(), "jar", files("0001_jar.sql",
		"CREATE TABLE jar (id IDKEY, name TEXT NOT NULL UNIQUE, n BIGINT NOT NULL DEFAULT 0, raw BYTES, part DOUBLE, open BOOLEAN)")))
}

func count(t *testing.T, db *state.DB, query string, args ...any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, db.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}

// What one transaction wrote is read back as it was, and the transaction's time stands still.
func TestTransactionKeepsWhatItWrote(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(statetest.Start())
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		jar(t, db)
		var id int64
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			at := tx.Now
			clk.Add(time.Hour)
			require.Equal(t, at, tx.Now)
			var err error
			id, err = tx.Insert(t.Context(), "INSERT INTO jar (name, n, raw, part, open) VALUES (?, ?, ?, ?, ?)",
				"活水", int64(1)<<62, []byte{0, 1, 255}, 0.1, true)
			if err != nil {
				return err
			}
			var seen string // the transaction sees its own rows
			return tx.QueryRow(t.Context(), "SELECT name FROM jar WHERE id = ?", id).Scan(&seen)
		}))
		var (
			name string
			n    int64
			raw  []byte
			part float64
			open bool
		)
		require.NoError(t, db.QueryRow(t.Context(), "SELECT name, n, raw, part, open FROM jar WHERE id = ?", id).Scan(&name, &n, &raw, &part, &open))
		require.Equal(t, []any{"活水", int64(1) << 62, []byte{0, 1, 255}, 0.1, true}, []any{name, n, raw, part, open})
	}, statetest.With(clk))
}

// A transaction that fails, panics or loses its context leaves nothing behind, and the next one is not kept waiting.
func TestFailedTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	ends := map[string]func(cancel func()) error{
		"error":    func(func()) error { return broken },
		"panic":    func(func()) error { panic(broken) },
		"canceled": func(cancel func()) error { cancel(); return nil },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			statetest.Each(t, func(t *testing.T, db *state.DB) {
				jar(t, db)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				func() {
					defer func() { _ = recover() }()
					err := db.InTx(ctx, func(tx *state.Tx) error {
						_, err := tx.Insert(ctx, "INSERT INTO jar (name) VALUES (?)", "lost")
						require.NoError(t, err)
						return end(cancel)
					})
					require.Error(t, err)
				}()
				next, stop := context.WithTimeout(t.Context(), 4*time.Second)
				defer stop()
				require.NoError(t, db.InTx(next, func(tx *state.Tx) error {
					_, err := tx.Insert(next, "INSERT INTO jar (name) VALUES (?)", "kept")
					return err
				}))
				require.EqualValues(t, 1, count(t, db, "SELECT count(*) FROM jar"))
			})
		})
	}
}

// The same unique value twice is an error, and with ON CONFLICT DO NOTHING it is no row: the portable way to ask "am I the first?".
func TestUniqueViolation(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		jar(t, db)
		put := func(query string) error {
			return db.InTx(t.Context(), func(tx *state.Tx) error {
				_, err := tx.Insert(t.Context(), query, "one")
				return err
			})
		}
		require.NoError(t, put("INSERT INTO jar (name) VALUES (?)"))
		require.Error(t, put("INSERT INTO jar (name) VALUES (?)"))
		require.ErrorIs(t, put("INSERT INTO jar (name) VALUES (?) ON CONFLICT (name) DO NOTHING"), sql.ErrNoRows)
		require.EqualValues(t, 1, count(t, db, "SELECT count(*) FROM jar"))
	})
}

// Writers at the same time neither lose an update nor fail, and readers are not kept waiting by a transaction that is open.
func TestConcurrentWriters(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		jar(t, db)
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Insert(t.Context(), "INSERT INTO jar (name) VALUES (?)", "shared")
			return err
		}))
		const writers, each = 12, 15
		var wg sync.WaitGroup
		errs := make(chan error, writers)
		for range writers {
			wg.Go(func() {
				for range each {
					if err := db.InTx(t.Context(), func(tx *state.Tx) error {
						_, err := tx.Exec(t.Context(), "UPDATE jar SET n = n + 1 WHERE name = ?", "shared")
						return err
					}); err != nil {
						errs <- err
						return
					}
				}
			})
		}
		wg.Wait()
		close(errs)
		require.NoError(t, <-errs)
		require.EqualValues(t, writers*each, count(t, db, "SELECT n FROM jar"))

		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE jar SET n = 0")
			require.NoError(t, err)
			require.EqualValues(t, writers*each, count(t, db, "SELECT n FROM jar"), "a reader sees the last committed state")
			return nil
		}))
	})
}

// A text that is used again and again, which is kept parsed after a while, does the same each time; also after the table has changed.
func TestKeptStatements(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		jar(t, db)
		for round := range int64(12) {
			require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
				if round == 8 {
					if _, err := tx.Exec(t.Context(), "ALTER TABLE jar ADD COLUMN more BIGINT NOT NULL DEFAULT 7"); err != nil {
						return err
					}
				}
				for i := range int64(2) {
					if _, err := tx.Exec(t.Context(), "INSERT INTO jar (name, n) VALUES (?, ?)", strings.Repeat("x", int(2*round+i)+1), 1); err != nil {
						return err
					}
				}
				var n int64
				if err := tx.QueryRow(t.Context(), "SELECT sum(n) FROM jar").Scan(&n); err != nil {
					return err
				}
				require.Equal(t, 2*(round+1), n)
				return nil
			}))
		}
		require.EqualValues(t, 24*7, count(t, db, "SELECT sum(more) FROM jar"))
	})
}

// The size on disk is known and grows.
func TestSize(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		n, err := db.Size(t.Context())
		require.NoError(t, err)
		require.Positive(t, n)
	})
}

// Another program that holds the write lock gives a fault that says what to do, and nothing is lost when it lets go.
func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	at := statetest.SQLiteURL(t)
	db := statetest.Open(t, at)
	jar(t, db)
	path := strings.TrimPrefix(at, "sqlite://")
	other, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_txlock=immediate")
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	hold, err := other.BeginTx(t.Context(), nil)
	require.NoError(t, err)

	write := func() error {
		return db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Insert(t.Context(), "INSERT INTO jar (name) VALUES (?)", "a")
			return err
		})
	}
	err = write()
	require.Equal(t, fault.Unavailable, fault.KindOf(err), "%v", err)
	require.Equal(t, "state.unavailable", fault.CodeOf(err))
	require.ErrorContains(t, err, "another program holds the state database")
	second, err := state.Open(t.Context(), at, clock.System{})
	require.NoError(t, err, "opening what is up to date needs no write")
	require.NoError(t, second.Close())

	require.NoError(t, hold.Rollback())
	require.NoError(t, write())
}

// A URL that names no store, a folder that cannot be written and a server that is not there are told apart and explained.
func TestOpenFailures(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		url  string
		kind fault.Kind
		says string
	}{
		"no scheme":    {"state.db", fault.Invalid, "must begin with sqlite:// or postgres://"},
		"not a file":   {"sqlite://" + t.TempDir(), fault.Unavailable, "cannot be written"},
		"no server":    {"postgres://nobody@/none?host=" + filepath.Join(t.TempDir(), "nowhere"), fault.Unavailable, "its server is running"},
		"broken query": {"postgres://nobody@127.0.0.1:1/none?connect_timeout=1", fault.Unavailable, "its server is running"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := state.Open(t.Context(), c.url, clock.System{})
			require.Equal(t, c.kind, fault.KindOf(err), "%v", err)
			require.ErrorContains(t, err, c.says)
		})
	}
}
