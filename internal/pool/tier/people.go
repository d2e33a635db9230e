package tier

import (
	"context"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// Member is a person at a level, or one who came to it or left it.
type Member struct {
	rulebook.Member
	Level string     `json:"level"`
	At    *time.Time `json:"at,omitempty" doc:"When the change was"`
	From  string     `json:"from,omitempty" doc:"Level before the change"`
}

// Chosen are the people at a level, or at any if level is empty, as a set of the caller's own.
func (s *Service) chosen(key, level string) (shelf.Item[Spec], *roaring64.Bitmap, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return item, nil, err
	}
	if item.Spec.State == rulebook.Archived {
		return item, nil, fault.New(fault.Conflict, "tier.archived", "the dimension %q is archived; bring it back first", key)
	}
	set, known := roaring64.New(), level == ""
	for _, l := range item.Spec.Levels {
		if level != "" && level != l.Key {
			continue
		}
		known = true
		if some := s.o.Engine.Members(standing.Tier, key, l.Key); some != nil {
			set.Or(some)
		}
	}
	if !known {
		return item, nil, fault.New(fault.NotFound, "tier.not_found", "the dimension %q has no level %q", key, level)
	}
	return item, set, nil
}

// PeopleAt gives a page of the people at a level, by number.
func (s *Service) PeopleAt(ctx context.Context, key, level string, page httpapi.Paging) (rulebook.MembersPage[Member], error) {
	var out rulebook.MembersPage[Member]
	_, set, err := s.chosen(key, level)
	if err != nil {
		return out, err
	}
	ids, next, err := rulebook.PageOf(set, page)
	if err != nil {
		return out, err
	}
	rows, err := s.o.People.Rows(ctx, ids)
	if err != nil {
		return out, err
	}
	held, err := s.o.Engine.Since(ctx, standing.Tier, key, ids)
	if err != nil {
		return out, err
	}
	out.Items, out.Next, out.Total = make([]Member, 0, len(rows)), next, int64(set.GetCardinality())
	for _, r := range rows {
		h := held[r.ID]
		out.Items = append(out.Items, Member{Member: rulebook.Member{Row: r, Since: state.Time(h.Since)}, Level: h.Level})
	}
	return out, nil
}

// Changed gives a page of who came to a level or left it on a day, the newest first.
func (s *Service) Changed(ctx context.Context, key, level string, q rulebook.ChangesQuery, page httpapi.Paging) (rulebook.MembersPage[Member], error) {
	var out rulebook.MembersPage[Member]
	if _, _, err := s.chosen(key, level); err != nil {
		return out, err
	}
	if level == "" {
		return out, &fault.Error{
			Kind: fault.Invalid, Code: "tier.params", Message: "which level?",
			Violations: []fault.Violation{{Field: "query.level", Message: "name the level that people came to or left"}},
		}
	}
	changes, next, err := q.Changed(ctx, s.o.Engine, s.o.Zone(), s.o.Clock.Now(), standing.ChangeQuery{Owner: standing.Tier, Key: key, Level: level}, page)
	if err != nil {
		return out, err
	}
	ids := make([]int64, len(changes))
	for i, c := range changes {
		ids[i] = c.Person
	}
	rows, err := rulebook.ByID(ctx, s.o.People, ids)
	if err != nil {
		return out, err
	}
	out.Items, out.Next, out.Total = []Member{}, next, int64(len(changes))
	for _, c := range changes {
		r, ok := rows[c.Person]
		if !ok {
			r = person.Row{ID: c.Person} // has become one with somebody since
		}
		when := state.Time(c.At)
		out.Items = append(out.Items, Member{Member: rulebook.Member{Row: r, Since: when}, Level: c.To, At: &when, From: c.From})
	}
	return out, nil
}

// Export streams the people at a level, or at all, as CSV.
func (s *Service) Export(ctx context.Context, key, level, columns string) (*huma.StreamResponse, error) {
	item, set, err := s.chosen(key, level)
	if err != nil {
		return nil, err
	}
	ids := rulebook.IDs(set)
	titles := map[string]string{}
	for _, l := range item.Spec.Levels {
		titles[l.Key] = l.Title
	}
	file := "tier-" + key
	if level != "" {
		file += "-" + level
	}
	out, err := s.o.People.Export(person.Export{
		File: file + ".csv", IDs: ids, Columns: columns, More: []string{"level", "since"},
		Tell: func(ctx context.Context, ids []int64) (map[int64][]string, error) {
			held, err := s.o.Engine.Since(ctx, standing.Tier, key, ids)
			more := make(map[int64][]string, len(held))
			for id, h := range held {
				more[id] = []string{titles[h.Level], state.Time(h.Since).In(s.o.Zone()).Format(time.DateTime)}
			}
			return more, err
		},
	})
	if err != nil {
		return nil, err
	}
	return out, s.o.State.InTx(ctx, func(tx *state.Tx) error {
		return s.o.Trail.Record(ctx, tx, "tier.export", key, map[string]any{"people": len(ids), "level": level, "columns": columns})
	})
}

// Reason is why somebody is at a level.
type Reason struct {
	Person int64         `json:"person"`
	Level  string        `json:"level" doc:"In force"`
	Title  string        `json:"title"`
	Since  *time.Time    `json:"since"`
	ByRule string        `json:"by_rule" doc:"The level that the rules say now"`
	HeldBy string        `json:"held_by" enum:"stay,grace," doc:"What holds a fall back"`
	Until  *time.Time    `json:"until" doc:"When the fall comes if nothing changes"`
	Levels []LevelReason `json:"levels" nullable:"false"`
}

// LevelReason is a level's rule with the person's values.
type LevelReason struct {
	Key      string        `json:"key"`
	Title    string        `json:"title"`
	Holds    bool          `json:"holds"`
	Sentence rulebook.Two  `json:"sentence"`
	Tree     *rulebook.Why `json:"tree" doc:"Null of the last level"`
}

// Why explains a dimension for a person, by any number that the person ever had.
func (s *Service) Why(ctx context.Context, key string, who int64) (Reason, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return Reason{}, err
	}
	id, err := s.o.Numbers.PersonOf(ctx, who)
	if err != nil {
		return Reason{}, err
	}
	out := Reason{Person: id, Levels: []LevelReason{}}
	held, err := s.o.Engine.Since(ctx, standing.Tier, key, []int64{id})
	if err != nil {
		return Reason{}, err
	}
	if h, ok := held[id]; ok {
		out.Level, out.HeldBy, out.Until = h.Level, h.HeldBy, state.TimePtr(h.Until)
		out.Since = state.TimePtr(h.Since)
	}
	for _, l := range item.Spec.Levels {
		one := LevelReason{Key: l.Key, Title: l.Title, Holds: true, Sentence: rulebook.Two{ZH: "其余所有人", EN: "Everyone else"}}
		if l.Rule != "" {
			r, err := s.o.Book.InForce(ctx, l.Rule)
			if err != nil {
				return Reason{}, fmt.Errorf("level %s: %w", l.Key, err)
			}
			e, err := s.o.Book.ExplainRule(ctx, r, id)
			if err != nil {
				return Reason{}, err
			}
			one.Holds, one.Sentence, one.Tree = e.Holds, e.Sentence, &e.Tree
		}
		if one.Holds && out.ByRule == "" {
			out.ByRule = l.Key
		}
		if l.Key == out.Level {
			out.Title = l.Title
		}
		out.Levels = append(out.Levels, one)
	}
	return out, nil
}

// Placed is the level of a person, for the person's page.
type Placed struct {
	Title, LevelTitle, Color, Strategy string
}

// Titled is what the definition says of a level that a person has.
func (s *Service) Titled(key, level string) (Placed, bool) {
	i, ok := s.shelf.Find(key)
	if !ok || i.Spec.State == rulebook.Archived {
		return Placed{}, false
	}
	out := Placed{Title: i.Spec.Title, LevelTitle: level}
	for _, l := range i.Spec.Levels {
		if l.Key == level {
			out.LevelTitle, out.Color, out.Strategy = l.Title, l.Color, l.Strategy
		}
	}
	return out, true
}
