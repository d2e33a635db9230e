package tier_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/tag"
	"github.com/huoshui/huoshui/internal/pool/tier"
)

type (
	call   = apitest.Call
	object = map[string]any
)

func post(as, path string, body any) call {
	return call{As: as, Method: "POST", Path: path, Body: body}
}

// order is one purchase.
func order(id, user string, revenue float64) event.Event {
	return event.Event{ID: id, Name: event.OrderCompleted, Identities: ruletest.User(user), Properties: fmt.Appendf(nil, `{"revenue":%g}`, revenue)}
}

func visit(id, user string) event.Event {
	return event.Event{ID: id, Type: event.Page, Name: event.PageViewed, Identities: ruletest.User(user)}
}

// value are three levels by number of orders.
func value(actions ...object) object {
	return object{"key": "value", "title": "价值", "levels": []object{
		{"key": "high", "title": "高", "rule": `count("Order Completed", "30d") >= 2`, "strategy": "专属服务", "actions": actions},
		{"key": "some", "title": "中", "rule": `count("Order Completed", "30d") >= 1`},
		{"key": "none", "title": "无"},
	}}
}

func with(o object, key string, value any) object {
	out := maps.Clone(o)
	out[key] = value
	return out
}

// A dimension from its making to flows and reasons over HTTP, and everything that is refused on the way.
func TestStory(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		p.Send(t, visit("a0", "a"), order("b1", "b", 10), order("c1", "c", 10), order("c2", "c", 10))
		srv := apitest.Start(t, p.Routes)
		srv.NobodyEnters(t)
		levels := func(levels ...object) object { return object{"key": "x", "title": "x", "levels": levels} }
		two := object{"key": "rest", "title": "其余"}
		yes := object{"key": "yes", "title": "是", "rule": "true"}
		srv.Run(t, []apitest.Case{
			{Name: "an analyst makes none", Call: post("analyst", "/tiers", value()), Status: 403},
			{Name: "one level", Call: post("operator", "/tiers", levels(two)), Status: 422, Has: []string{"tier.invalid", "body.levels"}},
			{Name: "a level without rule", Call: post("operator", "/tiers", levels(object{"key": "a", "title": "a"}, two)), Status: 422, Has: []string{"rule.invalid", "body.levels[0].rule"}},
			{Name: "a rule on the last", Call: post("operator", "/tiers", levels(yes, yes)), Status: 422, Has: []string{"everyone else", "two levels"}},
			{Name: "a wrong rule", Call: post("operator", "/tiers", levels(object{"key": "a", "title": "a", "rule": `cuont("Order Completed", "30d") > 1`}, two)), Status: 422, Has: []string{"rule.invalid", "body.levels[0].rule"}},
			{Name: "a rule about itself", Call: post("operator", "/tiers", levels(object{"key": "a", "title": "a", "rule": `tier("x") == "a"`}, two)), Status: 422},
			{Name: "too long a stay", Call: post("operator", "/tiers", with(value(), "stay_days", 366)), Status: 422, Has: []string{"stay_days"}},
			{Name: "a negative grace", Call: post("operator", "/tiers", with(value(), "grace_days", -1)), Status: 422, Has: []string{"grace_days"}},
			{Name: "a word of the system", Call: post("operator", "/tiers", with(value(), "key", "rfm")), Status: 422, Has: []string{"body.key"}},
			{Name: "an unknown template", Call: post("operator", "/tiers", object{"title": "x", "template": "horoscope"}), Status: 422},
			{Name: "an unknown action", Call: post("operator", "/tiers", value(object{"on": "enter", "action": "fly", "params": object{}})), Status: 422, Has: []string{"body.levels[0].actions[0].action"}},
			{Name: "an action without its tag", Call: post("operator", "/tiers", value(object{"on": "enter", "action": "tag.add", "params": object{"tag": "none"}})), Status: 422, Has: []string{"no tag"}},
			{Name: "made", Call: call{As: "operator", Method: "POST", Path: "/tiers", Body: value(), Header: map[string]string{"Idempotency-Key": "1"}}, Status: 201, Has: []string{`"version":1`, "专属服务"}},
			{Name: "made by the same request", Call: call{As: "operator", Method: "POST", Path: "/tiers", Body: value(), Header: map[string]string{"Idempotency-Key": "1"}}, Status: 201, Has: []string{`"version":1`}},
			{Name: "made again", Call: post("operator", "/tiers", value()), Status: 409, Has: []string{"tier.exists"}},
			{Name: "not there", Call: call{As: "analyst", Path: "/tiers/none"}, Status: 404, Has: []string{"tier.not_found"}},
		})
		p.Settle(t)
		srv.Run(t, []apitest.Case{
			{Name: "distribution", Call: call{As: "analyst", Path: "/tiers/value"}, Status: 200, Has: []string{`"people":3`, `"share":0.333`, `"state":"ready"`}},
			{Name: "its people", Call: call{As: "analyst", Path: "/tiers/value/people?level=high"}, Status: 200, Has: []string{`"total":1`, `"level":"high"`}},
			{Name: "no such level", Call: call{As: "analyst", Path: "/tiers/value/people?level=top"}, Status: 404},
			{Name: "export", Call: call{As: "analyst", Path: "/tiers/value/export.csv?columns=id"}, Status: 200, Has: []string{"id,level,since", "高", "中", "无"}},
		})
		p.Clock.Add(24 * time.Hour)
		p.Settle(t)
		p.Send(t, order("b2", "b", 5), order("a1", "a", 5), visit("d", "d"))
		p.Settle(t)
		p.Clock.Add(29*24*time.Hour + time.Minute) // c's orders of the first day are too old now
		p.Settle(t)
		srv.Run(t, []apitest.Case{
			{Name: "flow", Call: call{As: "analyst", Path: "/tiers/value/flow?from=2026-10-02&to=2026-10-31"}, Status: 200, Has: []string{
				`{"from":"high","to":"none","people":1}`, `{"from":"none","to":"some","people":1}`, `"moved":`, `"rose":1`, `"fell":1`,
			}},
			{Name: "sizes", Call: call{As: "analyst", Path: "/tiers/value/size?from=2026-09-30&to=2026-10-02"}, Status: 200, Has: []string{
				`{"date":"2026-09-30","people":[0,0,0]}`, `{"date":"2026-10-01","people":[1,1,1]}`, `{"date":"2026-10-02","people":[2,1,1]}`,
			}},
			{Name: "who left", Call: call{As: "analyst", Path: "/tiers/value/people?level=high&change=left"}, Status: 200, Has: []string{`"from":"high"`}},
			{Name: "who left what", Call: call{As: "analyst", Path: "/tiers/value/people?change=left"}, Status: 422},
			{Name: "why", Call: call{As: "analyst", Path: fmt.Sprintf("/tiers/value/why/%d", p.Person(t, "c"))}, Status: 200, Has: []string{`"level":"none"`, `"by_rule":"none"`, `"lack":{`, "其余所有人"}},
			{Name: "standing", Call: call{As: "analyst", Path: fmt.Sprintf("/people/%d/standing", p.Person(t, "a"))}, Status: 200, Has: []string{`"level":"some"`, `"level_title":"中"`}},
			{Name: "its history", Call: call{As: "analyst", Path: fmt.Sprintf("/people/%d/standing/history", p.Person(t, "a"))}, Status: 200, Has: []string{`"from_title":"无"`, `"to_title":"中"`}},
			{Name: "edited", Call: call{As: "operator", Method: "PUT", Path: "/tiers/value", Body: with(value(), "grace_days", 3), Header: map[string]string{"If-Match": `"v1"`}}, Status: 200, Has: []string{`"grace_days":3`, `"version":2`}},
			{Name: "stale", Call: call{As: "operator", Method: "PUT", Path: "/tiers/value", Body: value(), Header: map[string]string{"If-Match": `"v1"`}}, Status: 412},
			{Name: "no quantiles", Call: post("operator", "/tiers/value/cutoffs", nil), Status: 409, Has: []string{"tier.no_quantiles"}},
			{Name: "paused", Call: post("operator", "/tiers/value/state", object{"state": "paused"}), Status: 200, Has: []string{`"state":"paused"`}},
			{Name: "archived", Call: post("operator", "/tiers/value/state", object{"state": "archived"}), Status: 200},
			{Name: "not in lists", Call: call{As: "analyst", Path: "/tiers"}, Status: 200, HasNot: []string{`"value"`}},
			{Name: "its people are gone", Call: call{As: "analyst", Path: "/tiers/value/people"}, Status: 409, Has: []string{"tier.archived"}},
		})
	})
}

// Who comes to a level or leaves it gets what the level's actions say, once; who was there at the first filling does not, and an action whose
// tag has gone is left out without holding up the others.
func TestActions(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		ctx := ruletest.Owner(t)
		p.Send(t, order("a1", "a", 1), order("a2", "a", 1), visit("b", "b"))
		for _, k := range []string{"rich", "was", "lost"} {
			_, err := p.Tags.Create(ctx, tag.CreateInput{Key: k, Title: k}, "")
			require.NoError(t, err)
		}
		does := func(on, what, tag string) tier.Action {
			return tier.Action{On: on, Action: what, Params: json.RawMessage(`{"tag":"` + tag + `"}`)}
		}
		_, err := p.Tiers.Create(ctx, tier.Input{Key: "v", Title: "v", Levels: []tier.LevelInput{
			{
				Key: "high", Title: "high", Rule: `count("Order Completed", "7d") >= 2`,
				Actions: []tier.Action{does("enter", "tag.add", "lost"), does("enter", "tag.add", "rich"), does("leave", "tag.remove", "rich"), does("leave", "tag.add", "was")},
			},
			{Key: "rest", Title: "rest"},
		}}, "")
		require.NoError(t, err)
		require.NoError(t, p.Tiers.Act(ctx))
		p.Settle(t)
		require.NoError(t, p.Tiers.Act(ctx))
		require.Empty(t, tags(t, p, "a"), "the first filling")
		_, err = p.Tags.SetState(ctx, "lost", "archived", 0)
		require.NoError(t, err)
		p.Send(t, order("b1", "b", 1), order("b2", "b", 1))
		p.Settle(t)
		require.NoError(t, p.Tiers.Act(ctx))
		require.Equal(t, []string{"rich"}, tags(t, p, "b"))
		_, err = p.Tags.Change(ctx, p.Person(t, "b"), tag.PersonInput{Remove: []string{"rich"}})
		require.NoError(t, err)
		require.NoError(t, p.Tiers.Act(ctx))
		require.Empty(t, tags(t, p, "b"), "once")
		p.Clock.Add(8 * 24 * time.Hour)
		p.Settle(t)
		require.NoError(t, p.Tiers.Act(ctx))
		require.Equal(t, []string{"was"}, tags(t, p, "a"))
		require.Equal(t, []string{"was"}, tags(t, p, "b"))
	})
}

func tags(t testing.TB, p *ruletest.Pool, user string) []string {
	t.Helper()
	st, err := p.Belonging.Of(t.Context(), p.Person(t, user))
	require.NoError(t, err)
	var keys []string
	for _, one := range st.Tags {
		keys = append(keys, one.Key)
	}
	return keys
}

// Every template makes rules that parse, that count everybody once, and that the dimension then keeps.
func TestTemplates(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	ctx := ruletest.Owner(t)
	for _, v := range tier.Templates() {
		_, err := p.Tiers.Preview(ctx, v.Template, nil)
		if v.Template == tier.ByRFM || v.Template == tier.BySpend {
			require.Equal(t, "tier.no_buyers", fault.CodeOf(err), "%s", v.Template)
			_, err = p.Tiers.Preview(ctx, v.Template, tier.Params{"by": json.RawMessage(`"fixed"`)})
		}
		require.NoError(t, err, "an empty pool, %s", v.Template)
	}
	now := p.Clock.Now()
	var all []event.Event
	for i := range 40 {
		user := fmt.Sprint("u", i)
		all = append(all, visit(fmt.Sprint("v", i), user))
		for n := range i % 5 {
			e := order(fmt.Sprint("o", i, "-", n), user, float64(100*(i+1)))
			e.Time = now.Add(-time.Duration(i*7+n*3) * 24 * time.Hour).UnixMicro()
			all = append(all, e)
		}
	}
	p.Send(t, append(all, event.Event{ID: "cart", Name: "Product Added", Identities: ruletest.User("u3")})...)
	for _, v := range tier.Templates() {
		seen, err := p.Tiers.Preview(ctx, v.Template, nil)
		require.NoError(t, err, "%s", v.Template)
		require.EqualValues(t, 40, seen.Total)
		var sum int64
		want := map[string]int64{}
		for _, c := range seen.Counts {
			sum += c.People
			want[c.Level] = c.People
		}
		require.EqualValues(t, 40, sum, "%s", v.Template)
		made, err := p.Tiers.Create(ctx, tier.Input{Key: "my-" + string(v.Template), Title: string(v.Template), Template: v.Template}, "")
		require.NoError(t, err, "%s", v.Template)
		p.Settle(t)
		made, err = p.Tiers.Get(ctx, made.Key)
		require.NoError(t, err)
		got := map[string]int64{}
		for i, l := range made.Levels {
			got[l.Key] = l.People
			require.NotEmpty(t, l.Strategy, l.Key)
			require.NotEmpty(t, l.Color, l.Key)
			require.Equal(t, i == len(made.Levels)-1, l.Rule == nil)
		}
		require.Equal(t, want, got, "%s", v.Template)
		require.Equal(t, v.Template == tier.ByRFM || v.Template == tier.BySpend, made.Cutoffs != nil)
	}
	for name, in := range map[string]struct {
		template tier.Template
		params   string
	}{
		"an unknown parameter":  {tier.ByActivity, `{"x":1}`},
		"a text for a number":   {tier.ByActivity, `{"core_days":"many"}`},
		"core before active":    {tier.ByActivity, `{"core_days":2,"active_days":3}`},
		"a window that is none": {tier.ByActivity, `{"window":"a week"}`},
		"amounts that fall":     {tier.BySpend, `{"by":"fixed","amounts":[5,3]}`},
		"a quantile of two":     {tier.ByRFM, `{"quantile":2}`},
		"another choice":        {tier.ByRFM, `{"by":"luck"}`},
		"events never seen":     {tier.ByIntention, `{"intent":["Flew"]}`},
		"silent before drowsy":  {tier.ByLifecycle, `{"silent":20}`},
		"half a day":            {tier.ByLifecycle, `{"active":2.5}`},
	} {
		var params tier.Params
		require.NoError(t, json.Unmarshal([]byte(in.params), &params))
		_, err := p.Tiers.Preview(ctx, in.template, params)
		require.Equal(t, "tier.params", fault.CodeOf(err), name)
	}
}

// Quantiles are taken anew when asked, and by themselves when a week or month is over; titles and strategies that people wrote stay.
func TestRefresh(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	ctx := ruletest.Owner(t)
	p.Send(t, order("a", "a", 100), order("b", "b", 200), order("c", "c", 300))
	made, err := p.Tiers.Create(ctx, tier.Input{Key: "spend", Title: "消费", Template: tier.BySpend, Params: tier.Params{"quantiles": json.RawMessage("[0.5]"), "refresh": json.RawMessage(`"weekly"`)}}, "")
	require.NoError(t, err)
	require.InDelta(t, 200, made.Cutoffs.Values[0].Value, 0)
	in := tier.Input{Title: "消费", Template: tier.BySpend, Params: made.Params}
	for _, l := range made.Levels {
		one := tier.LevelInput{Key: l.Key, Title: l.Title + "！", Color: l.Color, Strategy: "我们自己的话"}
		if l.Rule != nil {
			one.Rule = l.Rule.Text
		}
		in.Levels = append(in.Levels, one)
	}
	made, err = p.Tiers.Update(ctx, "spend", in, made.Version)
	require.NoError(t, err)
	require.InDelta(t, 200, made.Cutoffs.Values[0].Value, 0)
	p.Send(t, order("d", "d", 1000), order("e", "e", 2000))
	require.NoError(t, p.Tiers.RefreshDue(ctx))
	same, err := p.Tiers.Get(ctx, "spend")
	require.NoError(t, err)
	require.Equal(t, made.Version, same.Version, "the week is not over")
	monday := p.Clock.Now().AddDate(0, 0, 8-int(calendar.DayOf(p.Clock.Now(), ruletest.Zone()).Weekday()))
	p.Clock.Set(monday)
	require.NoError(t, p.Tiers.RefreshDue(ctx))
	got, err := p.Tiers.Get(ctx, "spend")
	require.NoError(t, err)
	require.Equal(t, made.Version+1, got.Version)
	require.InDelta(t, 300, got.Cutoffs.Values[0].Value, 0)
	require.Contains(t, got.Levels[0].Rule.Text, ">= 300")
	require.Equal(t, "我们自己的话", got.Levels[0].Strategy)
	require.Equal(t, "system", got.Author)
	got, err = p.Tiers.Refresh(ctx, "spend", 0)
	require.NoError(t, err)
	require.InDelta(t, 300, got.Cutoffs.Values[0].Value, 0)
}
