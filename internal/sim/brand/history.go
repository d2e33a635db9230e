package brand

import "github.com/huoshui/huoshui/internal/pool/event"

// Events gives the whole history in order of time, until yield returns false. It keeps in memory only what has begun and not yet happened,
// so that it can be ranged over while it is being sent.
//
//	for e := range b.Events { … }
func (b *Brand) Events(yield func(event.Event) bool) {
	var due agenda
	s := b.newScene("demo-", func(e event.Event) {
		if e.Time <= b.now {
			due.push(e)
		}
	})
	for _, v := range b.visits {
		for due.before(v.start) {
			if !yield(due.pop()) {
				return
			}
		}
		p := &b.people[v.person]
		s.d.roll(b.seed, uint64(p.no)+16, uint64(v.no))
		s.play(p, v)
	}
	for len(due.heap) > 0 {
		if !yield(due.pop()) {
			return
		}
	}
}

// paceDays is how far back Pace looks: whole weeks, since weekends are different.
const paceDays = 28

// Pace is how many events a second the brand had on average in the last four weeks of its history.
func (b *Brand) Pace() float64 {
	from, n := b.now-paceDays*day, 0
	s := b.newScene("", func(e event.Event) {
		if from < e.Time && e.Time <= b.now {
			n++
		}
	})
	for _, v := range b.visits {
		if v.start > from-day { // what a visit leads to, a delivery say, may come later
			p := &b.people[v.person]
			s.d.roll(b.seed, uint64(p.no)+16, uint64(v.no))
			s.play(p, v)
		}
	}
	return float64(n) / (paceDays * 24 * 3600)
}

// agenda is a heap of events that have not happened yet, by time and, at the same time, by when they were entered.
type agenda struct {
	heap []appointment
	n    uint64
}

type appointment struct {
	time int64
	n    uint64
	e    *event.Event
}

func (a appointment) less(b appointment) bool {
	return a.time < b.time || a.time == b.time && a.n < b.n
}

// before says whether something is due before t or at t.
func (a *agenda) before(t int64) bool { return len(a.heap) > 0 && a.heap[0].time <= t }

func (a *agenda) push(e event.Event) {
	a.n++
	h := append(a.heap, appointment{e.Time, a.n, &e})
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].less(h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	a.heap = h
}

func (a *agenda) pop() event.Event {
	h := a.heap
	top := h[0].e
	last := len(h) - 1
	h[0], h[last] = h[last], appointment{}
	h = h[:last]
	for i := 0; ; {
		least := i
		for k := 2*i + 1; k <= 2*i+2 && k < len(h); k++ {
			if h[k].less(h[least]) {
				least = k
			}
		}
		if least == i {
			break
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
	a.heap = h
	return *top
}
