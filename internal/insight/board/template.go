package board

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
)

// Template is a board to begin with.
type Template struct {
	Name   string `json:"name"`
	Charts int    `json:"charts" doc:"How many of its charts this pool can answer"`
}

// model is a ready-made board.
type model struct {
	name         string
	zh, en       string // title
	zhSay, enSay string // description
	last         int    // days
	compare      bool
	parts        []part
}

// part is a chart of a model, or a text if it has no query. Parts are laid row by row.
type part struct {
	w, h         int
	zh, en       string
	zhSay, enSay string
	query        string
}

func (m model) title(lang string) string { return words(lang)(m.zh, m.en) }

// fits are the parts that this pool can answer now: of kinds that it has, about names that it knows.
func (s *Service) fits(ctx context.Context, m model) []part {
	var some []part
	for _, p := range m.parts {
		if p.query == "" || s.o.Desk.Check(ctx, json.RawMessage(p.query)) == nil {
			some = append(some, p)
		}
	}
	return some
}

// Templates lists ready-made boards of which something can be answered.
func (s *Service) Templates(ctx context.Context) []Template {
	var all []Template
	for _, m := range models() {
		n := 0
		for _, p := range s.fits(ctx, m) {
			if p.query != "" {
				n++
			}
		}
		if n > 0 {
			all = append(all, Template{m.name, n})
		}
	}
	return all
}

// FromTemplate makes a board and its charts. repeat is the idempotency key of the request, if it has one.
func (s *Service) FromTemplate(ctx context.Context, name, lang, repeat string) (Board, error) {
	all := models()
	at := slices.IndexFunc(all, func(m model) bool { return m.name == name })
	if at < 0 {
		return Board{}, fault.New(fault.NotFound, "board.template_not_found", "there is no ready-made board %q", name)
	}
	m, say := all[at], words(lang)
	in := Input{Title: m.title(lang), Description: say(m.zhSay, m.enSay), Filters: Filters{Last: m.last, Compare: m.compare}}
	if repeat == "" {
		repeat = id.Token(10) // so that what was made is found again below
	}
	for n, p := range s.fits(ctx, m) {
		item := Item{ID: fmt.Sprintf("%s-%d", name, n+1), W: p.w, H: p.h}
		if p.query == "" {
			item.Text = say(p.zhSay, p.enSay)
		} else {
			c, err := s.chartLike(ctx, ChartInput{Title: say(p.zh, p.en), Description: say(p.zhSay, p.enSay), Query: json.RawMessage(p.query)}, repeat+"-"+item.ID)
			if err != nil {
				return Board{}, err
			}
			item.Chart = c.Key
		}
		in.Items = append(in.Items, flow(in.Items, item))
	}
	if !slices.ContainsFunc(in.Items, func(i Item) bool { return i.Chart != "" }) {
		return Board{}, fault.New(fault.Conflict, "board.template_empty", "this pool has no events yet that the board could show; send or import some first")
	}
	return s.CreateBoard(ctx, in, strings.TrimSpace(repeat+"-board"))
}

// chartLike finds a chart that asks and says the same, or makes it.
func (s *Service) chartLike(ctx context.Context, in ChartInput, repeat string) (Chart, error) {
	want, err := define.Canonical(in.Query)
	if err != nil {
		return Chart{}, err
	}
	for _, i := range s.charts.All() {
		if !i.Spec.State.Gone() && i.Spec.Title == in.Title && i.Spec.Draw == in.Draw && bytes.Equal(i.Spec.Query, want) {
			return s.chartView(i), nil
		}
	}
	return s.CreateChart(ctx, in, repeat)
}

// flow lays an item right of the one before, or below all if there is no room.
func flow(items []Item, i Item) Item {
	if len(items) > 0 {
		last := items[len(items)-1]
		i.X, i.Y = last.X+last.W, last.Y
		if i.X+i.W <= Columns {
			return i
		}
	}
	i.X = 0
	for _, j := range items {
		i.Y = max(i.Y, j.Y+j.H)
	}
	return i
}
