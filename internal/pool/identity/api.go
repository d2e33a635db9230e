package identity

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

const tag = "identity"

type conflictsOut struct {
	Body httpapi.Page[ConflictView]
}

type conflictOut struct{ Body ConflictView }

// Routes registers what needs no more than the graph. Merging and unmerging, which answer with whole people, are the person room's.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/conflicts", ID: "list-conflicts", Summary: "Where a guard kept people apart", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,merged,dismissed" default:"open"`
			httpapi.Paging
		},
		) (*conflictsOut, error) {
			var before int64
			if _, err := httpapi.DecodeCursor(in.Cursor, &before); err != nil {
				return nil, err
			}
			found, err := s.Conflicts(ctx, in.State, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			maskAll(ctx, found)
			return &conflictsOut{httpapi.PageOf(found, in.Limit, func(c ConflictView) string { return httpapi.EncodeCursor(c.ID) })}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/conflicts/{id}/resolve", ID: "resolve-conflict", Summary: "Settle a conflict: merge the two, or leave them apart", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Action string `json:"action" enum:"merge,dismiss"`
			}
		},
		) (*conflictOut, error) {
			c, err := s.Resolve(ctx, in.ID, in.Body.Action == "merge")
			return &conflictOut{c}, err
		})
}

func maskAll(ctx context.Context, found []ConflictView) {
	if actor.From(ctx).Can(actor.ReadPersonal) {
		return
	}
	for i := range found {
		found[i].Mask()
	}
}
