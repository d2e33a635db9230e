package apply

import (
	"slices"
	"sync"

	"github.com/huoshui/huoshui/internal/base/warehouse"
)

// ringSize is how many of the newest events are kept for those who watch them arrive.
const ringSize = 500

// ring keeps the newest rows. Seq numbers them from 1 since the start.
type ring struct {
	mu   sync.Mutex
	rows []warehouse.Row
	seq  uint64
}

func (r *ring) add(rows []warehouse.Row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq += uint64(len(rows))
	if len(rows) > ringSize {
		rows = rows[len(rows)-ringSize:]
	}
	for i := range rows {
		c := rows[i]
		// The bytes point into a whole log record; copy them, or 500 small events would hold 500 records.
		c.Properties, c.Traits, c.Context = slices.Clone(c.Properties), slices.Clone(c.Traits), slices.Clone(c.Context)
		r.rows = append(r.rows, c)
	}
	if extra := len(r.rows) - ringSize; extra > 0 {
		r.rows = slices.Delete(r.rows, 0, extra)
	}
}

// Recent are the newest events after number after (0: all that are kept), oldest first, at most n, and the number of the last one.
func (p *Pipeline) Recent(after uint64, n int) ([]warehouse.Row, uint64) {
	r := &p.recent
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := min(uint64(len(r.rows)), r.seq-min(after, r.seq))
	rows := r.rows[uint64(len(r.rows))-fresh:]
	if len(rows) > n {
		rows = rows[len(rows)-n:]
	}
	return slices.Clone(rows), r.seq
}
