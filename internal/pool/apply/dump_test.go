package apply_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// space keeps the people of one run apart from those of others in the same pool: a suffix of all its ids and values.
type space string

func newSpace(n int) space { return space(fmt.Sprintf(".n%05d", n)) }

// in moves events into the space.
func (s space) in(events []event.Event) []event.Event {
	out := make([]event.Event, len(events))
	for i, e := range events {
		e.ID += string(s)
		ids := make([]event.Identity, len(e.Identities))
		for j, id := range e.Identities {
			id.Value += string(s)
			ids[j] = id
		}
		e.Identities = ids
		out[i] = e
	}
	return out
}

// dump is everything that the pool knows about a space, in an order and with names that depend only on what happened: numbers of nodes
// become their keys.
type dump struct {
	identities, profiles, people, edges, conflicts, sightings, rows []string
}

// dump looks at the nodes after a number and the warehouse's rows after a log position, which must all be of the space.
func (r *rig) dump(s space, node int, position uint64) dump {
	r.t.Helper()
	var d dump
	named := func(id string) string { return "(SELECT key FROM identity n WHERE n.id = " + id + ")" }
	d.identities = r.texts(false, s, "SELECT key, "+named("i.person")+", quarantined, first_at FROM identity i WHERE id > ? ORDER BY id", node)
	const folds = "first_seen, last_seen, events, orders, cancelled, revenue, first_order, last_order, traits, detail"
	d.people = r.texts(false, s, "SELECT "+named("p.id")+", "+folds+", name, email, phone, identified, channel, channel_class FROM person p WHERE id > ? ORDER BY p.id", node)
	d.edges = r.texts(false, s, "SELECT "+named("e.a")+", "+named("e.b")+", kind, reason, event_id, author, at, cut_at, cut_kind, cut_reason, cut_author FROM edge e WHERE a > ? ORDER BY id", node)
	d.conflicts = r.texts(false, s, "SELECT kind, "+named("c.a")+", "+named("c.b")+", on_kind, a_value, b_value, event_id, at, seen FROM conflict c WHERE a > ? ORDER BY a, b", node)
	d.sightings = r.texts(false, s, "SELECT "+named("s.weak")+", "+named("s.strong")+" FROM sighting s WHERE weak > ? ORDER BY weak, strong", node)
	keys := map[string]string{}
	for _, line := range r.texts(false, s, "SELECT id, key FROM identity WHERE id > ?", node) {
		id, key, _ := strings.Cut(line, " | ")
		keys[id] = key
	}
	for _, line := range r.parts(int64(node)) {
		id, rest, _ := strings.Cut(line, " | ")
		d.profiles = append(d.profiles, keys[id]+" | "+strings.ReplaceAll(rest, string(s), ""))
	}
	for _, line := range r.texts(true, s, "SELECT anchor, person, id, time, type, channel, class, amount, currency FROM events WHERE position >= ? ORDER BY id, position", position) {
		f := strings.SplitN(line, " | ", 3)
		d.rows = append(d.rows, keys[f[0]]+" | "+keys[f[1]]+" | "+f[2])
	}
	return d
}

// texts reads rows as texts, from the warehouse or the state.
func (r *rig) texts(house bool, s space, query string, args ...any) []string {
	r.t.Helper()
	ask := r.state.Query
	if house {
		ask = r.house.Query
	}
	rows, err := ask(r.t.Context(), query, args...)
	require.NoError(r.t, err)
	defer rows.Close() //nolint:errcheck // reading
	columns, err := rows.Columns()
	require.NoError(r.t, err)
	var out []string
	for rows.Next() {
		cells, values := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			values[i] = &cells[i]
		}
		require.NoError(r.t, rows.Scan(values...))
		var b strings.Builder
		for i, v := range cells {
			if i > 0 {
				b.WriteString(" | ")
			}
			switch given := v.(type) {
			case []byte:
				v = string(given)
			case bool: // drivers differ in what a BOOLEAN is
				v = map[bool]int{false: 0, true: 1}[given]
			}
			fmt.Fprint(&b, v)
		}
		text := b.String()
		if s != "" {
			text = strings.ReplaceAll(text, string(s), "")
		}
		out = append(out, strings.ReplaceAll(text, "\x1f", ":"))
	}
	require.NoError(r.t, rows.Err())
	return out
}

// parts are what each node after a number brought to its person, in the order of the nodes.
func (r *rig) parts(node int64) []string {
	r.t.Helper()
	lines := map[int64]string{}
	for _, id := range r.texts(false, "", "SELECT DISTINCT person FROM identity WHERE id > ?", node) {
		n, err := strconv.ParseInt(id, 10, 64)
		require.NoError(r.t, err)
		folds, err := person.Brought(r.t.Context(), r.state, n)
		require.NoError(r.t, err)
		for node, f := range folds {
			require.NotContains(r.t, lines, node, "a node belongs to one person")
			text, err := json.Marshal(f)
			require.NoError(r.t, err)
			lines[node] = fmt.Sprint(node, " | ", string(text))
		}
	}
	var out []string
	for _, n := range slices.Sorted(maps.Keys(lines)) {
		out = append(out, lines[n])
	}
	return out
}
