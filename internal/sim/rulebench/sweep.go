package rulebench

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// key names the segment of the rule number i.
func key(i int) string { return fmt.Sprintf("rule-%03d", i) }

func parsed(q question) (*rule.Rule, error) {
	r, problems := rule.Parse(q.rule(), nil)
	if len(problems) > 0 {
		return nil, fmt.Errorf("rule %s: %s", q.rule(), problems[0].Message)
	}
	return r, nil
}

// apply puts all rules in force as segments, except that nobody sweeps yet.
func (b *bench) apply(ctx context.Context, p *pool) error {
	for i, q := range b.asked {
		r, err := parsed(q)
		if err != nil {
			return err
		}
		if err := p.engine.Apply(ctx, standing.Spec{Owner: standing.Segment, Key: key(i), Version: 1, Rules: []*rule.Rule{r}}); err != nil {
			return fmt.Errorf("rule %s: %w", q.rule(), err)
		}
	}
	return nil
}

func (b *bench) remove(ctx context.Context, p *pool) error {
	for i := range b.asked {
		if err := p.engine.Remove(ctx, standing.Segment, key(i)); err != nil {
			return err
		}
	}
	return p.settle(ctx)
}

// settle does all that the engine still has to do.
func (p *pool) settle(ctx context.Context) error {
	for {
		if more, err := p.engine.Work(ctx); err != nil || !more {
			return err
		}
	}
}

// sweep measures rules in bulk.
func (b *bench) sweep(ctx context.Context, p *pool) error {
	if err := p.settle(ctx); err != nil { // the new day
		return err
	}
	var sweeps []spent
	for i := range 4 {
		if i > 0 {
			if err := b.remove(ctx, p); err != nil {
				return err
			}
		}
		if err := b.apply(ctx, p); err != nil {
			return err
		}
		took, err := b.timed(func() error {
			_, err := p.engine.Work(ctx) // one sweep decides all that wait
			return err
		})
		if err != nil {
			return err
		}
		sweeps = append(sweeps, took)
		b.say("       %d rules swept in %.2f s (%.2f s of processor time)", len(b.asked), took.wall.Seconds(), took.cpu.Seconds())
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	b.result.SweepS, b.result.SweepCPUS = median(seconds(sweeps)), median(cpuSeconds(sweeps))
	for i := range b.asked {
		if got := p.engine.Progress(standing.Segment, key(i)); got.State != standing.Ready {
			return fault.New(fault.Conflict, "bench.sweep", "after the sweep the rule %s is not in force but %s: %s", b.asked[i].rule(), got.State, got.Error)
		}
		b.result.Members = append(b.result.Members, int64(p.engine.Members(standing.Segment, key(i), "").GetCardinality()))
	}
	if err := b.countOne(ctx, p); err != nil {
		return err
	}
	return b.sets(p)
}

// countOne counts rules that are in force nowhere, one at a time.
func (b *bench) countOne(ctx context.Context, p *pool) error {
	var medians, cpus []float64
	for _, q := range threes() {
		r, err := parsed(q)
		if err != nil {
			return err
		}
		var all []spent
		var people int64
		for range 6 {
			took, err := b.timed(func() error {
				counted, err := p.engine.Count(ctx, r)
				people = counted.Count
				return err
			})
			if err != nil {
				return fmt.Errorf("count %s: %w", q.rule(), err)
			}
			all = append(all, took)
		}
		wall, cpu := median(seconds(all)), median(cpuSeconds(all))
		b.say("       %d people counted in %.3f s (%.3f s of processor time): %s", people, wall, cpu, q.rule())
		medians, cpus = append(medians, wall), append(cpus, cpu)
	}
	b.result.CountOneS, b.result.CountOneCPUS = quantile(medians, 0.5), quantile(cpus, 0.5)
	return nil
}

// sets combines five large segments.
func (b *bench) sets(p *pool) error {
	var five []*roaring64.Bitmap
	for _, i := range largest(b.result.Members, 5) {
		five = append(five, p.engine.Members(standing.Segment, key(i), ""))
	}
	var all []spent
	for range 6 {
		took, err := b.timed(func() error {
			inAll, inAny, only := five[0].Clone(), five[0].Clone(), five[0].Clone()
			for _, s := range five[1:] {
				inAll.And(s)
				inAny.Or(s)
				only.AndNot(s)
			}
			_ = inAll.GetCardinality() + inAny.GetCardinality() + only.GetCardinality()
			return nil
		})
		if err != nil {
			return err
		}
		all = append(all, took)
	}
	b.result.SetMS = median(seconds(all)) * 1000
	return nil
}

// largest are the places of the n greatest numbers.
func largest(list []int64, n int) (out []int) {
	taken := make([]bool, len(list))
	for range min(n, len(list)) {
		at := -1
		for i, v := range list {
			if !taken[i] && (at < 0 || v > list[at]) {
				at = i
			}
		}
		taken[at] = true
		out = append(out, at)
	}
	return out
}
