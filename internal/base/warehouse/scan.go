package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Scan asks for many events, column by column.
type Scan struct {
	After, To  uint64 // log positions (After, To]
	Name       string // only events of this name; empty for all
	Currency   string // amounts of other currencies are left out
	Properties bool   // with the events' properties
	WithoutOf  uint8  // leave out events of this type; 0 for none
}

// Block is a few thousand events of a scan. It is good until the function that it is given to returns.
type Block struct {
	Anchor, Time  []int64
	Name, Channel []uint32 // numbers of Words
	Words         []string // only grows during a scan; may be kept
	Amount        []int64
	HasAmount     []bool
	Properties    [][]byte // nil if not asked for
}

// Scan streams events in the order in which they were stored, without a detour through single values: some million events a second. It
// holds a connection meanwhile, and no more than a few blocks in memory.
func (w *Warehouse) Scan(ctx context.Context, q Scan, yield func(*Block) error) (err error) {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("scan the warehouse: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	unordered, err := inOrder(ctx, conn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unordered()) }()
	return scan(ctx, conn, q, yield)
}

// inOrder makes a connection keep rows in the order in which they are stored, until the function that it gives is called. Other
// connections need no order and are faster without.
func inOrder(ctx context.Context, conn *sql.Conn) (unordered func() error, err error) {
	if _, err := conn.ExecContext(ctx, "SET SESSION preserve_insertion_order=true"); err != nil {
		return nil, fmt.Errorf("keep the warehouse's rows in order: %w", err)
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "RESET SESSION preserve_insertion_order")
		return err
	}, nil
}

func (q *Scan) statement() string {
	var b strings.Builder
	b.WriteString("SELECT anchor, time, name, channel, CASE WHEN currency = $1 THEN amount END")
	if q.Properties {
		b.WriteString(", properties")
	}
	fmt.Fprintf(&b, " FROM event_row WHERE position > %d AND position <= %d", q.After, q.To)
	if q.WithoutOf != 0 {
		fmt.Fprintf(&b, " AND type <> %d", q.WithoutOf)
	}
	if q.Name != "" {
		b.WriteString(" AND name = $2")
	}
	return b.String()
}

func scan(ctx context.Context, conn *sql.Conn, q Scan, yield func(*Block) error) error {
	return conn.Raw(func(dc any) error {
		c, err := nativeConn(dc)
		if err != nil {
			return err
		}
		// An interruption that comes late would hit whoever has the connection next: wait for it.
		interrupted := make(chan struct{})
		stop := context.AfterFunc(ctx, func() {
			bindings.Interrupt(c)
			close(interrupted)
		})
		defer func() {
			if !stop() {
				<-interrupted
			}
		}()
		var stmt bindings.PreparedStatement
		defer bindings.DestroyPrepare(&stmt)
		if bindings.Prepare(c, q.statement(), &stmt) == bindings.StateError {
			return fmt.Errorf("scan the warehouse: prepare: %s", bindings.PrepareError(stmt))
		}
		if bindings.BindVarchar(stmt, 1, q.Currency) == bindings.StateError || q.Name != "" && bindings.BindVarchar(stmt, 2, q.Name) == bindings.StateError {
			return fmt.Errorf("scan the warehouse: bind: %s", bindings.PrepareError(stmt))
		}
		var pending bindings.PendingResult
		defer bindings.DestroyPending(&pending)
		// The other calls put the whole answer into memory first. This one is deprecated and has no successor yet.
		if bindings.PendingPreparedStreaming(stmt, &pending) == bindings.StateError { //nolint:staticcheck // see above
			return scanError(ctx, bindings.PendingError(pending))
		}
		var result bindings.Result
		defer bindings.DestroyResult(&result)
		if bindings.ExecutePending(pending, &result) == bindings.StateError {
			return scanError(ctx, bindings.ResultError(&result))
		}
		words := newWords()
		for {
			done, err := nextBlock(&result, words, q.Properties, yield)
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case done:
				if text := bindings.ResultError(&result); text != "" {
					return scanError(ctx, text)
				}
				return nil
			}
		}
	})
}

func scanError(ctx context.Context, text string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("scan the warehouse: %s", text)
}

// nativeConn is the connection beneath the driver's. The driver has no call for it, and none that gives column values as they lie in
// memory; a test notices if a new version of it is built differently.
func nativeConn(dc any) (c bindings.Connection, err error) {
	v := reflect.Indirect(reflect.ValueOf(dc))
	if v.Kind() == reflect.Struct {
		if f := v.FieldByName("conn"); f.IsValid() && f.Type() == reflect.TypeFor[bindings.Connection]() {
			c.Ptr = f.FieldByName("Ptr").UnsafePointer()
		}
	}
	if c.Ptr == nil {
		return c, fmt.Errorf("scan the warehouse: the driver's %T has no connection of the known kind", dc)
	}
	return c, nil
}

func nextBlock(result *bindings.Result, words *words, properties bool, yield func(*Block) error) (done bool, err error) {
	chunk := bindings.FetchChunk(*result)
	if chunk.Ptr == nil {
		return true, nil
	}
	defer bindings.DestroyDataChunk(&chunk)
	n := int(bindings.DataChunkGetSize(chunk))
	if n == 0 {
		return true, nil
	}
	b := &words.block
	b.Anchor, _ = column[int64](chunk, 0, n)
	b.Time, _ = column[int64](chunk, 1, n)
	names, _ := column[native](chunk, 2, n)
	channels, _ := column[native](chunk, 3, n)
	amounts, has := column[int64](chunk, 4, n)
	words.chunk++
	b.Name = words.codes(b.Name[:0], names)
	b.Channel = words.codes(b.Channel[:0], channels)
	b.Words = words.all
	b.Amount = amounts
	b.HasAmount = b.HasAmount[:0]
	for i := range n {
		b.HasAmount = append(b.HasAmount, has.at(i))
	}
	b.Properties = nil
	if properties {
		texts, has := column[native](chunk, 5, n)
		words.texts = words.texts[:0]
		for i := range texts {
			if has.at(i) {
				words.texts = append(words.texts, texts[i].bytes())
			} else {
				words.texts = append(words.texts, nil)
			}
		}
		b.Properties = words.texts
	}
	return false, yield(b)
}

// validity has one bit a row; nil if no row is NULL.
type validity []uint64

func (v validity) at(i int) bool { return v == nil || v[i/64]>>(i%64)&1 == 1 }

// column is a column of a chunk as it lies in DuckDB's memory.
func column[T any](chunk bindings.DataChunk, i bindings.IdxT, n int) ([]T, validity) {
	v := bindings.DataChunkGetVector(chunk, i)
	values := unsafe.Slice((*T)(bindings.VectorGetData(v)), n) //nolint:gosec // the C interface gives an address
	mask := bindings.VectorGetValidity(v)
	if mask == nil {
		return values, nil
	}
	return values, unsafe.Slice((*uint64)(mask), (n+63)/64) //nolint:gosec // the C interface gives an address
}

// CountBetween is how many events lie in the range of log positions (after, to].
func (w *Warehouse) CountBetween(ctx context.Context, after, to uint64) (n int64, err error) {
	err = w.db.QueryRowContext(ctx, "SELECT count(*) FROM event_row WHERE position > ? AND position <= ?", after, to).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count events: %w", err)
	}
	return n, nil
}

// Cut gives ascending log positions that cut (after, to] into parts of about so many events; the last is to. Rows are stored in the order
// of their positions, so one look at every so many rows is enough.
func (w *Warehouse) Cut(ctx context.Context, after, to uint64, events int64) (cuts []uint64, err error) {
	var first, last sql.NullInt64
	const ends = "SELECT min(rowid), max(rowid) FROM event_row WHERE position > ? AND position <= ?"
	if err := w.db.QueryRowContext(ctx, ends, after, to).Scan(&first, &last); err != nil {
		return nil, fmt.Errorf("cut the events: %w", err)
	}
	at := after
	for row := first.Int64 + events; first.Valid && row <= last.Int64; row += events {
		var position sql.NullInt64
		const near = "SELECT min(position) FROM event_row WHERE rowid >= ? AND rowid < ? AND position > ? AND position < ?"
		if err := w.db.QueryRowContext(ctx, near, row, row+2048, at, to).Scan(&position); err != nil {
			return nil, fmt.Errorf("cut the events: %w", err)
		}
		if position.Valid {
			at = uint64(position.Int64)
			cuts = append(cuts, at)
		}
	}
	return append(cuts, to), nil
}
