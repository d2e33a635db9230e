package membership

import (
	"context"
	"fmt"
	"iter"

	"github.com/huoshui/huoshui/internal/base/state"
)

// putParts and readParts cut lists for statements with only a few different texts, which stay parsed.
func putParts[T any](list []T) iter.Seq[[]T] { return state.Parts(list, 64, 8, 1) }

func readParts[T any](list []T) iter.Seq[[]T] { return state.Parts(list, 100, 10, 1) }

// write stores what a batch decided, and sends its signals.
func (e *Engine) write(ctx context.Context, tx *state.Tx, b *batch) error {
	for part := range putParts(b.changes) {
		args := make([]any, 0, 7*len(part))
		for _, c := range part {
			args = append(args, c.id, c.unit.id, c.person, b.at.Now, c.from, c.to, c.cause)
		}
		if _, err := tx.Exec(ctx, tx.Dialect().Insert()+" INTO membership_change (id, unit, person, at, from_level, to_level, cause) VALUES "+
			state.Marks(len(part), 7), args...); err != nil {
			return fmt.Errorf("write changes: %w", err)
		}
	}
	for _, k := range b.bulks {
		if err := k.insert(ctx, tx); err != nil {
			return fmt.Errorf("write a bulk of changes: %w", err)
		}
	}
	if err := writeWaits(ctx, tx, b.waits); err != nil {
		return fmt.Errorf("write falls held back: %w", err)
	}
	for _, d := range b.dueNew {
		if _, err := tx.Exec(ctx, "INSERT INTO membership_due (node, at) VALUES (?, ?) ON CONFLICT DO NOTHING", d.node, d.at); err != nil {
			return fmt.Errorf("write due people: %w", err)
		}
	}
	for _, d := range b.dueDone {
		if _, err := tx.Exec(ctx, "DELETE FROM membership_due WHERE node = ? AND at = ?", d.node, d.at); err != nil {
			return fmt.Errorf("forget due people: %w", err)
		}
	}
	if err := e.send(ctx, tx, b, b.told); err != nil {
		return fmt.Errorf("send signals: %w", err)
	}
	if len(b.changes)+len(b.bulks)+len(b.told) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE membership_state SET last_id = ? WHERE one = 1", b.lastID)
	return err
}

func writeWaits(ctx context.Context, tx *state.Tx, waits []wait) error {
	var put []wait
	for _, w := range waits {
		if w.since != 0 {
			put = append(put, w)
			continue
		}
		if _, err := tx.Exec(ctx, "DELETE FROM membership_wait WHERE unit = ? AND person = ?", w.unit.id, w.person); err != nil {
			return err
		}
	}
	for part := range putParts(put) {
		args := make([]any, 0, 3*len(part))
		for _, w := range part {
			args = append(args, w.unit.id, w.person, w.since)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO membership_wait (unit, person, since) VALUES "+state.Marks(len(part), 3)+
			" ON CONFLICT (unit, person) DO UPDATE SET since = excluded.since", args...); err != nil {
			return err
		}
	}
	return nil
}

// putUnit writes a unit's row as it will be.
func putUnit(ctx context.Context, tx *state.Tx, u *unit, names []string, paused bool, inForce, next *spec, cause string) error {
	text, static, err := inForce.encode("")
	if err != nil {
		return err
	}
	nextText, nextStatic, err := next.encode(cause)
	if err != nil {
		return err
	}
	list, err := encodeNames(names)
	if err != nil {
		return err
	}
	st := stateActive
	if paused {
		st = statePaused
	}
	if u.id == 0 {
		u.id, err = tx.Insert(ctx, `INSERT INTO membership_unit (owner, key, state, names, spec, static, next_spec, next_static)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, string(u.owner), u.key, st, list, text, static, nextText, nextStatic)
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE membership_unit SET state = ?, names = ?, spec = ?, static = ?, next_spec = ?, next_static = ? WHERE id = ?",
		st, list, text, static, nextText, nextStatic, u.id)
	return err
}

// States of a unit.
const (
	stateActive  = "active"
	statePaused  = "paused"
	stateRemoved = "removed"
)
