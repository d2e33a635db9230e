package membership_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// Counts by span, and where people ended up, are those of the changes listed one by one, whether they were taken one by one or many at once.
func TestSpansAndNet(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": statetest.SQLiteURL, "postgres": statetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, url(t))
			r.bulkFrom = 3
			r.open()
			t.Cleanup(r.kill)
			seed := rand.Uint64()
			t.Log("seed", seed)
			dice := rand.New(rand.NewPCG(seed, 5))
			cuts := []int64{r.clk.Now().UnixMicro()}
			for day := range 5 {
				var some []event.Event
				for range 12 {
					some = append(some, r.did("Order", fmt.Sprint("u", dice.IntN(10))))
				}
				r.send(some...)
				if day == 0 {
					r.apply(standing.Spec{Owner: standing.Tier, Key: "v", Version: 1, Levels: []string{"high", "some", "none"}, Rules: []*rule.Rule{
						parse(t, `count("Order", "2d") >= 3`), parse(t, `count("Order", "2d") >= 1`),
					}})
					r.apply(segment(t, "s", 1, `count("Order", "1d") >= 1`))
				}
				r.rest()
				r.clk.Add(days(1))
				cuts = append(cuts, r.clk.Now().UnixMicro())
			}
			r.rest()
			cuts = append(cuts, r.clk.Now().UnixMicro()+1)
			for _, key := range []string{"v", ""} {
				checkSpans(t, r, key, cuts)
			}
			for i := range cuts {
				for j := i + 1; j < len(cuts); j++ {
					checkNet(t, r, cuts[i], cuts[j])
				}
			}
			none, err := r.e.Spans(t.Context(), standing.Segment, "nobody", cuts)
			require.NoError(t, err)
			require.Empty(t, none)
		})
	}
}

func listed(t *testing.T, r *rig, owner standing.Owner, from, to int64) []standing.Change {
	t.Helper()
	all, err := r.e.Changes(t.Context(), standing.ChangeQuery{Owner: owner, From: from, To: to, Limit: 1000})
	require.NoError(t, err)
	slices.SortFunc(all, func(a, b standing.Change) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func checkSpans(t *testing.T, r *rig, key string, cuts []int64) {
	t.Helper()
	want := map[standing.Moved]int64{}
	for i := range len(cuts) - 1 {
		for _, c := range listed(t, r, standing.Tier, cuts[i], cuts[i+1]) {
			want[standing.Moved{Key: c.Key, Slot: i, From: c.From, To: c.To, Cause: c.Cause}]++
		}
	}
	got := map[standing.Moved]int64{}
	moved, err := r.e.Spans(t.Context(), standing.Tier, key, cuts)
	require.NoError(t, err)
	for _, m := range moved {
		n := m.People
		m.People = 0
		got[m] = n
	}
	require.Equal(t, want, got)
	require.Greater(t, len(want), 5)
}

func checkNet(t *testing.T, r *rig, from, to int64) {
	t.Helper()
	first, last := map[int64]string{}, map[int64]string{}
	for _, c := range listed(t, r, standing.Tier, from, to) {
		if _, met := first[c.Person]; !met {
			first[c.Person] = c.From
		}
		last[c.Person] = c.To
	}
	want := map[[2]string]int64{}
	for person := range first {
		want[[2]string{first[person], last[person]}]++
	}
	got := map[[2]string]int64{}
	net, err := r.e.Net(t.Context(), standing.Tier, "v", from, to)
	require.NoError(t, err)
	for _, m := range net {
		got[[2]string{m.From, m.To}] = m.People
	}
	require.Equal(t, want, got)
}
