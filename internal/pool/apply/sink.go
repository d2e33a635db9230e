package apply

import (
	"context"
	"fmt"
	"time"
)

// maxSink is how many rows one warehouse transaction takes.
const maxSink = 30_000

// sinkAll appends applied batches to the warehouse: many in one transaction when it is busy, each within SinkEvery when it is not.
func (p *Pipeline) sinkAll(ctx context.Context, in <-chan output) error {
	var held output
	timer := time.NewTimer(p.o.SinkEvery)
	timer.Stop()
	defer timer.Stop()
	waiting := false
	flush := func() error {
		waiting = false
		timer.Stop()
		if held.position == 0 {
			return nil
		}
		o := held
		held = output{}
		return p.sink(ctx, o)
	}
	for {
		select {
		case o, ok := <-in:
			if !ok {
				return flush()
			}
			held.rows, held.moves, held.position = append(held.rows, o.rows...), append(held.moves, o.moves...), o.position
			if len(held.rows) >= maxSink {
				if err := flush(); err != nil {
					return err
				}
			} else if !waiting {
				waiting = true
				timer.Reset(p.o.SinkEvery)
			}
		case <-timer.C:
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

func (p *Pipeline) sink(ctx context.Context, o output) error {
	rows := o.rows
	for len(rows) > 0 && rows[0].Position <= p.sinkFrom {
		rows = rows[1:] // the warehouse survived a loss of the state and has these already
	}
	if o.position > p.sinkFrom {
		if err := p.o.Warehouse.Append(ctx, rows, o.moves, o.position); err != nil {
			return fmt.Errorf("append to the warehouse: %w", err)
		}
	}
	if len(o.moves) > 0 {
		p.moved.Store(true)
	}
	p.advance(&p.stored, o.position)
	return nil
}
