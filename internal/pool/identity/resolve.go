package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Resolver finds the person of every event and lets the graph grow. Only the pipeline uses it, one batch at a time.
type Resolver struct {
	kinds      func() Kinds
	quarantine func() int // a weak key seen with so many people is a shared device
	next       int64      // the greatest node number given out
	last       *Graph     // of the last batch: newer than what was read ahead for the next one
}

// NewResolver continues after the greatest node number in the store.
func NewResolver(ctx context.Context, q state.Querier, kinds func() Kinds, quarantineAfter func() int) (*Resolver, error) {
	r := &Resolver{kinds: kinds, quarantine: quarantineAfter}
	if err := q.QueryRow(ctx, "SELECT COALESCE(MAX(id), 0) FROM identity").Scan(&r.next); err != nil {
		return nil, fmt.Errorf("find the greatest identity number: %w", err)
	}
	return r, nil
}

// Batch is one batch of events being resolved inside one transaction.
type Batch struct {
	*Graph
	r         *Resolver
	kinds     Kinds
	next      int64
	conflicts map[[2]int64]*Conflict
	sightings map[int64]*sighted // by weak node
}

// sighted are the strong nodes that a weak one was seen with while it belonged to somebody else.
type sighted struct {
	nodes []*Node
	fresh []int64 // those that the store has not got
}

// Begin starts a batch and reads the nodes of all its events at once, as far as they were not read ahead (nil: none were).
func (r *Resolver) Begin(ctx context.Context, tx *state.Tx, events []*event.Event, ahead *Ahead) (*Batch, error) {
	b := &Batch{r: r, kinds: r.kinds(), next: r.next, conflicts: map[[2]int64]*Conflict{}, sightings: map[int64]*sighted{}}
	b.Graph = newGraph(tx, &b.next)
	seen := make(map[string]bool, len(events))
	keys := make([]string, 0, len(events))
	for _, e := range events {
		e.Identities = b.kinds.Sort(e.Identities)
		for _, i := range e.Identities {
			k := i.Key()
			if seen[k] {
				continue
			}
			seen[k] = true
			if !b.remember(k, r.last, ahead) {
				keys = append(keys, k)
			}
		}
	}
	return b, b.loadKeys(ctx, keys)
}

// remember takes over what is known of a key, and says whether anything is: that it is nobody's, too.
func (b *Batch) remember(key string, last *Graph, ahead *Ahead) bool {
	if ahead == nil {
		return false
	}
	if last != nil {
		if n := last.byKey[key]; n != nil {
			b.keep(key, &Node{ID: n.ID, Identity: n.Identity, Person: n.Person, Quarantined: n.Quarantined, before: n.Person})
			return true
		}
	}
	n, known := ahead.nodes[key]
	if n != nil {
		b.keep(key, n)
	}
	return known
}

// Resolve gives the anchor of an event and links its identities as far as the guards allow. The anchor's Person is valid until the next
// Resolve; ask again at the end of the batch.
func (b *Batch) Resolve(ctx context.Context, e *event.Event) (*Node, error) {
	if len(e.Identities) == 0 {
		return nil, fmt.Errorf("event %s says of nobody", e.ID)
	}
	nodes := make([]*Node, len(e.Identities))
	fresh := b.next // nodes with greater numbers are seen for the first time, in this event
	for i, id := range e.Identities {
		n, ok := b.byKey[id.Key()]
		if !ok {
			n = b.add(id, e.Time)
		}
		nodes[i] = n
	}
	anchor := nodes[0]
	if e.Type == event.Command {
		return anchor, b.command(ctx, e, nodes)
	}
	reason := "same event"
	switch e.Type { //nolint:exhaustive // the others are "same event"
	case event.Identify:
		reason = "identify"
	case event.Alias:
		reason = "alias"
	}
	if e.Import != 0 {
		reason = "import"
	}
	for _, n := range nodes[1:] {
		if n.Person == anchor.Person || n.Quarantined || anchor.Quarantined {
			continue
		}
		if err := b.tryLink(ctx, anchor, n, reason, e, fresh); err != nil {
			return nil, err
		}
	}
	return anchor, nil
}

// tryLink joins two people that one event names, unless a guard objects. What the event is the first to name is nobody's yet and
// attaches, which every kind may; two people that were known before are joined only if both kinds may merge. "Before" means before this
// event, not before this batch: where batches end must not matter.
func (b *Batch) tryLink(ctx context.Context, anchor, n *Node, reason string, e *event.Event, fresh int64) error {
	kind, _ := b.kinds.Find(n.Identity.Kind)
	anchorKind, _ := b.kinds.Find(anchor.Identity.Kind)
	if n.ID <= fresh {
		mine, err := b.people(ctx, anchor.Person)
		if err != nil {
			return err
		}
		attaches := anchor.ID > fresh && len(mine) == 1
		if !kind.Merges || !attaches && !anchorKind.Merges {
			return nil
		}
		theirs, err := b.people(ctx, n.Person)
		if err != nil {
			return err
		}
		cut, err := b.wereCut(ctx, mine, theirs)
		if err != nil {
			return err
		}
		if cut {
			b.object(&Conflict{Kind: CutBefore, A: anchor.ID, B: n.ID, EventID: e.ID, At: e.Time})
			return nil
		}
	}
	clash, err := b.clash(ctx, anchor.Person, n.Person)
	if err != nil {
		return err
	}
	if clash == nil {
		return b.link(ctx, anchor, n, ByEvent, reason, e.ID, "", e.Time)
	}
	if !kind.Strong {
		// A weak key of somebody else: a shared browser or device, which is no conflict until many people share it.
		if anchorKind.Strong {
			return b.sight(ctx, n, anchor, e)
		}
		return nil
	}
	clash.A, clash.B, clash.EventID, clash.At = anchor.ID, n.ID, e.ID, e.Time
	b.object(clash)
	return nil
}

// clash finds a kind that a person has only one of, with different values on two people; nil if they can be one.
func (b *Batch) clash(ctx context.Context, p, q int64) (*Conflict, error) {
	mine, err := b.people(ctx, p)
	if err != nil {
		return nil, err
	}
	theirs, err := b.people(ctx, q)
	if err != nil {
		return nil, err
	}
	type slot struct{ kind, scope string }
	have := map[slot]string{}
	for _, n := range mine {
		if k, _ := b.kinds.Find(n.Identity.Kind); k.Unique {
			have[slot{n.Identity.Kind, n.Identity.Scope}] = n.Identity.Value
		}
	}
	for _, n := range theirs {
		if v, ok := have[slot{n.Identity.Kind, n.Identity.Scope}]; ok && v != n.Identity.Value {
			c := &Conflict{Kind: DifferentPeople, OnKind: n.Identity.Kind, AValue: v, BValue: n.Identity.Value}
			if len(theirs) == 1 {
				c.Kind = UniqueValue
			}
			return c, nil
		}
	}
	return nil, nil //nolint:nilnil // no clash is not an error
}

// wereCut says whether an operator ever took these people apart: any link between them that was cut by hand, not only one between the
// two identities of the event, or people would grow together again through a third.
func (b *Batch) wereCut(ctx context.Context, mine, theirs []*Node) (bool, error) {
	few, many := mine, theirs
	if len(few) > len(many) {
		few, many = many, few
	}
	if err := b.loadEdges(ctx, few); err != nil {
		return false, err
	}
	return slices.ContainsFunc(b.between(few, many), func(e *Edge) bool { return e.CutKind == ByUnmerge }), nil
}

func (b *Batch) object(c *Conflict) {
	if c.A > c.B {
		c.A, c.B, c.AValue, c.BValue = c.B, c.A, c.BValue, c.AValue
	}
	key := [2]int64{c.A, c.B}
	if known, ok := b.conflicts[key]; ok {
		known.Seen++
		return
	}
	c.Seen = 1
	b.conflicts[key] = c
}

// sight notes that a weak key was used by somebody else than its owner, and quarantines it once it serves too many people.
func (b *Batch) sight(ctx context.Context, weak, strong *Node, e *event.Event) error {
	s, err := b.sighted(ctx, weak)
	if err != nil {
		return err
	}
	if !slices.Contains(s.nodes, strong) {
		s.nodes, s.fresh = append(s.nodes, strong), append(s.fresh, strong.ID)
	}
	people := map[int64]bool{weak.Person: true} // its owner is one of them
	for _, n := range s.nodes {
		people[n.Person] = true
	}
	if len(people) < b.r.quarantine() {
		return nil
	}
	b.object(&Conflict{Kind: SharedDevice, A: weak.ID, B: strong.ID, EventID: e.ID, At: e.Time})
	return b.setQuarantine(ctx, weak, true, "shared by many people", "", e.Time)
}

func (b *Batch) sighted(ctx context.Context, weak *Node) (*sighted, error) {
	if s := b.sightings[weak.ID]; s != nil {
		return s, nil
	}
	s := &sighted{}
	b.sightings[weak.ID] = s
	if weak.before == 0 {
		return s, nil
	}
	var err error
	s.nodes, err = b.loadNodes(ctx, "id IN (SELECT strong FROM sighting WHERE weak = ?)", weak.ID)
	return s, err
}

// setQuarantine takes a node out of its person (its links are cut) or lets it link again, with a clean slate: what it was seen with
// before counts no more.
func (b *Batch) setQuarantine(ctx context.Context, n *Node, on bool, reason, author string, at int64) error {
	if n.Quarantined == on {
		return nil
	}
	n.Quarantined = on
	b.flips = append(b.flips, n)
	if !on {
		b.sightings[n.ID] = &sighted{}
		if _, err := b.tx.Exec(ctx, "DELETE FROM sighting WHERE weak = ?", n.ID); err != nil {
			return fmt.Errorf("forget whom %s was seen with: %w", n.Identity.Kind, err)
		}
		return nil
	}
	by := Edge{CutAt: at, CutKind: ByQuarantine, CutReason: reason, CutAuthor: author}
	return b.cut(ctx, n.Person, func(e *Edge) bool { return e.A == n.ID || e.B == n.ID }, by)
}

// CommandProperties are what an operator's act carries.
type CommandProperties struct {
	Reason string `json:"reason,omitempty"`
	Author string `json:"author,omitempty"`
	Force  bool   `json:"force,omitempty"`
}

// commandOf reads what an operator's act carries.
func commandOf(e *event.Event) (p CommandProperties, err error) {
	if len(e.Properties) == 0 {
		return p, nil
	}
	if err := json.Unmarshal(e.Properties, &p); err != nil {
		return p, fault.Wrap(err, fault.Invalid, "event.properties", "the command's properties cannot be read; decide it again")
	}
	return p, nil
}

// Check says whether an event of the log can be resolved. What it refuses would end a batch with an error, again and again.
func Check(e *event.Event) error {
	if err := e.Check(); err != nil || e.Type != event.Command {
		return err
	}
	_, err := commandOf(e)
	return err
}

// command does an operator's act. The identities of the event are whom it is about; a guard that objects makes it a recorded conflict.
func (b *Batch) command(ctx context.Context, e *event.Event, nodes []*Node) error {
	p, err := commandOf(e)
	if err != nil {
		return err
	}
	switch e.Name {
	case event.PeopleMerged:
		for _, n := range nodes[1:] {
			clash, err := b.clash(ctx, nodes[0].Person, n.Person)
			if err != nil {
				return err
			}
			if clash != nil && !p.Force && n.Person != nodes[0].Person {
				clash.A, clash.B, clash.EventID, clash.At = nodes[0].ID, n.ID, e.ID, e.Time
				b.object(clash)
				continue
			}
			if err := b.link(ctx, nodes[0], n, ByHand, p.Reason, e.ID, p.Author, e.Time); err != nil {
				return err
			}
		}
	case event.PeopleUnmerged:
		return b.split(ctx, nodes, e, p)
	case event.Quarantined, event.Released:
		return b.setQuarantine(ctx, nodes[0], e.Name == event.Quarantined, p.Reason, p.Author, e.Time)
	}
	return nil
}
