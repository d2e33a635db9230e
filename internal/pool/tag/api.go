package tag

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

const area = "tags"

// maxFile is the largest file of tags in bytes.
const maxFile = 50 << 20

type (
	one struct {
		Key string `path:"key" maxLength:"64"`
	}
	listInput struct {
		Query string `query:"q" maxLength:"200"`
		Group string `query:"group" maxLength:"64"`
		Mode  Mode   `query:"mode" enum:"manual,rule"`
		State string `query:"state" doc:"Comma-separated: active, paused, archived; all but archived if empty"`
	}
	list struct {
		httpapi.Items[View]
		Groups []GroupView `json:"groups" nullable:"false"`
	}
	saved struct {
		ETag string `header:"ETag"`
		Body View   `nameHint:"Tag"`
	}
	savedGroup struct {
		ETag string    `header:"ETag"`
		Body GroupView `nameHint:"TagGroup"`
	}
	createInput struct {
		once.Header
		Body CreateInput `nameHint:"TagInput"`
	}
	updateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body UpdateInput `nameHint:"TagUpdate"`
	}
	createGroupInput struct {
		once.Header
		Body GroupInput `nameHint:"TagGroupInput"`
	}
	updateGroupInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body GroupInput `nameHint:"TagGroupInput"`
	}
	stateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body struct {
			State rulebook.State `json:"state" enum:"active,paused,archived"`
		} `nameHint:"TagState"`
	}
	peopleInput struct {
		Key string `path:"key" maxLength:"64"`
		once.Header
		Body PeopleInput `nameHint:"TagPeople"`
	}
	listPeopleInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.Paging
	}
	historyInput struct {
		Key    string `path:"key" maxLength:"64"`
		Person int64  `query:"person"`
		httpapi.Paging
	}
	exportInput struct {
		Key     string `path:"key" maxLength:"64"`
		Columns string `query:"columns" doc:"As for the list of people"`
	}
	importInput struct {
		Create bool `query:"create" doc:"Make tags that are missing"`
		once.Header
		RawBody []byte `contentType:"text/csv"`
	}
	out[T any] struct{ Body T }
)

func shown(v View, err error) (*saved, error) {
	return &saved{ETag: httpapi.ETag(v.Version), Body: v}, err
}

func shownGroup(v GroupView, err error) (*savedGroup, error) {
	return &savedGroup{ETag: httpapi.ETag(v.Version), Body: v}, err
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	s.tagRoutes(api)
	s.groupRoutes(api)
	s.peopleRoutes(api)
}

func (s *Service) tagRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tags", ID: "list-tags", Summary: "Tags and their groups", Tag: area, Permission: actor.Read}, s.list)
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tags", ID: "create-tag", Summary: "Make a tag", Tag: area, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createInput) (*saved, error) {
			return shown(s.Create(ctx, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tags/{key}", ID: "get-tag", Summary: "A tag", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *one) (*saved, error) { return shown(s.Get(ctx, in.Key)) })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/tags/{key}", ID: "put-tag", Summary: "Change a tag", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *updateInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.Update(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tags/{key}/state", ID: "set-tag-state", Summary: "Pause, archive or activate a tag", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *stateInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.SetState(ctx, in.Key, in.Body.State, version))
		})
}

func (s *Service) groupRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tag-groups", ID: "list-tag-groups", Summary: "Groups of tags", Tag: area, Permission: actor.Read},
		func(_ context.Context, in *struct {
			Archived bool `query:"archived" doc:"Archived ones too"`
		},
		) (*out[httpapi.Items[GroupView]], error) {
			return &out[httpapi.Items[GroupView]]{httpapi.List(s.Groups(in.Archived))}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tag-groups", ID: "create-tag-group", Summary: "Make a group of tags", Tag: area, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createGroupInput) (*savedGroup, error) {
			return shownGroup(s.CreateGroup(ctx, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/tag-groups/{key}", ID: "put-tag-group", Summary: "Change a group of tags", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *updateGroupInput) (*savedGroup, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownGroup(s.UpdateGroup(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tag-groups/{key}/state", ID: "set-tag-group-state", Summary: "Archive or activate a group of tags", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *stateInput) (*savedGroup, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownGroup(s.SetGroupState(ctx, in.Key, in.Body.State, version))
		})
}

func (s *Service) peopleRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tags/{key}/people", ID: "tag-people", Summary: "Put a tag on people or take it off", Tag: area, Permission: actor.Operate},
		func(ctx context.Context, in *peopleInput) (*out[RunView], error) {
			r, err := s.Start(ctx, in.Key, in.Body, in.IdempotencyKey)
			return &out[RunView]{r}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tag-runs/{id}", ID: "get-tag-run", Summary: "How far work on many people has come", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			ID int64 `path:"id"`
		},
		) (*out[RunView], error) {
			r, err := s.FindRun(ctx, in.ID)
			return &out[RunView]{r}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tags/{key}/people", ID: "list-tag-people", Summary: "The people with a tag", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *listPeopleInput) (*out[rulebook.MembersPage[Bearer]], error) {
			page, err := s.PeopleWith(ctx, in.Key, in.Paging)
			return &out[rulebook.MembersPage[Bearer]]{page}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tags/{key}/export.csv", ID: "export-tag", Summary: "The people with a tag as CSV", Tag: area, Permission: actor.Read, Produces: "text/csv"},
		func(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
			return s.Export(ctx, in.Key, in.Columns)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/tags/{key}/history", ID: "list-tag-history", Summary: "What happened to a tag, the newest first", Tag: area, Permission: actor.Read},
		func(ctx context.Context, in *historyInput) (*out[httpapi.Page[ChangeView]], error) {
			page, err := s.TagHistory(ctx, in.Key, in.Person, in.Paging)
			return &out[httpapi.Page[ChangeView]]{page}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/tag-imports", ID: "import-tags", Summary: "Put tags on people by a CSV file", Tag: area, Permission: actor.Operate, MaxBody: maxFile},
		func(ctx context.Context, in *importInput) (*out[Imported], error) {
			im, err := s.Import(ctx, in.RawBody, in.Create, in.IdempotencyKey)
			return &out[Imported]{im}, err
		})
}

func (s *Service) list(ctx context.Context, in *listInput) (*out[list], error) {
	q := ListInput{Query: in.Query, Group: in.Group, Mode: in.Mode}
	for word := range strings.SplitSeq(in.State, ",") {
		if word == "" {
			continue
		}
		state := rulebook.State(word)
		if !state.Valid() {
			return nil, fault.New(fault.Invalid, "tag.invalid", "a state is active, paused or archived")
		}
		q.States = append(q.States, state)
	}
	views, err := s.List(ctx, q)
	return &out[list]{list{httpapi.List(views), s.Groups(false)}}, err
}
