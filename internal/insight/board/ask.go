package board

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// Ask is how a chart is asked.
type Ask struct {
	Filters Filters `json:"filters"`
	Lang    string  `json:"lang,omitempty" enum:"zh-CN,en" default:"zh-CN" doc:"Of tables and figures"`
	Table   bool    `json:"table,omitempty" doc:"As a table, however the chart is drawn"`
}

// Drawn is a chart that was asked.
type Drawn struct {
	Title   string          `json:"title"`
	Draw    Drawing         `json:"draw"`
	Query   json.RawMessage `json:"query" doc:"What was asked: the chart's question as the filters narrow it; without its people on shared boards"`
	Result  Answer          `json:"result"`
	Before  *Answer         `json:"before" doc:"The same over the days before; null if not asked for, or if there is nothing to compare"`
	Table   *Rows           `json:"table" doc:"If it is drawn as a table"`
	Figures []Figure        `json:"figures" nullable:"false" doc:"If it is drawn as figures"`
}

// How much of an answer is a table on a board.
const (
	boardRows    = 200
	boardColumns = 24
)

// AskChart answers a chart's question under filters.
func (s *Service) AskChart(ctx context.Context, key string, in Ask) (Drawn, error) {
	if err := in.Filters.Validate(); err != nil {
		return Drawn{}, err
	}
	if err := s.peopleFit(ctx, in.Filters.People); err != nil { // by itself: joined with another, brackets could change its meaning
		return Drawn{}, err
	}
	c, err := s.activeChart(key)
	if err != nil {
		return Drawn{}, err
	}
	return s.draw(ctx, c, in)
}

func (s *Service) activeChart(key string) (shelf.Item[ChartSpec], error) {
	c, err := s.charts.Get(key)
	if err == nil && c.Spec.State.Gone() {
		err = fault.New(fault.Conflict, "chart.archived", "the chart %q is archived; bring it back first", c.Spec.Title)
	}
	return c, err
}

func (s *Service) draw(ctx context.Context, c shelf.Item[ChartSpec], in Ask) (Drawn, error) {
	query, err := in.Filters.Merge(c.Spec.Query)
	if err != nil {
		return Drawn{}, err
	}
	d := Drawn{Title: c.Spec.Title, Draw: c.Spec.Draw, Query: query, Figures: []Figure{}}
	if in.Table {
		d.Draw = AsTable
	}
	if d.Draw != Auto {
		return d, s.tabulate(ctx, &d, in.Lang)
	}
	if d.Result, err = s.o.Desk.Ask(ctx, query); err != nil || !in.Filters.Compare || ownComparison(c.Spec.kind()) {
		return d, err
	}
	before, err := Before(query, d.Result.From, d.Result.To)
	if fault.CodeOf(err) == "board.no_days" {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	was, err := s.o.Desk.Ask(ctx, before)
	if strings.HasPrefix(fault.CodeOf(err), "insight.range") { // days of which nothing can be said
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Before = &was
	return d, nil
}

// tabulate answers in rows, or in figures if the rows are over time.
func (s *Service) tabulate(ctx context.Context, d *Drawn, lang string) error {
	var t insight.Table
	var err error
	if d.Result, t, err = s.o.Desk.Tabulate(ctx, d.Query, words(lang)); err != nil {
		return err
	}
	d.Result.Answer = json.RawMessage("null") // the rows say it
	if d.Draw == AsFigures {
		if d.Figures = append(d.Figures, figuresOf(t, lang)...); len(d.Figures) > 0 {
			return nil
		}
	}
	d.Table = rowsOf(t, boardColumns, boardRows, lang)
	return nil
}
