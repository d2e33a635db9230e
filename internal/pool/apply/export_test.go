package apply

import (
	"context"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Batch is an applied batch on its way to the warehouse.
type Batch = output

// ApplyBatch does one batch, as Run would if it found exactly these records waiting: each a list of events, at consecutive log positions
// from first. With it a test chooses where batches begin and end.
func (p *Pipeline) ApplyBatch(ctx context.Context, first uint64, records ...[]event.Event) (Batch, error) {
	b, err := p.Prepare(ctx, first, records...)
	if err != nil {
		return Batch{}, err
	}
	return p.Apply(ctx, b)
}

// Prepared is a batch that is ready to be applied.
type Prepared = *batch

// Prepare is the first half of ApplyBatch: what it reads may be older than the batch before.
func (p *Pipeline) Prepare(ctx context.Context, first uint64, records ...[]event.Event) (Prepared, error) {
	var list []input
	for _, events := range records {
		in := input{position: first, events: events}
		in.fold(p.o.Currency())
		list = append(list, in)
		first++
	}
	b := newBatch()
	return b, p.add(ctx, b, list)
}

// AlwaysAhead reads ahead for small batches too.
func (p *Pipeline) AlwaysAhead() { p.aheadFrom = 1 }

// Apply is the second half.
func (p *Pipeline) Apply(ctx context.Context, b Prepared) (Batch, error) { return p.apply(ctx, b) }

// SinkAll passes applied batches to the warehouse.
func (p *Pipeline) SinkAll(ctx context.Context, batches ...Batch) error {
	in := make(chan output, len(batches))
	for _, b := range batches {
		in <- b
	}
	close(in)
	return p.sinkAll(ctx, in)
}

// Abandon ends a pipeline as a crash does: what is in memory is gone.
func (p *Pipeline) Abandon() error { return p.seen.Close() }

// FlushSeen makes what the duplicate index holds in memory durable, as it does by itself now and then.
func (p *Pipeline) FlushSeen() error { return p.seen.Flush(p.applied.Load(), true) }

// ReadLog does what reading a log does to an event: encode and decode.
func ReadLog(events ...event.Event) []event.Event {
	var body []byte
	for i := range events {
		body = event.Append(body, &events[i])
	}
	out, err := event.Decode(nil, body)
	if err != nil {
		panic(err)
	}
	return out
}
