package person_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

// Analysts see no phone number and no e-mail address anywhere, and cannot find one out by asking: not in lists, on the person's page, in
// its story and conflicts, in events, in exports; not by searching, filtering or looking for it.
func TestAnalystsSeeNothingPersonal(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		phone := []event.Identity{{Kind: event.Phone, Value: "+8613800138000"}}
		load(t, p,
			someone{user: "lin", at: "2026-09-01 12:00", orders: []float64{5}, traits: `{"u":"lin","name":"林一","nickname":"13800138000","phone":"13800138000","email":"lin@example.com","备用手机":13800138000,"note":"call 138 0013 8000","address":{"street":"文三路"},"city":"杭州"}`},
			someone{user: "lin@example.com", at: "2026-09-02 12:00", traits: `{"u":"other"}`, more: phone}, // a conflict, and an address as user id
		)
		p.Send(t, event.Event{
			ID: "page", Type: event.Page, Name: event.PageViewed, Time: at(t, "2026-09-01 13:00"), Received: 1, Identities: []event.Identity{{Kind: event.UserID, Value: "lin"}},
			Properties: []byte(`{"form":{"mobile":"13800138000"},"product":"tea"}`),
			Context:    []byte(`{"traits":{"email":"lin@example.com"},"page":{"url":"https://shop.example/?m=13800138000"},"externalIds":[{"type":"phone","id":"+8613800138000"}]}`),
		})
		srv := apitest.Start(t, p.Routes)
		leaks := func(body string) bool {
			return strings.Contains(body, "13800138000") || strings.Contains(body, "138 0013 8000") || strings.Contains(body, "lin@example") || strings.Contains(body, "文三路")
		}
		var who struct{ ID int64 }
		srv.Do(t, apitest.Call{As: "analyst", Path: "/people/find?kind=user_id&value=lin"}).JSON(t, &who)
		id := "/people/" + itoa(who.ID)
		for _, path := range []string{"/people", "/people?q=lin", id, id + "/timeline", "/conflicts", "/people/export.csv?columns=id,name,email,phone,trait.email,trait.note,trait.address,trait.备用手机"} {
			own := srv.Do(t, apitest.Call{As: "operator", Path: path})
			require.Equal(t, 200, own.Status, path)
			require.True(t, leaks(own.Body), "an operator sees it: %s", path)
			got := srv.Do(t, apitest.Call{As: "analyst", Path: path})
			require.Equal(t, 200, got.Status, path)
			require.False(t, leaks(got.Body), "%s: %s", path, got.Body)
		}
		require.Contains(t, srv.Do(t, apitest.Call{As: "analyst", Path: id + "/timeline"}).Body, `"product":"tea"`)
		require.Contains(t, srv.Do(t, apitest.Call{As: "analyst", Path: id}).Body, `"city":"杭州"`)
		for _, q := range []string{"13800138000", "1380013", "lin@example.com", "+86138", "文三路"} {
			require.NotContains(t, found(t, srv, "analyst", "q", q), "lin", q)
		}
		require.Equal(t, []string{"lin"}, found(t, srv, "analyst", "f", "trait.city:eq:杭州"))
		require.Equal(t, []string{"lin"}, found(t, srv, "analyst", "f", "email:set"))
		for _, f := range []string{"phone:contains:1380", "email:eq:lin@example.com", "email:ne:x", "trait.phone:gte:1", "trait.备用手机:contains:138", "trait.E-mail:eq:x", "trait.address:contains:x"} {
			got := srv.Do(t, apitest.Call{As: "analyst", Path: list("f", f)})
			require.Equal(t, 403, got.Status, f)
			require.Contains(t, got.Body, "people.personal")
		}
		srv.Run(t, []apitest.Case{
			{Name: "look for a number", Call: apitest.Call{As: "analyst", Path: "/people/find?kind=phone&value=13800138000"}, Status: 403, Has: []string{"people.personal"}},
			{Name: "an operator may", Call: apitest.Call{As: "operator", Path: "/people/find?kind=phone&value=138-0013-8000"}, Status: 200, Has: []string{`"phone":"+8613800138000"`}},
			{Name: "fields have no values", Call: apitest.Call{As: "analyst", Path: "/people/fields"}, Status: 200, Has: []string{`"name":"city","people":1`}, HasNot: []string{"138"}},
			{Name: "merging is not for analysts", Call: apitest.Call{As: "analyst", Method: "POST", Path: "/people/merge", Body: `{"people":[1,2]}`}, Status: 403},
			{Name: "nor is the audit", Call: apitest.Call{As: "analyst", Path: "/audit"}, Status: 403},
		})
	})
}
