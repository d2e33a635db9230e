package reject

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// Audit notes who did what, in the transaction that did it.
type Audit interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Options are what a service works with.
type Options struct {
	Store  *Store
	Intake Intake
	Audit  Audit
	// Days is how long rejected events are kept, asked at each cleaning.
	Days func() int
	// SourceName is what a write key is called.
	SourceName func(ctx context.Context, id int64) string
	Clock      clock.Clock
	Logger     *slog.Logger
}

// Service is what operators do with rejected events.
type Service struct {
	o     Options
	store *Store
}

// New makes a service.
func New(o Options) *Service { return &Service{o: o, store: o.Store} }

// maxIDs bounds one call.
const maxIDs = 1000

// ReplayInput says what to replay: some events, or all that are open (with a code, if given).
type ReplayInput struct {
	IDs  []int64
	All  bool
	Code string
}

// Validate checks the input.
func (in ReplayInput) Validate() error {
	var c fault.Check
	c.That(in.All != (len(in.IDs) > 0), "body.ids", "name the events to replay, or set all")
	c.That(len(in.IDs) <= maxIDs, "body.ids", "at most %d events at once; use all for more", maxIDs)
	return c.Err("reject.replay_invalid", "the events cannot be replayed")
}

// Replay takes open events in again. Events that are not open any more, or that somebody else replays at this moment, are left alone.
// It returns how many were accepted and how many rejected again.
func (s *Service) Replay(ctx context.Context, in ReplayInput) (accepted, rejected int, err error) {
	if err := in.Validate(); err != nil {
		return 0, 0, err
	}
	count := func(c choice) (last int64, n int, err error) {
		items, reasons, err := s.once(ctx, c, nil)
		for _, r := range reasons {
			if r == nil {
				accepted++
			} else {
				rejected++
			}
		}
		if len(items) > 0 {
			last = items[len(items)-1].ID
		}
		return last, len(items), err
	}
	if !in.All {
		for ids := range slices.Chunk(in.IDs, perClaim) {
			if _, _, err := count(choice{ids: ids, code: in.Code}); err != nil {
				return accepted, rejected, err
			}
		}
		return accepted, rejected, nil
	}
	// Up to the newest of now: what is rejected again, or arrives meanwhile, is for the next time.
	c := choice{code: in.Code}
	if c.upTo, err = s.store.last(ctx); err != nil {
		return 0, 0, err
	}
	for {
		last, n, err := count(c)
		if err != nil || n == 0 {
			return accepted, rejected, err
		}
		c.after = last
	}
}

// once claims, takes in and settles at most perClaim events. before may change them first.
func (s *Service) once(ctx context.Context, c choice, before func(token string, items []Rejected) error) ([]Rejected, []*Reason, error) {
	token, items, err := s.store.claim(ctx, c)
	if err != nil || len(items) == 0 {
		return nil, nil, err
	}
	if before != nil {
		err = before(token, items)
	}
	var reasons []*Reason
	if err == nil {
		reasons, err = s.o.Intake.Again(ctx, items)
	}
	if err != nil {
		// Also when the caller has gone: otherwise nobody could replay them for a while.
		if back := s.store.release(context.WithoutCancel(ctx), token); back != nil {
			s.o.Logger.ErrorContext(ctx, "give claimed rejected events back", "error", back)
		}
		return nil, nil, fmt.Errorf("replay rejected events: %w", err)
	}
	// They are in the log now. If this process dies here they are open again after a while; the pool then drops the repeats by their ids.
	_, err = s.store.settle(context.WithoutCancel(ctx), token, items, reasons, func(tx *state.Tx, accepted []int64) error {
		return s.o.Audit.Record(ctx, tx, "reject.replay", "rejected events", map[string]any{"accepted": accepted, "rejected": len(items) - len(accepted)})
	})
	return items, reasons, err
}

// FixInput is a corrected event.
type FixInput struct {
	ID   int64
	Body string
}

// Fix replaces an open event's body and replays it. The reason is nil if it was accepted; if not, the new body is kept for the next try.
func (s *Service) Fix(ctx context.Context, in FixInput) (*Reason, error) {
	var c fault.Check
	c.That(in.Body != "", "body.body", "give the corrected event")
	c.That(len(in.Body) <= s.store.limits.Body, "body.body", "the event has %d bytes, at most %d are kept", len(in.Body), s.store.limits.Body)
	if err := c.Err("reject.fix_invalid", "the event cannot be saved"); err != nil {
		return nil, err
	}
	_, reasons, err := s.once(ctx, choice{ids: []int64{in.ID}}, func(token string, items []Rejected) error {
		items[0].Body, items[0].Cut = []byte(plain(in.Body)), false
		return s.store.rewrite(ctx, token, in.ID, in.Body)
	})
	if err != nil {
		return nil, err
	}
	if len(reasons) == 0 {
		was, err := s.store.Get(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return nil, fault.New(fault.Conflict, "reject.not_open", "the event was %s already; reload the list", was.State)
	}
	return reasons[0], nil
}

// Drop gives up open events; those that are not open are left alone.
func (s *Service) Drop(ctx context.Context, ids []int64) error {
	var c fault.Check
	c.That(len(ids) > 0 && len(ids) <= maxIDs, "body.ids", "name 1 to %d events", maxIDs)
	if err := c.Err("reject.drop_invalid", "the events cannot be dropped"); err != nil {
		return err
	}
	return s.store.db.InTx(ctx, func(tx *state.Tx) error {
		n, err := s.store.drop(ctx, tx, ids)
		if err != nil {
			return err
		}
		return s.o.Audit.Record(ctx, tx, "reject.drop", "rejected events", map[string]any{"ids": ids, "dropped": n})
	})
}

// Clean deletes what is older than the settings keep it. It is meant to run once a day or more often.
func (s *Service) Clean(ctx context.Context) error {
	n, err := s.store.Clean(ctx, s.o.Clock.Now().Add(-time.Duration(s.o.Days())*24*time.Hour))
	if n > 0 {
		s.o.Logger.InfoContext(ctx, "cleaned rejected events away", "events", n)
	}
	return err
}
