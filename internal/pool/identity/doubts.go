package identity

import (
	"context"
	"fmt"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// States of a conflict.
const (
	Open      = "open"
	Merged    = "merged"
	Dismissed = "dismissed"
)

// Conflicts lists places where a guard said no, newest first, from the one before a number on (0: from the newest).
func (s *Service) Conflicts(ctx context.Context, stateIs string, before int64, limit int) ([]ConflictView, error) {
	where, args := "state = ?", []any{stateIs}
	if before > 0 {
		where, args = where+" AND id < ?", append(args, before)
	}
	return s.conflicts(ctx, where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

// ConflictsOf are the conflicts that touch any of the identities.
func (s *Service) ConflictsOf(ctx context.Context, nodes []int64) ([]ConflictView, error) {
	if len(nodes) == 0 {
		return []ConflictView{}, nil
	}
	nodes = nodes[:min(len(nodes), 400)]
	marks := state.Marks(1, len(nodes))
	return s.conflicts(ctx, "a IN "+marks+" OR b IN "+marks+" ORDER BY id DESC LIMIT 100", append(anys(nodes), anys(nodes)...)...)
}

func (s *Service) conflicts(ctx context.Context, where string, args ...any) ([]ConflictView, error) {
	found, err := s.readConflicts(ctx, where, args...)
	if err != nil {
		return nil, fmt.Errorf("read conflicts: %w", err)
	}
	var numbers []int64
	for _, c := range found {
		numbers = append(numbers, c.A, c.B)
	}
	ends, err := s.ends(ctx, numbers)
	if err != nil {
		return nil, err
	}
	out := make([]ConflictView, 0, len(found))
	for _, c := range found {
		out = append(out, ConflictView{
			ID: c.ID, At: state.Time(c.At), Kind: c.Kind, A: ends[c.A], B: ends[c.B], EventID: c.EventID, Seen: c.Seen, State: c.State, Author: c.Author,
			On: Difference{Kind: c.OnKind, AValue: c.AValue, BValue: c.BValue},
		})
	}
	return out, nil
}

func (s *Service) readConflicts(ctx context.Context, where string, args ...any) ([]Conflict, error) {
	rows, err := s.db.Query(ctx, "SELECT id, kind, a, b, on_kind, a_value, b_value, event_id, at, seen, state, author FROM conflict WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []Conflict
	for rows.Next() {
		var c Conflict
		if err := rows.Scan(&c.ID, &c.Kind, &c.A, &c.B, &c.OnKind, &c.AValue, &c.BValue, &c.EventID, &c.At, &c.Seen, &c.State, &c.Author); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Resolve closes a conflict: by merging the two people on the operator's word, or by leaving them apart.
func (s *Service) Resolve(ctx context.Context, number int64, merge bool) (ConflictView, error) {
	found, err := s.conflicts(ctx, "id = ?", number)
	if err != nil {
		return ConflictView{}, err
	}
	if len(found) == 0 {
		return ConflictView{}, fault.New(fault.NotFound, "conflict.not_found", "there is no conflict %d", number)
	}
	c := found[0]
	if c.State != Open {
		return ConflictView{}, fault.New(fault.Conflict, "conflict.closed", "this conflict was settled before (%s)", c.State)
	}
	to := Dismissed
	if merge {
		to = Merged
		if c.A.Person != c.B.Person { // this closes the conflict too
			if _, err := s.Merge(ctx, MergeInput{People: []int64{c.A.Person, c.B.Person}, Reason: "conflict " + c.Kind, Force: true}); err != nil {
				return ConflictView{}, err
			}
		}
	}
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		var now string
		if err := tx.QueryRow(ctx, "SELECT state FROM conflict WHERE id = ?", number).Scan(&now); err != nil {
			return err
		}
		if now != Open && now != to {
			return fault.New(fault.Conflict, "conflict.closed", "this conflict was settled before (%s)", now)
		}
		if _, err := tx.Exec(ctx, "UPDATE conflict SET state = ?, author = ? WHERE id = ?", to, actor.From(ctx).Label(), number); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, "conflict.resolve", strconv.FormatInt(number, 10), map[string]any{"state": to, "people": []int64{c.A.Person, c.B.Person}})
	})
	if err != nil {
		return ConflictView{}, fmt.Errorf("settle conflict %d: %w", number, err)
	}
	found, err = s.conflicts(ctx, "id = ?", number)
	if err != nil || len(found) == 0 {
		return ConflictView{}, err
	}
	return found[0], nil
}
