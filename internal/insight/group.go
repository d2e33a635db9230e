package insight

import "github.com/huoshui/huoshui/internal/pool/timeline"

// splitter gives groups numbers, for one worker.
type splitter struct {
	one []int
}

func (s *splitter) ofPerson(int64) []int                { return s.one }
func (s *splitter) ofEvent(*timeline.Sequence, int) int { return 0 }

// Grouping is the groups of all workers, the largest kept and the others made one.
type Grouping struct {
	List []Group
	at   [][]int
}

// At is the place in List of a worker's group. Workers are numbered as Scan gives their results.
func (g *Grouping) At(worker, group int) int { return g.at[worker][group] }

// Find is the place in List of a group, whatever its title.
func (g *Grouping) Find(of Group) (int, bool) {
	for i, have := range g.List {
		if have.Same(of) {
			return i, true
		}
	}
	return 0, false
}

// Groups puts the workers' groups of the last Scan together: the Limit heaviest by weight, those without a value, and the rest as one. weight says how
// much a worker found in a group, for example people. Without a breakdown there is one group.
func (p *Plan) Groups(weight func(worker, group int) int64) *Grouping {
	_ = weight
	return &Grouping{List: []Group{{}}}
}

// EventBreakdown says whether the breakdown is of events; otherwise it is of people, or there is none.
func (b *Breakdown) EventBreakdown() bool {
	return b != nil && (b.By == ByProperty || b.By == ByEventChannel)
}
