package insight

import (
	"sync"
	"time"
)

// Stages of a run that the hall names. Kinds may have more.
const (
	StageWaiting = "waiting" // other questions are being answered first
	StageColumns = "columns" // properties that were never asked for are read from the warehouse
	StagePeople  = "people"  // the people filter
	StageScan    = "scan"    // everybody's events
)

// Run is one query being answered. Its methods are safe for concurrent use.
type Run struct {
	desk *Desk

	mu      sync.Mutex
	stage   string
	done    int64
	total   int64 // 0: not known
	began   time.Time
	people  int64
	hasPlan bool
}

// Stage begins the next part of the work; total is how much there is to do in it, 0 if nobody knows.
func (r *Run) Stage(name string, total int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stage, r.done, r.total = name, 0, total
	if r.desk != nil {
		r.began = r.desk.Now()
	}
}

// Done tells of n more that are done in this stage.
func (r *Run) Done(n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += n
}

// About says how many people the question is about. Plan says it by itself.
func (r *Run) About(people int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.people, r.hasPlan = people, true
}
