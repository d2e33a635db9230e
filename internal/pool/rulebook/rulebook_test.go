package rulebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/tag"
)

type (
	call   = apitest.Call
	object = map[string]any
)

func post(as, path string, body any) call {
	return call{As: as, Method: "POST", Path: path, Body: body}
}

func brand(t testing.TB, p *ruletest.Pool) {
	t.Helper()
	p.Send(t,
		event.Event{
			ID: "1", Type: event.Identify, Name: event.Identified, Identities: append(ruletest.User("a"), event.Identity{Kind: event.Phone, Value: "+8613800138000"}),
			Traits:  []byte(`{"city":"杭州","age":30,"vip":true,"phone":"13800138000","$set_once":{"first_city":"上海"},"mixed":1,"home_address":"文三路 1 号"}`),
			Context: []byte(`{"channel":{"key":"wechat","class":"owned"}}`),
		},
		event.Event{ID: "2", Type: event.Identify, Name: event.Identified, Identities: ruletest.User("b"), Traits: []byte(`{"city":"上海","mixed":"x"}`)},
		event.Event{ID: "3", Name: event.OrderCompleted, Identities: ruletest.User("a"), Properties: []byte(`{"revenue":120,"sku":"T1","gift":false,"lines":[1,2]}`)},
		event.Event{ID: "4", Name: event.OrderCompleted, Identities: ruletest.User("a"), Properties: []byte(`{"revenue":80,"sku":"T1","buyer_phone":"13800138000"}`)},
		event.Event{ID: "5", Name: event.OrderCompleted, Identities: ruletest.User("b"), Properties: []byte(`{"revenue":80,"sku":"T2"}`)},
		event.Event{ID: "6", Type: event.Group, Name: event.Grouped, Identities: ruletest.User("a"), Traits: []byte(`{"company":"X"}`)},
	)
}

// Text, tree, sentence and problems of rules; counts with samples; reasons; and what each role may not learn.
func TestRules(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		brand(t, p)
		srv := apitest.Start(t, p.Routes)
		srv.NobodyEnters(t)
		tree := object{"op": "compare", "cmp": ">=", "left": object{"fn": "count", "event": "Order Completed", "window": "30d"}, "right": object{"fn": "lit", "value": 2}}
		srv.Run(t, []apitest.Case{
			{Name: "text", Call: post("analyst", "/rules/check", object{"text": `count("Order Completed","30d")>=2`}), Status: 200, Has: []string{
				`"ok":true`, `"text":"count(\"Order Completed\", \"30d\") >= 2"`, `"op":"compare"`, "近 30 天", `"events":["Order Completed"]`, `"window_days":30`, `"time_driven":true`, `"problems":[]`,
			}},
			{Name: "tree", Call: post("analyst", "/rules/check", object{"tree": tree}), Status: 200, Has: []string{`"ok":true`, `count(\"Order Completed\", \"30d\") >= 2`}},
			{Name: "text of a tree", Call: post("analyst", "/rules/text", object{"tree": tree}), Status: 200, Has: []string{`"text":"count(\"Order Completed\", \"30d\") >= 2"`}},
			{Name: "an unknown event", Call: post("analyst", "/rules/check", object{"text": `count("Order Complete", "30d") >= 2`}), Status: 200, Has: []string{`"ok":false`, `"text":""`, `"line":1`, `"column":7`, `"suggestions":["\"Order Completed\""]`, "message_zh"}},
			{Name: "an unknown trait", Call: post("analyst", "/rules/check", object{"text": `person.citi == "杭州"`}), Status: 200, Has: []string{`"ok":false`, "city"}},
			{Name: "a trait set once", Call: post("analyst", "/rules/check", object{"text": `person.first_city == "上海"`}), Status: 200, Has: []string{`"ok":true`}},
			{Name: "a group's trait is nobody's", Call: post("analyst", "/rules/check", object{"text": `person.company == "X"`}), Status: 200, Has: []string{`"ok":false`}},
			{Name: "a signal before the first has come", Call: post("analyst", "/rules/check", object{"text": `count("Segment Entered", "7d") >= 1`}), Status: 200, Has: []string{`"ok":true`}},
			{Name: "nothing", Call: post("analyst", "/rules/check", object{"text": ""}), Status: 200, Has: []string{`"ok":false`, "rule.empty"}},
			{Name: "no tree", Call: post("analyst", "/rules/text", object{"tree": object{"op": "compare"}}), Status: 200, Has: []string{`"code":"rule.tree"`}},
			{Name: "count", Call: post("analyst", "/rules/count", object{"text": `count("Order Completed", "30d") >= 1`}), Status: 200, Has: []string{`"count":2`, `"total":2`, `"took_ms":`, `"samples":[{"id":`}, HasNot: []string{"13800138000"}},
			{Name: "count no rule", Call: post("analyst", "/rules/count", object{"text": `count(`}), Status: 422, Has: []string{"rule.invalid", "body.text"}},
			{Name: "count by phone", Call: post("operator", "/rules/count", object{"text": `person.phone == "13800138000"`}), Status: 200, Has: []string{`"count":1`}},
			{Name: "count by phone, of an analyst", Call: post("analyst", "/rules/count", object{"text": `person.phone == "13800138000"`}), Status: 403, Has: []string{"people.personal"}},
			{Name: "explain by phone, of an analyst", Call: post("analyst", "/rules/explain", object{"text": `has(person.phone)`, "person": 1}), Status: 403, Has: []string{"people.personal"}},
			{Name: "explain", Call: post("analyst", "/rules/explain", object{"text": `count("Order Completed", "30d") >= 3 && person.city == "杭州"`, "person": p.Person(t, "a")}), Status: 200, Has: []string{
				`"holds":false`, `"decisive":true`, `"decisive":false`, `"value":2`, `"value":"杭州"`, `"lack":{`,
			}},
			{Name: "explain nobody", Call: post("analyst", "/rules/explain", object{"text": "true", "person": 99}), Status: 404, Has: []string{"person.not_found"}},
			{Name: "uses of nothing", Call: call{As: "analyst", Path: "/rules/uses?owner=tag&key=none"}, Status: 200, Has: []string{`"items":[]`}},
			{Name: "uses of what", Call: call{As: "analyst", Path: "/rules/uses?owner=person&key=x"}, Status: 422},
		})
	})
}

// The schema grows with the events, without personal values, and is there again after a start; definitions are in it until they are archived.
func TestSchema(t *testing.T) {
	t.Parallel()
	ruletest.Each(t, func(t *testing.T, p *ruletest.Pool) {
		ctx := ruletest.Owner(t)
		empty, err := p.Book.Schema(ctx)
		require.NoError(t, err)
		require.Nil(t, empty.Events, "an empty pool knows no names, so none is wrong")
		_, err = p.Book.Parse(ctx, rulebook.Whose{}, "rule", `count("Anything", "7d") >= 1 && person.any == 1`)
		require.NoError(t, err)

		brand(t, p)
		fresh, err := p.Book.Look(ctx)
		require.NoError(t, err)
		require.True(t, fresh)
		fresh, err = p.Book.Look(ctx)
		require.NoError(t, err)
		require.False(t, fresh)
		_, err = p.Tags.Create(ctx, tag.CreateInput{Key: "vip", Title: "贵宾"}, "")
		require.NoError(t, err)
		_, err = p.Segments.Create(ctx, segment.CreateInput{Key: "hz", Title: "杭州人", Rule: `person.city == "杭州"`}, "")
		require.NoError(t, err)
		check := func(b *rulebook.Book) {
			t.Helper()
			v, err := b.View(ctx)
			require.NoError(t, err)
			require.Equal(t, event.OrderCompleted, v.Events[0].Name)
			require.EqualValues(t, 3, v.Events[0].Events)
			types := map[string]string{}
			for _, f := range v.Events[0].Properties {
				types[f.Name] = f.Type
				if f.Name == "sku" {
					require.Equal(t, `"T1"`, string(f.Values[0]), "the most frequent first")
				}
				if f.Name == "buyer_phone" {
					require.Empty(t, f.Values)
				}
			}
			require.Equal(t, map[string]string{"revenue": "number", "sku": "text", "gift": "bool", "lines": "mixed", "buyer_phone": "text"}, types)
			types = map[string]string{}
			for _, f := range v.Traits {
				types[f.Name] = f.Type
				if f.Name == "home_address" || f.Name == "phone" {
					require.Empty(t, f.Values, f.Name)
				}
			}
			require.Equal(t, map[string]string{"city": "text", "age": "number", "vip": "bool", "phone": "text", "first_city": "text", "mixed": "mixed", "home_address": "text"}, types)
			require.Equal(t, []string{"wechat"}, v.Channels)
		}
		check(p.Book)
		v, err := p.Book.View(ctx)
		require.NoError(t, err)
		require.Equal(t, "贵宾", v.Tags[0].Title)
		require.Equal(t, "杭州人", v.Segments[0].Title)

		again, err := rulebook.New(ctx, p.BookOptions())
		require.NoError(t, err)
		check(again)
		fresh, err = again.Look(ctx)
		require.NoError(t, err)
		require.False(t, fresh, "what was read is not read again")

		// A name that has come a moment ago can be used at once.
		p.Send(t, event.Event{ID: "7", Name: "Tea Tasted", Identities: ruletest.User("a"), Properties: []byte(`{"sort":"龙井"}`)})
		_, err = p.Book.Parse(ctx, rulebook.Whose{}, "rule", `count("Tea Tasted", "7d", event.sort == "龙井") >= 1`)
		require.NoError(t, err)
		_, err = p.Segments.SetState(ctx, "hz", rulebook.Archived, 0)
		require.NoError(t, err)
		s, err := p.Book.Schema(ctx)
		require.NoError(t, err)
		require.Empty(t, s.Segments)
	})
}

// Analysts see reasons without personal values.
func TestExplainMasked(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	brand(t, p)
	_, err := p.Segments.Create(ruletest.Owner(t), segment.CreateInput{Key: "x", Title: "x", Rule: `person.home_address == "文三路 2 号" || person.city == "杭州"`}, "")
	require.NoError(t, err)
	p.Settle(t)
	srv := apitest.Start(t, p.Routes)
	why := "/segments/x/why/" + string('0'+rune(p.Person(t, "a")))
	srv.Run(t, []apitest.Case{
		{Name: "an operator", Call: call{As: "operator", Path: why}, Status: 200, Has: []string{"文三路 1 号", "杭州"}},
		{Name: "an analyst", Call: call{As: "analyst", Path: why}, Status: 200, Has: []string{"***", "杭州"}, HasNot: []string{"文三路 1 号"}},
	})
}

// What made a result is marked, and nothing else.
func TestDecisive(t *testing.T) {
	t.Parallel()
	yes, no := rule.Explanation{Op: "const", Result: true}, rule.Explanation{Op: "const"}
	all := func(op string, result bool, of ...rule.Explanation) []bool {
		var out []bool
		for _, part := range rulebook.WhyOf(rule.Explanation{Op: op, Result: result, Of: of}, true).Of {
			out = append(out, part.Decisive)
		}
		return out
	}
	require.Equal(t, []bool{false, true}, all("and", false, yes, no))
	require.Equal(t, []bool{true, true}, all("and", true, yes, yes))
	require.Equal(t, []bool{true, false}, all("or", true, yes, no))
	require.Equal(t, []bool{true, true}, all("or", false, no, no))
	require.Equal(t, []bool{true}, all("not", false, yes))
}

// Days and sizes: back from the present through each day's changes.
func TestSizes(t *testing.T) {
	t.Parallel()
	r := days(t, "2026-10-01", "2026-10-03")
	got := rulebook.Sizes(r, 10, moved("", "in", 0, 4, "in", "", 1, 1, "", "in", 2, 2, "", "in", 3, 3), func(l string) bool { return l == "in" })
	require.Equal(t, []rulebook.Size{
		{Date: "2026-10-01", People: 6, Entered: 4}, {Date: "2026-10-02", People: 5, Left: 1}, {Date: "2026-10-03", People: 7, Entered: 2},
	}, got)
	require.Len(t, rulebook.Cuts(r), 4)
	require.Zero(t, rulebook.Share(0, 0))
}
