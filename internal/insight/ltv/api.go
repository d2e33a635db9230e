package ltv

import (
	"context"
	"net/http"
	"reflect"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Routes registers what the room has beside the operations of every question.
func (s *Service) Routes(api *httpapi.API) {
	api.Name(reflect.TypeFor[Run](), "LtvRun")
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/ltv/predictions", ID: "list-predictions", Summary: "The latest writings of predictions to people", Tag: "insight", Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*struct{ Body httpapi.Items[Run] }, error) {
			runs, err := s.Runs(ctx)
			return &struct{ Body httpapi.Items[Run] }{httpapi.List(runs)}, err
		})
	httpapi.Register(api, httpapi.Op{
		Method: http.MethodPost, Path: "/insight/ltv/predictions", ID: "write-predictions", Summary: "Write predictions to people as traits, now and every night from now on",
		Tag: "insight", Permission: actor.Operate, Status: http.StatusAccepted,
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body Run }, error) {
		r, err := s.Predict(ctx)
		return &struct{ Body Run }{r}, err
	})
}
