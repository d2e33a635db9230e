package state

import (
	"context"
	"database/sql"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Tx is one writing transaction. Now is the same moment for everything done in it.
type Tx struct {
	tx  *sql.Tx
	db  *DB
	own map[string]*sql.Stmt // kept statements, as this transaction uses them
	Now time.Time
}

// Dialect is the engine in use.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

// SQL is the transaction as database/sql knows it, for libraries that bring their own SQL (the job queue).
func (tx *Tx) SQL() *sql.Tx { return tx.tx }

// Exec runs a statement.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := tx.kept(ctx, query); s != nil { //nolint:sqlclosecheck // ends with the transaction
		return s.ExecContext(ctx, args...)
	}
	return tx.tx.ExecContext(ctx, tx.db.bind(query), args...)
}

// Query reads rows; close them before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := tx.kept(ctx, query); s != nil { //nolint:sqlclosecheck // ends with the transaction
		return s.QueryContext(ctx, args...)
	}
	return tx.tx.QueryContext(ctx, tx.db.bind(query), args...)
}

// QueryRow reads one row.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if s := tx.kept(ctx, query); s != nil { //nolint:sqlclosecheck // ends with the transaction
		return s.QueryRowContext(ctx, args...)
	}
	return tx.tx.QueryRowContext(ctx, tx.db.bind(query), args...)
}

// Insert runs an INSERT of one row into a table with a generated "id" and returns that id.
func (tx *Tx) Insert(ctx context.Context, query string, args ...any) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, query+" RETURNING id", args...).Scan(&id)
	return id, err
}

// bind turns "?" outside quotes into "$1", "$2" … for PostgreSQL.
func (db *DB) bind(query string) string {
	if db.dialect == SQLite {
		return query
	}
	if s, ok := db.rebound.Load(query); ok {
		return s.(string) //nolint:errcheck // only strings are stored
	}
	s := Rebind(query)
	if len(query) < 4096 { // very long texts are generated for one batch
		db.rebound.Store(query, s)
	}
	return s
}

// Rebind turns "?" outside quoted text into "$1", "$2" …
func Rebind(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	var quote byte
	for i := range len(query) {
		c := query[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '?':
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Marks is "(?,?,…)" n times joined by commas, for multi-row INSERTs and IN lists: Marks(2, 3) = "(?,?,?),(?,?,?)".
func Marks(rows, cols int) string {
	row := "(" + strings.Repeat("?,", cols-1) + "?)"
	return strings.Repeat(row+",", rows-1) + row
}

// Parts cuts a list into parts of the given sizes, the largest first, so that statements made for a part have only a few different
// texts, which stay parsed. The last size must be 1.
func Parts[T any](list []T, sizes ...int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for _, size := range sizes {
			for len(list) >= size {
				if !yield(list[:size]) {
					return
				}
				list = list[size:]
			}
		}
	}
}

// Micros is t as it is stored: microseconds since 1970 UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Time is the stored time as a time.
func Time(us int64) time.Time { return time.UnixMicro(us).UTC() }

// TimePtr is nil for 0, the stored form of "never".
func TimePtr(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := Time(us)
	return &t
}
