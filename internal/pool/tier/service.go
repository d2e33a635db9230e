package tier

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// LevelInput is a level as it is sent.
type LevelInput struct {
	Key      string     `json:"key"                doc:"Made from the title if empty" maxLength:"64"`
	Title    string     `json:"title"              minLength:"1" maxLength:"200"`
	Color    string     `json:"color,omitempty"    maxLength:"7"`
	Rule     string     `json:"rule,omitempty"     doc:"CEL; the last level has none"`
	Tree     *rule.Tree `json:"tree,omitempty"     doc:"Instead of rule"`
	Strategy string     `json:"strategy,omitempty" maxLength:"8000"`
	Actions  []Action   `json:"actions,omitempty"  maxItems:"20"`
}

// Input is what a dimension is to be.
type Input struct {
	Key         string       `json:"key,omitempty"         doc:"Only of a new one; made from the title if empty" maxLength:"64"`
	Title       string       `json:"title"                 minLength:"1" maxLength:"200"`
	Description string       `json:"description,omitempty" maxLength:"4000"`
	Template    Template     `json:"template,omitempty"    enum:"rfm,spend,activity,intention,lifecycle,"`
	Params      Params       `json:"params,omitempty"`
	Levels      []LevelInput `json:"levels,omitempty"      doc:"From best to last; with a template they may be left out" maxItems:"20"`
	StayDays    int          `json:"stay_days,omitempty"   minimum:"0" maximum:"365"`
	GraceDays   int          `json:"grace_days,omitempty"  minimum:"0" maximum:"365"`
	Note        string       `json:"note,omitempty"        maxLength:"1000"`
}

// spec makes a spec of an input. old is what was in force, nil for a new one.
func (s *Service) spec(ctx context.Context, key string, in Input, old *Spec) (Spec, error) {
	spec := Spec{
		Title: strings.TrimSpace(in.Title), Description: in.Description, Template: in.Template, StayDays: in.StayDays, GraceDays: in.GraceDays, State: rulebook.Active,
	}
	if old != nil {
		spec.State, spec.Origin = old.State, old.Origin
	}
	if in.Template != "" {
		d, err := s.draft(ctx, in.Template, in.Params)
		if err != nil {
			return spec, err
		}
		spec.Params, spec.Cutoffs, spec.Levels = d.params, d.cutoffs, d.levels
		if old != nil && old.Template == in.Template && same(old.Params, d.params) {
			spec.Cutoffs = old.Cutoffs // the figures that the levels were made with
			if len(in.Levels) == 0 {
				spec.Levels = old.Levels
			}
		}
	}
	if len(in.Levels) == 0 {
		return spec, nil
	}
	spec.Levels = make([]Level, 0, len(in.Levels))
	for i, l := range in.Levels {
		one := Level{Key: cmp.Or(l.Key, shelf.KeyOf(l.Title)), Title: strings.TrimSpace(l.Title), Color: l.Color, Strategy: l.Strategy, Actions: l.Actions}
		for j := range one.Actions {
			if len(one.Actions[j].Params) == 0 {
				one.Actions[j].Params = json.RawMessage("{}")
			}
		}
		if i < len(in.Levels)-1 || l.Rule != "" || l.Tree != nil {
			field := fmt.Sprintf("body.levels[%d].rule", i)
			r, err := s.o.Book.ParseInput(ctx, rulebook.Whose{Owner: standing.Tier, Key: key}, field, rulebook.Input{Text: l.Rule, Tree: l.Tree})
			if err != nil {
				return spec, err
			}
			one.Rule = r.Text()
		}
		spec.Levels = append(spec.Levels, one)
	}
	return spec, nil
}

func same(a, b Params) bool {
	x, err := told(a)
	y, err2 := told(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// draft makes levels of a template with what the pool has now.
func (s *Service) draft(ctx context.Context, t Template, in Params) (draft, error) {
	if _, err := s.o.Book.Look(ctx); err != nil {
		return draft{}, err
	}
	schema, err := s.o.Book.Schema(ctx)
	if err != nil {
		return draft{}, err
	}
	seen := func(name string) bool { return schema.Events == nil || slices.Contains(schema.Events, name) }
	now := s.o.Clock.Now()
	return draftOf(t, in, func(purchase, window string) (*RFM, error) {
		ask := RFMInput{Event: purchase, Window: window}
		if err := ask.complete(now); err != nil {
			return nil, err
		}
		return s.rfm(ctx, ask)
	}, seen, state.Micros(now))
}

// Create makes a dimension. repeat is the idempotency key of the request, if it has one.
func (s *Service) Create(ctx context.Context, in Input, repeat string) (View, error) {
	item, err := s.shelf.Create(ctx, shelf.CreateInput[Spec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in,
		Make: func(key, origin string) (Spec, error) {
			spec, err := s.spec(ctx, key, in, nil)
			spec.Origin = origin
			return spec, err
		},
	})
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// Update changes a dimension if version is in force (0: whichever is).
func (s *Service) Update(ctx context.Context, key string, in Input, version int64) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	spec, err := s.spec(ctx, key, in, &item.Spec)
	if err != nil {
		return View{}, err
	}
	if item, err = s.shelf.Put(ctx, key, spec, version, in.Note); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// SetState pauses, archives or activates a dimension.
func (s *Service) SetState(ctx context.Context, key string, to rulebook.State, version int64) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	spec := item.Spec
	spec.State = to
	if item, err = s.shelf.Put(ctx, key, spec, version, string(to)); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// Refresh takes the quantiles of a dimension anew and puts the figures into its rules; titles, strategies and actions stay.
func (s *Service) Refresh(ctx context.Context, key string, version int64) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	spec := item.Spec
	if spec.Cutoffs == nil || spec.Cutoffs.By != byQuantile {
		return View{}, fault.New(fault.Conflict, "tier.no_quantiles", "the dimension %q has no cut-offs from quantiles", key)
	}
	d, err := s.draft(ctx, spec.Template, spec.Params)
	if err != nil {
		return View{}, err
	}
	spec.Cutoffs = d.cutoffs
	spec.Levels = slices.Clone(spec.Levels)
	for i := range spec.Levels {
		at := slices.IndexFunc(d.levels, func(l Level) bool { return l.Key == spec.Levels[i].Key })
		if at >= 0 {
			spec.Levels[i].Rule = d.levels[at].Rule
		}
	}
	if item, err = s.shelf.Put(ctx, key, spec, version, note(d.cutoffs)); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// note says cut-offs in the history of a definition.
func note(c *Cutoffs) string {
	words := make([]string, len(c.Values))
	for i, v := range c.Values {
		words[i] = v.Name + " " + number(v.Value)
	}
	return "cut-offs " + strings.Join(words, ", ")
}

// Previewed is what a template would make.
type Previewed struct {
	Levels  []LevelView  `json:"levels" nullable:"false"`
	Params  Params       `json:"params"`
	Cutoffs *CutoffsView `json:"cutoffs"`
	Counts  []LevelCount `json:"counts" nullable:"false"`
	Total   int64        `json:"total"`
}

// LevelCount is how many people a level would have.
type LevelCount struct {
	Level  string `json:"level"`
	People int64  `json:"people"`
}

// Preview shows what a template would make, and counts it.
func (s *Service) Preview(ctx context.Context, t Template, in Params) (Previewed, error) {
	d, err := s.draft(ctx, t, in)
	if err != nil {
		return Previewed{}, err
	}
	show, err := s.o.Book.Show(ctx)
	if err != nil {
		return Previewed{}, err
	}
	out := Previewed{Levels: []LevelView{}, Params: d.params, Cutoffs: d.cutoffs.view(), Counts: []LevelCount{}}
	if out.Total, err = rulebook.Total(ctx, s.o.State); err != nil {
		return Previewed{}, err
	}
	placed := roaring64.New()
	for _, l := range d.levels {
		out.Levels = append(out.Levels, LevelView{Key: l.Key, Title: l.Title, Color: l.Color, Strategy: l.Strategy, Rule: viewOf(show, l.Rule), Actions: []Action{}})
		if l.Rule == "" { // the last: everyone else's
			out.Counts = append(out.Counts, LevelCount{l.Key, max(0, out.Total-int64(placed.GetCardinality()))})
			break
		}
		r, err := s.o.Book.Parse(ctx, rulebook.Whose{}, "body.params", l.Rule)
		if err != nil {
			return Previewed{}, err
		}
		set, err := s.o.Engine.Matching(ctx, r)
		if err != nil {
			return Previewed{}, err
		}
		set.AndNot(placed)
		placed.Or(set)
		out.Counts = append(out.Counts, LevelCount{l.Key, int64(set.GetCardinality())})
	}
	return out, nil
}
