package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// MergeInput asks to make several people one.
type MergeInput struct {
	People []int64
	Reason string
	Force  bool // also against the guards
}

// Merge makes several people one, on an operator's word, and closes the conflicts between them. It fails with identity.conflict when a
// guard objects and Force is not set.
func (s *Service) Merge(ctx context.Context, in MergeInput) (int64, error) {
	var c fault.Check
	c.That(len(in.People) >= 2 && len(in.People) <= event.MaxIdentities, "body.people", "name 2 to %d people", event.MaxIdentities)
	c.That(len(in.Reason) <= 500, "body.reason", "keep the reason below 500 bytes")
	if err := c.Err("identity.merge_invalid", "these people cannot be merged"); err != nil {
		return 0, err
	}
	var ids []event.Identity
	var nodes, people []int64
	unique := map[string]map[string]bool{}
	for _, number := range in.People {
		person, err := s.PersonOf(ctx, number)
		if err != nil {
			return 0, err
		}
		if slices.Contains(people, person) {
			continue // the same one by another number
		}
		of, err := s.Of(ctx, person)
		if err != nil {
			return 0, err
		}
		if len(of) == 0 {
			return 0, notFound(number)
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
	c.That(len(people) >= 2, "body.people", "these numbers are all the same person already")
	if err := c.Err("identity.merge_invalid", "these people cannot be merged"); err != nil {
		return 0, err
	}
	for slot, values := range unique {
		if len(values) > 1 && !in.Force {
			return 0, fault.New(fault.Conflict, "identity.conflict", "they have %d different values of %s, which a person has only one of; merge with force if they are the same person all the same", len(values), strings.TrimSpace(slot))
		}
	}
	act := act{name: event.PeopleMerged, ids: ids, properties: CommandProperties{Reason: in.Reason, Force: in.Force}, action: "people.merge", target: people[0], detail: map[string]any{"people": people}}
	if err := s.command(ctx, act); err != nil {
		return 0, err
	}
	ends, err := s.ends(ctx, nodes)
	if err != nil {
		return 0, err
	}
	now := ends[nodes[0]].Person
	for _, e := range ends {
		if e.Person != now { // something arrived in between that the guards object to
			return 0, fault.New(fault.Conflict, "identity.conflict", "they have become different people in the meantime; look at them again, or merge with force")
		}
	}
	return now, s.settleWithin(ctx, now)
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
}

// Unmerge cuts the links between some identities of a person and the rest; each side stays one person (see Batch.split). It returns the
// people that they are now: two, unless an earlier split goes through one of the sides.
func (s *Service) Unmerge(ctx context.Context, in UnmergeInput) ([]int64, error) {
	person, err := s.PersonOf(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	of, err := s.Of(ctx, person)
	if err != nil {
		return nil, err
	}
	var ids []event.Identity
	for _, v := range of {
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
		return nil, err
	}
	act := act{name: event.PeopleUnmerged, ids: ids, properties: CommandProperties{Reason: in.Reason}, action: "people.unmerge", target: person, detail: map[string]any{"identities": in.Identities}}
	if err := s.command(ctx, act); err != nil {
		return nil, err
	}
	var numbers []int64
	for _, v := range of {
		numbers = append(numbers, v.ID)
	}
	ends, err := s.ends(ctx, numbers)
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

// Quarantine takes an identity out of linking, or lets it link again.
func (s *Service) Quarantine(ctx context.Context, number int64, on bool, reason string) (int64, error) {
	if len(reason) > 500 {
		return 0, fault.New(fault.Invalid, "identity.reason", "keep the reason below 500 bytes")
	}
	ends, err := s.ends(ctx, []int64{number})
	if err != nil {
		return 0, err
	}
	e, ok := ends[number]
	if !ok {
		return 0, notFound(number)
	}
	act := act{
		name: event.Quarantined, ids: []event.Identity{{Kind: e.Kind, Scope: e.Scope, Value: e.Value}}, properties: CommandProperties{Reason: reason},
		action: "identity.quarantine", target: number, detail: map[string]any{"person": e.Person},
	}
	if !on {
		act.name, act.action = event.Released, "identity.release"
	}
	if err := s.command(ctx, act); err != nil {
		return 0, err
	}
	return s.PersonOf(ctx, number)
}

// act is an operator's decision: the event that does it, and what the audit says of it.
type act struct {
	name       string
	ids        []event.Identity
	properties CommandProperties
	action     string
	target     int64 // number of a person or an identity; numbers, because the audit holds nothing personal
	detail     map[string]any
}

// command does an operator's act as an event. Its author is in the properties, so that the story can name him. The audit has the decision
// before it is done, so that there is no act without its entry; the entry names the event.
func (s *Service) command(ctx context.Context, a act) error {
	a.properties.Author = actor.From(ctx).Label()
	body, err := json.Marshal(a.properties)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	e := &event.Event{
		ID: "command-" + id.New(now), Type: event.Command, Name: a.name, Time: now.UnixMicro(), Received: now.UnixMicro(),
		Identities: a.ids, Properties: body,
	}
	a.detail["event_id"], a.detail["reason"] = e.ID, a.properties.Reason
	if a.properties.Force {
		a.detail["force"] = true
	}
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		return s.trail.Record(ctx, tx, a.action, strconv.FormatInt(a.target, 10), a.detail)
	})
	if err != nil {
		return fmt.Errorf("note the decision %s: %w", a.action, err)
	}
	return s.do.Do(ctx, e)
}
