package insight

import (
	"context"
	"fmt"
	"math/bits"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// blockOf is how many ids are gone through under one hold of the timeline's lock. The pipeline waits that long, and a cancelled run goes on
// that long.
const blockOf = 4096

// Scan goes through the people of a plan, on all cores that the pool can spare, and gives each worker's table. begin makes a worker's table; visit
// is called for each person with the events since a moment (µs; 0 = all), also if there are none. Both run while the timeline stands still:
// they must be quick, and call neither Read nor anything that waits. What q and v give is good until visit returns. What comes after the end of a
// range is in q: see Upto.
func Scan[W any](ctx context.Context, r *Run, p *Plan, from int64, begin func(v *View) W, visit func(w W, v *View, person int64, q *timeline.Sequence)) ([]W, error) {
	d := p.desk
	var end int64
	d.o.Timeline.Read(func(reader *timeline.Reader) { end = reader.End() })
	size := int64(d.o.Block)
	workers := int(max(1, min(int64(d.o.Workers), (end+size-1)/size)))
	r.Stage(StageScan, p.count)
	p.views = make([]*View, workers)
	tables := make([]W, workers)
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for i := range workers {
		g.Go(func() error {
			return safely(func() error {
				v := &View{plan: p}
				p.views[i] = v
				scratch := timeline.NewScratch()
				fresh := true
				for {
					at := next.Add(size) - size
					if at >= end && !fresh {
						return nil
					}
					visited := int64(0)
					var failed error
					err := d.gate.turn(ctx, func() {
						d.o.Timeline.Read(func(reader *timeline.Reader) {
							if failed = v.turn(reader); failed != nil {
								return
							}
							if fresh {
								tables[i], fresh = begin(v), false
							}
							w := tables[i]
							for person := range p.slice(reader, at, min(at+size, end)) {
								visit(w, v, person, reader.Sequence(scratch, person, from))
								visited++
							}
							failed = v.split.failed
						})
					})
					if err != nil {
						return err
					}
					if failed != nil {
						return failed
					}
					r.Done(visited)
				}
			})
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return tables, nil
}

// slice goes through the plan's people with ids in [from, to) who are there.
func (p *Plan) slice(r *timeline.Reader, from, to int64) func(func(int64) bool) {
	if p.people == nil {
		return r.Slice(from, to)
	}
	return func(yield func(int64) bool) {
		for at := from >> 6; at <= (to-1)>>6 && at < int64(len(p.people)); at++ {
			for w := p.people[at]; w != 0; w &= w - 1 {
				person := at<<6 | int64(bits.TrailingZeros64(w))
				if person < from || person >= to || r.PersonOf(person) != person {
					continue
				}
				if !yield(person) {
					return
				}
			}
		}
	}
}

// safely makes an error of a panic: a mistake in one question must not end the process.
func safely(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic while answering: %v\n%s", v, debug.Stack())
		}
	}()
	return fn()
}

// Upto is how many events of a sequence lie before a moment: its events [0, Upto) are those of a range that ends there.
func Upto(q *timeline.Sequence, end int64) int {
	n := len(q.Times)
	if n == 0 || q.Times[n-1] < end {
		return n
	}
	low, high := 0, n-1 // Times[high] >= end
	for low < high {
		if m := int(uint(low+high) >> 1); q.Times[m] < end {
			low = m + 1
		} else {
			high = m
		}
	}
	return low
}
