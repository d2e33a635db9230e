package apply_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// wreck is a pool that crashes at any point between two durable acts, and loses or gets back old files.
type wreck struct {
	*rig
	dice    *rand.Rand
	records [][]event.Event // in the log, the first at position 1
	next    int             // index of the first record that the pipeline has not applied
	behind  []apply.Batch   // applied, on the way to the warehouse
	did     []string
}

func newWreck(t *testing.T, seed uint64) *wreck {
	t.Helper()
	w := &wreck{rig: newRig(t), dice: rand.New(rand.NewPCG(seed, 1))}
	require.NoError(t, w.halt())
	w.up()
	return w
}

// up makes a pipeline that does nothing by itself.
func (w *wreck) up() {
	w.t.Helper()
	var err error
	w.pipe, err = apply.New(w.t.Context(), w.options())
	require.NoError(w.t, err)
	applied, _ := w.pipe.Positions()
	w.next, w.behind = int(applied), nil
}

func (w *wreck) grow() {
	stream := rapid.Custom(func(t *rapid.T) []event.Event { return drawStream(t, 6) }).Example(int(w.dice.Int32()))
	for i := range stream {
		if w.dice.IntN(8) > 0 { // else a repeat of another record's message, maybe
			stream[i].ID = fmt.Sprintf("%s-%d-%d", stream[i].ID, len(w.records), i)
		}
	}
	require.Equal(w.t, len(w.records)+1, int(w.append(stream...)))
	w.records = append(w.records, stream)
}

func (w *wreck) apply() {
	n := min(len(w.records)-w.next, 1+w.dice.IntN(4))
	if n <= 0 {
		return
	}
	var batch [][]event.Event
	for _, r := range w.records[w.next : w.next+n] {
		batch = append(batch, apply.ReadLog(r...))
	}
	b, err := w.pipe.ApplyBatch(w.t.Context(), uint64(w.next)+1, batch...)
	require.NoError(w.t, err)
	w.next += n
	w.behind = append(w.behind, b)
}

func (w *wreck) sink() {
	n := w.dice.IntN(len(w.behind) + 1)
	require.NoError(w.t, w.pipe.SinkAll(w.t.Context(), w.behind[:n]...))
	w.behind = w.behind[n:]
}

// crash drops everything in memory, does something to the files, and starts again.
func (w *wreck) crash(harm func()) {
	require.NoError(w.t, w.pipe.Abandon())
	require.NoError(w.t, w.house.Close())
	require.NoError(w.t, w.state.Close())
	harm()
	w.openState()
	w.openHouse()
	w.up()
}

func (w *wreck) statePath() string { return strings.TrimPrefix(w.url, "sqlite://") }

func (w *wreck) remove(path string) {
	for _, suffix := range []string{"", ".wal", "-wal", "-shm"} {
		require.NoError(w.t, os.RemoveAll(path+suffix))
	}
}

func (w *wreck) copyFile(from, to string) {
	data, err := os.ReadFile(from)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(w.t, err)
	require.NoError(w.t, os.WriteFile(to, data, 0o600))
}

func (w *wreck) step() {
	type act struct {
		name string
		do   func()
	}
	crash := func(harm func()) func() { return func() { w.crash(harm) } }
	old := func(name string) string { return filepath.Join(w.dir, name+".old") }
	// A state that is built anew has other batches than the one before, so old copies of the two do not go together.
	forget := func(names ...string) {
		for _, n := range names {
			w.remove(old(n))
		}
	}
	acts := []act{
		{"grow", w.grow},
		{"grow", w.grow},
		{"grow", w.grow},
		{"apply", w.apply},
		{"apply", w.apply},
		{"apply", w.apply},
		{"sink", w.sink},
		{"sink", w.sink},
		{"flush seen", func() { require.NoError(w.t, w.pipe.FlushSeen()) }},
		{"crash", crash(func() {})},
		{"crash, keep copies", crash(func() {
			w.copyFile(w.housePath(), old("house"))
			w.copyFile(w.statePath(), old("state"))
		})},
		{"crash, seen gone", crash(func() { w.remove(w.seenDir()) })},
		{"crash, warehouse gone", crash(func() { w.remove(w.housePath()) })},
		{"crash, warehouse old", crash(func() { w.restore(old("house"), w.housePath()) })},
		{"crash, state gone", crash(func() { forget("house", "state"); w.remove(w.statePath()) })},
		{"crash, state old", crash(func() { forget("house"); w.restore(old("state"), w.statePath()) })},
		{"crash, all but the log gone", crash(func() {
			forget("house", "state")
			w.remove(w.seenDir())
			w.remove(w.housePath())
			w.remove(w.statePath())
		})},
	}
	a := acts[w.dice.IntN(len(acts))]
	a.do()
	applied, stored := w.pipe.Positions()
	w.did = append(w.did, fmt.Sprintf("%s (log %d, state %d, warehouse %d)", a.name, len(w.records), applied, stored))
}

func (w *wreck) restore(from, to string) {
	if _, err := os.Stat(from); err == nil {
		w.remove(to)
		w.copyFile(from, to)
	}
}

// Whatever crashes when, and whichever of the derived stores is lost or comes back from an old copy: after catching up, everything is
// exactly as the rules say, once.
func TestNoCrashLosesOrDoubles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWreck(t, seed)
			t.Cleanup(func() {
				if t.Failed() {
					t.Log(strings.Join(w.did, "\n"))
				}
			})
			for range 30 {
				w.step()
			}
			require.NoError(t, w.pipe.Abandon())
			w.start()
			w.wait(uint64(len(w.records)))
			o := newOracle()
			n := 0
			for _, r := range w.records {
				for _, e := range r {
					o.take(e)
				}
			}
			want := map[string]string{}
			for _, x := range o.nodes {
				n += len(x.events)
				if p := o.person(x); p[0] == x {
					want[name(x.Identity)] = o.portrait(p)
				}
			}
			require.Equal(t, want, w.portraits(t, ""))
			require.Equal(t, n, w.number(true, "SELECT count(*) FROM events"))
			imported, err := w.pipe.Accepted(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, o.imports, imported)
			w.verify(t)
		})
	}
}
