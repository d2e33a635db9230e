package person_test

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

func export(t testing.TB, srv *apitest.Server, as string, params ...string) [][]string {
	t.Helper()
	got := srv.Do(t, apitest.Call{As: as, Path: strings.Replace(list(params...), "/people?", "/people/export.csv?", 1)})
	require.Equal(t, 200, got.Status, got.Body)
	require.Equal(t, "text/csv; charset=utf-8", got.Header.Get("Content-Type"))
	text, ok := strings.CutPrefix(got.Body, "\ufeff")
	require.True(t, ok, "a mark for spreadsheets")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows
}

// An export is the list as CSV: all of it, in its order, in the pool's zone, with the columns asked for, and without formulas.
func TestExport(t *testing.T) {
	t.Parallel()
	pooltest.EachRunning(t, func(t *testing.T, p *pooltest.Running) {
		load(t, p, brand()...)
		load(t, p, someone{user: "evil", at: "2026-09-03 08:00", traits: `{"u":"evil","name":"=HYPERLINK(\"http://x\")","plus":"+1","minus":"-1","at":"@SUM(1)","tab":"\t=1","wide":"＝1","n":-5,"obj":{"a":1},"a,b":"comma"}`})
		srv := apitest.Start(t, p.Routes)
		require.Equal(t, [][]string{
			{"name", "phone", "orders", "revenue", "first_seen", "trait.city", "trait.age", "trait.vip"},
			{"Mei O'Hara", "", "1", "100000", "2026-09-01 23:59:00", "上海", "29.5", "false"},
			{"林一", "'+8613800138000", "2", "21950", "2026-09-01 00:00:00", "杭州", "30", "true"},
		}, export(t, srv, "owner", "f", "orders:gte:1", "sort", "-revenue", "columns", "name,phone,orders,revenue,first_seen,trait.city,trait.age,trait.vip"))
		require.Equal(t, []string{`'=HYPERLINK("http://x")`, "'+1", "'-1", "'@SUM(1)", "'\t=1", "'＝1", "-5", `{"a":1}`, "comma", ""},
			export(t, srv, "owner", "q", "evil", "columns", `name,trait.plus,trait.minus,trait.at,trait.tab,trait.wide,trait.n,trait.obj,"trait.a,b",trait.none`)[1])
		masked := export(t, srv, "analyst", "q", "林", "columns", "name,phone,email,trait.phone,trait.email")
		require.Equal(t, []string{"林一", "'+86138****8000", "l***@example.com", "138 **** 8000", "L***@Example.com"}, masked[1])

		var log trail
		srv.Do(t, apitest.Call{As: "owner", Path: "/audit"}).JSON(t, &log)
		require.Len(t, log.Items, 3, "each export is in the audit")
		require.Equal(t, "analyst@example.com", log.Items[0].Actor)
		require.Equal(t, "people.export", log.Items[0].Action)
		require.Equal(t, map[string]any{"people": 1.0, "columns": []any{"name", "phone", "email", "trait.phone", "trait.email"}, "filters": []any{"q"}}, log.Items[0].Detail)
		require.Equal(t, map[string]any{"people": 2.0, "filters": []any{"orders"}}, map[string]any{"people": log.Items[2].Detail["people"], "filters": log.Items[2].Detail["filters"]})

		var crowd []event.Event
		for i := range 1234 { // several parts
			crowd = append(crowd, event.Event{ID: fmt.Sprintf("c%d", i), Type: event.Track, Name: "A", Time: int64(i%7 + 1), Received: 1, Identities: []event.Identity{{Kind: event.UserID, Value: strconv.Itoa(i)}}})
		}
		p.Send(t, crowd...)
		rows := export(t, srv, "analyst", "sort", "first_seen", "columns", "id")
		ids := map[string]bool{}
		for _, r := range rows[1:] {
			ids[r[0]] = true
		}
		require.Len(t, rows, 1+1234+5)
		require.Len(t, ids, 1234+5)
		srv.Run(t, []apitest.Case{
			{Name: "an unknown column", Call: apitest.Call{As: "owner", Path: "/people/export.csv?columns=id,=1%2B1"}, Status: 422, Has: []string{"people.columns"}},
			{Name: "a trait without a name", Call: apitest.Call{As: "owner", Path: "/people/export.csv?columns=trait."}, Status: 422},
			{Name: "an unknown order", Call: apitest.Call{As: "owner", Path: "/people/export.csv?sort=x"}, Status: 422},
			{Name: "a bad filter", Call: apitest.Call{As: "owner", Path: "/people/export.csv?f=x"}, Status: 422},
		})
	})
}
