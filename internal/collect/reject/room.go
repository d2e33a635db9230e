package reject

import (
	"sync"
	"time"
)

// room watches over the limits: how fast each source may fill the table, and how full it is. Its size is bounded by the number of
// sources, which are write keys.
type room struct {
	mu      sync.Mutex
	limits  Limits
	stored  map[int64]int // rows by source
	bytes   int64
	buckets map[int64]*tokens
	warned  time.Time
}

// tokens is a source's bucket: it fills by the second up to the burst.
type tokens struct {
	left float64
	at   time.Time
}

func newRoom(l Limits) *room {
	return &room{limits: l, stored: map[int64]int{}, buckets: map[int64]*tokens{}}
}

// set replaces the counts by what was just counted.
func (r *room) set(stored map[int64]int, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stored, r.bytes = stored, bytes
}

// admit says whether one more event of a source may be stored, and counts it.
func (r *room) admit(source int64, size int, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stored[source] >= r.limits.Rows || r.bytes+int64(size) > r.limits.Bytes {
		return false
	}
	b := r.buckets[source]
	if b == nil {
		b = &tokens{left: float64(r.limits.Burst), at: now}
		r.buckets[source] = b
	}
	if d := now.Sub(b.at); d > 0 {
		b.left = min(float64(r.limits.Burst), b.left+d.Seconds()*float64(r.limits.PerSecond))
		b.at = now
	}
	if b.left < 1 {
		return false
	}
	b.left--
	r.stored[source]++
	r.bytes += int64(size)
	return true
}

// mayWarn is true once a minute.
func (r *room) mayWarn(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.warned) < time.Minute {
		return false
	}
	r.warned = now
	return true
}
