package timeline_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

func start(t *testing.T, o timeline.Options) *timeline.Store {
	t.Helper()
	s, err := timeline.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// tell gives a store one batch: an event of every node at a moment.
func tell(s *timeline.Store, position uint64, nodes int64, at int64) {
	s.Update(func(w *timeline.Writer) {
		var rows []timeline.Row
		for node := int64(1); node <= nodes; node++ {
			w.Join(node, node)
			rows = append(rows, timeline.Row{
				Node: node, Time: at, Name: "A", Channel: "x", Amount: node, HasAmount: true, Properties: []byte(`{"p":"` + strconv.FormatInt(at, 10) + `"}`),
			})
		}
		w.Append(rows)
		w.Reached(position)
	})
}

func lengths(s *timeline.Store) (all []int) {
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		for who := range r.People() {
			all = append(all, r.Sequence(sc, who, 0).Len())
		}
	})
	return all
}

// A base event takes at most 20 bytes on disk: 12.5 with fifty events a person.
func TestBytesOfAnEvent(t *testing.T) {
	t.Parallel()
	c := crowdOf(500_000)
	s := start(t, options(t.TempDir(), c))
	var reports []int64
	require.NoError(t, s.CatchUp(t.Context(), 500, func(done, total int64) {
		require.Equal(t, int64(500_000), total)
		reports = append(reports, done)
	}))
	require.True(t, slices.IsSorted(reports))
	require.Equal(t, int64(500_000), reports[len(reports)-1])
	events, bytes := s.Size()
	require.Equal(t, int64(500_000), events)
	require.LessOrEqual(t, float64(bytes)/float64(events), 14.0)
	require.Equal(t, 500_000, sweep(s, timesAndNames))
}

// A sequence of one node in one run lies in mapped memory: nothing is copied and nothing allocated.
func TestSequenceIsNotCopied(t *testing.T) {
	s := start(t, options(t.TempDir(), nil))
	for i := range int64(50) {
		tell(s, uint64(i+1), 10, i)
	}
	require.NoError(t, s.Flush(t.Context()))
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		q := r.Sequence(sc, 3, 0)
		require.Equal(t, 50, q.Len())
		first := &q.Times[0]
		require.Same(t, first, &r.Sequence(timeline.NewScratch(), 3, 0).Times[0])
		require.Zero(t, testing.AllocsPerRun(100, func() {
			q := r.Sequence(sc, 5, 20)
			q.Positions(1)
			_, _ = q.Amount(7)
		}))
	})
}

// Two nodes of a person that follow each other in time lie side by side once they are merged, and need no copy either.
func TestNodesOfAPersonLieTogether(t *testing.T) {
	t.Parallel()
	s := start(t, options(t.TempDir(), nil))
	s.Update(func(w *timeline.Writer) {
		w.Join(1, 1)
		w.Join(2, 2)
		w.Join(7, 1)
		w.Append([]timeline.Row{{Node: 1, Time: 1, Name: "A"}, {Node: 2, Time: 1, Name: "A"}, {Node: 7, Time: 2, Name: "B"}, {Node: 7, Time: 3, Name: "B"}})
		w.Reached(1)
	})
	require.NoError(t, s.Flush(t.Context()))
	s.Read(func(r *timeline.Reader) {
		a, b := r.Sequence(timeline.NewScratch(), 1, 0), r.Sequence(timeline.NewScratch(), 1, 0)
		require.Equal(t, []int64{1, 2, 3}, a.Times)
		require.Same(t, &a.Times[0], &b.Times[0])
	})
}

// Nodes of a run may lie close together or as far apart as there are numbers: each is found, and none that is not there.
func TestNodesNearAndFar(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string][]uint32{
		"near": {1, 2, 3, 64, 65, 127, 128, 129}, "far": {1, 63, 5000, 100_000}, "very far": {7, 1 << 25, 1<<25 + 1},
	} {
		dir := t.TempDir()
		require.NoError(t, timeline.WriteRun(t.Context(), dir, "r", nodes))
		ask, want := []uint32{}, [][]int64{}
		for _, node := range nodes {
			for _, n := range []uint32{node - 1, node, node + 1} {
				times := []int64{}
				if slices.Contains(nodes, n) {
					times = []int64{int64(n)}
				}
				ask, want = append(ask, n), append(want, times)
			}
		}
		got, listed, err := timeline.Find(dir, "r", ask)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
		require.Equal(t, name == "very far", listed)
	}
}

// After a purge no file holds anything of an erased person, neither events nor texts.
func TestErasedForGood(t *testing.T) {
	t.Parallel()
	w := &world{of: map[int64]int64{}}
	o := options(t.TempDir(), w)
	o.Columns = []timeline.Column{{Event: "A", Property: "p"}}
	s := start(t, o)
	s.Update(func(u *timeline.Writer) {
		for node := int64(1); node <= 3; node++ {
			u.Join(node, node)
			u.Append([]timeline.Row{{Node: node, Time: node, Name: "A", Properties: []byte(`{"p":"secret of ` + strconv.FormatInt(node, 10) + `"}`)}})
		}
		u.Reached(1)
	})
	require.NoError(t, s.Flush(t.Context()))
	require.True(t, holds(t, o.Dir, "secret of 2"))
	s.Update(func(u *timeline.Writer) {
		u.Erase(2)
		u.Reached(2)
	})
	require.Equal(t, []int{1, 1}, lengths(s))
	require.NoError(t, s.Purge(t.Context()))
	require.False(t, holds(t, o.Dir, "secret of 2"))
	require.True(t, holds(t, o.Dir, "secret of 3"))
	events, _ := s.Size()
	require.Equal(t, int64(2), events)
	require.Equal(t, []int{1, 1}, lengths(s))
}

func holds(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	return slices.ContainsFunc(files, func(name string) bool {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		return bytes.Contains(b, []byte(text))
	})
}
