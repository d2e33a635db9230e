package membership_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// While events pour in, rules are edited, paused and taken up again, days pass and the process stops and starts: the steps of every person follow
// each other without a gap, each but those of the first fill is told exactly once, and in the end everybody stands where the rules say.
func TestNoSignalIsMissedOrDoubled(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": statetest.SQLiteURL(t), "another sqlite": statetest.SQLiteURL(t), "postgres": statetest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			busy(t, url, uint64(len(name)))
		})
	}
}

const (
	busyPeople = 200
	rounds     = 3
)

func busy(t *testing.T, url string, seed uint64) {
	t.Helper()
	dice := rand.New(rand.NewPCG(seed, 7))
	r := newRig(t, url)
	r.bulkFrom = 40
	texts := []string{`count("Order", "2d") >= 2`, `count("Order", "all") % 2.0 == 1.0`, `days_since_last("View") >= 1`, `count("View", "3d") < 3`, `in_segment("b0") && count("View", "all") > 1`}
	version := int64(1)
	specs := map[string]standing.Spec{}
	for round := range rounds {
		r.open()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		e := r.e
		go func() { ended <- e.Run(ctx) }()
		var over atomic.Bool
		edited := make(chan struct{})
		defer func() { over.Store(true); <-edited }()
		hands := rand.New(rand.NewPCG(seed, uint64(round)))
		go func() {
			defer close(edited)
			for !over.Load() {
				key := fmt.Sprintf("b%d", hands.IntN(3))
				if s, ok := specs[key]; ok && hands.IntN(3) == 0 {
					if err := e.Pause(ctx, standing.Segment, key); err != nil {
						t.Error(err)
					}
					if err := e.Apply(ctx, s); err != nil {
						t.Error(err)
					}
					continue
				}
				version++
				n := len(texts)
				if key == "b0" {
					n-- // not about itself
				}
				text := texts[hands.IntN(n)]
				got, _ := rule.Parse(text, nil)
				specs[key] = standing.Spec{Owner: standing.Segment, Key: key, Version: version, Rules: []*rule.Rule{got}}
				if err := e.Apply(ctx, specs[key]); err != nil {
					t.Error(err)
				}
				for hands.IntN(2000) > 0 && e.Progress(standing.Segment, key).State != standing.Ready && !over.Load() {
					runtime.Gosched() // let it come into force, mostly
				}
			}
		}()
		for range 25 {
			var batch []event.Event
			for range 20 {
				who := fmt.Sprintf("u%d", dice.IntN(busyPeople))
				at := r.clk.Now().Add(-time.Duration(dice.IntN(50)) * time.Hour)
				batch = append(batch, r.at(at, []string{"Order", "View"}[dice.IntN(2)], "", who))
			}
			r.send(batch...)
			if dice.IntN(15) == 0 {
				r.clk.Add(time.Duration(dice.IntN(20)) * time.Hour)
			}
			if dice.IntN(4) == 0 {
				r.relay()
			}
		}
		over.Store(true)
		<-edited
		if round == rounds-1 {
			require.Eventually(t, func() bool {
				for key := range specs {
					if p := e.Progress(standing.Segment, key); p.State != standing.Ready || p.Version != specs[key].Version {
						return false
					}
				}
				return e.Figures().Owed == 0
			}, time.Minute, time.Millisecond)
		}
		stop()
		require.NoError(t, <-ended)
		if round < rounds-1 {
			r.kill()
		}
	}
	t.Cleanup(r.kill)
	r.rest()
	r.agree(specs)
}

// agree compares history, signals and rules.
func (r *rig) agree(specs map[string]standing.Spec) {
	r.t.Helper()
	ctx := r.t.Context()
	told := map[string]int{}
	for _, s := range r.signals {
		to := "in"
		if s.Name == event.SegmentExited {
			to = ""
		}
		told[fmt.Sprintf("%s %s %s %d", event.Property(s.Properties, "segment").Text, s.Identities[0].Value, to, s.Time)]++
	}
	want := map[string]int{}
	for key, s := range specs {
		at := map[int64]string{}
		for _, c := range r.history(key) {
			require.Equal(r.t, at[c.Person], c.From, "%s of %d", key, c.Person)
			at[c.Person] = c.To
			if c.Cause != "activated" {
				want[fmt.Sprintf("%s %s %s %d", key, r.valueOf(c.Person), c.To, c.At)]++
			}
		}
		in := []int64{}
		for id, level := range at {
			if level == "in" {
				in = append(in, id)
			}
		}
		slices.Sort(in)
		require.Equal(r.t, in, r.members(standing.Segment, key, ""), key)
		matching, err := r.e.Matching(ctx, s.Rules[0])
		require.NoError(r.t, err)
		require.Equal(r.t, toInts(matching.ToArray()), in, "%s: %s", key, s.Rules[0].Text())
	}
	require.Equal(r.t, want, told)
}

// history is all changes of a segment, the oldest first, read page by page in both directions.
func (r *rig) history(key string) []standing.Change {
	r.t.Helper()
	var back, on []standing.Change
	for before := int64(0); ; {
		page, err := r.e.Changes(r.t.Context(), standing.ChangeQuery{Owner: standing.Segment, Key: key, Before: before, Limit: 70})
		require.NoError(r.t, err)
		if len(page) == 0 {
			break
		}
		before = page[len(page)-1].ID
		back = append(back, page...)
	}
	slices.Reverse(back)
	if len(back) == 0 {
		return nil
	}
	for after := back[0].ID; ; {
		page, err := r.e.Changes(r.t.Context(), standing.ChangeQuery{Owner: standing.Segment, Key: key, After: after, Limit: 90})
		require.NoError(r.t, err)
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].ID
		on = append(on, page...)
	}
	require.Equal(r.t, back[1:], on, "the same from both ends")
	return back
}

func toInts(list []uint64) []int64 {
	out := make([]int64, len(list))
	for i, v := range list {
		out[i] = int64(v)
	}
	return out
}

func (r *rig) valueOf(person int64) string {
	r.t.Helper()
	var key string
	require.NoError(r.t, r.db.QueryRow(r.t.Context(), "SELECT key FROM identity WHERE id = ?", person).Scan(&key))
	return event.ParseKey(key).Value
}
