package auth

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"net/netip"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// SignInInput is an attempt to come in.
type SignInInput struct {
	Email, Password string
	Address         netip.Addr
	Agent           string
	Previous        string // the session token that the browser had before, which ends
}

// SignedIn is a session that has just begun. The token goes into the cookie and is nowhere else.
type SignedIn struct {
	User    User
	Token   string
	Expires time.Time
}

var errWrong = fault.New(fault.NotSignedIn, "auth.wrong_password", "the e-mail address or the password is not right")

// SignIn begins a session. A wrong address and a wrong password are told alike; who tries too often is told TooMany with the time to wait.
func (s *Service) SignIn(ctx context.Context, in SignInInput) (SignedIn, error) {
	email := foldEmail(in.Email)
	if len(email) > 254 || len(in.Password) > MaxPassword {
		return SignedIn{}, errWrong
	}
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		if err := s.charge(ctx, tx, addressSubject(in.Address), freePerAddress); err != nil {
			return err
		}
		return s.charge(ctx, tx, accountSubject(email), freePerAccount)
	})
	if err != nil {
		return SignedIn{}, err
	}
	u, found, err := findUser(ctx, s.db, email)
	if err != nil {
		return SignedIn{}, err
	}
	if !found {
		u.password = s.hasher.nobody
	}
	ok, stale, err := s.hasher.verify(ctx, u.password, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if !ok || !found {
		s.log.InfoContext(ctx, "sign-in refused", "email", email, "address", in.Address.String())
		return SignedIn{}, errWrong
	}
	if u.Disabled {
		return SignedIn{}, fault.New(fault.Forbidden, "auth.disabled", "this user is disabled; ask an owner of the pool")
	}
	fresh := ""
	if stale {
		if fresh, err = s.hasher.hash(ctx, in.Password); err != nil {
			return SignedIn{}, err
		}
	}
	return s.begin(ctx, in, u, fresh)
}

// begin stores the session, ends the browser's previous one, and renews a password hash of an outdated cost.
func (s *Service) begin(ctx context.Context, in SignInInput, u User, freshHash string) (SignedIn, error) {
	got := SignedIn{User: u, Token: token()}
	ctx = actor.With(ctx, u.actor())
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		now, err := getUser(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		if now.Disabled || now.password != u.password { // changed since it was checked
			return errWrong
		}
		if freshHash != "" {
			if _, err := tx.Exec(ctx, "UPDATE auth_user SET password = ? WHERE id = ?", freshHash, u.ID); err != nil {
				return err
			}
		}
		if err := refund(ctx, tx, u.Email, in.Address); err != nil {
			return err
		}
		if in.Previous != "" {
			if _, err := tx.Exec(ctx, "DELETE FROM auth_session WHERE hash = ?", digest(in.Previous)); err != nil {
				return err
			}
		}
		got.Expires = tx.Now.Add(SessionLife)
		at := state.Micros(tx.Now)
		if _, err := tx.Exec(ctx, `INSERT INTO auth_session (hash, user_id, created_at, seen_at, expires_at, address, agent)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, digest(got.Token), u.ID, at, at, state.Micros(got.Expires), in.Address.String(), in.Agent); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, "session.begin", u.Email, map[string]string{"address": in.Address.String()})
	})
	if err != nil {
		return SignedIn{}, err
	}
	seenAt := s.clock.Now()
	s.seen.note(seenUser, u.ID, seenAt)
	got.User.LastSeenAt = &seenAt
	return got, nil
}

// SignOut ends a session. A token that is none ends nothing.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx *state.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, "DELETE FROM auth_session WHERE hash = ? RETURNING user_id", digest(token)).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		u, err := getUser(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.audit.Record(actor.With(ctx, u.actor()), tx, "session.end", u.Email, nil)
	})
}

// ChangePasswordInput is a user's change of his own password.
type ChangePasswordInput struct {
	Current, Next string
	Session       string // stays; all others end
}

// Validate says what is wrong with the input.
func (in ChangePasswordInput) Validate() error {
	var c fault.Check
	checkPassword(&c, "body.next", in.Next, "")
	c.That(in.Next != in.Current, "body.next", "take another one than before")
	return c.Err("auth.password_invalid", "the password cannot be changed; see errors")
}

// ChangePassword changes the password of the user who acts, and ends all of his other sessions.
func (s *Service) ChangePassword(ctx context.Context, in ChangePasswordInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	who := FromContext(ctx)
	if who.Kind != actor.User {
		return fault.New(fault.Forbidden, "auth.no_password", "only users have passwords; sign in as one")
	}
	u, err := getUser(ctx, s.db, who.ID)
	if err != nil {
		return err
	}
	if err := s.db.InTx(ctx, func(tx *state.Tx) error { // a stolen session must not serve to guess the password
		return s.charge(ctx, tx, accountSubject(u.Email), freePerAccount)
	}); err != nil {
		return err
	}
	ok, _, err := s.hasher.verify(ctx, u.password, in.Current)
	if err != nil {
		return err
	}
	if !ok {
		return &fault.Error{
			Kind: fault.Invalid, Code: "auth.wrong_password", Message: "the present password is not right",
			Violations: []fault.Violation{{Field: "body.current", Message: "this is not the present password"}},
		}
	}
	hash, err := s.hasher.hash(ctx, in.Next)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *state.Tx) error {
		res, err := tx.Exec(ctx, "UPDATE auth_user SET password = ? WHERE id = ? AND password = ?", hash, u.ID, u.password)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "auth.password_changed", "the password was changed by somebody else just now; sign in again"))
		}
		if _, err := tx.Exec(ctx, "DELETE FROM auth_session WHERE user_id = ? AND hash <> ?", u.ID, digest(in.Session)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM auth_throttle WHERE subject = ?", accountSubject(u.Email)); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, "user.password", u.Email, nil)
	})
}

// bySession finds the user behind a session token.
func (s *Service) bySession(ctx context.Context, token string) (User, error) {
	ended := fault.New(fault.NotSignedIn, "auth.session_ended", "your session has ended; sign in again")
	var id, userID, seenAt, expires int64
	err := s.db.QueryRow(ctx, "SELECT id, user_id, seen_at, expires_at FROM auth_session WHERE hash = ?", digest(token)).
		Scan(&id, &userID, &seenAt, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, ended
	}
	if err != nil {
		return User{}, err
	}
	now := s.clock.Now()
	last := state.Time(seenAt)
	if noted := s.seen.last(seenSession, id); noted.After(last) {
		last = noted
	}
	if !now.Before(state.Time(expires)) || now.Sub(last) >= SessionIdle {
		return User{}, ended
	}
	u, err := getUser(ctx, s.db, userID)
	if err != nil {
		return User{}, err
	}
	if u.Disabled {
		return User{}, ended
	}
	s.seen.note(seenSession, id, now)
	s.seen.note(seenUser, u.ID, now)
	u.LastSeenAt = &now
	return u, nil
}

func sameToken(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
