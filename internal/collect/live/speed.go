package live

import (
	"sync"
	"time"
)

// speed turns a growing count into a rate over the last seconds, from the moments at which it was asked.
type speed struct {
	mu    sync.Mutex
	marks []mark // oldest first
}

type mark struct {
	at    time.Time
	count int64
}

// window is how far back the rate looks; what nobody asked about for twice as long says nothing about now.
const window = 5 * time.Second

func (s *speed) at(now time.Time, count int64) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks = append(s.marks, mark{now, count})
	for len(s.marks) > 2 && now.Sub(s.marks[1].at) >= window {
		s.marks = s.marks[1:]
	}
	for len(s.marks) > 1 && now.Sub(s.marks[0].at) > 2*window {
		s.marks = s.marks[1:]
	}
	first := s.marks[0]
	if d := now.Sub(first.at); d > 0 {
		return float64(count-first.count) / d.Seconds()
	}
	return 0
}
