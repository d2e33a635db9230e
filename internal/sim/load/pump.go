package load

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// pump sends over all connections until done says so, or one of them fails. before, if there is one, holds a request back until it may go.
func (b *bench) pump(ctx context.Context, m mix, done func() bool, before func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for range b.o.Connections {
		b.seed++
		c := newCrowd(b.town, m, b.seed)
		all.Go(func() {
			if err := b.connection(ctx, c, done, before); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

func (b *bench) connection(ctx context.Context, c *crowd, done func() bool, before func(context.Context) error) error {
	w, err := dial(ctx, b.s.address, b.s.writeKey)
	if err != nil {
		return err
	}
	defer w.close()
	var body []byte
	for !done() {
		if before != nil {
			if err := before(ctx); err != nil {
				return err
			}
		}
		body = c.body(body, b.o.Clock.Now())
		if err := b.send(ctx, w, body); err != nil {
			return err
		}
		b.acked.Add(batchEvents)
		b.bytes.Add(int64(len(body)))
	}
	return nil
}

// send posts a body until it is taken.
func (b *bench) send(ctx context.Context, w *wire, body []byte) error {
	for {
		status, wait, err := w.post(ctx, body)
		switch {
		case err != nil:
			return err
		case status == http.StatusOK:
			return nil
		case status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
			return fmt.Errorf("the server answered with status %d", status)
		}
		b.pushed.Add(1)
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// after is done once d has gone by from now on.
func (b *bench) after(d time.Duration) func() bool {
	end := b.o.Clock.Now().Add(d)
	return func() bool { return !b.o.Clock.Now().Before(end) }
}

// throttle holds back while the backlog is full.
func (b *bench) throttle(ctx context.Context) error {
	for b.acked.Load()-b.w.applied.Load() > backlog {
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// pacer lets requests go at the rate, evenly, however many connections ask.
func (b *bench) pacer() func(context.Context) error {
	began := b.o.Clock.Now()
	gap := time.Second * batchEvents / time.Duration(b.o.Rate)
	var taken atomic.Int64
	return func(ctx context.Context) error {
		mine := began.Add(time.Duration(taken.Add(1)-1) * gap)
		return pause(ctx, mine.Sub(b.o.Clock.Now()))
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
