package auth

import (
	"context"
	"net/http"
	"strings"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Cookie is the name of the session cookie, CSRFHeader that of the header which proves that our own page sent the request.
const (
	Cookie     = "huoshui_session"
	CSRFHeader = "X-CSRF-Token"
)

// Enter finds the actor behind a request: an API key in the Authorization header, or a session in the cookie. A cookie comes by itself with
// every request of a browser, so on methods that change things a session counts only with its CSRF token beside it.
func (s *Service) Enter(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	if header := r.Header.Get("Authorization"); header != "" {
		secret, ok := strings.CutPrefix(header, "Bearer ")
		switch {
		case !ok:
			return nil, fault.New(fault.NotSignedIn, "auth.api_key", "send the API key as \"Authorization: Bearer …\"")
		case strings.HasPrefix(secret, writePrefix):
			return nil, fault.New(fault.NotSignedIn, "auth.api_key", "this is a write key, which only sends events; the API takes an API key (%s…)", apiPrefix)
		}
		k, err := s.byAPIKey(ctx, strings.TrimSpace(secret))
		if err != nil {
			return nil, err
		}
		return actor.With(ctx, Actor{ID: k.ID, Kind: actor.Key, Name: k.Name, Role: k.Role}), nil
	}
	cookie, err := r.Cookie(Cookie)
	if err != nil || cookie.Value == "" {
		return ctx, nil //nolint:nilerr // no cookie is no error: the request has no credentials
	}
	u, err := s.bySession(ctx, cookie.Value)
	if err != nil {
		return nil, err
	}
	if !safe(r.Method) && !sameToken(r.Header.Get(CSRFHeader), csrf(cookie.Value)) {
		return nil, fault.New(fault.Forbidden, "auth.csrf", "the page is out of date; reload it and try again (header %s)", CSRFHeader)
	}
	return actor.With(ctx, u.actor()), nil
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
