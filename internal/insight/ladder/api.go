package ladder

import (
	"context"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// View is the ladder in force.
type View struct {
	Definition
	Version   int64      `json:"version" doc:"0 while it is the template"`
	UpdatedAt *time.Time `json:"updated_at"`
	UpdatedBy string     `json:"updated_by"`
}

// Get is the brand's ladder, or the template.
func (s *Service) Get() View {
	item, ok := s.shelf.Find(Key)
	if !ok || len(item.Spec.Rungs) != Rungs {
		return View{Definition: template()}
	}
	return View{item.Spec, item.Version, &item.Updated, item.Author}
}

// Put makes a ladder the brand's, if version is in force (0: whichever is).
func (s *Service) Put(ctx context.Context, d Definition, version int64, note string) (View, error) {
	if err := d.check(); err != nil {
		return View{}, err
	}
	for i := range d.Rungs {
		if d.Rungs[i].Means == nil {
			d.Rungs[i].Means = []string{}
		}
	}
	if _, err := s.o.Definitions.Put(ctx, define.PutInput{Kind: Kind, Key: Key, Spec: d, IfVersion: version, Note: note}); err != nil {
		return View{}, err
	}
	return s.Get(), nil
}

type saved struct {
	ETag string `header:"ETag"`
	Body View   `nameHint:"Ladder"`
}

// Routes registers what the room has beside the operations of every question.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/ladder/definition", ID: "get-ladder", Summary: "Which events are which rung", Tag: "insight", Permission: actor.Read},
		func(_ context.Context, _ *struct{}) (*saved, error) {
			v := s.Get()
			return &saved{httpapi.ETag(v.Version), v}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/insight/ladder/definition", ID: "put-ladder", Summary: "Say which events are which rung", Tag: "insight", Permission: actor.Operate},
		func(ctx context.Context, in *struct {
			httpapi.IfMatch
			Body struct {
				Definition
				Note string `json:"note,omitempty" maxLength:"1000"`
			} `nameHint:"LadderInput"`
		},
		) (*saved, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			v, err := s.Put(ctx, in.Body.Definition, version, in.Body.Note)
			return &saved{httpapi.ETag(v.Version), v}, err
		})
}
