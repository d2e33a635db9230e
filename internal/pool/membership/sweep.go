package membership

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// sweep decides some units for everybody, beside what is in force.
type sweep struct {
	plan   *plan // with which the sweep goes through people
	live   *plan // with which the live evaluation decides beside it: the same nodes, maybe compiled again
	at     moment
	zone   string
	newDay bool
	next   map[*unit]*spec // what comes into force
	causes map[*unit]string

	end       int64 // who has this number or a greater one is new, and decided live
	total     int64
	done      atomic.Int64
	cancelled atomic.Bool
	result    []result // by node
	waits     [][]wait // by worker
	overrides map[int64]verdict
}

// result is who a node puts where: bits for segments and tags, bytes for tiers. Workers write different parts of it.
type result struct {
	bits roster.Bits
	many []uint8
}

func (s *sweep) has(u *unit) bool {
	return slices.ContainsFunc(s.plan.nodes, func(n *node) bool { return n.unit == u })
}

// dropSweep ends the sweep that goes on if it decides a unit that is no longer what it was. Run begins another. Both locks are held.
func (e *Engine) dropSweep(u *unit) {
	if e.sweep != nil && e.sweep.has(u) {
		e.sweep.cancelled.Store(true)
		e.sweep = nil
	}
}

// choose finds what is to be swept: what waits to come into force, what a new day may change, and whatever asks about these. nil if nothing is.
func (e *Engine) choose(at moment) *sweep {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s := &sweep{
		at: at, zone: at.calendar.Zone().String(), next: map[*unit]*spec{}, causes: map[*unit]string{},
		overrides: map[int64]verdict{},
	}
	s.newDay = e.day != at.day || e.zone != s.zone
	targets := wanted{}
	for _, u := range e.units {
		switch {
		case u.next != nil && u.failed == "":
			targets[u], s.next[u], s.causes[u] = u.next, u.next, u.cause
		case s.newDay && !u.paused && u.spec != nil && (u.spec.timed() || e.zone != s.zone):
			targets[u], s.causes[u] = u.spec, causeTime
		}
	}
	if len(targets) == 0 && !s.newDay {
		return nil
	}
	for grown := true; grown; {
		grown = false
		for _, u := range e.units {
			if targets[u] != nil || u.paused || u.spec == nil {
				continue
			}
			for _, r := range u.spec.on() {
				if of := e.units[r]; of != nil && targets[of] != nil {
					targets[u], s.causes[u], grown = u.spec, s.causes[of], true
					break
				}
			}
		}
	}
	for u, c := range s.causes {
		if _, own := s.next[u]; !own && c == causeActivated {
			s.causes[u] = causeEdited // only the new one's people are not told
		}
	}
	s.plan = &plan{}
	for u, spec := range targets {
		s.plan.nodes = append(s.plan.nodes, &node{unit: u, spec: spec})
	}
	return s
}

// targets are the specs by which a sweep decides.
func (s *sweep) targets() wanted {
	specs := wanted{}
	for _, n := range s.plan.nodes {
		specs[n.unit] = n.spec
	}
	return specs
}

// sweepOnce sweeps what is to be swept, and says whether there was anything.
func (e *Engine) sweepOnce(ctx context.Context, at moment) (bool, error) {
	s := e.choose(at)
	if s == nil {
		return false, nil
	}
	if !e.readySpecs(ctx, s) {
		return true, ctx.Err() // what failed is marked; the rest is chosen again
	}
	start := e.o.Clock.Now()
	begun, err := e.begin(ctx, s)
	if err == nil && begun {
		err = e.goThrough(ctx, s)
	}
	if err == nil && begun && !s.cancelled.Load() {
		err = e.switchOver(ctx, s)
	}
	if err != nil || !begun {
		return true, e.giveUp(ctx, s, err)
	}
	took := e.o.Clock.Now().Sub(start)
	e.figures.swept(took, s.total)
	e.o.Logger.DebugContext(ctx, "swept", "units", len(s.plan.nodes), "people", s.total, "took", took.String(), "new_day", s.newDay)
	return true, nil
}

// giveUp ends a sweep that failed. If it is the rules that cannot be run, they are marked, and everything else goes on without them.
func (e *Engine) giveUp(ctx context.Context, s *sweep, err error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sweep == s {
		e.sweep = nil
	}
	if code := fault.CodeOf(err); err == nil || code != "rule.column" && code != "membership.circle" || len(s.next) == 0 {
		return err
	}
	for u := range s.next {
		e.o.Logger.ErrorContext(ctx, "rules cannot be run", "owner", string(u.owner), "key", u.key, "err", err)
		u.failed = "the rules cannot be run; it is tried again"
	}
	return nil
}

// readySpecs makes what the waiting specs need. Those for which it cannot be made are marked as failed.
func (e *Engine) readySpecs(ctx context.Context, s *sweep) bool {
	ok := true
	// All at once costs one scan; if that fails, whose fault it is shows below, one by one.
	if err := e.want(ctx, slices.Collect(maps.Values(s.next))...); err != nil {
		e.o.Logger.DebugContext(ctx, "what the waiting rules ask about cannot be read at once", "err", err)
	}
	for u, spec := range s.next {
		err := e.want(ctx, spec)
		if err == nil {
			err = e.loadSince(ctx, s.targets()) // also of what others have long asked, and is there only now
		}
		if err != nil && ctx.Err() == nil {
			ok = false
			e.o.Logger.ErrorContext(ctx, "rules cannot be swept", "owner", string(u.owner), "key", u.key, "err", err)
			e.mu.Lock()
			u.failed = "what the rules ask about could not be read; it is tried again"
			e.mu.Unlock()
		}
	}
	return ok && ctx.Err() == nil
}

// begin makes the live evaluation decide the sweep's units too, from a moment on at which no batch is under way.
func (e *Engine) begin(ctx context.Context, s *sweep) (bool, error) {
	begun := false
	err := e.inTx(ctx, func(_ *state.Tx, b *batch) error {
		for u, spec := range s.next {
			if u.next != spec || e.find(u.owner, u.key) != u {
				return nil // edited meanwhile
			}
		}
		p, err := e.compile(s.targets())
		if err != nil {
			return err
		}
		for _, n := range p.nodes {
			if next := s.next[n.unit]; next != nil && n.unit.spec != nil {
				n.fresh = !n.unit.spec.same(next)
			}
		}
		s.plan, s.live = p, p
		e.tl.Read(func(r *timeline.Reader) { s.end, s.total = r.End(), int64(r.Count()) })
		s.result = make([]result, len(p.nodes))
		for i, n := range p.nodes {
			if n.unit.levels.Many() {
				s.result[i].many = make([]uint8, s.end)
			} else {
				s.result[i].bits = make(roster.Bits, (s.end+63)/64)
			}
		}
		begun = true
		b.then = append(b.then, func() { e.sweep = s })
		return nil
	})
	return begun, err
}

// sweepBlock is how many ids are gone through under one hold of the timeline's lock; a multiple of 64, so that workers write different words.
const sweepBlock = 4096

// goThrough decides everybody, on all cores.
func (e *Engine) goThrough(ctx context.Context, s *sweep) error {
	workers := e.o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s.waits = make([][]wait, workers)
	if len(s.plan.nodes) == 0 {
		return nil
	}
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		g.Go(func() error {
			d := newDecider(e.roster, s.plan, s.at)
			for {
				from := next.Add(sweepBlock) - sweepBlock
				if from >= s.end || s.cancelled.Load() {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				e.tl.Read(func(r *timeline.Reader) { s.block(d, r, w, from, min(from+sweepBlock, s.end)) })
			}
		})
	}
	return g.Wait()
}

func (s *sweep) block(d *decider, r *timeline.Reader, worker int, from, to int64) {
	n := int64(0)
	for person := range r.Slice(from, to) {
		n++
		d.turn(r, person)
		d.everything()
		for i, level := range d.now {
			if level != 0 {
				if out := &s.result[i]; out.many != nil {
					out.many[person] = uint8(level)
				} else {
					out.bits[person>>6] |= 1 << (person & 63)
				}
			}
			if d.since[i] != 0 {
				s.waits[worker] = append(s.waits[worker], wait{s.plan.nodes[i].unit, person, d.since[i]})
			}
		}
	}
	s.done.Add(n)
}
