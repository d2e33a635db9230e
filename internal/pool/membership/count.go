package membership

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// samples is how many people a count shows.
const samples = 20

// Count counts the people for whom a rule holds now, exactly, and shows some of them: always the same for the same people.
func (e *Engine) Count(ctx context.Context, r *rule.Rule) (standing.Counted, error) {
	began := e.o.Clock.Now()
	bits, total, err := e.holding(ctx, r)
	if err != nil {
		return standing.Counted{}, err
	}
	out := standing.Counted{Total: total, At: began.UnixMicro()}
	var some []int64
	for person := range bits.All() {
		out.Count++
		some = append(some, person)
		if len(some) >= 64*samples {
			some = fewest(some)
		}
	}
	out.Sample = fewest(some)
	slices.Sort(out.Sample)
	out.Took = e.o.Clock.Now().Sub(began)
	return out, nil
}

// fewest keeps those whose number looks least when mixed.
func fewest(people []int64) []int64 {
	slices.SortFunc(people, func(a, b int64) int { return cmp.Compare(mixed(a), mixed(b)) })
	return people[:min(len(people), samples)]
}

// mixed is a number in no visible order, by the finaliser of MurmurHash3.
func mixed(n int64) uint64 {
	h := uint64(n)
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// Matching is the people for whom a rule holds now.
func (e *Engine) Matching(ctx context.Context, r *rule.Rule) (*roaring64.Bitmap, error) {
	bits, _, err := e.holding(ctx, r)
	if err != nil {
		return nil, err
	}
	return roster.FromDense(bits), nil
}

// askOne compiles a rule that is in force nowhere.
func (e *Engine) askOne(ctx context.Context, r *rule.Rule) (*plan, error) {
	if err := e.mustBeReady(); err != nil {
		return nil, err
	}
	if err := e.wantRules(ctx, r); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "engine.columns", "what the rule asks about could not be read; try again")
	}
	s := &spec{rules: []*rule.Rule{r}}
	if err := e.loadSince(ctx, wanted{nil: s}); err != nil {
		return nil, err
	}
	n := &node{unit: &unit{levels: roster.NewLevels(false), at: unknown}, spec: s, after: mask{0}}
	p := &plan{nodes: []*node{n}}
	e.mu.RLock()
	defer e.mu.RUnlock()
	var err error
	e.tl.Read(func(reader *timeline.Reader) {
		if n.asks, err = e.ask(reader, s.rules, nil); err == nil {
			p.layers = []*layer{{nodes: p.nodes, asks: n.asks}}
		}
	})
	return p, err
}

// countBlock is how many ids are gone through under one hold of the timeline's lock, for one rule.
const countBlock = 16_384

// holding goes through everybody with one rule, on all cores.
func (e *Engine) holding(ctx context.Context, r *rule.Rule) (roster.Bits, int64, error) {
	p, err := e.askOne(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	at := e.moment(e.o.Clock.Now())
	var end, total int64
	e.tl.Read(func(r *timeline.Reader) { end, total = r.End(), int64(r.Count()) })
	bits := make(roster.Bits, (end+63)/64)
	workers := e.o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range workers {
		g.Go(func() error {
			d := newDecider(e.roster, p, at)
			for {
				from := next.Add(countBlock) - countBlock
				if from >= end {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				e.tl.Read(func(r *timeline.Reader) {
					for person := range r.Slice(from, min(from+countBlock, end)) {
						d.turn(r, person)
						if d.one(p.nodes[0]); d.now[0] != 0 {
							bits[person>>6] |= 1 << (person & 63)
						}
					}
				})
			}
		})
	}
	return bits, total, g.Wait()
}

// Explain says whether a rule holds for a person now, and why.
func (e *Engine) Explain(ctx context.Context, r *rule.Rule, person int64) (rule.Explanation, error) {
	p, err := e.askOne(ctx, r)
	if err != nil {
		return rule.Explanation{}, err
	}
	at := e.moment(e.o.Clock.Now())
	d := newDecider(e.roster, p, at)
	var out rule.Explanation
	e.tl.Read(func(reader *timeline.Reader) {
		if reader.PersonOf(person) != person {
			err = fault.New(fault.NotFound, "person.unknown", "there is no person %d", person)
			return
		}
		var program *rule.Program
		if program, err = r.Compile(reader, e.o.Currency()); err != nil {
			return
		}
		d.turn(reader, person)
		d.facts.asks = p.nodes[0].asks
		d.facts.wants(0) // also what lies before the windows, to say what was
		out = program.Explain(d.facts, at.Instant)
	})
	return out, err
}
