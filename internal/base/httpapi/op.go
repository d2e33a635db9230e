package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Public is the permission of operations that need no credentials: sign-in and first set-up.
const Public = actor.Public

// Op describes an operation.
type Op struct {
	Method     string
	Path       string // below Base, e.g. "/people/{id}"
	ID         string // e.g. "get-person"; the clients' function names come from it
	Summary    string // what it does, one line
	Tag        string // the room
	Permission actor.Permission
	Status     int   // of success; 0 means 200, or 204 without a body
	MaxBody    int64 // bytes; 0 means DefaultMaxBody, below 0 no limit
	// Produces is the content type of a handler that writes its own body (a Body field of type func(huma.Context)): CSV, event
	// streams.
	Produces string
	// Timeout limits reading the body; 0 means 15 s, below 0 none (large uploads).
	Timeout time.Duration
}

// Register adds an operation. In is a struct of path, query and header parameters and a Body; Out one of headers and a Body, as huma
// reads them. The handler returns faults; nothing else needs to know HTTP.
//
// Register panics on a description that is not complete: that is a mistake in the program, found by any test that starts it.
func Register[In, Out any](a *API, op Op, handler func(context.Context, *In) (*Out, error)) {
	if op.Permission == "" || op.ID == "" || op.Summary == "" || op.Tag == "" || op.Method == "" || !strings.HasPrefix(op.Path, "/") {
		panic(fmt.Sprintf("operation %q (%s %s): method, path, id, summary, tag and permission are all needed", op.ID, op.Method, op.Path))
	}
	for _, o := range a.ops {
		if o.ID == op.ID {
			panic(fmt.Sprintf("operation %q is registered twice", op.ID))
		}
	}
	a.ops = append(a.ops, op)
	problem := a.huma.OpenAPI().Components.Schemas.Schema(problemType(), true, "Problem")
	responses := map[string]*huma.Response{"default": {
		Description: "A problem", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
	}}
	if op.Produces != "" {
		responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{op.Produces: {}}}
	}
	h := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Tags: []string{op.Tag}, DefaultStatus: op.Status,
		MaxBodyBytes: op.MaxBody, Responses: responses, Middlewares: huma.Middlewares{a.enter(op)}, BodyReadTimeout: op.Timeout,
		Extensions: map[string]any{"x-permission": string(op.Permission)},
	}
	if op.MaxBody == 0 {
		h.MaxBodyBytes = DefaultMaxBody
	}
	if op.Timeout == 0 {
		h.BodyReadTimeout = 15 * time.Second
	}
	if op.Permission != Public {
		h.Security = []map[string][]string{{"session": {}}, {"key": {}}}
	}
	huma.Register(a.huma, h, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
	for _, name := range []string{"ErrorModel", "ErrorDetail"} { // huma's own error shape, which we never send
		delete(a.huma.OpenAPI().Components.Schemas.Map(), name)
	}
}

// enter is what happens between the route and the handler: size, credentials, cross-site check, permission.
func (a *API) enter(op Op) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(hc)
		limit := op.MaxBody
		if limit == 0 {
			limit = DefaultMaxBody
		}
		if limit > 0 {
			if r.ContentLength > limit {
				a.WriteError(w, r, fault.New(fault.TooLarge, "request.too_large", "the request body is larger than the %d bytes allowed here", limit))
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, limit)
		}
		ctx, err := a.admit(r, op.ID, op.Permission)
		if err != nil {
			a.WriteError(w, r, err)
			return
		}
		next(huma.WithContext(hc, ctx))
	}
}

// admit gives the context with the actor if he may do what asks for the permission.
func (a *API) admit(r *http.Request, operation string, p actor.Permission) (context.Context, error) {
	known := infoFrom(r.Context())
	known.operation = operation
	if r.Header.Get("Authorization") == "" { // what a browser adds by itself may come from another site
		if err := a.cross.Check(r); err != nil {
			return nil, fault.Wrap(err, fault.Forbidden, "auth.cross_site", "this request came from another site; open the console at its own address")
		}
	}
	ctx, err := a.opts.Gate.Enter(r)
	if p == Public {
		if err != nil { // an old cookie must not keep anybody from signing in
			ctx = r.Context()
		}
		known.actor = actor.From(ctx)
		return ctx, nil
	}
	if err != nil {
		return nil, err
	}
	who := actor.From(ctx)
	known.actor = who
	switch {
	case !who.Known():
		return nil, fault.New(fault.NotSignedIn, "auth.signed_out", "sign in, or send an API key as \"Authorization: Bearer …\"")
	case !who.Can(p):
		return nil, fault.New(fault.Forbidden, "auth.forbidden", "the role %s may not do this (it needs the permission %q); ask an owner", who.Role, p)
	}
	return ctx, nil
}

// Guard protects a plain handler like an operation: for what cannot be described as one.
func (a *API) Guard(p actor.Permission, next http.Handler) http.Handler {
	return a.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := a.admit(r, "", p)
		if err != nil {
			a.WriteError(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx)) //nolint:contextcheck // the gate made it of the request's
	}))
}
