package auth

import (
	"context"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
)

type seenKind int

const (
	seenUser seenKind = iota + 1
	seenSession
	seenKey
)

type seenWho struct {
	kind seenKind
	id   int64
}

// seen collects when somebody was last seen, between two flushes. A crash forgets at most one interval of it.
type seen struct {
	mu sync.Mutex
	at map[seenWho]time.Time
}

func (s *seen) note(kind seenKind, id int64, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[seenWho]time.Time{}
	}
	s.at[seenWho{kind, id}] = at
}

func (s *seen) last(kind seenKind, id int64) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at[seenWho{kind, id}]
}

// take empties the collection.
func (s *seen) take() map[seenWho]time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.at
	s.at = nil
	return at
}

// giveBack returns what could not be stored, unless something newer is known.
func (s *seen) giveBack(at map[seenWho]time.Time) {
	for who, t := range at {
		if t.After(s.last(who.kind, who.id)) {
			s.note(who.kind, who.id, t)
		}
	}
}

func storeSeen(ctx context.Context, tx *state.Tx, who seenWho, at time.Time) error {
	query := ""
	switch who.kind {
	case seenUser:
		query = "UPDATE auth_user SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?"
	case seenSession:
		query = "UPDATE auth_session SET seen_at = ? WHERE id = ? AND seen_at < ?"
	case seenKey:
		query = "UPDATE auth_key SET last_used_at = ? WHERE id = ? AND last_used_at < ?"
	}
	_, err := tx.Exec(ctx, query, state.Micros(at), who.id, state.Micros(at))
	return err
}

func deleteExpired(ctx context.Context, tx *state.Tx) error {
	now := state.Micros(tx.Now)
	if _, err := tx.Exec(ctx, "DELETE FROM auth_session WHERE expires_at <= ? OR seen_at <= ?", now, now-SessionIdle.Microseconds()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM auth_throttle WHERE last_at < ? AND until_at < ?", now-forgetAfter.Microseconds(), now)
	return err
}
