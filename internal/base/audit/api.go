package audit

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

type listOutput struct{ Body httpapi.Page[Entry] }

// Routes registers the operations of this room.
func (l *Log) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{
		Method: http.MethodGet, Path: "/audit", ID: "list-audit", Tag: "audit", Permission: actor.Manage,
		Summary: "Who did what, the newest first",
	}, func(ctx context.Context, in *struct{ httpapi.Paging }) (*listOutput, error) {
		page, err := l.List(ctx, in.Paging)
		return &listOutput{Body: page}, err
	})
}
