package insighttest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// told is an event as the world knows it.
type told struct {
	timeline.Row
	position uint64
}

// world is everything that happened, in the order in which it came: what the timeline reads new columns from.
type world struct {
	mu       sync.Mutex
	rows     []told
	of       map[int64]int64
	position uint64
}

// add takes in events and gives their position, and the nodes that are new.
func (w *world) add(rows []timeline.Row) (position uint64, fresh []int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.position++
	for _, r := range rows {
		if w.of[r.Node] == 0 {
			w.of[r.Node] = r.Node
			fresh = append(fresh, r.Node)
		}
		w.rows = append(w.rows, told{r, w.position})
	}
	return w.position, fresh
}

func (w *world) join(node, person int64) uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.position++
	w.of[node] = person
	return w.position
}

// copy is what there is now.
func (w *world) copy() ([]told, map[int64]int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.rows), maps.Clone(w.of)
}

// Nodes tells every node's person.
func (w *world) Nodes(_ context.Context, yield func(node, person int64) error) error {
	_, of := w.copy()
	for node, person := range of {
		if err := yield(node, person); err != nil {
			return err
		}
	}
	return nil
}

// Count counts events between positions.
func (w *world) Count(_ context.Context, from, to uint64) (n int64, _ error) {
	rows, _ := w.copy()
	for i := range rows {
		if rows[i].position > from && rows[i].position <= to {
			n++
		}
	}
	return n, nil
}

// Cut leaves a range whole.
func (w *world) Cut(_ context.Context, _, to uint64, _ int64) ([]uint64, error) {
	return []uint64{to}, nil
}

// Rows gives the events of a query.
func (w *world) Rows(_ context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	rows, _ := w.copy()
	codes := map[string]uint32{}
	b := timeline.Batch{}
	code := func(s string) uint32 {
		if _, ok := codes[s]; !ok {
			codes[s] = uint32(len(b.Words))
			b.Words = append(b.Words, s)
		}
		return codes[s]
	}
	for i := range rows {
		r := &rows[i]
		if r.position <= q.From || r.position > q.To || q.Name != "" && q.Name != r.Name {
			continue
		}
		b.Node, b.Time = append(b.Node, r.Node), append(b.Time, r.Time)
		b.Name, b.Channel = append(b.Name, code(r.Name)), append(b.Channel, code(r.Channel))
		b.Amount, b.HasAmount = append(b.Amount, r.Amount), append(b.HasAmount, r.HasAmount)
		if q.Properties {
			b.Properties = append(b.Properties, r.Properties)
		}
	}
	return yield(&b)
}
