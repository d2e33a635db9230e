package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// each runs a test on both engines of the state.
func each(t *testing.T, run func(t *testing.T, r *rig)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"sqlite": statetest.SQLiteURL, "postgres": statetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, url(t)).open()
			t.Cleanup(r.kill)
			run(t, r)
		})
	}
}

// The first fill tells nobody; from then on, whoever enters or leaves does so at once and is told of once, also when a window slides over
// midnight.
func TestEnterAndExit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.send(r.did("Order", "u1"), r.did("Order", "u1"), r.did("Order", "u2"), r.did("View", "u3"))
		r.apply(segment(t, "twice", 1, `count("Order", "2d") >= 2`))
		require.Equal(t, standing.Waiting, r.e.Progress(standing.Segment, "twice").State)
		r.rest()
		require.Equal(t, standing.Progress{State: standing.Ready, Version: 1}, r.e.Progress(standing.Segment, "twice"))
		require.Equal(t, []int64{1}, r.members(standing.Segment, "twice", ""))
		require.Empty(t, r.signals)

		r.send(r.did("Order", "u2"))
		require.Equal(t, []int64{1, 2}, r.members(standing.Segment, "twice", ""), "live, before any sweep")
		r.rest()
		require.Equal(t, []string{"u2"}, r.heard(event.SegmentEntered))
		require.JSONEq(t, `{"segment":"twice","cause":"event"}`, string(r.signals[0].Properties))
		require.Equal(t, event.Signal, r.signals[0].Type)

		r.clk.Add(days(2))
		r.rest()
		require.Empty(t, r.members(standing.Segment, "twice", ""))
		require.Equal(t, []string{"u1", "u2"}, r.heard(event.SegmentExited))
		require.JSONEq(t, `{"segment":"twice","cause":"time"}`, string(r.signals[1].Properties))

		moved, err := r.e.Tally(t.Context(), standing.Segment, "twice", 0, r.clk.Now().UnixMicro()+1)
		require.NoError(t, err)
		require.Equal(t, []standing.Moved{
			{From: "", To: "in", Cause: "activated", People: 1},
			{From: "", To: "in", Cause: "event", People: 1},
			{From: "in", To: "", Cause: "time", People: 2},
		}, moved)
	})
}

// Rules that ask about others follow them in the same batch, through several steps.
func TestRipple(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.send(r.did("View", "u1"), r.did("View", "u2"))
		r.apply(segment(t, "c", 1, `!in_segment("b")`))
		r.apply(segment(t, "b", 1, `has_tag("a") && has_tag("hand")`))
		r.apply(standing.Spec{Owner: standing.Tag, Key: "a", Version: 1, Rules: []*rule.Rule{parse(t, `count("Order", "all") >= 1`)}})
		r.rest()
		require.Equal(t, []int64{1, 2}, r.members(standing.Segment, "c", ""))
		r.tag(1, "hand", true)
		r.send(r.did("Order", "u1"))
		require.Equal(t, []int64{1}, r.members(standing.Segment, "b", ""))
		require.Equal(t, []int64{2}, r.members(standing.Segment, "c", ""))
		r.tag(1, "hand", false)
		require.Empty(t, r.members(standing.Segment, "b", ""))
		require.Equal(t, []int64{1, 2}, r.members(standing.Segment, "c", ""))
		r.rest()
		require.Equal(t, []string{"u1"}, r.heard(event.TagAdded))
		require.Equal(t, []string{"u1", "u1"}, r.heard(event.SegmentEntered), "b, and c again")
		require.Equal(t, []string{"u1", "u1"}, r.heard(event.SegmentExited))
	})
}

// A circle is refused with its path, and nothing changes.
func TestCircle(t *testing.T) {
	t.Parallel()
	r := newRig(t, statetest.SQLiteURL(t)).open()
	t.Cleanup(r.kill)
	r.apply(segment(t, "a", 1, `in_segment("b")`))
	r.apply(segment(t, "b", 1, `in_segment("c")`))
	err := r.e.Apply(t.Context(), segment(t, "c", 1, `!in_segment("a")`))
	require.ErrorContains(t, err, "segment/a → segment/b → segment/c → segment/a")
	r.rest()
	require.Nil(t, r.e.Members(standing.Segment, "c", ""))
}
