package health

import (
	"time"
)

// Facts are what the parts and metrics of one day are made of. Those that cannot be known are nil.
type Facts struct {
	People    int64  `json:"people"` // in the pool at the end of the day
	Active    int64  `json:"active"` // of these, in the active stock
	New       int64  `json:"new"`
	Returned  int64  `json:"returned"`
	Silenced  int64  `json:"silenced"` // gone silent
	Cleaned   int64  `json:"cleaned"`
	Seen      int64  `json:"seen"` // with an activity on the day
	Events    int64  `json:"events"`
	Orders    int64  `json:"orders"`
	Buyers    int64  `json:"buyers"`
	Revenue   int64  `json:"revenue"`  // minor units
	Refused   *int64 `json:"refused"`  // events
	Month     int64  `json:"month"`    // with an activity in the last 30 days
	Bought    int64  `json:"bought"`   // with an order in them
	Shared    int64  `json:"shared"`   // with a spread event in them
	Inflow    int64  `json:"inflow"`   // of the last 30 days
	Outflow   int64  `json:"outflow"`  // of the last 30 days
	SeenDays  int64  `json:"seen7"`    // people a day, summed up over the last 7 days
	Cohort    int64  `json:"cohort"`   // new 8 to 37 days ago
	Kept      int64  `json:"kept"`     // of these, back within a week
	Events7   int64  `json:"events7"`  // of the last 7 days
	Refused7  *int64 `json:"refused7"` // of the last 7 days
	Sharing   bool   `json:"sharing"`  // spread events have been seen up to the day
	Beginning bool   `json:"-"`        // the pool has had people up to the day
}

// sums are running sums of an array: sums[i] is what lies before i.
type sums []int64

func sum(a []int64) sums {
	s := make(sums, len(a)+1)
	for i, n := range a {
		s[i+1] = s[i] + n
	}
	return s
}

// last is the sum of the n days up to day d.
func (s sums) last(d, n int) int64 { return s[d+1] - s[max(d+1-n, 0)] }

// between is the sum of the days from a to b, both included.
func (s sums) between(a, b int) int64 { return s[b+1] - s[max(a, 0)] }

// facts are those of every day of the range. refused is by day of the frame; nil where nobody knows.
func (b *book) facts(refused []*int64) []Facts {
	f := b.f
	fresh, back, fell, cleaned := sum(b.fresh), sum(b.back), sum(b.fell), sum(b.cleaned)
	seen, events, came, kept := sum(b.seen), sum(b.events), sum(b.came), sum(b.kept)
	active, inMonth, bought, shared := sum(b.active), sum(b.inMonth), sum(b.buyersMonth), sum(b.sharersMonth)
	out := make([]Facts, 0, f.end-f.base)
	sharing := false
	for d := range f.base {
		sharing = sharing || shared[d+1] > 0
	}
	for d := f.base; d < f.end; d++ {
		sharing = sharing || shared[d+1] > 0
		x := Facts{
			People: b.before + fresh[d+1] - cleaned[d+1], Active: active[d+1],
			New: b.fresh[d], Returned: b.back[d], Silenced: b.fell[d], Cleaned: b.cleaned[d],
			Seen: b.seen[d], Events: b.events[d], Orders: b.orders[d], Buyers: b.buyers[d], Revenue: b.revenue[d], Refused: refused[d],
			Month: inMonth[d+1], Bought: bought[d+1], Shared: shared[d+1],
			Inflow: fresh.last(d, month) + back.last(d, month), Outflow: fell.last(d, month) + cleaned.last(d, month),
			SeenDays: seen.last(d, week), Events7: events.last(d, week),
			Cohort: came.between(d-cohortOld, d-cohortNew), Kept: kept.between(d-cohortOld, d-cohortNew),
			Sharing: sharing, Beginning: b.before+fresh[d+1] > 0,
		}
		x.Refused7 = total(refused[d+1-week : d+1])
		out = append(out, x)
	}
	return out
}

// total is the sum, nil if one of them is not known.
func total(of []*int64) *int64 {
	var n int64
	for _, x := range of {
		if x == nil {
			return nil
		}
		n += *x
	}
	return &n
}

// dates are the calendar days of the range.
func (f *frame) dates() []time.Time { return f.days.Days[f.base:f.end] }
