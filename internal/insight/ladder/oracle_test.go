package ladder_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/ladder"
)

// did is an event of the oracle's.
type did struct {
	node, at int64
	arrival  int
	rung     int // -1: none
}

// naive is where a person's events lead, straight from the words of the package's documentation: the highest rung, and for each rung whether the person
// rose to it, and how long that took.
func naive(events []did) (top int, rose [ladder.Rungs]bool, waits [ladder.Rungs]int64) {
	slices.SortFunc(events, func(a, b did) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.node, b.node), cmp.Compare(a.arrival, b.arrival))
	})
	first := func(k int) int { return slices.IndexFunc(events, func(e did) bool { return e.rung >= k }) }
	top = -1
	for k := range ladder.Rungs {
		i := first(k)
		if i < 0 {
			break
		}
		top = k
		if k > 0 {
			if below := first(k - 1); below < i {
				rose[k], waits[k] = true, events[i].at-events[below].at
			}
		}
	}
	return top, rose, waits
}

// Generated pools, with late events, ties in time, merged people and a clock that is put forward, give what the oracle says: every number, and who
// stands where.
func TestOracle(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	names := []string{"Look", "Want", "Trust", "Pay", "Other"}
	rapid.Check(t, func(rt *rapid.T) {
		p := insighttest.Open(t, insighttest.Options{Zone: zone, Now: time.Date(2026, 3, 12, 12, 0, 0, 0, zone), Block: 4})
		db, quiet := statetest.SQLite(t), slog.New(slog.DiscardHandler)
		trail, err := audit.New(t.Context(), db)
		require.NoError(rt, err)
		defs, err := define.New(t.Context(), db, trail, quiet)
		require.NoError(rt, err)
		_, err = ladder.New(t.Context(), ladder.Options{Desk: p.Desk, Definitions: defs, Logger: quiet})
		require.NoError(rt, err)

		const nodes = 8
		from, until := time.Date(2026, 3, 7, 0, 0, 0, 0, zone), time.Date(2026, 3, 11, 0, 0, 0, 0, zone) // the 8th has 23 hours
		var events []insighttest.Event
		by := map[int64][]did{}
		of := map[int64]int64{}
		for node := int64(1); node <= nodes; node++ {
			of[node] = node
		}
		for i := range rapid.IntRange(0, 60).Draw(rt, "events") {
			node := rapid.Int64Range(1, nodes).Draw(rt, "node")
			at := from.Add(time.Duration(rapid.IntRange(-6, 110).Draw(rt, "hour")) * time.Hour)
			rung := rapid.IntRange(0, 4).Draw(rt, "what")
			events = append(events, insighttest.Event{Node: node, Time: at, Name: names[rung]})
			if rung == 4 {
				rung = -1
			}
			if !at.Before(from) && at.Before(until) {
				by[node] = append(by[node], did{node, at.UnixMicro(), i, rung})
			}
		}
		for _, name := range names { // so that every name is known; long ago
			events = append(events, insighttest.Event{Node: nodes, Time: from.AddDate(-1, 0, 0), Name: name})
		}
		p.Add(events...)
		seen := map[int64]bool{}
		for _, e := range events {
			seen[e.Node] = true
		}
		if rapid.Bool().Draw(rt, "merge") && seen[1] && seen[2] {
			p.Join(2, 1)
			of[2] = 1
		}
		people := map[int64][]did{}
		for node := range seen {
			people[of[node]] = append(people[of[node]], by[node]...)
		}
		var want [ladder.Rungs]ladder.Step
		below := int64(0)
		waits := [ladder.Rungs][]int64{}
		for _, list := range people {
			top, rose, w := naive(list)
			if top < 0 {
				below++
				continue
			}
			want[top].Standing++
			for k := range top + 1 {
				want[k].Reached++
				if rose[k] {
					want[k].Rose++
					waits[k] = append(waits[k], w[k])
				} else {
					want[k].Direct++
				}
			}
		}
		rungs := make([]map[string]any, ladder.Rungs)
		for k, key := range []string{"interest", "demand", "trust", "cost"} {
			rungs[k] = map[string]any{"key": key, "title": key, "means": []string{}, "steps": []map[string]string{{"event": names[k]}}}
		}
		query, err := json.Marshal(map[string]any{"kind": "ladder", "from": "2026-03-07", "to": "2026-03-10", "rungs": rungs})
		require.NoError(rt, err)
		r, err := p.Desk.Ask(t.Context(), query)
		require.NoError(rt, err)
		var a ladder.Answer
		require.NoError(rt, json.Unmarshal(r.Answer, &a))
		require.Equal(rt, below, a.Below)
		for k, got := range a.Rungs {
			require.Equal(rt, [4]int64{want[k].Reached, want[k].Standing, want[k].Direct, want[k].Rose}, [4]int64{got.Reached, got.Standing, got.Direct, got.Rose}, "rung %d", k)
			require.Equal(rt, got.Reached, got.Direct+got.Rose)
			if len(waits[k]) > 0 {
				slices.Sort(waits[k])
				n := len(waits[k])
				median := float64(waits[k][n/2]+waits[k][(n-1)/2]) / 2 / float64(time.Hour/time.Microsecond)
				require.InDelta(rt, median, got.Wait.Median, 1e-9)
			}
			behind, err := p.Desk.Behind(t.Context(), query, json.RawMessage(fmt.Sprintf(`{"who":"standing","rung":%d}`, k)))
			require.NoError(rt, err)
			require.EqualValues(rt, got.Standing, behind.GetCardinality())
		}
	})
}
