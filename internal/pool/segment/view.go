package segment

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// View is a segment as the API shows it.
type View struct {
	Key          string                `json:"key"`
	Title        string                `json:"title"`
	Description  string                `json:"description"`
	Mode         Mode                  `json:"mode" enum:"live,static"`
	State        rulebook.State        `json:"state" enum:"active,paused,archived"`
	Rule         *rulebook.RuleView    `json:"rule" doc:"Null for people that no rule describes: those behind a number"`
	People       int64                 `json:"people"`
	Share        float64               `json:"share" doc:"Of all people, 0 to 1"`
	EnteredToday int64                 `json:"entered_today"`
	LeftToday    int64                 `json:"left_today"`
	TakenAt      *time.Time            `json:"taken_at" doc:"Of a snapshot"`
	Of           string                `json:"of" doc:"The segment that a snapshot was taken of"`
	Progress     rulebook.ProgressView `json:"progress"`
	Trend        []TrendDay            `json:"trend" nullable:"false" doc:"The last 14 days"`
	rulebook.About
}

// TrendDay is how many people there were at the end of a day.
type TrendDay struct {
	Date   string `json:"date"`
	People int64  `json:"people"`
}

const trendDays = 14

// ListInput asks for segments. Zero fields ask nothing.
type ListInput struct {
	Query  string
	Mode   Mode
	States []rulebook.State // all but archived if empty
}

// List gives the segments that an input asks for, by title, and how many people the pool has.
func (s *Service) List(ctx context.Context, in ListInput) ([]View, int64, error) {
	var items []shelf.Item[Spec]
	query := strings.ToLower(strings.TrimSpace(in.Query))
	for _, i := range s.shelf.All() {
		wanted := slices.Contains(in.States, i.Spec.State) || len(in.States) == 0 && i.Spec.State != rulebook.Archived
		found := query == "" || strings.Contains(strings.ToLower(i.Key+"\n"+i.Spec.Title+"\n"+i.Spec.Description+"\n"+i.Spec.Rule), query)
		if wanted && found && (in.Mode == "" || in.Mode == i.Spec.Mode) {
			items = append(items, i)
		}
	}
	views, total, err := s.views(ctx, "", items)
	slices.SortStableFunc(views, func(a, b View) int { return strings.Compare(a.Title, b.Title) })
	return views, total, err
}

// Get gives a segment.
func (s *Service) Get(ctx context.Context, key string) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

func (s *Service) view(ctx context.Context, item shelf.Item[Spec]) (View, error) {
	views, _, err := s.views(ctx, item.Key, []shelf.Item[Spec]{item})
	if err != nil {
		return View{}, err
	}
	return views[0], nil
}

// views shows segments; key is the only one, empty if there are several.
func (s *Service) views(ctx context.Context, key string, items []shelf.Item[Spec]) ([]View, int64, error) {
	total, err := rulebook.Total(ctx, s.o.State)
	if err != nil {
		return nil, 0, err
	}
	show, err := s.o.Book.Show(ctx)
	if err != nil {
		return nil, 0, err
	}
	zone := s.o.Zone()
	today := calendar.DayOf(s.o.Clock.Now(), zone)
	days := calendar.Range{From: today.AddDate(0, 0, 1-trendDays), To: today, Zone: zone}
	all, err := s.o.Engine.Spans(ctx, standing.Segment, key, rulebook.Cuts(days))
	if err != nil {
		return nil, 0, err
	}
	moved := map[string][]standing.Moved{}
	for _, m := range all {
		moved[m.Key] = append(moved[m.Key], m)
	}
	out := make([]View, 0, len(items))
	for _, i := range items {
		v := View{
			Key: i.Key, Title: i.Spec.Title, Description: i.Spec.Description, Mode: i.Spec.Mode, State: i.Spec.State, Of: i.Spec.Of,
			TakenAt: state.TimePtr(i.Spec.Taken), Trend: []TrendDay{},
			About: rulebook.About{Version: i.Version, Author: i.Author, CreatedAt: i.Created, UpdatedAt: i.Updated},
		}
		if i.Spec.Rule != "" {
			rule := show(i.Spec.Rule)
			v.Rule = &rule
		}
		if i.Spec.State != rulebook.Archived {
			v.Progress = rulebook.ProgressOf(s.o.Engine.Progress(standing.Segment, i.Key))
			v.People = s.o.Engine.Size(standing.Segment, i.Key, "")
		} else {
			v.Progress.State = standing.Ready
		}
		v.Share = rulebook.Share(v.People, total)
		sizes := rulebook.Sizes(days, v.People, moved[i.Key], in)
		for _, d := range sizes {
			v.Trend = append(v.Trend, TrendDay{d.Date, d.People})
		}
		v.EnteredToday, v.LeftToday = sizes[len(sizes)-1].Entered, sizes[len(sizes)-1].Left
		out = append(out, v)
	}
	return out, total, nil
}

// Titled is what the definition says of a segment that a person is in; archived ones say nothing.
func (s *Service) Titled(key string) (title string, mode Mode, ok bool) {
	i, ok := s.shelf.Find(key)
	if !ok || i.Spec.State == rulebook.Archived {
		return "", "", false
	}
	return i.Spec.Title, i.Spec.Mode, true
}
