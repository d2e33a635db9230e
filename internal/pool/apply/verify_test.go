package apply_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/person"
)

// portraits are the people of a space as the pool has them, in the oracle's words: least identity → portrait.
func (r *rig) portraits(t require.TestingT, s space) map[string]string {
	rows, err := r.state.Query(r.t.Context(), `SELECT i.key, p.first_seen, p.last_seen, p.events, p.orders, p.cancelled, p.revenue, p.first_order,
		p.last_order, p.traits, p.detail, p.email, p.phone, p.identified FROM person p JOIN identity i ON i.id = p.id WHERE i.key LIKE ?`, "%"+string(s))
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // reading
	out := map[string]string{}
	for rows.Next() {
		var key, traitText, detailText, email, phone string
		var first, last, events, orders, cancelled, revenue, firstOrder, lastOrder int64
		var identified bool
		require.NoError(t, rows.Scan(&key, &first, &last, &events, &orders, &cancelled, &revenue, &firstOrder, &lastOrder, &traitText, &detailText, &email, &phone, &identified))
		var traits person.Traits
		if traitText != "" {
			require.NoError(t, json.Unmarshal([]byte(traitText), &traits))
		}
		var d person.Detail
		require.NoError(t, json.Unmarshal([]byte(detailText), &d))
		var from, lately, lastEvent string
		var shown strings.Builder
		for _, k := range slices.Sorted(maps.Keys(traits)) {
			if v, at := traits[k].Shown(); v != nil {
				fmt.Fprintf(&shown, " %s=%s@%d", k, v, at)
			}
		}
		if d.FirstTouch != nil {
			from = fmt.Sprintf("%07d %s", d.FirstTouch.Time, d.FirstTouch.Channel)
		}
		if d.LastTouch != nil {
			lately = fmt.Sprintf("%07d %s", d.LastTouch.Time, d.LastTouch.Channel)
		}
		if d.LastEvent != nil {
			lastEvent = fmt.Sprintf("%07d %s", d.LastEvent.Time, d.LastEvent.ID)
		}
		out[strings.ReplaceAll(strings.ReplaceAll(key, "\x1f", ":"), string(s), "")] = strings.ReplaceAll(fmt.Sprint(
			"events ", events, " orders ", orders, " cancelled ", cancelled, " revenue ", revenue, " seen ", first, "-", last,
			" bought ", firstOrder, "-", lastOrder, " mail ", email, " phone ", phone, " known ", identified,
			" from ", from, " lately ", lately, " last ", lastEvent, " traits", shown.String()), string(s), "")
	}
	require.NoError(t, rows.Err())
	return out
}

// verify holds the whole pool to its invariants, whatever happened in it.
func (r *rig) verify(t require.TestingT) {
	r.verifyPartition(t)
	r.verifySums(t)
	r.verifyHouse(t)
}

// Every identity's person is the least number of its component over the links that hold, and there is a person row for each of them.
func (r *rig) verifyPartition(t require.TestingT) {
	parent := map[string]string{}
	var root func(string) string
	root = func(x string) string {
		if parent[x] == x {
			return x
		}
		return root(parent[x])
	}
	less := func(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }
	want, people := map[string]string{}, map[string]bool{}
	lines := r.texts(false, "", "SELECT id, person FROM identity")
	for _, l := range lines {
		id, _, _ := strings.Cut(l, " | ")
		parent[id] = id
	}
	for _, l := range r.texts(false, "", "SELECT a, b FROM edge WHERE cut_at = 0") {
		a, b, _ := strings.Cut(l, " | ")
		a, b = root(a), root(b)
		if less(b, a) {
			a, b = b, a
		}
		parent[b] = a
	}
	got := map[string]string{}
	for _, l := range lines {
		id, p, _ := strings.Cut(l, " | ")
		want[id], got[id], people[p] = root(id), p, true
	}
	require.Equal(t, want, got, "people are the components of the graph")
	rows := map[string]bool{}
	for _, l := range r.texts(false, "", "SELECT id FROM person") {
		rows[l] = true
	}
	require.Equal(t, people, rows, "there is one person row for each")
}

// Person rows are the sums of their parts, and each part is the sum of its identity's own events.
func (r *rig) verifySums(t require.TestingT) {
	var people, parts []string
	for _, id := range r.texts(false, "", "SELECT id FROM person ORDER BY id") {
		n, err := strconv.ParseInt(id, 10, 64)
		require.NoError(t, err)
		folds, err := person.Brought(r.t.Context(), r.state, n)
		require.NoError(t, err)
		sum := &person.Fold{}
		for _, node := range slices.Sorted(maps.Keys(folds)) {
			f := folds[node]
			sum.Add(f)
			parts = append(parts, fmt.Sprint(node, " | ", f.Events, " | ", f.Orders, " | ", f.Cancelled, " | ", f.Revenue))
		}
		people = append(people, fmt.Sprint(id, " | ", sum.Events, " | ", sum.Orders, " | ", sum.Cancelled, " | ", sum.Revenue, " | ", sum.LastOrder, " | ", sum.FirstOrder))
	}
	require.Equal(t, people, r.texts(false, "", "SELECT id, events, orders, cancelled, revenue, last_order, first_order FROM person ORDER BY id"))
	require.ElementsMatch(t, parts, r.texts(true, "", `SELECT anchor, count(*), count(*) FILTER (name = 'Order Completed'), count(*) FILTER (name = 'Order Cancelled'),
		COALESCE(sum(amount) FILTER (name = 'Order Completed' AND currency = 'CNY'), 0)::BIGINT FROM events WHERE type < 7 GROUP BY anchor`))
}

// The warehouse agrees with the state: every message once, and for each person the same events, orders and revenue.
func (r *rig) verifyHouse(t require.TestingT) {
	require.Empty(t, r.texts(true, "", "SELECT id, count(*) FROM events GROUP BY id HAVING count(*) > 1"), "no message twice")
	require.Equal(t,
		r.texts(false, "", "SELECT id, events, orders, cancelled, revenue FROM person WHERE events > 0 ORDER BY id"),
		r.texts(true, "", `SELECT person, count(*), count(*) FILTER (name = 'Order Completed'), count(*) FILTER (name = 'Order Cancelled'),
			COALESCE(sum(amount) FILTER (name = 'Order Completed' AND currency = 'CNY'), 0)::BIGINT FROM events WHERE type < 7 GROUP BY person ORDER BY person`))
	require.Empty(t, r.unmapped(t), "every row is its anchor's person's")
}

// unmapped are warehouse rows whose person is not their anchor's.
func (r *rig) unmapped(t require.TestingT) []string {
	who := map[string]string{}
	for _, l := range r.texts(false, "", "SELECT id, person FROM identity") {
		id, p, _ := strings.Cut(l, " | ")
		who[id] = p
	}
	var out []string
	for _, l := range r.texts(true, "", "SELECT DISTINCT anchor, person FROM events") {
		id, p, _ := strings.Cut(l, " | ")
		if who[id] != p {
			out = append(out, l)
		}
	}
	return out
}

// number reads a single number from the state or the warehouse.
func (r *rig) number(house bool, query string, args ...any) int {
	r.t.Helper()
	lines := r.texts(house, "", query, args...)
	require.Len(r.t, lines, 1)
	n, err := strconv.Atoi(lines[0])
	require.NoError(r.t, err)
	return n
}
