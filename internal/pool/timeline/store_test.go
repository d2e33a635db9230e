package timeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
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

// A store of another format or another currency, or with a damaged manifest, is built again from the source.
func TestAnotherFormat(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"format", "currency", "damaged"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := crowdOf(20_000)
			o := options(t.TempDir(), c)
			s, err := timeline.Open(t.Context(), o)
			require.NoError(t, err)
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			require.NoError(t, s.Close())
			switch how {
			case "format":
				require.NoError(t, timeline.Reformat(o.Dir))
			case "currency":
				o.Currency = "USD"
			case "damaged":
				require.NoError(t, os.WriteFile(filepath.Join(o.Dir, "MANIFEST"), []byte("?"), 0o600))
			}
			s = start(t, o)
			require.True(t, s.NeedsRebuild())
			require.Zero(t, s.Durable())
			require.Empty(t, lengths(s))
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			require.False(t, s.NeedsRebuild())
			require.Equal(t, 20_000, sweep(s, timesAndNames))
		})
	}
}

// A store that is ahead of the state steps back to it, and reads the part of a run that remains.
func TestStepBack(t *testing.T) {
	t.Parallel()
	c := crowdOf(50_000)
	o := options(t.TempDir(), c)
	s, err := timeline.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, s.CatchUp(t.Context(), 50, nil))
	require.NoError(t, s.Close())
	s = start(t, o)
	require.NoError(t, s.CatchUp(t.Context(), 30, nil))
	require.Equal(t, uint64(30), s.Reached())
	require.Equal(t, 30_000, sweep(s, timesAndNames))
	require.NoError(t, s.CatchUp(t.Context(), 40, nil))
	require.Equal(t, 40_000, sweep(s, timesAndNames))
}

// Without a source, what is lost cannot come back, and the store says so.
func TestWithoutASource(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir(), nil)
	s, err := timeline.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, s.CatchUp(t.Context(), 0, nil))
	tell(s, 1, 3, 5)
	require.NoError(t, s.Flush(t.Context()))
	err = s.Want(t.Context(), []timeline.Column{{Event: "A", Property: "p"}})
	require.Equal(t, "timeline.no_source", fault.CodeOf(err))
	require.NoError(t, s.Close())
	s = start(t, o)
	require.NoError(t, s.CatchUp(t.Context(), 1, nil))
	require.Equal(t, []int{1, 1, 1}, lengths(s))
	require.Equal(t, "timeline.no_source", fault.CodeOf(s.CatchUp(t.Context(), 2, nil)))
}

// A changed byte in the values of a column or in the times of a run is found when the store is opened, or, if there was no time, in the
// background; the part is built again while readers go on.
func TestDamage(t *testing.T) {
	t.Parallel()
	for _, place := range []struct {
		pattern    string
		at         int
		background bool
	}{{"*.column", 3000, false}, {"*.column", 3000, true}, {"*.run", 200_000, false}, {"*.run", 200_000, true}} {
		t.Run(fmt.Sprint(place.pattern, place.background), func(t *testing.T) {
			t.Parallel()
			c := crowdOf(20_000)
			o := options(t.TempDir(), c)
			s, err := timeline.Open(t.Context(), o)
			require.NoError(t, err)
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			require.NoError(t, s.Want(t.Context(), []timeline.Column{{Event: "Order Completed", Property: "sku"}}))
			before := dump(s)
			require.NoError(t, s.Close())
			files, err := filepath.Glob(filepath.Join(o.Dir, place.pattern))
			require.NoError(t, err)
			require.Len(t, files, 1)
			b, err := os.ReadFile(files[0])
			require.NoError(t, err)
			b[place.at] ^= 1
			require.NoError(t, os.WriteFile(files[0], b, 0o600))
			if place.background {
				o.Clock = &hurried{}
			}
			s = start(t, o)
			require.Equal(t, !place.background, s.NeedsRebuild())
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			if place.background {
				require.NotEqual(t, before, dump(s))
				require.ErrorIs(t, timeline.Tend(t.Context(), s), timeline.ErrDamaged)
			}
			require.NoError(t, timeline.Tend(t.Context(), s))
			require.Equal(t, before, dump(s))
		})
	}
}

// hurried is a clock on which every look takes an hour.
type hurried struct{ hours atomic.Int64 }

func (h *hurried) Now() time.Time {
	return time.UnixMicro(h.hours.Add(1) * int64(time.Hour/time.Microsecond))
}

func dump(s *timeline.Store) (all []string) {
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		col, _ := r.Col(timeline.Column{Event: "Order Completed", Property: "sku"})
		for who := range r.People() {
			q := r.Sequence(sc, who, 0)
			for i := range q.Times {
				amount, has := q.Amount(i)
				all = append(all, fmt.Sprint(who, q.Times[i], r.Names()[q.Names[i]], r.Channels()[q.Channel(i)], amount, has, q.Value(col, i)))
			}
		}
	})
	return all
}

// Readers, the pipeline, the background and new columns at the same time: nobody sees half a batch, nothing is lost.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	w := &world{of: map[int64]int64{}}
	var told sync.Mutex // the world is not made for several at once
	o := options(t.TempDir(), &guarded{w: w, mu: &told})
	o.FlushEvents, o.FlushIdle = 500, 3*time.Millisecond
	s := start(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	const nodes, batches = 40, 150
	for range 2 {
		wg.Go(func() {
			sc := timeline.NewScratch()
			for ctx.Err() == nil {
				s.Read(func(r *timeline.Reader) {
					seen := -1
					for who := range r.People() {
						q := r.Sequence(sc, who, 0)
						if seen >= 0 && q.Len() != seen {
							t.Errorf("person %d has %d events, others %d", who, q.Len(), seen)
						}
						if seen = q.Len(); !slices.IsSorted(q.Times) {
							t.Errorf("person %d is out of order", who)
						}
					}
				})
			}
		})
	}
	wg.Go(func() {
		for i, c := range columnsOf() {
			if err := s.Want(t.Context(), []timeline.Column{c}); err != nil {
				t.Errorf("column %d: %v", i, err)
			}
		}
	})
	rnd := rand.New(rand.NewPCG(1, 2))
	for b := range uint64(batches) {
		var rows []timeline.Row
		for node := int64(1); node <= nodes; node++ {
			rows = append(rows, timeline.Row{Node: node, Time: rnd.Int64N(1000), Name: "A", Properties: []byte(`{"p":"` + strconv.Itoa(rnd.IntN(9)) + `"}`)})
		}
		told.Lock()
		w.position = b + 1
		for _, r := range rows {
			w.of[r.Node] = r.Node
			w.rows = append(w.rows, toldRow(r, b+1))
		}
		told.Unlock()
		s.Update(func(u *timeline.Writer) {
			for _, r := range rows {
				u.Join(r.Node, r.Node)
			}
			u.Append(rows)
			u.Reached(b + 1)
		})
	}
	cancel()
	wg.Wait()
	require.Equal(t, uint64(batches), s.Durable(), "Run flushes when it ends")
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		col, ok := r.Col(timeline.Column{Event: "A", Property: "p"})
		require.True(t, ok)
		for who := range r.People() {
			q, want := r.Sequence(sc, who, 0), w.sequence(who, 0)
			require.Len(t, want, q.Len())
			for i := range want {
				require.Equal(t, want[i].Time, q.Times[i])
				require.Equal(t, event.Property(want[i].Properties, "p"), q.Value(col, i))
			}
		}
	})
}

func toldRow(r timeline.Row, position uint64) told { return told{r, position} }

// guarded is a world that several may ask at once.
type guarded struct {
	w  *world
	mu *sync.Mutex
}

func (g *guarded) Nodes(ctx context.Context, yield func(node, person int64) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.w.Nodes(ctx, yield)
}

func (g *guarded) Count(ctx context.Context, from, to uint64) (int64, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.w.Count(ctx, from, to)
}

func (g *guarded) Cut(ctx context.Context, from, to uint64, n int64) ([]uint64, error) {
	return g.w.Cut(ctx, from, to, n)
}

func (g *guarded) Rows(ctx context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.w.Rows(ctx, q, yield)
}

// A source that fails in the middle fails CatchUp; what was built before counts, and the next try goes on from there.
func TestSourceFails(t *testing.T) {
	t.Parallel()
	c := &failing{crowd: *crowdOf(40_000), at: 25}
	s := start(t, options(t.TempDir(), c))
	require.ErrorIs(t, s.CatchUp(t.Context(), 40, nil), errSource)
	require.Equal(t, uint64(20), c.from, "the first half was built")
	c.at = 1000
	c.from = 0
	require.NoError(t, s.CatchUp(t.Context(), 40, nil))
	require.Equal(t, uint64(20), c.least, "the first half is not read again")
	require.Equal(t, 40_000, sweep(s, timesAndNames))
}

var errSource = errors.New("the source is not well")

// failing is a source that fails when it is asked for a record, and is read in two halves.
type failing struct {
	crowd
	at, from, least uint64
}

func (f *failing) Cut(_ context.Context, from, to uint64, _ int64) ([]uint64, error) {
	if from == 0 {
		return []uint64{20, to}, nil
	}
	return []uint64{to}, nil
}

func (f *failing) Rows(ctx context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	if f.from == 0 {
		f.least = q.From
	}
	f.from = q.From
	if q.From < f.at && f.at <= q.To {
		return errSource
	}
	return f.crowd.Rows(ctx, q, yield)
}

// From the warehouse the store is built as the pipeline would have told it: amounts of the pool's currency, no commands, in order.
func TestFromWarehouse(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	own := &world{of: map[int64]int64{}}
	rnd := rand.New(rand.NewPCG(3, 4))
	for b := range uint64(6) {
		var rows []warehouse.Row
		for range 3000 {
			r := warehouse.Row{
				Anchor: rnd.Int64N(100) + 1, Person: 1, Time: rnd.Int64N(500), Type: []uint8{1, 1, 1, 7, 8}[rnd.IntN(5)], Name: []string{"Order Completed", "Page Viewed"}[rnd.IntN(2)], ID: "m",
				Channel: []string{"", "wechat"}[rnd.IntN(2)], Amount: rnd.Int64N(1000), Currency: []string{"", "CNY", "USD"}[rnd.IntN(3)],
				Properties: []byte(`{"sku":"T` + strconv.Itoa(rnd.IntN(50)) + `","n":` + strconv.Itoa(rnd.IntN(50)) + `}`), Position: b + 1,
			}
			rows = append(rows, r)
			own.of[r.Anchor] = r.Anchor
			if r.Type != uint8(event.Command) {
				own.rows = append(own.rows, told{timeline.Row{
					Node: r.Anchor, Time: r.Time, Name: r.Name, Channel: r.Channel, Amount: r.Amount, HasAmount: r.Currency == "CNY", Properties: r.Properties,
				}, b + 1})
			}
		}
		require.NoError(t, w.Append(t.Context(), rows, nil, b+1))
	}
	columns := []timeline.Column{{Event: "Order Completed", Property: "sku"}, {Event: "Page Viewed", Property: "n"}}
	o := timeline.Options{Dir: t.TempDir(), Source: timeline.FromWarehouse(w, own.Nodes, "CNY"), Currency: "CNY", Columns: columns[:1], Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}
	s := start(t, o)
	require.NoError(t, s.CatchUp(t.Context(), 4, nil))
	require.NoError(t, s.Want(t.Context(), columns[1:]))
	require.NoError(t, s.CatchUp(t.Context(), 6, nil))
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		for who := range own.of {
			compareSequence(t, r, r.Sequence(sc, who, 0), own.sequence(who, 0), columns)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.CatchUp(ctx, 7, nil), context.DeadlineExceeded, "what the warehouse does not have yet is waited for")
}
