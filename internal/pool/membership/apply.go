package membership

import (
	"context"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// Apply puts a definition in force, or a new version of it: at once if it decides as before, else when its sweep is done, which Run does. The
// version in force again changes nothing, but it ends a pause.
func (e *Engine) Apply(ctx context.Context, in standing.Spec) error {
	s, err := newSpec(in)
	if err != nil {
		return err
	}
	e.mu.RLock()
	settled := e.settled(e.find(in.Owner, in.Key), s)
	e.mu.RUnlock()
	if settled {
		return nil
	}
	err = e.inTx(ctx, func(tx *state.Tx, b *batch) error {
		if err := e.refuseCircle(in.Owner, in.Key, s); err != nil {
			return err
		}
		u := e.find(in.Owner, in.Key)
		if u == nil {
			u = newUnit(in.Owner, in.Key)
		}
		names, err := u.with(s)
		if err != nil {
			return err
		}
		inForce, next, cause := u.spec, s, causeEdited
		switch {
		case u.spec == nil:
			cause = causeActivated
		case u.paused:
			cause = causeResumed
		case u.spec.same(s) && u.spec.stay == s.stay && u.spec.grace == s.grace && u.cause != causeResumed:
			inForce, next, cause = s, nil, ""
		}
		if err := putUnit(ctx, tx, u, names, u.paused, inForce, next, cause); err != nil {
			return err
		}
		var p *plan
		if inForce != u.spec && !u.paused {
			if p, err = e.compile(e.with(u, inForce)); err != nil {
				return err
			}
		}
		b.then = append(b.then, func() {
			e.dropSweep(u)
			u.names, u.spec, u.next, u.cause, u.failed = names, inForce, next, cause, ""
			e.units[ref(u.owner, u.key)] = u
			if p != nil {
				e.setPlan(p)
			}
		})
		return nil
	})
	e.nudge()
	return err
}

// settled says whether a version is in force, or on the way, already.
func (e *Engine) settled(u *unit, s *spec) bool {
	switch {
	case u == nil:
		return false
	case u.next != nil:
		return u.next.version == s.version
	}
	return !u.paused && u.spec != nil && u.spec.version == s.version
}

// refuseCircle refuses rules that would ask, in the end, about themselves.
func (e *Engine) refuseCircle(owner standing.Owner, key string, s *spec) error {
	on := map[string][]string{}
	for r, u := range e.units {
		for _, of := range []*spec{u.spec, u.next} {
			if of != nil {
				on[r] = append(on[r], of.on()...)
			}
		}
	}
	on[ref(owner, key)] = s.on()
	if path := rule.Cycle(on); path != nil {
		return circle(path)
	}
	return nil
}

func circle(path []string) error {
	return fault.New(fault.Conflict, "membership.circle", "these rules would ask about themselves: %s", strings.Join(path, " → "))
}

// Pause freezes a definition: who is in stays in, until Apply.
func (e *Engine) Pause(ctx context.Context, owner standing.Owner, key string) error {
	return e.inTx(ctx, func(tx *state.Tx, b *batch) error {
		u := e.find(owner, key)
		if u == nil || u.paused && u.next == nil {
			return nil
		}
		if err := putUnit(ctx, tx, u, u.names, true, u.spec, nil, ""); err != nil {
			return err
		}
		specs := e.inForceHeld()
		delete(specs, u)
		p, err := e.compile(specs)
		if err != nil {
			return err
		}
		b.then = append(b.then, func() {
			u.paused, u.next, u.cause, u.failed = true, nil, "", ""
			e.setPlan(p)
			e.dropSweep(u)
		})
		return nil
	})
}

// Remove forgets a definition and its history. Nobody is told. What asks about it is swept again.
func (e *Engine) Remove(ctx context.Context, owner standing.Owner, key string) error {
	err := e.inTx(ctx, func(tx *state.Tx, b *batch) error {
		u := e.find(owner, key)
		if u == nil {
			return nil
		}
		if _, err := tx.Exec(ctx, "UPDATE membership_unit SET state = ?, key = key || ' #' || CAST(id AS TEXT) WHERE id = ?", stateRemoved, u.id); err != nil {
			return err
		}
		var again []*unit
		specs := e.inForceHeld()
		delete(specs, u)
		for _, o := range e.sorted() {
			if o != u && o.spec != nil && o.next == nil && !o.paused && slices.Contains(o.spec.on(), ref(owner, key)) {
				if err := putUnit(ctx, tx, o, o.names, false, o.spec, o.spec, causeResumed); err != nil {
					return err
				}
				again = append(again, o)
			}
		}
		p, err := e.compileWithout(u, specs)
		if err != nil {
			return err
		}
		b.then = append(b.then, func() {
			e.figures.removed.Store(true)
			delete(e.units, ref(owner, key))
			for _, o := range again {
				o.next, o.cause = o.spec, causeResumed
			}
			e.setPlan(p)
			e.dropSweep(u)
		})
		return nil
	})
	e.nudge()
	return err
}

// compileWithout compiles as if a unit were not there.
func (e *Engine) compileWithout(u *unit, specs wanted) (*plan, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.units, ref(u.owner, u.key))
	defer func() { e.units[ref(u.owner, u.key)] = u }()
	return e.compile(specs)
}

// Progress is how far a definition has come into force.
func (e *Engine) Progress(owner standing.Owner, key string) standing.Progress {
	e.mu.RLock()
	defer e.mu.RUnlock()
	u := e.find(owner, key)
	if u == nil {
		return standing.Progress{State: standing.Waiting}
	}
	p := standing.Progress{State: standing.Ready}
	if u.spec != nil {
		p.Version = u.spec.version
	}
	switch s := e.sweep; {
	case u.next == nil:
	case u.failed != "":
		p.State, p.Error = standing.Failed, u.failed
	case s != nil && s.has(u):
		p.State, p.Done, p.Total = standing.Sweeping, s.done.Load(), s.total
		if p.Done >= p.Total {
			p.State = standing.Switching
		}
	default:
		p.State = standing.Waiting
	}
	return p
}
