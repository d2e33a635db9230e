package rulebench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

const (
	probeKey   = "probe"
	probeSKU   = "PROBE"
	probeEvery = 25 * time.Millisecond
	probeMost  = 400
	paceEvery  = 20 * time.Millisecond
)

// spared are people who do nothing in the paced traffic: each is for one probe.
func spared(person int64) bool { return person%10 == 7 }

// probes are people whose one event makes them enter a segment.
type probes struct {
	b *bench
	p *pool

	mu      sync.Mutex
	acked   map[int64]time.Time // when the log had the event
	entered map[int64]time.Time // when the engine named the person as a member
}

// watched is the engine as the pipeline's follower; it tells when a batch is done.
type watched struct {
	apply.Follower
	done chan struct{}
}

// Committed passes on and tells.
func (w *watched) Committed(c apply.Change) {
	w.Follower.Committed(c)
	select {
	case w.done <- struct{}{}:
	default: // it has been told and has not looked yet
	}
}

// enter measures how soon an event makes its person a member.
func (b *bench) enter(ctx context.Context, p *pool) (err error) {
	pr := &probes{b: b, p: p, acked: map[int64]time.Time{}, entered: map[int64]time.Time{}}
	if err := pr.segment(ctx); err != nil {
		return err
	}
	w := &watched{Follower: p.engine, done: make(chan struct{}, 1)}
	pipe, err := p.pipeline(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pipe.Close()) }()
	stop := p.run(ctx, pipe)
	watching, done := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	watcher.Go(func() { pr.watch(watching, w.done) })
	err = pr.drive(ctx, pipe)
	done()
	watcher.Wait()
	return errors.Join(err, stop())
}

// segment puts the probes' rule in force.
func (pr *probes) segment(ctx context.Context) error {
	r, err := parsed(is(count(event.OrderCompleted, 7, with("sku", probeSKU)), ">=", 1))
	if err != nil {
		return err
	}
	if err := pr.p.engine.Apply(ctx, standing.Spec{Owner: standing.Segment, Key: probeKey, Version: 1, Rules: []*rule.Rule{r}}); err != nil {
		return err
	}
	return pr.p.settle(ctx)
}

// watch notes who has entered, after each batch.
func (pr *probes) watch(ctx context.Context, batch <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-batch:
		}
		members := pr.p.engine.Members(standing.Segment, probeKey, "")
		now := pr.b.o.Clock.Now()
		pr.mu.Lock()
		for it := members.Iterator(); it.HasNext(); {
			if person := int64(it.Next()); pr.entered[person].IsZero() {
				pr.entered[person] = now
			}
		}
		pr.mu.Unlock()
	}
}

// drive sends paced traffic and probes, and waits until all of it is applied.
func (pr *probes) drive(ctx context.Context, pipe *apply.Pipeline) error {
	n := int(min(probeMost, pr.b.o.People/10-1))
	length := time.Duration(n) * probeEvery
	g, running := errgroup.WithContext(ctx)
	var paced float64
	g.Go(func() (err error) {
		paced, err = pr.pace(running, length)
		return err
	})
	g.Go(func() error { return pr.probe(running, n) })
	if err := g.Wait(); err != nil {
		return err
	}
	last, err := pr.p.log.Last(ctx)
	if err != nil {
		return err
	}
	if err := pipe.Wait(ctx, last); err != nil {
		return err
	}
	return pr.report(ctx, n, paced)
}

// report waits until the watcher has looked at the last batch, and sums up.
func (pr *probes) report(ctx context.Context, n int, paced float64) error {
	for began := pr.b.o.Clock.Now(); ; {
		pr.mu.Lock()
		seen := len(pr.entered)
		pr.mu.Unlock()
		if seen >= n {
			break
		}
		if pr.b.since(began) > 10 {
			return fault.New(fault.Conflict, "bench.enter", "%d of %d people did not enter their segment", n-seen, n)
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	pr.mu.Lock()
	defer pr.mu.Unlock()
	var waits []float64
	for person, at := range pr.acked {
		waits = append(waits, max(0, float64(pr.entered[person].Sub(at).Microseconds())/1000))
	}
	r := &pr.b.result
	r.EnterP99MS = quantile(waits, 0.99)
	r.Enter = Enter{Probes: len(waits), PacedPS: paced, P50MS: quantile(waits, 0.5), MaxMS: quantile(waits, 1)}
	pr.b.say("       %d probes at %.0f events/s: entered after %.1f ms (median), %.1f ms (p99), %.1f ms (at most)", len(waits), paced, r.Enter.P50MS, r.EnterP99MS, r.Enter.MaxMS)
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// pace sends the traffic, and says how many events a second it was.
func (pr *probes) pace(ctx context.Context, length time.Duration) (perS float64, err error) {
	t := &traffic{c: pr.b.c, dice: rand.New(rand.NewPCG(3, 4)), tag: "pace", spare: spared}
	rate := pr.b.o.Rate
	began, sent := pr.b.o.Clock.Now(), 0
	g, ctx := errgroup.WithContext(ctx)
	for {
		passed := pr.b.o.Clock.Now().Sub(began)
		if passed >= length {
			break
		}
		for due := int(passed.Seconds() * float64(rate)); sent < due; {
			t.at = pr.p.clock.Now().UnixMicro()
			body, events := t.record(rate * int(paceEvery) / int(time.Second))
			sent += events
			g.Go(func() error {
				_, err := pr.p.log.Append(ctx, body)
				return err
			})
		}
		if err := pause(ctx, paceEvery/4); err != nil {
			break
		}
	}
	err = g.Wait()
	return float64(sent) / pr.b.since(began), err
}

// probe sends one event of each of n people.
func (pr *probes) probe(ctx context.Context, n int) error {
	g, ctx := errgroup.WithContext(ctx)
	for i := range int64(n) {
		g.Go(func() error {
			person := i*10 + 7
			now := pr.p.clock.Now().UnixMicro()
			body := event.Append(nil, &event.Event{
				ID: fmt.Sprintf("probe-%d", person), Type: event.Track, Name: event.OrderCompleted, Time: now, Received: now, Source: 1,
				Identities: []event.Identity{userID(person)}, Properties: []byte(`{"sku":"` + probeSKU + `","revenue":9.90}`),
			})
			if _, err := pr.p.log.Append(ctx, body); err != nil {
				return err
			}
			at := pr.b.o.Clock.Now()
			pr.mu.Lock()
			defer pr.mu.Unlock()
			pr.acked[person] = at
			return nil
		})
		if err := pause(ctx, probeEvery); err != nil {
			break
		}
	}
	return g.Wait()
}
