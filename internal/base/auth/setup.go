package auth

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// SetupNeeded says whether nobody has ever been here: then, and only then, anybody may become the first owner.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM auth_setup").Scan(&n)
	return n == 0, err
}

// Setup makes the first owner. It fails with Conflict "auth.setup_done" once there has been one.
func (s *Service) Setup(ctx context.Context, email, name, password string) (User, error) {
	in := CreateUserInput{Email: email, Name: name, Password: password, Role: actor.Owner}
	if err := in.Validate(); err != nil {
		return User{}, err
	}
	done := fault.New(fault.Conflict, "auth.setup_done", "this pool has its first owner already; sign in instead")
	if needed, err := s.SetupNeeded(ctx); err != nil || !needed {
		if err == nil {
			err = done
		}
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	var u User
	ctx = actor.With(ctx, actor.Itself())
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		res, err := tx.Exec(ctx, "INSERT INTO auth_setup (id, at) VALUES (1, ?) ON CONFLICT (id) DO NOTHING", state.Micros(tx.Now))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			if err == nil {
				err = done
			}
			return err
		}
		if u, err = s.insertUser(ctx, tx, in, hash); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, "setup.done", u.Email, map[string]any{"name": u.Name, "role": u.Role})
	})
	return u, err
}

// Bootstrap makes the first owner from the environment if there is none yet, and says whether it did. It changes nothing later: whoever
// forgot the password sets a new one on the machine.
func (s *Service) Bootstrap(ctx context.Context, email, password string) (created bool, err error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil || !needed {
		return false, err
	}
	if _, err := s.Setup(ctx, email, foldEmail(email), password); err != nil {
		if fault.CodeOf(err) == "auth.setup_done" {
			return false, nil
		}
		return false, err
	}
	return true, nil
}
