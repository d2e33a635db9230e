package tier

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

const (
	every  = time.Second
	atOnce = 500
	// activated is the cause of the first filling of a dimension, which is no event in anybody's life.
	activated = "activated"
)

// Run does the actions of levels, and takes quantiles anew when their time has come, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		s.tell(ctx)
		for _, do := range []func(context.Context) error{s.Act, s.RefreshDue} {
			if err := do(ctx); err != nil && ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable {
				s.o.Logger.WarnContext(ctx, "tiers could not be worked on, trying again", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Act does the actions of all changes of level since the last time. An action that fails because what it needs is not there is left out with a
// warning; one that fails otherwise is tried again with everything after it. Actions are such that doing them twice is doing them once.
func (s *Service) Act(ctx context.Context) error {
	after, known, err := s.cursor(ctx)
	if err != nil {
		return err
	}
	if !known || !s.acting() { // what happened before there was anything to do is past
		return s.skip(ctx, after, known)
	}
	ctx = actor.With(ctx, actor.Itself())
	for {
		// The very first change of a pool is one of a first filling, so beginning after number 1 misses nothing.
		changes, err := s.o.Engine.Changes(ctx, standing.ChangeQuery{Owner: standing.Tier, After: max(after, 1), Limit: atOnce})
		if err != nil || len(changes) == 0 {
			return err
		}
		for _, c := range changes {
			if err := s.do(ctx, c); err != nil {
				return errors.Join(err, s.keep(ctx, after))
			}
			after = c.ID
		}
		if err := s.keep(ctx, after); err != nil {
			return err
		}
	}
}

// acting says whether any level has actions.
func (s *Service) acting() bool {
	for _, i := range s.shelf.All() {
		for _, l := range i.Spec.Levels {
			if len(l.Actions) > 0 && i.Spec.State == rulebook.Active {
				return true
			}
		}
	}
	return false
}

func (s *Service) skip(ctx context.Context, after int64, known bool) error {
	newest, err := s.o.Engine.Changes(ctx, standing.ChangeQuery{Owner: standing.Tier, Limit: 1})
	if err != nil {
		return err
	}
	now := after
	if len(newest) > 0 {
		now = newest[0].ID
	}
	if known && now == after {
		return nil
	}
	return s.keep(ctx, now)
}

func (s *Service) cursor(ctx context.Context) (int64, bool, error) {
	var at int64
	err := s.o.State.QueryRow(ctx, "SELECT change FROM tier_cursor WHERE one = 1").Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return at, err == nil, err
}

func (s *Service) keep(ctx context.Context, change int64) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO tier_cursor (one, change) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET change = excluded.change", change)
		return err
	})
}

// do does what a change of level leads to: first what leaving says, then what coming says.
func (s *Service) do(ctx context.Context, c standing.Change) error {
	i, ok := s.shelf.Find(c.Key)
	if !ok || i.Spec.State != rulebook.Active || c.Cause == activated {
		return nil
	}
	for _, step := range []struct{ level, on string }{{c.From, Leave}, {c.To, Enter}} {
		for _, l := range i.Spec.Levels {
			if l.Key != step.level || step.level == "" {
				continue
			}
			for _, a := range l.Actions {
				doer, known := s.o.Doers[a.Action]
				if a.On != step.on || !known {
					continue
				}
				err := doer.Do(ctx, c.Person, a.Params, fmt.Sprintf("%s · %s", i.Spec.Title, l.Title))
				if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Conflict || kind == fault.Invalid {
					s.o.Logger.WarnContext(ctx, "an action of a level was left out", "tier", c.Key, "level", l.Key, "action", a.Action, "person", c.Person, "err", err)
				} else if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// RefreshDue takes the quantiles of dimensions anew whose week or month is over: on Mondays and on firsts of the month.
func (s *Service) RefreshDue(ctx context.Context) error {
	zone := s.o.Zone()
	today := calendar.DayOf(s.o.Clock.Now(), zone)
	var errs []error
	for _, i := range s.shelf.All() {
		if i.Spec.State != rulebook.Active || i.Spec.Cutoffs == nil || i.Spec.Cutoffs.By != byQuantile {
			continue
		}
		grain := map[string]calendar.Grain{`"` + weekly + `"`: calendar.ByWeek, `"` + monthly + `"`: calendar.ByMonth}[string(i.Spec.Params["refresh"])]
		if grain == "" {
			continue
		}
		taken := calendar.DayOf(state.Time(i.Spec.Cutoffs.At), zone)
		if !grain.Bucket(taken).Before(grain.Bucket(today)) {
			continue
		}
		_, err := s.Refresh(actor.With(ctx, actor.Itself()), i.Key, i.Version)
		if code := fault.CodeOf(err); err != nil && code != "define.stale" && code != "tier.no_buyers" {
			errs = append(errs, fmt.Errorf("quantiles of tier %s: %w", i.Key, err))
		}
	}
	return errors.Join(errs...)
}
