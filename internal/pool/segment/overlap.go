package segment

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

// MostOverlap is how many segments can be laid over each other.
const MostOverlap = 5

// Set is a segment in an overlap.
type Set struct {
	Key    string `json:"key"`
	Title  string `json:"title"`
	People int64  `json:"people"`
}

// Region is who is in some segments and not in the others.
type Region struct {
	In     []string `json:"in" nullable:"false"`
	People int64    `json:"people"`
	Rule   string   `json:"rule" doc:"CEL of exactly these people"`
}

// Overlap is how segments lie over each other. Everybody in the union is in exactly one region.
type Overlap struct {
	Sets    []Set    `json:"sets" nullable:"false"`
	Regions []Region `json:"regions" nullable:"false" doc:"Largest first, without empty ones"`
	Union   int64    `json:"union"`
	Outside int64    `json:"outside"`
	TookMS  float64  `json:"took_ms"`
}

// Overlap lays 2 to 5 segments over each other.
func (s *Service) Overlap(ctx context.Context, keys []string) (Overlap, error) {
	if unique := slices.Compact(slices.Sorted(slices.Values(keys))); len(keys) < 2 || len(keys) > MostOverlap || len(unique) != len(keys) {
		return Overlap{}, fault.New(fault.Invalid, "segment.overlap", "name 2 to %d different segments", MostOverlap)
	}
	began := s.o.Clock.Now()
	out := Overlap{Sets: []Set{}, Regions: []Region{}}
	sets := make([]*roaring64.Bitmap, len(keys))
	for i, key := range keys {
		set, err := s.members(key)
		if err != nil {
			return Overlap{}, err
		}
		sets[i] = set
		item, err := s.shelf.Get(key)
		if err != nil {
			return Overlap{}, err
		}
		out.Sets = append(out.Sets, Set{Key: key, Title: item.Spec.Title, People: int64(set.GetCardinality())})
	}
	for mask := 1; mask < 1<<len(keys); mask++ {
		people := exactly(sets, mask)
		if people == 0 {
			continue
		}
		region := Region{In: []string{}, People: people}
		var tree rule.Tree
		for i, key := range keys {
			part := rule.Tree{Op: "in_segment", Key: key}
			if mask&(1<<i) != 0 {
				region.In = append(region.In, key)
			} else {
				part = rule.Tree{Op: "not", Of: []rule.Tree{part}}
			}
			tree.Of = append(tree.Of, part)
		}
		tree.Op = "and"
		region.Rule, _ = rule.FromTree(tree) // keys are good, so the tree is
		out.Regions = append(out.Regions, region)
		out.Union += people
	}
	slices.SortStableFunc(out.Regions, func(a, b Region) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(len(a.In), len(b.In)))
	})
	out.TookMS = float64(s.o.Clock.Now().Sub(began).Microseconds()) / 1000
	total, err := rulebook.Total(ctx, s.o.State)
	out.Outside = max(0, total-out.Union) // people may have come between the two looks
	return out, err
}

// exactly counts who is in the sets of a mask and in no other.
func exactly(sets []*roaring64.Bitmap, mask int) int64 {
	var inside, others []*roaring64.Bitmap
	for i, set := range sets {
		if mask&(1<<i) != 0 {
			inside = append(inside, set)
		} else {
			others = append(others, set)
		}
	}
	people := inside[0]
	if len(inside) > 1 || len(others) > 0 {
		people = people.Clone()
	}
	for _, set := range inside[1:] {
		people.And(set)
	}
	for _, set := range others {
		people.AndNot(set)
	}
	return int64(people.GetCardinality())
}
