package eventlog

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// waiting is one caller's bodies on their way to a record.
type waiting struct {
	bodies   [][]byte
	size     int
	done     chan struct{}
	position uint64
	err      error
}

// Append makes the bodies durable and returns their record's position. All bodies of one call are in one record, in order. It fails
// with fault.TooMany when more appends wait than the log can sync, and then nothing was stored.
func (l *Log) Append(ctx context.Context, bodies ...[]byte) (uint64, error) {
	a := &waiting{bodies: bodies, done: make(chan struct{})}
	for _, b := range bodies {
		a.size += len(b)
	}
	if a.size > maxPayload*3/4 {
		return 0, fault.New(fault.TooLarge, "eventlog.too_large", "one append takes at most %d bytes; send less at once", maxPayload*3/4)
	}
	select {
	case l.queue <- a:
	default:
		return 0, fault.New(fault.TooMany, "eventlog.overload", "the server takes in as much as its disk allows; send again a little later")
	}
	select {
	case <-a.done:
		return a.position, a.err
	case <-l.done:
		select { // the last appends may have been answered just before the end
		case <-a.done:
			return a.position, a.err
		default:
			return 0, fault.Wrap(ErrClosed, fault.Unavailable, "eventlog.closing", "the server is stopping; send again")
		}
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// commit gathers waiting appends into records. While one record syncs the next fills, so a busy log has full records and an idle one
// adds no waiting.
func (l *Log) commit(ctx context.Context) {
	defer close(l.done)
	slots := make(chan struct{}, inFlight)
	var wg sync.WaitGroup
	defer wg.Wait()
	var held *waiting // did not fit into the record before
	for {
		first := held
		held = nil
		if first == nil {
			select {
			case first = <-l.queue:
			case <-ctx.Done():
				return
			}
		}
		slots <- struct{}{}
		group, size := []*waiting{first}, first.size
	fill:
		for size < maxRecord {
			select {
			case a := <-l.queue:
				if size+a.size > maxRecord {
					held = a
					break fill
				}
				group, size = append(group, a), size+a.size
			default:
				break fill
			}
		}
		// The publish itself is in this goroutine, so records keep the order of the queue; only the wait for the sync is not.
		future, err := l.js.PublishAsync(l.subject, encodeRecord(group, size))
		wg.Go(func() {
			defer func() { <-slots }()
			l.settle(ctx, group, future, err)
		})
	}
}

// closing is how long Close waits for the answer to a record; an engine whose disk is full gives none.
const closing = 3 * time.Second

func (l *Log) settle(ctx context.Context, group []*waiting, future jetstream.PubAckFuture, err error) {
	var position uint64
	var late <-chan time.Time
	for asked := ctx.Done(); err == nil && position == 0; {
		select {
		case ack := <-future.Ok():
			position = ack.Sequence
		case err = <-future.Err():
		case <-asked:
			asked, late = nil, time.After(closing)
		case <-late:
			err = ErrClosed
		}
	}
	if err != nil {
		l.log.ErrorContext(ctx, "append to the event log", "error", err, "appends", len(group))
		if l.server != nil {
			select {
			case l.failed <- err:
			default: // told already
			}
		}
		err = fault.Wrap(err, fault.Unavailable, "eventlog.append", "the event log could not store this (is the disk full?); send again, repeats are dropped")
	}
	for _, a := range group {
		a.position, a.err = position, err
		close(a.done)
	}
}

// A record is one s2 block of length-prefixed bodies.
func encodeRecord(group []*waiting, size int) []byte {
	raw := make([]byte, 0, size+len(group)*binary.MaxVarintLen32*4)
	for _, a := range group {
		for _, b := range a.bodies {
			raw = binary.AppendUvarint(raw, uint64(len(b)))
			raw = append(raw, b...)
		}
	}
	return s2.Encode(nil, raw)
}

func decodeRecord(data []byte) ([][]byte, error) {
	n, err := s2.DecodedLen(data)
	if err != nil || n > 4*maxPayload {
		return nil, fmt.Errorf("record is damaged: length %d: %w", n, err)
	}
	raw, err := s2.Decode(nil, data)
	if err != nil {
		return nil, fmt.Errorf("record is damaged: %w", err)
	}
	var bodies [][]byte
	for len(raw) > 0 {
		size, k := binary.Uvarint(raw)
		if k <= 0 || size > uint64(len(raw)-k) { //nolint:gosec // k <= len(raw)
			return nil, fmt.Errorf("record is damaged: body of %d bytes in %d", size, len(raw))
		}
		end := k + int(size) //nolint:gosec // checked above
		bodies = append(bodies, raw[k:end:end])
		raw = raw[end:]
	}
	return bodies, nil
}
