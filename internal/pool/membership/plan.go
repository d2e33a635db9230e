package membership

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// mask is a set of nodes of a plan.
type mask []uint64

func (m mask) set(i int) { m[i>>6] |= 1 << (i & 63) }
func (m mask) or(o mask) {
	for i, w := range o {
		m[i] |= w
	}
}

func (m mask) count() (n int) {
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// next is the first member at or after i, -1 if there is none.
func (m mask) next(i int) int {
	for w := i >> 6; w < len(m); w++ {
		word := m[w]
		if w == i>>6 {
			word &= ^uint64(0) << (i & 63)
		}
		if word != 0 {
			return w<<6 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// plan is units with the specs by which they are decided, each after those about which it asks. It does not change.
type plan struct {
	nodes  []*node
	layers []*layer // for sweeps: the nodes of one layer ask only about those of earlier ones
	names  int      // how many event names the timeline had
	lacks  bool     // a rule mentions an event that never happened
	timed  bool     // some node may change at midnight

	all, any        mask // any: asks about every event
	events, traits  map[string]mask
	kinds, purposes map[string]mask
	channels        mask
	wantsChannels   bool
	tags            map[string]mask // who asks about a tag
}

// node is one unit of a plan.
type node struct {
	i      int
	unit   *unit
	spec   *spec
	asks   *asking // nil for a static one
	after  mask    // who asks about it
	timed  bool
	fresh  bool // its rules are new: falls are not held back
	offset int  // of its rules in its layer
}

// asking is compiled rules and where their facts are.
type asking struct {
	set      *rule.Set
	refs     rule.Refs
	traits   []*roster.Column
	tags     []source
	segments []source
	tiers    []source
	held     []source
	kinds    []*roster.Nodes
	purposes []*roster.Nodes
	first    *roster.Column
	last     *roster.Column
}

// source is where a level is known that a rule asks about.
type source struct {
	node  int    // in the same plan, or -1
	unit  *unit  // nil if there is none of that key
	tag   string // also by hand
	level uint8  // held: the level in question
}

// layer is the nodes of a plan that can be asked together.
type layer struct {
	nodes []*node // those with rules
	asks  *asking
	fixed []*node // the static ones
}

// wanted are specs to decide by.
type wanted map[*unit]*spec

// compile makes a plan of specs. It takes the timeline's lock and e.mu must not be needed: units are looked up among those given and e.units,
// which only the holder of a batch changes.
func (e *Engine) compile(specs wanted) (*plan, error) {
	p, err := order(specs)
	if err != nil {
		return nil, err
	}
	words := (len(p.nodes) + 63) / 64
	newMask := func() mask { return make(mask, words) }
	p.all, p.any, p.channels = newMask(), newMask(), newMask()
	p.events, p.traits, p.kinds, p.purposes, p.tags = map[string]mask{}, map[string]mask{}, map[string]mask{}, map[string]mask{}, map[string]mask{}
	add := func(m map[string]mask, names []string, i int) {
		for _, name := range names {
			if m[name] == nil {
				m[name] = newMask()
			}
			m[name].set(i)
		}
	}
	at := map[*unit]int{}
	for _, n := range p.nodes {
		at[n.unit], n.after = n.i, newMask()
		p.all.set(n.i)
	}
	e.tl.Read(func(r *timeline.Reader) {
		p.names = len(r.Names())
		for _, n := range p.nodes {
			n.timed = n.spec.timed()
			p.timed = p.timed || n.timed
			if n.spec.static != nil {
				continue
			}
			if n.asks, err = e.ask(r, n.spec.rules, at); err != nil {
				err = fmt.Errorf("compile %s %s: %w", n.unit.owner, n.unit.key, err)
				return
			}
			refs := n.asks.refs
			add(p.events, refs.Events, n.i)
			add(p.traits, refs.Traits, n.i)
			add(p.kinds, refs.Kinds, n.i)
			add(p.purposes, refs.Purposes, n.i)
			add(p.tags, refs.Tags, n.i)
			for _, h := range refs.Held {
				if h.Owner == string(standing.Tag) {
					add(p.tags, []string{h.Key}, n.i)
				}
			}
			if refs.AnyEvent {
				p.any.set(n.i)
			}
			if refs.Channels {
				p.channels.set(n.i)
				p.wantsChannels = true
			}
			for _, name := range refs.Events {
				if _, ok := r.Name(name); !ok {
					p.lacks = true
				}
			}
			for _, list := range [][]source{n.asks.tags, n.asks.segments, n.asks.tiers, n.asks.held} {
				for _, s := range list {
					if s.node >= 0 {
						p.nodes[s.node].after.set(n.i)
					}
				}
			}
		}
		if err == nil {
			err = e.layer(r, p, at)
		}
	})
	return p, err
}

// order puts units after those about which they ask; circles are refused.
func order(specs wanted) (*plan, error) {
	on := map[string][]string{}
	byRef := map[string]*unit{}
	for u, s := range specs {
		r := ref(u.owner, u.key)
		on[r], byRef[r] = s.on(), u
	}
	if path := rule.Cycle(on); path != nil {
		return nil, circle(path)
	}
	p := &plan{}
	done := map[string]bool{}
	var visit func(r string)
	visit = func(r string) {
		u := byRef[r]
		if u == nil || done[r] {
			return
		}
		done[r] = true
		for _, o := range on[r] {
			visit(o)
		}
		p.nodes = append(p.nodes, &node{i: len(p.nodes), unit: u, spec: specs[u]})
	}
	refs := make([]string, 0, len(byRef))
	for r := range byRef {
		refs = append(refs, r)
	}
	slices.Sort(refs)
	for _, r := range refs {
		visit(r)
	}
	return p, nil
}

// layer parts the nodes by how far they stand from those that ask about none.
func (e *Engine) layer(r *timeline.Reader, p *plan, at map[*unit]int) error {
	depth := make([]int, len(p.nodes))
	for i, n := range p.nodes {
		for j := n.after.next(0); j >= 0; j = n.after.next(j + 1) {
			depth[j] = max(depth[j], depth[i]+1)
		}
		for len(p.layers) <= depth[i] {
			p.layers = append(p.layers, &layer{})
		}
		l := p.layers[depth[i]]
		if n.spec.static != nil {
			l.fixed = append(l.fixed, n)
		} else {
			l.nodes = append(l.nodes, n)
		}
	}
	for _, l := range p.layers {
		var rules []*rule.Rule
		for _, n := range l.nodes {
			n.offset = len(rules)
			rules = append(rules, n.spec.rules...)
		}
		var err error
		if l.asks, err = e.ask(r, rules, at); err != nil {
			return err
		}
	}
	return nil
}

// ask compiles rules and finds where their facts are. at is where units are decided in the same plan.
func (e *Engine) ask(r *timeline.Reader, rules []*rule.Rule, at map[*unit]int) (*asking, error) {
	set, err := rule.CompileAll(rules, r, e.o.Currency())
	if err != nil {
		return nil, err
	}
	a := &asking{set: set, refs: set.Refs(), first: e.roster.Channel(false), last: e.roster.Channel(true)}
	find := func(owner standing.Owner, key string) source {
		s := source{node: -1, unit: e.find(owner, key)}
		if owner == standing.Tag {
			s.tag = key
		}
		if i, ok := at[s.unit]; ok && s.unit != nil {
			s.node = i
		}
		return s
	}
	for _, name := range a.refs.Traits {
		a.traits = append(a.traits, e.roster.Trait(name))
	}
	for _, kind := range a.refs.Kinds {
		a.kinds = append(a.kinds, e.roster.Kind(kind))
	}
	for _, purpose := range a.refs.Purposes {
		a.purposes = append(a.purposes, e.roster.Consent(purpose))
	}
	for _, key := range a.refs.Tags {
		a.tags = append(a.tags, find(standing.Tag, key))
	}
	for _, key := range a.refs.Segments {
		a.segments = append(a.segments, find(standing.Segment, key))
	}
	for _, key := range a.refs.Tiers {
		a.tiers = append(a.tiers, find(standing.Tier, key))
	}
	for _, h := range a.refs.Held {
		s := find(standing.Owner(h.Owner), h.Key)
		if s.level = 1; s.unit != nil && s.unit.owner == standing.Tier {
			s.level = s.unit.number(h.Level)
		}
		a.held = append(a.held, s)
	}
	return a, nil
}

// touching is who may decide otherwise after an event.
func (p *plan) touching(into mask, name string) {
	into.or(p.any)
	into.or(p.events[name])
}

// missing says whether the plan must be compiled again because an event happened for the first time.
func (p *plan) missing(r *timeline.Reader) bool { return p.lacks && len(r.Names()) != p.names }

// isSignal says whether an event tells of a change here or by hand.
func isSignal(kind uint8) bool { return event.Type(kind) == event.Signal }
