package membership

import (
	"slices"

	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// atOnce is how many people are decided before the timeline's lock is given to others.
const atOnce = 2000

// decide decides for everybody who was touched, and notes what changes. While a new day waits for its sweep, whoever is touched is decided in
// everything, so that nobody stands in two days at once.
func (e *Engine) decide(b *batch, t *touched) {
	d := e.live
	if d == nil || d.plan != e.plan {
		d = newDecider(e.roster, e.plan, b.at)
		e.live = d
	}
	d.at = b.at
	var s *decider
	if e.sweep != nil {
		s = newDecider(e.roster, e.sweep.live, b.at)
	}
	newDay := b.at.day != e.day || e.o.Zone().String() != e.zone
	people := slices.Clone(t.people)
	slices.Sort(people)
	for part := range slices.Chunk(people, atOnce) {
		e.tl.Read(func(r *timeline.Reader) {
			for _, person := range part {
				if cause, gone := t.gone[person]; gone {
					e.vanish(b, person, cause)
					continue
				}
				m := t.of(person)
				if newDay {
					m.or(e.plan.all)
				}
				e.decideOne(b, d, r, person, t, m)
				if s != nil {
					b.overrides[person] = s.beside(r, person, d)
				}
			}
		})
	}
	e.figures.decided.Add(int64(len(people)))
}

// vanish ends everything of a person who is no more.
func (e *Engine) vanish(b *batch, person int64, cause string) {
	for _, u := range e.sorted() {
		if level := u.levels.At(person); level != 0 {
			b.change(u, person, level, 0, cause)
		}
		if _, waits := u.waits[person]; waits {
			b.waits = append(b.waits, wait{u, person, 0})
		}
	}
	if e.sweep != nil {
		n := len(e.sweep.live.nodes)
		b.overrides[person] = verdict{make([]uint8, n), make([]int64, n)}
	}
}

// decideOne decides the nodes in a mask, and those that ask about what changes.
func (e *Engine) decideOne(b *batch, d *decider, r *timeline.Reader, person int64, t *touched, m mask) {
	d.turn(r, person)
	d.facts.hand = t.hand[person]
	clear(d.hops)
	for _, s := range t.signals[person] {
		for i := s.mask.next(0); i >= 0; i = s.mask.next(i + 1) {
			d.hops[i] = max(d.hops[i], s.hops)
		}
	}
	cause := t.cause
	sources := t.moved[person]
	if len(sources) > 0 {
		cause = causeUnmerged
		for _, id := range sources {
			if _, gone := t.gone[id]; gone {
				cause = causeMerged
			}
		}
	}
	copy(d.dirty, m)
	many := d.dirty.count()*e.together > len(d.plan.nodes)
	if many {
		d.everything()
	}
	for i := d.dirty.next(0); i >= 0; i = d.dirty.next(i + 1) {
		n := d.plan.nodes[i]
		if !many {
			d.one(n)
		}
		from, to := n.unit.levels.At(person), uint8(d.now[i])
		if len(n.unit.waits) > 0 || d.since[i] != 0 {
			if was := n.unit.waits[person]; was != d.since[i] {
				b.waits = append(b.waits, wait{n.unit, person, d.since[i]})
			}
		}
		before := from
		if from == 0 && len(sources) > 0 {
			before = carried(n.unit, sources)
		}
		if from != to {
			b.change(n.unit, person, from, to, cause)
			d.dirty.or(n.after)
			for j := n.after.next(0); j >= 0; j = n.after.next(j + 1) {
				d.hops[j] = max(d.hops[j], d.hops[i])
			}
		}
		if before != to {
			b.tell(n.unit, person, before, to, cause, b.at.Now, d.hops[i])
		}
	}
}

// fewOf: with more than one node in so many to decide, deciding all of them together is cheaper, because they share what they have in common.
const fewOf = 6

// carried is where somebody stood as part of other people.
func carried(u *unit, sources []int64) uint8 {
	for _, id := range slices.Sorted(slices.Values(sources)) {
		if level := u.levels.At(id); level != 0 {
			return level
		}
	}
	return 0
}

// beside decides a person for the sweep that goes on, all nodes of it. d has decided the plan in force.
func (s *decider) beside(r *timeline.Reader, person int64, d *decider) verdict {
	s.turn(r, person)
	s.front, s.facts.base, s.facts.hand = d, d.now, d.facts.hand
	s.everything()
	v := verdict{make([]uint8, len(s.now)), slices.Clone(s.since)}
	for i, level := range s.now {
		v.levels[i] = uint8(level)
	}
	return v
}

// change notes a step. Steps of one batch have ids in the order in which they are noted.
func (b *batch) change(u *unit, person int64, from, to uint8, cause string) {
	b.lastID++
	b.changes = append(b.changes, change{id: b.lastID, unit: u, person: person, from: from, to: to, cause: cause})
}

// tell notes a signal about the newest change, or about one that only the signal knows: of somebody who was part of others before.
func (b *batch) tell(u *unit, person int64, from, to uint8, cause string, at int64, hops uint8) {
	if u.owner == standing.Tier && from == 0 {
		return // a first level is no change of level
	}
	id := b.lastID
	if n := len(b.changes); n == 0 || b.changes[n-1].unit != u || b.changes[n-1].person != person {
		b.lastID++
		id = b.lastID
	}
	b.told = append(b.told, told{change{id: id, unit: u, person: person, from: from, to: to, cause: cause}, at, hops})
}
