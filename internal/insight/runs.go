package insight

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/id"
)

const (
	// together is how many questions are answered at the same time: each needs memory of its own.
	together = 8
	// atMost is how many may wait or be answered. More are refused.
	atMost = 64
)

// runs are the questions that wait or are being answered.
type runs struct {
	clock  clock.Clock
	places chan struct{}

	mu   sync.Mutex
	open map[whose]*Run
}

// whose names a run: everybody chooses names of his own.
type whose struct{ author, id string }

func newRuns(c clock.Clock) *runs {
	return &runs{clock: c, places: make(chan struct{}, together), open: map[whose]*Run{}}
}

// errCancelled is why a run's context ended if somebody asked for that.
var errCancelled = errors.New("the run was cancelled")

// runKey marks the context of a run, so that a question asked for another one does not wait for a place that the other has.
type runKey struct{}

// enter begins a run in the name of the context's actor and waits for a place. name is the client's own name for it, or empty. leave ends it.
func (s *runs) enter(ctx context.Context, kind, name string) (_ context.Context, _ *Run, leave func(), _ error) {
	if name == "" {
		name = id.New(s.clock.Now())
	} else if !validName(name) {
		return nil, nil, nil, fault.New(fault.Invalid, "insight.run_id", "the id of a run has 1 to 64 letters, digits, dots, dashes or underscores")
	}
	who := whose{actor.From(ctx).Label(), name}
	run := &Run{clock: s.clock, id: name, kind: kind, author: who.author, started: s.clock.Now(), stage: StageWaiting}
	inside := ctx.Value(runKey{}) != nil
	ctx, run.cancel = context.WithCancelCause(context.WithValue(ctx, runKey{}, true))
	run.begun = run.started
	if err := s.add(who, run); err != nil {
		run.cancel(nil)
		return nil, nil, nil, err
	}
	remove := func() {
		s.mu.Lock()
		delete(s.open, who)
		s.mu.Unlock()
		run.cancel(nil)
	}
	if inside {
		return ctx, run, remove, nil
	}
	select {
	case s.places <- struct{}{}:
		return ctx, run, func() { <-s.places; remove() }, nil
	case <-ctx.Done():
		defer remove()
		return nil, nil, nil, ended(ctx, ctx.Err())
	}
}

func (s *runs) add(who whose, run *Run) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[who] != nil {
		return fault.New(fault.Conflict, "insight.run_id", "a run of that id is under way; choose another id")
	}
	if len(s.open) >= atMost {
		return fault.Wrap(httpapi.RetryAfter(2*time.Second), fault.TooMany, "insight.busy", "too many questions are waiting for their answer; try again in a moment")
	}
	s.open[who] = run
	return nil
}

// ended tells why a run ended: a run that was cancelled is no mistake of anybody's.
func ended(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errCancelled) {
		return fault.Wrap(err, fault.Conflict, "insight.cancelled", "the question was cancelled; ask again if you still want to know")
	}
	return err
}

// list are the runs that the context's actor may see, the oldest first.
func (s *runs) list(ctx context.Context) []RunView {
	who := actor.From(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []RunView{}
	for w, r := range s.open {
		if w.author == who.Label() || who.Role == actor.Owner {
			out = append(out, r.view())
		}
	}
	slices.SortFunc(out, func(a, b RunView) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.ID, b.ID)) })
	return out
}

// find is a run that the context's actor may see: his own first, then, for an owner, anybody's.
func (s *runs) find(ctx context.Context, name string) (*Run, error) {
	who := actor.From(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.open[whose{who.Label(), name}]; r != nil {
		return r, nil
	}
	if who.Role == actor.Owner {
		for w, r := range s.open {
			if w.id == name {
				return r, nil
			}
		}
	}
	return nil, fault.New(fault.NotFound, "insight.run_unknown", "there is no such run; it may have ended")
}

func validName(name string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`).MatchString(name)
}
