package membership

import (
	"context"
	"fmt"

	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// loadSince fills since when everybody stands where they stand, for the units about which rules ask that.
func (e *Engine) loadSince(ctx context.Context, specs wanted) error {
	for _, u := range e.needSince(specs) {
		var made *roster.Since
		e.tl.Update(func(*timeline.Writer) {
			if u.since == nil {
				made = roster.NewSince()
				u.since = made
			}
		})
		if made == nil {
			continue
		}
		if err := e.fillSince(ctx, u, made); err != nil {
			e.tl.Update(func(*timeline.Writer) { u.since = nil })
			return fmt.Errorf("read since when people are in %s %s: %w", u.owner, u.key, err)
		}
	}
	return nil
}

// needSince are the units that hold back falls, or of which a rule says held().
func (e *Engine) needSince(specs wanted) []*unit {
	need := map[*unit]bool{}
	e.mu.RLock()
	defer e.mu.RUnlock()
	for u, s := range specs {
		if s.holdsBack() {
			need[u] = true
		}
		for _, r := range s.rules {
			for _, h := range r.Refs().Held {
				if of := e.find(standing.Owner(h.Owner), h.Key); of != nil {
					need[of] = true
				}
			}
		}
	}
	out := make([]*unit, 0, len(need))
	for u := range need {
		out = append(out, u)
	}
	return out
}

// fillSince reads a unit's history. What changes meanwhile is newer than the history and stays.
func (e *Engine) fillSince(ctx context.Context, u *unit, s *roster.Since) error {
	type step struct{ person, at int64 }
	var some []step
	flush := func() {
		e.tl.Update(func(*timeline.Writer) {
			for _, x := range some {
				s.Load(x.person, x.at)
			}
		})
		some = some[:0]
	}
	add := func(person int64, to uint8, at int64) {
		if some = append(some, step{person, sinceOf(to, at)}); len(some) == 8192 {
			flush()
		}
	}
	err := u.replay(ctx, e.o.State, 0, 0, func(k *bulk) {
		for it := k.members.Iterator(); it.HasNext(); {
			add(int64(it.Next()), k.to, k.at)
		}
	}, func(c change, at int64) { add(c.person, c.to, at) })
	flush()
	e.tl.Update(func(*timeline.Writer) { s.Loaded() })
	return err
}
