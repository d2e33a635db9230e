// Package state is the transactional store: SQLite in a file (the default) or PostgreSQL, chosen by URL.
//
// Every room keeps its tables here and writes one portable SQL text with "?" for arguments; state rebinds it for PostgreSQL.
// Times are int64 microseconds since 1970 UTC, JSON is TEXT, ids are int64.
//
// SQLite has one writer connection (transactions begin IMMEDIATE) and many readers, so that a long read never waits for a write.
// Its pragmas are in the DSN, because a PRAGMA through Exec would reach one pooled connection only. synchronous=FULL: a committed
// transaction is on the disk.
package state

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Dialect names the engine behind a DB.
type Dialect string

// The engines.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Insert is the verb for inserting several rows in a hot path. On SQLite it spares the journal that could undo half a statement: whoever
// uses it gives up the whole transaction on an error anyway.
func (d Dialect) Insert() string {
	if d == SQLite {
		return "INSERT OR FAIL"
	}
	return "INSERT"
}

// Querier is what both a DB (reads outside a transaction) and a Tx offer.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	Dialect() Dialect
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	write, read *sql.DB
	dialect     Dialect
	clock       clock.Clock
	path        string
	rebound     sync.Map // query → text for the dialect
	statements  statements
	checkpoints *checkpoints // of SQLite
}

// Open opens the store named by url ("sqlite:///path/to/file.db" or "postgres://…") and brings its own tables up to date.
func Open(ctx context.Context, rawURL string, clk clock.Clock) (*DB, error) {
	db := &DB{clock: clk, statements: statements{kept: map[string]*sql.Stmt{}, wanted: map[string]int{}}}
	scheme, rest, _ := strings.Cut(rawURL, "://")
	var err error
	switch scheme {
	case "sqlite":
		db.dialect, db.path = SQLite, rest
		err = db.openSQLite()
	case "postgres", "postgresql":
		db.dialect = Postgres
		err = db.openPostgres(rawURL)
	default:
		return nil, fault.New(fault.Invalid, "state.url", "state URL must begin with sqlite:// or postgres://")
	}
	if err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	if err := db.write.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fault.Wrap(err, fault.Unavailable, "state.open", "the state store cannot be opened: %s",
			cmp.Or(hint(err), "check the state URL and that its server is running"))
	}
	if err := db.Migrate(ctx, "state", migrations()); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) openPostgres(rawURL string) error {
	var err error
	if db.write, err = sql.Open("pgx", rawURL); err != nil {
		return err
	}
	db.write.SetMaxOpenConns(16)
	db.write.SetMaxIdleConns(8)
	db.write.SetConnMaxIdleTime(5 * time.Minute)
	db.read = db.write
	return nil
}

// Close closes all connections.
func (db *DB) Close() error {
	if db.read == db.write || db.read == nil {
		return db.write.Close()
	}
	return errors.Join(db.checkpoints.close(), db.read.Close(), db.write.Close())
}

// Dialect is the engine in use.
func (db *DB) Dialect() Dialect { return db.dialect }

// Writer is the pool of writing connections, for libraries that bring their own SQL (the job queue).
func (db *DB) Writer() *sql.DB { return db.write }

// Size is how many bytes the store takes on disk.
func (db *DB) Size(ctx context.Context) (int64, error) {
	if db.dialect == Postgres {
		var n int64
		err := db.read.QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&n)
		return n, err
	}
	var n int64
	for _, suffix := range []string{"", "-wal"} {
		if fi, err := os.Stat(db.path + suffix); err == nil {
			n += fi.Size()
		}
	}
	return n, nil
}

// Query reads outside a transaction.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.read.QueryContext(ctx, db.bind(query), args...)
}

// QueryRow reads one row outside a transaction.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return db.read.QueryRowContext(ctx, db.bind(query), args...)
}

// InTx runs fn in one writing transaction and commits if fn returns nil. fn must not keep tx.
func (db *DB) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	db.prepareWanted(ctx)
	sqlTx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return wrapBusy(err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // only a panic comes here with the transaction open; it must not keep SQLite's one writer
	tx := &Tx{tx: sqlTx, db: db, Now: db.clock.Now(), own: map[string]*sql.Stmt{}}
	if err := fn(tx); err != nil {
		return errors.Join(err, ignoreDone(sqlTx.Rollback()))
	}
	if err := sqlTx.Commit(); err != nil {
		return wrapBusy(fmt.Errorf("commit: %w", err))
	}
	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// wrapBusy turns "database is locked" and "disk full" into faults that say what to do.
func wrapBusy(err error) error {
	if text := hint(err); text != "" {
		return fault.Wrap(err, fault.Unavailable, "state.unavailable", "%s", text)
	}
	return err
}

func hint(err error) string {
	msg := err.Error()
	switch {
	case strings.Contains(msg, "database is locked"), strings.Contains(msg, "SQLITE_BUSY"):
		return "another program holds the state database; end it and try again"
	case strings.Contains(msg, "disk is full"), strings.Contains(msg, "no space left"), strings.Contains(msg, "SQLITE_FULL"):
		return "the disk is full; free some space and start again, nothing acknowledged is lost"
	case strings.Contains(msg, "readonly"), strings.Contains(msg, "unable to open"):
		return "the state file cannot be written; check the folder's permissions"
	}
	return ""
}
