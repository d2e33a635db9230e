package identity

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Node is an identity in the graph.
type Node struct {
	ID          int64
	Identity    event.Identity
	Person      int64
	Quarantined bool
	At          int64 // when it was first seen, for a node made in this batch
	before      int64 // its person in the store, 0 for a node made in this batch
}

// Edge is a link between two nodes.
type Edge struct {
	ID                   int64
	A, B                 int64
	Kind, Reason         string
	EventID, Author      string
	At, CutAt            int64
	CutReason, CutAuthor string
	CutKind              string
}

// Kinds of links.
const (
	ByEvent = "link"  // an event carried both
	ByHand  = "merge" // an operator said so
	Kept    = "kept"  // an operator took out what had held them together
)

// What cuts a link.
const (
	ByUnmerge    = "unmerge"    // an operator took people apart, which the machine respects for ever
	ByQuarantine = "quarantine" // a shared device, until it is released
)

// Graph is the part of the identity graph that one batch needs, read from the store on demand and written back at its end. It is for
// one transaction.
type Graph struct {
	tx       *state.Tx
	next     *int64
	byKey    map[string]*Node
	byID     map[int64]*Node
	members  map[int64][]*Node // person → all its nodes
	edges    map[int64]*Edge   // those of the store, by number
	links    map[int64][]*Edge // node → its edges, old (once loaded) and new
	loaded   map[int64]bool    // nodes whose edges are loaded
	newEdges []*Edge
	cuts     []*Edge
	flips    []*Node // quarantine changed
}

func newGraph(tx *state.Tx, next *int64) *Graph {
	return &Graph{
		tx: tx, next: next, byKey: map[string]*Node{}, byID: map[int64]*Node{}, members: map[int64][]*Node{},
		edges: map[int64]*Edge{}, links: map[int64][]*Edge{}, loaded: map[int64]bool{},
	}
}

const chunk = 400 // arguments of one IN list

// loadKeys reads the nodes of the keys that are not known yet.
func (g *Graph) loadKeys(ctx context.Context, keys []string) error {
	for part := range readParts(keys) {
		if _, err := g.loadNodes(ctx, "key IN "+state.Marks(1, len(part)), anys(part)...); err != nil {
			return err
		}
	}
	return nil
}

func (g *Graph) loadNodes(ctx context.Context, where string, args ...any) ([]*Node, error) {
	var found []*Node
	err := readNodes(ctx, g.tx, where, args, func(key string, n *Node) { found = append(found, g.keep(key, n)) })
	return found, err
}

func readNodes(ctx context.Context, q state.Querier, where string, args []any, yield func(key string, n *Node)) error {
	rows, err := q.Query(ctx, "SELECT id, key, person, quarantined FROM identity WHERE "+where, args...)
	if err != nil {
		return fmt.Errorf("read identities: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		n := &Node{}
		var key string
		if err := rows.Scan(&n.ID, &key, &n.Person, &n.Quarantined); err != nil {
			return err
		}
		n.Identity, n.before = event.ParseKey(key), n.Person
		yield(key, n)
	}
	return rows.Err()
}

func (g *Graph) keep(key string, n *Node) *Node {
	if known, ok := g.byID[n.ID]; ok {
		return known // what this batch has done to it is newer than the store
	}
	g.byID[n.ID], g.byKey[key] = n, n
	return n
}

// add makes a node for an identity that was never seen; alone, it is its own person.
func (g *Graph) add(i event.Identity, at int64) *Node {
	*g.next++
	n := &Node{ID: *g.next, Identity: i, Person: *g.next, At: at}
	g.keep(i.Key(), n)
	g.members[n.Person] = []*Node{n}
	return n
}

// people gives all nodes of a person.
func (g *Graph) people(ctx context.Context, person int64) ([]*Node, error) {
	if m, ok := g.members[person]; ok {
		return m, nil
	}
	m, err := g.loadNodes(ctx, "person = ?", person)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(m, byID)
	g.members[person] = m
	return m, nil
}

// join makes two people one: the smaller number stays.
func (g *Graph) join(ctx context.Context, p, q int64) error {
	if p == q {
		return nil
	}
	stay, gone := min(p, q), max(p, q)
	a, err := g.people(ctx, stay)
	if err != nil {
		return err
	}
	b, err := g.people(ctx, gone)
	if err != nil {
		return err
	}
	for _, n := range b {
		n.Person = stay
	}
	g.members[stay] = append(slices.Clone(a), b...)
	slices.SortFunc(g.members[stay], byID) // as the store would give them to the next batch
	delete(g.members, gone)
	return nil
}

// link adds an edge and joins its ends.
func (g *Graph) link(ctx context.Context, a, b *Node, kind, reason, eventID, author string, at int64) error {
	e := &Edge{A: a.ID, B: b.ID, Kind: kind, Reason: reason, EventID: eventID, Author: author, At: at}
	g.newEdges = append(g.newEdges, e)
	g.keepEdge(e)
	return g.join(ctx, a.Person, b.Person)
}

// loadEdges reads the links of the nodes.
func (g *Graph) loadEdges(ctx context.Context, nodes []*Node) error {
	var ids []any
	for _, n := range nodes {
		if !g.loaded[n.ID] && n.before != 0 {
			ids = append(ids, n.ID)
		}
		g.loaded[n.ID] = true
	}
	for part := range readParts(ids) {
		for _, end := range []string{"a", "b"} {
			if err := g.readEdges(ctx, end+" IN "+state.Marks(1, len(part)), part...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *Graph) readEdges(ctx context.Context, where string, args ...any) error {
	rows, err := g.tx.Query(ctx, selectEdge+where, args...)
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		e, err := scanEdge(rows)
		if err != nil {
			return err
		}
		if _, ok := g.edges[e.ID]; !ok {
			g.edges[e.ID] = &e
			g.keepEdge(&e)
		}
	}
	return rows.Err()
}

func (g *Graph) keepEdge(e *Edge) {
	g.links[e.A] = append(g.links[e.A], e)
	if e.A != e.B {
		g.links[e.B] = append(g.links[e.B], e)
	}
}

// between are the links that lead from one of these nodes to another, old and new, cut or not.
func (g *Graph) between(from, to []*Node) []*Edge {
	in := make(map[int64]bool, len(to))
	for _, n := range to {
		in[n.ID] = true
	}
	var out []*Edge
	for _, n := range from {
		for _, e := range g.links[n.ID] {
			if in[e.A] && e.B == n.ID || in[e.B] && e.A == n.ID {
				out = append(out, e)
			}
		}
	}
	return out
}

// cut ends links and rebuilds the people that they held together.
func (g *Graph) cut(ctx context.Context, person int64, which func(*Edge) bool, by Edge) error {
	nodes, err := g.people(ctx, person)
	if err != nil {
		return err
	}
	if err := g.loadEdges(ctx, nodes); err != nil {
		return err
	}
	for _, e := range g.between(nodes, nodes) {
		if e.CutAt == 0 && which(e) {
			e.CutAt, e.CutKind, e.CutReason, e.CutAuthor = max(1, by.CutAt), by.CutKind, by.CutReason, by.CutAuthor
			if e.ID != 0 {
				g.cuts = append(g.cuts, e)
			}
		}
	}
	g.regroup(nodes)
	return nil
}

// regroup gives every node of what was one person the least number of its component.
func (g *Graph) regroup(nodes []*Node) {
	parent := map[int64]int64{}
	for _, n := range nodes {
		parent[n.ID] = n.ID
	}
	var root func(int64) int64
	root = func(i int64) int64 {
		if parent[i] != i {
			parent[i] = root(parent[i])
		}
		return parent[i]
	}
	for _, e := range g.between(nodes, nodes) {
		if e.CutAt == 0 {
			a, b := root(e.A), root(e.B)
			parent[max(a, b)] = min(a, b)
		}
	}
	for _, n := range nodes {
		delete(g.members, n.Person)
	}
	for _, n := range nodes {
		n.Person = root(n.ID)
		g.members[n.Person] = append(g.members[n.Person], n)
	}
}

func byID(a, b *Node) int { return cmp.Compare(a.ID, b.ID) }

func anys[T any](in []T) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}
