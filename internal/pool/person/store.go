package person

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
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
	if err := db.Migrate(ctx, "person", migrations); err != nil {
		return err
	}
	return upgrade(ctx, db)
}

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

// Result is who was written and who is no more.
type Result struct {
	People []Now
	Gone   []int64
}

// Store writes a change, in the transaction that also holds the identity graph's part of it, and says who the people are now. What was read
// ahead (nil: nothing) is used up.
func Store(ctx context.Context, tx *state.Tx, c Change, kinds identity.Kinds, ahead *Ahead) (Result, error) {
	// People whose nodes came or went are summed up anew; all others only grow.
	rebuilt := map[int64]bool{}
	for _, m := range c.Moves {
		if m.Before != 0 {
			rebuilt[m.Before], rebuilt[m.Now] = true, true
		}
	}
	rows, err := grow(ctx, tx, c, rebuilt, ahead)
	if err != nil {
		return Result{}, fmt.Errorf("update people: %w", err)
	}
	again, gone, err := rebuild(ctx, tx, c, rebuilt, kinds)
	if err != nil {
		return Result{}, fmt.Errorf("rebuild people: %w", err)
	}
	rows = append(rows, again...)
	if err := putPeople(ctx, tx, rows); err != nil {
		return Result{}, fmt.Errorf("write people: %w", err)
	}
	for _, id := range gone {
		if _, err := tx.Exec(ctx, "DELETE FROM person WHERE id = ?", id); err != nil {
			return Result{}, fmt.Errorf("remove person %d: %w", id, err)
		}
	}
	return Result{now(rows), gone}, nil
}

const foldColumns = "first_seen, last_seen, events, orders, cancelled, revenue, first_order, last_order, traits, detail"

// dest are the places for foldColumns.
func (f *Fold) dest(traits, detail *[]byte) []any {
	return []any{&f.First, &f.Last, &f.Events, &f.Orders, &f.Cancelled, &f.Revenue, &f.FirstOrder, &f.LastOrder, traits, detail}
}

// keep takes in traits and detail as they are stored.
func (f *Fold) keep(traits, detail []byte) error {
	if len(traits) > 0 {
		f.stored = traits
	}
	if len(detail) > 0 {
		if err := json.Unmarshal(detail, &f.Detail); err != nil {
			return fmt.Errorf("read touches: %w", err)
		}
	}
	return nil
}

// texts are traits and detail as they are stored.
func (f *Fold) texts() (traits, detail []byte, err error) {
	traits = f.stored
	if traits == nil && len(f.Traits) > 0 {
		if traits, err = json.Marshal(f.Traits, json.Deterministic(true), jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, nil, err
		}
	}
	return traits, f.appendTo(nil), nil
}

// Sizes of the parts in which rows are read and written; small ones, because binding n arguments takes SQLite's driver n² steps.
func readParts[T any](list []T) iter.Seq[[]T] { return state.Parts(list, 100, 10, 1) }
func putParts[T any](list []T) iter.Seq[[]T]  { return state.Parts(list, 8, 1) }

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

const personColumns = "id, " + foldColumns + ", name, email, phone, identified, channel, channel_class, sole, parts, last_span"

func putPeople(ctx context.Context, tx *state.Tx, people []*record) error {
	slices.SortFunc(people, func(a, b *record) int { return cmp.Compare(a.id, b.id) })
	var same, later, rest []*record
	for _, p := range people {
		switch now := p.sorted(); {
		case p.was == nil:
			rest = append(rest, p)
		case *p.was == now:
			same = append(same, p)
		case *p.was == sorted{now.first, now.orders, now.revenue, p.was.span}:
			later = append(later, p)
		default:
			rest = append(rest, p)
		}
	}
	return errors.Join(putRows(ctx, tx, same, "first_seen, orders, revenue, last_span,"), putRows(ctx, tx, later, "first_seen, orders, revenue,"), putRows(ctx, tx, rest, ""))
}

func putRows(ctx context.Context, tx *state.Tx, people []*record, keep string) error {
	texts := map[int]string{}
	for part := range encoded(people) {
		if part.err != nil {
			return part.err
		}
		text, ok := texts[part.rows]
		if !ok {
			text = upsert(tx.Dialect(), "person", personColumns, keep, part.rows)
			texts[part.rows] = text
		}
		if _, err := tx.Exec(ctx, text, part.args...); err != nil {
			return err
		}
	}
	return nil
}

// someRows are the arguments of one statement.
type someRows struct {
	rows int
	args []any
	err  error
}

// encoded makes people's rows, beside the writing of those before them. After an error it ends.
func encoded(people []*record) <-chan someRows {
	out := make(chan someRows, (len(people) + 1)) // room for all: it never waits, so that nobody has to read to the end
	go func() {
		defer close(out)
		for part := range putParts(people) {
			s := someRows{rows: len(part), args: make([]any, 0, 20*len(part))}
			for _, p := range part {
				v, err := p.values()
				if err != nil {
					s.err = err
					break
				}
				s.args = append(s.args, v...)
			}
			if out <- s; s.err != nil {
				return
			}
		}
	}()
	return out
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
