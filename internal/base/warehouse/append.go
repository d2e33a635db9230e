package warehouse

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Row is one event as it is stored. Times are microseconds since 1970 UTC. Properties, Traits and Context are raw JSON or nil.
type Row struct {
	Anchor, Person              int64
	Time, Received              int64
	Type                        uint8
	Name, ID                    string
	Source, Import              int64
	Channel, Class              string
	Amount                      int64 // minor units; counts only with a Currency
	Currency                    string
	Properties, Traits, Context []byte
	Position                    uint64
}

// Move says that an anchor's rows now belong to another person.
type Move struct{ Anchor, Person int64 }

// Append stores rows and moves and the log position they reach, all or nothing.
func (w *Warehouse) Append(ctx context.Context, rows []Row, moves []Move, position uint64) (err error) {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("append to the warehouse: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// Without this, two threads store a large batch, whichever is first.
	unordered, err := inOrder(ctx, conn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unordered()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("append to the warehouse: %w", err)
	}
	defer func() {
		if err != nil {
			_, back := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, back)
		}
	}()
	if err := conn.Raw(func(dc any) error { return appendRows(dc, rows) }); err != nil {
		return fmt.Errorf("append %d rows to the warehouse: %w", len(rows), err)
	}
	if err := conn.Raw(func(dc any) error { return appendMoves(ctx, dc.(driver.Conn), moves) }); err != nil { //nolint:errcheck // it is one
		return fmt.Errorf("append %d moves to the warehouse: %w", len(moves), err)
	}
	if _, err := conn.ExecContext(ctx, "INSERT OR REPLACE INTO log_position VALUES (true, ?)", position); err != nil {
		return fmt.Errorf("store the warehouse's log position: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("append to the warehouse: commit: %w", err)
	}
	return nil
}

func appendRows(dc any, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	c, err := nativeConn(dc)
	if err != nil {
		return err
	}
	w, err := newWriter(c)
	if err != nil {
		return err
	}
	return errors.Join(w.append(rows), w.close())
}

func appendMoves(ctx context.Context, conn driver.Conn, moves []Move) error {
	if len(moves) == 0 {
		return nil
	}
	ex := conn.(driver.ExecerContext) //nolint:errcheck // DuckDB's connections are
	last := make(map[int64]int64, len(moves))
	for _, m := range moves {
		last[m.Anchor] = m.Person
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(last)), 200) { // one statement a move would take as long as the rows do
		args := make([]driver.NamedValue, 0, 2*len(part))
		for _, anchor := range part {
			args = append(args, driver.NamedValue{Ordinal: len(args) + 1, Value: anchor}, driver.NamedValue{Ordinal: len(args) + 2, Value: last[anchor]})
		}
		if _, err := ex.ExecContext(ctx, "INSERT OR REPLACE INTO remap VALUES "+strings.Repeat("(?, ?),", len(part)-1)+"(?, ?)", args); err != nil {
			return err
		}
	}
	return nil
}
