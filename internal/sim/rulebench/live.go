package rulebench

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/huoshui/huoshui/internal/pool/apply"
)

// recordEvents is how many events one record of the log holds when many wait.
const recordEvents = 2000

// rounds are measured both ways, after one that does not count.
const rounds = 3

// live measures the pipeline with all rules in force, and without rules and timeline. Both apply the same kind of events to the same people.
func (b *bench) live(ctx context.Context, p *pool) error {
	l := &b.result.Live
	l.EventsPerRound = int(min(60_000, max(2000, b.o.Events/50))) / recordEvents * recordEvents
	t := &traffic{c: b.c, dice: rand.New(rand.NewPCG(1, 2)), pause: 5000, tag: "live"}
	before := p.engine.Figures()
	with, err := b.laps(ctx, p, t, p.engine)
	if err != nil {
		return err
	}
	after := p.engine.Figures()
	l.ChangesPerRound = (after.Changes - before.Changes) / (rounds + 1)
	l.DecisionsPerRound = (after.Decided - before.Decided) / (rounds + 1)
	if err := p.closeEngine(); err != nil {
		return err
	}
	without, err := b.laps(ctx, p, t, nil)
	if err != nil {
		return err
	}
	if err := p.openEngine(ctx); err != nil {
		return err
	}
	n := float64(l.EventsPerRound)
	l.WithPerS, l.WithoutPerS = n/median(seconds(with)), n/median(seconds(without))
	l.WithPerCPUS, l.WithoutPerCPUS = n/median(cpuSeconds(with)), n/median(cpuSeconds(without))
	b.result.LiveCost, l.CostCPU = 1-l.WithPerS/l.WithoutPerS, 1-l.WithPerCPUS/l.WithoutPerCPUS
	b.say("       %.0f events/s of processor time with rules, %.0f without; by the clock %.0f and %.0f", l.WithPerCPUS, l.WithoutPerCPUS, l.WithPerS, l.WithoutPerS)
	return nil
}

// laps applies rounds of events that wait in the log, and says what each took.
func (b *bench) laps(ctx context.Context, p *pool, t *traffic, follower apply.Follower) ([]spent, error) {
	pipe, err := p.pipeline(ctx, follower)
	if err != nil {
		return nil, err
	}
	var out []spent
	for range rounds + 1 {
		s, err := b.lap(ctx, p, t, pipe)
		if err != nil {
			return nil, errors.Join(err, pipe.Close())
		}
		out = append(out, s)
	}
	return out, pipe.Close()
}

func (b *bench) lap(ctx context.Context, p *pool, t *traffic, pipe *apply.Pipeline) (s spent, err error) {
	t.at = p.clock.Now().UnixMicro() - int64(b.result.Live.EventsPerRound)*t.pause
	last := uint64(0)
	for range b.result.Live.EventsPerRound / recordEvents {
		body, _ := t.record(recordEvents)
		if last, err = p.log.Append(ctx, body); err != nil {
			return s, err
		}
	}
	var stop func() error
	s, err = b.timed(func() error {
		stop = p.run(ctx, pipe)
		return pipe.Wait(ctx, last)
	})
	if err = errors.Join(err, stop()); err != nil {
		return s, err
	}
	return s, p.drain(ctx, pipe)
}

// run lets the pipeline, the relay of signals and the timeline work until stop.
func (p *pool) run(ctx context.Context, pipe *apply.Pipeline) (stop func() error) {
	running, cancel := context.WithCancel(ctx)
	parts := []func(context.Context) error{pipe.Run, func(ctx context.Context) error { return p.db.Relay(ctx, p.log, 50*time.Millisecond) }}
	if p.engine != nil {
		parts = append(parts, p.tl.Run, p.engine.Run)
	}
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- part(running) }()
	}
	return func() error {
		cancel()
		var errs []error
		for range parts {
			if err := <-ended; !errors.Is(err, context.Canceled) {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
}

// drain applies what is left, such as the signals of the round before, so that the next round begins with nothing waiting.
func (p *pool) drain(ctx context.Context, pipe *apply.Pipeline) error {
	stop := p.run(ctx, pipe)
	err := func() error {
		for {
			var waiting int64
			if err := p.db.QueryRow(ctx, "SELECT count(*) FROM outbox").Scan(&waiting); err != nil {
				return err
			}
			last, err := p.log.Last(ctx)
			if err != nil {
				return err
			}
			if err := pipe.Wait(ctx, last); err != nil {
				return err
			}
			if waiting == 0 {
				return nil
			}
		}
	}()
	return errors.Join(err, stop())
}
