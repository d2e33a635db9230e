package identity

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Ahead is what was read of a batch's nodes before the batch before it was committed. What that one did is newer: Resolver.Begin takes the
// nodes from it that it knows, and from here only the others.
type Ahead struct {
	nodes map[string]*Node // nil for a key that was nobody's
}

// NewAhead makes an empty one.
func NewAhead() *Ahead { return &Ahead{nodes: map[string]*Node{}} }

// Read adds the nodes of events, and says whose they are.
func (a *Ahead) Read(ctx context.Context, q state.Querier, events []*event.Event) (people []int64, err error) {
	var keys []string
	for _, e := range events {
		for _, i := range e.Identities {
			k := i.Key()
			if _, known := a.nodes[k]; !known {
				a.nodes[k] = nil
				keys = append(keys, k)
			}
		}
	}
	for part := range readParts(keys) {
		if err := readNodes(ctx, q, "key IN "+state.Marks(1, len(part)), anys(part), func(key string, n *Node) {
			a.nodes[key] = n
			people = append(people, n.Person)
		}); err != nil {
			return nil, err
		}
	}
	return people, nil
}
