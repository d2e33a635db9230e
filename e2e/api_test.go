//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The API of a small demo: what it describes it answers, to nobody without credentials, and to everybody only what his role allows.
//
//nolint:tparallel // one server, in this order: it is stopped at the end
func TestAPI(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	s := p.launchAs(t, "demo", "--people", "300", "--rate", "40")
	s.ready(t)
	until(t, "the demo is loaded", func() bool { return strings.Contains(s.log.String(), "Loaded") })
	owner := s.signIn(t, "demo@huoshui.example", "living-water")
	spec := s.describe(t)
	t.Run("nobody enters", func(t *testing.T) { spec.refuses(t, s) })
	t.Run("other sites cannot use the cookie", func(t *testing.T) { crossSite(t, owner) })
	t.Run("every reading answers", func(t *testing.T) { spec.reads(t, owner) })
	t.Run("roles", func(t *testing.T) { roles(t, s, owner) })
	t.Run("for machines", func(t *testing.T) {
		for _, path := range []string{"/livez", "/readyz", "/metrics", "/t.js"} {
			require.True(t, s.answers(t, path) || path == "/t.js", path) // a binary without assets has no tracker
		}
	})
	s.stop(t)
}

// signIn is a browser that signed in.
func (s *server) signIn(t *testing.T, email, password string) *client {
	t.Helper()
	c := &client{base: s.base, log: s.log}
	a := c.do(t, http.MethodPost, "/session", map[string]string{"email": email, "password": password})
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if cookie.Name == "huoshui_session" {
			require.True(t, cookie.HttpOnly)
			require.NotEqual(t, http.SameSiteNoneMode, cookie.SameSite)
			c.cookie = &http.Cookie{Name: cookie.Name, Value: cookie.Value}
		}
	}
	require.NotNil(t, c.cookie)
	var session struct{ CSRF string }
	require.NoError(t, json.Unmarshal(a.body, &session))
	require.NotEmpty(t, session.CSRF)
	c.csrf = session.CSRF
	return c
}

// openapi is the part of the description that the test follows.
type openapi struct {
	Paths map[string]map[string]struct {
		OperationID string
		Parameters  []struct {
			Name, In string
			Required bool
		}
		Responses map[string]any
		Security  []any
	}
}

func (s *server) describe(t *testing.T) openapi {
	t.Helper()
	var spec openapi
	s.get(t, "/openapi.json", &spec)
	require.Greater(t, len(spec.Paths), 30)
	return spec
}

// reads asks every GET. Parameters that the path demands are real ones.
func (o openapi) reads(t *testing.T, c *client) {
	t.Helper()
	var list struct{ Items []row }
	c.get(t, "/people?f=identified:eq:true&limit=1&sort=-events", &list)
	require.Len(t, list.Items, 1)
	person := strconv.FormatInt(list.Items[0].ID, 10)
	var page struct {
		Identities []struct{ Kind, Scope, Value string }
	}
	c.get(t, "/people/"+person, &page)
	require.NotEmpty(t, page.Identities)
	who := page.Identities[0]
	given := map[string]string{ // by operation
		"get-person": person, "list-person-events": person, "list-versions": "settings/pool",
		"get-standing": person, "list-standing-history": person, "list-person-tag-history": person,
		"find-person":    "?" + url.Values{"kind": {who.Kind}, "scope": {who.Scope}, "value": {who.Value}}.Encode(),
		"list-rule-uses": "?owner=segment&key=nothing",
	}
	absent := map[string]bool{"get-import": true, "download-import-rejects": true, "get-tag-run": true, "get-run": true} // nothing was imported, nothing runs: a 404 that says so
	asked := 0
	for path, operations := range o.Paths {
		op, reads := operations["get"]
		if !reads {
			continue
		}
		asked++
		want, id := given[op.OperationID], op.OperationID
		named := id != "list-versions" && strings.Contains(path, "{key}") // a segment, tag or tier that nobody made
		switch {
		case strings.HasPrefix(want, "?"):
			path += want
		case id == "list-versions":
			path = strings.Replace(path, "{kind}/{key}", want, 1)
		default:
			path = strings.NewReplacer("{id}", or(want, "1"), "{key}", "nothing", "{person}", person).Replace(path)
		}
		require.NotContains(t, path, "{", "the test knows no parameter for %s", id)
		if id == "stream-events" {
			streams(t, c, path)
			continue
		}
		a := c.do(t, http.MethodGet, path, nil)
		if absent[id] || named {
			require.Equal(t, http.StatusNotFound, a.status, "%s: %s", path, a.body)
			require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), path)
			continue
		}
		require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
		require.NotEmpty(t, a.body, path)
		if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			require.True(t, json.Valid(a.body), path)
		}
	}
	require.Greater(t, asked, 20)
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// streams waits for one live event.
func streams(t *testing.T, c *client, path string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	require.NoError(t, err)
	req.AddCookie(c.cookie)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close() //nolint:errcheck // cut off
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	var got bytes.Buffer
	b := make([]byte, 4096)
	for !strings.Contains(got.String(), "event: event\n") {
		n, err := resp.Body.Read(b)
		require.NoError(t, err, got.String())
		got.Write(b[:n])
	}
}

// refuses tries every operation without credentials and with wrong ones.
func (o openapi) refuses(t *testing.T, s *server) {
	t.Helper()
	public := map[string]bool{"get-setup": true, "set-up": true, "sign-in": true, "open-shared-board": true, "ask-shared-chart": true}
	nobody := []*client{
		{base: s.base, log: s.log},
		{base: s.base, key: "hs_ak_wrong", log: s.log},
		{base: s.base, cookie: &http.Cookie{Name: "huoshui_session", Value: "made-up"}, csrf: "made-up", log: s.log},
	}
	for path, operations := range o.Paths {
		for method, op := range operations {
			require.Equal(t, public[op.OperationID], len(op.Security) == 0, "%s says who may enter", op.OperationID)
			if public[op.OperationID] {
				continue
			}
			for _, c := range nobody {
				at := strings.NewReplacer("{id}", "1", "{kind}", "settings", "{key}", "pool").Replace(path)
				var body any
				if method != "get" && method != "delete" {
					body = map[string]any{}
				}
				a := c.do(t, strings.ToUpper(method), at, body)
				require.Equal(t, http.StatusUnauthorized, a.status, "%s %s: %s", method, at, a.body)
			}
		}
	}
}

// crossSite proves that the cookie alone changes nothing.
func crossSite(t *testing.T, owner *client) {
	settings := map[string]any{}
	owner.get(t, "/settings", &settings)
	delete(settings, "$schema")
	for _, token := range []string{"", "made-up"} {
		forged := *owner
		forged.csrf = token
		for method, path := range map[string]string{http.MethodPut: "/settings", http.MethodPost: "/keys", http.MethodDelete: "/session"} {
			a := forged.do(t, method, path, settings)
			require.Equal(t, http.StatusForbidden, a.status, "%s %s: %s", method, path, a.body)
			require.Contains(t, string(a.body), "auth.csrf")
		}
	}
	owner.put(t, "/settings", settings)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, owner.base+"/settings", strings.NewReader("{}"))
	require.NoError(t, err)
	req.AddCookie(owner.cookie)
	req.Header.Set("X-CSRF-Token", owner.csrf)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusForbidden, resp.StatusCode, "a browser says where a request comes from")
}

// roles proves what an analyst and an operator may see and do, as users and as keys.
func roles(t *testing.T, s *server, owner *client) {
	as := func(role string) (user, key *client) {
		email, password := role+"@example.com", "a password of "+role
		a := owner.do(t, http.MethodPost, "/users", map[string]string{"email": email, "name": role, "role": role, "password": password})
		require.Equal(t, http.StatusCreated, a.status, string(a.body))
		a = owner.do(t, http.MethodPost, "/keys", map[string]string{"kind": "api", "name": role, "role": role})
		require.Equal(t, http.StatusCreated, a.status, string(a.body))
		var made struct{ Secret string }
		require.NoError(t, json.Unmarshal(a.body, &made))
		return s.signIn(t, email, password), &client{base: s.base, key: made.Secret, log: s.log}
	}
	analyst, analystKey := as("analyst")
	operator, operatorKey := as("operator")

	type one struct {
		ID         int64
		Phone      string
		Identities []struct{ Kind, Value string }
	}
	var list struct{ Items []one }
	owner.get(t, "/people?limit=500&sort=events", &list)
	var with one
	for _, p := range list.Items {
		if with.ID == 0 && strings.HasPrefix(p.Phone, "+86") &&
			strings.Contains(string(owner.do(t, http.MethodGet, fmt.Sprintf("/people/%d/timeline?limit=500", p.ID), nil).body), p.Phone) {
			with = p // his events tell the number, too
		}
	}
	require.NotZero(t, with.ID)
	at := fmt.Sprintf("/people/%d", with.ID)
	for _, c := range []*client{analyst, analystKey} {
		for _, path := range []string{at, "/people?q=" + url.QueryEscape(with.Phone), "/people?limit=500", "/people/export.csv", "/conflicts", at + "/timeline?limit=500", "/intake/live?limit=500"} {
			a := c.do(t, http.MethodGet, path, nil)
			require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
			require.NotContains(t, string(a.body), with.Phone, path)
			require.NotContains(t, string(a.body), strings.TrimPrefix(with.Phone, "+86"), path)
		}
		var masked one
		c.get(t, at, &masked)
		require.Contains(t, masked.Phone, "*")
		for path, body := range map[string]any{
			"/people/merge": map[string]any{"people": []int64{with.ID, list.Items[0].ID}, "reason": "test"},
			"/keys":         map[string]any{"kind": "api", "name": "mine", "role": "owner"},
			"/users":        map[string]any{"email": "x@example.com", "name": "x", "role": "owner", "password": "long enough"},
		} {
			a := c.do(t, http.MethodPost, path, body)
			require.Equal(t, http.StatusForbidden, a.status, "%s: %s", path, a.body)
			require.Contains(t, string(a.body), "auth.forbidden")
		}
	}
	for _, c := range []*client{operator, operatorKey} {
		var seen one
		c.get(t, at, &seen)
		require.Equal(t, with.Phone, seen.Phone, "who calls people has to see their numbers")
		a := c.do(t, http.MethodPost, "/keys", map[string]any{"kind": "api", "name": "mine", "role": "owner"})
		require.Equal(t, http.StatusForbidden, a.status, string(a.body))
	}
	merges(t, operator, with.ID)
	analyst.get(t, "/totals", new(totals))
	a := owner.do(t, http.MethodGet, "/audit?limit=100", nil)
	for _, action := range []string{"user.create", "key.create"} {
		require.Contains(t, string(a.body), action)
	}
}

// merges joins two people and parts them again: the same two as before.
func merges(t *testing.T, operator *client, id int64) {
	t.Helper()
	var list struct{ Items []row }
	operator.get(t, "/people?f=identified:eq:false&limit=1&sort=events", &list)
	require.Len(t, list.Items, 1)
	type page struct {
		row
		Identities []struct{ ID int64 }
	}
	var a, b, joined page
	operator.get(t, fmt.Sprintf("/people/%d", id), &a)
	operator.get(t, fmt.Sprintf("/people/%d", list.Items[0].ID), &b)
	answer := operator.do(t, http.MethodPost, "/people/merge", map[string]any{"people": []int64{a.ID, b.ID}, "reason": "the same voice"})
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.NoError(t, json.Unmarshal(answer.body, &joined))
	require.Len(t, joined.Identities, len(a.Identities)+len(b.Identities))
	require.GreaterOrEqual(t, joined.Events, a.Events+b.Events)
	var ids []int64
	for _, i := range b.Identities {
		ids = append(ids, i.ID)
	}
	answer = operator.do(t, http.MethodPost, fmt.Sprintf("/people/%d/unmerge", joined.ID), map[string]any{"identities": ids, "reason": "another voice"})
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	var parted page
	until(t, "the two are two again", func() bool {
		operator.get(t, fmt.Sprintf("/people/%d", list.Items[0].ID), &parted)
		return len(parted.Identities) == len(b.Identities)
	})
	require.Equal(t, b.sum(), parted.sum())
}
