package segment

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

const tag = "segments"

type (
	one struct {
		Key string `path:"key" maxLength:"64"`
	}
	listInput struct {
		Query string `query:"q" maxLength:"200"`
		Mode  Mode   `query:"mode" enum:"live,static"`
		State string `query:"state" doc:"Comma-separated: active, paused, archived; all but archived if empty"`
	}
	list struct {
		httpapi.Items[View]
		TotalPeople int64 `json:"total_people" doc:"How many people the pool has"`
	}
	saved struct {
		ETag string `header:"ETag"`
		Body View   `nameHint:"Segment"`
	}
	createInput struct {
		once.Header
		Body CreateInput `nameHint:"SegmentInput"`
	}
	updateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body UpdateInput `nameHint:"SegmentUpdate"`
	}
	stateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body struct {
			State rulebook.State `json:"state" enum:"active,paused,archived"`
		} `nameHint:"SegmentState"`
	}
	snapshotInput struct {
		Key string `path:"key" maxLength:"64"`
		once.Header
		Body SnapshotInput `nameHint:"SegmentSnapshot"`
	}
	rangeInput struct {
		Key  string `path:"key" maxLength:"64"`
		From string `query:"from"`
		To   string `query:"to"`
	}
	peopleInput struct {
		Key string `path:"key" maxLength:"64"`
		rulebook.ChangesQuery
		httpapi.Paging
	}
	exportInput struct {
		Key     string `path:"key" maxLength:"64"`
		Columns string `query:"columns" doc:"As for the list of people"`
	}
	whyInput struct {
		Key    string `path:"key" maxLength:"64"`
		Person int64  `path:"person"`
	}
	overlapInput struct {
		Body struct {
			Segments []string `json:"segments" nullable:"false" maxItems:"5"`
		} `nameHint:"OverlapInput"`
	}
	out[T any] struct{ Body T }
)

func shown(v View, err error) (*saved, error) {
	return &saved{ETag: httpapi.ETag(v.Version), Body: v}, err
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/segments", ID: "list-segments", Summary: "Segments with their sizes", Tag: tag, Permission: actor.Read}, s.list)
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/segments", ID: "create-segment", Summary: "Make a segment", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createInput) (*saved, error) {
			return shown(s.Create(ctx, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/segments/{key}", ID: "get-segment", Summary: "A segment", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *one) (*saved, error) { return shown(s.Get(ctx, in.Key)) })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/segments/{key}", ID: "put-segment", Summary: "Change a segment", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *updateInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.Update(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/segments/{key}/state", ID: "set-segment-state", Summary: "Pause, archive or activate a segment", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *stateInput) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shown(s.SetState(ctx, in.Key, in.Body.State, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/segments/{key}/snapshot", ID: "snapshot-segment", Summary: "Keep who is in now as a static segment", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *snapshotInput) (*saved, error) {
			return shown(s.Snapshot(ctx, in.Key, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/segments/{key}/size", ID: "get-segment-size", Summary: "Size, entered and left, day by day", Tag: tag, Permission: actor.Read}, s.size)
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/segments/{key}/people", ID: "list-segment-people", Summary: "The people in a segment, or who entered or left it on a day", Tag: tag, Permission: actor.Read}, s.people)
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/segments/{key}/export.csv", ID: "export-segment", Summary: "The people in a segment as CSV", Tag: tag, Permission: actor.Read, Produces: "text/csv"},
		func(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
			return s.Export(ctx, in.Key, in.Columns)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/segments/{key}/why/{person}", ID: "explain-segment", Summary: "Why a person is in a segment or not", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *whyInput) (*out[Reason], error) {
			r, err := s.Why(ctx, in.Key, in.Person)
			return &out[Reason]{r}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/segments/overlap", ID: "overlap-segments", Summary: "How up to five segments lie over each other", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *overlapInput) (*out[Overlap], error) {
			o, err := s.Overlap(ctx, in.Body.Segments)
			return &out[Overlap]{o}, err
		})
}

func (s *Service) list(ctx context.Context, in *listInput) (*out[list], error) {
	q := ListInput{Query: in.Query, Mode: in.Mode}
	for word := range strings.SplitSeq(in.State, ",") {
		if word == "" {
			continue
		}
		if state := rulebook.State(word); state.Valid() {
			q.States = append(q.States, state)
			continue
		}
		return nil, fault.New(fault.Invalid, "segment.invalid", "a state is active, paused or archived")
	}
	views, total, err := s.List(ctx, q)
	return &out[list]{list{httpapi.List(views), total}}, err
}

func (s *Service) size(ctx context.Context, in *rangeInput) (*out[httpapi.Items[rulebook.Size]], error) {
	r, err := calendar.ParseRange(in.From, in.To, s.o.Clock.Now(), s.o.Zone())
	if err != nil {
		return nil, err
	}
	sizes, err := s.Sizes(ctx, in.Key, r)
	return &out[httpapi.Items[rulebook.Size]]{httpapi.List(sizes)}, err
}

func (s *Service) people(ctx context.Context, in *peopleInput) (*out[rulebook.MembersPage[Member]], error) {
	if in.Change != "" {
		page, err := s.Changed(ctx, in.Key, in.ChangesQuery, in.Paging)
		return &out[rulebook.MembersPage[Member]]{page}, err
	}
	page, err := s.PeopleIn(ctx, in.Key, in.Paging)
	return &out[rulebook.MembersPage[Member]]{page}, err
}
