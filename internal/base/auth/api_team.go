package auth

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
)

type (
	usersOutput     struct{ Body httpapi.Items[User] }
	userOutput      struct{ Body User }
	createUserInput struct {
		once.Header
		Body struct {
			Email    string `json:"email"`
			Name     string `json:"name"`
			Role     Role   `json:"role"     enum:"owner,operator,analyst,service"`
			Password string `json:"password"`
		} `nameHint:"CreateUserInput"`
	}
	updateUserInput struct {
		ID   int64 `path:"id"`
		Body struct {
			Name     *string `json:"name,omitempty"`
			Role     *Role   `json:"role,omitempty"     enum:"owner,operator,analyst,service"`
			Disabled *bool   `json:"disabled,omitempty"`
			Password *string `json:"password,omitempty"`
		} `nameHint:"UpdateUserInput"`
	}
	keysOutput     struct{ Body httpapi.Items[Key] }
	createKeyInput struct {
		once.Header
		Body struct {
			Kind string `json:"kind"           enum:"write,api"`
			Name string `json:"name"`
			Role Role   `json:"role,omitempty" enum:"owner,operator,analyst,service" doc:"Of an API key; service if none is given"`
		} `nameHint:"CreateKeyInput"`
	}
	newKeyOutput struct{ Body NewKey }
	idInput      struct {
		ID int64 `path:"id"`
	}
)

// teamRoutes registers users and keys.
func (s *Service) teamRoutes(api *httpapi.API) {
	op := func(method, path, id, summary, tag string, p actor.Permission, status int) httpapi.Op {
		return httpapi.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tag, Permission: p, Status: status}
	}
	httpapi.Register(api, op("GET", "/users", "list-users", "The team", "team", actor.Manage, 0),
		func(ctx context.Context, _ *nothing) (*usersOutput, error) {
			users, err := s.Users(ctx)
			return &usersOutput{Body: httpapi.List(users)}, err
		})
	httpapi.Register(api, op("POST", "/users", "create-user", "Add somebody to the team", "team", actor.Manage, http.StatusCreated),
		func(ctx context.Context, in *createUserInput) (*userOutput, error) {
			b := in.Body
			u, err := s.CreateUser(ctx, CreateUserInput{Email: b.Email, Name: b.Name, Role: b.Role, Password: b.Password, IdempotencyKey: in.IdempotencyKey})
			return &userOutput{Body: u}, err
		})
	httpapi.Register(api, op("PATCH", "/users/{id}", "update-user", "Change name, role or password of somebody, or disable him", "team", actor.Manage, 0),
		func(ctx context.Context, in *updateUserInput) (*userOutput, error) {
			b := in.Body
			u, err := s.UpdateUser(ctx, UpdateUserInput{ID: in.ID, Name: b.Name, Role: b.Role, Disabled: b.Disabled, Password: b.Password})
			return &userOutput{Body: u}, err
		})
	httpapi.Register(api, op("GET", "/keys", "list-keys", "All keys, the revoked too", "keys", actor.Operate, 0),
		func(ctx context.Context, _ *nothing) (*keysOutput, error) {
			keys, err := s.Keys(ctx)
			return &keysOutput{Body: httpapi.List(keys)}, err
		})
	httpapi.Register(api, op("POST", "/keys", "create-key", "Make a key; its secret is shown this once", "keys", actor.Manage, http.StatusCreated),
		func(ctx context.Context, in *createKeyInput) (*newKeyOutput, error) {
			b := in.Body
			k, err := s.CreateKey(ctx, CreateKeyInput{Kind: b.Kind, Name: b.Name, Role: b.Role, IdempotencyKey: in.IdempotencyKey})
			return &newKeyOutput{Body: k}, err
		})
	httpapi.Register(api, op("DELETE", "/keys/{id}", "revoke-key", "End a key for good", "keys", actor.Manage, 0),
		func(ctx context.Context, in *idInput) (*nothing, error) { return &nothing{}, s.RevokeKey(ctx, in.ID) })
}
