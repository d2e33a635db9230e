package auth_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

const (
	mei      = "mei@example.com"
	password = "correct horse battery"
)

// house is the room on a database, with a clock that the test moves.
type house struct {
	*auth.Service
	db  *state.DB
	clk *clock.Manual
}

// open opens the room; opening it again on the same database is a restart, or a second node.
func open(t testing.TB, db *state.DB, clk *clock.Manual) house {
	t.Helper()
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	s, err := auth.New(t.Context(), db, trail, clk, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return house{Service: s.Cheap(1), db: db, clk: clk}
}

// each runs the test on both engines, with mei as the first owner.
func each(t *testing.T, run func(t *testing.T, h house)) {
	t.Helper()
	for _, engine := range []struct {
		name string
		open func(testing.TB, ...statetest.Option) *state.DB
	}{{"sqlite", statetest.SQLite}, {"postgres", statetest.Postgres}} {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(statetest.Start())
			h := open(t, engine.open(t, statetest.With(clk)), clk)
			made, err := h.Bootstrap(t.Context(), " Mei@Example.com", password)
			require.NoError(t, err)
			require.True(t, made)
			run(t, h)
		})
	}
}

func system(t testing.TB) context.Context {
	t.Helper()
	return actor.With(t.Context(), actor.Itself())
}

func (h house) add(t testing.TB, email string, role auth.Role) auth.User {
	t.Helper()
	u, err := h.CreateUser(system(t), auth.CreateUserInput{Email: email, Name: email, Password: password, Role: role})
	require.NoError(t, err)
	return u
}

func (h house) signIn(email, password string) (auth.SignedIn, error) {
	return h.SignIn(context.Background(), auth.SignInInput{Email: email, Password: password, Address: netip.MustParseAddr("192.0.2.1")})
}

// enters says whether a session token lets somebody in.
func (h house) enters(t testing.TB, token string) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	require.NoError(t, err)
	r.AddCookie(&http.Cookie{Name: auth.Cookie, Value: token})
	ctx, err := h.Enter(r)
	if err != nil {
		require.Equal(t, fault.NotSignedIn, fault.KindOf(err), "%v", err)
		return false
	}
	return auth.FromContext(ctx).Known()
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

// The first owner is made once: from the environment or by the first visitor, whoever comes first, never by a second.
func TestFirstOwner(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		made, err := h.Bootstrap(t.Context(), "other@example.com", "x")
		require.NoError(t, err, "what is not needed is not checked")
		require.False(t, made)
		_, err = h.Setup(t.Context(), "other@example.com", "Other", password)
		require.Equal(t, "auth.setup_done", code(err))
		got, err := h.signIn(mei, password)
		require.NoError(t, err)
		require.Equal(t, actor.Owner, got.User.Role)
		require.NoError(t, h.SignOut(t.Context(), got.Token))
		require.NoError(t, h.SignOut(t.Context(), got.Token), "a session that is over ends nothing")
		require.Equal(t, []string{
			"mei@example.com: session.end mei@example.com", "mei@example.com: session.begin mei@example.com",
			"system: setup.done mei@example.com", "system: user.create mei@example.com",
		}, h.said(t))
	})
}

// said is what the audit has, the newest first.
func (h house) said(t testing.TB) []string {
	t.Helper()
	trail, err := audit.New(t.Context(), h.db)
	require.NoError(t, err)
	page, err := trail.List(t.Context(), httpapi.Paging{Limit: 50})
	require.NoError(t, err)
	var out []string
	for _, e := range page.Items {
		out = append(out, e.Actor+": "+e.Action+" "+e.Target)
	}
	return out
}

// Of visitors who set up at the same moment, one wins.
func TestSetupRace(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		h := open(t, db, clock.NewManual(statetest.Start()))
		var wg sync.WaitGroup
		errs := make(chan error, 6)
		for i := range cap(errs) {
			wg.Go(func() {
				_, err := h.Setup(t.Context(), string(rune('a'+i))+"@example.com", "Somebody", password)
				errs <- err
			})
		}
		wg.Wait()
		close(errs)
		won := 0
		for err := range errs {
			if err == nil {
				won++
				continue
			}
			require.Equal(t, "auth.setup_done", code(err), "%v", err)
		}
		require.Equal(t, 1, won)
		users, err := h.Users(t.Context())
		require.NoError(t, err)
		require.Len(t, users, 1)
	})
}

// What is wrong with a new user is said field by field, and an address is taken whatever its letters' case.
func TestCreateUserRefuses(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	_, err := h.CreateUser(system(t), auth.CreateUserInput{Email: "not an address", Password: "short", Role: "king"})
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	var fields []string
	for _, v := range f.Violations {
		fields = append(fields, v.Field)
	}
	require.Equal(t, []string{"body.email", "body.name", "body.role", "body.password"}, fields)
	_, err = h.CreateUser(system(t), auth.CreateUserInput{Email: "MEI@example.com", Name: "Mei", Password: password, Role: actor.Analyst})
	require.Equal(t, "auth.email_taken", code(err))
	_, err = h.CreateUser(system(t), auth.CreateUserInput{Email: "long.name@example.com", Name: "L", Password: "Long.Name@example.com", Role: actor.Analyst})
	require.Equal(t, "auth.user_invalid", code(err), "the address is no password")
}

func houseOnSQLite(t testing.TB) house {
	t.Helper()
	clk := clock.NewManual(statetest.Start())
	h := open(t, statetest.SQLite(t, statetest.With(clk)), clk)
	_, err := h.Bootstrap(t.Context(), mei, password)
	require.NoError(t, err)
	return h
}

// A session ends after idle hours, but lives on while it is used, also across a restart; after two weeks it ends in any case.
func TestSessionExpiry(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		got, err := h.signIn(mei, password)
		require.NoError(t, err)
		idle, err := h.signIn(mei, password)
		require.NoError(t, err)
		require.NotEqual(t, got.Token, idle.Token)
		unswept, err := h.signIn(mei, password)
		require.NoError(t, err)
		h.clk.Add(auth.SessionIdle - time.Microsecond)
		require.True(t, h.enters(t, got.Token))
		require.True(t, h.enters(t, idle.Token))
		h.clk.Add(time.Microsecond)
		require.False(t, h.enters(t, unswept.Token), "not even before it is deleted")
		for h.clk.Now().Before(got.Expires.Add(-auth.SessionIdle)) {
			h.clk.Add(auth.SessionIdle - time.Minute)
			require.True(t, h.enters(t, got.Token))
			require.NoError(t, h.Flush(t.Context()))
			h = open(t, h.db, h.clk)
		}
		require.False(t, h.enters(t, idle.Token))
		require.True(t, h.enters(t, got.Token), "used just now, and the two weeks are not over")
		h.clk.Set(got.Expires)
		require.False(t, h.enters(t, got.Token))
		require.NoError(t, h.Flush(t.Context()))
		var left int
		require.NoError(t, h.db.QueryRow(t.Context(), "SELECT count(*) FROM auth_session").Scan(&left))
		require.Zero(t, left, "what has expired is deleted")
	})
}

// A sign-in ends the session that the browser had; signing out ends the present one; others stay.
func TestSessionRotation(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	first, err := h.signIn(mei, password)
	require.NoError(t, err)
	elsewhere, err := h.signIn(mei, password)
	require.NoError(t, err)
	second, err := h.SignIn(t.Context(), auth.SignInInput{Email: mei, Password: password, Previous: first.Token})
	require.NoError(t, err)
	require.False(t, h.enters(t, first.Token))
	require.True(t, h.enters(t, second.Token))
	require.NoError(t, h.SignOut(t.Context(), second.Token))
	require.False(t, h.enters(t, second.Token))
	require.True(t, h.enters(t, elsewhere.Token))
}

// A new password, and disabling, end sessions at once; changing one's own password keeps the session that did it.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		li := h.add(t, "li@example.com", actor.Operator)
		session := func(pw string) string {
			t.Helper()
			got, err := h.signIn("li@example.com", pw)
			require.NoError(t, err)
			return got.Token
		}
		one, two := session(password), session(password)
		self := actor.With(t.Context(), actor.Actor{ID: li.ID, Kind: actor.User, Email: li.Email, Role: li.Role})
		require.Equal(t, "auth.wrong_password", code(h.ChangePassword(self, auth.ChangePasswordInput{Current: "no no no", Next: "another good one", Session: one})))
		require.NoError(t, h.ChangePassword(self, auth.ChangePasswordInput{Current: password, Next: "another good one", Session: one}))
		require.True(t, h.enters(t, one))
		require.False(t, h.enters(t, two))
		_, err := h.signIn("li@example.com", password)
		require.Equal(t, "auth.wrong_password", code(err))

		_, err = h.UpdateUser(system(t), auth.UpdateUserInput{ID: li.ID, Password: new("set by an owner")})
		require.NoError(t, err)
		require.False(t, h.enters(t, one))

		three := session("set by an owner")
		_, err = h.UpdateUser(system(t), auth.UpdateUserInput{ID: li.ID, Disabled: new(true)})
		require.NoError(t, err)
		require.False(t, h.enters(t, three))
		_, err = h.signIn("li@example.com", "set by an owner")
		require.Equal(t, "auth.disabled", code(err))
		_, err = h.signIn("li@example.com", "wrong")
		require.Equal(t, "auth.wrong_password", code(err), "only who knows the password learns that the user is disabled")
	})
}

// The last owner who can sign in stays, also when two owners demote each other at the same moment.
func TestLastOwner(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		users, err := h.Users(t.Context())
		require.NoError(t, err)
		first := users[0].ID
		for name, in := range map[string]auth.UpdateUserInput{
			"demote":  {ID: first, Role: new(actor.Operator)},
			"disable": {ID: first, Disabled: new(true)},
		} {
			_, err := h.UpdateUser(system(t), in)
			require.Equal(t, "auth.last_owner", code(err), name)
		}
		second := h.add(t, "li@example.com", actor.Owner).ID
		off := h.add(t, "off@example.com", actor.Owner).ID
		_, err = h.UpdateUser(system(t), auth.UpdateUserInput{ID: off, Disabled: new(true)})
		require.NoError(t, err)
		release := h.meetAtTheTrail(t)
		var wg sync.WaitGroup
		errs := make(chan error, 2)
		for _, id := range []int64{first, second} {
			wg.Go(func() {
				_, err := h.UpdateUser(system(t), auth.UpdateUserInput{ID: id, Role: new(actor.Analyst)})
				errs <- err
			})
		}
		release()
		wg.Wait()
		require.ElementsMatch(t, []string{"", "auth.last_owner"}, []string{code(<-errs), code(<-errs)})
	})
}

// meetAtTheTrail makes two transactions on PostgreSQL overlap for certain: each has to wait, at the latest where it writes its audit entry,
// until both wait and release lets them go on. SQLite has one writer, there is nothing to overlap.
func (h house) meetAtTheTrail(t *testing.T) (release func()) {
	t.Helper()
	if h.db.Dialect() == state.SQLite {
		return func() {}
	}
	locked, let, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- h.db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Exec(t.Context(), "LOCK TABLE audit IN EXCLUSIVE MODE")
			close(locked)
			<-let
			return err
		})
	}()
	<-locked
	return func() {
		require.Eventually(t, func() bool {
			var waiting int
			require.NoError(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting))
			return waiting == 2
		}, 20*time.Second, time.Millisecond)
		close(let)
		require.NoError(t, <-ended)
	}
}

// A password of an outdated cost is hashed anew when its owner signs in, and still fits.
func TestRehash(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	stored := func() (s string) {
		require.NoError(t, h.db.QueryRow(t.Context(), "SELECT password FROM auth_user").Scan(&s))
		return s
	}
	require.Contains(t, stored(), "t=1,")
	h.Cheap(2)
	_, err := h.signIn(mei, "wrong")
	require.Error(t, err)
	require.Contains(t, stored(), "t=1,")
	for range 2 {
		_, err = h.signIn(mei, password)
		require.NoError(t, err)
		require.Contains(t, stored(), "t=2,")
	}
}

func (h house) serve(t testing.TB) *apitest.Server {
	t.Helper()
	return apitest.StartWith(t, httpapi.Options{Gate: h, Clock: h.clk}, func(api *httpapi.API) {
		h.Routes(api, func() auth.Pool { return auth.Pool{Name: "Spring", Currency: "CNY"} })
	})
}

// Without credentials there is nothing but set-up and sign-in.
func TestNobodyEnters(t *testing.T) {
	t.Parallel()
	houseOnSQLite(t).serve(t).NobodyEnters(t, "get-setup", "set-up", "sign-in")
}

// A visit, from the first set-up to the sign-out, as the console makes it.
func TestConsoleStory(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(statetest.Start())
	h := open(t, statetest.SQLite(t, statetest.With(clk)), clk)
	s := h.serve(t)
	type call = apitest.Call
	s.Run(t, []apitest.Case{
		{Name: "needed", Call: call{Path: "/setup"}, Status: 200, Has: []string{`{"needed":true}`}},
		{Name: "weak", Call: call{Method: "POST", Path: "/setup", Body: map[string]string{"email": mei, "name": "Mei", "password": "short"}}, Status: 422, Has: []string{
			"body.password", "at least 8",
		}},
	})
	got := s.Do(t, call{Method: "POST", Path: "/setup", Body: map[string]string{"email": mei, "name": "Mei", "password": password}})
	require.Equal(t, http.StatusCreated, got.Status, got.Body)
	cookie, err := http.ParseSetCookie(got.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	require.Equal(t, auth.Cookie, cookie.Name)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.False(t, cookie.Secure, "plain http on the loopback interface")
	var session auth.Session
	got.JSON(t, &session)
	require.Equal(t, "Spring", session.Pool.Name)
	require.Equal(t, mei, session.User.Email)
	require.NotContains(t, got.Body, cookie.Value, "the token is in the cookie only")

	with := map[string]string{"Cookie": auth.Cookie + "=" + cookie.Value}
	both := map[string]string{"Cookie": auth.Cookie + "=" + cookie.Value, auth.CSRFHeader: session.CSRF}
	wrong := map[string]string{"Cookie": auth.Cookie + "=" + cookie.Value, auth.CSRFHeader: "0" + session.CSRF[1:]}
	analyst := map[string]any{"email": "an@example.com", "name": "An", "role": "analyst", "password": password}
	s.Run(t, []apitest.Case{
		{Name: "not twice", Call: call{Method: "POST", Path: "/setup", Body: map[string]string{"email": "x@example.com", "name": "X", "password": password}}, Status: 409, Has: []string{"auth.setup_done"}},
		{Name: "not needed", Call: call{Path: "/setup"}, Status: 200, Has: []string{`{"needed":false}`}},
		{Name: "session", Call: call{Path: "/session", Header: with}, Status: 200, Has: []string{`"role":"owner"`, session.CSRF}},
		{Name: "no token", Call: call{Method: "POST", Path: "/users", Body: analyst, Header: with}, Status: 403, Has: []string{"auth.csrf"}},
		{Name: "wrong token", Call: call{Method: "POST", Path: "/users", Body: analyst, Header: wrong}, Status: 403, Has: []string{"auth.csrf"}},
		{Name: "with token", Call: call{Method: "POST", Path: "/users", Body: analyst, Header: both}, Status: 201, Has: []string{`"an@example.com"`, `"last_seen_at":null`}, HasNot: []string{"argon"}},
		{Name: "taken", Call: call{Method: "POST", Path: "/users", Body: analyst, Header: both}, Status: 409, Has: []string{"auth.email_taken"}},
		{Name: "last owner", Call: call{Method: "PATCH", Path: "/users/1", Body: map[string]string{"role": "analyst"}, Header: both}, Status: 409, Has: []string{"auth.last_owner"}},
		{Name: "no such user", Call: call{Method: "PATCH", Path: "/users/99", Body: map[string]string{"name": "N"}, Header: both}, Status: 404, Has: []string{"auth.user_not_found"}},
		{Name: "no such role", Call: call{Method: "PATCH", Path: "/users/1", Body: map[string]string{"role": "king"}, Header: both}, Status: 422, Has: []string{"body.role"}},
		{Name: "team", Call: call{Path: "/users", Header: with}, Status: 200, Has: []string{"an@example.com", mei}},
		{Name: "wrong present password", Call: call{Method: "POST", Path: "/session/password", Body: map[string]string{"current": "nonsense", "next": "the next password"}, Header: both}, Status: 422, Has: []string{"auth.wrong_password", "body.current"}},
		{Name: "password", Call: call{Method: "POST", Path: "/session/password", Body: map[string]string{"current": password, "next": "the next password"}, Header: both}, Status: 204},
		{Name: "still in", Call: call{Path: "/session", Header: with}, Status: 200},
		{Name: "old password", Call: call{Method: "POST", Path: "/session", Body: map[string]string{"email": mei, "password": password}}, Status: 401, Has: []string{"auth.wrong_password"}},
		{Name: "an old cookie does not keep anybody out", Call: call{Method: "POST", Path: "/session", Body: map[string]string{"email": "an@example.com", "password": password}, Header: map[string]string{"Cookie": auth.Cookie + "=old"}}, Status: 200, Has: []string{"analyst"}},
		{Name: "sign out", Call: call{Method: "DELETE", Path: "/session", Header: both}, Status: 204},
		{Name: "out", Call: call{Path: "/session", Header: with}, Status: 401, Has: []string{"auth.session_ended"}},
	})
	got = s.Do(t, call{Method: "POST", Path: "/session", Body: map[string]string{"email": mei, "password": "the next password"}})
	require.Equal(t, http.StatusOK, got.Status)
	var again auth.Session
	got.JSON(t, &again)
	require.NotEqual(t, session.CSRF, again.CSRF, "a new session has a new token")
}

// A failed transaction of the trail fails the act: nothing happens without its entry.
func TestNothingWithoutItsEntry(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	_, err := h.CreateKey(t.Context(), auth.CreateKeyInput{Kind: auth.WriteKind, Name: "by nobody"})
	require.ErrorContains(t, err, "nobody is in the context")
	keys, err := h.Keys(t.Context())
	require.NoError(t, err)
	require.Empty(t, keys)
	require.False(t, errors.Is(err, context.Canceled))
}
