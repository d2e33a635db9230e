package segment_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/segment"
)

// crowd are four people: a and b from Hangzhou, b and c with orders, d with a visit only.
func crowd(t testing.TB, p *ruletest.Pool) {
	t.Helper()
	p.Send(t,
		event.Event{ID: "a", Type: event.Identify, Name: event.Identified, Identities: append(ruletest.User("a"), event.Identity{Kind: event.Phone, Value: "+8613800138000"}), Traits: []byte(`{"city":"杭州","name":"安"}`)},
		event.Event{ID: "b", Type: event.Identify, Name: event.Identified, Identities: ruletest.User("b"), Traits: []byte(`{"city":"杭州","name":"贝"}`)},
		event.Event{ID: "b1", Name: event.OrderCompleted, Identities: ruletest.User("b"), Properties: []byte(`{"revenue":120.5,"sku":"T1"}`)},
		event.Event{ID: "c1", Name: event.OrderCompleted, Identities: ruletest.User("c"), Properties: []byte(`{"revenue":80,"sku":"T2"}`)},
		event.Event{ID: "d1", Type: event.Page, Name: event.PageViewed, Identities: ruletest.User("d")},
	)
}

type call = apitest.Call

func post(as, path string, body any) call {
	return call{As: as, Method: "POST", Path: path, Body: body}
}

// A segment from its making over an event that lets somebody in, its people, reasons and sizes, to its versions, pause and archive; and
// everything that is refused on the way.
func TestStory(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		crowd(t, p)
		srv := apitest.Start(t, p.Routes)
		srv.NobodyEnters(t)
		buyers := map[string]any{"key": "buyers", "title": "下过单的人", "rule": `count("Order Completed","30d")>=1`}
		srv.Run(t, []apitest.Case{
			{Name: "no title", Call: post("operator", "/segments", map[string]any{"title": "", "rule": "true"}), Status: 422},
			{Name: "a rule that is none", Call: post("operator", "/segments", map[string]any{"title": "x", "rule": "count("}), Status: 422, Has: []string{"rule.invalid", "body.rule"}},
			{Name: "an event that nobody knows", Call: post("operator", "/segments", map[string]any{"title": "x", "rule": `count("Order Complete", "30d") >= 1`}), Status: 422, Has: []string{"rule.invalid", "Order Completed"}},
			{Name: "a segment that is not there", Call: post("operator", "/segments", map[string]any{"title": "x", "rule": `in_segment("none")`}), Status: 422, Has: []string{"rule.invalid"}},
			{Name: "a key that cannot be one", Call: post("operator", "/segments", map[string]any{"key": "a b", "title": "x", "rule": "true"}), Status: 422, Has: []string{"segment.invalid"}},
			{Name: "an analyst makes none", Call: post("analyst", "/segments", buyers), Status: 403},
			{Name: "made", Call: call{As: "operator", Method: "POST", Path: "/segments", Body: buyers, Header: map[string]string{"Idempotency-Key": "k1"}}, Status: 201, Has: []string{`count(\"Order Completed\", \"30d\") >= 1`, `"version":1`}},
			{Name: "made again by the same request", Call: call{As: "operator", Method: "POST", Path: "/segments", Body: buyers, Header: map[string]string{"Idempotency-Key": "k1"}}, Status: 201, Has: []string{`"key":"buyers"`}},
			{Name: "the same key for another request", Call: call{As: "operator", Method: "POST", Path: "/segments", Body: map[string]any{"title": "y", "rule": "true"}, Header: map[string]string{"Idempotency-Key": "k1"}}, Status: 409, Has: []string{"request.idempotency_key"}},
			{Name: "made once more", Call: post("operator", "/segments", buyers), Status: 409, Has: []string{"segment.exists"}},
			{Name: "its rule names itself", Call: call{As: "operator", Method: "PUT", Path: "/segments/buyers", Body: map[string]any{"title": "x", "rule": `in_segment("buyers")`}}, Status: 422, Has: []string{"rule.cycle", "segment/buyers"}},
			{Name: "one that is not there", Call: call{As: "analyst", Path: "/segments/none"}, Status: 404, Has: []string{"segment.not_found"}},
		})
		p.Settle(t)
		srv.Run(t, []apitest.Case{
			{Name: "two people", Call: call{As: "analyst", Path: "/segments/buyers"}, Status: 200, Has: []string{`"people":2`, `"share":0.5`, `"entered_today":2`, `"state":"ready"`, "近 30 天", "last 30 days"}},
			{Name: "their list", Call: call{As: "analyst", Path: "/segments/buyers/people"}, Status: 200, Has: []string{`"total":2`, `"since"`}, HasNot: []string{`"安"`}},
			{Name: "paged", Call: call{As: "analyst", Path: "/segments/buyers/people?limit=1"}, Status: 200, Has: []string{`"total":2`, `"next":"`}, HasNot: []string{`"next":""`}},
		})
		p.Clock.Add(time.Hour)
		p.Send(t, event.Event{ID: "a1", Name: event.OrderCompleted, Identities: ruletest.User("a"), Properties: []byte(`{"revenue":10}`)})
		p.Settle(t)
		a, d := p.Person(t, "a"), p.Person(t, "d")
		srv.Run(t, []apitest.Case{
			{Name: "a has entered", Call: call{As: "analyst", Path: "/segments/buyers/people?change=entered&limit=1"}, Status: 200, Has: []string{`"total":3`, `"at":"`}},
			{Name: "why a is in", Call: call{As: "analyst", Path: path("/segments/buyers/why/", a)}, Status: 200, Has: []string{`"in":true`, `"holds":true`, `"since":"20`, `"actual":[{`}},
			{Name: "why d is not", Call: call{As: "analyst", Path: path("/segments/buyers/why/", d)}, Status: 200, Has: []string{`"in":false`, `"holds":false`, `"since":null`, `"lack":{`}},
			{Name: "why nobody is", Call: call{As: "analyst", Path: "/segments/buyers/why/999"}, Status: 404, Has: []string{"person.not_found"}},
			{Name: "size", Call: call{As: "analyst", Path: "/segments/buyers/size"}, Status: 200, Has: []string{`"people":3,"entered":3,"left":0`, `"people":0,"entered":0`}},
			{Name: "a day that is none", Call: call{As: "analyst", Path: "/segments/buyers/size?from=x"}, Status: 422, Has: []string{"range.invalid"}},
			{Name: "exported, phone masked", Call: call{As: "analyst", Path: "/segments/buyers/export.csv?columns=name,phone"}, Status: 200, Has: []string{"name,phone,since", "****"}, HasNot: []string{"13800138000"}},
			{Name: "exported in full", Call: call{As: "operator", Path: "/segments/buyers/export.csv?columns=name,phone"}, Status: 200, Has: []string{"+8613800138000"}},
			{Name: "the export was noted", Call: call{As: "owner", Path: "/audit"}, Status: 200, Has: []string{"segment.export", "definition.put"}},
		})
		stale(t, srv)
		snapshots(t, p, srv)
	})
}

func path(before string, id int64) string {
	var digits []byte
	for ; id > 0; id /= 10 {
		digits = append([]byte{byte('0' + id%10)}, digits...)
	}
	return before + string(digits)
}

// stale edits, pauses and archives.
func stale(t *testing.T, srv *apitest.Server) {
	t.Helper()
	put := func(tag string) call {
		return call{As: "operator", Method: "PUT", Path: "/segments/buyers", Body: map[string]any{"title": "买过", "rule": `count("Order Completed", "all") >= 1`}, Header: map[string]string{"If-Match": tag}}
	}
	srv.Run(t, []apitest.Case{
		{Name: "edited", Call: put(`"v1"`), Status: 200, Has: []string{`"version":2`, "买过"}},
		{Name: "edited by another meanwhile", Call: put(`"v1"`), Status: 412, Has: []string{"define.stale"}},
		{Name: "versions", Call: call{As: "analyst", Path: "/definitions/segment/buyers/versions"}, Status: 200, Has: []string{`"path":"rule"`}},
		{Name: "rolled back", Call: post("operator", "/definitions/segment/buyers/rollback", map[string]any{"version": 1}), Status: 200, Has: []string{`"version":3`}},
		{Name: "as it was", Call: call{As: "analyst", Path: "/segments/buyers"}, Status: 200, Has: []string{"下过单的人"}},
		{Name: "another names it", Call: post("operator", "/segments", map[string]any{"key": "not-buyers", "title": "没买过", "rule": `!in_segment("buyers")`}), Status: 201},
		{Name: "a circle of two", Call: call{As: "operator", Method: "PUT", Path: "/segments/buyers", Body: map[string]any{"title": "x", "rule": `in_segment("not-buyers")`}}, Status: 422, Has: []string{"rule.cycle", "segment/buyers → segment/not-buyers → segment/buyers"}},
		{Name: "in use", Call: post("operator", "/segments/buyers/state", map[string]any{"state": "archived"}), Status: 409, Has: []string{"rule.in_use", "没买过"}},
		{Name: "uses", Call: call{As: "analyst", Path: "/rules/uses?owner=segment&key=buyers"}, Status: 200, Has: []string{"not-buyers"}},
		{Name: "paused", Call: post("operator", "/segments/not-buyers/state", map[string]any{"state": "paused"}), Status: 200, Has: []string{`"state":"paused"`}},
		{Name: "no such state", Call: post("operator", "/segments/not-buyers/state", map[string]any{"state": "gone"}), Status: 422},
		{Name: "archived", Call: post("operator", "/segments/not-buyers/state", map[string]any{"state": "archived"}), Status: 200},
		{Name: "not in lists", Call: call{As: "analyst", Path: "/segments"}, Status: 200, Has: []string{"buyers"}, HasNot: []string{"not-buyers"}},
		{Name: "unless asked for", Call: call{As: "analyst", Path: "/segments?state=archived"}, Status: 200, Has: []string{"not-buyers"}},
		{Name: "its people are gone", Call: call{As: "analyst", Path: "/segments/not-buyers/people"}, Status: 409, Has: []string{"segment.archived"}},
		{Name: "rules cannot name it", Call: post("analyst", "/rules/check", map[string]any{"text": `in_segment("not-buyers")`}), Status: 200, Has: []string{`"ok":false`}},
	})
}

// snapshots stand still, and segments are laid over each other.
func snapshots(t *testing.T, p *ruletest.Pool, srv *apitest.Server) {
	t.Helper()
	p.Settle(t)
	srv.Run(t, []apitest.Case{
		{Name: "taken", Call: post("operator", "/segments/buyers/snapshot", map[string]any{"key": "then", "title": "那时"}), Status: 201, Has: []string{`"mode":"static"`, `"of":"buyers"`}},
		{Name: "from a rule", Call: post("operator", "/segments", map[string]any{"key": "hz", "title": "杭州人", "rule": `person.city == "杭州"`, "mode": "static"}), Status: 201, Has: []string{`"taken_at":"20`}},
		{Name: "cannot be paused", Call: post("operator", "/segments/then/state", map[string]any{"state": "paused"}), Status: 409, Has: []string{"segment.static"}},
		{Name: "nor given another rule", Call: call{As: "operator", Method: "PUT", Path: "/segments/then", Body: map[string]any{"title": "x", "rule": "true"}}, Status: 409, Has: []string{"segment.static"}},
		{Name: "but another title", Call: call{As: "operator", Method: "PUT", Path: "/segments/then", Body: map[string]any{"title": "当时"}}, Status: 200, Has: []string{"当时"}},
	})
	p.Send(t, event.Event{ID: "d2", Name: event.OrderCompleted, Identities: ruletest.User("d"), Properties: []byte(`{"revenue":10}`)})
	p.Settle(t)
	d := p.Person(t, "d")
	srv.Run(t, []apitest.Case{
		{Name: "one more buyer", Call: call{As: "analyst", Path: "/segments/buyers"}, Status: 200, Has: []string{`"people":4`}},
		{Name: "not in the snapshot", Call: call{As: "analyst", Path: "/segments/then"}, Status: 200, Has: []string{`"people":3`}},
		{Name: "why", Call: call{As: "analyst", Path: path("/segments/then/why/", d)}, Status: 200, Has: []string{`"in":false`, `"holds":true`, "snapshot of"}},
		{Name: "overlap of one", Call: post("analyst", "/segments/overlap", map[string]any{"segments": []string{"then"}}), Status: 422, Has: []string{"segment.overlap"}},
		{Name: "overlap of the same", Call: post("analyst", "/segments/overlap", map[string]any{"segments": []string{"then", "then"}}), Status: 422, Has: []string{"segment.overlap"}},
		{Name: "overlap of an unknown", Call: post("analyst", "/segments/overlap", map[string]any{"segments": []string{"then", "none"}}), Status: 404},
	})
	got := srv.Do(t, post("analyst", "/segments/overlap", map[string]any{"segments": []string{"buyers", "then", "hz"}}))
	var o segment.Overlap
	got.JSON(t, &o)
	want := map[string]int64{"buyers then hz": 2, "buyers then": 1, "buyers": 1} // a, b; c; d
	for _, r := range o.Regions {
		require.Equal(t, want[strings.Join(r.In, " ")], r.People, "%v", r.In)
		count := srv.Do(t, post("analyst", "/rules/count", map[string]any{"text": r.Rule}))
		var n struct{ Count, Total int64 }
		count.JSON(t, &n)
		require.Equal(t, r.People, n.Count, "%s", r.Rule)
		require.EqualValues(t, 4, n.Total)
	}
	require.Len(t, o.Regions, len(want))
	require.EqualValues(t, 4, o.Union)
	require.Zero(t, o.Outside)
}
