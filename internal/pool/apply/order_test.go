package apply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Operators' merges and splits that do not contradict each other give the same people in any order. Merges are pairs of strangers; a split
// names one identity, and no merge names it, so that it is cut from what events linked it to, whenever it comes.
func TestMergesAndUnmergesInAnyOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	users := []string{"u1", "u2", "u3", "u4", "u5"}
	leaves := []string{"p1", "p2", "e1", "e2", "a1"}
	rapid.Check(t, func(rt *rapid.T) {
		var first, acts []event.Event
		for i, u := range users {
			e := track(fmt.Sprint("first-", u), int64(i+1)*1000, u, leaves[i])
			e.Type, e.Traits = event.Identify, fmt.Appendf(nil, `{"city":"%s","$set_once":{"origin":"%s"}}`, u, u)
			first = append(first, e)
			order := track(fmt.Sprint("order-", u), int64(9-i)*1000, leaves[i])
			order.Name, order.Properties = event.OrderCompleted, []byte(`{"revenue":3}`)
			first = append(first, order)
		}
		for i := range rapid.IntRange(1, 5).Draw(rt, "merges") {
			pair := rapid.SliceOfNDistinct(rapid.SampledFrom(users), 2, 2, rapid.ID).Draw(rt, "pair")
			acts = append(acts, forced(fmt.Sprint("merge-", i), pair...))
		}
		for _, x := range rapid.SliceOfNDistinct(rapid.SampledFrom(leaves), 0, 4, rapid.ID).Draw(rt, "splits") {
			acts = append(acts, unmerge("unmerge-"+x, x))
		}
		ways := func(i int) (bool, bool) { return true, rapid.Bool().Draw(rt, "batch") }
		one := b.play(rt, slices.Concat(first, acts), ways)
		two := b.play(rt, slices.Concat(first, rapid.Permutation(acts).Draw(rt, "order")), ways)
		// Which command came first on an anchor is no property of the people; links keep their own order.
		for _, d := range []*dump{&one, &two} {
			slices.Sort(d.edges)
			slices.Sort(d.rows)
		}
		if d := cmp.Diff(one, two, cmp.AllowUnexported(dump{})); d != "" {
			rt.Fatalf("another order, other people:\n%s", d)
		}
	})
	b.verify(t)
}

// Taking apart what was merged gives exactly the people that were there before, and merging them again exactly the merged one.
func TestUnmergeUndoesMerge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rapid.Check(t, func(rt *rapid.T) {
		var events []event.Event
		for i := range rapid.IntRange(1, 12).Draw(rt, "events") {
			e := drawEvent(rt, i)
			if e.Type == event.Command {
				continue
			}
			side := rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "side") // two people who never meet
			e.Identities = slices.Clone(e.Identities[:1])
			e.Identities[0].Value += "-" + side
			e.Identities = append(e.Identities, ids("u"+side)...)
			events = append(events, e)
		}
		events = append(events, track("x1", 5000, "u1"), track("x2", 5000, "u2"))
		before := b.play(rt, events, atOnce)
		merged := b.play(rt, append(slices.Clone(events), forced("c1", "u1", "u2")), atOnce)
		apart := b.play(rt, append(slices.Clone(events), forced("c1", "u1", "u2"), unmerge("c2", sideOne(events)...)), oneByOne)
		again := b.play(rt, append(slices.Clone(events), forced("c1", "u1", "u2"), unmerge("c2", sideOne(events)...), forced("c3", "u1", "u2")), oneByOne)
		if d := cmp.Diff(before.people, apart.people); d != "" {
			rt.Fatalf("unmerge did not undo the merge:\n%s", d)
		}
		if d := cmp.Diff(merged.people, again.people); d != "" {
			rt.Fatalf("merged again is not as merged:\n%s", d)
		}
		if len(merged.people) != len(before.people)-1 {
			rt.Fatalf("merged %d people into %d", len(before.people), len(merged.people))
		}
	})
}

// sideOne are the identities that were seen with u1.
func sideOne(events []event.Event) []string {
	out := []string{"u1"}
	for _, e := range events {
		for _, i := range e.Identities {
			if strings.HasSuffix(i.Value, "-1") && !slices.Contains(out, i.Value) {
				out = append(out, i.Value)
			}
		}
	}
	return out
}
