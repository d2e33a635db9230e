package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// MergeInput asks to make several people one.
type MergeInput struct {
	People []int64
	Reason string
	Force  bool   // also against the guards
	Key    string // Idempotency-Key, or empty
}

// Merge makes several people one, on an operator's word, and closes the conflicts between them. It fails with identity.conflict when a
// guard objects and Force is not set. With a Key it may be repeated: the merge is done once, and the answer is who they are by then.
func (s *Service) Merge(ctx context.Context, in MergeInput) (int64, error) {
	var c fault.Check
	c.That(len(in.People) >= 2 && len(in.People) <= event.MaxIdentities, "body.people", "name 2 to %d people", event.MaxIdentities)
	c.That(len(in.Reason) <= 500, "body.reason", "keep the reason below 500 bytes")
	if err := c.Err("identity.merge_invalid", "these people cannot be merged"); err != nil {
		return 0, err
	}
	asked := []any{in.People, in.Reason, in.Force}
	done, err := s.command(ctx, "merge-people", in.Key, asked, func() (act, error) { return s.planMerge(ctx, in) })
	if err != nil {
		return 0, err
	}
	ends, err := s.ends(ctx, slices.Clone(done.Nodes))
	if err != nil {
		return 0, err
	}
	now := ends[done.Nodes[0]].Person
	for _, e := range ends {
		if e.Person != now { // something arrived in between that the guards object to
			return 0, fault.New(fault.Conflict, "identity.conflict", "they have become different people in the meantime; look at them again, or merge with force")
		}
	}
	return now, s.settleWithin(ctx, now)
}

// planMerge finds out whom the merge is about, and whether it may be.
func (s *Service) planMerge(ctx context.Context, in MergeInput) (act, error) {
	var ids []event.Identity
	var nodes, people []int64
	unique := map[string]map[string]bool{}
	for _, number := range in.People {
		person, err := s.PersonOf(ctx, number)
		if err != nil {
			return act{}, err
		}
		if slices.Contains(people, person) {
			continue // the same one by another number
		}
		of, err := s.Of(ctx, person)
		if err != nil {
			return act{}, err
		}
		if len(of) == 0 {
			return act{}, notFound(number)
		}
		ids = append(ids, event.Identity{Kind: of[0].Kind, Scope: of[0].Scope, Value: of[0].Value})
		nodes, people = append(nodes, of[0].ID), append(people, person)
		for _, v := range of {
			if k, _ := s.kinds().Find(v.Kind); k.Unique {
				slot := v.Kind + " " + v.Scope
				if unique[slot] == nil {
					unique[slot] = map[string]bool{}
				}
				unique[slot][v.Value] = true
			}
		}
	}
	var c fault.Check
	c.That(len(people) >= 2, "body.people", "these numbers are all the same person already")
	if err := c.Err("identity.merge_invalid", "these people cannot be merged"); err != nil {
		return act{}, err
	}
	for slot, values := range unique {
		if len(values) > 1 && !in.Force {
			return act{}, fault.New(fault.Conflict, "identity.conflict", "they have %d different values of %s, which a person has only one of; merge with force if they are the same person all the same", len(values), strings.TrimSpace(slot))
		}
	}
	return act{
		Name: event.PeopleMerged, Identities: ids, Nodes: nodes, Properties: CommandProperties{Reason: in.Reason, Force: in.Force},
		Action: "people.merge", Target: people[0], Detail: map[string]any{"people": people},
	}, nil
}

// settleWithin closes the conflicts between identities that have become one person.
func (s *Service) settleWithin(ctx context.Context, person int64) error {
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE conflict SET state = ?, author = ? WHERE state = ? AND a IN (SELECT id FROM identity WHERE person = ?)
			AND b IN (SELECT id FROM identity WHERE person = ?)`, Merged, actor.From(ctx).Label(), Open, person, person)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle the conflicts of person %d: %w", person, err)
	}
	return nil
}

// UnmergeInput asks to split identities off a person.
type UnmergeInput struct {
	Person     int64
	Identities []int64
	Reason     string
	Key        string // Idempotency-Key, or empty
}

// Unmerge cuts the links between some identities of a person and the rest; each side stays one person (see Batch.split). It returns the
// people that they are now: two, unless an earlier split goes through one of the sides.
// With a Key it may be repeated, as a merge may.
func (s *Service) Unmerge(ctx context.Context, in UnmergeInput) ([]int64, error) {
	asked := []any{in.Person, in.Identities, in.Reason}
	done, err := s.command(ctx, "unmerge-person", in.Key, asked, func() (act, error) { return s.planUnmerge(ctx, in) })
	if err != nil {
		return nil, err
	}
	ends, err := s.ends(ctx, slices.Clone(done.Nodes))
	if err != nil {
		return nil, err
	}
	var people []int64
	for _, e := range ends {
		people = append(people, e.Person)
	}
	slices.Sort(people)
	return slices.Compact(people), nil
}

// planUnmerge finds out which identities leave.
func (s *Service) planUnmerge(ctx context.Context, in UnmergeInput) (act, error) {
	person, err := s.PersonOf(ctx, in.Person)
	if err != nil {
		return act{}, err
	}
	of, err := s.Of(ctx, person)
	if err != nil {
		return act{}, err
	}
	var ids []event.Identity
	var nodes []int64
	for _, v := range of {
		nodes = append(nodes, v.ID)
		if slices.Contains(in.Identities, v.ID) {
			ids = append(ids, event.Identity{Kind: v.Kind, Scope: v.Scope, Value: v.Value})
		}
	}
	var c fault.Check
	c.That(len(ids) > 0 && len(ids) == len(in.Identities), "body.identities", "name identities of this person")
	c.That(len(ids) < len(of), "body.identities", "leave at least one identity with the person")
	c.That(len(ids) <= event.MaxIdentities, "body.identities", "at most %d at once", event.MaxIdentities)
	c.That(len(in.Reason) <= 500, "body.reason", "keep the reason below 500 bytes")
	if err := c.Err("identity.unmerge_invalid", "this person cannot be taken apart like that"); err != nil {
		return act{}, err
	}
	return act{
		Name: event.PeopleUnmerged, Identities: ids, Nodes: nodes, Properties: CommandProperties{Reason: in.Reason},
		Action: "people.unmerge", Target: person, Detail: map[string]any{"identities": in.Identities},
	}, nil
}

// Quarantine takes an identity out of linking, or lets it link again.
func (s *Service) Quarantine(ctx context.Context, number int64, on bool, reason string) (int64, error) {
	if len(reason) > 500 {
		return 0, fault.New(fault.Invalid, "identity.reason", "keep the reason below 500 bytes")
	}
	_, err := s.command(ctx, "", "", nil, func() (act, error) {
		ends, err := s.ends(ctx, []int64{number})
		if err != nil {
			return act{}, err
		}
		e, ok := ends[number]
		if !ok {
			return act{}, notFound(number)
		}
		a := act{
			Name: event.Quarantined, Identities: []event.Identity{{Kind: e.Kind, Scope: e.Scope, Value: e.Value}}, Properties: CommandProperties{Reason: reason},
			Action: "identity.quarantine", Target: number, Detail: map[string]any{"person": e.Person},
		}
		if !on {
			a.Name, a.Action = event.Released, "identity.release"
		}
		return a, nil
	})
	if err != nil {
		return 0, err
	}
	return s.PersonOf(ctx, number)
}
