package tier

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

const area = "tiers"

type (
	one struct {
		Key string `path:"key" maxLength:"64"`
	}
	saved struct {
		ETag string `header:"ETag"`
		Body View   `nameHint:"Tier"`
	}
	createInput struct {
		once.Header
		Body Input `nameHint:"TierInput"`
	}
	updateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body Input `nameHint:"TierInput"`
	}
	stateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body struct {
			State rulebook.State `json:"state" enum:"active,paused,archived"`
		} `nameHint:"TierState"`
	}
	refreshInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
	}
	previewInput struct {
		Body struct {
			Template Template `json:"template" enum:"rfm,spend,activity,intention,lifecycle"`
			Params   Params   `json:"params,omitempty"`
		} `nameHint:"TierPreview"`
	}
	rangeInput struct {
		Key  string `path:"key" maxLength:"64"`
		From string `query:"from"`
		To   string `query:"to"`
	}
	peopleInput struct {
		Key   string `path:"key" maxLength:"64"`
		Level string `query:"level" maxLength:"64"`
		rulebook.ChangesQuery
		httpapi.Paging
	}
	exportInput struct {
		Key     string `path:"key" maxLength:"64"`
		Level   string `query:"level" maxLength:"64"`
		Columns string `query:"columns" doc:"As for the list of people"`
	}
	whyInput struct {
		Key    string `path:"key" maxLength:"64"`
		Person int64  `path:"person"`
	}
	rfmInput       struct{ RFMInput }
	rfmPeopleInput struct {
		RFMInput
		R int `query:"r" minimum:"0" maximum:"10" doc:"Class of recency, 0 for all"`
		F int `query:"f" minimum:"0" maximum:"10" doc:"Class of frequency, 0 for all"`
		httpapi.Paging
	}
	out[T any] struct{ Body T }
)

// RFMPerson is a person with the figures.
type RFMPerson struct {
	person.Row
	Recency   int64   `json:"recency" doc:"Days"`
	Frequency int64   `json:"frequency"`
	Monetary  float64 `json:"monetary" doc:"In major units"`
}

func shown(v View, err error) (*saved, error) {
	return &saved{ETag: httpapi.ETag(v.Version), Body: v}, err
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	s.tierRoutes(api)
	s.figureRoutes(api)
}

func (s *Service) tierRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers", ID: "list-tiers", Summary: "Tier dimensions with the sizes of their levels", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			Archived bool `query:"archived" doc:"Archived ones too"`
		},
		) (*out[httpapi.Items[View]], error) {
			views, err := s.List(ctx, in.Archived)
			return &out[httpapi.Items[View]]{httpapi.List(views)}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tiers", ID: "create-tier", Summary: "Make a tier dimension", Tag: area, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createInput) (*saved, error) {
			return shown(s.Create(ctx, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/{key}", ID: "get-tier", Summary: "A tier dimension", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *one) (*saved, error) { return shown(s.Get(ctx, in.Key)) })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/tiers/{key}", ID: "put-tier", Summary: "Change a tier dimension", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *updateInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.Update(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tiers/{key}/state", ID: "set-tier-state", Summary: "Pause, archive or activate a tier dimension", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *stateInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.SetState(ctx, in.Key, in.Body.State, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tiers/{key}/cutoffs", ID: "refresh-tier-cutoffs", Summary: "Take the quantiles of a dimension anew", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *refreshInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.Refresh(ctx, in.Key, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/templates", ID: "list-tier-templates", Summary: "Ready-made dimensions", Tag: area, Permission: actor.Read},
		func(context.Context, *struct{}) (*out[httpapi.Items[TemplateView]], error) {
			return &out[httpapi.Items[TemplateView]]{httpapi.List(Templates())}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tiers/preview", ID: "preview-tier", Summary: "What a template would make, with counts", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *previewInput) (*out[Previewed], error) {
			p, err := s.Preview(ctx, in.Body.Template, in.Body.Params)
			return &out[Previewed]{p}, err
		})
}

func (s *Service) figureRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/{key}/size", ID: "get-tier-size", Summary: "Sizes of the levels, day by day", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *rangeInput) (*out[Sizes], error) {
			r, err := calendar.ParseRange(in.From, in.To, s.o.Clock.Now(), s.o.Zone())
			if err != nil {
				return nil, err
			}
			sizes, err := s.Sizes(ctx, in.Key, r)
			return &out[Sizes]{sizes}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/{key}/flow", ID: "get-tier-flow", Summary: "How people moved between levels", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *rangeInput) (*out[Flow], error) {
			r, err := calendar.ParseRange(in.From, in.To, s.o.Clock.Now(), s.o.Zone())
			if err != nil {
				return nil, err
			}
			flow, err := s.Flow(ctx, in.Key, r)
			return &out[Flow]{flow}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/{key}/people", ID: "list-tier-people", Summary: "The people at a level, or who came to it or left it on a day", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *peopleInput) (*out[rulebook.MembersPage[Member]], error) {
			if in.Change != "" {
				page, err := s.Changed(ctx, in.Key, in.Level, in.ChangesQuery, in.Paging)
				return &out[rulebook.MembersPage[Member]]{page}, err
			}
			page, err := s.PeopleAt(ctx, in.Key, in.Level, in.Paging)
			return &out[rulebook.MembersPage[Member]]{page}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/{key}/export.csv", ID: "export-tier", Summary: "The people of a dimension or level as CSV", Tag: area, Permission: actor.Read, Produces: "text/csv"},
		func(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
			return s.Export(ctx, in.Key, in.Level, in.Columns)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/{key}/why/{person}", ID: "explain-tier", Summary: "Why a person is at a level", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *whyInput) (*out[Reason], error) {
			r, err := s.Why(ctx, in.Key, in.Person)
			return &out[Reason]{r}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/rfm", ID: "get-rfm", Summary: "Recency, frequency and monetary value: figures and grid", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *rfmInput) (*out[RFMView], error) {
			v, err := s.RFM(ctx, in.RFMInput)
			return &out[RFMView]{v}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tiers/rfm/people", ID: "list-tier-rfm-people", Summary: "The people of a cell of the RFM grid", Tag: area, Permission: actor.Read}, s.rfmPeople)
}

func (s *Service) rfmPeople(ctx context.Context, in *rfmPeopleInput) (*out[rulebook.MembersPage[RFMPerson]], error) {
	var after int64
	if _, err := httpapi.DecodeCursor(in.Cursor, &after); err != nil {
		return nil, err
	}
	cells, total, err := s.Cell(ctx, in.RFMInput, in.R, in.F, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page := &out[rulebook.MembersPage[RFMPerson]]{}
	page.Body.Items, page.Body.Total = []RFMPerson{}, total
	if len(cells) > in.Limit {
		cells = cells[:in.Limit]
		page.Body.Next = httpapi.EncodeCursor(cells[in.Limit-1].Person)
	}
	ids := make([]int64, len(cells))
	for i, c := range cells {
		ids[i] = c.Person
	}
	rows, err := rulebook.ByID(ctx, s.o.People, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range cells {
		if r, ok := rows[c.Person]; ok {
			page.Body.Items = append(page.Body.Items, RFMPerson{r, c.Recency, c.Frequency, c.Monetary})
		}
	}
	return page, nil
}
