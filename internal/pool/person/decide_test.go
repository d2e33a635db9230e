package person_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func find(t testing.TB, srv *apitest.Server, kind, value string) person.Person {
	t.Helper()
	var p person.Person
	got := srv.Do(t, apitest.Call{As: "owner", Path: "/people/find?kind=" + kind + "&value=" + value})
	require.Equal(t, 200, got.Status, got.Body)
	got.JSON(t, &p)
	return p
}

func post(t testing.TB, srv *apitest.Server, path string, body any) apitest.Reply {
	t.Helper()
	return srv.Do(t, apitest.Call{As: "operator", Method: "POST", Path: path, Body: body})
}

type trail struct {
	Items []struct {
		Actor, Action, Target string
		Detail                map[string]any
	}
}

// An operator's decisions about who is who: what they do, what they refuse, who is shown by which number afterwards, and that each is in
// the audit with its author and without personal data.
func TestDecisions(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p,
			someone{user: "lin", at: "2026-09-01 12:00", orders: []float64{5}, traits: `{"phone":"13800138000"}`},
			someone{user: "lin2", at: "2026-09-02 12:00", orders: []float64{7}, traits: `{"phone":"13800138000"}`}, // two user ids with one number: a conflict
		)
		anonymous := func(id, value string) {
			p.Send(t, event.Event{ID: id, Type: event.Page, Name: event.PageViewed, Time: at(t, "2026-09-03 12:00"), Received: 1, Identities: []event.Identity{{Kind: event.AnonymousID, Value: value}}})
		}
		anonymous("a1", "cookie")
		srv := apitest.Start(t, p.Routes)
		lin, lin2, cookie := find(t, srv, "user_id", "lin"), find(t, srv, "user_id", "lin2"), find(t, srv, "anonymous_id", "cookie")

		// Refusals.
		refused := func(status int, code, path string, body any) {
			t.Helper()
			got := post(t, srv, path, body)
			require.Equal(t, status, got.Status, got.Body)
			require.Contains(t, got.Body, code)
		}
		merge := func(force bool, people ...int64) map[string]any {
			return map[string]any{"people": people, "reason": "same voice", "force": force}
		}
		refused(409, "identity.conflict", "/people/merge", merge(false, lin.ID, lin2.ID))
		refused(404, "person.not_found", "/people/merge", merge(false, lin.ID, 999999))
		refused(422, "identity.merge_invalid", "/people/merge", merge(true, lin.ID, lin.ID))
		refused(422, "", "/people/merge", merge(true, lin.ID))
		refused(422, "", "/people/merge", map[string]any{"people": []int64{1, 2}, "reason": string(make([]byte, 501))})
		refused(404, "person.not_found", "/people/999999/unmerge", map[string]any{"identities": []int64{1}})
		refused(422, "identity.unmerge_invalid", "/people/"+itoa(lin.ID)+"/unmerge", map[string]any{"identities": []int64{cookie.ID}})
		refused(422, "identity.unmerge_invalid", "/people/"+itoa(cookie.ID)+"/unmerge", map[string]any{"identities": []int64{cookie.ID}})
		refused(404, "person.not_found", "/identities/999999/quarantine", map[string]any{"on": true})
		refused(404, "conflict.not_found", "/conflicts/999999/resolve", map[string]any{"action": "merge"})
		refused(422, "", "/conflicts/1/resolve", map[string]any{"action": "ignore"})
		var log trail
		srv.Do(t, apitest.Call{As: "owner", Path: "/audit"}).JSON(t, &log)
		require.Empty(t, log.Items, "what was refused was not decided")

		// A merge: the sum of both, under every number that any of them had.
		var merged person.Person
		got := post(t, srv, "/people/merge", merge(false, cookie.ID, lin.ID))
		require.Equal(t, 200, got.Status, got.Body)
		got.JSON(t, &merged)
		require.Equal(t, lin.ID, merged.ID)
		require.Equal(t, lin.Events+1, merged.Events)
		require.Equal(t, []identity.EdgeView{merged.Story[len(merged.Story)-1]}[0].Author, "operator@example.com")
		for _, i := range merged.Identities {
			var again person.Person
			srv.Do(t, apitest.Call{As: "owner", Path: "/people/" + itoa(i.ID)}).JSON(t, &again)
			require.Equal(t, merged.ID, again.ID)
		}
		require.Equal(t, merged.ID, find(t, srv, "anonymous_id", "cookie").ID)
		refused(422, "already", "/people/merge", merge(false, cookie.ID, lin.ID))

		// By force: the conflict between them is settled with it.
		require.Len(t, conflicts(t, srv, "open"), 1)
		got = post(t, srv, "/people/merge", merge(true, cookie.ID, lin2.ID))
		require.Equal(t, 200, got.Status, got.Body)
		require.Empty(t, conflicts(t, srv, "open"))
		settled := conflicts(t, srv, "merged")
		require.Len(t, settled, 1)
		require.Equal(t, "operator@example.com", settled[0].Author)
		refused(409, "conflict.closed", "/conflicts/"+itoa(settled[0].ID)+"/resolve", map[string]any{"action": "dismiss"})
		require.Equal(t, int64(1200), find(t, srv, "user_id", "lin2").Revenue)

		// Apart again: everybody has what was theirs.
		got = post(t, srv, "/people/"+itoa(cookie.ID)+"/unmerge", map[string]any{"identities": []int64{lin2.ID}, "reason": "two sisters"})
		require.Equal(t, 200, got.Status, got.Body)
		var parted struct{ People []person.Person }
		got.JSON(t, &parted)
		require.Len(t, parted.People, 2)
		require.Equal(t, int64(700), find(t, srv, "user_id", "lin2").Revenue)
		require.Equal(t, int64(500), find(t, srv, "user_id", "lin").Revenue)
		require.Equal(t, lin2.ID, find(t, srv, "user_id", "lin2").ID)

		// Quarantine and release.
		got = post(t, srv, "/identities/"+itoa(cookie.ID)+"/quarantine", map[string]any{"on": true, "reason": "a tablet"})
		require.Equal(t, 200, got.Status, got.Body)
		require.Contains(t, got.Body, `"state":"quarantined"`)
		require.NotEqual(t, lin.ID, find(t, srv, "anonymous_id", "cookie").ID)
		got = post(t, srv, "/identities/"+itoa(cookie.ID)+"/quarantine", map[string]any{"on": false})
		require.NotContains(t, got.Body, `"state":"quarantined"`)

		srv.Do(t, apitest.Call{As: "owner", Path: "/audit"}).JSON(t, &log)
		var said []string
		for _, e := range log.Items {
			require.Equal(t, "operator@example.com", e.Actor)
			require.NotEmpty(t, e.Detail["event_id"])
			said = append(said, e.Action+" "+e.Target)
		}
		require.Equal(t, []string{
			"identity.release " + itoa(cookie.ID), "identity.quarantine " + itoa(cookie.ID), "people.unmerge " + itoa(lin.ID), "people.merge " + itoa(lin.ID), "people.merge " + itoa(cookie.ID),
		}, said)
		text, err := json.Marshal(log)
		require.NoError(t, err)
		require.NotContains(t, string(text), "138")
		srv.Run(t, []apitest.Case{
			{Name: "nobody has it", Call: apitest.Call{As: "owner", Path: "/people/find?kind=user_id&value=nobody"}, Status: 404, Has: []string{"person.not_found"}},
			{Name: "nobody can have it", Call: apitest.Call{As: "owner", Path: "/people/find?kind=user_id&value=a%00b"}, Status: 422, Has: []string{"person.identity"}},
			{Name: "in a scope of NUL", Call: apitest.Call{As: "owner", Path: "/people/find?kind=openid&scope=%00&value=a"}, Status: 422},
			{Name: "of no kind", Call: apitest.Call{As: "owner", Path: "/people/find?value=a"}, Status: 422},
		})
	})
}

// Who takes out the identity that all links go through gets two people, and the story says why the others are still one.
func TestUnmergeTheCentre(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, someone{user: "lin", at: "2026-09-01 12:00", orders: []float64{5}, traits: `{"phone":"13800138000","email":"lin@example.com","member_no":"m1"}`})
		srv := apitest.Start(t, p.Routes)
		lin := find(t, srv, "user_id", "lin")
		got := post(t, srv, "/people/"+itoa(lin.ID)+"/unmerge", map[string]any{"identities": []int64{lin.ID}, "reason": "a cashier's account"})
		require.Equal(t, 200, got.Status, got.Body)
		var parted struct{ People []person.Person }
		got.JSON(t, &parted)
		require.Len(t, parted.People, 2)
		rest := find(t, srv, "member_no", "m1")
		require.Len(t, rest.Identities, 3)
		require.Len(t, find(t, srv, "user_id", "lin").Identities, 1)
		kept := 0
		for _, e := range rest.Story {
			if e.Kind == identity.Kept {
				kept++
				require.Equal(t, "m1", e.A.Value, "on the firmest")
				require.Equal(t, "a cashier's account", e.Reason)
				require.Equal(t, "operator@example.com", e.Author)
				require.NotEmpty(t, e.EventID)
				require.True(t, e.Active)
			}
		}
		require.Equal(t, 2, kept)
	})
}

// A merge and a split may be sent again under their key: they are done once, noted once, and answered alike. The same key with another
// request is refused, and a refusal uses up no key.
func TestDecisionsOnce(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, someone{user: "lin", at: "2026-09-01 12:00", traits: `{"phone":"13800138000"}`}, someone{user: "wang", at: "2026-09-01 12:00"})
		srv := apitest.Start(t, p.Routes)
		lin, wang := find(t, srv, "user_id", "lin"), find(t, srv, "user_id", "wang")
		send := func(key, path string, body any) apitest.Reply {
			return srv.Do(t, apitest.Call{As: "operator", Method: "POST", Path: path, Body: body, Header: map[string]string{"Idempotency-Key": key}})
		}
		merge := map[string]any{"people": []int64{lin.ID, wang.ID}, "force": true}
		require.Equal(t, 409, send("m", "/people/merge", map[string]any{"people": []int64{lin.ID, wang.ID}}).Status, "a guard objects")
		first := send("m", "/people/merge", merge)
		require.Equal(t, 200, first.Status, first.Body)
		again := send("m", "/people/merge", merge)
		require.Equal(t, 200, again.Status, again.Body)
		require.Equal(t, first.Body, again.Body)
		require.Equal(t, 422, send("another", "/people/merge", merge).Status, "they are one already")
		other := send("m", "/people/merge", map[string]any{"people": []int64{lin.ID, wang.ID}, "force": true, "reason": "x"})
		require.Equal(t, 409, other.Status, other.Body)
		require.Contains(t, other.Body, "request.idempotency_key")

		unmerge := map[string]any{"identities": []int64{wang.ID}}
		for range 2 {
			got := send("u", "/people/"+itoa(lin.ID)+"/unmerge", unmerge)
			require.Equal(t, 200, got.Status, got.Body)
			var parted struct{ People []person.Person }
			got.JSON(t, &parted)
			require.Len(t, parted.People, 2)
		}
		var log trail
		srv.Do(t, apitest.Call{As: "owner", Path: "/audit"}).JSON(t, &log)
		require.Len(t, log.Items, 2, "noted once each")
		_, repeats := p.Pipeline.Counts()
		require.EqualValues(t, 2, repeats)
	})
}

// What was noted and did not reach the log before the process died is done by whoever repeats it.
func TestDecisionRepeatedAfterACrash(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, someone{user: "lin", at: "2026-09-01 12:00"})
		p.Send(t, event.Event{ID: "a", Type: event.Page, Name: event.PageViewed, Time: 1, Received: 1, Identities: []event.Identity{{Kind: event.AnonymousID, Value: "cookie"}}})
		kinds := identity.NewKinds()
		dying := identity.NewService(p.State, func() identity.Kinds { return kinds }, dead{}, p.Trail, p.Clock)
		srv := apitest.Start(t, p.Routes)
		in := identity.MergeInput{People: []int64{find(t, srv, "user_id", "lin").ID, find(t, srv, "anonymous_id", "cookie").ID}, Key: "k"}
		ctx := actor.With(t.Context(), actor.Itself())
		_, err := dying.Merge(ctx, in)
		require.ErrorIs(t, err, errDead)
		_, err = p.Identity.Merge(ctx, in)
		require.NoError(t, err)
		require.Equal(t, find(t, srv, "user_id", "lin").ID, find(t, srv, "anonymous_id", "cookie").ID)
	})
}

var errDead = errors.New("killed")

// dead never gets to the log.
type dead struct{}

func (dead) Do(context.Context, *event.Event) error { return errDead }

// A conflict is settled once, either way, with its author, and the audit says which.
func TestResolve(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p,
			someone{user: "a1", at: "2026-09-01 12:00", traits: `{"phone":"13800138001"}`}, someone{user: "a2", at: "2026-09-02 12:00", traits: `{"phone":"13800138001"}`},
			someone{user: "b1", at: "2026-09-01 12:00", traits: `{"phone":"13800138002"}`}, someone{user: "b2", at: "2026-09-02 12:00", traits: `{"phone":"13800138002"}`},
		)
		srv := apitest.Start(t, p.Routes)
		open := conflicts(t, srv, "open")
		require.Len(t, open, 2)
		for i, c := range []struct{ action, state string }{{"merge", "merged"}, {"dismiss", "dismissed"}} {
			path := "/conflicts/" + itoa(open[i].ID) + "/resolve"
			got := post(t, srv, path, map[string]any{"action": c.action})
			require.Equal(t, 200, got.Status, got.Body)
			require.Contains(t, got.Body, `"state":"`+c.state+`"`)
			require.Contains(t, got.Body, `"author":"operator@example.com"`)
			require.Equal(t, 409, post(t, srv, path, map[string]any{"action": c.action}).Status)
			require.Len(t, conflicts(t, srv, c.state), 1)
		}
		require.Equal(t, find(t, srv, "user_id", "b1").ID, find(t, srv, "user_id", "b2").ID)
		require.NotEqual(t, find(t, srv, "user_id", "a1").ID, find(t, srv, "user_id", "a2").ID)
		var log trail
		srv.Do(t, apitest.Call{As: "owner", Path: "/audit"}).JSON(t, &log)
		require.Len(t, log.Items, 3, "a merge, and two settled")
		require.Equal(t, "conflict.resolve", log.Items[0].Action)
		require.Equal(t, "dismissed", log.Items[0].Detail["state"])
	})
}

func conflicts(t testing.TB, srv *apitest.Server, state string) []identity.ConflictView {
	t.Helper()
	var page struct{ Items []identity.ConflictView }
	got := srv.Do(t, apitest.Call{As: "owner", Path: "/conflicts?state=" + state})
	require.Equal(t, 200, got.Status, got.Body)
	got.JSON(t, &page)
	return page.Items
}

// meddler lets something happen between an operator's click and the moment at which it is done.
type meddler struct {
	identity.Commander
	first func()
}

func (m meddler) Do(ctx context.Context, e *event.Event) error {
	m.first()
	return m.Commander.Do(ctx, e)
}

// When a guard's objection arises after the operator's page was checked, the answer is the objection and not somebody half merged.
func TestMergeOvertaken(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, someone{user: "lin", at: "2026-09-01 12:00"})
		cookie := []event.Identity{{Kind: event.AnonymousID, Value: "cookie"}}
		p.Send(t, event.Event{ID: "a", Type: event.Page, Name: event.PageViewed, Time: 1, Received: 1, Identities: cookie})
		m := meddler{p.Pipeline, func() {
			p.Send(t, event.Event{ID: "b", Type: event.Identify, Name: event.Identified, Time: 2, Received: 2, Identities: append([]event.Identity{{Kind: event.UserID, Value: "wang"}}, cookie...)})
		}}
		kinds := identity.NewKinds()
		p.Identity = identity.NewService(p.State, func() identity.Kinds { return kinds }, m, p.Trail, p.Clock)
		p.People = person.NewService(p.State, p.Warehouse, p.Identity, p.Trail, func() string { return "CN" }, pooltest.Shanghai, p.Clock)
		srv := apitest.Start(t, p.Routes)
		lin, visitor := find(t, srv, "user_id", "lin"), find(t, srv, "anonymous_id", "cookie")
		got := post(t, srv, "/people/merge", map[string]any{"people": []int64{lin.ID, visitor.ID}})
		require.Equal(t, 409, got.Status, got.Body)
		require.Contains(t, got.Body, "identity.conflict")
		require.NotEqual(t, find(t, srv, "user_id", "lin").ID, find(t, srv, "user_id", "wang").ID)
	})
}
