// Package httpapi is the console's and the programs' way in: operations under /api/v1, described by OpenAPI 3.1 from their Go types.
//
// A room registers its operations with Register and nothing else: method, path, id, the permission it asks for, and a typed handler.
// Everything around it happens once, here: request id, log, panics, size limits, credentials, cross-site checks, permissions,
// validation against the types, errors as RFC 9457 problems with a stable code.
//
// The intake of events does not pass here; it is plain net/http.
package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Base is the path in front of every operation.
const Base = "/api/v1"

// DefaultMaxBody is the largest request body of an operation that sets no limit of its own, in bytes.
const DefaultMaxBody = 1 << 20

// Gate turns the credentials of a request into an actor.
type Gate interface {
	// Enter returns the request's context with the actor in it, or unchanged if the request has no credentials. Credentials that
	// are wrong are a NotSignedIn fault, a missing or wrong CSRF token is Forbidden.
	Enter(r *http.Request) (context.Context, error)
}

// Options are what an API needs.
type Options struct {
	Version string // of the API, for its description
	Gate    Gate
	Clock   clock.Clock
	Logger  *slog.Logger
	// TrustedProxies are the networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
	TrustedProxies []netip.Prefix
	// Observe, if set, is told of every request that reached an operation.
	Observe func(operation string, status int, took time.Duration)
}

// API is a set of operations. Register all of them before serving.
type API struct {
	opts   Options
	huma   huma.API
	mux    *http.ServeMux
	ops    []Op
	cross  *http.CrossOriginProtection
	routes http.Handler
	names  map[reflect.Type]string // of schemas that do not go by their type
}

// New makes an API without operations.
func New(opts Options) *API {
	a := &API{opts: opts, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), names: map[reflect.Type]string{}}
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Huoshui", Version: opts.Version,
				Description: "The pool of a brand: people, events, insight. Errors are RFC 9457 problems with a stable code.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Servers: []*huma.Server{{URL: Base}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaNames(a.names)),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: "huoshui_session", Description: "with X-CSRF-Token on unsafe methods"},
					"key":     {Type: "http", Scheme: "bearer", Description: "an API key"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{a.transform},
	}
	a.huma = humago.NewWithPrefix(a.mux, Base, config)
	a.mux.HandleFunc("GET "+Base+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_ = a.WriteSpec(w)
	})
	a.mux.HandleFunc("/", a.unknown)
	a.routes = a.around(a.mux)
	return a
}

// ServeHTTP answers everything under /api/.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.routes.ServeHTTP(w, r) }

// Operations lists what was registered, in that order.
func (a *API) Operations() []Op { return append([]Op(nil), a.ops...) }

// WriteSpec writes the OpenAPI 3.1 description as indented JSON, the same bytes for the same operations.
func (a *API) WriteSpec(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(a.huma.OpenAPI())
}

// Name gives a type's schema a name of its own. Call it before the first operation with that type.
func (a *API) Name(t reflect.Type, name string) { a.names[t] = name }

// schemaNames names a schema as it was told, or after its Go type, with the package in front if another type has that name already.
func schemaNames(told map[reflect.Type]string) func(t reflect.Type, hint string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if own, ok := told[t]; ok {
			name = own
		}
		if other, ok := taken[name]; ok && other != t {
			pkg := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]
			if pkg != "" {
				name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
			}
			for n, first := 2, name; taken[name] != nil && taken[name] != t; n++ {
				name = first + strconv.Itoa(n) // a type without a name, called after the one that holds it
			}
		}
		taken[name] = t
		return name
	}
}

// unknown answers paths and methods that no operation has.
func (a *API) unknown(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeProblem(w, &Problem{
			Type: "about:blank", Title: http.StatusText(http.StatusMethodNotAllowed), Status: http.StatusMethodNotAllowed,
			Code: "request.method", Detail: "this address does not know " + r.Method + "; it knows " + strings.Join(allowed, ", "),
		})
		return
	}
	a.WriteError(w, r, fault.New(fault.NotFound, "request.path", "there is nothing at %s; see %s/openapi.json", r.URL.Path, Base))
}
