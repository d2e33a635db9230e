package settings

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

type (
	output struct {
		ETag string `header:"ETag"`
		Body Settings
	}
	putInput struct {
		httpapi.IfMatch
		Body Settings
	}
)

// Routes registers the operations of this room.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{
		Method: "GET", Path: "/settings", ID: "get-settings", Tag: "settings", Permission: actor.Read, Summary: "The pool's settings",
	}, func(context.Context, *struct{}) (*output, error) {
		now := s.now.Load()
		return &output{ETag: httpapi.ETag(now.version), Body: now.settings}, nil
	})
	httpapi.Register(api, httpapi.Op{
		Method: "PUT", Path: "/settings", ID: "put-settings", Tag: "settings", Permission: actor.Manage, Summary: "Change the pool's settings",
	}, func(ctx context.Context, in *putInput) (*output, error) {
		had, err := in.Version()
		if err != nil {
			return nil, err
		}
		version, err := s.Put(ctx, in.Body, had, "")
		return &output{ETag: httpapi.ETag(version), Body: in.Body}, err
	})
}
