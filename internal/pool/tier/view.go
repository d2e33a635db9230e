package tier

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// LevelView is a level as the API shows it.
type LevelView struct {
	Key          string             `json:"key"`
	Title        string             `json:"title"`
	Color        string             `json:"color"`
	Rule         *rulebook.RuleView `json:"rule"`
	Strategy     string             `json:"strategy"`
	Actions      []Action           `json:"actions" nullable:"false"`
	People       int64              `json:"people"`
	Share        float64            `json:"share" doc:"Of all people, 0 to 1"`
	EnteredToday int64              `json:"entered_today"`
	LeftToday    int64              `json:"left_today"`
}

// CutoffsView are cut-offs as the API shows them.
type CutoffsView struct {
	By     string        `json:"by" enum:"quantile,fixed"`
	At     time.Time     `json:"at"`
	People int64         `json:"people"`
	Values []CutoffValue `json:"values" nullable:"false"`
}

func (c *Cutoffs) view() *CutoffsView {
	if c == nil {
		return nil
	}
	return &CutoffsView{By: c.By, At: at(c.At), People: c.People, Values: c.Values}
}

// View is a dimension as the API shows it.
type View struct {
	Key         string                `json:"key"`
	Title       string                `json:"title"`
	Description string                `json:"description"`
	Template    Template              `json:"template"`
	Params      Params                `json:"params"`
	Cutoffs     *CutoffsView          `json:"cutoffs"`
	Levels      []LevelView           `json:"levels" nullable:"false"`
	StayDays    int                   `json:"stay_days"`
	GraceDays   int                   `json:"grace_days"`
	State       rulebook.State        `json:"state" enum:"active,paused,archived"`
	People      int64                 `json:"people"`
	Progress    rulebook.ProgressView `json:"progress"`
	rulebook.About
}

// List gives all dimensions but archived ones, by title; with archived those too.
func (s *Service) List(ctx context.Context, archived bool) ([]View, error) {
	items := s.shelf.All()
	if !archived {
		items = slices.DeleteFunc(items, func(i shelf.Item[Spec]) bool { return i.Spec.State == rulebook.Archived })
	}
	views, err := s.views(ctx, "", items)
	slices.SortStableFunc(views, func(a, b View) int { return strings.Compare(a.Title, b.Title) })
	return views, err
}

// Get gives a dimension.
func (s *Service) Get(ctx context.Context, key string) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

func (s *Service) view(ctx context.Context, item shelf.Item[Spec]) (View, error) {
	views, err := s.views(ctx, item.Key, []shelf.Item[Spec]{item})
	if err != nil {
		return View{}, err
	}
	return views[0], nil
}

func (s *Service) views(ctx context.Context, key string, items []shelf.Item[Spec]) ([]View, error) {
	total, err := rulebook.Total(ctx, s.o.State)
	if err != nil {
		return nil, err
	}
	show, err := s.o.Book.Show(ctx)
	if err != nil {
		return nil, err
	}
	from, to := rulebook.Today(s.o.Clock.Now(), s.o.Zone())
	moved, err := s.o.Engine.Spans(ctx, standing.Tier, key, []int64{from, to})
	if err != nil {
		return nil, err
	}
	came, went := map[string]int64{}, map[string]int64{}
	for _, m := range moved {
		came[m.Key+"/"+m.To] += m.People
		went[m.Key+"/"+m.From] += m.People
	}
	out := make([]View, 0, len(items))
	for _, i := range items {
		v := View{
			Key: i.Key, Title: i.Spec.Title, Description: i.Spec.Description, Template: i.Spec.Template, Params: i.Spec.Params, Cutoffs: i.Spec.Cutoffs.view(),
			Levels: []LevelView{}, StayDays: i.Spec.StayDays, GraceDays: i.Spec.GraceDays, State: i.Spec.State, Progress: rulebook.ProgressView{State: standing.Ready},
			About: rulebook.About{Version: i.Version, Author: i.Author, CreatedAt: i.Created, UpdatedAt: i.Updated},
		}
		if i.Spec.State != rulebook.Archived {
			v.Progress = rulebook.ProgressOf(s.o.Engine.Progress(standing.Tier, i.Key))
		}
		for _, l := range i.Spec.Levels {
			lv := LevelView{
				Key: l.Key, Title: l.Title, Color: l.Color, Rule: viewOf(show, l.Rule), Strategy: l.Strategy, Actions: append([]Action{}, l.Actions...),
				EnteredToday: came[i.Key+"/"+l.Key], LeftToday: went[i.Key+"/"+l.Key], People: s.size(i, l.Key),
			}
			lv.Share = rulebook.Share(lv.People, total)
			v.People += lv.People
			v.Levels = append(v.Levels, lv)
		}
		out = append(out, v)
	}
	return out, nil
}

// size is how many people a level has now.
func (s *Service) size(i shelf.Item[Spec], level string) int64 {
	if i.Spec.State == rulebook.Archived {
		return 0
	}
	return s.o.Engine.Size(standing.Tier, i.Key, level)
}

// Sizes are the sizes of all levels at the end of each day.
type Sizes struct {
	Levels []string  `json:"levels" nullable:"false"`
	Items  []SizeDay `json:"items" nullable:"false"`
}

// SizeDay is one day of Sizes.
type SizeDay struct {
	Date   string  `json:"date"`
	People []int64 `json:"people" nullable:"false" doc:"Of each level"`
}

// Sizes of the levels day by day.
func (s *Service) Sizes(ctx context.Context, key string, r calendar.Range) (Sizes, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return Sizes{}, err
	}
	out := Sizes{Levels: []string{}, Items: make([]SizeDay, r.Days())}
	days, err := s.days(ctx, item, r)
	if err != nil {
		return out, err
	}
	for n := range out.Items {
		out.Items[n] = SizeDay{Date: r.From.AddDate(0, 0, n).Format(time.DateOnly), People: []int64{}}
	}
	for _, l := range item.Spec.Levels {
		out.Levels = append(out.Levels, l.Key)
		for n, d := range days[l.Key] {
			out.Items[n].People = append(out.Items[n].People, d.People)
		}
	}
	return out, nil
}

// days are the sizes of each level.
func (s *Service) days(ctx context.Context, item shelf.Item[Spec], r calendar.Range) (map[string][]rulebook.Size, error) {
	cuts := rulebook.Cuts(r)
	if _, end := rulebook.Today(s.o.Clock.Now(), r.Zone); end > cuts[len(cuts)-1] {
		cuts = append(cuts, end)
	}
	moved, err := s.o.Engine.Spans(ctx, standing.Tier, item.Key, cuts)
	if err != nil {
		return nil, err
	}
	out := map[string][]rulebook.Size{}
	for _, l := range item.Spec.Levels {
		out[l.Key] = rulebook.Sizes(r, s.size(item, l.Key), moved, func(level string) bool { return level == l.Key })
	}
	return out, nil
}

// Flow is how people moved between levels in a span of days.
type Flow struct {
	From   string           `json:"from"`
	To     string           `json:"to"`
	Levels []rulebook.Level `json:"levels" nullable:"false"`
	Links  []Link           `json:"links" nullable:"false" doc:"From where people were before the span to where they were at its end"`
	Moved  int64            `json:"moved"`
	Stayed int64            `json:"stayed"`
	Rose   int64            `json:"rose"`
	Fell   int64            `json:"fell"`
}

// Link is the people who went from one level to another, or stayed.
type Link struct {
	From   string `json:"from" doc:"Empty: not in the pool or without a level"`
	To     string `json:"to" doc:"Empty: no longer there, by a merge"`
	People int64  `json:"people"`
}

// Flow compares where everybody was before a span of days with where he was at its end.
func (s *Service) Flow(ctx context.Context, key string, r calendar.Range) (Flow, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return Flow{}, err
	}
	out := Flow{From: r.From.Format(time.DateOnly), To: r.To.Format(time.DateOnly), Levels: []rulebook.Level{}, Links: []Link{}}
	net, err := s.o.Engine.Net(ctx, standing.Tier, key, r.Start().UnixMicro(), r.End().UnixMicro())
	if err != nil {
		return out, err
	}
	days, err := s.days(ctx, item, r)
	if err != nil {
		return out, err
	}
	rank := map[string]int{}
	stayed := map[string]int64{}
	for n, l := range item.Spec.Levels {
		out.Levels = append(out.Levels, rulebook.Level{Key: l.Key, Title: l.Title, Color: l.Color})
		rank[l.Key] = n + 1
		stayed[l.Key] = days[l.Key][len(days[l.Key])-1].People
	}
	for _, m := range net {
		if m.From == m.To {
			continue // came back: counted with those who stayed
		}
		stayed[m.To] -= m.People
		out.Links = append(out.Links, Link{m.From, m.To, m.People})
		out.Moved += m.People
		switch a, b := rank[m.From], rank[m.To]; {
		case a == 0 || b == 0: // came, went, or a level that is no longer there
		case b < a:
			out.Rose += m.People
		default:
			out.Fell += m.People
		}
	}
	for _, l := range item.Spec.Levels {
		if n := stayed[l.Key]; n > 0 {
			out.Links = append(out.Links, Link{l.Key, l.Key, n})
			out.Stayed += n
		}
	}
	slices.SortStableFunc(out.Links, func(a, b Link) int {
		if rank[a.From] != rank[b.From] {
			return rank[a.From] - rank[b.From]
		}
		return rank[a.To] - rank[b.To]
	})
	return out, nil
}
