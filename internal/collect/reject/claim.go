package reject

import (
	"context"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
)

const (
	// perClaim bounds how many events are replayed at once, so that one append to the log can hold them.
	perClaim = 100
	// forgotten is when a claim has outlived the process that made it. Replays take moments.
	forgotten = 2 * time.Minute
)

// choice says which open events to claim: those of ids, or all with code after an id ("" for any code).
type choice struct {
	ids   []int64
	code  string
	after int64
	upTo  int64
}

// claim takes open events for this replay alone, oldest first, at most perClaim. Whoever else wants them meanwhile gets others or none.
func (s *Store) claim(ctx context.Context, c choice) (token string, items []Rejected, err error) {
	token = id.Token(10)
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		where, args := "(state = ? OR state = ? AND claimed_at < ?)", []any{string(Waiting), string(Claimed), state.Micros(tx.Now.Add(-forgotten))}
		if c.ids != nil {
			where += " AND id IN " + state.Marks(1, len(c.ids))
			for _, i := range c.ids {
				args = append(args, i)
			}
		} else {
			where += " AND id > ? AND id <= ?"
			args = append(args, c.after, c.upTo)
		}
		if c.code != "" {
			where += " AND code = ?"
			args = append(args, c.code)
		}
		query := "SELECT " + columns + " FROM rejected WHERE " + where + " ORDER BY id LIMIT ?"
		if tx.Dialect() == state.Postgres {
			query += " FOR UPDATE SKIP LOCKED" // SQLite has one writer at a time anyway
		}
		var err error
		if items, err = scan(tx.Query(ctx, query, append(args, perClaim)...)); err != nil || len(items) == 0 {
			return err
		}
		mine := []any{string(Claimed), token, state.Micros(tx.Now)}
		for i := range items {
			mine = append(mine, items[i].ID)
		}
		_, err = tx.Exec(ctx, "UPDATE rejected SET state = ?, claim = ?, claimed_at = ? WHERE id IN "+state.Marks(1, len(items)), mine...)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("claim rejected events: %w", err)
	}
	return token, items, nil
}

// release gives claimed events back untried.
func (s *Store) release(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE rejected SET state = ?, claim = '' WHERE claim = ?", string(Waiting), token)
		return err
	})
}

// settle writes what came of a claim's events. note is called in the same transaction.
func (s *Store) settle(ctx context.Context, token string, items []Rejected, reasons []*Reason, note func(tx *state.Tx, accepted []int64) error) (accepted []int64, err error) {
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		accepted = accepted[:0]
		for i, item := range items {
			r := reasons[i]
			if r == nil {
				accepted = append(accepted, item.ID)
				continue
			}
			if _, err := tx.Exec(ctx, "UPDATE rejected SET state = ?, claim = '', replays = replays + 1, code = ?, reason = ?, hint = ? WHERE id = ? AND claim = ?",
				string(Waiting), r.Code, r.Text, r.Hint, item.ID, token); err != nil {
				return err
			}
		}
		if len(accepted) > 0 {
			args := []any{string(Replayed), token}
			for _, i := range accepted {
				args = append(args, i)
			}
			if _, err := tx.Exec(ctx, "UPDATE rejected SET state = ?, claim = '', replays = replays + 1 WHERE claim = ? AND id IN "+state.Marks(1, len(accepted)), args...); err != nil {
				return err
			}
		}
		return note(tx, accepted)
	})
	if err != nil {
		return nil, fmt.Errorf("settle replayed events: %w", err)
	}
	return accepted, nil
}

// rewrite replaces a claimed event's body.
func (s *Store) rewrite(ctx context.Context, token string, id int64, body string) error {
	return s.db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE rejected SET body = ?, cut = ? WHERE id = ? AND claim = ?", plain(body), false, id, token)
		return err
	})
}

// drop gives up open events. It returns how many.
func (s *Store) drop(ctx context.Context, tx *state.Tx, ids []int64) (int64, error) {
	args := []any{string(Dropped), string(Waiting)}
	for _, i := range ids {
		args = append(args, i)
	}
	res, err := tx.Exec(ctx, "UPDATE rejected SET state = ? WHERE state = ? AND id IN "+state.Marks(1, len(ids)), args...)
	if err != nil {
		return 0, fmt.Errorf("drop rejected events: %w", err)
	}
	return res.RowsAffected()
}

// last is the newest id.
func (s *Store) last(ctx context.Context) (n int64, err error) {
	err = s.db.QueryRow(ctx, "SELECT COALESCE(MAX(id), 0) FROM rejected").Scan(&n)
	return n, err
}

// Clean deletes events that were rejected before a moment, in small transactions so that intake never waits long. It returns how many.
func (s *Store) Clean(ctx context.Context, before time.Time) (total int64, err error) {
	for {
		var n int64
		err := s.db.InTx(ctx, func(tx *state.Tx) error {
			res, err := tx.Exec(ctx, "DELETE FROM rejected WHERE id IN (SELECT id FROM rejected WHERE at < ? ORDER BY at LIMIT 1000)", state.Micros(before))
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return total, fmt.Errorf("clean rejected events: %w", err)
		}
		if total += n; n == 0 {
			return total, s.measure(ctx)
		}
	}
}
