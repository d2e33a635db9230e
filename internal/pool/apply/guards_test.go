package apply_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// people are the groups of identity values that are one person, sorted: "a1 p1 u1", "u2".
func (r *rig) people(s space) []string {
	r.t.Helper()
	groups := map[string][]string{}
	for _, l := range r.texts(false, s, "SELECT person, key FROM identity WHERE key LIKE ?", "%"+string(s)) {
		person, key, _ := strings.Cut(l, " | ")
		groups[person] = append(groups[person], key[strings.LastIndex(key, ":")+1:])
	}
	var out []string
	for _, g := range groups {
		slices.Sort(g)
		out = append(out, strings.Join(g, " "))
	}
	slices.Sort(out)
	return out
}

func (r *rig) conflicts(s space) []string {
	return r.texts(false, s, `SELECT c.kind, (SELECT key FROM identity WHERE id = c.a), (SELECT key FROM identity WHERE id = c.b), c.on_kind, c.seen
		FROM conflict c JOIN identity i ON i.id = c.a WHERE i.key LIKE ? ORDER BY c.id`, "%"+string(s))
}

func (r *rig) quarantined(s space) []string {
	return r.texts(false, s, "SELECT key FROM identity WHERE quarantined AND key LIKE ? ORDER BY key", "%"+string(s))
}

// What the guards allow and forbid, case by case, on both engines; each event is a batch of its own.
func TestGuards(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		events      []event.Event
		people      []string
		conflicts   []string
		quarantined []string
	}{
		{
			name:   "anonymous, then identified: one person",
			events: []event.Event{track("1", 1, "a1"), track("2", 2, "a1", "u1"), track("3", 3, "u1")},
			people: []string{"a1 u1"},
		},
		{
			name:   "known separately, then seen together: one person",
			events: []event.Event{track("1", 1, "u1"), track("2", 2, "p1", "a1"), track("3", 3, "u1", "p1")},
			people: []string{"a1 p1 u1"},
		},
		{
			name:      "two users share a phone: a conflict, counted, and no merge",
			events:    []event.Event{track("1", 1, "u1", "p1"), track("2", 2, "u2", "a2"), track("3", 3, "u2", "p1"), track("4", 4, "u2", "p1")},
			people:    []string{"a2 u2", "p1 u1"},
			conflicts: []string{"different_user | phone::p1 | user_id::u2 | user_id | 2"},
		},
		{
			name:      "a second value of a kind that a person has one of",
			events:    []event.Event{track("1", 1, "u1", "w1"), track("2", 2, "u1", "w2")},
			people:    []string{"u1 w1", "w2"},
			conflicts: []string{"unique_value | user_id::u1 | openid:app:w2 | openid | 1"},
		},
		{
			name:   "many phones and mails are fine",
			events: []event.Event{track("1", 1, "u1", "p1", "e1"), track("2", 2, "u1", "p2"), track("3", 3, "u1", "e2")},
			people: []string{"e1 e2 p1 p2 u1"},
		},
		{
			name: "alias: the anonymous past becomes the user's",
			events: []event.Event{
				track("1", 1, "a1"),
				{ID: "2", Type: event.Alias, Name: event.Aliased, Time: 2, Identities: ids("u1", "a1")},
			},
			people: []string{"a1 u1"},
		},
		{
			name:   "a shared browser: one logs out, the other in",
			events: []event.Event{track("1", 1, "a1", "u1"), track("2", 2, "a1"), track("3", 3, "a1", "u2"), track("4", 4, "a1", "u2")},
			people: []string{"a1 u1", "u2"},
		},
		{
			name: "the same two people on one browser again and again are still two",
			events: []event.Event{
				track("1", 1, "a1", "u1"), track("2", 2, "u2", "p2"), track("3", 3, "a1", "u2"), track("4", 4, "a1", "p2"), track("5", 5, "a1", "u1"),
				track("6", 6, "a1", "u2"),
			},
			people: []string{"a1 u1", "p2 u2"},
		},
		{
			name:        "three people behind one weak key: it is shared, and its people part",
			events:      []event.Event{track("1", 1, "d1", "u1"), track("2", 2, "d1", "u2"), track("3", 3, "d1", "u3"), track("4", 4, "d1", "u4")},
			people:      []string{"d1", "u1", "u2", "u3", "u4"},
			conflicts:   []string{"shared_device | device_id::d1 | user_id::u3 |  | 1"},
			quarantined: []string{"device_id::d1"},
		},
		{
			name: "a released device may link again, and with a clean slate",
			events: []event.Event{
				track("1", 1, "d1", "u1"), track("2", 2, "d1", "u2"), track("3", 3, "d1", "u3"), release("4", "d1"), track("5", 5, "d1", "u1"),
				track("6", 6, "d1", "u2"),
			},
			people:    []string{"d1 u1", "u2", "u3"},
			conflicts: []string{"shared_device | device_id::d1 | user_id::u3 |  | 1"},
		},
		{
			name:   "an undeclared kind attaches to the first and never merges",
			events: []event.Event{track("1", 1, "x1", "u1"), track("2", 2, "u2"), track("3", 3, "x1", "u2")},
			people: []string{"u1 x1", "u2"},
		},
		{
			name:   "an undeclared kind does not merge as the strongest of an event either",
			events: []event.Event{track("1", 1, "x1", "a1"), track("2", 2, "a2"), track("3", 3, "x1", "a2")},
			people: []string{"a1 x1", "a2"},
		},
		{
			name:   "merge by hand",
			events: []event.Event{track("1", 1, "u1"), track("2", 2, "p1"), merge("3", "p1", "u1")},
			people: []string{"p1 u1"},
		},
		{
			name:      "merge by hand against a guard: refused without force",
			events:    []event.Event{track("1", 1, "u1"), track("2", 2, "u2"), merge("3", "u1", "u2")},
			people:    []string{"u1", "u2"},
			conflicts: []string{"unique_value | user_id::u1 | user_id::u2 | user_id | 1"},
		},
		{
			name:   "merge by hand against a guard: done with force",
			events: []event.Event{track("1", 1, "u1"), track("2", 2, "u2"), forced("3", "u1", "u2"), track("4", 4, "u2", "a1")},
			people: []string{"a1 u1 u2"},
		},
		{
			name:      "what was cut stays cut for the machine",
			events:    []event.Event{track("1", 1, "u1", "p1"), unmerge("2", "p1"), track("3", 3, "u1", "p1")},
			people:    []string{"p1", "u1"},
			conflicts: []string{"cut_before | user_id::u1 | phone::p1 |  | 1"},
		},
		{
			name:      "what was cut stays cut through a third identity",
			events:    []event.Event{track("1", 1, "u1", "p1", "a1"), unmerge("2", "p1"), track("3", 3, "p1", "a1")},
			people:    []string{"a1 u1", "p1"},
			conflicts: []string{"cut_before | phone::p1 | anonymous_id::a1 |  | 1"},
		},
		{
			name:   "taking out what all links go through leaves two people",
			events: []event.Event{track("1", 1, "u1", "p1", "e1", "a1"), unmerge("2", "u1")},
			people: []string{"a1 e1 p1", "u1"},
		},
		{
			name:   "what is taken out together stays together, as does the rest",
			events: []event.Event{track("1", 1, "u1", "p1", "p2", "e1", "e2"), unmerge("2", "p1", "e1")},
			people: []string{"e1 p1", "e2 p2 u1"},
		},
		{
			name:   "the same, of two people at once",
			events: []event.Event{track("1", 1, "u1", "p1", "e1"), track("2", 2, "u2", "p2", "e2"), unmerge("3", "u1", "u2")},
			people: []string{"e1 p1", "e2 p2", "u1", "u2"},
		},
		{
			name:      "what was kept together is one person to the machine",
			events:    []event.Event{track("1", 1, "u1", "p1", "e1"), unmerge("2", "u1"), track("3", 3, "p1", "e1"), track("4", 4, "u1", "e1")},
			people:    []string{"e1 p1", "u1"},
			conflicts: []string{"cut_before | user_id::u1 | email::e1 |  | 1"},
		},
		{
			name: "an earlier split is not undone by the way",
			events: []event.Event{
				track("1", 1, "u1", "p1"), unmerge("2", "p1"), track("3", 3, "e1"), merge("4", "e1", "u1"), merge("5", "e1", "p1"), unmerge("6", "e1"),
			},
			people: []string{"e1", "p1", "u1"},
		},
		{
			name:   "a kept link hangs on the firmest identity, not on a browser that is shared later",
			events: []event.Event{track("1", 1, "a1", "u1"), track("2", 2, "u1", "p1", "e1"), unmerge("3", "u1"), quarantine("4", "a1")},
			people: []string{"a1", "e1 p1", "u1"}, quarantined: []string{"anonymous_id::a1"},
		},
		{
			name:   "what was cut is joined again by hand",
			events: []event.Event{track("1", 1, "u1", "p1"), unmerge("2", "p1"), merge("3", "u1", "p1"), track("4", 4, "u1", "p1")},
			people: []string{"p1 u1"},
		},
		{
			name:      "merge, unmerge, merge, unmerge",
			events:    []event.Event{track("1", 1, "u1"), track("2", 2, "e1"), merge("3", "u1", "e1"), unmerge("4", "e1"), merge("5", "e1", "u1"), unmerge("6", "u1"), track("7", 3, "u1", "e1")},
			people:    []string{"e1", "u1"},
			conflicts: []string{"cut_before | user_id::u1 | email::e1 |  | 1"},
		},
		{
			name:        "a quarantined identity links no more; released, it does",
			events:      []event.Event{track("1", 1, "u1", "a1"), quarantine("2", "a1"), track("3", 3, "u1", "a1"), track("4", 4, "u1", "a2"), quarantine("5", "a2"), release("6", "a2"), track("7", 7, "u1", "a2")},
			people:      []string{"a1", "a2 u1"},
			quarantined: []string{"anonymous_id::a1"},
		},
		{
			name:   "scopes are spaces of their own",
			events: []event.Event{track("1", 1, "u1", "w1"), {ID: "2", Type: event.Track, Name: "A", Time: 2, Identities: append(ids("u1"), event.Identity{Kind: event.OpenID, Scope: "other", Value: "w2"})}},
			people: []string{"u1 w1 w2"},
		},
	}
	each(t, func(t *testing.T, on rigOption) {
		b := newBench(t, on)
		for _, c := range cases {
			b.play(t, c.events, oneByOne)
			s := newSpace(b.spaces)
			require.Equal(t, c.people, b.people(s), c.name)
			require.Equal(t, c.conflicts, b.conflicts(s), c.name)
			require.Equal(t, c.quarantined, b.quarantined(s), c.name)
		}
		b.verify(t)
	})
}
