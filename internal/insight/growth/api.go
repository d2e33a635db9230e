package growth

import (
	"context"
	"net/http"
	"reflect"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Routes registers what the room has beside the operations of every question. Call it after the desk's, which names the types.
func (s *Service) Routes(api *httpapi.API) {
	api.Name(reflect.TypeFor[Reconciled](), "GrowthReconciled")
	api.Name(reflect.TypeFor[Difference](), "GrowthDifference")
	httpapi.Register(api, httpapi.Op{
		Method: http.MethodPost, Path: "/insight/growth/reconcile", ID: "reconcile-growth", Summary: "Keep the books a second time in the warehouse, and tell where the two differ",
		Tag: "insight", Permission: actor.Read,
	}, func(ctx context.Context, in *struct {
		Body Query
	},
	) (*struct {
		Body Reconciled
	}, error,
	) {
		out, err := s.Reconcile(ctx, in.Body)
		return &struct {
			Body Reconciled
		}{out}, err
	})
}
