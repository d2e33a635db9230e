package timeline_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

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
