// Package roster keeps what rules ask about people besides their events, as dense columns by person: traits, first and last channel,
// identity kinds, tags set by hand, consents, and the levels that rules have given.
//
// # Terms
//
// A column holds one value per person, dictionary-coded. A node set says which nodes of the identity graph have something; a person has it
// if any of their nodes does, so merging and unmerging people needs no work here. A mark is a tag that a person has by hand, not by rule.
// Levels say who stands where: of a segment or a tag in (1) or not (0), of a tier on one of several levels.
//
// # Invariants
//
//   - Everything is guarded by the timeline's lock: it changes inside timeline.Store.Update and is read inside Read.
//   - A column exists only if a rule asks for it. It is filled by a scan of the people while their changes go on coming in, and a change is
//     never overwritten by the scan, which may be older.
//   - Everything here is derived from the state store.
package roster

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Source is where everybody is known for good.
type Source interface {
	// People goes through all people after an id, ascending, until yield says no. traits is good until yield returns.
	People(ctx context.Context, after int64, yield func(id int64, traits func(name string) event.Value, first, last string) bool) error
	// Kind goes through all nodes whose identity is of a kind.
	Kind(ctx context.Context, kind string, yield func(node int64)) error
	// Consents goes through all nodes that have given consent for a purpose.
	Consents(ctx context.Context, purpose string, yield func(node int64)) error
}

// Wants are the columns that somebody asks for.
type Wants struct {
	Traits, Kinds, Purposes []string
	Channels                bool
}

// Roster is the columns of one pool. Its methods are for the holder of the timeline's lock, except Want.
type Roster struct {
	traits      map[string]*Column
	first, last *Column // channels, nil until wanted
	kinds       map[string]*Nodes
	consents    map[string]*Nodes
	marks       map[string]*Marks
}

// New makes an empty roster.
func New() *Roster {
	return &Roster{traits: map[string]*Column{}, kinds: map[string]*Nodes{}, consents: map[string]*Nodes{}, marks: map[string]*Marks{}}
}

// Trait is a trait's column, nil if nobody wanted it.
func (r *Roster) Trait(name string) *Column { return r.traits[name] }

// Channel is the column of first or last channels, nil if nobody wanted them.
func (r *Roster) Channel(last bool) *Column {
	if last {
		return r.last
	}
	return r.first
}

// Kind is the nodes of an identity kind, nil if nobody wanted it.
func (r *Roster) Kind(kind string) *Nodes { return r.kinds[kind] }

// Consent is the nodes that have given consent for a purpose, nil if nobody wanted it.
func (r *Roster) Consent(purpose string) *Nodes { return r.consents[purpose] }

// PutTraits takes in a person's traits as they are now.
func (r *Roster) PutTraits(id int64, traits func(name string) event.Value) {
	for name, c := range r.traits {
		c.put(id, traits(name))
	}
}

// PutChannels takes in a person's first and last channel as they are now.
func (r *Roster) PutChannels(id int64, first, last string) {
	if r.first != nil {
		r.first.put(id, channelValue(first))
		r.last.put(id, channelValue(last))
	}
}

// Drop forgets a person who is no more.
func (r *Roster) Drop(id int64) {
	r.PutTraits(id, func(string) event.Value { return event.Value{} })
	r.PutChannels(id, "", "")
	r.DropMarks(id)
}

// AddNode takes in a new node.
func (r *Roster) AddNode(node int64, kind string) {
	if k := r.kinds[kind]; k != nil {
		k.Set(node, true)
	}
}

// SetConsent takes in a consent given or taken back.
func (r *Roster) SetConsent(node int64, purpose string, given bool) {
	if c := r.consents[purpose]; c != nil {
		c.Set(node, given)
	}
}

func channelValue(s string) event.Value {
	if s == "" {
		return event.Value{}
	}
	return event.TextValue(s)
}

// block is how many people the scan brings in at once.
const block = 4096

// Want makes columns exist and returns when they are complete. It takes the timeline's lock itself, shortly and often. Calls must not
// overlap.
func (r *Roster) Want(ctx context.Context, tl *timeline.Store, src Source, w Wants) error {
	if err := r.wantColumns(ctx, tl, src, w); err != nil {
		return fmt.Errorf("fill columns of people: %w", err)
	}
	for _, kind := range w.Kinds {
		if err := r.wantNodes(ctx, tl, r.kinds, kind, src.Kind); err != nil {
			return fmt.Errorf("fill identity kind %s: %w", kind, err)
		}
	}
	for _, purpose := range w.Purposes {
		if err := r.wantNodes(ctx, tl, r.consents, purpose, src.Consents); err != nil {
			return fmt.Errorf("fill consent %s: %w", purpose, err)
		}
	}
	return nil
}

// wantNodes fills a set of nodes. From the moment at which it exists changes come in; a change is kept apart from what the scan finds.
func (r *Roster) wantNodes(ctx context.Context, tl *timeline.Store, sets map[string]*Nodes, name string,
	scan func(ctx context.Context, name string, yield func(node int64)) error,
) error {
	var known bool
	tl.Update(func(*timeline.Writer) {
		if _, known = sets[name]; !known {
			sets[name] = &Nodes{touched: map[int64]bool{}}
		}
	})
	if known {
		return nil
	}
	var found Nodes
	if err := scan(ctx, name, func(node int64) { found.bits.set(node, true) }); err != nil {
		tl.Update(func(*timeline.Writer) { delete(sets, name) })
		return err
	}
	tl.Update(func(*timeline.Writer) {
		s := sets[name]
		for node, has := range s.touched {
			found.bits.set(node, has)
		}
		*s = found
	})
	return nil
}

// person is what a scan found about one.
type person struct {
	id          int64
	traits      []event.Value
	first, last string
}

func (r *Roster) wantColumns(ctx context.Context, tl *timeline.Store, src Source, w Wants) error {
	made := map[string]*Column{}
	channels := false
	tl.Update(func(*timeline.Writer) {
		for _, name := range w.Traits {
			if r.traits[name] == nil {
				made[name] = newColumn()
				r.traits[name] = made[name]
			}
		}
		if channels = w.Channels && r.first == nil; channels {
			r.first, r.last = newColumn(), newColumn()
		}
	})
	if len(made) == 0 && !channels {
		return nil
	}
	names := slices.Sorted(maps.Keys(made))
	flush := func(people []person) {
		tl.Update(func(*timeline.Writer) {
			for i := range people {
				p := &people[i]
				for j, name := range names {
					made[name].load(p.id, p.traits[j])
				}
				if channels {
					r.first.load(p.id, channelValue(p.first))
					r.last.load(p.id, channelValue(p.last))
				}
			}
		})
	}
	err := scanPeople(ctx, src, names, flush)
	tl.Update(func(*timeline.Writer) {
		for name, c := range made {
			c.touched = nil
			if err != nil {
				delete(r.traits, name)
			}
		}
		if !channels {
			return
		}
		r.first.touched, r.last.touched = nil, nil
		if err != nil {
			r.first, r.last = nil, nil
		}
	})
	return err
}

func scanPeople(ctx context.Context, src Source, names []string, flush func([]person)) error {
	people := make([]person, 0, block)
	err := src.People(ctx, 0, func(id int64, traits func(string) event.Value, first, last string) bool {
		p := person{id: id, traits: make([]event.Value, len(names)), first: first, last: last}
		for j, name := range names {
			p.traits[j] = traits(name)
		}
		if people = append(people, p); len(people) == block {
			flush(people)
			people = people[:0]
		}
		return true
	})
	if err == nil {
		flush(people)
	}
	return err
}

// Has says whether all columns are there and complete.
func (r *Roster) Has(w Wants) bool {
	for _, name := range w.Traits {
		if c := r.traits[name]; c == nil || c.touched != nil {
			return false
		}
	}
	for _, name := range w.Kinds {
		if n := r.kinds[name]; n == nil || n.touched != nil {
			return false
		}
	}
	for _, name := range w.Purposes {
		if n := r.consents[name]; n == nil || n.touched != nil {
			return false
		}
	}
	return !w.Channels || r.first != nil && r.first.touched == nil
}
