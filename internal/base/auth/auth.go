// Package auth knows who may come in: people with a password and a session, programs with a key.
//
// Terms. A user signs in with e-mail address and password and gets a session: a random token in a cookie, stored only as its hash, that
// ends after idle hours, after two weeks at the latest, or when the password changes or the user is disabled. A write key lets trackers send events;
// it may be seen by the public, as it is in every page. An API key lets a program use the API in a role. The secret of a key is shown once.
//
// Invariants. No secret is stored, only what recognises it. There is always an owner who can sign in. Whoever guesses passwords is slowed
// down exponentially, by account and by address, also across restarts; whether an account exists cannot be told from the answer or its time.
package auth

import (
	"context"
	"embed"
	"log/slog"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The types of package actor, under the names that callers of auth expect.
type (
	// Actor is who acts.
	Actor = actor.Actor
	// Role is what a user or a key is for.
	Role = actor.Role
	// Permission is what an operation asks of its actor.
	Permission = actor.Permission
)

// Can says whether a role has a permission.
func Can(r Role, p Permission) bool { return actor.Can(r, p) }

// FromContext is the actor of a request.
func FromContext(ctx context.Context) Actor { return actor.From(ctx) }

// System is the actor of schedules and commands.
func System() Actor { return actor.Itself() }

// How long sessions live.
const (
	SessionIdle = 12 * time.Hour      // without any request
	SessionLife = 14 * 24 * time.Hour // at most
)

// flushEvery is how often "last seen" moments go to the store: they are not worth a write per request.
const flushEvery = 30 * time.Second

// Service is the room's rules.
type Service struct {
	db     *state.DB
	audit  *audit.Log
	clock  clock.Clock
	log    *slog.Logger
	hasher *hasher
	keys   keyCache
	seen   seen
}

// New opens the room and brings its tables up to date.
func New(ctx context.Context, db *state.DB, trail *audit.Log, clk clock.Clock, log *slog.Logger) (*Service, error) {
	if err := db.Migrate(ctx, "auth", migrations); err != nil {
		return nil, err
	}
	if err := once.Open(ctx, db); err != nil {
		return nil, err
	}
	return &Service{db: db, audit: trail, clock: clk, log: log, hasher: newHasher(owasp())}, nil
}

// Run keeps the room tidy until ctx ends: "last seen" moments are stored, what has expired is deleted.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.Flush(context.WithoutCancel(ctx))
		case <-tick.C:
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "last-seen times are not stored yet, trying again", "err", err)
			}
		}
	}
}

// Flush stores when users, sessions and keys were last seen, and deletes what has expired.
func (s *Service) Flush(ctx context.Context) error {
	seen := s.seen.take()
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		for what, at := range seen {
			if err := storeSeen(ctx, tx, what, at); err != nil {
				return err
			}
		}
		return deleteExpired(ctx, tx)
	})
	if err != nil {
		s.seen.giveBack(seen)
	}
	return err
}
