package person

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the room's tables up to date.
func Migrate(ctx context.Context, db *state.DB) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "person", sub)
}

// record is a row of person: a fold and what lists show and sort by.
type record struct {
	id int64
	Fold
	email, phone string
	identified   bool
	was          *sorted // as the store has it, nil for a new row
}

// sorted are the columns with an index beside last_seen. Rows in which they stay as they were, nearly all, are written without touching
// those indexes.
type sorted struct{ first, orders, revenue int64 }

// Change is what a batch of events did to the people.
type Change struct {
	// Folds are the sums of the batch's events by anchor node.
	Folds map[int64]*Fold
	// Person of each anchor node in Folds and of each fresh node, after the batch.
	Person map[int64]int64
	// Fresh are the nodes that the batch made.
	Fresh []Node
	// Moves are the nodes that changed their person; those with Before 0 are fresh.
	Moves []identity.Move
}

// Node is a new node: its identity, its kind's strength and the time it was first seen.
type Node struct {
	ID       int64
	Identity event.Identity
	Strong   bool
	At       int64
}

// Store writes a change, in the transaction that also holds the identity graph's part of it.
func Store(ctx context.Context, tx *state.Tx, c Change, kinds identity.Kinds) error {
	if err := addProfiles(ctx, tx, c.Folds); err != nil {
		return fmt.Errorf("write profiles: %w", err)
	}
	// People whose nodes came or went are summed up anew; all others only grow.
	rebuilt := map[int64]bool{}
	for _, m := range c.Moves {
		if m.Before != 0 {
			rebuilt[m.Before], rebuilt[m.Now] = true, true
		}
	}
	rows, err := grow(ctx, tx, c, rebuilt)
	if err != nil {
		return fmt.Errorf("update people: %w", err)
	}
	again, gone, err := rebuild(ctx, tx, rebuilt, kinds)
	if err != nil {
		return fmt.Errorf("rebuild people: %w", err)
	}
	if err := putPeople(ctx, tx, append(rows, again...)); err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	for _, id := range gone {
		if _, err := tx.Exec(ctx, "DELETE FROM person WHERE id = ?", id); err != nil {
			return fmt.Errorf("remove person %d: %w", id, err)
		}
	}
	return nil
}

const foldColumns = "first_seen, last_seen, events, orders, cancelled, revenue, first_order, last_order, traits, detail"

func scanFold(rows *sql.Rows, f *Fold, more ...any) error {
	var traits, detail string
	dest := append(more, &f.First, &f.Last, &f.Events, &f.Orders, &f.Cancelled, &f.Revenue, &f.FirstOrder, &f.LastOrder, &traits, &detail)
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return f.decode(traits, detail)
}

func (f *Fold) decode(traits, detail string) error {
	if traits != "" {
		if err := json.Unmarshal([]byte(traits), &f.Traits); err != nil {
			return fmt.Errorf("read traits: %w", err)
		}
	}
	if detail != "" {
		if err := json.Unmarshal([]byte(detail), &f.Detail); err != nil {
			return fmt.Errorf("read touches: %w", err)
		}
	}
	return nil
}

func (f *Fold) values() ([]any, error) {
	var traits []byte
	var err error
	if len(f.Traits) > 0 {
		if traits, err = json.Marshal(f.Traits, json.Deterministic(true), jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, err
		}
	}
	detail, err := json.Marshal(f.Detail, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, err
	}
	return []any{f.First, f.Last, f.Events, f.Orders, f.Cancelled, f.Revenue, f.FirstOrder, f.LastOrder, string(traits), string(detail)}, nil
}

// Sizes of the parts in which rows are read and written; small ones, because binding n arguments takes SQLite's driver n² steps.
func readParts[T any](list []T) iter.Seq[[]T] { return state.Parts(list, 100, 10, 1) }
func putParts[T any](list []T) iter.Seq[[]T]  { return state.Parts(list, 8, 1) }

// addProfiles adds the batch's folds to the nodes' profiles.
func addProfiles(ctx context.Context, tx *state.Tx, folds map[int64]*Fold) error {
	ids := sortedKeys(folds)
	sums := make(map[int64]*Fold, len(folds))
	for part := range readParts(ids) {
		if err := readFolds(ctx, tx, "SELECT id, "+foldColumns+" FROM profile WHERE id IN "+state.Marks(1, len(part)), part, sums); err != nil {
			return err
		}
	}
	for part := range putParts(ids) {
		args := make([]any, 0, 11*len(part))
		for _, id := range part {
			sum := sums[id]
			if sum == nil {
				sum = &Fold{}
			}
			sum.Add(folds[id])
			v, err := sum.values()
			if err != nil {
				return err
			}
			args = append(append(args, id), v...)
		}
		if _, err := tx.Exec(ctx, upsert(tx.Dialect(), "profile", "id, "+foldColumns, "", len(part)), args...); err != nil {
			return err
		}
	}
	return nil
}

func readFolds(ctx context.Context, q state.Querier, query string, ids []int64, into map[int64]*Fold) error {
	rows, err := q.Query(ctx, query, anys(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var id int64
		f := &Fold{}
		if err := scanFold(rows, f, &id); err != nil {
			return err
		}
		if known := into[id]; known != nil {
			known.Add(f)
			continue
		}
		into[id] = f
	}
	return rows.Err()
}

// upsert is an INSERT of n rows that replaces rows with the same id, except the columns to keep. columns begin with "id".
func upsert(d state.Dialect, table, columns, keep string, n int) string {
	names := strings.Split(columns, ", ")
	sets := make([]string, 0, len(names)-1)
	for _, c := range names[1:] {
		if !strings.Contains(keep, c+",") {
			sets = append(sets, c+" = excluded."+c)
		}
	}
	return d.Insert() + " INTO " + table + " (" + columns + ") VALUES " + state.Marks(n, len(names)) +
		" ON CONFLICT (id) DO UPDATE SET " + strings.Join(sets, ", ")
}

const personColumns = "id, " + foldColumns + ", name, email, phone, identified, channel, channel_class"

func putPeople(ctx context.Context, tx *state.Tx, people []*record) error {
	slices.SortFunc(people, func(a, b *record) int { return cmp.Compare(a.id, b.id) })
	var plain, rest []*record
	for _, p := range people {
		if p.was != nil && *p.was == (sorted{p.First, p.Orders, p.Revenue}) {
			plain = append(plain, p)
		} else {
			rest = append(rest, p)
		}
	}
	return errors.Join(putRows(ctx, tx, plain, "first_seen, orders, revenue,"), putRows(ctx, tx, rest, ""))
}

func putRows(ctx context.Context, tx *state.Tx, people []*record, keep string) error {
	for part := range putParts(people) {
		args := make([]any, 0, 17*len(part))
		for _, p := range part {
			v, err := p.values()
			if err != nil {
				return err
			}
			channel, class := "", ""
			if p.FirstTouch != nil {
				channel, class = withoutNUL(p.FirstTouch.Channel), p.FirstTouch.Class
			}
			args = append(append(args, p.id), v...)
			args = append(args, withoutNUL(nameOf(p.Traits)), p.email, p.phone, p.identified, channel, class)
		}
		if _, err := tx.Exec(ctx, upsert(tx.Dialect(), "person", personColumns, keep, len(part)), args...); err != nil {
			return err
		}
	}
	return nil
}

// withoutNUL is text without NUL, which PostgreSQL cannot hold: a name that has one must not stop the pool.
func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// nameOf is how a person is called in lists: the name trait, else given and family name together (family name first for Chinese), else
// the nickname or user name.
func nameOf(t Traits) string {
	get := func(k string) string {
		v, _ := t[k].Shown()
		return text(jsontext.Value(v))
	}
	if n := get("name"); n != "" {
		return n
	}
	first, last := cmp.Or(get("firstName"), get("first_name"), get("given_name")), cmp.Or(get("lastName"), get("last_name"), get("surname"))
	if first != "" || last != "" {
		if strings.ContainsFunc(first+last, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) {
			return last + first
		}
		return strings.TrimSpace(first + " " + last)
	}
	return cmp.Or(get("nickname"), get("username"))
}

func sortedKeys[V any](m map[int64]V) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func anys(in []int64) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}
