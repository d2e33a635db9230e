package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Commander puts an operator's act into the log and returns when it is applied.
type Commander interface {
	Do(ctx context.Context, e *event.Event) error
}

// Service answers who is who and takes an operator's decisions.
type Service struct {
	db    *state.DB
	kinds func() Kinds
	do    Commander
	clock clock.Clock
}

// NewService makes the service.
func NewService(db *state.DB, kinds func() Kinds, do Commander, clk clock.Clock) *Service {
	return &Service{db: db, kinds: kinds, do: do, clock: clk}
}

// PersonOf is the present person of any number that a person or identity ever had.
func (s *Service) PersonOf(ctx context.Context, number int64) (int64, error) {
	ends, err := s.ends(ctx, []int64{number})
	if err != nil {
		return 0, err
	}
	e, ok := ends[number]
	if !ok {
		return 0, notFound(number)
	}
	return e.Person, nil
}

func notFound(number int64) error {
	return fault.New(fault.NotFound, "person.not_found", "there is nobody with the number %d", number)
}

// Find is the person behind an identity, in any spelling that normalises to it.
func (s *Service) Find(ctx context.Context, i event.Identity, region string) (int64, error) {
	if v, err := Normalize(i.Kind, i.Value, region); err == nil {
		i.Value = v
	}
	var person int64
	err := s.db.QueryRow(ctx, "SELECT COALESCE(MAX(person), 0) FROM identity WHERE key = ?", i.Key()).Scan(&person)
	if err == nil && person == 0 {
		err = fault.New(fault.NotFound, "person.not_found", "nobody has this %s", i.Kind)
	}
	return person, err
}

// Of are the identities of a person with their numbers, oldest first.
func (s *Service) Of(ctx context.Context, person int64) ([]View, error) {
	rows, err := s.db.Query(ctx, "SELECT id, key, quarantined FROM identity WHERE person = ? ORDER BY id", person)
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	kinds := s.kinds()
	var out []View
	for rows.Next() {
		v := View{Strength: "weak", State: "active"}
		var key string
		var quarantined bool
		if err := rows.Scan(&v.ID, &key, &quarantined); err != nil {
			return nil, err
		}
		i := event.ParseKey(key)
		v.Kind, v.Scope, v.Value = i.Kind, i.Scope, i.Value
		if k, _ := kinds.Find(i.Kind); k.Strong {
			v.Strength = "strong"
		}
		if quarantined {
			v.State = "quarantined"
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Story is every link that a set of identities ever had, oldest first, the cut ones too.
func (s *Service) Story(ctx context.Context, nodes []int64) ([]EdgeView, error) {
	if len(nodes) == 0 {
		return []EdgeView{}, nil
	}
	nodes = nodes[:min(len(nodes), 400)]
	marks := state.Marks(1, len(nodes))
	edges, err := s.edges(ctx, "a IN "+marks+" OR b IN "+marks+" ORDER BY at, id LIMIT 500", append(anys(nodes), anys(nodes)...)...)
	if err != nil {
		return nil, err
	}
	var numbers []int64
	for _, e := range edges {
		numbers = append(numbers, e.A, e.B)
	}
	ends, err := s.ends(ctx, numbers)
	if err != nil {
		return nil, err
	}
	out := make([]EdgeView, 0, len(edges))
	for i := range edges {
		out = append(out, edges[i].view(ends))
	}
	return out, nil
}

func (s *Service) edges(ctx context.Context, where string, args ...any) ([]Edge, error) {
	rows, err := s.db.Query(ctx, selectEdge+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []Edge
	for rows.Next() {
		e, err := scanEdge(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// ends reads identities by number.
func (s *Service) ends(ctx context.Context, numbers []int64) (map[int64]End, error) {
	slices.Sort(numbers)
	out := map[int64]End{}
	for part := range slices.Chunk(slices.Compact(numbers), chunk) {
		err := func() error {
			rows, err := s.db.Query(ctx, "SELECT id, key, person FROM identity WHERE id IN "+state.Marks(1, len(part)), anys(part)...)
			if err != nil {
				return err
			}
			defer rows.Close() //nolint:errcheck // reading
			for rows.Next() {
				var e End
				var key string
				if err := rows.Scan(&e.ID, &key, &e.Person); err != nil {
					return err
				}
				i := event.ParseKey(key)
				e.Kind, e.Scope, e.Value = i.Kind, i.Scope, i.Value
				out[e.ID] = e
			}
			return rows.Err()
		}()
		if err != nil {
			return nil, fmt.Errorf("read identities: %w", err)
		}
	}
	return out, nil
}

// MergeInput asks to make several people one.
type MergeInput struct {
	People []int64
	Reason string
	Force  bool // also against the guards
}

// Merge makes several people one, on an operator's word. It fails with identity.conflict when a guard objects and Force is not set.
func (s *Service) Merge(ctx context.Context, in MergeInput) (int64, error) {
	var c fault.Check
	c.That(len(in.People) >= 2 && len(in.People) <= event.MaxIdentities, "body.people", "name 2 to %d people", event.MaxIdentities)
	c.That(len(in.Reason) <= 500, "body.reason", "keep the reason below 500 bytes")
	if err := c.Err("identity.merge_invalid", "these people cannot be merged"); err != nil {
		return 0, err
	}
	var ids []event.Identity
	unique := map[string]map[string]bool{}
	for _, number := range in.People {
		person, err := s.PersonOf(ctx, number)
		if err != nil {
			return 0, err
		}
		of, err := s.Of(ctx, person)
		if err != nil {
			return 0, err
		}
		if len(of) == 0 {
			return 0, notFound(number)
		}
		ids = append(ids, event.Identity{Kind: of[0].Kind, Scope: of[0].Scope, Value: of[0].Value})
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
	for slot, values := range unique {
		if len(values) > 1 && !in.Force {
			return 0, fault.New(fault.Conflict, "identity.conflict", "they have %d different values of %s, which a person has only one of; merge with force if they are the same person all the same", len(values), strings.TrimSpace(slot))
		}
	}
	if err := s.command(ctx, event.PeopleMerged, ids, CommandProperties{Reason: in.Reason, Force: in.Force}); err != nil {
		return 0, err
	}
	return s.Find(ctx, ids[0], "")
}

// UnmergeInput asks to split identities off a person.
type UnmergeInput struct {
	Person     int64
	Identities []int64
	Reason     string
}

// Unmerge cuts the links between some identities of a person and the rest. It returns the people that they are now.
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
	if err := s.command(ctx, event.PeopleUnmerged, ids, CommandProperties{Reason: in.Reason}); err != nil {
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
	ends, err := s.ends(ctx, []int64{number})
	if err != nil {
		return 0, err
	}
	e, ok := ends[number]
	if !ok {
		return 0, notFound(number)
	}
	name := event.Quarantined
	if !on {
		name = event.Released
	}
	i := event.Identity{Kind: e.Kind, Scope: e.Scope, Value: e.Value}
	if err := s.command(ctx, name, []event.Identity{i}, CommandProperties{Reason: reason}); err != nil {
		return 0, err
	}
	return s.Find(ctx, i, "")
}

// command is an operator's act as an event. Its author is in the properties, so that the story can name him.
func (s *Service) command(ctx context.Context, name string, ids []event.Identity, p CommandProperties) error {
	p.Author = actor.From(ctx).Label()
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	return s.do.Do(ctx, &event.Event{
		ID: "command-" + id.New(now), Type: event.Command, Name: name, Time: now.UnixMicro(), Received: now.UnixMicro(),
		Identities: ids, Properties: body,
	})
}

// Prefixes are the beginnings of the stored keys of every declared kind without a scope, for searches by the beginning of a value.
func (s *Service) Prefixes() []string {
	var out []string
	for _, k := range s.kinds().All() {
		out = append(out, event.Identity{Kind: k.Kind}.Key())
	}
	return out
}
