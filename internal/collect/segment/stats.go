package segment

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Stats are what the intake did since the start.
type Stats struct {
	AcceptedPerS       float64 // over the last five full seconds
	Accepted, Rejected int64
	LastAt             time.Time // of the last accepted event, zero if none
	PerMinute          []Minute  // the last 60, oldest first, the current one last
	Sources            []Source  // by id
}

// Minute is one minute's count.
type Minute struct {
	At                 time.Time
	Accepted, Rejected int64
}

// Source is one write key's count.
type Source struct {
	ID               int64
	Events, Rejected int64
	LastAt           time.Time
}

const (
	rateSeconds = 5
	minutes     = 60
)

// bucket counts one second or minute, numbered since 1970; a ring of them forgets by itself.
type bucket struct {
	number             int64
	accepted, rejected int64
}

// rates count. Its size is bounded by the number of write keys.
type rates struct {
	mu       sync.Mutex
	accepted int64
	rejected int64
	last     time.Time
	seconds  [2 * (rateSeconds + 1)]bucket
	minutes  [minutes]bucket
	sources  map[int64]*Source
}

func newRates() *rates { return &rates{sources: map[int64]*Source{}} }

func (r *rates) add(now time.Time, tally []count) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var accepted, rejected int64
	for _, t := range tally {
		accepted, rejected = accepted+t.accepted, rejected+t.rejected
		s := r.sources[t.source]
		if s == nil {
			s = &Source{ID: t.source}
			r.sources[t.source] = s
		}
		s.Events, s.Rejected = s.Events+t.accepted, s.Rejected+t.rejected
		if t.accepted > 0 && now.After(s.LastAt) {
			s.LastAt = now
		}
	}
	r.accepted, r.rejected = r.accepted+accepted, r.rejected+rejected
	if accepted > 0 && now.After(r.last) {
		r.last = now
	}
	count := func(ring []bucket, number int64) {
		b := &ring[number%int64(len(ring))]
		if b.number != number {
			*b = bucket{number: number}
		}
		b.accepted, b.rejected = b.accepted+accepted, b.rejected+rejected
	}
	count(r.seconds[:], now.Unix())
	count(r.minutes[:], now.Unix()/60)
}

func (r *rates) stats(now time.Time) Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Stats{Accepted: r.accepted, Rejected: r.rejected, LastAt: r.last, PerMinute: make([]Minute, minutes), Sources: make([]Source, 0, len(r.sources))}
	second, minute := now.Unix(), now.Unix()/60
	for _, b := range r.seconds {
		if b.number < second && b.number >= second-rateSeconds {
			s.AcceptedPerS += float64(b.accepted) / rateSeconds
		}
	}
	for i := range s.PerMinute {
		number := minute - minutes + 1 + int64(i)
		m := Minute{At: time.Unix(number*60, 0).UTC()}
		if b := r.minutes[number%minutes]; b.number == number {
			m.Accepted, m.Rejected = b.accepted, b.rejected
		}
		s.PerMinute[i] = m
	}
	for _, src := range r.sources {
		s.Sources = append(s.Sources, *src)
	}
	slices.SortFunc(s.Sources, func(a, b Source) int { return cmp.Compare(a.ID, b.ID) })
	return s
}
