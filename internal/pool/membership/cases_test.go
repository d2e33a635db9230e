package membership_test

import (
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

func tier(t tester, key string, version int64, stay, grace int, levels []string, texts ...string) standing.Spec {
	t.Helper()
	s := standing.Spec{Owner: standing.Tier, Key: key, Version: version, Levels: levels, StayDays: stay, GraceDays: grace}
	for _, text := range texts {
		s.Rules = append(s.Rules, parse(t, text))
	}
	return s
}

// A rise is immediate; a fall waits for the stay and the grace, whichever ends later, and goes to the level asked for then.
func TestFallsAreHeldBack(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		stay, grace int
		want        []string // level on each day after the one with three orders
	}{
		"neither":       {0, 0, []string{"core", "low", "low", "low", "low"}},
		"stay":          {3, 0, []string{"core", "core", "core", "low", "low"}},
		"grace":         {0, 2, []string{"core", "core", "core", "low", "low"}},
		"both, by stay": {4, 2, []string{"core", "core", "core", "core", "low"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, statetest.SQLiteURL(t)).open()
			t.Cleanup(r.kill)
			r.apply(tier(t, "activity", 1, c.stay, c.grace, []string{"core", "mid", "low"}, `count("Order", "1d") >= 3`, `count("Order", "1d") >= 1`))
			r.rest()
			r.send(r.did("Order", "u1"))
			require.Equal(t, []int64{1}, r.members(standing.Tier, "activity", "mid"))
			r.rest()
			require.Empty(t, r.signals, "a first level is no change")
			r.send(r.did("Order", "u1"), r.did("Order", "u1"))
			for day, want := range c.want {
				r.rest()
				require.Equal(t, []int64{1}, r.members(standing.Tier, "activity", want), "day %d", day)
				held, err := r.e.Standing(t.Context(), 1)
				require.NoError(t, err)
				if want == "core" && day > 0 {
					require.NotEmpty(t, held[0].HeldBy)
					require.Greater(t, held[0].Until, r.clk.Now().UnixMicro())
				} else {
					require.Empty(t, held[0].HeldBy)
				}
				r.clk.Add(days(1))
			}
			require.Len(t, r.heard(event.TierChanged), 2)
			require.JSONEq(t, `{"dimension":"activity","from":"core","to":"low","cause":"time"}`, string(r.signals[1].Properties))
		})
	}
}

// A visitor who was welcomed is not welcomed again when a log-in makes them somebody known, and whoever leaves by being merged is told once.
func TestMergesCarryOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.apply(segment(t, "viewers", 1, `count("View", "all") >= 1`))
		r.apply(segment(t, "lone", 1, `count("View", "all") == 1 && !identity("user_id")`))
		r.rest()
		r.send(r.did("Order", "u1"))
		r.send(r.did("View", "a1"))
		r.rest()
		require.Equal(t, []string{"a1", "a1"}, r.heard(event.SegmentEntered))
		r.send(r.did("Order", "u1", "a1"))
		r.rest()
		require.Equal(t, []int64{1}, r.members(standing.Segment, "viewers", ""))
		require.Equal(t, []string{"a1", "a1"}, r.heard(event.SegmentEntered), "not again")
		require.Equal(t, []string{"u1"}, r.heard(event.SegmentExited), "of lone, and told to who they are now")
		changes, err := r.e.Changes(t.Context(), standing.ChangeQuery{Owner: standing.Segment, Key: "viewers"})
		require.NoError(t, err)
		require.Equal(t, []string{"merged", "merged", "event"}, []string{changes[0].Cause, changes[1].Cause, changes[2].Cause})
		undo := r.at(r.clk.Now(), event.PeopleUnmerged, `{"reason":"a mistake","author":"op"}`, "a1")
		undo.Type = event.Command
		r.send(undo)
		r.rest()
		require.Equal(t, []int64{2}, r.members(standing.Segment, "viewers", ""))
		require.Equal(t, []string{"a1", "a1", "a1"}, r.heard(event.SegmentEntered), "lone again")
	})
}

// Rules may go round in signals; after some hops nobody is told any more, and everything comes to rest.
func TestSignalsComeToRest(t *testing.T) {
	t.Parallel()
	r := newRig(t, statetest.SQLiteURL(t)).open()
	t.Cleanup(r.kill)
	r.apply(segment(t, "flip", 1, `count("Order", "all") > 0 && count("Segment Entered", "all") == count("Segment Exited", "all")`))
	r.rest()
	r.send(r.did("Order", "u1"))
	r.rest()
	require.Len(t, r.signals, 8)
	require.EqualValues(t, 1, r.e.Figures().Unsaid)
	require.Equal(t, r.toList(`count("Order", "all") > 0 && count("Segment Entered", "all") == count("Segment Exited", "all")`), r.members(standing.Segment, "flip", ""), "exact all the same")
}

func (r *rig) toList(text string) []int64 {
	r.t.Helper()
	m, err := r.e.Matching(r.t.Context(), parse(r.t, text))
	require.NoError(r.t, err)
	return toInts(m.ToArray())
}

// Tags by hand count from their transaction on, and not at all if that is taken back.
func TestTagsFollowTheirTransaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.send(r.did("View", "u1"), r.did("View", "u2"))
		r.apply(segment(t, "vip", 1, `has_tag("vip")`))
		r.rest()
		require.ErrorIs(t, r.db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := r.e.SetTags(t.Context(), tx, []standing.TagSet{{Person: 1, Tag: "vip", On: true}})
			require.NoError(t, err)
			return errCrash
		}), errCrash)
		r.send(r.did("View", "u2"))
		require.Empty(t, r.members(standing.Segment, "vip", ""))
		require.NoError(t, r.db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := r.e.SetTags(t.Context(), tx, []standing.TagSet{{Person: 2, Tag: "vip", On: true}})
			return err
		}))
		r.send(r.did("View", "u1")) // the engine sees by itself that the tag was committed
		require.Equal(t, []int64{2}, r.members(standing.Segment, "vip", ""))
		r.rest()
		require.Equal(t, []string{"u2"}, r.heard(event.SegmentEntered))
	})
}

// A snapshot's people are whoever has one of its nodes, through merges, too. What asks about something that is removed is decided anew.
func TestStaticAndRemove(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.send(r.did("View", "u1"), r.did("View", "a2"), r.did("View", "a3"))
		r.apply(standing.Spec{Owner: standing.Segment, Key: "list", Version: 1, Static: roaring64.BitmapOf(2)})
		r.apply(segment(t, "others", 1, `!in_segment("list")`))
		r.rest()
		require.Equal(t, []int64{2}, r.members(standing.Segment, "list", ""))
		r.send(r.did("Order", "u1", "a2"))
		require.Equal(t, []int64{1}, r.members(standing.Segment, "list", ""))
		require.Equal(t, []int64{3}, r.members(standing.Segment, "others", ""))
		r.restart()
		require.Equal(t, []int64{1}, r.members(standing.Segment, "list", ""))
		require.NoError(t, r.e.Remove(t.Context(), standing.Segment, "list"))
		require.Nil(t, r.e.Members(standing.Segment, "list", ""))
		r.rest()
		require.Equal(t, []int64{1, 3}, r.members(standing.Segment, "others", ""))
		var left int
		require.NoError(t, r.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM membership_unit").Scan(&left))
		require.Equal(t, 1, left)
	})
}

// Who takes another step while a big sweep still owes them the first is told of both, in order, and a restart forgets nothing.
func TestOwedSignals(t *testing.T) {
	t.Parallel()
	r := newRig(t, statetest.SQLiteURL(t))
	r.bulkFrom = 2
	r.open()
	t.Cleanup(r.kill)
	r.send(r.did("Order", "u1"), r.did("Order", "u2"), r.did("Order", "u3"))
	r.apply(segment(t, "fresh", 1, `count("Order", "1d") >= 1`))
	r.rest()
	r.clk.Add(days(1))
	more, err := r.e.Work(t.Context()) // the sweep alone
	require.NoError(t, err)
	require.True(t, more)
	require.Equal(t, 3, r.e.Figures().Owed)
	r.send(r.did("Order", "u2"))
	r.relay()
	require.Equal(t, []string{"u2"}, r.heard(event.SegmentExited))
	require.Equal(t, []string{"u2"}, r.heard(event.SegmentEntered))
	require.Equal(t, event.SegmentExited, r.signals[0].Name)
	r.restart()
	r.rest()
	require.Equal(t, []string{"u1", "u2", "u3"}, r.heard(event.SegmentExited))
	require.Zero(t, r.e.Figures().Owed)
}

// Asking is refused in words while the engine is not ready, and specs that make no sense are refused.
func TestRefusals(t *testing.T) {
	t.Parallel()
	r := newRig(t, statetest.SQLiteURL(t)).open()
	t.Cleanup(r.kill)
	cold, err := membership.Open(t.Context(), membership.Options{State: r.db, Timeline: r.tl, Zone: func() *time.Location { return time.UTC }, Clock: r.clk})
	require.NoError(t, err)
	require.False(t, cold.Ready())
	_, err = cold.Count(t.Context(), parse(t, `true`))
	require.Equal(t, "engine.not_ready", fault.CodeOf(err))
	for name, s := range map[string]standing.Spec{
		"no rule":       {Owner: standing.Segment, Key: "x", Version: 1},
		"no owner":      {Key: "x", Version: 1, Rules: []*rule.Rule{parse(t, "true")}},
		"no key":        {Owner: standing.Tag, Version: 1, Rules: []*rule.Rule{parse(t, "true")}},
		"no version":    {Owner: standing.Tag, Key: "x", Rules: []*rule.Rule{parse(t, "true")}},
		"too few rules": tier(t, "x", 1, 0, 0, []string{"a", "b", "c"}, "true"),
		"negative stay": tier(t, "x", 1, -1, 0, []string{"a", "b"}, "true"),
	} {
		err := r.e.Apply(t.Context(), s)
		require.Equal(t, "membership.invalid", fault.CodeOf(err), name)
	}
}

// Explaining gives the same answer as counting, and shows people whose numbers it has.
func TestCountAndExplain(t *testing.T) {
	t.Parallel()
	r := newRig(t, statetest.SQLiteURL(t)).open()
	t.Cleanup(r.kill)
	r.send(r.did("Order", "u1"), r.did("Order", "u2"), r.did("Order", "u2"))
	q := parse(t, `count("Order", "30d") >= 2`)
	n, err := r.e.Count(t.Context(), q)
	require.NoError(t, err)
	require.EqualValues(t, 1, n.Count)
	require.EqualValues(t, 2, n.Total)
	require.Equal(t, []int64{2}, n.Sample)
	for person, want := range map[int64]bool{1: false, 2: true} {
		x, err := r.e.Explain(t.Context(), q, person)
		require.NoError(t, err)
		require.Equal(t, want, x.Result)
	}
	_, err = r.e.Explain(t.Context(), q, 99)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}
