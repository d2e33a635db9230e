package person

import (
	"context"
	"maps"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// grow adds the batch to the people whose nodes did not change hands.
func grow(ctx context.Context, tx *state.Tx, c Change, rebuilt map[int64]bool, ahead *Ahead) ([]*record, error) {
	people := make(map[int64]*record, len(c.Folds))
	touch := func(id int64) *record {
		if rebuilt[id] {
			return nil
		}
		p := people[id]
		if p == nil {
			p = &record{id: id}
			people[id] = p
		}
		return p
	}
	for node := range c.Folds {
		touch(c.Person[node])
	}
	for _, n := range c.Fresh {
		touch(c.Person[n.ID])
	}
	var unknown []int64
	for id := range people {
		if p, ok := ahead.take(id); ok {
			people[id] = p
		} else {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	if err := readPeople(ctx, tx, unknown, people); err != nil {
		return nil, err
	}
	for node, f := range c.Folds {
		if p := touch(c.Person[node]); p != nil {
			if err := p.grow(node, f); err != nil {
				return nil, err
			}
		}
	}
	for _, n := range c.Fresh {
		if p := touch(c.Person[n.ID]); p != nil {
			p.learn(n.Identity, n.Strong, n.At)
		}
	}
	out := make([]*record, 0, len(people))
	for _, p := range people {
		out = append(out, p)
	}
	return out, nil
}

// readPeople fills in what the store has of people. Those that a batch made itself are not looked for.
func readPeople(ctx context.Context, tx *state.Tx, ids []int64, people map[int64]*record) error {
	for part := range readParts(ids) {
		if err := readPart(ctx, tx, part, func(p *record) { *people[p.id] = *p }); err != nil {
			return err
		}
	}
	return nil
}

func readPart(ctx context.Context, q state.Querier, ids []int64, yield func(*record)) error {
	rows, err := q.Query(ctx, "SELECT "+recordColumns+" FROM person WHERE id IN "+state.Marks(1, len(ids)), anys(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		p := &record{}
		if err := scanRecord(rows, p); err != nil {
			return err
		}
		yield(p)
	}
	return rows.Err()
}

// rebuild sums up people anew from the parts of all of them and the batch; gone are those without any identity.
func rebuild(ctx context.Context, tx *state.Tx, c Change, ids map[int64]bool, kinds identity.Kinds) (people []*record, gone []int64, err error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	old := make(map[int64]*record, len(ids))
	for id := range ids {
		old[id] = &record{id: id}
	}
	if err := readPeople(ctx, tx, sortedKeys(ids), old); err != nil {
		return nil, nil, err
	}
	brought := map[int64]*Fold{}
	for _, p := range old {
		parts, err := p.brought()
		if err != nil {
			return nil, nil, err
		}
		maps.Copy(brought, parts)
	}
	found := map[int64]*record{}
	for part := range readParts(sortedKeys(ids)) {
		if err := gather(ctx, tx, part, c, kinds, brought, found); err != nil {
			return nil, nil, err
		}
	}
	for id := range ids {
		if p := found[id]; p != nil {
			people = append(people, p)
		} else {
			gone = append(gone, id)
		}
	}
	return people, gone, nil
}

// gather builds people from the identities that they have now.
func gather(ctx context.Context, tx *state.Tx, ids []int64, c Change, kinds identity.Kinds, brought map[int64]*Fold, found map[int64]*record) error {
	rows, err := tx.Query(ctx, "SELECT id, person, key, first_at FROM identity WHERE person IN "+state.Marks(1, len(ids))+" ORDER BY id", anys(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var node, id, at int64
		var key string
		if err := rows.Scan(&node, &id, &key, &at); err != nil {
			return err
		}
		p := found[id]
		if p == nil {
			p = &record{id: id, spoke: true}
			found[id] = p
		}
		for _, f := range []*Fold{brought[node], c.Folds[node]} {
			if f == nil {
				continue
			}
			if err := p.grow(node, f); err != nil {
				return err
			}
		}
		i := event.ParseKey(key)
		k, _ := kinds.Find(i.Kind)
		p.learn(i, k.Strong, at)
	}
	return rows.Err()
}
