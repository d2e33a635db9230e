package membership

import (
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// maxHops is how many signals may follow from each other; a change further on is kept and not told.
const maxHops = 8

// decider decides units for one person at a time. It is used inside timeline.Store.Read, by one goroutine.
type decider struct {
	facts *facts
	at    moment
	plan  *plan
	out   []bool
	now   []int16 // level by node, unknown if not decided
	since []int64 // of those whose fall is held back: since when the rules ask for it
	dirty mask
	hops  []uint8
	front *decider // of the plan in force, if this one decides for a sweep beside it

	single []*rule.Runner // by node, made when first needed
	layers []*rule.Runner
}

func newDecider(r *roster.Roster, p *plan, at moment) *decider {
	d := &decider{facts: newFacts(r), at: at}
	d.take(p)
	return d
}

// take readies it for a plan.
func (d *decider) take(p *plan) {
	d.plan = p
	d.now, d.since, d.hops = make([]int16, len(p.nodes)), make([]int64, len(p.nodes)), make([]uint8, len(p.nodes))
	d.dirty = make(mask, (len(p.nodes)+63)/64)
	most := 1
	for _, n := range p.nodes {
		most = max(most, len(n.spec.rules))
	}
	d.single, d.layers = make([]*rule.Runner, len(p.nodes)), nil
	for _, l := range p.layers {
		most = max(most, l.asks.set.Len())
		d.layers = append(d.layers, l.asks.set.Runner())
	}
	d.out = make([]bool, most)
}

// turn goes on to the next person.
func (d *decider) turn(r *timeline.Reader, person int64) {
	d.facts.turn(r, person)
	d.facts.now, d.facts.at = d.now, d.at.Now
	for i := range d.now {
		d.now[i] = unknown
	}
}

// stands is where the person stands in what a node decides.
func (d *decider) stands(n *node) uint8 {
	if d.front != nil && n.unit.at >= 0 && d.front.now[n.unit.at] != unknown {
		return uint8(d.front.now[n.unit.at])
	}
	return n.unit.levels.At(d.facts.person)
}

// one decides one node by itself.
func (d *decider) one(n *node) {
	if n.spec.static != nil {
		d.fixed(n)
		return
	}
	f := d.facts
	f.asks = n.asks
	f.wants(n.asks.refs.From(d.at.Instant))
	if d.single[n.i] == nil {
		d.single[n.i] = n.asks.set.Runner()
	}
	d.single[n.i].Eval(f, d.at.Instant, d.out[:len(n.spec.rules)])
	d.settle(n, d.out[:len(n.spec.rules)])
}

func (d *decider) fixed(n *node) {
	level := uint8(0)
	for _, x := range d.facts.ofPerson() {
		if n.spec.static.Contains(uint64(x)) {
			level = 1
		}
	}
	d.now[n.i], d.since[n.i] = int16(level), 0
}

// settle makes a level of what the rules say.
func (d *decider) settle(n *node, says []bool) {
	level := uint8(0)
	place := len(says) // of the level in the spec
	for i, yes := range says {
		if yes {
			place = i
			break
		}
	}
	if n.unit.levels.Many() {
		level = n.spec.numbers[place]
	} else if place == 0 {
		level = 1
	}
	d.since[n.i] = 0
	if n.spec.holdsBack() && !n.fresh {
		level = d.holdBack(n, level, place)
	}
	d.now[n.i] = int16(level)
}

// holdBack keeps a person on a level from which the rules ask for a fall too early.
func (d *decider) holdBack(n *node, level uint8, place int) uint8 {
	from, stands := d.stands(n), place
	for i, number := range n.spec.numbers {
		if number == from {
			stands = i
		}
	}
	if from == 0 || place <= stands {
		return level
	}
	person := d.facts.person
	asked, waits := n.unit.waits[person]
	if !waits {
		asked = d.at.Now
	}
	c := d.at.calendar
	if d.at.day-c.Day(n.unit.since.At(person)) >= int64(n.spec.stay) && d.at.day-c.Day(asked) >= int64(n.spec.grace) {
		return level
	}
	d.since[n.i] = asked
	return from
}

// everything decides all nodes of the plan, layer by layer.
func (d *decider) everything() {
	f := d.facts
	for i, l := range d.plan.layers {
		for _, n := range l.fixed {
			d.fixed(n)
		}
		if len(l.nodes) == 0 {
			continue
		}
		f.asks = l.asks
		if l.asks.refs.NeedsEvents() {
			f.wants(l.asks.refs.From(d.at.Instant))
		}
		out := d.out[:l.asks.set.Len()]
		d.layers[i].Eval(f, d.at.Instant, out)
		for _, n := range l.nodes {
			d.settle(n, out[n.offset:n.offset+len(n.spec.rules)])
		}
	}
}
