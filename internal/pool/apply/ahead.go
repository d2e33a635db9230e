package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// batch is what one transaction takes in, with what was read for it while the one before was being applied.
type batch struct {
	first, last uint64 // log positions
	events      []accepted
	repeats     int
	nodes       *identity.Ahead
	people      *person.Ahead
}

func newBatch() *batch {
	return &batch{nodes: identity.NewAhead(), people: person.NewAhead()}
}

const (
	// maxBatch is how many events one transaction takes when there are many waiting.
	maxBatch = 15_000
	// aheadFrom is from how many events on it pays to read ahead. With fewer, nobody waits for the transaction before.
	aheadFrom = 500
)

// prepareAll makes batches of what has arrived, as much as fits into one transaction and never waiting for more, and works ahead on the
// next one while one is being applied: repeats are dropped, and who the events are about is read beside the writing. What the batch in
// between changes is not believed (see identity.Ahead and person.Ahead). out must have no buffer: when a batch is taken, the one before it
// is committed, so that only one can lie between reading and use.
func (p *Pipeline) prepareAll(ctx context.Context, in <-chan input, out chan<- *batch) error {
	for first := range in {
		next, more := newBatch(), []input{first}
		for len(more) > 0 {
			if err := p.add(ctx, next, arrived(in, more, maxBatch-len(next.events))); err != nil {
				return fmt.Errorf("prepare events: %w", err)
			}
			more = handOver(ctx, next, in, out)
			select {
			case <-ctx.Done():
				return nil // what was not handed over is read again at the next start
			default:
			}
		}
	}
	return nil
}

// handOver gives a batch away, or as long as nobody takes it, what arrives meanwhile and has room in it.
func handOver(ctx context.Context, b *batch, in <-chan input, out chan<- *batch) (more []input) {
	if len(b.events) >= maxBatch {
		in = nil
	}
	select {
	case out <- b:
		return nil
	case i, ok := <-in:
		if ok {
			return []input{i}
		}
	case <-ctx.Done():
		return nil
	}
	select { // there will be no more
	case out <- b:
	case <-ctx.Done():
	}
	return nil
}

// arrived adds what lies ready to a list, up to so many events.
func arrived(in <-chan input, list []input, room int) []input {
	for _, i := range list {
		room -= len(i.events)
	}
	for room > 0 {
		select {
		case next, ok := <-in:
			if !ok {
				return list
			}
			list, room = append(list, next), room-len(next.events)
		default:
			return list
		}
	}
	return list
}

// add puts records into a batch.
func (p *Pipeline) add(ctx context.Context, b *batch, records []input) error {
	if b.first == 0 {
		b.first = records[0].position
	}
	had := len(b.events)
	for _, in := range records {
		kept, err := p.firsts(in, true)
		if err != nil {
			return err
		}
		b.repeats += len(in.events) - len(kept)
		b.events = append(b.events, kept...)
		b.last = in.position
	}
	// An entry in the duplicate index that is ahead of what is applied does no harm: an event that is read again knows itself.
	if err := p.seen.Flush(b.last, false); err != nil {
		return err
	}
	if len(b.events) < p.aheadFrom {
		return nil
	}
	fresh := make([]*event.Event, 0, len(b.events)-had)
	for _, e := range b.events[had:] {
		fresh = append(fresh, e.Event)
	}
	people, err := b.nodes.Read(ctx, p.o.State, fresh)
	if err != nil {
		return fmt.Errorf("read identities: %w", err)
	}
	slices.Sort(people)
	if err := b.people.Read(ctx, p.o.State, slices.Compact(people)); err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	return nil
}

// applyAll applies batches one after the other.
func (p *Pipeline) applyAll(ctx context.Context, in <-chan *batch, out chan<- output) error {
	for b := range in {
		o, err := p.apply(ctx, b)
		if err != nil {
			return fmt.Errorf("apply events: %w", err)
		}
		select {
		case out <- o:
		case <-ctx.Done():
			return nil // the warehouse reads it from the log at the next start
		}
	}
	return nil
}
