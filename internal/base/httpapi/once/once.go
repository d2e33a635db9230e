// Package once makes a POST safe to repeat: the same Idempotency-Key of the same actor for the same operation does its work once, and
// every repetition gets the first answer.
//
// The answer is stored in the transaction that does the work, so a crash leaves both or neither. A key is good for a day. The same key
// with another request is refused: it is a mistake of the client, and doing either thing would hide it.
package once

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Keep is how long a key is remembered.
const Keep = 24 * time.Hour

// MaxKey is the longest key in bytes.
const MaxKey = 200

// Header is the parameter of an operation that can be repeated. Embed it in an input.
type Header struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"A text of the client's choice; sending it again repeats the answer, not the work" maxLength:"200"`
}

// Open brings the table up to date.
func Open(ctx context.Context, db *state.DB) error {
	return db.Migrate(ctx, "once", migrations)
}

// Do runs work at most once per actor, operation and key, inside the caller's transaction, and gives its answer: the first one, if it
// has been done before. request is what was asked for; answer types must survive JSON. Without a key, work just runs.
func Do[T any](ctx context.Context, tx *state.Tx, operation, key string, request any, work func() (T, error)) (T, error) {
	var zero T
	if key == "" {
		return work()
	}
	if len(key) > MaxKey {
		return zero, fault.New(fault.Invalid, "request.idempotency_key", "an Idempotency-Key has at most %d bytes", MaxKey)
	}
	asked, err := json.Marshal(request)
	if err != nil {
		return zero, fmt.Errorf("request of %s as JSON: %w", operation, err)
	}
	print := sha256.Sum256(asked)
	who := actor.From(ctx).Label()
	// On PostgreSQL a second transaction with the same key waits here until the first has ended.
	id, err := tx.Insert(ctx, `INSERT INTO once (actor, operation, key, request, answer, at) VALUES (?, ?, ?, ?, '', ?)
		ON CONFLICT (actor, operation, key) DO NOTHING`, who, operation, key, print[:], state.Micros(tx.Now))
	if errors.Is(err, sql.ErrNoRows) {
		return again[T](ctx, tx, who, operation, key, print[:])
	}
	if err != nil {
		return zero, err
	}
	answer, err := work()
	if err != nil {
		return zero, err // the transaction ends, and the key with it
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return zero, fmt.Errorf("answer of %s as JSON: %w", operation, err)
	}
	_, err = tx.Exec(ctx, "UPDATE once SET answer = ? WHERE id = ?", string(text), id)
	return answer, err
}

func again[T any](ctx context.Context, tx *state.Tx, who, operation, key string, print []byte) (T, error) {
	var answer T
	var request []byte
	var text string
	err := tx.QueryRow(ctx, "SELECT request, answer FROM once WHERE actor = ? AND operation = ? AND key = ?", who, operation, key).Scan(&request, &text)
	if err != nil {
		return answer, err
	}
	if !bytes.Equal(request, print) {
		return answer, fault.New(fault.Conflict, "request.idempotency_key", "this Idempotency-Key was used for another request; take a new one")
	}
	return answer, json.Unmarshal([]byte(text), &answer)
}

// Forget deletes keys that are older than Keep.
func Forget(ctx context.Context, db *state.DB) error {
	return db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM once WHERE at < ?", state.Micros(tx.Now.Add(-Keep)))
		return err
	})
}
