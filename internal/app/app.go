// Package app wires everything by hand, starts it and stops it in order. It is the only package that imports all others.
//
// Order of starting: data folder (lock) → state → log → warehouse → pipeline (which catches up) → rooms → HTTP. Stopping goes the other
// way round: intake first, then workers, relay, pipeline (which finishes what it has read), and the stores last.
package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/datadir"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/apply"
)

// App is an open pool.
type App struct {
	Rooms

	o         Options
	started   time.Time
	dir       *datadir.Dir
	state     *state.DB
	log       *eventlog.Log
	warehouse *warehouse.Warehouse
	pipeline  *apply.Pipeline
	rejected  *reject.Store  // set once the ways in are open, which is before the pipeline runs
	closers   []func() error // in the order of opening
}

// Open opens the data folder and everything on it. Nothing runs yet.
func Open(ctx context.Context, o Options) (*App, error) {
	a, err := openStores(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := a.openRooms(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the pool: %w", err), a.Close())
	}
	return a, nil
}

// openStores opens the data folder, the state, the log and the warehouse.
func openStores(ctx context.Context, o Options) (_ *App, err error) {
	a := &App{}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if a.dir, err = datadir.Open(o.Data, Version()); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.dir.Close)
	a.o = o.withDefaults(a.dir.Path)
	a.started = a.o.Clock.Now()
	if a.state, err = state.Open(ctx, a.o.StateURL, a.o.Clock); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.state.Close)
	if a.log, err = eventlog.Open(ctx, eventlog.Options{URL: a.o.LogURL, Prefix: a.o.LogPrefix, Dir: a.dir.Join("log"), MaxAge: a.o.LogMaxAge, Logger: a.o.Logger}); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.log.Close)
	if a.warehouse, err = warehouse.Open(ctx, warehouse.Options{Path: a.dir.Join("warehouse.duckdb"), MemoryMB: a.o.WarehouseMB}); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.warehouse.Close)
	return a, nil
}

// Close closes everything that was opened, the newest first.
func (a *App) Close() error {
	var errs []error
	for _, c := range slices.Backward(a.closers) {
		errs = append(errs, c())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// component is something that runs until its context ends.
type component struct {
	name string
	run  func(ctx context.Context) error
}

// run starts the components and, when ctx ends or one of them fails, stops them in their order, each one only after those before it
// have ended. A component that has nothing more to do ends alone; what comes after it goes on until it is asked to stop.
func run(ctx context.Context, components ...component) error {
	g, failed := errgroup.WithContext(context.WithoutCancel(ctx))
	asked := make(chan struct{})
	defer context.AfterFunc(ctx, func() { close(asked) })()
	previous := asked
	for _, c := range components {
		before, ended := previous, make(chan struct{})
		g.Go(func() error {
			defer close(ended)
			own, cancel := context.WithCancel(failed)
			defer cancel()
			go func() {
				for _, c := range []<-chan struct{}{asked, before} {
					select {
					case <-c:
					case <-own.Done():
						return
					}
				}
				cancel()
			}()
			if err := c.run(own); err != nil && own.Err() == nil {
				return fmt.Errorf("%s: %w", c.name, err)
			} else if err != nil && !errors.Is(err, context.Canceled) {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			return nil
		})
		previous = ended
	}
	return g.Wait()
}

// Work runs the pipeline and the outbox relay for as long as fn takes, without a server: for commands on a stopped data folder.
func (a *App) Work(ctx context.Context, fn func(ctx context.Context) error) error {
	work, done := context.WithCancel(ctx)
	defer done()
	var result error
	err := run(work, component{"command", func(ctx context.Context) error {
		defer done()
		result = fn(ctx)
		return nil
	}}, component{"outbox", a.relay}, component{"event log", a.log.Run},
		component{"pool", a.pool}, component{"memberships", a.Engine.Run}, component{"timelines", a.Timeline.Run})
	return errors.Join(result, err)
}

func (a *App) relay(ctx context.Context) error { return a.state.Relay(ctx, a.log, relayEvery) }

const relayEvery = 200 * time.Millisecond

// CaughtUp waits until everything in the log is in people and warehouse.
func (a *App) CaughtUp(ctx context.Context) error {
	last, err := a.log.Last(ctx)
	if err != nil {
		return err
	}
	return a.pipeline.Wait(ctx, last)
}

// RejectsFile is where the rejected rows of an import are written.
func (a *App) RejectsFile(importID int64) string {
	return a.dir.Join("imports", fmt.Sprintf("%d-rejects.csv", importID))
}
