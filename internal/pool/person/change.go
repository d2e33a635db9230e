package person

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// grow adds the batch to the people whose nodes did not change hands.
func grow(ctx context.Context, tx *state.Tx, c Change, rebuilt map[int64]bool) ([]*record, error) {
	people := map[int64]*record{}
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
	if err := readPeople(ctx, tx, people); err != nil {
		return nil, err
	}
	for _, n := range c.Fresh {
		if p := touch(c.Person[n.ID]); p != nil {
			p.learn(n.Identity, n.Strong, n.At)
		}
	}
	for node, f := range c.Folds {
		if p := touch(c.Person[node]); p != nil {
			p.Add(f)
		}
	}
	out := make([]*record, 0, len(people))
	for _, p := range people {
		out = append(out, p)
	}
	return out, nil
}

// learn takes in a new identity. Phone and e-mail are the ones seen first. A person that never did anything is "seen" when its first
// identity was.
func (p *record) learn(i event.Identity, strong bool, at int64) {
	p.identified = p.identified || strong
	switch {
	case i.Kind == event.Email && p.email == "":
		p.email = i.Value
	case i.Kind == event.Phone && p.phone == "":
		p.phone = i.Value
	}
	p.First, p.Last = least(p.First, at), max(p.Last, at)
}

func readPeople(ctx context.Context, tx *state.Tx, people map[int64]*record) error {
	for part := range readParts(sortedKeys(people)) {
		if err := readPart(ctx, tx, part, people); err != nil {
			return err
		}
	}
	return nil
}

func readPart(ctx context.Context, tx *state.Tx, ids []int64, people map[int64]*record) error {
	rows, err := tx.Query(ctx, "SELECT id, email, phone, identified, "+foldColumns+" FROM person WHERE id IN "+state.Marks(1, len(ids)), anys(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var p record
		if err := scanFold(rows, &p.Fold, &p.id, &p.email, &p.phone, &p.identified); err != nil {
			return err
		}
		p.was = &sorted{p.First, p.Orders, p.Revenue}
		*people[p.id] = p
	}
	return rows.Err()
}

// rebuild sums up people anew from their nodes; gone are those without any.
func rebuild(ctx context.Context, tx *state.Tx, ids map[int64]bool, kinds identity.Kinds) (people []*record, gone []int64, err error) {
	found := map[int64]*record{}
	for part := range readParts(sortedKeys(ids)) {
		if err := rebuildPart(ctx, tx, part, kinds, found); err != nil {
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

func rebuildPart(ctx context.Context, tx *state.Tx, ids []int64, kinds identity.Kinds, found map[int64]*record) error {
	marks := state.Marks(1, len(ids))
	rows, err := tx.Query(ctx, "SELECT person, key, first_at FROM identity WHERE person IN "+marks+" ORDER BY id", anys(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var id, at int64
		var key string
		if err := rows.Scan(&id, &key, &at); err != nil {
			return err
		}
		if found[id] == nil {
			found[id] = &record{id: id}
		}
		i := event.ParseKey(key)
		k, _ := kinds.Find(i.Kind)
		found[id].learn(i, k.Strong, at)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	sums := map[int64]*Fold{}
	if err := readFolds(ctx, tx, "SELECT i.person, "+foldColumns+" FROM profile p JOIN identity i ON i.id = p.id WHERE i.person IN "+marks, ids, sums); err != nil {
		return err
	}
	for id, f := range sums {
		found[id].Add(f)
	}
	return nil
}
