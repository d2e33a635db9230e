// Package audit remembers who did what.
//
// An entry is written in the transaction that does the thing, so there is no act without its entry and no entry without its act. Entries
// are never changed. An action is a verb with its room in front ("user.create", "settings.change"); the target names what it was done
// to; the detail holds what one would want to know later, and never a secret.
package audit

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Entry is one act.
type Entry struct {
	ID     int64           `json:"id"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor"  doc:"E-mail address, \"key: name\" or \"system\""`
	Action string          `json:"action" example:"user.create"`
	Target string          `json:"target" example:"mei@example.com"`
	Detail json.RawMessage `json:"detail" doc:"An object, its shape depends on the action"`
}

// Log writes and reads entries.
type Log struct{ db *state.DB }

// New opens the audit log.
func New(ctx context.Context, db *state.DB) (*Log, error) {
	if err := db.Migrate(ctx, "audit", migrations); err != nil {
		return nil, err
	}
	return &Log{db: db}, nil
}

// Record writes an entry into the transaction. The actor is the context's; detail is a value that becomes a JSON object, or nil.
func (l *Log) Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error {
	text := []byte("{}")
	if detail != nil {
		var err error
		if text, err = json.Marshal(detail); err != nil {
			return fmt.Errorf("audit detail of %s: %w", action, err)
		}
	}
	who := actor.From(ctx)
	if !who.Known() {
		return fmt.Errorf("audit %s: nobody is in the context; it needs an actor", action)
	}
	_, err := tx.Exec(ctx, "INSERT INTO audit (at, actor, actor_kind, actor_id, action, target, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
		state.Micros(tx.Now), who.Label(), string(who.Kind), who.ID, action, target, string(text))
	return err
}

// List reads the newest entries first, a page at a time.
func (l *Log) List(ctx context.Context, p httpapi.Paging) (httpapi.Page[Entry], error) {
	before := int64(1<<63 - 1)
	if _, err := httpapi.DecodeCursor(p.Cursor, &before); err != nil {
		return httpapi.Page[Entry]{}, err
	}
	rows, err := l.db.Query(ctx, "SELECT id, at, actor, action, target, detail FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", before, p.Limit+1)
	if err != nil {
		return httpapi.Page[Entry]{}, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var entries []Entry
	for rows.Next() {
		var e Entry
		var at int64
		var detail string
		if err := rows.Scan(&e.ID, &at, &e.Actor, &e.Action, &e.Target, &detail); err != nil {
			return httpapi.Page[Entry]{}, err
		}
		e.At, e.Detail = state.Time(at), json.RawMessage(detail)
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return httpapi.Page[Entry]{}, err
	}
	return httpapi.PageOf(entries, p.Limit, func(e Entry) string { return httpapi.EncodeCursor(e.ID) }), nil
}
