package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Record is a position and the bodies appended there.
type Record struct {
	Position uint64
	Bodies   [][]byte
}

// Reader goes through the log in order. It is for one goroutine.
type Reader struct {
	log  *Log
	next uint64
	it   jetstream.MessagesContext
}

// Read starts a reader at the first record after a position (0: from the beginning).
func (l *Log) Read(ctx context.Context, after uint64) (*Reader, error) {
	c, err := l.js.OrderedConsumer(ctx, l.stream.CachedInfo().Config.Name, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: after + 1, InactiveThreshold: time.Hour,
	})
	if err != nil {
		return nil, fmt.Errorf("read the event log after %d: %w", after, err)
	}
	it, err := c.Messages(jetstream.PullMaxBytes(8<<20), jetstream.PullHeartbeat(5*time.Second))
	if err != nil {
		return nil, fmt.Errorf("read the event log after %d: %w", after, err)
	}
	return &Reader{log: l, next: after + 1, it: it}, nil
}

// Next waits for the next record. It ends with ctx's error, or with ErrClosed after Close.
func (r *Reader) Next(ctx context.Context) (Record, error) {
	for {
		msg, err := r.it.Next(jetstream.NextContext(ctx))
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed):
			return Record{}, ErrClosed
		case errors.Is(err, jetstream.ErrNoHeartbeat):
			continue // the reader resumes by itself
		case err != nil:
			return Record{}, err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return Record{}, fmt.Errorf("read the event log: %w", err)
		}
		at := meta.Sequence.Stream
		if at < r.next {
			continue // seen before a reset of the consumer
		}
		if at > r.next {
			// Only what MaxAge removed can be missing; say so, since a gap means that history is gone for a rebuild.
			r.log.log.WarnContext(ctx, "event log begins later than asked", "asked", r.next, "got", at)
		}
		bodies, err := decodeRecord(msg.Data())
		if err != nil {
			return Record{}, fmt.Errorf("position %d: %w", at, err)
		}
		r.next = at + 1
		return Record{Position: at, Bodies: bodies}, nil
	}
}

// Close ends the reader; a Next under way returns ErrClosed.
func (r *Reader) Close() { r.it.Stop() }

// natsLogger passes the server's warnings on and drops its chatter.
type natsLogger struct{ log *slog.Logger }

func (n *natsLogger) Noticef(string, ...any) {}
func (n *natsLogger) Debugf(string, ...any)  {}
func (n *natsLogger) Tracef(string, ...any)  {}

func (n *natsLogger) Warnf(format string, args ...any) {
	n.log.Warn("event log engine", "said", fmt.Sprintf(format, args...))
}

func (n *natsLogger) Errorf(format string, args ...any) {
	n.log.Error("event log engine", "said", fmt.Sprintf(format, args...))
}

func (n *natsLogger) Fatalf(format string, args ...any) {
	n.log.Error("event log engine stopped", "said", fmt.Sprintf(format, args...))
}
