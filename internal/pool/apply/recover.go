package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/seen"
)

// recover reads from the log again what the duplicate index had in memory and what the warehouse had not got when the process ended.
func (p *Pipeline) recover(ctx context.Context) error {
	applied, err := state.Position(ctx, p.o.State, reader)
	if err != nil {
		return fmt.Errorf("read the pool's log position: %w", err)
	}
	if p.sinkFrom, err = p.o.Warehouse.Position(ctx); err != nil {
		return err
	}
	if err := checkLog(ctx, p.o.Log, max(applied, p.sinkFrom, p.seen.Position())); err != nil {
		return err
	}
	p.applied.Store(applied)
	p.stored.Store(min(p.sinkFrom, applied))
	from := min(p.seen.Position(), p.sinkFrom)
	if from >= applied {
		return nil
	}
	r, err := p.o.Log.Read(ctx, from)
	if err != nil {
		return err
	}
	defer r.Close()
	c := catchUp{p: p}
	if c.moves, err = p.movesAfter(ctx, p.sinkFrom); err != nil {
		return err
	}
	for at := from; at < applied; {
		rec, err := r.Next(ctx)
		if err != nil {
			return fmt.Errorf("catch up: %w", err)
		}
		if rec.Position > applied {
			break
		}
		at = rec.Position
		in, _ := decode(rec) // what cannot be taken was set aside when it was read first
		if err := c.take(ctx, in); err != nil {
			return err
		}
		if err := p.seen.Flush(max(at, p.seen.Position()), false); err != nil {
			return err
		}
	}
	if err := c.flush(ctx, applied); err != nil {
		return err
	}
	p.o.Logger.InfoContext(ctx, "caught up after a sudden end", "from", from, "to", applied)
	return nil
}

// checkLog refuses a log that ends before what was read from it: new events would get positions that count as read, and be lost.
func checkLog(ctx context.Context, log *eventlog.Log, read uint64) error {
	last, err := log.Last(ctx)
	if err != nil {
		return err
	}
	if last < read {
		return fault.New(fault.Conflict, "apply.log_behind", "the event log ends at position %d, but it was read up to %d before; put the newer log folder back. "+
			"If it is lost, run \"huoshui log mend\": people, team, keys and settings stay as they are, and new events go on behind what was read", last, read)
	}
	return nil
}

// Read is the log position up to which any of the pool's stores has read.
func Read(ctx context.Context, db *state.DB, house *warehouse.Warehouse, seenDir string) (uint64, error) {
	applied, err := state.Position(ctx, db, reader)
	if err != nil {
		return 0, fmt.Errorf("read the pool's log position: %w", err)
	}
	stored, err := house.Position(ctx)
	if err != nil {
		return 0, err
	}
	index, err := seen.Open(seen.Options{Dir: seenDir})
	if err != nil {
		return 0, err
	}
	return max(applied, stored, index.Position()), index.Close()
}

// catchUp gathers rows that the warehouse lacks.
type catchUp struct {
	p      *Pipeline
	events []accepted
	moves  []warehouse.Move
}

func (c *catchUp) take(ctx context.Context, in input) error {
	kept, err := c.p.firsts(in, in.position > c.p.seen.Position())
	if err != nil {
		return err
	}
	if in.position <= c.p.sinkFrom {
		return nil
	}
	c.events = append(c.events, kept...)
	if len(c.events) < maxSink {
		return nil
	}
	return c.flush(ctx, in.position)
}

func (c *catchUp) flush(ctx context.Context, position uint64) error {
	if position <= c.p.sinkFrom {
		return nil
	}
	rows, err := c.p.lookUp(ctx, c.events)
	if err != nil {
		return err
	}
	if err := c.p.o.Warehouse.Append(ctx, rows, c.moves, position); err != nil {
		return err
	}
	c.events, c.moves = nil, nil
	c.p.sinkFrom = position
	c.p.stored.Store(position)
	return nil
}

// lookUp resolves events that were applied before: their anchors exist.
func (p *Pipeline) lookUp(ctx context.Context, events []accepted) ([]warehouse.Row, error) {
	kinds, currency := p.o.Kinds(), p.o.Currency()
	var keys []string
	for _, e := range events {
		e.Identities = kinds.Sort(e.Identities)
		keys = append(keys, e.Identities[0].Key())
	}
	type who struct{ node, person int64 }
	found := make(map[string]who, len(keys))
	slices.Sort(keys)
	for part := range slices.Chunk(slices.Compact(keys), 400) {
		args := make([]any, len(part))
		for i, k := range part {
			args[i] = k
		}
		err := func() error {
			rows, err := p.o.State.Query(ctx, "SELECT key, id, person FROM identity WHERE key IN "+state.Marks(1, len(part)), args...)
			if err != nil {
				return err
			}
			defer rows.Close() //nolint:errcheck // reading
			for rows.Next() {
				var k string
				var w who
				if err := rows.Scan(&k, &w.node, &w.person); err != nil {
					return err
				}
				found[k] = w
			}
			return rows.Err()
		}()
		if err != nil {
			return nil, fmt.Errorf("look identities up: %w", err)
		}
	}
	out := make([]warehouse.Row, 0, len(events))
	for _, e := range events {
		w, ok := found[e.Identities[0].Key()]
		if !ok {
			return nil, fmt.Errorf("event %s at log position %d was applied but its identity is unknown", e.ID, e.position)
		}
		e.amount, _ = person.AmountOf(e.Event, currency)
		out = append(out, row(e, w.node, w.person, person.TouchOf(e.Event)))
	}
	return out, nil
}

const forgotten = "pool.moves" // names the log position up to which moves were removed

// forgetMoves removes moves that the warehouse has, and notes up to where.
func forgetMoves(ctx context.Context, tx *state.Tx, position uint64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM person_move WHERE position <= ?", int64(position)); err != nil { //nolint:gosec // fits
		return fmt.Errorf("forget moves: %w", err)
	}
	return tx.SetPosition(ctx, forgotten, position)
}

// movesAfter are the moves that a warehouse at a position lacks. For one that is older than what is kept (a copy that was put back), it is
// where everybody is now; an empty one needs none, since new rows get the present person.
func (p *Pipeline) movesAfter(ctx context.Context, position uint64) ([]warehouse.Move, error) {
	kept, err := state.Position(ctx, p.o.State, forgotten)
	if err != nil {
		return nil, fmt.Errorf("read moves: %w", err)
	}
	switch {
	case position == 0:
		return nil, nil
	case position < kept:
		return everybody(ctx, p.o.State)
	}
	return readMoves(ctx, p.o.State, "SELECT node, person FROM person_move WHERE position > ? ORDER BY position", int64(position)) //nolint:gosec // fits
}

// everybody is where every node is now, as moves.
func everybody(ctx context.Context, q state.Querier) ([]warehouse.Move, error) {
	return readMoves(ctx, q, "SELECT id, person FROM identity")
}

func readMoves(ctx context.Context, q state.Querier, query string, args ...any) ([]warehouse.Move, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read moves: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var moves []warehouse.Move
	for rows.Next() {
		var m warehouse.Move
		if err := rows.Scan(&m.Anchor, &m.Person); err != nil {
			return nil, err
		}
		moves = append(moves, m)
	}
	return moves, rows.Err()
}
