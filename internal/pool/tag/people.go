package tag

import (
	"context"
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// Bearer is a person with a tag.
type Bearer struct {
	rulebook.Member
	Until  *time.Time `json:"until"`
	Source Source     `json:"source" enum:"hand,bulk,rule,import,api"`
	Author string     `json:"author"`
	Note   string     `json:"note"`
}

// PeopleWith gives a page of the people with a tag, by number.
func (s *Service) PeopleWith(ctx context.Context, key string, page httpapi.Paging) (rulebook.MembersPage[Bearer], error) {
	var out rulebook.MembersPage[Bearer]
	item, err := s.tags.Get(key)
	if err != nil {
		return out, err
	}
	set, err := s.members(ctx, item)
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
	marks, err := s.details(ctx, item, ids)
	if err != nil {
		return out, err
	}
	out.Items, out.Next, out.Total = make([]Bearer, 0, len(rows)), next, int64(set.GetCardinality())
	for _, r := range rows {
		m := marks[r.ID]
		out.Items = append(out.Items, Bearer{
			Member: rulebook.Member{Row: r, Since: state.Time(m.at)}, Until: state.TimePtr(m.until), Source: m.source, Author: m.author, Note: m.note,
		})
	}
	return out, nil
}

// details say how people came to a tag.
func (s *Service) details(ctx context.Context, item shelf.Item[Spec], ids []int64) (map[int64]mark, error) {
	out := make(map[int64]mark, len(ids))
	if item.Spec.Mode == ByRule {
		held, err := s.o.Engine.Since(ctx, standing.Tag, item.Key, ids)
		for id, h := range held {
			out[id] = mark{tag: item.Key, at: h.Since, source: Rule, author: item.Author}
		}
		return out, err
	}
	marks, err := marksOf(ctx, s.o.State, ids)
	for id, all := range marks {
		for _, m := range s.settle(all) {
			if m.tag == item.Key {
				out[id] = m
			}
		}
	}
	return out, err
}

// Export streams the people with a tag as CSV.
func (s *Service) Export(ctx context.Context, key, columns string) (*huma.StreamResponse, error) {
	item, err := s.tags.Get(key)
	if err != nil {
		return nil, err
	}
	set, err := s.members(ctx, item)
	if err != nil {
		return nil, err
	}
	ids, zone := rulebook.IDs(set), s.o.Zone()
	moment := func(us int64) string {
		if us == 0 {
			return ""
		}
		return state.Time(us).In(zone).Format(time.DateTime)
	}
	out, err := s.o.People.Export(person.Export{
		File: "tag-" + key + ".csv", IDs: ids, Columns: columns, More: []string{"since", "until", "source", "author"},
		Tell: func(ctx context.Context, ids []int64) (map[int64][]string, error) {
			marks, err := s.details(ctx, item, ids)
			more := make(map[int64][]string, len(marks))
			for id, m := range marks {
				more[id] = []string{moment(m.at), moment(m.until), string(m.source), m.author}
			}
			return more, err
		},
	})
	if err != nil {
		return nil, err
	}
	return out, s.o.State.InTx(ctx, func(tx *state.Tx) error {
		return s.o.Trail.Record(ctx, tx, "tag.export", key, map[string]any{"people": len(ids), "columns": columns})
	})
}

// ChangeView is one line of a history.
type ChangeView struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at"`
	Person int64     `json:"person"`
	Name   string    `json:"name" doc:"Of the person, as far as you may see it"`
	Tag    string    `json:"tag"`
	Title  string    `json:"title"`
	Change string    `json:"change" enum:"added,removed,expired,replaced,extended"`
	Source Source    `json:"source" enum:"hand,bulk,rule,import,api,expiry"`
	Author string    `json:"author"`
	Note   string    `json:"note"`
}

// HistoryInput asks for changes: of a tag, of a person by its present number, or both.
type HistoryInput struct {
	Tag    string
	Person int64
	Before int64 // id of a change by hand
	Limit  int
}

// History gives what happened to manual tags, the newest first.
func (s *Service) History(ctx context.Context, in HistoryInput) (out []ChangeView, err error) {
	where, args := "WHERE c.id < ?", []any{in.Before}
	if in.Tag != "" {
		where, args = where+" AND c.tag = ?", append(args, in.Tag)
	}
	if in.Person != 0 {
		where, args = where+" AND c.person IN (SELECT id FROM identity WHERE person = ?)", append(args, in.Person)
	}
	rows, err := s.o.State.Query(ctx, "SELECT c.id, c.at, c.person, c.tag, c.change, c.source, c.author, c.note FROM tag_change c "+where+" ORDER BY c.id DESC LIMIT ?", append(args, in.Limit)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c ChangeView
		var at int64
		if err := rows.Scan(&c.ID, &at, &c.Person, &c.Tag, &c.Change, &c.Source, &c.Author, &c.Note); err != nil {
			return nil, err
		}
		c.At, c.Title = state.Time(at), c.Tag
		if i, ok := s.tags.Find(c.Tag); ok {
			c.Title = i.Spec.Title
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// byRule gives what happened to a rule tag, or to all of a person, the newest first.
func (s *Service) byRule(ctx context.Context, in HistoryInput) ([]ChangeView, error) {
	changes, err := s.o.Engine.Changes(ctx, standing.ChangeQuery{Owner: standing.Tag, Key: in.Tag, Person: in.Person, Before: in.Before, Limit: in.Limit})
	out := make([]ChangeView, 0, len(changes))
	for _, c := range changes {
		v := ChangeView{ID: c.ID, At: state.Time(c.At), Person: c.Person, Tag: c.Key, Title: c.Key, Change: added, Source: Rule, Note: c.Cause}
		if c.To == "" {
			v.Change = removed
		}
		if i, ok := s.tags.Find(c.Key); ok {
			v.Title = i.Spec.Title
		}
		out = append(out, v)
	}
	return out, err
}

// named puts the names of the people into a history.
func (s *Service) named(ctx context.Context, changes []ChangeView) error {
	ids := make([]int64, len(changes))
	for i, c := range changes {
		ids[i] = c.Person
	}
	rows, err := rulebook.ByID(ctx, s.o.People, ids)
	for i := range changes {
		changes[i].Name = rows[changes[i].Person].Name
	}
	return err
}
