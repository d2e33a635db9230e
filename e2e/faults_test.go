//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"
	"github.com/stretchr/testify/require"
)

// few is a batch of events and what the pool holds after it.
func (p *pool) few(t *testing.T) (apiKey string, want totals) {
	t.Helper()
	apiKey = p.apiKey(t, "owner")
	send := &sender{key: p.writeKey(t), http: http.DefaultClient}
	s := p.start(t, apiKey)
	status, err := send.send(t.Context(), s.url, batch(0, false))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	s.settled(t)
	s.get(t, "/totals", &want)
	require.EqualValues(t, batchSize, want.Events)
	s.stop(t)
	return apiKey, want
}

// unchanged proves that nothing happened to the pool.
func (p *pool) unchanged(t *testing.T, want totals) {
	t.Helper()
	require.Equal(t, want, p.totals(t))
}

// A second process on a folder is refused and told what to do, whichever comes second; the first goes on.
func TestSecondProcess(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	key, want := p.few(t)
	s := p.start(t, key)
	for _, args := range [][]string{
		{"totals", "--json"}, {"serve", "--listen", "127.0.0.1:0"}, {"key", "create", "--kind", "write"}, {"import", dataset(t, "febrl_dataset1.csv.gz"), "--as", "people"},
	} {
		p.refused(t, "datadir.locked", []string{p.dir, "stop it first", "--server"}, args...)
	}
	var got totals
	s.get(t, "/totals", &got)
	require.Equal(t, want, got)
	s.stop(t)
	p.unchanged(t, want)
}

// An address that is taken is refused before anything is opened, so that not even a file appears.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close() //nolint:errcheck // end of the test
	p := newPool(t)
	p.refused(t, "serve.listen", []string{l.Addr().String(), "--listen"}, "serve", "--listen", l.Addr().String())
	require.NoDirExists(t, p.dir)
}

// A folder of a newer version is refused, whichever part is newer, and every file stays as it was.
func TestNewerVersion(t *testing.T) {
	t.Parallel()
	for _, newer := range []struct {
		name, code string
		make       func(t *testing.T, dir string)
	}{
		{"folder", "datadir.newer", func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "format.json"), []byte(`{"format":99,"program":"9.0.0"}`), 0o600))
		}},
		{"state", "state.newer", func(t *testing.T, dir string) {
			change(t, "sqlite3", filepath.Join(dir, "state.db"), "INSERT INTO migrations_person (version_id, is_applied, tstamp) VALUES (9999, 1, '2030-01-01 00:00:00')")
		}},
		{"warehouse", "warehouse.newer", func(t *testing.T, dir string) {
			change(t, "duckdb", filepath.Join(dir, "warehouse.duckdb"), "INSERT INTO schema_version VALUES (9999)")
		}},
	} {
		t.Run(newer.name, func(t *testing.T) {
			t.Parallel()
			p := newPool(t)
			_, _ = p.few(t)
			newer.make(t, p.dir)
			before := files(t, p.dir)
			p.refused(t, newer.code, []string{"newer", "nothing was changed"}, "totals", "--json")
			p.refused(t, newer.code, nil, "serve", "--listen", "127.0.0.1:0")
			after := files(t, p.dir)
			for name, content := range before {
				require.True(t, bytes.Equal(content, after[name]), "%s was changed", name)
			}
		})
	}
}

func change(t *testing.T, driver, path, statement string) {
	t.Helper()
	db, err := sql.Open(driver, path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// files reads what must not change: the engines' own notes about an orderly end may.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, pattern := range []string{"format.json", "state.db", "warehouse.duckdb", "seen/*", "log/jetstream/*/*/*/msgs/*.blk"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		for _, path := range found {
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			all[path] = b
		}
	}
	require.GreaterOrEqual(t, len(all), 4)
	return all
}

// Another program holds the database: a start is refused with the reason; a running server that can no longer write ends with it, and
// what it acknowledged meanwhile is there after the next start.
func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	key, want := p.few(t)
	writeKey := p.writeKey(t)
	release := p.hold(t)
	p.refused(t, "state.unavailable", []string{"another program holds the state database"}, "key", "create", "--kind", "write")
	release()
	p.unchanged(t, want)

	s := p.start(t, key)
	send := &sender{key: writeKey, http: http.DefaultClient}
	status, err := send.send(t.Context(), s.url, batch(1, false)) // so that the key is known without the database
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	s.settled(t)
	release = p.hold(t)
	status, err = send.send(t.Context(), s.url, batch(2, false))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, "the log takes events in whatever the database does")
	require.NotZero(t, s.ended(t))
	refusal(t, s.log.String(), "state.unavailable", "another program holds the state database")
	release()
	numbers := make([]int, 3*batchSize)
	for i := range numbers {
		numbers[i] = i
	}
	s = p.start(t, key)
	s.settled(t)
	s.everybody(t, people(numbers))
	s.stop(t)
	require.Equal(t, numbers, p.stored(t))
}

// hold takes the state database away from the program until release.
func (p *pool) hold(t *testing.T) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(p.dir, "state.db"))
	require.NoError(t, err)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	until(t, "the database is ours", func() bool {
		_, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
		return err == nil
	})
	return func() {
		_, err := conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		require.NoError(t, db.Close())
	}
}
