package growth

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Routes registers what the room has beside the operations of every question.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{
		Method: http.MethodPost, Path: "/insight/growth/reconcile", ID: "reconcile-growth", Summary: "Keep the books a second time in the warehouse, and tell where the two differ",
		Tag: "insight", Permission: actor.Read,
	}, func(ctx context.Context, in *struct {
		Body Query `nameHint:"GrowthQuery"`
	},
	) (*struct {
		Body Reconciled `nameHint:"GrowthReconciled"`
	}, error,
	) {
		out, err := s.Reconcile(ctx, in.Body)
		return &struct {
			Body Reconciled `nameHint:"GrowthReconciled"`
		}{out}, err
	})
}
