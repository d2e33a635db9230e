// Package warehouse is the columnar store: every event with all its properties, for trends, exports and free questions. DuckDB in a
// file (the default); a ClickHouse cluster speaks the same rows behind the same methods when one machine is outgrown.
//
// A row keeps the anchor (the identity node that the event belongs to for ever) and the person as it was when the row was written.
// When people merge or part, the rows stay and a small table remap says anchor → person now; the view "events" looks through it.
package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Options of a warehouse.
type Options struct {
	// Path of the DuckDB file.
	Path string
	// MemoryMB bounds DuckDB's own memory; larger work spills to disk. 384 if 0.
	MemoryMB int
	// Threads of one query. 2 if 0.
	Threads int
}

// Warehouse is an open columnar store, safe for concurrent use; appends are serialised by the caller.
type Warehouse struct {
	db   *sql.DB
	path string
}

// schemaVersion is what this program writes; a newer file is refused.
const schemaVersion = 1

const schema = `
CREATE TABLE IF NOT EXISTS event_row (
  anchor BIGINT NOT NULL, person BIGINT NOT NULL, time TIMESTAMP NOT NULL, received TIMESTAMP NOT NULL, type UTINYINT NOT NULL,
  name VARCHAR NOT NULL, id VARCHAR NOT NULL, source BIGINT NOT NULL, import BIGINT NOT NULL, channel VARCHAR NOT NULL, class VARCHAR NOT NULL,
  amount BIGINT, currency VARCHAR, properties VARCHAR, traits VARCHAR, context VARCHAR, position UBIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS remap (anchor BIGINT PRIMARY KEY, person BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS log_position (one BOOLEAN PRIMARY KEY, position UBIGINT NOT NULL);
CREATE OR REPLACE VIEW events AS
  SELECT e.* REPLACE (COALESCE(m.person, e.person) AS person) FROM event_row e LEFT JOIN remap m USING (anchor);
`

// Open opens or creates the store.
func Open(ctx context.Context, o Options) (*Warehouse, error) {
	if o.MemoryMB == 0 {
		o.MemoryMB = 384
	}
	if o.Threads == 0 {
		o.Threads = 2
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make the warehouse folder: %w", err)
	}
	set := []string{
		fmt.Sprintf("SET memory_limit='%dMB'", o.MemoryMB), fmt.Sprintf("SET threads=%d", o.Threads), "SET preserve_insertion_order=false",
		"SET checkpoint_threshold='64MB'", "SET TimeZone='UTC'", "SET enable_external_access=false",
		"SET autoinstall_known_extensions=false", "SET autoload_known_extensions=false",
	}
	temp := strings.ReplaceAll(o.Path+".tmp", "'", "''")
	set = append([]string{"SET temp_directory='" + temp + "'"}, set...)
	// These settings belong to the whole database, and the last ones lock it: the first connection makes them, the others find them made.
	var once sync.Once
	connector, err := duckdb.NewConnector(o.Path, func(ex driver.ExecerContext) (err error) {
		once.Do(func() {
			for _, s := range set {
				if _, err = ex.ExecContext(ctx, s, nil); err != nil {
					err = fmt.Errorf("%s: %w", s, err)
					return
				}
			}
		})
		return err
	})
	if err != nil {
		return nil, openFault(err)
	}
	w := &Warehouse{db: sql.OpenDB(connector), path: o.Path}
	w.db.SetMaxIdleConns(8)
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, w.db.Close())
	}
	return w, nil
}

func openFault(err error) error {
	message := "the warehouse cannot be opened; check the data folder and the free space on its disk"
	switch text := err.Error(); {
	case strings.Contains(text, "lock"):
		message = "another program has the warehouse open; end it and try again"
	case strings.Contains(text, "newer"), strings.Contains(text, "version"):
		message = "the warehouse was written by a newer version; use that version or a newer one, nothing was changed"
	}
	return fault.Wrap(err, fault.Unavailable, "warehouse.open", "%s", message)
}

func (w *Warehouse) prepare(ctx context.Context) error {
	if _, err := w.db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"); err != nil {
		return openFault(err)
	}
	var version sql.NullInt64
	if err := w.db.QueryRowContext(ctx, "SELECT max(version) FROM schema_version").Scan(&version); err != nil {
		return openFault(err)
	}
	if version.Int64 > schemaVersion {
		return fault.New(fault.Conflict, "warehouse.newer", "the warehouse was written by a newer version of Huoshui (%d, this program knows %d); use that version or a newer one, nothing was changed", version.Int64, schemaVersion)
	}
	if version.Int64 == schemaVersion {
		return nil
	}
	if _, err := w.db.ExecContext(ctx, "BEGIN;"+schema+fmt.Sprintf("INSERT INTO schema_version VALUES (%d); COMMIT", schemaVersion)); err != nil {
		return fmt.Errorf("create the warehouse tables: %w", err)
	}
	return nil
}

// Close writes everything into the file and closes it.
func (w *Warehouse) Close() error { return w.db.Close() }

// Query asks a question. The view "events" has one row per event with its present person; times are UTC.
func (w *Warehouse) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return w.db.QueryContext(ctx, query, args...)
}

// QueryRow asks for one row.
func (w *Warehouse) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return w.db.QueryRowContext(ctx, query, args...)
}

// Position is the log position up to which events are in.
func (w *Warehouse) Position(ctx context.Context) (uint64, error) {
	var p sql.NullInt64
	if err := w.db.QueryRowContext(ctx, "SELECT max(position) FROM log_position").Scan(&p); err != nil {
		return 0, fmt.Errorf("read the warehouse's log position: %w", err)
	}
	return uint64(p.Int64), nil //nolint:gosec // never negative
}

// Size is the bytes on disk.
func (w *Warehouse) Size() int64 {
	var n int64
	for _, suffix := range []string{"", ".wal"} {
		if fi, err := os.Stat(w.path + suffix); err == nil {
			n += fi.Size()
		}
	}
	return n
}

// Micros is a stored time as microseconds since 1970.
func Micros(t time.Time) int64 { return t.UnixMicro() }
