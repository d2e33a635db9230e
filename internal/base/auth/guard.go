package auth

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
)

// Guard protects what has a password of its own besides those of users, such as links for outsiders: with the same hash, the same turns and
// the same waiting as sign-in.
type Guard struct{ s *Service }

// Guard is the guard of this room.
func (s *Service) Guard() Guard { return Guard{s} }

// Seal gives the stored form of a password.
func (g Guard) Seal(ctx context.Context, password string) (string, error) {
	return g.s.hasher.hash(ctx, password)
}

// Fits says whether a password is the one that was sealed.
func (g Guard) Fits(ctx context.Context, sealed, password string) (bool, error) {
	if len(password) > MaxPassword {
		return false, nil
	}
	ok, _, err := g.s.hasher.verify(ctx, sealed, password)
	return ok, err
}

// Attempt counts an attempt before it is made. After the free ones it is refused with TooMany "auth.throttled" until a wait is over, which
// doubles each time. The subject begins with what it is ("link 7"), so that it is none of sign-in's own.
func (g Guard) Attempt(ctx context.Context, subject string, free int64) error {
	return g.s.db.InTx(ctx, func(tx *state.Tx) error { return g.s.charge(ctx, tx, subject, free) })
}

// Forgive forgets the attempts after one that was right.
func (g Guard) Forgive(ctx context.Context, subject string) error {
	return g.s.db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM auth_throttle WHERE subject = ?", subject)
		return err
	})
}
