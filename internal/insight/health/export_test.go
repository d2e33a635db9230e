package health

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// Names of events as the oracle's people do them.
const (
	DidAct uint16 = iota + 1
	DidSignal
	DidOrder
	DidShare
	DidClean
)

// Did is somebody's events.
type Did struct {
	Times   []int64
	Names   []uint16
	Amounts []int64
}

// Count gives the facts of every day, counted by two workers.
func Count(r calendar.Range, silent int, people []Did, refused []*int64) ([]time.Time, []Facts) {
	f := newFrame(r, silent)
	all := make([]*int64, f.end)
	copy(all[f.base:], refused)
	b, half := f.book(), f.book()
	for i, p := range people {
		if i%2 == 0 {
			b.did(p)
		} else {
			half.did(p)
		}
	}
	b.add(half)
	return f.dates(), b.facts(all)
}

// Behind gives who is behind a part on a day, and behind a metric.
func Behind(day time.Time, zone *time.Location, silent int, people []Did) (part func(p Part, yes bool) []int, metric func(m Metric) []int) {
	walk := func(is func(b *book) bool) (ids []int) {
		f := newFrame(calendar.Range{From: day, To: day, Zone: zone}, silent)
		for i, p := range people {
			b := f.book()
			if b.did(p); is(b) {
				ids = append(ids, i)
			}
		}
		return ids
	}
	return func(p Part, yes bool) []int { return walk(func(b *book) bool { return b.stands(p, yes) }) },
		func(m Metric) []int { return walk(func(b *book) bool { return b.behind(m) }) }
}

func (f *frame) book() *book {
	b := &book{f: f, meanings: []meaning{activity, activity, quiet, ordering, sharing, cleaning}}
	b.allocate()
	return b
}

func (b *book) did(p Did) {
	b.walk(p.Times, p.Names, func(i int) (int64, bool) { return p.Amounts[i], true })
}

// Judge makes a score.
func (d Definition) Judge(x Facts) (*float64, map[Part]float64) {
	score, parts := d.judge(x)
	points := map[Part]float64{}
	for p, j := range parts {
		if j.points != nil {
			points[p] = *j.points
		}
	}
	return score, points
}

// Look judges a metric.
func Look(m Metric, dates []time.Time, facts []Facts, from, today time.Time, s Sensitivity) Series {
	return look(m, dates, facts, from, today, s.Limit())
}
