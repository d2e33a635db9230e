package rulebench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// stores are the opened parts of a pool, without its engine.
type stores struct {
	clock  *shifted
	folder folder
	kinds  identity.Kinds
	log    *eventlog.Log
	db     *state.DB
	house  *warehouse.Warehouse
}

// pool is a whole pool with its rules.
type pool struct {
	*stores
	tl     *timeline.Store
	engine *membership.Engine
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func (b *bench) openStores(ctx context.Context) (_ *stores, err error) {
	s := &stores{clock: b.clock, folder: b.f, kinds: identity.NewKinds()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.db, err = state.Open(ctx, b.f.state(), b.clock); err != nil {
		return nil, err
	}
	if s.house, err = warehouse.Open(ctx, warehouse.Options{Path: b.f.warehouse()}); err != nil {
		return nil, err
	}
	s.log, err = eventlog.Open(ctx, eventlog.Options{Dir: b.f.log(), Logger: quiet()})
	return s, err
}

func (s *stores) close() error {
	var errs []error
	if s.log != nil {
		errs = append(errs, s.log.Close())
	}
	if s.house != nil {
		errs = append(errs, s.house.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

// openTimeline opens the timeline and reads what it lacks.
func (s *stores) openTimeline(ctx context.Context) (*timeline.Store, error) {
	tl, err := timeline.Open(ctx, timeline.Options{
		Dir: s.folder.timeline(), Source: timeline.FromWarehouse(s.house, s.nodes, currency), Currency: currency, Clock: s.clock, Logger: quiet(),
	})
	if err != nil {
		return nil, err
	}
	at, err := state.Position(ctx, s.db, "pool")
	if err == nil {
		err = tl.CatchUp(ctx, at, nil)
	}
	if err != nil {
		return nil, errors.Join(err, tl.Close())
	}
	return tl, nil
}

// nodes tells the timeline whose every node is.
func (s *stores) nodes(ctx context.Context, yield func(node, person int64) error) error {
	rows, err := s.db.Query(ctx, "SELECT id, person FROM identity")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var node, person int64
		if err := rows.Scan(&node, &person); err != nil {
			return err
		}
		if err := yield(node, person); err != nil {
			return err
		}
	}
	return rows.Err()
}

// openPool opens everything, with an engine that is ready.
func (b *bench) openPool(ctx context.Context) (*pool, error) {
	s, err := b.openStores(ctx)
	if err != nil {
		return nil, err
	}
	p := &pool{stores: s}
	if err := p.openEngine(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return p, nil
}

func (p *pool) openEngine(ctx context.Context) (err error) {
	if p.engine, err = p.newEngine(ctx); err != nil {
		return err
	}
	if err = p.engine.Prepare(ctx); err != nil {
		return errors.Join(fmt.Errorf("make the rules ready: %w", err), p.closeEngine())
	}
	return nil
}

func (p *pool) newEngine(ctx context.Context) (*membership.Engine, error) {
	tl, err := p.openTimeline(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the timeline: %w", err)
	}
	e, err := membership.Open(ctx, membership.Options{
		State: p.db, Timeline: tl, Zone: zone, Currency: func() string { return currency }, Kinds: func() identity.Kinds { return p.kinds },
		Clock: p.clock, Logger: quiet(),
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the engine: %w", err), tl.Close())
	}
	p.tl = tl
	return e, nil
}

func (p *pool) closeEngine() error {
	if p.tl == nil {
		return nil
	}
	tl := p.tl
	p.tl, p.engine = nil, nil
	return tl.Close()
}

func (p *pool) close() error { return errors.Join(p.closeEngine(), p.stores.close()) }

// pipeline makes a pipeline over the stores; follower may be nil.
func (s *stores) pipeline(ctx context.Context, follower apply.Follower) (*apply.Pipeline, error) {
	return apply.New(ctx, apply.Options{
		Log: s.log, State: s.db, Warehouse: s.house, SeenDir: s.folder.seen(), Kinds: func() identity.Kinds { return s.kinds },
		Currency: func() string { return currency }, QuarantineAfter: func() int { return 3 }, Clock: s.clock, Logger: quiet(), Follower: follower,
		SinkEvery: 200 * time.Millisecond,
	})
}

// build measures the timeline by itself.
func (b *bench) build(ctx context.Context) (err error) {
	s, err := b.openStores(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	var opened []spent
	for i := range 4 { // once to build, then three times to open what is there
		var tl *timeline.Store
		took, err := b.timed(func() (err error) {
			tl, err = s.openTimeline(ctx)
			return err
		})
		if err != nil {
			return err
		}
		events, bytes := tl.Size()
		if err := tl.Close(); err != nil {
			return err
		}
		if events != b.o.Events {
			return fmt.Errorf("the timeline has %d events of %d", events, b.o.Events)
		}
		opened = append(opened, took)
		if i == 0 {
			r := &b.result
			r.BuildS, r.BuildCPUS, r.BytesPerEvt = took.wall.Seconds(), took.cpu.Seconds(), float64(bytes)/float64(events)
			r.BuildPerS = float64(b.o.Events) / r.BuildS
			b.say("       timeline built in %.1f s (%.1f s of processor time), %.0f events/s, %.1f bytes an event", r.BuildS, r.BuildCPUS, r.BuildPerS, r.BytesPerEvt)
		}
	}
	b.result.OpenS = median(seconds(opened))
	b.say("       opened in %.2f s", b.result.OpenS)
	return nil
}
