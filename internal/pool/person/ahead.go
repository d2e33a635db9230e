package person

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
)

// Ahead is what was read of people before the batch before theirs was committed. Forget whom that one wrote before it is used.
type Ahead struct {
	people map[int64]*record
}

// NewAhead makes an empty one.
func NewAhead() *Ahead { return &Ahead{people: map[int64]*record{}} }

// Read adds people.
func (a *Ahead) Read(ctx context.Context, q state.Querier, ids []int64) error {
	wanted := make([]int64, 0, len(ids))
	for _, id := range ids {
		if _, known := a.people[id]; !known {
			wanted = append(wanted, id)
		}
	}
	for part := range readParts(wanted) {
		if err := readPart(ctx, q, part, func(p *record) { a.people[p.id] = p }); err != nil {
			return err
		}
	}
	return nil
}

// Forget drops people who were written since.
func (a *Ahead) Forget(written Result) {
	for _, p := range written.People {
		delete(a.people, p.ID)
	}
	for _, id := range written.Gone {
		delete(a.people, id)
	}
}

// take gives what is known of somebody, once: who takes it changes it.
func (a *Ahead) take(id int64) (*record, bool) {
	if a == nil {
		return nil, false
	}
	p, ok := a.people[id]
	delete(a.people, id)
	return p, ok
}
