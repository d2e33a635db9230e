package tag_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/tag"
)

type call = apitest.Call

func post(as, path string, body any) call {
	return call{As: as, Method: "POST", Path: path, Body: body}
}

type object = map[string]any

// people sends one visit of each user.
func people(t testing.TB, p *ruletest.Pool, users ...string) {
	t.Helper()
	events := make([]event.Event, len(users))
	for i, u := range users {
		events[i] = event.Event{ID: "visit-" + u, Type: event.Page, Name: event.PageViewed, Identities: ruletest.User(u)}
	}
	p.Send(t, events...)
}

func newTag(t testing.TB, p *ruletest.Pool, in tag.CreateInput) {
	t.Helper()
	_, err := p.Tags.Create(ruletest.Owner(t), in, "")
	require.NoError(t, err)
}

// has are the keys of the tags that a user has, by title.
func has(t testing.TB, p *ruletest.Pool, user string) []string {
	t.Helper()
	st, err := p.Belonging.Of(t.Context(), p.Person(t, user))
	require.NoError(t, err)
	keys := []string{}
	for _, one := range st.Tags {
		keys = append(keys, one.Key)
	}
	slices.Sort(keys)
	return keys
}

func change(t testing.TB, p *ruletest.Pool, user string, in tag.PersonInput) {
	t.Helper()
	_, err := p.Tags.Change(ruletest.Owner(t), p.Person(t, user), in)
	require.NoError(t, err)
}

// told are the events about tags in the outbox.
func told(t testing.TB, p *ruletest.Pool) []string {
	t.Helper()
	rows, err := p.State.Query(t.Context(), "SELECT body FROM outbox ORDER BY id")
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // reading
	var out []string
	for rows.Next() {
		var body []byte
		require.NoError(t, rows.Scan(&body))
		events, err := event.Decode(nil, body)
		require.NoError(t, err)
		for _, e := range events {
			require.Equal(t, event.Signal, e.Type)
			tagged := event.Property(e.Properties, "tag").Text
			out = append(out, fmt.Sprintf("%s %s %s", e.Identities[0].Value, e.Name, tagged))
		}
	}
	require.NoError(t, rows.Err())
	return out
}

// A tag from its making to its archive over HTTP, and everything that is refused on the way.
func TestStory(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		people(t, p, "a", "b", "c")
		srv := apitest.Start(t, p.Routes)
		srv.NobodyEnters(t)
		a := p.Person(t, "a")
		mine := fmt.Sprintf("/people/%d/tags", a)
		srv.Run(t, []apitest.Case{
			{Name: "a group", Call: post("operator", "/tag-groups", object{"key": "mood", "title": "心情", "exclusive": true}), Status: 201, Has: []string{`"exclusive":true`}},
			{Name: "the group again", Call: post("operator", "/tag-groups", object{"key": "mood", "title": "心情"}), Status: 409, Has: []string{"tag_group.exists"}},
			{Name: "an analyst makes none", Call: post("analyst", "/tags", object{"title": "VIP"}), Status: 403},
			{Name: "a tag", Call: post("operator", "/tags", object{"title": "VIP 客户", "color": "#0e7c86"}), Status: 201, Has: []string{`"key":"vip-客户"`, `"mode":"manual"`}},
			{Name: "a colour that is none", Call: post("operator", "/tags", object{"title": "x", "color": "teal"}), Status: 422, Has: []string{"tag.invalid", "body.color"}},
			{Name: "a group that is not there", Call: post("operator", "/tags", object{"title": "x", "group": "none"}), Status: 404, Has: []string{"tag_group.not_found"}},
			{Name: "a manual tag with a rule", Call: post("operator", "/tags", object{"title": "x", "rule": "true"}), Status: 422, Has: []string{"body.rule"}},
			{Name: "a rule tag without one", Call: post("operator", "/tags", object{"title": "x", "mode": "rule"}), Status: 422, Has: []string{"rule.invalid"}},
			{Name: "a rule tag that expires", Call: post("operator", "/tags", object{"title": "x", "mode": "rule", "rule": "true", "expires_days": 3}), Status: 422, Has: []string{"body.expires_days"}},
			{Name: "a rule tag in an exclusive group", Call: post("operator", "/tags", object{"title": "x", "mode": "rule", "rule": "true", "group": "mood"}), Status: 422, Has: []string{"tag.exclusive_rule"}},
			{Name: "a rule tag", Call: post("operator", "/tags", object{"key": "visitor", "title": "来访", "mode": "rule", "rule": `count("Page Viewed", "7d") >= 1`}), Status: 201},
			{Name: "by hand, of a person", Call: post("operator", mine, object{"add": []string{"vip-客户"}, "note": "谈过"}), Status: 200, Has: []string{`"source":"hand"`, `"author":"operator@example.com"`, `"note":"谈过"`}},
			{Name: "by program", Call: post("service", mine, object{"add": []string{"vip-客户"}}), Status: 200},
			{Name: "a rule tag by hand", Call: post("operator", mine, object{"add": []string{"visitor"}}), Status: 409, Has: []string{"tag.by_rule"}},
			{Name: "an unknown tag", Call: post("operator", mine, object{"add": []string{"none"}}), Status: 404, Has: []string{"tag.not_found"}},
			{Name: "on and off at once", Call: post("operator", mine, object{"add": []string{"vip-客户"}, "remove": []string{"vip-客户"}}), Status: 422},
			{Name: "until yesterday", Call: post("operator", mine, object{"add": []string{"vip-客户"}, "until": "2020-01-01T00:00:00Z"}), Status: 422, Has: []string{"tag.until"}},
			{Name: "of nobody", Call: post("operator", "/people/999/tags", object{"add": []string{"vip-客户"}}), Status: 404, Has: []string{"person.not_found"}},
		})
		p.Settle(t)
		srv.Run(t, []apitest.Case{
			{Name: "standing", Call: call{As: "analyst", Path: fmt.Sprintf("/people/%d/standing", a)}, Status: 200, Has: []string{`"key":"visitor"`, `"source":"rule"`, `"key":"vip-客户"`}},
			{Name: "list", Call: call{As: "analyst", Path: "/tags"}, Status: 200, Has: []string{`"people":3`, `"people":1`, `"added_today":3`, `"groups":[{`}},
			{Name: "people", Call: call{As: "analyst", Path: "/tags/vip-客户/people"}, Status: 200, Has: []string{`"total":1`, `"source":"hand"`}},
			{Name: "of the rule", Call: call{As: "analyst", Path: "/tags/visitor/people?limit=2"}, Status: 200, Has: []string{`"total":3`, `"source":"rule"`}},
			{Name: "export", Call: call{As: "analyst", Path: "/tags/vip-客户/export.csv?columns=id"}, Status: 200, Has: []string{"id,since,until,source,author", "hand,operator@example.com"}},
			{Name: "history", Call: call{As: "analyst", Path: "/tags/vip-客户/history"}, Status: 200, Has: []string{`"change":"added"`}},
			{Name: "history of the person", Call: call{As: "analyst", Path: fmt.Sprintf("/people/%d/standing/history", a)}, Status: 200, Has: []string{`"cause":"activated"`, `"cause":"hand"`}},
			{Name: "taken off", Call: post("operator", mine, object{"remove": []string{"vip-客户"}}), Status: 200, HasNot: []string{"vip-客户"}},
			{Name: "and noted", Call: call{As: "analyst", Path: fmt.Sprintf("/people/%d/tags/history", a)}, Status: 200, Has: []string{`"change":"removed"`}},
			{Name: "audited", Call: call{As: "owner", Path: "/audit"}, Status: 200, Has: []string{"tag.add", "tag.remove", "tag.export"}},
			{Name: "used by a segment", Call: post("operator", "/segments", object{"key": "s", "title": "s", "rule": `has_tag("vip-客户")`}), Status: 201},
			{Name: "so not archived", Call: post("operator", "/tags/vip-客户/state", object{"state": "archived"}), Status: 409, Has: []string{"rule.in_use"}},
			{Name: "a manual tag is not paused", Call: post("operator", "/tags/vip-客户/state", object{"state": "paused"}), Status: 422},
			{Name: "its kind stays", Call: call{As: "operator", Method: "PUT", Path: "/tags/vip-客户", Body: object{"title": "VIP", "rule": "true"}}, Status: 422},
			{Name: "edited", Call: call{As: "operator", Method: "PUT", Path: "/tags/vip-客户", Body: object{"title": "VIP", "expires_days": 7}, Header: map[string]string{"If-Match": `"v1"`}}, Status: 200, Has: []string{`"version":2`}},
			{Name: "stale", Call: call{As: "operator", Method: "PUT", Path: "/tags/vip-客户", Body: object{"title": "VIP2"}, Header: map[string]string{"If-Match": `"v1"`}}, Status: 412, Has: []string{"define.stale"}},
		})
	})
}

// Of an exclusive group a person has the tag put on last; the one before goes, is told of, and is in the history as replaced.
func TestExclusive(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		people(t, p, "a")
		_, err := p.Tags.CreateGroup(ruletest.Owner(t), tag.GroupInput{Key: "size", Title: "尺码", Exclusive: true}, "")
		require.NoError(t, err)
		for _, k := range []string{"s", "m", "l"} {
			newTag(t, p, tag.CreateInput{Key: k, Title: k, Group: "size"})
		}
		newTag(t, p, tag.CreateInput{Key: "free", Title: "free"})
		change(t, p, "a", tag.PersonInput{Add: []string{"s", "free"}})
		change(t, p, "a", tag.PersonInput{Add: []string{"m"}})
		change(t, p, "a", tag.PersonInput{Add: []string{"m"}})
		require.Equal(t, []string{"free", "m"}, has(t, p, "a"))
		require.Equal(t, []string{"a Tag Added free", "a Tag Added s", "a Tag Removed s", "a Tag Added m"}, told(t, p))
		lines, err := p.Tags.History(t.Context(), tag.HistoryInput{Tag: "s", Before: 1 << 60, Limit: 10})
		require.NoError(t, err)
		require.Equal(t, []string{"replaced", "added"}, []string{lines[0].Change, lines[1].Change})

		// A second group that is not exclusive, with somebody who has two of its tags, cannot become so.
		_, err = p.Tags.CreateGroup(ruletest.Owner(t), tag.GroupInput{Key: "hobby", Title: "爱好"}, "")
		require.NoError(t, err)
		newTag(t, p, tag.CreateInput{Key: "tea", Title: "tea", Group: "hobby"})
		newTag(t, p, tag.CreateInput{Key: "art", Title: "art", Group: "hobby"})
		change(t, p, "a", tag.PersonInput{Add: []string{"tea", "art"}})
		_, err = p.Tags.UpdateGroup(ruletest.Owner(t), "hobby", tag.GroupInput{Title: "爱好", Exclusive: true}, 0)
		require.Equal(t, "tag.not_exclusive", fault.CodeOf(err))
		change(t, p, "a", tag.PersonInput{Remove: []string{"art"}})
		_, err = p.Tags.UpdateGroup(ruletest.Owner(t), "hobby", tag.GroupInput{Title: "爱好", Exclusive: true}, 0)
		require.NoError(t, err)
		_, err = p.Tags.SetGroupState(ruletest.Owner(t), "hobby", "archived", 0)
		require.Equal(t, "tag_group.in_use", fault.CodeOf(err))
	})
}

// A mark stays with its identity: who becomes one has what both had, of an exclusive group what was put on last, and who becomes two has
// again what each had.
func TestMerged(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		visitor := []event.Identity{{Kind: event.AnonymousID, Value: "cookie"}}
		p.Send(t, event.Event{ID: "1", Type: event.Page, Name: event.PageViewed, Identities: visitor})
		people(t, p, "a")
		_, err := p.Tags.CreateGroup(ruletest.Owner(t), tag.GroupInput{Key: "size", Title: "尺码", Exclusive: true}, "")
		require.NoError(t, err)
		for _, k := range []string{"s", "m"} {
			newTag(t, p, tag.CreateInput{Key: k, Title: k, Group: "size"})
		}
		newTag(t, p, tag.CreateInput{Key: "x", Title: "x"})
		newTag(t, p, tag.CreateInput{Key: "y", Title: "y"})
		cookie, err := p.Identity.Find(t.Context(), visitor[0], "CN")
		require.NoError(t, err)
		_, err = p.Tags.Change(ruletest.Owner(t), cookie, tag.PersonInput{Add: []string{"x", "s"}})
		require.NoError(t, err)
		p.Clock.Add(time.Minute)
		change(t, p, "a", tag.PersonInput{Add: []string{"y", "m"}})

		p.Send(t, event.Event{ID: "2", Type: event.Identify, Name: event.Identified, Identities: append(ruletest.User("a"), visitor...)})
		require.Equal(t, cookie, p.Person(t, "a"))
		require.Equal(t, []string{"m", "x", "y"}, has(t, p, "a"))
		for key, n := range map[string]uint64{"m": 1, "s": 0, "x": 1, "y": 1} {
			set, err := p.Tags.Members(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, n, set.GetCardinality(), key)
		}
		// Taken off one person, it is off all its identities; put on again, the hidden one is gone, too.
		change(t, p, "a", tag.PersonInput{Remove: []string{"x"}})
		require.Equal(t, []string{"m", "y"}, has(t, p, "a"))
		change(t, p, "a", tag.PersonInput{Add: []string{"s"}})
		require.Equal(t, []string{"s", "y"}, has(t, p, "a"))
	})
}

// A tag ends by its own days, counted as calendar days with the first one included, or by the moment said; the end is told and noted, and
// putting it on again later moves the end.
func TestExpiry(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		people(t, p, "a")
		newTag(t, p, tag.CreateInput{Key: "week", Title: "week", ExpiresDays: 2})
		newTag(t, p, tag.CreateInput{Key: "free", Title: "free"})
		_, err := p.Segments.Create(ruletest.Owner(t), segmentOf("tagged", `has_tag("week")`), "")
		require.NoError(t, err)
		p.Settle(t)
		change(t, p, "a", tag.PersonInput{Add: []string{"week", "free"}})
		p.Settle(t)
		who := uint64(p.Person(t, "a"))
		inside := func() bool {
			p.Settle(t)
			return p.Engine.Members(standing.Segment, "tagged", "").Contains(who)
		}
		require.True(t, inside(), "rules see it at once")
		soon := p.Clock.Now().Add(time.Hour)
		change(t, p, "a", tag.PersonInput{Add: []string{"free"}, Until: &soon})
		require.NoError(t, p.Tags.Expire(t.Context()))
		require.Equal(t, []string{"free", "week"}, has(t, p, "a"))
		p.Clock.Add(time.Hour)
		require.NoError(t, p.Tags.Expire(t.Context()))
		require.Equal(t, []string{"week"}, has(t, p, "a"))

		// It is noon: the second midnight from now ends it.
		today := p.Clock.Now().In(ruletest.Zone())
		end := time.Date(today.Year(), today.Month(), today.Day()+2, 0, 0, 0, 0, ruletest.Zone())
		p.Clock.Set(end.Add(-time.Microsecond))
		require.NoError(t, p.Tags.Expire(t.Context()))
		require.Equal(t, []string{"week"}, has(t, p, "a"))
		change(t, p, "a", tag.PersonInput{Add: []string{"week"}})
		p.Clock.Set(end)
		require.NoError(t, p.Tags.Expire(t.Context()))
		require.Equal(t, []string{"week"}, has(t, p, "a"), "put on again yesterday")
		p.Clock.Add(24 * time.Hour)
		require.NoError(t, p.Tags.Expire(t.Context()))
		require.Empty(t, has(t, p, "a"))
		require.False(t, inside())
		lines, err := p.Tags.History(t.Context(), tag.HistoryInput{Tag: "week", Before: 1 << 60, Limit: 10})
		require.NoError(t, err)
		changes := []string{}
		for _, l := range lines {
			changes = append(changes, l.Change)
		}
		require.Equal(t, []string{"expired", "extended", "added"}, changes)
		var tags []string
		for _, line := range told(t, p) {
			if strings.Contains(line, "Tag") {
				tags = append(tags, line)
			}
		}
		require.Equal(t, []string{"a Tag Added free", "a Tag Added week", "a Tag Removed free", "a Tag Removed week"}, tags)
	})
}
