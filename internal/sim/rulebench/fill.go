package rulebench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"golang.org/x/sync/errgroup"

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
const fillSome = 1_000_000

// makeEvents fills the warehouse.
func (c crowd) makeEvents(ctx context.Context, f folder, told func(done int64)) (err error) {
	w, err := warehouse.Open(ctx, warehouse.Options{Path: f.warehouse()}) // makes the tables
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	// One thread for each statement keeps its rows in order without DuckDB's way of keeping order, which takes twice the time; so two
	// statements run beside each other, and commit one after the other.
	db, err := openDuckDB(ctx, f.warehouse(), 1, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	g, filling := errgroup.WithContext(ctx)
	g.SetLimit(2)
	before := make(chan struct{}) // closed when all before has been committed
	close(before)
	for from := int64(0); from < c.events; from += fillSome {
		to, turn, done := min(from+fillSome, c.events), before, make(chan struct{})
		before = done
		g.Go(func() error {
			if err := c.insert(filling, db, from, to, turn); err != nil {
				return fmt.Errorf("make events: %w", err)
			}
			told(to)
			close(done)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "INSERT OR REPLACE INTO log_position VALUES (true, ?)", c.records()); err != nil {
		return fmt.Errorf("make events: %w", err)
	}
	return nil
}

// insert makes the events of [from, to) and commits them when it is their turn.
func (c crowd) insert(ctx context.Context, db *sql.DB, from, to int64, turn <-chan struct{}) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, c.insertRows(from, to)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	select {
	case <-turn:
		return tx.Commit()
	case <-ctx.Done():
		return errors.Join(ctx.Err(), tx.Rollback())
	}
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
