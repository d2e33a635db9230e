// Package apply is the pool's pipeline: it reads the log in order, finds out who each event is about, updates people, and passes the
// resolved events to the warehouse.
//
// Invariants:
//   - The log position is stored in the transaction that holds what was read, in state and in the warehouse each; so a crash replays
//     and nothing is applied twice.
//   - A message id counts once: the duplicate index knows at which position it was accepted first, so a replayed event recognises
//     itself and a repeat does not pass.
//   - The warehouse is never ahead of the state. What it lacks after a crash is read from the log again, with the people as they are.
//   - There is one pipeline per pool; everything that changes people, also an operator's merge, goes through the log.
package apply

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/seen"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are what a pipeline works with.
type Options struct {
	Log       *eventlog.Log
	State     *state.DB
	Warehouse *warehouse.Warehouse
	SeenDir   string
	Kinds     func() identity.Kinds
	Currency  func() string // of the pool
	// QuarantineAfter is with how many people a weak key must be seen to be a shared device.
	QuarantineAfter func() int
	Clock           clock.Clock
	Logger          *slog.Logger
	// Follower is told what each batch did; none if nil.
	Follower Follower
	// Refuse keeps what the log holds and the pool cannot take; it is durable when it returns. It is only said in the program's log if nil.
	Refuse func(ctx context.Context, refused []Refused) error
	// SinkEvery is how long events may wait for the warehouse. 200 ms if 0.
	SinkEvery time.Duration
}

// Pipeline is one pool's pipeline.
type Pipeline struct {
	o         Options
	seen      *seen.Index
	resolver  *identity.Resolver
	recent    ring
	written   person.Result // by the last batch
	sinkFrom  uint64        // the warehouse had the log up to here at the start
	aheadFrom int

	applied, stored atomic.Uint64 // positions in state and in the warehouse
	moved           atomic.Bool   // there may be moves to forget
	events, repeats atomic.Int64  // since the start

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever a position advances
}

const reader = "pool"

// New opens a pipeline and catches up what a crash left behind.
func New(ctx context.Context, o Options) (*Pipeline, error) {
	if o.SinkEvery == 0 {
		o.SinkEvery = 200 * time.Millisecond
	}
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(identity.Migrate(ctx, o.State), person.Migrate(ctx, o.State), o.State.Migrate(ctx, "apply", sub)); err != nil {
		return nil, err
	}
	p := &Pipeline{o: o, aheadFrom: aheadFrom, changed: make(chan struct{})}
	if p.resolver, err = identity.NewResolver(ctx, o.State, o.Kinds, o.QuarantineAfter); err != nil {
		return nil, err
	}
	if p.seen, err = seen.Open(seen.Options{Dir: o.SeenDir}); err != nil {
		return nil, err
	}
	if err := p.recover(ctx); err != nil {
		return nil, errors.Join(err, p.seen.Close())
	}
	return p, nil
}

// Close closes what the pipeline opened; call it after Run has returned.
func (p *Pipeline) Close() error {
	return errors.Join(p.seen.Flush(p.applied.Load(), true), p.seen.Close())
}

// Run applies the log until ctx ends, then finishes what it has begun. An error means that a store failed; nothing is lost, and a new
// start goes on where this one stopped.
func (p *Pipeline) Run(ctx context.Context) error {
	decoded := make(chan input, 8)
	ready := make(chan *batch)
	resolved := make(chan output, 1)
	// Asked to stop, only reading stops at once; what was read is applied and stored. After an error, everything stops.
	g, failed := errgroup.WithContext(context.WithoutCancel(ctx))
	reading, stop := context.WithCancel(failed)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	g.Go(func() error { defer close(decoded); return p.read(reading, decoded) })
	g.Go(func() error { defer close(ready); return p.prepareAll(failed, decoded, ready) })
	g.Go(func() error { defer close(resolved); return p.applyAll(failed, ready, resolved) })
	g.Go(func() error { return p.sinkAll(failed, resolved) })
	return g.Wait()
}

// input is one record of the log, decoded.
type input struct {
	position uint64
	events   []event.Event
	folds    []*person.Fold // of each event
	amounts  []money.Amount // of each event; no currency: none
}

// fold says of each event what it adds to its person. It needs nothing but the events, so the reader does it, beside the applying of
// what it has read before.
func (in *input) fold(currency string) {
	in.folds, in.amounts = make([]*person.Fold, len(in.events)), make([]money.Amount, len(in.events))
	for i := range in.events {
		in.amounts[i], _ = person.AmountOf(&in.events[i], currency)
		in.folds[i] = person.Of(&in.events[i], currency)
	}
}

func (p *Pipeline) read(ctx context.Context, out chan<- input) error {
	r, err := p.o.Log.Read(ctx, p.applied.Load())
	if err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // asked to stop
		}
		return err
	}
	defer r.Close()
	for {
		rec, err := r.Next(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // asked to stop
			}
			return err
		}
		in, refused := decode(rec)
		if err := p.setAside(ctx, refused); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // asked to stop; it is read again
			}
			return err
		}
		in.fold(p.o.Currency())
		select {
		case out <- in:
		case <-ctx.Done():
			return nil
		}
	}
}

// Positions are the log positions up to which people and warehouse are complete.
func (p *Pipeline) Positions() (applied, stored uint64) { return p.applied.Load(), p.stored.Load() }

// Counts are how many events were applied and how many repeats dropped since the start.
func (p *Pipeline) Counts() (events, repeats int64) { return p.events.Load(), p.repeats.Load() }

func (p *Pipeline) advance(at *atomic.Uint64, position uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at.Store(position)
	close(p.changed)
	p.changed = make(chan struct{})
}

// Wait returns when people and warehouse have everything up to a log position, or with ctx's error.
func (p *Pipeline) Wait(ctx context.Context, position uint64) error {
	for {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		if p.applied.Load() >= position && p.stored.Load() >= position {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Accepted is how many rows of an import were accepted so far, not counting repeats.
func (p *Pipeline) Accepted(ctx context.Context, importID int64) (rows int64, err error) {
	err = p.o.State.QueryRow(ctx, "SELECT COALESCE(SUM(accepted), 0) FROM import_rows WHERE import = ?", importID).Scan(&rows)
	return rows, err
}

// Do appends an operator's command to the log and waits until it is applied.
func (p *Pipeline) Do(ctx context.Context, e *event.Event) error {
	if err := e.Validate(p.o.Clock.Now().UnixMicro()); err != nil {
		return err
	}
	at, err := p.o.Log.Append(ctx, event.Append(nil, e))
	if err != nil {
		return err
	}
	return p.Wait(ctx, at)
}
