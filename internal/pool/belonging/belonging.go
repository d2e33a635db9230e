// Package belonging shows where one person belongs: every tag, tier and segment, each since when and by whom, and how it came to be so.
//
// It keeps nothing of its own: the rooms tag, tier and segment say what things are called, the engine where the person stands.
package belonging

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/tag"
	"github.com/huoshui/huoshui/internal/pool/tier"
)

// Engine knows where people stand.
type Engine interface {
	Standing(ctx context.Context, person int64) ([]standing.Held, error)
	Changes(ctx context.Context, q standing.ChangeQuery) ([]standing.Change, error)
}

// Numbers is who has which number now.
type Numbers interface {
	PersonOf(ctx context.Context, number int64) (int64, error)
}

// Options are what the room needs.
type Options struct {
	State    *state.DB
	Engine   Engine
	Numbers  Numbers
	Tags     *tag.Service
	Tiers    *tier.Service
	Segments *segment.Service
	Clock    clock.Clock
}

// Service is the room.
type Service struct{ o Options }

// New makes the room.
func New(o Options) *Service { return &Service{o: o} }

// Tag is a tag on the person.
type Tag struct {
	Key        string     `json:"key"`
	Title      string     `json:"title"`
	Group      string     `json:"group"`
	GroupTitle string     `json:"group_title"`
	Color      string     `json:"color"`
	Mode       tag.Mode   `json:"mode" enum:"manual,rule"`
	Since      time.Time  `json:"since"`
	Until      *time.Time `json:"until"`
	Source     tag.Source `json:"source" enum:"hand,bulk,rule,import,api"`
	Author     string     `json:"author"`
	Note       string     `json:"note"`
}

// Tier is the person's level of a dimension.
type Tier struct {
	Key        string     `json:"key"`
	Title      string     `json:"title"`
	Level      string     `json:"level"`
	LevelTitle string     `json:"level_title"`
	Color      string     `json:"color"`
	Since      time.Time  `json:"since"`
	Strategy   string     `json:"strategy"`
	HeldBy     string     `json:"held_by" enum:"stay,grace,"`
	Until      *time.Time `json:"until" doc:"When a fall comes that is held back"`
}

// Segment is a segment the person is in.
type Segment struct {
	Key   string       `json:"key"`
	Title string       `json:"title"`
	Mode  segment.Mode `json:"mode" enum:"live,static"`
	Since time.Time    `json:"since"`
}

// Standing is everything a person belongs to.
type Standing struct {
	Person   int64     `json:"person"`
	At       time.Time `json:"at"`
	Tags     []Tag     `json:"tags" nullable:"false"`
	Tiers    []Tier    `json:"tiers" nullable:"false"`
	Segments []Segment `json:"segments" nullable:"false"`
}

func tagOf(h tag.Has) Tag {
	return Tag{
		Key: h.Tag, Title: h.Title, Group: h.Group, GroupTitle: h.GroupTitle, Color: h.Color, Mode: h.Mode, Since: state.Time(h.Since),
		Until: state.TimePtr(h.Until), Source: h.Source, Author: h.Author, Note: h.Note,
	}
}

// Of gives where a person belongs, by any number that the person ever had.
func (s *Service) Of(ctx context.Context, number int64) (Standing, error) {
	id, err := s.o.Numbers.PersonOf(ctx, number)
	if err != nil {
		return Standing{}, err
	}
	out := Standing{Person: id, At: s.o.Clock.Now(), Tags: []Tag{}, Tiers: []Tier{}, Segments: []Segment{}}
	hand, err := s.o.Tags.On(ctx, s.o.State, id)
	if err != nil {
		return Standing{}, err
	}
	for _, h := range hand {
		out.Tags = append(out.Tags, tagOf(h))
	}
	held, err := s.o.Engine.Standing(ctx, id)
	if err != nil {
		return Standing{}, err
	}
	for _, h := range held {
		switch h.Owner {
		case standing.Tag:
			if t, ok := s.o.Tags.Titled(h.Key); ok && t.Mode == tag.ByRule {
				t.Since = h.Since
				out.Tags = append(out.Tags, tagOf(t))
			}
		case standing.Tier:
			if t, ok := s.o.Tiers.Titled(h.Key, h.Level); ok {
				out.Tiers = append(out.Tiers, Tier{
					Key: h.Key, Title: t.Title, Level: h.Level, LevelTitle: t.LevelTitle, Color: t.Color, Strategy: t.Strategy, Since: state.Time(h.Since),
					HeldBy: h.HeldBy, Until: state.TimePtr(h.Until),
				})
			}
		case standing.Segment:
			if title, mode, ok := s.o.Segments.Titled(h.Key); ok {
				out.Segments = append(out.Segments, Segment{h.Key, title, mode, state.Time(h.Since)})
			}
		}
	}
	slices.SortStableFunc(out.Tags, func(a, b Tag) int {
		return cmp.Or(cmp.Compare(a.GroupTitle, b.GroupTitle), cmp.Compare(a.Title, b.Title))
	})
	slices.SortStableFunc(out.Tiers, func(a, b Tier) int { return cmp.Compare(a.Title, b.Title) })
	slices.SortStableFunc(out.Segments, func(a, b Segment) int { return cmp.Compare(a.Title, b.Title) })
	return out, nil
}

// Step is one change in where the person belongs.
type Step struct {
	At        time.Time      `json:"at"`
	Owner     standing.Owner `json:"owner" enum:"segment,tag,tier"`
	Key       string         `json:"key"`
	Title     string         `json:"title"`
	From      string         `json:"from" doc:"A level; of segments and tags empty or in"`
	To        string         `json:"to"`
	FromTitle string         `json:"from_title"`
	ToTitle   string         `json:"to_title"`
	Cause     string         `json:"cause"`
	Author    string         `json:"author"`
}

// place is the cursor of a history that is put together from two.
type place struct {
	Hand   int64 `json:"h"`
	Engine int64 `json:"e"`
}

// step with where it comes from.
type step struct {
	Step
	id   int64
	hand bool
}

// History gives a page of what changed for a person, the newest first, by any number that the person ever had.
func (s *Service) History(ctx context.Context, number int64, page httpapi.Paging) (httpapi.Page[Step], error) {
	none := httpapi.Page[Step]{}
	id, err := s.o.Numbers.PersonOf(ctx, number)
	if err != nil {
		return none, err
	}
	at := place{Hand: 1<<63 - 1}
	if _, err := httpapi.DecodeCursor(page.Cursor, &at); err != nil {
		return none, err
	}
	hand, err := s.o.Tags.History(ctx, tag.HistoryInput{Person: id, Before: at.Hand, Limit: page.Limit + 1})
	if err != nil {
		return none, err
	}
	changes, err := s.o.Engine.Changes(ctx, standing.ChangeQuery{Person: id, Before: at.Engine, Limit: page.Limit + 1})
	if err != nil {
		return none, err
	}
	var steps []step
	for _, c := range hand {
		one := step{id: c.ID, hand: true, Step: Step{At: c.At, Owner: standing.Tag, Key: c.Tag, Title: c.Title, Cause: string(c.Source), Author: c.Author, To: standing.In}}
		switch c.Change {
		case "removed", "expired", "replaced":
			one.From, one.To = standing.In, ""
		case "extended":
			one.From = standing.In
		}
		steps = append(steps, one)
	}
	for _, c := range changes {
		steps = append(steps, step{id: c.ID, Step: s.named(Step{At: state.Time(c.At), Owner: c.Owner, Key: c.Key, Title: c.Key, From: c.From, To: c.To, Cause: c.Cause})})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return b.At.Compare(a.At) })
	out := make([]Step, 0, len(steps))
	for i, one := range steps {
		out = append(out, one.Step)
		switch {
		case i >= page.Limit: // tells only that there is more
		case one.hand:
			at.Hand = one.id
		default:
			at.Engine = one.id
		}
	}
	return httpapi.PageOf(out, page.Limit, func(Step) string { return httpapi.EncodeCursor(at) }), nil
}

// named puts the titles into a step.
func (s *Service) named(st Step) Step {
	switch st.Owner {
	case standing.Tag:
		if t, ok := s.o.Tags.Titled(st.Key); ok {
			st.Title = t.Title
		}
	case standing.Segment:
		if title, _, ok := s.o.Segments.Titled(st.Key); ok {
			st.Title = title
		}
	case standing.Tier:
		if t, ok := s.o.Tiers.Titled(st.Key, st.From); ok {
			st.Title, st.FromTitle = t.Title, t.LevelTitle
		}
		if t, ok := s.o.Tiers.Titled(st.Key, st.To); ok {
			st.ToTitle = t.LevelTitle
		}
	}
	return st
}

type (
	one struct {
		ID int64 `path:"id"`
	}
	pageInput struct {
		ID int64 `path:"id"`
		httpapi.Paging
	}
	tagInput struct {
		ID   int64           `path:"id"`
		Body tag.PersonInput `nameHint:"PersonTags"`
	}
	out[T any] struct{ Body T }
)

const area = "people"

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/{id}/standing", ID: "get-standing", Summary: "Every tag, tier and segment of a person", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *one) (*out[Standing], error) {
			v, err := s.Of(ctx, in.ID)
			return &out[Standing]{v}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/{id}/standing/history", ID: "list-standing-history", Summary: "How a person's tags, tiers and segments changed, the newest first", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *pageInput) (*out[httpapi.Page[Step]], error) {
			page, err := s.History(ctx, in.ID, in.Paging)
			return &out[httpapi.Page[Step]]{page}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/{id}/tags/history", ID: "list-person-tag-history", Summary: "How a person's tags changed, the newest first", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *pageInput) (*out[httpapi.Page[tag.ChangeView]], error) {
			id, err := s.o.Numbers.PersonOf(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			page, err := s.o.Tags.PersonHistory(ctx, id, in.Paging)
			return &out[httpapi.Page[tag.ChangeView]]{page}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/people/{id}/tags", ID: "tag-person", Summary: "Put tags on a person and take others off", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *tagInput) (*out[Standing], error) {
			id, err := s.o.Tags.Change(ctx, in.ID, in.Body)
			if err != nil {
				return nil, err
			}
			v, err := s.Of(ctx, id)
			return &out[Standing]{v}, err
		})
}
