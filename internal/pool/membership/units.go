package membership

import (
	"cmp"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/standing"
)

// find gives a unit, nil if there is none. Call it with e.mu, or from within a batch.
func (e *Engine) find(owner standing.Owner, key string) *unit { return e.units[ref(owner, key)] }

// sorted are all units, the oldest first.
func (e *Engine) sorted() []*unit {
	all := make([]*unit, 0, len(e.units))
	for _, u := range e.units {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b *unit) int { return cmp.Compare(a.id, b.id) })
	return all
}

// inForce are the specs that decide now.
func (e *Engine) inForce() wanted {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.inForceHeld()
}

func (e *Engine) inForceHeld() wanted {
	specs := wanted{}
	for _, u := range e.units {
		if u.spec != nil && !u.paused {
			specs[u] = u.spec
		}
	}
	return specs
}

// waiting are the specs that wait for their sweep.
func (e *Engine) waiting() []*spec {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var specs []*spec
	for _, u := range e.units {
		if u.next != nil {
			specs = append(specs, u.next)
		}
	}
	return specs
}

// with are the specs that decide when a unit has another one.
func (e *Engine) with(u *unit, s *spec) wanted {
	specs := e.inForceHeld()
	specs[u] = s
	return specs
}

// setPlan puts a plan in force. Both locks are held.
func (e *Engine) setPlan(p *plan) {
	for _, u := range e.units {
		u.at = -1
	}
	for _, n := range p.nodes {
		n.unit.at = n.i
	}
	e.plan = p
}
