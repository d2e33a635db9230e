package state

import (
	"context"
	"time"
)

// Emit writes an encoded event beside the rows that caused it; a relay appends it to the log after the commit. key is unique: the
// same thing said twice is said once.
func (tx *Tx) Emit(ctx context.Context, key string, body []byte) error {
	_, err := tx.Exec(ctx, "INSERT INTO outbox (key, body, at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING", key, body, Micros(tx.Now))
	return err
}

// Appender is the durable log, as the relay needs it: nil means that every body is on disk.
type Appender interface {
	Append(ctx context.Context, bodies ...[]byte) (uint64, error)
}

// Relay moves the outbox to the log until ctx ends: oldest first, deleted only after the log has synced. A crash in between sends
// again; the pool drops repeated message ids.
func (db *DB) Relay(ctx context.Context, log Appender, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		n, err := db.relayOnce(ctx, log)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if n > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (db *DB) relayOnce(ctx context.Context, log Appender) (int, error) {
	rows, err := db.Query(ctx, "SELECT id, body FROM outbox ORDER BY id LIMIT 500")
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var ids []any
	var bodies [][]byte
	for rows.Next() {
		var id int64
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return 0, err
		}
		ids = append(ids, id)
		bodies = append(bodies, body)
	}
	if err := rows.Err(); err != nil || len(bodies) == 0 {
		return 0, err
	}
	if _, err := log.Append(ctx, bodies...); err != nil {
		return 0, err
	}
	err = db.InTx(ctx, func(tx *Tx) error {
		// Exactly the rows that were read: on PostgreSQL one with a smaller id may have been committed meanwhile.
		_, err := tx.Exec(ctx, "DELETE FROM outbox WHERE id IN "+Marks(1, len(ids)), ids...)
		return err
	})
	return len(bodies), err
}

// Position is how far a reader of the log has come, 0 if it never read.
func Position(ctx context.Context, q Querier, reader string) (uint64, error) {
	var n int64
	err := q.QueryRow(ctx, "SELECT COALESCE(MAX(position), 0) FROM log_position WHERE reader = ?", reader).Scan(&n)
	return uint64(n), err //nolint:gosec // positions are never negative
}

// SetPosition stores how far a reader has come, in the transaction that holds what it read.
func (tx *Tx) SetPosition(ctx context.Context, reader string, position uint64) error {
	_, err := tx.Exec(ctx, `INSERT INTO log_position (reader, position) VALUES (?, ?)
		ON CONFLICT (reader) DO UPDATE SET position = excluded.position`, reader, int64(position)) //nolint:gosec // fits
	return err
}
