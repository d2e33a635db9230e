package identity

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the room's tables up to date.
func Migrate(ctx context.Context, db *state.DB) error {
	return db.Migrate(ctx, "identity", migrations)
}

// Fresh are the nodes that the batch made, in the order in which they were made.
func (b *Batch) Fresh() []*Node {
	var fresh []*Node
	for _, n := range b.byID {
		if n.before == 0 {
			fresh = append(fresh, n)
		}
	}
	slices.SortFunc(fresh, byID)
	return fresh
}

// Kinds are the declared kinds that the batch works with.
func (b *Batch) Kinds() Kinds { return b.kinds }

// Move is a node that changed its person. Before is 0 for a node that is new.
type Move struct{ Node, Before, Now int64 }

// Commit writes what the batch changed and says which nodes moved. position is the log position that the batch reaches.
func (b *Batch) Commit(ctx context.Context, position uint64) ([]Move, error) {
	fresh := b.Fresh()
	var moved []*Node
	for _, n := range b.byID {
		if n.before != 0 && n.before != n.Person {
			moved = append(moved, n)
		}
	}
	slices.SortFunc(moved, byID)
	var moves []Move
	for _, n := range append(slices.Clone(fresh), moved...) {
		moves = append(moves, Move{Node: n.ID, Before: n.before, Now: n.Person})
	}
	if err := b.insertNodes(ctx, fresh); err != nil {
		return nil, fmt.Errorf("write identities: %w", err)
	}
	for _, n := range moved {
		if _, err := b.tx.Exec(ctx, "UPDATE identity SET person = ? WHERE id = ?", n.Person, n.ID); err != nil {
			return nil, fmt.Errorf("move identity %d: %w", n.ID, err)
		}
		if _, err := b.tx.Exec(ctx, "INSERT INTO person_move (position, node, person) VALUES (?, ?, ?)", int64(position), n.ID, n.Person); err != nil { //nolint:gosec // fits
			return nil, fmt.Errorf("note the move of %d: %w", n.ID, err)
		}
	}
	for _, n := range b.flips {
		if _, err := b.tx.Exec(ctx, "UPDATE identity SET quarantined = ? WHERE id = ?", n.Quarantined, n.ID); err != nil {
			return nil, fmt.Errorf("quarantine identity %d: %w", n.ID, err)
		}
	}
	if err := b.writeEdges(ctx); err != nil {
		return nil, fmt.Errorf("write links: %w", err)
	}
	if err := b.writeDoubts(ctx); err != nil {
		return nil, fmt.Errorf("write conflicts: %w", err)
	}
	return moves, nil
}

// Done tells the resolver that the transaction was committed.
func (b *Batch) Done() { b.r.next, b.r.last = b.next, b.Graph }

// Sizes of the parts in which rows are read and written; small ones, because binding n arguments takes SQLite's driver n² steps.
func readParts[T any](list []T) iter.Seq[[]T] { return state.Parts(list, 100, 10, 1) }
func putParts[T any](list []T) iter.Seq[[]T]  { return state.Parts(list, 8, 1) }

func (b *Batch) insertNodes(ctx context.Context, nodes []*Node) error {
	for part := range putParts(nodes) {
		args := make([]any, 0, 5*len(part))
		for _, n := range part {
			args = append(args, n.ID, n.Identity.Key(), n.Person, n.Quarantined, n.At)
		}
		if _, err := b.tx.Exec(ctx, b.tx.Dialect().Insert()+" INTO identity (id, key, person, quarantined, first_at) VALUES "+state.Marks(len(part), 5), args...); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) writeEdges(ctx context.Context) error {
	for part := range putParts(b.newEdges) {
		args := make([]any, 0, 11*len(part))
		for _, e := range part {
			args = append(args, e.A, e.B, e.Kind, e.Reason, e.EventID, e.Author, e.At, e.CutAt, e.CutKind, e.CutReason, e.CutAuthor)
		}
		if _, err := b.tx.Exec(ctx, b.tx.Dialect().Insert()+` INTO edge (a, b, kind, reason, event_id, author, at, cut_at, cut_kind, cut_reason, cut_author) VALUES `+
			state.Marks(len(part), 11), args...); err != nil {
			return err
		}
	}
	for _, e := range b.cuts {
		if _, err := b.tx.Exec(ctx, "UPDATE edge SET cut_at = ?, cut_kind = ?, cut_reason = ?, cut_author = ? WHERE id = ?",
			e.CutAt, e.CutKind, e.CutReason, e.CutAuthor, e.ID); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) writeDoubts(ctx context.Context) error {
	for _, key := range slices.SortedFunc(maps.Keys(b.conflicts), comparePairs) {
		c := b.conflicts[key]
		if _, err := b.tx.Exec(ctx, `INSERT INTO conflict (kind, a, b, on_kind, a_value, b_value, event_id, at, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (a, b) DO UPDATE SET seen = conflict.seen + excluded.seen`,
			c.Kind, c.A, c.B, c.OnKind, c.AValue, c.BValue, c.EventID, c.At, c.Seen); err != nil {
			return err
		}
	}
	for _, weak := range slices.Sorted(maps.Keys(b.sightings)) {
		for _, strong := range b.sightings[weak].fresh {
			if _, err := b.tx.Exec(ctx, "INSERT INTO sighting (weak, strong) VALUES (?, ?) ON CONFLICT DO NOTHING", weak, strong); err != nil {
				return err
			}
		}
	}
	return nil
}

func comparePairs(x, y [2]int64) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) }

const selectEdge = "SELECT id, a, b, kind, reason, event_id, author, at, cut_at, cut_kind, cut_reason, cut_author FROM edge WHERE "

func scanEdge(rows *sql.Rows) (Edge, error) {
	var e Edge
	err := rows.Scan(&e.ID, &e.A, &e.B, &e.Kind, &e.Reason, &e.EventID, &e.Author, &e.At, &e.CutAt, &e.CutKind, &e.CutReason, &e.CutAuthor)
	return e, err
}
