package board_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/insight/board"
)

type call = apitest.Call

func to(as, method, path string, body any) call {
	return call{As: as, Method: method, Path: path, Body: body}
}

// Charts and boards from their making over asking, editing, history and duplicate to the archive, and everything that is refused on the way.
func TestStory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		srv := apitest.Start(t, r.routes)
		srv.NobodyEnters(t, "open-shared-board", "ask-shared-chart")
		chart := map[string]any{"key": "orders", "title": "每日下单", "query": map[string]any{"kind": "trend", "last": 30}}
		item := func(id, chart string, x, y, w int) map[string]any {
			return map[string]any{"id": id, "chart": chart, "x": x, "y": y, "w": w, "h": 6}
		}
		boardOf := func(items ...map[string]any) map[string]any {
			return map[string]any{"key": "daily", "title": "日常", "items": items, "filters": map[string]any{"last": 30}}
		}
		srv.Run(t, []apitest.Case{
			{Name: "an analyst saves none", Call: to("analyst", "POST", "/insight/charts", chart), Status: 403},
			{Name: "a kind that is none", Call: to("operator", "POST", "/insight/charts", map[string]any{"title": "x", "query": map[string]any{"kind": "magic"}}), Status: 422, Has: []string{"insight.kind_unknown"}},
			{Name: "no kind", Call: to("operator", "POST", "/insight/charts", map[string]any{"title": "x", "query": map[string]any{}}), Status: 422, Has: []string{"chart.invalid", "body.query"}},
			{Name: "saved", Call: to("operator", "POST", "/insight/charts", chart), Status: 201, Has: []string{`"kind":"trend"`, `"version":1`}},
			{Name: "a board of a chart that is not there", Call: to("operator", "POST", "/insight/boards", boardOf(item("a", "none", 0, 0, 6))), Status: 422, Has: []string{"board.invalid", "body.items[0].chart"}},
			{Name: "beside the columns", Call: to("operator", "POST", "/insight/boards", boardOf(item("a", "orders", 8, 0, 6))), Status: 422, Has: []string{"board.invalid", "12 columns"}},
			{Name: "one over the other", Call: to("operator", "POST", "/insight/boards", boardOf(item("a", "orders", 0, 0, 6), item("b", "orders", 5, 3, 6))), Status: 422, Has: []string{"lies over"}},
			{Name: "made", Call: to("operator", "POST", "/insight/boards", boardOf(item("a", "orders", 0, 0, 6))), Status: 201, Has: []string{`"charts":[{"key":"orders"`}},
			{Name: "saved onto it", Call: to("operator", "POST", "/insight/charts", map[string]any{"key": "stock", "title": "存量", "board": "daily", "query": map[string]any{"kind": "growth"}}), Status: 201, Has: []string{`"boards":[{"key":"daily"`}},
			{Name: "right of the first", Call: call{As: "analyst", Path: "/insight/boards/daily"}, Status: 200, Has: []string{`"x":6,"y":0,"w":6,"h":8,"chart":"stock"`, `"version":2`}},
			{Name: "stale", Call: call{As: "operator", Method: "PUT", Path: "/insight/boards/daily", Body: map[string]any{"title": "x", "items": []any{}, "filters": map[string]any{}}, Header: map[string]string{"If-Match": `"v1"`}}, Status: 412, Has: []string{"define.stale"}},
			{Name: "in use", Call: to("operator", "POST", "/insight/charts/stock/state", map[string]any{"state": "archived"}), Status: 409, Has: []string{"chart.in_use", "日常"}},
			{Name: "asked", Call: to("analyst", "POST", "/insight/charts/orders/ask", map[string]any{"filters": map[string]any{"last": 7}}), Status: 200, Has: []string{`"last":7`, `"before":null`}},
			{Name: "asked as a table", Call: to("analyst", "POST", "/insight/charts/orders/ask", map[string]any{"filters": map[string]any{}, "lang": "en", "table": true}), Status: 200, Has: []string{`"columns":["Day","Buyers"]`, `"value":"1,500","bar":100`}},
			{Name: "a day that is none", Call: to("analyst", "POST", "/insight/charts/orders/ask", map[string]any{"filters": map[string]any{"from": "x"}}), Status: 422, Has: []string{"board.filters_invalid", "body.filters.from"}},
			{Name: "a rule that breaks out of its brackets", Call: to("analyst", "POST", "/insight/charts/orders/ask", map[string]any{"filters": map[string]any{"people": "true) || (true"}}), Status: 422, Has: []string{"rule.invalid"}},
			{Name: "like it", Call: to("operator", "POST", "/insight/boards/daily/duplicate", map[string]any{"title": "周会"}), Status: 201, Has: []string{`"key":"周会"`, `"chart":"stock"`}},
			{Name: "changed", Call: to("operator", "PUT", "/insight/boards/daily", map[string]any{"title": "每日", "items": []any{item("a", "orders", 0, 0, 12)}, "filters": map[string]any{"last": 7}}), Status: 200, Has: []string{`"version":3`, "每日"}},
			{Name: "history", Call: call{As: "analyst", Path: "/definitions/board/daily/versions"}, Status: 200, Has: []string{`"path":"items[0].w","from":6,"to":12`, "operator@example.com"}},
			{Name: "rolled back", Call: to("operator", "POST", "/definitions/board/daily/rollback", map[string]any{"version": 2}), Status: 200},
			{Name: "as it was", Call: call{As: "analyst", Path: "/insight/boards/daily"}, Status: 200, Has: []string{"日常", `"chart":"stock"`}},
			{Name: "archived", Call: to("operator", "POST", "/insight/boards/daily/state", map[string]any{"state": "archived"}), Status: 200},
			{Name: "not edited then", Call: to("operator", "PUT", "/insight/boards/daily", map[string]any{"title": "x", "items": []any{}, "filters": map[string]any{}}), Status: 409, Has: []string{"board.archived"}},
			{Name: "gone from the list", Call: call{As: "analyst", Path: "/insight/boards"}, Status: 200, Has: []string{"周会"}, HasNot: []string{`"key":"daily"`}},
			{Name: "brought back", Call: to("operator", "POST", "/insight/boards/daily/state", map[string]any{"state": "active"}), Status: 200, Has: []string{`"state":"active"`}},
			{Name: "found", Call: call{As: "analyst", Path: "/insight/charts?q=%E5%AD%98&kind=growth"}, Status: 200, Has: []string{`"key":"stock"`}, HasNot: []string{`"key":"orders"`}},
			{Name: "the audit knows", Call: call{As: "owner", Path: "/audit"}, Status: 200, Has: []string{"definition.put", "board/daily", "chart/orders"}},
		})
	})
}

// A request that is sent again finds what it made, also on the board.
func TestCreateOnce(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	in := board.ChartInput{Title: "again", Query: json.RawMessage(`{"kind":"trend"}`), Board: "daily"}
	first, err := r.CreateChart(mei(t), in, "k")
	require.NoError(t, err)
	again, err := r.CreateChart(mei(t), in, "k")
	require.NoError(t, err)
	require.Equal(t, first.Key, again.Key)
	b, err := r.GetBoard("daily")
	require.NoError(t, err)
	require.Len(t, b.Items, 4)
	require.Equal(t, board.Item{ID: b.Items[3].ID, X: 0, Y: 10, W: 6, H: 8, Chart: first.Key}, b.Items[3])
}

// Comparing asks the same question once more over as many days before; a kind that compares by itself is told to, and asked once.
func TestCompare(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	d, err := r.AskChart(t.Context(), "stock", board.Ask{Filters: board.Filters{From: "2026-03-03", To: "2026-03-09", Compare: true, Channel: `a"b`, People: "true // all"}})
	require.NoError(t, err)
	require.NotNil(t, d.Before)
	require.Equal(t, []string{"2026-02-24", "2026-03-02"}, []string{d.Before.From, d.Before.To})
	require.JSONEq(t, `{"kind":"growth","from":"2026-03-03","to":"2026-03-09","people":"(true // all\n) && (channel.first == \"a\\\"b\"\n) && (person.city == \"杭州\"\n)"}`, string(d.Query))
	r.desk.asked = nil
	d, err = r.AskChart(t.Context(), "orders", board.Ask{Filters: board.Filters{Compare: true}})
	require.NoError(t, err)
	require.Nil(t, d.Before)
	require.Len(t, r.desk.asked, 1)
	require.Contains(t, r.desk.asked[0], `"compare":"former"`)
	d, err = r.AskChart(t.Context(), "stock", board.Ask{Filters: board.Filters{Compare: true}})
	require.NoError(t, err, "an answer without days has nothing before it")
	require.Nil(t, d.Before)
}
