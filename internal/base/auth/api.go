package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Pool is what the console must know of the pool before anything else. Whoever wires the program gives it.
type Pool struct {
	Name     string `json:"name"`
	TimeZone string `json:"time_zone"`
	Currency string `json:"currency"`
	Region   string `json:"region"`
	Version  string `json:"version"   doc:"Of the program"`
	Demo     bool   `json:"demo"      doc:"The people are made up"`
}

// Session is who is signed in, and what his page needs.
type Session struct {
	User User   `json:"user"`
	CSRF string `json:"csrf" doc:"Send it as X-CSRF-Token with every request that changes something; empty for keys"`
	Pool Pool   `json:"pool"`
}

type (
	sessionOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      Session
	}
	setupInput struct {
		Session string `cookie:"huoshui_session"`
		Body    struct {
			Email    string `json:"email"`
			Name     string `json:"name"`
			Password string `json:"password"`
		} `nameHint:"SetupInput"`
	}
	signInInput struct {
		Session string `cookie:"huoshui_session"`
		Body    struct {
			Email    string `json:"email"`
			Password string `json:"password"`
		} `nameHint:"SignInInput"`
	}
	passwordInput struct {
		Session string `cookie:"huoshui_session"`
		Body    struct {
			Current string `json:"current"`
			Next    string `json:"next"`
		} `nameHint:"PasswordInput"`
	}
	cookieInput struct {
		Session string `cookie:"huoshui_session"`
	}
	needed struct {
		Needed bool `json:"needed"`
	}
	neededOutput struct{ Body needed }
	nothing      struct{}
	goodbye      struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
)

// Routes registers the operations of this room. pool tells the console what it must know of the pool.
func (s *Service) Routes(api *httpapi.API, pool func() Pool) {
	a := &sessionAPI{s: s, pool: pool}
	op := func(method, path, id, summary string, p actor.Permission, status int) httpapi.Op {
		return httpapi.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "session", Permission: p, Status: status}
	}
	httpapi.Register(api, op("GET", "/setup", "get-setup", "Whether the first owner is still to be made", httpapi.Public, 0), a.setupNeeded)
	httpapi.Register(api, op("POST", "/setup", "set-up", "Make the first owner and sign in", httpapi.Public, http.StatusCreated), a.setup)
	httpapi.Register(api, op("POST", "/session", "sign-in", "Sign in", httpapi.Public, 0), a.signIn)
	httpapi.Register(api, op("GET", "/session", "get-session", "Who is signed in", actor.SignedIn, 0), a.get)
	httpapi.Register(api, op("DELETE", "/session", "sign-out", "Sign out", actor.SignedIn, 0), a.signOut)
	httpapi.Register(api, op("POST", "/session/password", "change-password", "Change one's own password; other sessions end", actor.SignedIn, 0), a.password)
	s.teamRoutes(api)
}

type sessionAPI struct {
	s    *Service
	pool func() Pool
}

func (a *sessionAPI) setupNeeded(ctx context.Context, _ *nothing) (*neededOutput, error) {
	yes, err := a.s.SetupNeeded(ctx)
	return &neededOutput{Body: needed{Needed: yes}}, err
}

func (a *sessionAPI) setup(ctx context.Context, in *setupInput) (*sessionOutput, error) {
	if _, err := a.s.Setup(ctx, in.Body.Email, in.Body.Name, in.Body.Password); err != nil {
		return nil, err
	}
	return a.begin(ctx, in.Body.Email, in.Body.Password, in.Session)
}

func (a *sessionAPI) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	return a.begin(ctx, in.Body.Email, in.Body.Password, in.Session)
}

func (a *sessionAPI) begin(ctx context.Context, email, password, previous string) (*sessionOutput, error) {
	client := httpapi.ClientFrom(ctx)
	got, err := a.s.SignIn(ctx, SignInInput{Email: email, Password: password, Address: client.Addr, Agent: client.Agent, Previous: previous})
	if err != nil {
		return nil, err
	}
	return &sessionOutput{
		SetCookie: cookie(ctx, got.Token, got.Expires),
		Body:      Session{User: got.User, CSRF: csrf(got.Token), Pool: a.pool()},
	}, nil
}

// cookie keeps the token from scripts and from other sites; over TLS it never leaves TLS. An empty token takes the cookie away.
func cookie(ctx context.Context, token string, expires time.Time) http.Cookie {
	c := http.Cookie{ //nolint:gosec // Secure is set whenever the connection is
		Name: Cookie, Value: token, Path: "/", Expires: expires, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: httpapi.ClientFrom(ctx).Encrypted,
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

type getOutput struct{ Body Session }

func (a *sessionAPI) get(ctx context.Context, in *cookieInput) (*getOutput, error) {
	who := FromContext(ctx)
	out := &getOutput{Body: Session{Pool: a.pool()}}
	if who.Kind != actor.User {
		out.Body.User = User{ID: who.ID, Name: who.Name, Role: who.Role}
		return out, nil
	}
	u, err := getUser(ctx, a.s.db, who.ID)
	if err != nil {
		return nil, err
	}
	if last := a.s.seen.last(seenUser, u.ID); !last.IsZero() {
		u.LastSeenAt = &last
	}
	out.Body.User, out.Body.CSRF = u, csrf(in.Session)
	return out, nil
}

func (a *sessionAPI) signOut(ctx context.Context, in *cookieInput) (*goodbye, error) {
	return &goodbye{SetCookie: cookie(ctx, "", time.Time{})}, a.s.SignOut(ctx, in.Session)
}

func (a *sessionAPI) password(ctx context.Context, in *passwordInput) (*nothing, error) {
	if in.Session == "" {
		return nil, fault.New(fault.Forbidden, "auth.no_password", "only users have passwords; sign in as one")
	}
	return &nothing{}, a.s.ChangePassword(ctx, ChangePasswordInput{Current: in.Body.Current, Next: in.Body.Next, Session: in.Session})
}
