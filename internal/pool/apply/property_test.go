package apply_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever happens in whatever order, the pool has the people, their pictures and its doubts exactly as the rules say, in state and
// warehouse.
func TestPoolIsAsTheRulesSay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rapid.Check(t, func(rt *rapid.T) {
		events := drawStream(rt, 24)
		o := newOracle()
		for _, e := range events {
			o.take(e)
		}
		d := b.play(rt, events, func(int) (bool, bool) {
			return rapid.Bool().Draw(rt, "record"), rapid.IntRange(0, 5).Draw(rt, "batch") == 0
		})
		s := newSpace(b.spaces)
		want := map[string]string{}
		for _, x := range o.nodes {
			if p := o.person(x); p[0] == x {
				want[name(x.Identity)] = o.portrait(p)
			}
		}
		if d := cmp.Diff(want, b.portraits(rt, s)); d != "" {
			rt.Fatalf("people (-rules, +pool):\n%s", d)
		}
		members := map[string]string{}
		for _, x := range o.nodes {
			members[name(x.Identity)] = name(o.least(x).Identity) + " " + map[bool]string{true: "1", false: "0"}[x.quarantined]
		}
		got := map[string]string{}
		for _, l := range d.identities {
			f := strings.Split(l, " | ")
			got[f[0]] = f[1] + " " + f[2]
		}
		if d := cmp.Diff(members, got); d != "" {
			rt.Fatalf("identities (-rules, +pool):\n%s", d)
		}
		doubts := map[string]int{}
		for _, l := range d.conflicts {
			f := strings.Split(l, " | ")
			doubts[f[1]+" "+f[2]], _ = strconv.Atoi(f[8])
		}
		if d := cmp.Diff(o.doubts, doubts); d != "" {
			rt.Fatalf("conflicts (-rules, +pool):\n%s", d)
		}
	})
	b.verify(t)
}
