package board

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// Named is something with a title, to link to.
type Named struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// Chart is a saved chart as it is shown.
type Chart struct {
	Key         string          `json:"key"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Kind        string          `json:"kind"`
	Query       json.RawMessage `json:"query" doc:"An object: the question, with its kind"`
	Draw        Drawing         `json:"draw"`
	State       rulebook.State  `json:"state"`
	Boards      []Named         `json:"boards" nullable:"false" doc:"On which it is"`
	rulebook.About
}

// ChartInput is a chart to save.
type ChartInput struct {
	Key         string          `json:"key,omitempty" maxLength:"64" doc:"Made from the title if empty"`
	Title       string          `json:"title" minLength:"1" maxLength:"200"`
	Description string          `json:"description,omitempty" maxLength:"4000"`
	Query       json.RawMessage `json:"query" doc:"An object: the question, with its kind"`
	Draw        Drawing         `json:"draw,omitempty" enum:",table,figures"`
	Board       string          `json:"board,omitempty" maxLength:"64" doc:"Put it at the end of this board, too"`
	Note        string          `json:"note,omitempty" maxLength:"1000"`
}

// ChartUpdate is what a chart becomes.
type ChartUpdate struct {
	Title       string          `json:"title" minLength:"1" maxLength:"200"`
	Description string          `json:"description,omitempty" maxLength:"4000"`
	Query       json.RawMessage `json:"query" doc:"An object: the question, with its kind"`
	Draw        Drawing         `json:"draw,omitempty" enum:",table,figures"`
	Note        string          `json:"note,omitempty" maxLength:"1000"`
}

// ListCharts gives charts by title.
func (s *Service) ListCharts(query, kind string, archived bool) []Chart {
	query = strings.ToLower(strings.TrimSpace(query))
	var out []Chart
	for _, i := range s.charts.All() {
		found := query == "" || strings.Contains(strings.ToLower(i.Key+"\n"+i.Spec.Title+"\n"+i.Spec.Description), query)
		if found && (kind == "" || kind == i.Spec.kind()) && archived == i.Spec.State.Gone() {
			out = append(out, s.chartView(i))
		}
	}
	slices.SortStableFunc(out, func(a, b Chart) int { return cmp.Compare(a.Title, b.Title) })
	return out
}

// GetChart gives a chart.
func (s *Service) GetChart(key string) (Chart, error) {
	i, err := s.charts.Get(key)
	return s.chartView(i), err
}

func (s *Service) chartView(i shelf.Item[ChartSpec]) Chart {
	c := Chart{
		Key: i.Key, Title: i.Spec.Title, Description: i.Spec.Description, Kind: i.Spec.kind(), Query: i.Spec.Query, Draw: i.Spec.Draw, State: i.Spec.State,
		Boards: []Named{}, About: rulebook.About{Version: i.Version, Author: i.Author, CreatedAt: i.Created, UpdatedAt: i.Updated},
	}
	for _, b := range s.boards.All() {
		if !b.Spec.State.Gone() && slices.Contains(b.Spec.charts(), i.Key) {
			c.Boards = append(c.Boards, Named{b.Key, b.Spec.Title})
		}
	}
	return c
}

// boardsWith are the titles of the boards that show a chart.
func (s *Service) boardsWith(chart string) []string {
	var titles []string
	for _, b := range s.boards.All() {
		if !b.Spec.State.Gone() && slices.Contains(b.Spec.charts(), chart) {
			titles = append(titles, b.Spec.Title)
		}
	}
	return titles
}

// CreateChart saves a chart, and puts it on a board if one is named. repeat is the idempotency key of the request, if it has one.
func (s *Service) CreateChart(ctx context.Context, in ChartInput, repeat string) (Chart, error) {
	if in.Board != "" {
		if _, err := s.activeBoard(in.Board); err != nil {
			return Chart{}, err
		}
	}
	item, err := s.charts.Create(ctx, shelf.CreateInput[ChartSpec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in,
		Make: func(_, origin string) (ChartSpec, error) {
			return ChartSpec{
				Title: strings.TrimSpace(in.Title), Description: in.Description, Query: in.Query, Draw: in.Draw, State: rulebook.Active, Origin: origin,
			}, nil
		},
	})
	if err != nil {
		return Chart{}, err
	}
	if in.Board != "" {
		if err := s.putOn(ctx, in.Board, item.Key); err != nil {
			return Chart{}, err
		}
	}
	return s.chartView(item), nil
}

// UpdateChart changes a chart whose version is in force (0: whichever is).
func (s *Service) UpdateChart(ctx context.Context, key string, in ChartUpdate, version int64) (Chart, error) {
	old, err := s.charts.Get(key)
	if err != nil {
		return Chart{}, err
	}
	if old.Spec.State.Gone() {
		return Chart{}, fault.New(fault.Conflict, "chart.archived", "the chart %q is archived; bring it back first", old.Spec.Title)
	}
	spec := old.Spec
	spec.Title, spec.Description, spec.Query, spec.Draw = strings.TrimSpace(in.Title), in.Description, in.Query, in.Draw
	item, err := s.charts.Put(ctx, key, spec, version, in.Note)
	return s.chartView(item), err
}

// SetChartState archives a chart that is on no board, or brings it back.
func (s *Service) SetChartState(ctx context.Context, key string, to rulebook.State, version int64) (Chart, error) {
	old, err := s.charts.Get(key)
	if err != nil {
		return Chart{}, err
	}
	spec := old.Spec
	spec.State = to
	item, err := s.charts.Put(ctx, key, spec, version, "")
	return s.chartView(item), err
}
