package apply_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// bench is a pool whose batches the test makes itself.
type bench struct {
	*rig
	position uint64
	spaces   int
}

func newBench(t *testing.T, opts ...rigOption) *bench {
	t.Helper()
	r := newRig(t, opts...)
	require.NoError(t, r.halt())
	var err error
	r.pipe, err = apply.New(t.Context(), r.options())
	require.NoError(t, err)
	r.stop, r.ended = func() {}, make(chan error, 1)
	r.ended <- nil
	return &bench{rig: r, position: 1}
}

// play applies events in a space of its own; cuts says after which events a record ends and after which of those a batch ends.
func (b *bench) play(t require.TestingT, events []event.Event, cuts func(i int) (record, batch bool)) dump {
	b.spaces++
	s := newSpace(b.spaces)
	node, position := b.number(false, "SELECT COALESCE(MAX(id), 0) FROM identity"), b.position
	moved := apply.ReadLog(s.in(events)...)
	var records [][]event.Event
	var record []event.Event
	var batches []apply.Batch
	var ready apply.Prepared
	applyReady := func() {
		if ready != nil {
			done, err := b.pipe.Apply(b.t.Context(), ready)
			require.NoError(t, err)
			batches = append(batches, done)
		}
	}
	b.pipe.AlwaysAhead()
	for i, e := range moved {
		record = append(record, e)
		endRecord, endBatch := cuts(i)
		if i == len(moved)-1 || endBatch {
			endRecord, endBatch = true, true
		}
		if endRecord {
			records, record = append(records, record), nil
		}
		if endBatch {
			next, err := b.pipe.Prepare(b.t.Context(), b.position, records...) // as late as may be: before the one before is applied
			require.NoError(t, err)
			applyReady()
			b.position += uint64(len(records))
			ready, records = next, nil
		}
	}
	applyReady()
	require.NoError(t, b.pipe.SinkAll(b.t.Context(), batches...))
	return b.dump(s, node, position)
}

func oneByOne(int) (record, batch bool) { return true, true }
func atOnce(int) (record, batch bool)   { return false, false }

// Where batches and records begin and end must not matter: one event per batch, all in one, and anything between give the same people,
// links, conflicts and warehouse rows, down to the byte.
func TestBatchesDoNotMatter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url rigOption) {
		b := newBench(t, url)
		rapid.Check(t, func(rt *rapid.T) {
			events := drawStream(rt, 14)
			single := b.play(rt, events, oneByOne)
			for _, way := range []struct {
				name string
				cuts func(int) (record, batch bool)
			}{
				{"all in one record", atOnce},
				{"all in one batch", func(int) (bool, bool) { return true, false }},
				{"some", func(int) (bool, bool) {
					return rapid.Bool().Draw(rt, "record"), rapid.IntRange(0, 3).Draw(rt, "batch") == 0
				}},
			} {
				if d := cmp.Diff(single, b.play(rt, events, way.cuts), cmp.AllowUnexported(dump{})); d != "" {
					rt.Fatalf("-one by one, +%s:\n%s", way.name, d)
				}
			}
		})
	})
}
