package tag_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/tag"
)

func segmentOf(key, rule string) segment.CreateInput {
	return segment.CreateInput{Key: key, Title: key, Rule: rule}
}

// Many people at once: by number, by segment, by rule; what is asked twice is done once; many more are done in the background.
func TestBulk(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		people(t, p, "a", "b", "c", "d")
		p.Send(t, event.Event{ID: "o", Name: event.OrderCompleted, Identities: ruletest.User("b"), Properties: []byte(`{"revenue":1}`)})
		newTag(t, p, tag.CreateInput{Key: "x", Title: "x"})
		_, err := p.Segments.Create(ruletest.Owner(t), segmentOf("buyers", `count("Order Completed", "all") >= 1`), "")
		require.NoError(t, err)
		p.Settle(t)
		srv := apitest.Start(t, p.Routes)
		run := func(body object) tag.RunView {
			t.Helper()
			var r tag.RunView
			got := srv.Do(t, post("operator", "/tags/x/people", body))
			require.Equal(t, 200, got.Status, got.Body)
			got.JSON(t, &r)
			require.Equal(t, "done", r.State)
			return r
		}
		r := run(object{"action": "add", "people": []int64{p.Person(t, "a"), p.Person(t, "c"), 999}})
		require.Equal(t, []int64{3, 2, 0, 1}, []int64{r.Total, r.Changed, r.Already, r.Unknown})
		r = run(object{"action": "add", "segment": "buyers"})
		require.EqualValues(t, 1, r.Changed)
		r = run(object{"action": "add", "rule": `count("Page Viewed", "all") >= 1`})
		require.Equal(t, []int64{4, 1, 3}, []int64{r.Total, r.Changed, r.Already})
		r = run(object{"action": "remove", "people": []int64{p.Person(t, "a")}})
		require.EqualValues(t, 1, r.Changed)
		require.Empty(t, has(t, p, "a"))
		require.Equal(t, []string{"x"}, has(t, p, "d"))

		key := map[string]string{"Idempotency-Key": "once"}
		body := object{"action": "add", "people": []int64{p.Person(t, "a")}}
		first := srv.Do(t, call{As: "operator", Method: "POST", Path: "/tags/x/people", Body: body, Header: key})
		require.Contains(t, first.Body, `"changed":1`)
		again := srv.Do(t, call{As: "operator", Method: "POST", Path: "/tags/x/people", Body: body, Header: key})
		require.Equal(t, first.Body, again.Body)
		srv.Run(t, []apitest.Case{
			{Name: "people and a segment", Call: post("operator", "/tags/x/people", object{"action": "add", "people": []int64{1}, "segment": "buyers"}), Status: 422, Has: []string{"tag.too_many"}},
			{Name: "nobody", Call: post("operator", "/tags/x/people", object{"action": "add"}), Status: 422, Has: []string{"tag.too_many"}},
			{Name: "an unknown segment", Call: post("operator", "/tags/x/people", object{"action": "add", "segment": "none"}), Status: 404, Has: []string{"segment.not_found"}},
			{Name: "no rule", Call: post("operator", "/tags/x/people", object{"action": "add", "rule": "1 +"}), Status: 422, Has: []string{"rule.invalid"}},
			{Name: "a run", Call: call{As: "analyst", Path: fmt.Sprintf("/tag-runs/%d", r.ID)}, Status: 200, Has: []string{`"action":"remove"`}},
			{Name: "no such run", Call: call{As: "analyst", Path: "/tag-runs/999"}, Status: 404, Has: []string{"tag.run_not_found"}},
			{Name: "an analyst", Call: post("analyst", "/tags/x/people", body), Status: 403},
		})
	})
}

// A file puts tags on people by any of their identities; rows that cannot be used are told with their line and reason.
func TestImport(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		p.Send(t,
			event.Event{ID: "1", Type: event.Identify, Name: event.Identified, Identities: append(ruletest.User("a"), event.Identity{Kind: event.Phone, Value: "+8613800138000"})},
			event.Event{ID: "2", Type: event.Identify, Name: event.Identified, Identities: ruletest.User("b")},
		)
		newTag(t, p, tag.CreateInput{Key: "vip", Title: "贵宾"})
		newTag(t, p, tag.CreateInput{Key: "auto", Title: "auto", Mode: tag.ByRule, Rule: "true"})
		srv := apitest.Start(t, p.Routes)
		send := func(path, body string) apitest.Reply {
			return srv.Do(t, call{As: "operator", Method: "POST", Path: path, Body: body, Header: map[string]string{"Content-Type": "text/csv"}})
		}
		got := send("/tag-imports", "\ufeffPhone,user_id,标签,until\n138 0013 8000,,贵宾,\n,b,vip;茶友,2030-01-31\n,nobody,vip,\n,b,auto,\n,b,vip,2001-01-01\n,b,,\n")
		var im tag.Imported
		require.Equal(t, 200, got.Status, got.Body)
		got.JSON(t, &im)
		require.Equal(t, []int64{6, 2, 1, 3}, []int64{im.Rows, im.People, im.UnknownPeople, im.UnknownTags})
		lines := []string{}
		for _, pr := range im.Problems {
			lines = append(lines, fmt.Sprintf("%d %s", pr.Line, pr.Code))
		}
		require.ElementsMatch(t, []string{"3 tag", "4 person", "5 tag", "6 until", "7 tag"}, lines)
		require.Contains(t, has(t, p, "a"), "vip")
		require.Contains(t, has(t, p, "b"), "vip")
		st, err := p.Belonging.Of(t.Context(), p.Person(t, "b"))
		require.NoError(t, err)
		require.Equal(t, tag.Import, st.Tags[len(st.Tags)-1].Source)
		require.Equal(t, "2030-02-01", st.Tags[len(st.Tags)-1].Until.In(ruletest.Zone()).Format("2006-01-02"))

		got = send("/tag-imports?create=true", "kind,value,tag\nuser_id,b,茶友\n")
		require.Equal(t, 200, got.Status, got.Body)
		require.Contains(t, has(t, p, "b"), "茶友")
		for name, body := range map[string]string{"nothing": "", "no tag": "phone\n1\n", "no identity": "tag,city\nvip,x\n"} {
			got := send("/tag-imports", body)
			require.Contains(t, []int{400, 422}, got.Status, name)
		}
		require.Equal(t, 403, srv.Do(t, call{As: "analyst", Method: "POST", Path: "/tag-imports", Body: "tag,phone\n", Header: map[string]string{"Content-Type": "text/csv"}}).Status)
	})
}

// What a crash left undone of a run is done after the start, and what was done before is not done again.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	people(t, p, "a", "b", "c")
	newTag(t, p, tag.CreateInput{Key: "x", Title: "x"})
	ids := []int64{p.Person(t, "a"), p.Person(t, "b"), p.Person(t, "c")}
	r, err := p.Tags.Start(ruletest.Owner(t), "x", tag.PeopleInput{Action: tag.Add, People: ids}, "")
	require.NoError(t, err)
	require.Equal(t, "done", r.State)
	change(t, p, "a", tag.PersonInput{Remove: []string{"x"}})
	change(t, p, "b", tag.PersonInput{Remove: []string{"x"}})
	require.NoError(t, p.State.InTx(t.Context(), func(tx *state.Tx) error { // as if it had been killed after the first
		_, err := tx.Exec(t.Context(), "UPDATE tag_run SET state = 'running', next = ?, done = 1 WHERE id = ?", ids[0]+1, r.ID)
		return err
	}))
	p.Clock.Add(time.Minute)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Tags.Run(ctx) }()
	require.Eventually(t, func() bool {
		r, err = p.Tags.FindRun(t.Context(), r.ID)
		return err == nil && r.State == "done"
	}, time.Minute, 10*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
	require.Empty(t, has(t, p, "a"))
	require.Equal(t, []string{"x"}, has(t, p, "b"))
	require.EqualValues(t, 3, r.Done)
}
