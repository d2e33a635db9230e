package mail

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
)

// read takes the settings in force and their password into memory.
func (s *Service) read(ctx context.Context) error {
	d, found, err := s.o.Definitions.Find(ctx, Kind, Key)
	if err != nil || !found {
		return err
	}
	next := &inForce{version: d.Version}
	if err := json.Unmarshal(d.Spec, &next.spec); err != nil {
		return fmt.Errorf("mail settings version %d: %w", d.Version, err)
	}
	if next.spec.Secret != "" {
		err := s.o.State.QueryRow(ctx, "SELECT value FROM mail_secret WHERE id = ?", next.spec.Secret).Scan(&next.password)
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // none: settings that were rolled back to; their password is gone
			return fmt.Errorf("mail settings version %d: %w", d.Version, err)
		}
	}
	s.now.Store(next)
	return nil
}

// PutInput changes the settings.
type PutInput struct {
	Settings
	Password *string // nil keeps the one there is, if server, port, encryption and user stay the same
	Version  int64   // that must be in force; 0 means whichever
}

// Put changes the settings and gives the new version.
func (s *Service) Put(ctx context.Context, in PutInput) (int64, error) {
	if err := in.Validate(); err != nil {
		return 0, err
	}
	next := spec{Settings: in.Settings}
	now := s.now.Load()
	var c fault.Check
	switch {
	case in.User == "":
		c.That(in.Password == nil || *in.Password == "", "body.password", "a password needs a user")
	case in.Password != nil:
		c.That(*in.Password != "" && len(*in.Password) <= 1000, "body.password", "give the user's password, at most 1000 bytes")
	default:
		c.That(now.password != "" && now.spec.sameDoor(in.Settings), "body.password", "server or user changed, or there is no password yet: give the password")
		next.Secret = now.spec.Secret
	}
	if err := c.Err("mail.invalid", "the mail settings cannot be saved; see errors"); err != nil {
		return 0, err
	}
	if in.User != "" && in.Password != nil {
		next.Secret = id.Token(10)
		if err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO mail_secret (id, value) VALUES (?, ?)", next.Secret, *in.Password)
			return err
		}); err != nil {
			return 0, fmt.Errorf("keep the mail password: %w", err)
		}
	}
	d, err := s.o.Definitions.Put(ctx, define.PutInput{Kind: Kind, Key: Key, Spec: next, IfVersion: in.Version})
	if err != nil {
		return 0, errors.Join(err, s.forget(ctx, now.spec.Secret))
	}
	return d.Version, errors.Join(s.forget(ctx, next.Secret), s.read(ctx))
}

// forget removes all passwords but one.
func (s *Service) forget(ctx context.Context, but string) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM mail_secret WHERE id <> ?", but)
		return err
	})
}
