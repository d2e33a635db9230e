package insight

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
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
	clock   clock.Clock
	id      string
	kind    string
	author  string
	started time.Time
	cancel  context.CancelCauseFunc
	only    bool // only look whether the query can be answered: see Desk.Check

	mu     sync.Mutex
	stage  string
	begun  time.Time // the stage
	done   int64
	total  int64 // 0: not known
	people int64
}

// errChecked ends a run that was only to look at the query.
var errChecked = errors.New("the query can be answered")

// Stage begins the next part of the work; total is how much there is to do in it, 0 if nobody knows.
func (r *Run) Stage(name string, total int64) {
	if r.only {
		r.cancel(errChecked)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stage, r.begun, r.done, r.total = name, r.clock.Now(), 0, total
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
	r.people = people
}

func (r *Run) about() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.people
}

// RunView is a run as the API shows it.
type RunView struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind"`
	Author      string    `json:"author"`
	Stage       string    `json:"stage" doc:"waiting, columns, people, scan, or a word of the kind"`
	Done        int64     `json:"done"`
	Total       int64     `json:"total" doc:"0 if it is not known how much there is to do"`
	StartedAt   time.Time `json:"started_at"`
	SecondsLeft *float64  `json:"seconds_left" doc:"Of this stage, going by how fast it went so far; null if it cannot be said"`
}

func (r *Run) view() RunView {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := RunView{ID: r.id, Kind: r.kind, Author: r.author, Stage: r.stage, Done: r.done, Total: r.total, StartedAt: r.started}
	if r.done > 0 && r.total >= r.done {
		left := r.clock.Now().Sub(r.begun).Seconds() * float64(r.total-r.done) / float64(r.done)
		v.SecondsLeft = &left
	}
	return v
}
