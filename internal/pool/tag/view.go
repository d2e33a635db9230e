package tag

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// View is a tag as the API shows it.
type View struct {
	Key          string                `json:"key"`
	Title        string                `json:"title"`
	Description  string                `json:"description"`
	Group        string                `json:"group"`
	Color        string                `json:"color"`
	Mode         Mode                  `json:"mode" enum:"manual,rule"`
	Rule         *rulebook.RuleView    `json:"rule"`
	ExpiresDays  int                   `json:"expires_days"`
	State        rulebook.State        `json:"state" enum:"active,paused,archived"`
	People       int64                 `json:"people"`
	AddedToday   int64                 `json:"added_today"`
	RemovedToday int64                 `json:"removed_today"`
	Progress     rulebook.ProgressView `json:"progress"`
	rulebook.About
}

// GroupView is a group as the API shows it.
type GroupView struct {
	Key         string         `json:"key"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Exclusive   bool           `json:"exclusive"`
	Color       string         `json:"color"`
	State       rulebook.State `json:"state" enum:"active,archived"`
	Tags        int64          `json:"tags"`
	rulebook.About
}

func (s *Service) groupView(g shelf.Item[GroupSpec]) GroupView {
	return GroupView{
		Key: g.Key, Title: g.Spec.Title, Description: g.Spec.Description, Exclusive: g.Spec.Exclusive, Color: g.Spec.Color, State: g.Spec.State,
		Tags: int64(len(s.in(g.Key))), About: rulebook.About{Version: g.Version, Author: g.Author, CreatedAt: g.Created, UpdatedAt: g.Updated},
	}
}

// Groups are all groups, by title, archived ones only if asked for.
func (s *Service) Groups(archived bool) []GroupView {
	out := []GroupView{}
	for _, g := range s.groups.All() {
		if archived || g.Spec.State != rulebook.Archived {
			out = append(out, s.groupView(g))
		}
	}
	slices.SortStableFunc(out, func(a, b GroupView) int { return strings.Compare(a.Title, b.Title) })
	return out
}

// ListInput asks for tags. Zero fields ask nothing.
type ListInput struct {
	Query  string
	Group  string
	Mode   Mode
	States []rulebook.State // all but archived if empty
}

// List gives tags by group and title.
func (s *Service) List(ctx context.Context, in ListInput) ([]View, error) {
	var items []shelf.Item[Spec]
	query := strings.ToLower(strings.TrimSpace(in.Query))
	for _, i := range s.tags.All() {
		wanted := slices.Contains(in.States, i.Spec.State) || len(in.States) == 0 && i.Spec.State != rulebook.Archived
		found := query == "" || strings.Contains(strings.ToLower(i.Key+"\n"+i.Spec.Title+"\n"+i.Spec.Description), query)
		if wanted && found && (in.Mode == "" || in.Mode == i.Spec.Mode) && (in.Group == "" || in.Group == i.Spec.Group) {
			items = append(items, i)
		}
	}
	views, err := s.views(ctx, items)
	slices.SortStableFunc(views, func(a, b View) int {
		if c := strings.Compare(a.Group, b.Group); c != 0 {
			return c
		}
		return strings.Compare(a.Title, b.Title)
	})
	return views, err
}

// Get gives a tag.
func (s *Service) Get(ctx context.Context, key string) (View, error) {
	item, err := s.tags.Get(key)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

func (s *Service) view(ctx context.Context, item shelf.Item[Spec]) (View, error) {
	views, err := s.views(ctx, []shelf.Item[Spec]{item})
	if err != nil {
		return View{}, err
	}
	return views[0], nil
}

func (s *Service) views(ctx context.Context, items []shelf.Item[Spec]) ([]View, error) {
	show, err := s.o.Book.Show(ctx)
	if err != nil {
		return nil, err
	}
	from, to := rulebook.Today(s.o.Clock.Now(), s.o.Zone())
	came, went, err := s.today(ctx, from)
	if err != nil {
		return nil, err
	}
	moved, err := s.o.Engine.Spans(ctx, standing.Tag, "", []int64{from, to})
	if err != nil {
		return nil, err
	}
	for _, m := range moved {
		if m.To != "" {
			came[m.Key] += m.People
		} else {
			went[m.Key] += m.People
		}
	}
	out := make([]View, 0, len(items))
	for _, i := range items {
		v := View{
			Key: i.Key, Title: i.Spec.Title, Description: i.Spec.Description, Group: i.Spec.Group, Color: i.Spec.Color, Mode: i.Spec.Mode,
			ExpiresDays: i.Spec.ExpiresDays, State: i.Spec.State, AddedToday: came[i.Key], RemovedToday: went[i.Key],
			Progress: rulebook.ProgressView{State: standing.Ready},
			About:    rulebook.About{Version: i.Version, Author: i.Author, CreatedAt: i.Created, UpdatedAt: i.Updated},
		}
		if i.Spec.Mode == ByRule {
			rule := show(i.Spec.Rule)
			v.Rule = &rule
			if i.Spec.State != rulebook.Archived {
				v.Progress = rulebook.ProgressOf(s.o.Engine.Progress(standing.Tag, i.Key))
			}
		}
		if v.People, err = s.size(ctx, i); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// today counts what happened to manual tags since a moment.
func (s *Service) today(ctx context.Context, since int64) (came, went map[string]int64, err error) {
	rows, err := s.o.State.Query(ctx, "SELECT tag, change, count(*) FROM tag_change WHERE at >= ? GROUP BY tag, change", since)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	came, went = map[string]int64{}, map[string]int64{}
	for rows.Next() {
		var tag, change string
		var n int64
		if err := rows.Scan(&tag, &change, &n); err != nil {
			return nil, nil, err
		}
		switch change {
		case added:
			came[tag] += n
		case removed, expired, replaced:
			went[tag] += n
		}
	}
	return came, went, rows.Err()
}

// size is how many people have a tag now.
func (s *Service) size(ctx context.Context, i shelf.Item[Spec]) (int64, error) {
	switch {
	case i.Spec.State == rulebook.Archived:
		return 0, nil
	case i.Spec.Mode == ByRule:
		return s.o.Engine.Size(standing.Tag, i.Key, ""), nil
	}
	if n, ok := s.o.Engine.TaggedSize(i.Key); ok {
		return n, nil
	}
	set, err := s.members(ctx, i)
	if err != nil {
		return 0, err
	}
	return int64(set.GetCardinality()), nil
}

// members are the people with a tag now, as a set of the caller's own.
func (s *Service) members(ctx context.Context, i shelf.Item[Spec]) (*roaring64.Bitmap, error) {
	if i.Spec.State == rulebook.Archived {
		return roaring64.New(), nil
	}
	if i.Spec.Mode == ByRule {
		if set := s.o.Engine.Members(standing.Tag, i.Key, ""); set != nil {
			return set, nil
		}
		return roaring64.New(), nil
	}
	if set, ok := s.o.Engine.Tagged(i.Key); ok {
		return set, nil
	}
	set := roaring64.New()
	marks, err := readMarks(ctx, s.o.State, "WHERE t.tag = ?", i.Key)
	if err != nil || s.exclusive(i.Key) == "" {
		for _, m := range marks {
			set.Add(uint64(m.person))
		}
		return set, err
	}
	people := make([]int64, len(marks))
	for n, m := range marks {
		people[n] = m.person
	}
	return set, s.Of(ctx, s.o.State, people, func(who int64, tag string, _, _ int64) {
		if tag == i.Key {
			set.Add(uint64(who))
		}
	})
}

// Members are the people with a tag now.
func (s *Service) Members(ctx context.Context, key string) (*roaring64.Bitmap, error) {
	i, err := s.tags.Get(key)
	if err != nil {
		return nil, err
	}
	return s.members(ctx, i)
}

// Has is a tag on a person.
type Has struct {
	Tag        string
	Title      string
	Group      string
	GroupTitle string
	Color      string
	Mode       Mode
	Since      int64 // µs
	Until      int64 // µs, 0 for ever
	Source     Source
	Author     string
	Note       string
}

// On are the manual tags that a person has, by its present number, by title.
func (s *Service) On(ctx context.Context, q state.Querier, person int64) ([]Has, error) {
	marks, err := marksOf(ctx, q, []int64{person})
	if err != nil {
		return nil, err
	}
	var out []Has
	for _, m := range s.settle(marks[person]) {
		i, ok := s.tags.Find(m.tag)
		if !ok || i.Spec.State == rulebook.Archived {
			continue
		}
		out = append(out, s.has(i, m))
	}
	return out, nil
}

// Titled is what the definition says of a rule tag that a person has.
func (s *Service) Titled(key string) (Has, bool) {
	i, ok := s.tags.Find(key)
	if !ok || i.Spec.State == rulebook.Archived {
		return Has{}, false
	}
	return s.has(i, mark{tag: key, source: Rule, author: i.Author}), true
}

func (s *Service) has(i shelf.Item[Spec], m mark) Has {
	h := Has{
		Tag: i.Key, Title: i.Spec.Title, Group: i.Spec.Group, Color: i.Spec.Color, Mode: i.Spec.Mode,
		Since: m.at, Until: m.until, Source: m.source, Author: m.author, Note: m.note,
	}
	if g, ok := s.groups.Find(i.Spec.Group); ok {
		h.GroupTitle = g.Spec.Title
		if h.Color == "" {
			h.Color = g.Spec.Color
		}
	}
	return h
}
