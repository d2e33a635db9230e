package health

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

type (
	output struct {
		ETag string     `header:"ETag"`
		Body Definition `nameHint:"HealthDefinition"`
	}
	putInput struct {
		httpapi.IfMatch
		Body Definition `nameHint:"HealthDefinition"`
	}
)

// Routes registers the operations on the definition; the questions are the desk's.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/health/definition", ID: "get-health-definition", Tag: "insight", Permission: actor.Read, Summary: "How the health score is made"},
		func(ctx context.Context, _ *struct{}) (*output, error) {
			d, version, err := s.Definition(ctx)
			return shown(d, version), err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/health/definition", ID: "put-health-definition", Tag: "insight", Permission: actor.Operate, Summary: "Change how the health score is made"},
		func(ctx context.Context, in *putInput) (*output, error) {
			had, err := in.Version()
			if err != nil {
				return nil, err
			}
			version, err := s.Put(ctx, in.Body, had, "")
			return shown(in.Body, version), err
		})
}

func shown(d Definition, version int64) *output {
	o := &output{Body: d}
	if version > 0 {
		o.ETag = httpapi.ETag(version)
	}
	return o
}
