package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// warehouseSource reads events from the warehouse and people from wherever they are.
type warehouseSource struct {
	w        *warehouse.Warehouse
	nodes    func(ctx context.Context, yield func(node, person int64) error) error
	currency string
}

// FromWarehouse is the source of a pool: its events lie in the warehouse, nodes tells its people, and amounts count in its currency.
func FromWarehouse(w *warehouse.Warehouse, nodes func(ctx context.Context, yield func(node, person int64) error) error, currency string) Source {
	return &warehouseSource{w: w, nodes: nodes, currency: currency}
}

// Nodes tells every node's person as of now.
func (s *warehouseSource) Nodes(ctx context.Context, yield func(node, person int64) error) error {
	return s.nodes(ctx, yield)
}

// Count is about how many events lie in a range of log positions.
func (s *warehouseSource) Count(ctx context.Context, from, to uint64) (n int64, err error) {
	if err := s.wait(ctx, to); err != nil {
		return 0, err
	}
	return s.w.CountBetween(ctx, from, to)
}

// Cut cuts a range into parts of about that many events.
func (s *warehouseSource) Cut(ctx context.Context, from, to uint64, events int64) ([]uint64, error) {
	if err := s.wait(ctx, to); err != nil {
		return nil, err
	}
	return s.w.Cut(ctx, from, to, events)
}

// Rows gives the events of a query.
func (s *warehouseSource) Rows(ctx context.Context, q Query, yield func(*Batch) error) error {
	if err := s.wait(ctx, q.To); err != nil {
		return err
	}
	scan := warehouse.Scan{After: q.From, To: q.To, Name: q.Name, Currency: s.currency, Properties: q.Properties, WithoutOf: uint8(event.Command)}
	return s.w.Scan(ctx, scan, func(b *warehouse.Block) error {
		return yield(&Batch{
			Node: b.Anchor, Time: b.Time, Name: b.Name, Channel: b.Channel, Words: b.Words,
			Amount: b.Amount, HasAmount: b.HasAmount, Properties: b.Properties,
		})
	})
}

// wait returns when the warehouse has everything up to a position: it follows the pipeline by a fraction of a second.
func (s *warehouseSource) wait(ctx context.Context, position uint64) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		at, err := s.w.Position(ctx)
		if err != nil || at >= position {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the warehouse to reach log position %d: %w", position, ctx.Err())
		case <-tick.C:
		}
	}
}
