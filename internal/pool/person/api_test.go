package person_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

// someone is a person as tests write it.
type someone struct {
	user   string
	traits string // JSON
	at     string // of the first event, in Shanghai
	orders []float64
	more   []event.Identity
	source string // of the campaign
}

func at(t testing.TB, text string) int64 {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, pooltest.Shanghai())
	require.NoError(t, err)
	return when.UnixMicro()
}

// events are what makes the person: an Identified event, and orders a minute apart.
func (s someone) events(t testing.TB) []event.Event {
	t.Helper()
	ids := append([]event.Identity{{Kind: event.UserID, Value: s.user}}, s.more...)
	if s.traits != "" {
		found, problems := identity.NewKinds().FromTraits([]byte(s.traits), "CN")
		require.Empty(t, problems)
		ids = append(ids, found...)
	}
	begin := at(t, s.at)
	e := event.Event{ID: fmt.Sprintf("%x-id", s.user), Type: event.Identify, Name: event.Identified, Time: begin, Received: begin, Identities: ids, Traits: []byte(s.traits)}
	if s.source != "" {
		e.Context = []byte(`{"campaign":{"source":` + strconv.Quote(s.source) + `,"medium":"cpc"}}`)
	}
	out := []event.Event{e}
	for i, amount := range s.orders {
		when := begin + int64(i+1)*60_000_000
		out = append(out, event.Event{
			ID: fmt.Sprintf("%x-o%d", s.user, i), Type: event.Track, Name: event.OrderCompleted, Time: when, Received: when,
			Identities: ids[:1], Properties: fmt.Appendf(nil, `{"revenue":%g,"buyer_phone":"13800138000"}`, amount),
		})
	}
	return out
}

func load(t testing.TB, p *pooltest.Running, people ...someone) {
	t.Helper()
	for _, s := range people {
		p.Send(t, s.events(t)...)
	}
}

// list is a path of the list with parameters, in turn names and values.
func list(params ...string) string {
	q := url.Values{}
	for i := 0; i < len(params); i += 2 {
		q.Add(params[i], params[i+1])
	}
	return "/people?" + q.Encode()
}

// found is who a list has, by user id, in its order.
func found(t testing.TB, srv *apitest.Server, as string, params ...string) []string {
	t.Helper()
	got := srv.Do(t, apitest.Call{As: as, Path: list(params...)})
	require.Equal(t, 200, got.Status, got.Body)
	var page person.PeoplePage
	got.JSON(t, &page)
	require.Equal(t, int64(len(page.Items)), page.Total, "%v", params)
	out := []string{}
	for _, r := range page.Items {
		out = append(out, unquote(r.Traits["u"]))
	}
	return out
}

func unquote(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// brand are the people of most tests. Every one carries its user id as trait u.
func brand() []someone {
	return []someone{
		{user: "lin", at: "2026-09-01 00:00", source: "douyin", orders: []float64{199, 20.5}, traits: `{"u":"lin","name":"林一","phone":"138 0013 8000","email":"Lin@Example.com","city":"杭州","age":30,"vip":true,"ratio":1.50,"o'brien":"x","a.b":"dot","say \"hi\"":"quote","back\\slash":"b","😀":"smile","键":"值","100%_":"p"}`},
		{user: "mei", at: "2026-09-01 23:59", orders: []float64{1000}, traits: `{"u":"mei","name":"Mei O'Hara","email":"mei@example.com","city":"上海","age":"29.5","vip":false,"born":"1990-03-07","$set_once":{"first":"a","gone":"once"},"gone":null}`},
		{user: "wang", at: "2026-09-02 00:00", traits: `{"u":"wang","name":"50%_off \\ deal","age":1e2,"tags":["a","b"],"empty":"","nul":"a\u0000b","huge":1e999}`},
		{user: "zhao", at: "2026-09-30 12:00", more: []event.Identity{{Kind: event.OpenID, Scope: "mini", Value: "oXyZ-77"}, {Kind: "crm", Value: "CRM-9"}}, traits: `{"u":"zhao","city":"杭州余杭"}`},
	}
}

// Every field and operator of a filter, with what it finds; what cannot be asked is refused and never an error of ours.
func TestFilters(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, brand()...)
		p.Send(t, event.Event{ID: "a1", Type: event.Page, Name: event.PageViewed, Time: at(t, "2026-08-01 00:00"), Received: 1, Identities: []event.Identity{{Kind: event.AnonymousID, Value: "anon"}}})
		srv := apitest.Start(t, p.Routes)
		srv.NobodyEnters(t)
		for _, c := range []struct{ f, want string }{
			{"first_seen:eq:2026-09-01", "lin mei"},
			{"first_seen:gte:2026-09-02", "wang zhao"},
			{"first_seen:lte:2026-09-01", " lin mei"},
			{"last_seen:eq:2026-09-02", "mei wang"}, // an order after midnight
			{"last_seen:lte:2026-08-01", ""},
			{"last_order:gte:2026-09-02", "mei"},
			{"last_order:lte:2026-09-30", "lin mei"},
			{"last_order:eq:2026-09-01", "lin"},
			{"events:eq:3", "lin"},
			{"events:ne:1", "lin mei"},
			{"orders:gte:1", "lin mei"},
			{"orders:lte:0", " wang zhao"},
			{"cancelled:eq:0", " lin mei wang zhao"},
			{"revenue:eq:21950", "lin"},
			{"revenue:gte:21951", "mei"},
			{"identified:eq:true", "lin mei wang zhao"},
			{"identified:eq:false", ""},
			{"channel:contains:DOUYIN", "lin"},
			{"channel:unset:", "mei wang zhao"},
			{"class:eq:external", "lin"},
			{"class:ne:external", " mei wang zhao"},
			{"name:eq:林一", "lin"},
			{"name:contains:o'hara", "mei"},
			{"name:contains:%", "wang"},
			{"name:contains:_", "wang"},
			{`name:contains:\`, "wang"},
			{"name:contains:", " lin mei wang zhao"},
			{"name:unset", " zhao"},
			{"email:eq:lin@example.com", "lin"},
			{"email:contains:@example", "lin mei"},
			{"phone:set:", "lin"},
			{"phone:contains:138001", "lin"},
			{"trait.city:eq:杭州", "lin"},
			{"trait.city:ne:杭州", " mei wang zhao"},
			{"trait.city:contains:杭州", "lin zhao"},
			{"trait.city:set", "lin mei zhao"},
			{"trait.city:unset", " wang"},
			{"trait.age:gte:29.5", "lin mei wang"},
			{"trait.age:gte:30", "lin wang"},
			{"trait.age:lte:29.9", "mei"},
			{"trait.age:gte:-1e3", "lin mei wang"},
			{"trait.age:eq:30", "lin"},
			{"trait.ratio:eq:1.50", "lin"},
			{"trait.vip:eq:true", "lin"},
			{"trait.vip:eq:false", "mei"},
			{"trait.born:gte:1000", ""}, // a day is no number
			{"trait.huge:gte:5", ""},
			{"trait.huge:set", "wang"},
			{"trait.empty:set", ""},
			{"trait.tags:contains:b", "wang"},
			{"trait.nul:contains:a", "wang"},
			{"trait.first:eq:a", "mei"},
			{"trait.gone:set", ""}, // taken away, though it was once set
			{"trait.gone:unset", " lin mei wang zhao"},
			{"trait.o'brien:eq:x", "lin"},
			{"trait.a.b:eq:dot", "lin"},
			{`trait.say "hi":eq:quote`, "lin"},
			{`trait.back\slash:eq:b`, "lin"},
			{"trait.😀:eq:smile", "lin"},
			{"trait.键:eq:值", "lin"},
			{"trait.100%_:set", "lin"},
			{`trait.x') OR 1=1 --:set`, ""},
			{`trait.$.city:set`, ""},
			{"trait.u:eq:a:b", ""},
		} {
			want := strings.Split(c.want, " ")
			if c.want == "" {
				want = []string{}
				if c.f == "last_seen:lte:2026-08-01" || c.f == "identified:eq:false" {
					want = []string{""} // the anonymous visitor
				}
			}
			got := found(t, srv, "owner", "f", c.f)
			slices.Sort(got)
			require.Equal(t, want, got, c.f)
		}
		require.Equal(t, []string{"lin"}, found(t, srv, "owner", "f", "orders:gte:1", "f", "trait.city:set", "f", "identified:eq:true", "f", "name:ne:Mei O'Hara"))
		for _, bad := range []string{
			"orders", "orders:", ":eq:1", "nonsense:eq:1", "id:eq:1", "traits:contains:x", "orders:gte:two", "orders:gte:1.5", "orders:contains:1", "orders:gte:",
			"first_seen:eq:today", "first_seen:ne:2026-01-01", "last_seen:gte:2026-02-30", "identified:ne:true", "identified:eq:1", "name:gte:a", "trait.:eq:1",
			"trait.city:gte:x", "trait.age:gte:NaN", "trait.age:lte:-Inf", "trait.city:like:x", "name:eq:a\x00b", "trait.a\x00b:set", "name:eq:\xff", "name:eq:" + strings.Repeat("x", 1000),
			"revenue:eq:99999999999999999999",
		} {
			got := srv.Do(t, apitest.Call{As: "owner", Path: list("f", bad)})
			require.Equal(t, 422, got.Status, "%q: %s", bad, got.Body)
			require.Contains(t, got.Body, "people.filter", "%q", bad)
		}
	})
}

// A search finds people by any identity in any spelling or by its beginning, by a part of the name or of a trait, and by nothing else.
func TestSearch(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, brand()...)
		srv := apitest.Start(t, p.Routes)
		for _, c := range []struct{ q, want string }{
			{"13800138000", "lin"},
			{"138 0013 8000", "lin"},
			{"138-0013-8000", "lin"},
			{"+86 138 0013 8000", "lin"},
			{"008613800138000", "lin"},
			{"１３８００１３８０００", "lin"},
			{"8613800138000", "lin"},
			{"1380013", "lin"},
			{"138 001", "lin"},
			{"+86138", "lin"},
			{"LIN@EXAMPLE.COM", "lin"},
			{" lin@example.com ", "lin"},
			{"Mei@", "mei"},
			{"wang", "wang"},
			{"wa", "wang"},
			{"CRM-9", "zhao"},
			{"CR", "zhao"},
			{"oXyZ-77", "zhao"},
			{"oXyZ", "zhao"}, // in the scope of an app
			{"林", "lin"},
			{"O'HARA", "mei"},
			{"%_", "wang"},
			{`\ deal`, "wang"},
			{`\\`, ""},
			{"杭州", "lin zhao"},
			{"余杭", "zhao"},
			{"1990-03", "mei"},
			{"once", ""},
			{"smile", "lin"},
			{`"v"`, ""},
			{`":`, ""},
			{"ratio", ""},
			{"a\ufffdb", ""},
			{"' OR 1=1 --", ""},
			{"x", "lin mei"},
		} {
			got := found(t, srv, "owner", "q", c.q)
			slices.Sort(got)
			if c.q == "a\ufffdb" {
				continue // how a NUL in a trait is found depends on the store; that it does not fail is enough
			}
			require.Equal(t, strings.Fields(c.want), got, "%q", c.q)
		}
		times := at(t, "2026-09-01 00:00")
		require.Empty(t, found(t, srv, "owner", "q", strconv.FormatInt(times, 10)), "when a trait was set is no text of it")
		for _, bad := range []string{"a\x00b", "\xff", strings.Repeat("林", 67)} {
			require.Equal(t, 422, srv.Do(t, apitest.Call{As: "owner", Path: list("q", bad)}).Status, "%q", bad)
		}
		// A beginning that many have: all of them are counted and can be paged through.
		var crowd []event.Event
		for i := range 250 {
			crowd = append(crowd, event.Event{ID: fmt.Sprintf("c%d", i), Type: event.Track, Name: "A", Time: int64(i + 1), Received: 1, Identities: []event.Identity{{Kind: event.UserID, Value: fmt.Sprintf("crowd%03d", i)}}})
		}
		p.Send(t, crowd...)
		var page person.PeoplePage
		srv.Do(t, apitest.Call{As: "owner", Path: list("q", "crowd", "limit", "500")}).JSON(t, &page)
		require.Len(t, page.Items, 250)
		require.Equal(t, int64(250), page.Total)
	})
}

// Pages follow each other without gaps or doubles in every order, also where many people have the same value.
func TestPaging(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		var events []event.Event
		for i := range 47 {
			for n := range 1 + i%3 {
				when := int64(1_000_000 * (1 + i%5))
				events = append(events, event.Event{ID: fmt.Sprintf("%d-%d", i, n), Type: event.Track, Name: event.OrderCompleted, Time: when, Received: when, Properties: []byte(`{"revenue":1}`), Identities: []event.Identity{{Kind: event.UserID, Value: strconv.Itoa(i)}}})
			}
		}
		p.Send(t, events...)
		srv := apitest.Start(t, p.Routes)
		for _, column := range person.Sorts() {
			for _, sign := range []string{"", "-"} {
				var ids []int64
				var values []int64
				for cursor := ""; ; {
					var page person.PeoplePage
					srv.Do(t, apitest.Call{As: "analyst", Path: list("sort", sign+column, "limit", "5", "cursor", cursor)}).JSON(t, &page)
					require.Equal(t, int64(47), page.Total)
					require.True(t, page.TotalExact)
					for _, r := range page.Items {
						ids = append(ids, r.ID)
						v := map[string]int64{"last_seen": r.LastSeen.Unix(), "first_seen": r.FirstSeen.Unix(), "events": r.Events, "orders": r.Orders, "revenue": r.Revenue}[column]
						if sign == "-" {
							v = -v
						}
						values = append(values, v)
					}
					if cursor = page.Next; cursor == "" {
						break
					}
				}
				require.True(t, slices.IsSorted(values), sign+column)
				slices.Sort(ids)
				require.Len(t, slices.Compact(ids), 47, sign+column)
			}
		}
		srv.Run(t, []apitest.Case{
			{Name: "an order that is none", Call: apitest.Call{As: "owner", Path: list("sort", "name")}, Status: 422, Has: []string{"people.sort"}},
			{Name: "SQL as order", Call: apitest.Call{As: "owner", Path: list("sort", "id; DROP TABLE person")}, Status: 422},
			{Name: "a made-up cursor", Call: apitest.Call{As: "owner", Path: list("cursor", "!!")}, Status: 400, Has: []string{"request.cursor"}},
			{Name: "a cursor of something else", Call: apitest.Call{As: "owner", Path: list("cursor", "ImEi")}, Status: 400},
			{Name: "too many at once", Call: apitest.Call{As: "owner", Path: list("limit", "501")}, Status: 422},
			{Name: "a person that never was", Call: apitest.Call{As: "owner", Path: "/people/999999"}, Status: 404, Has: []string{"person.not_found"}},
			{Name: "its timeline", Call: apitest.Call{As: "owner", Path: "/people/999999/timeline"}, Status: 404},
			{Name: "no number", Call: apitest.Call{As: "owner", Path: "/people/mei"}, Status: 422},
		})
		// The timeline pages the same way, also where times are equal.
		var many []event.Event
		for i := range 23 {
			many = append(many, event.Event{ID: fmt.Sprintf("t%02d", i), Type: event.Track, Name: []string{"A", "B"}[i%2], Time: int64(1_000_000 * (i / 4)), Received: 1, Identities: []event.Identity{{Kind: event.UserID, Value: "busy"}}})
		}
		p.Send(t, many...)
		var who person.Person
		srv.Do(t, apitest.Call{As: "owner", Path: "/people/find?kind=user_id&value=busy"}).JSON(t, &who)
		for name, want := range map[string]int{"": 23, "A": 12, "C": 0} {
			var ids []string
			for cursor := ""; ; {
				var page struct {
					Items []person.EventView
					Next  string
				}
				srv.Do(t, apitest.Call{As: "owner", Path: fmt.Sprintf("/people/%d/timeline?limit=4&name=%s&cursor=%s", who.ID, name, cursor)}).JSON(t, &page)
				for _, e := range page.Items {
					ids = append(ids, fmt.Sprint(e.Time.UnixMicro(), e.ID))
				}
				if cursor = page.Next; cursor == "" {
					break
				}
			}
			require.Len(t, ids, want)
			require.True(t, slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) }), ids)
			require.Len(t, slices.Compact(ids), want)
		}
	})
}
