package rulebench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/seen"
)

// folder is where the parts of a pool lie.
type folder string

func (f folder) warehouse() string           { return filepath.Join(string(f), "warehouse.duckdb") }
func (f folder) state() string               { return "sqlite://" + filepath.Join(string(f), "state.db") }
func (f folder) log() string                 { return filepath.Join(string(f), "log") }
func (f folder) seen() string                { return filepath.Join(string(f), "seen") }
func (f folder) timeline() string            { return filepath.Join(string(f), "timeline") }
func (f folder) peers() string               { return filepath.Join(string(f), "peers.duckdb") }
func (f folder) parquet(table string) string { return filepath.Join(string(f), table+".parquet") }

// fillSome is how many events are made by one statement.
const fillSome = 2_500_000

// makeEvents fills the warehouse.
func (c crowd) makeEvents(ctx context.Context, f folder, told func(done int64)) (err error) {
	w, err := warehouse.Open(ctx, warehouse.Options{Path: f.warehouse()}) // makes the tables
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	db, err := openDuckDB(ctx, f.warehouse(), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for from := int64(0); from < c.events; from += fillSome {
		to := min(from+fillSome, c.events)
		if _, err := db.ExecContext(ctx, c.insertRows(from, to)); err != nil {
			return fmt.Errorf("make events: %w", err)
		}
		told(to)
	}
	if _, err := db.ExecContext(ctx, "INSERT OR REPLACE INTO log_position VALUES (true, ?)", c.records()); err != nil {
		return fmt.Errorf("make events: %w", err)
	}
	return nil
}

// makeLog makes a log that ends where the events do, and a duplicate index that has read it. The events themselves are not in it: nobody is
// going to read them again.
func (c crowd) makeLog(ctx context.Context, f folder, db *state.DB) (err error) {
	log, err := eventlog.Open(ctx, eventlog.Options{Dir: f.log(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	for at := uint64(0); at < uint64(c.records()); {
		if at, err = log.Append(ctx, []byte{}); err != nil {
			return fmt.Errorf("make the log: %w", err)
		}
	}
	index, err := seen.Open(seen.Options{Dir: f.seen()})
	if err != nil {
		return err
	}
	if err := errors.Join(index.Flush(uint64(c.records()), true), index.Close()); err != nil {
		return fmt.Errorf("make the duplicate index: %w", err)
	}
	return db.InTx(ctx, func(tx *state.Tx) error { return tx.SetPosition(ctx, "pool", uint64(c.records())) })
}
