package eventlog

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// fillBatch is how many empty records are sent before their answers are waited for.
const fillBatch = 1000

// Fill appends empty records until the newest position is at least to. It is for a log that lost its end after somebody had read it: what is
// appended next gets a position that nobody has read, and all records that are left stay where they are.
func (l *Log) Fill(ctx context.Context, to uint64) error {
	for {
		last, err := l.Last(ctx)
		if err != nil || last >= to {
			return err
		}
		var sent []jetstream.PubAckFuture
		for range min(to-last, fillBatch) {
			future, err := l.js.PublishAsync(l.subject, encodeRecord(nil, 0))
			if err != nil {
				return fmt.Errorf("fill the event log: %w", err)
			}
			sent = append(sent, future)
		}
		for _, future := range sent {
			select {
			case <-future.Ok():
			case err := <-future.Err():
				return fmt.Errorf("fill the event log: %w", err)
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}
