package person

import (
	"context"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/state"
)

// upgradeSome is how many profiles of a former version are looked for in one transaction.
const upgradeSome = 2000

// upgrade brings tables of former layouts, which the numbered files cannot tell apart, up to date: at first what each node brought had a
// table of its own, then some folders were made with parts from the start.
func upgrade(ctx context.Context, db *state.DB) error {
	if has(ctx, db, "SELECT id FROM person LIMIT 1") && !has(ctx, db, "SELECT sole FROM person LIMIT 1") {
		bytes := "BLOB"
		if db.Dialect() == state.Postgres {
			bytes = "BYTEA"
		}
		if err := db.InTx(ctx, func(tx *state.Tx) error {
			_, err := tx.Exec(ctx, "ALTER TABLE person ADD COLUMN sole BIGINT DEFAULT 0")
			if err == nil {
				_, err = tx.Exec(ctx, "ALTER TABLE person ADD COLUMN parts "+bytes)
			}
			return err
		}); err != nil {
			return fmt.Errorf("add parts to people: %w", err)
		}
	}
	if !has(ctx, db, "SELECT id FROM profile LIMIT 1") {
		return nil
	}
	if err := moveProfiles(ctx, db); err != nil {
		return err
	}
	return db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "DROP TABLE profile")
		return err
	})
}

// has says whether what a question is about exists.
func has(ctx context.Context, db *state.DB, question string) bool {
	rows, err := db.Query(ctx, question)
	if err != nil {
		return false
	}
	defer rows.Close() //nolint:errcheck // reading
	rows.Next()
	return rows.Err() == nil
}

// moveProfiles puts what a former version kept in a table of its own into the people's rows, some people in each transaction, so that it can
// be interrupted at any moment.
func moveProfiles(ctx context.Context, db *state.DB) error {
	for {
		var left bool
		err := db.InTx(ctx, func(tx *state.Tx) error {
			people, err := profiled(ctx, tx)
			if err != nil {
				return err
			}
			left = len(people) > 0
			for part := range readParts(sortedKeys(people)) {
				if err := movePart(ctx, tx, part); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("move profiles into people: %w", err)
		}
		if !left {
			return nil
		}
	}
}

// profiled are some of the people who still have profiles.
func profiled(ctx context.Context, tx *state.Tx) (map[int64]bool, error) {
	var any bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM profile)").Scan(&any); err != nil || !any {
		return nil, err
	}
	rows, err := tx.Query(ctx, "SELECT i.person FROM profile p JOIN identity i ON i.id = p.id ORDER BY p.id LIMIT ?", upgradeSome)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	people := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		people[id] = true
	}
	return people, rows.Err()
}

// movePart moves all profiles of some people.
func movePart(ctx context.Context, tx *state.Tx, ids []int64) error {
	people := make(map[int64]*record, len(ids))
	for _, id := range ids {
		people[id] = &record{id: id}
	}
	if err := readPart(ctx, tx, ids, func(p *record) { people[p.id] = p }); err != nil {
		return err
	}
	if err := readProfiles(ctx, tx, ids, people); err != nil {
		return err
	}
	for _, id := range ids {
		p := people[id]
		if err := p.settle(); err != nil {
			return err
		}
		stored, err := p.parts.encode()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE person SET sole = ?, parts = ? WHERE id = ?", p.sole, stored, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "DELETE FROM profile WHERE id IN (SELECT id FROM identity WHERE person IN "+state.Marks(1, len(ids))+")", anys(ids)...)
	return err
}

func readProfiles(ctx context.Context, tx *state.Tx, ids []int64, people map[int64]*record) error {
	rows, err := tx.Query(ctx, `SELECT i.person, p.id, p.first_seen, p.last_seen, p.events, p.orders, p.cancelled, p.revenue, p.first_order, p.last_order,
		p.traits, p.detail FROM profile p JOIN identity i ON i.id = p.id WHERE i.person IN `+state.Marks(1, len(ids)), anys(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var person, node int64
		var traits, detail []byte
		f := &Fold{}
		if err := rows.Scan(append([]any{&person, &node}, f.dest(&traits, &detail)...)...); err != nil {
			return err
		}
		if err := f.keep(traits, detail); err != nil {
			return err
		}
		if f.Empty() {
			continue // a command once made it, which is nothing that the person did
		}
		p := people[person]
		if p.parts, err = p.parts.add(node, f); err != nil {
			return err
		}
	}
	return rows.Err()
}
