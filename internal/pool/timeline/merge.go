package timeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

const (
	// width is how many runs of about one size become one.
	width = 4
	// smallRun is what counts as nothing when sizes are compared.
	smallRun = 50_000
)

// pick finds the newest runs that are worth merging: at least width of them, none larger than all that follow it. So an event is written
// again only when what it lies in at least doubles.
func pick(runs []*run) []*run {
	sum := uint64(smallRun)
	for i, r := range slices.Backward(runs) {
		if uint64(r.events) > sum || i+1 < len(runs) && r.to != runs[i+1].from {
			return enough(runs[i+1:])
		}
		if sum += uint64(r.events); sum >= 1<<32 {
			return enough(runs[i+1:])
		}
	}
	return enough(runs)
}

func enough(runs []*run) []*run {
	if len(runs) < width {
		return nil
	}
	return runs
}

// mergeAll merges as long as there is something to merge. The caller holds work.
func (s *Store) mergeAll(ctx context.Context) error {
	for {
		old := pick(s.runs)
		if old == nil {
			return nil
		}
		if err := s.merge(ctx, old); err != nil {
			return err
		}
	}
}

// merge makes one run of adjoining ones; also of a single one, which drops what was erased from it.
func (s *Store) merge(ctx context.Context, old []*run) error {
	parts := make([]part, len(old))
	events := uint32(0)
	for i, r := range old {
		if err := s.checkRun(ctx, r); err != nil {
			return err
		}
		parts[i] = r
		events += r.events
	}
	var columns []int
	for _, c := range s.live(len(s.columns)) {
		has := true
		for _, r := range old {
			has = has && (r.events == 0 || r.column(c) != nil)
		}
		if has {
			columns = append(columns, c)
		}
	}
	if events == 0 {
		return s.replace(old, hollow(old[0].from, old[len(old)-1].to))
	}
	made, err := s.assemble(ctx, parts, columns)
	if err != nil {
		return fmt.Errorf("merge the timeline: %w", err)
	}
	if err := s.replace(old, made); err != nil {
		return fmt.Errorf("merge the timeline: %w", err)
	}
	return nil
}

// Purge writes the runs again that still hold events of erased people.
func (s *Store) Purge(ctx context.Context) error {
	s.work.Lock()
	defer s.work.Unlock()
	for again := true; again; {
		again = false
		for _, r := range s.runs {
			if s.holdsErased(r) {
				if err := s.merge(ctx, []*run{r}); err != nil {
					return err
				}
				again = true
				break // the list is another one now
			}
		}
	}
	return nil
}

func (s *Store) holdsErased(r *run) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for node := range s.erased.at {
		if _, n := r.find(node); n > 0 && s.erased.hides(node, r.stamp) {
			return true
		}
	}
	return false
}

// checkRun looks at the checksums of a run if nobody has yet. A damaged one is built again, and an error says so.
func (s *Store) checkRun(ctx context.Context, r *run) error {
	if r.file == nil {
		return nil
	}
	if !r.file.checked {
		if err := r.file.check(); err != nil {
			return errors.Join(err, s.rebuild(ctx, r))
		}
	}
	for i, c := range r.columns {
		if c == nil || c.file.checked {
			continue
		}
		if err := c.file.check(); err != nil {
			return errors.Join(err, s.refill(ctx, r, i))
		}
	}
	return nil
}

// verify looks at the checksums that Open had no time for. The caller holds work.
func (s *Store) verify(ctx context.Context) error {
	for _, r := range s.runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.checkRun(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// replace puts runs that nobody knows yet in the place of some adjoining ones, on disk and for readers, and removes the old ones. No
// reader holds them then: whoever reads has the lock.
func (s *Store) replace(old []*run, made ...*run) error {
	at := slices.Index(s.runs, old[0])
	runs := slices.Replace(slices.Clone(s.runs), at, at+len(old), made...)
	if err := s.commit(runs, nil); err != nil {
		for _, r := range made {
			err = errors.Join(err, r.discard())
		}
		return err
	}
	s.mu.Lock()
	s.runs = runs
	s.settleColumns()
	s.mu.Unlock()
	var errs []error
	for _, r := range old {
		errs = append(errs, r.discard())
	}
	return errors.Join(errs...)
}
