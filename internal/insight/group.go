package insight

import (
	"cmp"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/rule"
)

// defaultLimit is how many groups a breakdown shows if it does not say.
const defaultLimit = 10

// Grouping is the groups of all workers: the largest kept, the others made one.
type Grouping struct {
	List []Group
	at   [][]int
}

// At is the place in List of a worker's group. Workers are numbered as Scan gives their results.
func (g *Grouping) At(worker, group int) int { return g.at[worker][group] }

// Find is the place in List of a group, whatever its title.
func (g *Grouping) Find(of Group) (int, bool) {
	i := slices.IndexFunc(g.List, of.Same)
	return i, i >= 0
}

// Groups puts the workers' groups of the last Scan together: the heaviest by weight, as many as the breakdown's limit; then those without a value,
// then the rest as one. Segments, tags and levels are all there, in their own order. weight says how much a worker found in a group, for example
// people. Without a breakdown there is one group without a name.
func (p *Plan) Groups(weight func(worker, group int) int64) *Grouping {
	type candidate struct {
		Group
		weight int64
		order  int
	}
	var found []candidate
	place := map[Group]int{} // in found
	for w, v := range p.views {
		for n, g := range v.split.groups {
			at, ok := place[g]
			if !ok {
				at = len(found)
				place[g] = at
				found = append(found, candidate{Group: g, order: p.order(g)})
			}
			found[at].weight += weight(w, n)
		}
	}
	fixed, limit := p.need.Breakdown.fixed(), p.need.Breakdown.limit()
	slices.SortFunc(found, func(a, b candidate) int {
		if a.None != b.None {
			return cmp.Compare(truth(a.None), truth(b.None))
		}
		if fixed {
			return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Key, b.Key))
		}
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Key, b.Key))
	})
	out := &Grouping{at: make([][]int, len(p.views))}
	final := map[Group]int{}
	for i, c := range found {
		if fixed || c.None || i < limit {
			c.Title = p.title(c.Group)
			final[found[i].Group] = len(out.List)
			out.List = append(out.List, c.Group)
		}
	}
	if len(out.List) < len(found) {
		out.List = append(out.List, Group{Rest: true})
	}
	for w, v := range p.views {
		for _, g := range v.split.groups {
			at, ok := final[g]
			if !ok {
				at = len(out.List) - 1
			}
			out.at[w] = append(out.at[w], at)
		}
	}
	return out
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// EventBreakdown says whether the breakdown is of events; otherwise it is of people, or there is none.
func (b *Breakdown) EventBreakdown() bool {
	return b != nil && (b.By == ByProperty || b.By == ByEventChannel)
}

// fixed says whether the groups are known beforehand and stand in an order of their own.
func (b *Breakdown) fixed() bool {
	return b != nil && (b.By == BySegment || b.By == ByTag || b.By == ByTier)
}

func (b *Breakdown) limit() int {
	if b == nil || b.Limit == 0 {
		return defaultLimit
	}
	return b.Limit
}

// order is a group's place among those of its kind.
func (p *Plan) order(g Group) int {
	b := p.need.Breakdown
	if !b.fixed() {
		return 0
	}
	if b.By != ByTier {
		return slices.Index(b.Names, g.Key)
	}
	for _, d := range p.schema.Tiers {
		if d.Key == b.Name {
			if i := slices.Index(d.Levels, g.Key); i >= 0 {
				return i
			}
			return len(d.Levels)
		}
	}
	return 0
}

// title is the pool's own name for a group.
func (p *Plan) title(g Group) string {
	b := p.need.Breakdown
	if b == nil || p.schema == nil || p.schema.Words.Title == nil || g.Key == "" {
		return ""
	}
	switch b.By {
	case BySegment:
		return p.schema.Words.Title(rule.SegmentWord, g.Key, "zh")
	case ByTag:
		return p.schema.Words.Title(rule.TagWord, g.Key, "zh")
	case ByTier:
		return p.schema.Words.Title(rule.LevelWord, b.Name+"/"+g.Key, "zh")
	case ByProperty, ByEventChannel, ByFirstChannel, ByTrait:
	}
	return ""
}
