package membership_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// human is a person as the oracle sees them.
type human struct {
	id     int64
	events []warehouse.Row
	city   string
	known  bool // has a user id
	hand   map[string]int64
	o      *oracle
}

// template is a rule with its meaning in plain Go.
type template struct {
	text string
	on   []string // units that it asks about
	says func(h *human) bool
}

func (h *human) count(name string, span int, and func(warehouse.Row) bool) (n int, sum int64) {
	for _, e := range h.events {
		if e.Name != name || h.o.day(e.Time) > h.o.today() || span > 0 && h.o.day(e.Time) <= h.o.today()-span {
			continue
		}
		if and == nil || and(e) {
			n++
			sum += e.Amount
		}
	}
	return n, sum
}

// edge is the day of the first or last event of a name that counts; not ok if there is none.
func (h *human) edge(name string, last bool) (day int, ok bool) {
	for _, e := range h.events {
		d := h.o.day(e.Time)
		if e.Name != name || d > h.o.today() {
			continue
		}
		if !ok || last && d > day || !last && d < day {
			day, ok = d, true
		}
	}
	return day, ok
}

// held is whether somebody has stood on a level since before the first midnight of a window, or just then.
func (h *human) held(key, level string, span int) bool {
	at := h.o.levels[key][h.id]
	if at.level != level {
		return false
	}
	first := h.o.today() - span + 1
	return h.o.day(at.since) < first || h.o.day(at.since) == first && h.o.day(at.since-1) < first
}

func templates() []template {
	sku := func(e warehouse.Row) bool { return event.Property(e.Properties, "sku").Text == "a" }
	entered := func(e warehouse.Row) bool { return event.Property(e.Properties, "segment").Text == "s1" }
	return []template{
		{text: `count("Order", "all") >= 2`, says: func(h *human) bool { n, _ := h.count("Order", 0, nil); return n >= 2 }},
		{text: `count("Order", "3d") >= 1`, says: func(h *human) bool { n, _ := h.count("Order", 3, nil); return n >= 1 }},
		{text: `count("View", "2d") == 0`, says: func(h *human) bool { n, _ := h.count("View", 2, nil); return n == 0 }},
		{text: `sum("Order Completed", "revenue", "5d") >= 30.0`, says: func(h *human) bool { _, s := h.count("Order Completed", 5, nil); return s >= 3000 }},
		{text: `count("Order", "all", event.sku == "a") >= 1`, says: func(h *human) bool { n, _ := h.count("Order", 0, sku); return n >= 1 }},
		{text: `person.city == "x"`, says: func(h *human) bool { return h.city == "x" }},
		{text: `identity("user_id")`, says: func(h *human) bool { return h.known }},
		{text: `days_since_last("View") >= 2`, says: func(h *human) bool { d, ok := h.edge("View", true); return ok && h.o.today()-d >= 2 }},
		{text: `days_since_first("Order") < 3`, says: func(h *human) bool { d, ok := h.edge("Order", false); return ok && h.o.today()-d < 3 }},
		{text: `has_tag("hand") || count("Rare", "all") > 0`, says: func(h *human) bool {
			_, on := h.hand["hand"]
			n, _ := h.count("Rare", 0, nil)
			return on || n > 0
		}},
		{text: `held(has_tag("hand"), "2d")`, says: func(h *human) bool {
			since, on := h.hand["hand"]
			first := h.o.today() - 1
			return on && (h.o.day(since) < first || h.o.day(since) == first && h.o.day(since-1) < first)
		}},
		{text: `in_segment("s1")`, on: []string{"s1"}, says: func(h *human) bool { return h.in("s1") }},
		{text: `in_segment("s1") && !has_tag("t1")`, on: []string{"s1", "t1"}, says: func(h *human) bool { return h.in("s1") && !h.in("t1") }},
		{text: `!has_tag("t1") && count("View", "3d") > 0`, on: []string{"t1"}, says: func(h *human) bool {
			n, _ := h.count("View", 3, nil)
			return !h.in("t1") && n > 0
		}},
		{text: `tier("v") != "low"`, on: []string{"v"}, says: func(h *human) bool { return h.o.levels["v"][h.id].level != "low" }},
		{text: `held(in_segment("s1"), "2d")`, on: []string{"s1"}, says: func(h *human) bool { return h.held("s1", "in", 2) }},
		{text: `held(tier("v") == "high", "3d")`, on: []string{"v"}, says: func(h *human) bool { return h.held("v", "high", 3) }},
		{text: `count("Segment Entered", "all", event.segment == "s1") >= 1`, says: func(h *human) bool {
			n, _ := h.count(event.SegmentEntered, 0, entered)
			return n >= 1
		}},
	}
}

func (h *human) in(key string) bool { return h.o.levels[key][h.id].level == "in" }

// stand is where somebody is, and since when; asked is since when the rules want less, 0 if they do not.
type stand struct {
	level string
	since int64
	asked int64
}

// unit is what the oracle knows of a segment, tag or tier.
type unit struct {
	owner       standing.Owner
	key         string
	version     int64
	rules       []template // in force
	levels      []string
	stay, grace int
	next        *standing.Spec
	nextRules   []template
	paused      bool
	there       bool
}

// oracle says where everybody must stand, in the plainest way, step by step.
type oracle struct {
	r      *rig
	units  []*unit // each asks only about earlier ones
	levels map[string]map[int64]stand
	owner  map[int64]int64 // node → person after the last step
}

func newOracle(r *rig) *oracle {
	o := &oracle{r: r, levels: map[string]map[int64]stand{}, owner: map[int64]int64{}}
	for _, u := range []*unit{
		{owner: standing.Segment, key: "s1"},
		{owner: standing.Tag, key: "t1"},
		{owner: standing.Tier, key: "v"},
		{owner: standing.Segment, key: "s2"},
		{owner: standing.Segment, key: "s3"},
	} {
		o.units = append(o.units, u)
		o.levels[u.key] = map[int64]stand{}
	}
	return o
}

func (o *oracle) day(at int64) int {
	y, m, d := time.UnixMicro(at).In(o.r.zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (o *oracle) now() int64 { return o.r.clk.Now().UnixMicro() }
func (o *oracle) today() int { return o.day(o.now()) }

// people reads who is who, and what everybody did.
func (o *oracle) people() (map[int64]*human, map[int64]int64) {
	t, ctx := o.r.t, o.r.t.Context()
	people, owner := map[int64]*human{}, map[int64]int64{}
	rows, err := o.r.db.Query(ctx, "SELECT id, person, key FROM identity")
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var node, id int64
		var key string
		require.NoError(t, rows.Scan(&node, &id, &key))
		owner[node] = id
		if people[id] == nil {
			people[id] = &human{id: id, o: o, hand: map[string]int64{}}
		}
		people[id].known = people[id].known || event.ParseKey(key).Kind == event.UserID
	}
	require.NoError(t, rows.Err())
	for _, e := range o.r.rows {
		if event.Type(e.Type) != event.Command {
			h := people[owner[e.Anchor]]
			h.events = append(h.events, e)
		}
	}
	for m, since := range o.r.hand.on {
		h := people[owner[m.node]]
		if at, has := h.hand[m.tag]; !has || since < at {
			h.hand[m.tag] = since
		}
	}
	require.NoError(t, person.Scan(ctx, o.r.db, 0, func(p person.Now) bool {
		v, err := p.Trait("city")
		require.NoError(t, err)
		people[p.ID].city = v.Text
		return true
	}))
	return people, owner
}

// step recomputes everything and gives the signals that must have left: "owner/key person from→to".
func (o *oracle) step(switched bool) (expect []string) {
	people, owner := o.people()
	sources := map[int64][]int64{}
	for node, now := range owner {
		if before := o.owner[node]; before != 0 && before != now {
			sources[now] = append(sources[now], before)
		}
	}
	ids := make([]int64, 0, len(people))
	for id := range people {
		ids = append(ids, id)
		slices.Sort(sources[id])
	}
	slices.Sort(ids)
	for _, u := range o.units {
		first, fresh := false, false
		if switched && u.next != nil {
			first, fresh = !u.there, !slices.EqualFunc(u.rules, u.nextRules, func(a, b template) bool { return a.text == b.text })
			u.rules, u.levels, u.stay, u.grace, u.version = u.nextRules, u.next.Levels, u.next.StayDays, u.next.GraceDays, u.next.Version
			u.next, u.nextRules, u.paused, u.there = nil, nil, false, true
		}
		was := o.levels[u.key]
		now := map[int64]stand{}
		o.levels[u.key] = now
		maps.Copy(now, was) // the rules of later units ask about this one, those of this one about earlier ones
		for _, id := range ids {
			from := was[id]
			to := from
			if u.there && !u.paused {
				to = o.decide(u, people[id], from, fresh)
			}
			if to.level != from.level {
				to.since = o.now()
			}
			before := from.level
			for _, s := range sources[id] {
				if before == "" {
					before = was[s].level
				}
			}
			if now[id] = to; to.level == "" {
				delete(now, id)
			}
			if before != to.level && u.there && !u.paused && !first && (u.owner != standing.Tier || before != "") {
				expect = append(expect, fmt.Sprintf("%s/%s %d %s→%s", u.owner, u.key, id, before, to.level))
			}
		}
		for id := range now {
			if people[id] == nil {
				delete(now, id)
			}
		}
	}
	o.owner = owner
	slices.Sort(expect)
	return expect
}

// decide is where the rules put somebody.
func (o *oracle) decide(u *unit, h *human, from stand, fresh bool) stand {
	if u.owner != standing.Tier {
		if u.rules[0].says(h) {
			return stand{level: "in", since: from.since}
		}
		return stand{}
	}
	to := len(u.rules)
	for i, t := range u.rules {
		if t.says(h) {
			to = i
			break
		}
	}
	at := slices.Index(u.levels, from.level)
	if at < 0 || to <= at || fresh {
		return stand{level: u.levels[to], since: from.since}
	}
	asked := from.asked
	if asked == 0 {
		asked = o.now()
	}
	if o.today()-o.day(from.since) >= u.stay && o.today()-o.day(asked) >= u.grace {
		return stand{level: u.levels[to], since: from.since}
	}
	return stand{level: from.level, since: from.since, asked: asked}
}

// told are the signals that left since the last time, in the same words.
func (o *oracle) told() (got []string, events []event.Event) {
	events = o.r.takeOutbox()
	for _, e := range events {
		key, from, to := "", "", "in"
		p := func(name string) string { return event.Property(e.Properties, name).Text }
		switch e.Name {
		case event.SegmentEntered, event.SegmentExited:
			key = "segment/" + p("segment")
		case event.TagAdded, event.TagRemoved:
			key = "tag/" + p("tag")
		case event.TierChanged:
			key, from, to = "tier/"+p("dimension"), p("from"), p("to")
		}
		if e.Name == event.SegmentExited || e.Name == event.TagRemoved {
			from, to = "in", ""
		}
		got = append(got, fmt.Sprintf("%s %d %s→%s", key, o.r.personOfKey(e.Identities[0].Key()), from, to))
	}
	slices.Sort(got)
	return got, events
}

// check compares the engine with the oracle, also with a count of each rule by itself.
func (o *oracle) check(what string) {
	t, ctx := o.r.t, o.r.t.Context()
	for _, u := range o.units {
		if !u.there {
			continue
		}
		levels := u.levels
		if u.owner != standing.Tier {
			levels = []string{"in"}
		}
		for _, level := range levels {
			want := []int64{}
			for id, s := range o.levels[u.key] {
				if s.level == level {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			asked := level
			if u.owner != standing.Tier {
				asked = ""
			}
			require.Equal(t, want, o.r.members(u.owner, u.key, asked), "%s: %s/%s %s: %s", what, u.owner, u.key, level, u.rules[0].text)
			require.EqualValues(t, len(want), o.r.e.Size(u.owner, u.key, asked), what)
		}
		if u.owner != standing.Tier && !u.paused {
			got, problems := rule.Parse(u.rules[0].text, nil)
			require.Empty(t, problems)
			counted, err := o.r.e.Count(ctx, got)
			require.NoError(t, err)
			require.EqualValues(t, len(o.levels[u.key]), counted.Count, "%s: count of %s", what, u.rules[0].text)
		}
		o.checkSince(u, what)
	}
}

// checkSince compares since when, and the history: each step begins where the one before ended, and the last leads to the present.
func (o *oracle) checkSince(u *unit, what string) {
	t, ctx := o.r.t, o.r.t.Context()
	people := make([]int64, 0, len(o.levels[u.key]))
	for id := range o.levels[u.key] {
		people = append(people, id)
	}
	held, err := o.r.e.Since(ctx, u.owner, u.key, people)
	require.NoError(t, err)
	require.Len(t, held, len(people))
	for id, s := range o.levels[u.key] {
		require.Equal(t, s.level, held[id].Level)
		require.Equal(t, s.since, held[id].Since, "%s: since when is %d in %s", what, id, u.key)
		require.Equal(t, s.asked != 0, held[id].HeldBy != "", "%s: %d in %s", what, id, u.key)
	}
	changes, err := o.r.e.Changes(ctx, standing.ChangeQuery{Owner: u.owner, Key: u.key})
	require.NoError(t, err)
	at := map[int64]string{}
	for _, c := range slices.Backward(changes) {
		require.Equal(t, at[c.Person], c.From, "%s: history of %d in %s", what, c.Person, u.key)
		at[c.Person] = c.To
	}
	for id, level := range at {
		require.Equal(t, o.levels[u.key][id].level, level, "%s: history of %d in %s", what, id, u.key)
	}
}

func (r *rig) personOfKey(key string) (id int64) {
	r.t.Helper()
	require.NoError(r.t, r.db.QueryRow(r.t.Context(), "SELECT person FROM identity WHERE key = ?", key).Scan(&id), strings.ReplaceAll(key, "\x1f", ":"))
	return id
}
