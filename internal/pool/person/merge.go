package person

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// MergeRoutes registers an operator's decisions about who is who; they answer with the people that come of them.
func (s *Service) MergeRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/people/merge", ID: "merge-people", Summary: "Make several people one", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *struct {
			once.Header
			Body struct {
				People []int64 `json:"people" minItems:"2" maxItems:"16"`
				Reason string  `json:"reason,omitempty" maxLength:"500"`
				Force  bool    `json:"force,omitempty" doc:"Also when they have different values of a kind that a person has only one of"`
			}
		},
		) (*personOut, error) {
			id, err := s.identity.Merge(ctx, identity.MergeInput{People: in.Body.People, Reason: in.Body.Reason, Force: in.Body.Force, Key: in.IdempotencyKey})
			if err != nil {
				return nil, err
			}
			p, err := s.Get(ctx, id)
			return &personOut{p}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/people/{id}/unmerge", ID: "unmerge-person", Summary: "Split identities off a person", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *struct {
			once.Header
			ID   int64 `path:"id"`
			Body struct {
				Identities []int64 `json:"identities" minItems:"1" maxItems:"16"`
				Reason     string  `json:"reason,omitempty" maxLength:"500"`
			}
		}) (*struct {
			Body struct {
				People []Person `json:"people" nullable:"false"`
			}
		}, error,
		) {
			ids, err := s.identity.Unmerge(ctx, identity.UnmergeInput{Person: in.ID, Identities: in.Body.Identities, Reason: in.Body.Reason, Key: in.IdempotencyKey})
			if err != nil {
				return nil, err
			}
			out := &struct {
				Body struct {
					People []Person `json:"people" nullable:"false"`
				}
			}{}
			for _, id := range ids {
				p, err := s.Get(ctx, id)
				if err != nil {
					return nil, err
				}
				out.Body.People = append(out.Body.People, p)
			}
			return out, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/identities/{id}/quarantine", ID: "quarantine-identity", Summary: "Take an identity out of linking, or let it link again", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				On     bool   `json:"on"`
				Reason string `json:"reason,omitempty" maxLength:"500"`
			}
		},
		) (*personOut, error) {
			id, err := s.identity.Quarantine(ctx, in.ID, in.Body.On, in.Body.Reason)
			if err != nil {
				return nil, err
			}
			p, err := s.Get(ctx, id)
			return &personOut{p}, err
		})
}
