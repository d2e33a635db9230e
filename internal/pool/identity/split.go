package identity

import (
	"cmp"
	"context"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// split takes identities out of the people they belong to. Those that leave a person stay together, and so do those that remain: where
// only what went to the other side held a group together, the group is linked anew. So one person becomes two, also when the identity that
// all links go through is taken out.
func (b *Batch) split(ctx context.Context, nodes []*Node, e *event.Event, p CommandProperties) error {
	out := make(map[int64]bool, len(nodes))
	var people []int64
	for _, n := range nodes {
		out[n.ID] = true
		if !slices.Contains(people, n.Person) {
			people = append(people, n.Person)
		}
	}
	by := Edge{CutAt: e.Time, CutKind: ByUnmerge, CutReason: p.Reason, CutAuthor: p.Author}
	for _, person := range people {
		of, err := b.people(ctx, person)
		if err != nil {
			return err
		}
		of = slices.Clone(of) // cutting gives the person other members
		if err := b.cut(ctx, person, func(e *Edge) bool { return out[e.A] != out[e.B] }, by); err != nil {
			return err
		}
		for _, leaves := range []bool{false, true} {
			var side []*Node
			for _, n := range of {
				if out[n.ID] == leaves {
					side = append(side, n)
				}
			}
			if err := b.keepTogether(ctx, side, e, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepTogether links the pieces of what remains one person, each to the first that it was never taken apart from: what an operator once cut
// is not joined again by the way.
func (b *Batch) keepTogether(ctx context.Context, side []*Node, e *event.Event, p CommandProperties) error {
	var groups [][]*Node
	for _, piece := range pieces(side) {
		to := slices.IndexFunc(groups, func(g []*Node) bool {
			return !slices.ContainsFunc(b.between(g, piece), func(e *Edge) bool { return e.CutKind == ByUnmerge })
		})
		if to < 0 {
			groups = append(groups, piece)
			continue
		}
		if err := b.link(ctx, b.firmest(groups[to]), b.firmest(piece), Kept, p.Reason, e.ID, p.Author, e.Time); err != nil {
			return err
		}
		groups[to] = append(groups[to], piece...)
	}
	return nil
}

// pieces are the nodes by the person that they are now, those of the least number first.
func pieces(nodes []*Node) [][]*Node {
	var out [][]*Node
	at := map[int64]int{}
	for _, n := range nodes {
		i, ok := at[n.Person]
		if !ok {
			i = len(out)
			at[n.Person] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], n)
	}
	slices.SortFunc(out, func(x, y []*Node) int { return cmp.Compare(x[0].Person, y[0].Person) })
	return out
}

// firmest is the identity that is the least likely to be quarantined or taken out later, and the group with it.
func (b *Batch) firmest(nodes []*Node) *Node {
	return slices.MinFunc(nodes, func(x, y *Node) int {
		if x.Quarantined != y.Quarantined {
			if x.Quarantined {
				return 1
			}
			return -1
		}
		kx, _ := b.kinds.Find(x.Identity.Kind)
		ky, _ := b.kinds.Find(y.Identity.Kind)
		return cmp.Or(cmp.Compare(kx.Rank, ky.Rank), byID(x, y))
	})
}
