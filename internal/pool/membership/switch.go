package membership

import (
	"context"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/roster"
)

// step is who goes from one level to another in a sweep.
type step struct {
	n        *node
	from, to uint8
	people   *roaring64.Bitmap
}

// switchOver puts what a sweep found in force: in one transaction, only the differences.
func (e *Engine) switchOver(ctx context.Context, s *sweep) error {
	found := make([]*roaring64.Bitmap, len(s.plan.nodes)) // before the transaction, which keeps the pipeline waiting
	for i, n := range s.plan.nodes {
		if !n.unit.levels.Many() {
			found[i] = roster.FromDense(s.result[i].bits)
			s.result[i].bits = nil
		}
	}
	return e.inTx(ctx, func(tx *state.Tx, b *batch) error {
		if s.cancelled.Load() {
			return nil
		}
		e.note(b, s.steps(found), s)
		b.waits = s.held()
		specs := e.inForceHeld()
		for u, next := range s.next {
			specs[u] = next
			if err := putUnit(ctx, tx, u, u.names, false, next, nil, ""); err != nil {
				return err
			}
		}
		if s.newDay {
			if _, err := tx.Exec(ctx, "UPDATE membership_state SET day = ?, zone = ? WHERE one = 1", s.at.day, s.zone); err != nil {
				return err
			}
		}
		p, err := e.compile(specs)
		if err != nil {
			return err
		}
		b.then = append(b.then, func() {
			for u, next := range s.next {
				u.spec, u.next, u.cause, u.failed, u.paused = next, nil, "", "", false
			}
			if s.newDay {
				e.day, e.zone = s.at.day, s.zone
			}
			e.sweep = nil
			e.setPlan(p)
		})
		return nil
	})
}

// steps are the differences between what a sweep found, and what the live evaluation decided beside it, and where people stand.
func (s *sweep) steps(found []*roaring64.Bitmap) []step {
	var out []step
	people := slices.Sorted(maps.Keys(s.overrides))
	for i, n := range s.plan.nodes {
		if n.unit.levels.Many() {
			out = append(out, s.tierSteps(i, n, people)...)
			continue
		}
		now := found[i]
		for _, p := range people {
			if s.overrides[p].levels[i] != 0 {
				now.Add(uint64(p))
			} else {
				now.Remove(uint64(p))
			}
		}
		before := n.unit.levels.Members(1)
		out = append(out, step{n, 1, 0, roaring64.AndNot(before, now)}, step{n, 0, 1, roaring64.AndNot(now, before)})
	}
	return slices.DeleteFunc(out, func(x step) bool { return x.people.GetCardinality() == 0 })
}

func (s *sweep) tierSteps(i int, n *node, people []int64) []step {
	many := s.result[i].many
	for _, p := range people {
		for int64(len(many)) <= p {
			many = append(many, 0)
		}
		many[p] = s.overrides[p].levels[i]
	}
	by := map[[2]uint8][]uint64{}
	for p, end := int64(0), max(int64(len(many)), n.unit.levels.End()); p < end; p++ {
		var to uint8
		if p < int64(len(many)) {
			to = many[p]
		}
		if from := n.unit.levels.At(p); from != to {
			by[[2]uint8{from, to}] = append(by[[2]uint8{from, to}], uint64(p))
		}
	}
	var out []step
	for _, k := range slices.SortedFunc(maps.Keys(by), func(a, b [2]uint8) int { return slices.Compare(a[:], b[:]) }) {
		x := step{n, k[0], k[1], roaring64.New()}
		x.people.AddMany(by[k])
		out = append(out, x)
	}
	return out
}

// manySteps is from how many differences in all on those of one unit are kept as bitmaps sooner.
const manySteps = 20_000

// note puts steps into a batch: few as single changes, many as bitmaps.
func (e *Engine) note(b *batch, steps []step, s *sweep) {
	total := uint64(0)
	for _, x := range steps {
		total += x.people.GetCardinality()
	}
	most := uint64(e.o.BulkFrom)
	if total > manySteps {
		most = min(most, 50)
	}
	for _, x := range steps {
		u, cause := x.n.unit, s.causes[x.n.unit]
		tell := cause != causeActivated && (!u.levels.Many() || x.from != 0)
		if x.people.GetCardinality() >= most {
			b.bulk(u, x.people, x.from, x.to, cause, tell)
			continue
		}
		for it := x.people.Iterator(); it.HasNext(); {
			person := int64(it.Next())
			b.change(u, person, x.from, x.to, cause)
			if tell {
				b.tell(u, person, x.from, x.to, cause, b.at.Now, 0)
			}
		}
	}
}

// held are the differences in whose fall is held back.
func (s *sweep) held() []wait {
	var out []wait
	for i, n := range s.plan.nodes {
		now := map[int64]int64{}
		for _, list := range s.waits {
			for _, w := range list {
				if w.unit == n.unit {
					now[w.person] = w.since
				}
			}
		}
		for p, v := range s.overrides {
			if delete(now, p); v.since[i] != 0 {
				now[p] = v.since[i]
			}
		}
		for p := range n.unit.waits {
			if now[p] == 0 {
				out = append(out, wait{n.unit, p, 0})
			}
		}
		for p, since := range now {
			if n.unit.waits[p] != since {
				out = append(out, wait{n.unit, p, since})
			}
		}
	}
	return out
}
