package importer

import (
	"sync"
	"time"
)

// Phase is what a running import is doing.
type Phase string

// The phases, in their order.
const (
	Reading  Phase = "reading"  // and sending, for people and events
	Sending  Phase = "sending"  // orders, which are complete only once the file was read
	Applying Phase = "applying" // all is in the log; the pool is still working on it
	Ended    Phase = "ended"
)

// Progress is how far a running import has come, for people to look at.
type Progress struct {
	ID        int64
	Phase     Phase
	Rows      int64 // read so far in this run
	Total     int64 // rows of the file: estimated from the bytes while reading, then exact
	Rejected  int64
	Sent      int64 // events in the log
	Bytes     int64
	BytesDone int64
	Elapsed   time.Duration
}

// Rate is rows per second in this run.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Rows) / p.Elapsed.Seconds()
}

// Left is the time until everything is read, 0 if it is or if nothing is known yet.
func (p Progress) Left() time.Duration {
	if p.Phase != Reading || p.BytesDone <= 0 || p.BytesDone >= p.Bytes {
		return 0
	}
	return time.Duration(float64(p.Elapsed) * float64(p.Bytes-p.BytesDone) / float64(p.BytesDone))
}

// Part is how much of the file was read, 0 to 1.
func (p Progress) Part() float64 {
	if p.Phase != Reading || p.Bytes == 0 {
		return 1
	}
	return min(1, float64(p.BytesDone)/float64(p.Bytes))
}

// meter is a Progress that one goroutine writes and others read.
type meter struct {
	mu sync.Mutex
	p  Progress
}

func (m *meter) update(change func(*Progress)) Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.p)
	switch {
	case m.p.Phase != Reading:
		m.p.Total = m.p.Rows
	case m.p.BytesDone > 0:
		m.p.Total = max(m.p.Rows, int64(float64(m.p.Rows)*float64(m.p.Bytes)/float64(m.p.BytesDone)))
	}
	return m.p
}
