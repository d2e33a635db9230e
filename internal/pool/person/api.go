package person

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/pool/event"
)

const tag = "people"

// ListQuery are the parameters of a list of people.
type ListQuery struct {
	Query  string   `query:"q"      doc:"An identity's value, exact or its beginning, or part of a name or trait" maxLength:"200"`
	Filter []string `query:"f,explode"      doc:"Conditions field:op:value, all of which hold"                  maxItems:"20"`
	Sort   string   `query:"sort"   doc:"last_seen, first_seen, events, orders or revenue; - in front: descending" default:"-last_seen"`
}

func (q ListQuery) input(limit int) (ListInput, error) {
	in := ListInput{Query: q.Query, Sort: q.Sort, Limit: limit}
	for _, text := range q.Filter {
		f, err := ParseFilter(text)
		if err != nil {
			return in, err
		}
		in.Filters = append(in.Filters, f)
	}
	return in, nil
}

// PeoplePage is a page of people.
type PeoplePage struct {
	httpapi.Page[Row]
	Total      int64 `json:"total"       doc:"How many people the list has in all"`
	TotalExact bool  `json:"total_exact" doc:"False: there are more than total"`
}

type listOut struct{ Body PeoplePage }

type personOut struct{ Body Person }

type timelineOut struct{ Body httpapi.Page[EventView] }

// Fields are what people can be filtered by and shown with.
type Fields struct {
	Traits   []FieldCount `json:"traits"   nullable:"false" doc:"Traits of the people seen last, the most frequent first"`
	Channels []string     `json:"channels" nullable:"false"`
}

// FieldCount is a trait and how many of the people looked at have it.
type FieldCount struct {
	Name   string `json:"name"`
	People int64  `json:"people"`
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people", ID: "list-people", Summary: "People, searched, filtered and sorted", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			ListQuery
			httpapi.Paging
		},
		) (*listOut, error) {
			return s.list(ctx, in.ListQuery, in.Paging)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/fields", ID: "list-people-fields", Summary: "Traits and channels to filter by", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Fields }, error) {
			f, err := s.Fields(ctx)
			return &struct{ Body Fields }{f}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/export.csv", ID: "export-people", Summary: "The same list as CSV", Tag: tag, Permission: actor.Read, Produces: "text/csv"},
		func(ctx context.Context, in *struct {
			ListQuery
			Columns string `query:"columns" doc:"Comma-separated: id, name, email, phone, channel, first_seen, last_seen, events, orders, revenue, trait.<name>"`
		},
		) (*huma.StreamResponse, error) {
			return s.export(ctx, in.ListQuery, in.Columns)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/{id}", ID: "get-person", Summary: "Everything about a person, by any number it ever had", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			ID int64 `path:"id"`
		},
		) (*personOut, error) {
			p, err := s.Get(ctx, in.ID)
			return &personOut{p}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/find", ID: "find-person", Summary: "The person behind an identity", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			Kind  string `query:"kind" required:"true" maxLength:"64"`
			Value string `query:"value" required:"true" maxLength:"256"`
			Scope string `query:"scope" maxLength:"256"`
		},
		) (*personOut, error) {
			p, err := s.By(ctx, event.Identity{Kind: in.Kind, Scope: in.Scope, Value: in.Value})
			return &personOut{p}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/people/{id}/timeline", ID: "list-person-events", Summary: "A person's events, newest first", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			ID   int64  `path:"id"`
			Name string `query:"name" maxLength:"200"`
			httpapi.Paging
		},
		) (*timelineOut, error) {
			return s.timeline(ctx, in.ID, in.Name, in.Paging)
		})
}

func (s *Service) list(ctx context.Context, q ListQuery, page httpapi.Paging) (*listOut, error) {
	in, err := q.input(page.Limit)
	if err != nil {
		return nil, err
	}
	var after Key
	if ok, err := httpapi.DecodeCursor(page.Cursor, &after); err != nil {
		return nil, err
	} else if ok {
		in.After = &after
	}
	rows, keys, err := s.List(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Page = httpapi.PageOf(rows, in.Limit, func(Row) string { return httpapi.EncodeCursor(keys[in.Limit-1]) })
	out.Body.Total, out.Body.TotalExact, err = s.Count(ctx, in)
	return out, err
}

func (s *Service) timeline(ctx context.Context, id int64, name string, page httpapi.Paging) (*timelineOut, error) {
	in := TimelineInput{Person: id, Name: name, Limit: page.Limit}
	var before At
	if ok, err := httpapi.DecodeCursor(page.Cursor, &before); err != nil {
		return nil, err
	} else if ok {
		in.Before = &before
	}
	rows, err := s.Timeline(ctx, in)
	if err != nil {
		return nil, err
	}
	return &timelineOut{httpapi.PageOf(rows, in.Limit, func(e EventView) string {
		return httpapi.EncodeCursor(At{Time: e.Time.UnixMicro(), ID: e.ID})
	})}, nil
}

// sample is how many of the people seen last tell which traits there are.
const sample = 2000

// Fields looks at the people seen last.
func (s *Service) Fields(ctx context.Context) (Fields, error) {
	rows, _, err := s.List(ctx, ListInput{Limit: sample})
	if err != nil {
		return Fields{}, err
	}
	counts, channels := map[string]int64{}, map[string]bool{}
	for _, r := range rows {
		channels[r.Channel] = true
		for k := range r.Traits {
			counts[k]++
		}
	}
	f := Fields{Traits: []FieldCount{}, Channels: []string{}}
	for k, n := range counts {
		f.Traits = append(f.Traits, FieldCount{k, n})
	}
	slices.SortFunc(f.Traits, func(a, b FieldCount) int {
		if a.People != b.People {
			return int(b.People - a.People)
		}
		return strings.Compare(a.Name, b.Name)
	})
	for c := range channels {
		if c != "" {
			f.Channels = append(f.Channels, c)
		}
	}
	slices.Sort(f.Channels)
	return f, nil
}
