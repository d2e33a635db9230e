package timeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"
)

// snapshot is what belongs to a log position beside the events.
type snapshot struct {
	people   peopleSnapshot
	position uint64
}

// freeze takes what is in memory out of the way of writers. ok is false if there is nothing new, or rows without a position.
func (s *Store) freeze() (snap snapshot, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loose || s.reached == s.disk.Position && s.memory.count == 0 && len(s.frozen) == 0 {
		return snap, false
	}
	s.memory.stamp = s.erased.last
	s.frozen = append(s.frozen, s.memory)
	s.memory = newMemory(s.reached, len(s.columns))
	return s.snapshot(), true
}

// snapshot copies the people. The lock is held.
func (s *Store) snapshot() snapshot {
	return snapshot{people: peopleSnapshot{of: slices.Clone(s.people.of), erased: s.erased.clone()}, position: s.reached}
}

func (e *erasures) clone() erasures {
	return erasures{at: maps.Clone(e.at), any: bitmap{words: slices.Clone(e.any.words)}, last: e.last}
}

// Flush makes a run of everything in memory that a position covers.
func (s *Store) Flush(ctx context.Context) error {
	s.work.Lock()
	defer s.work.Unlock()
	return s.flush(ctx)
}

func (s *Store) flush(ctx context.Context) error {
	snap, ok := s.freeze()
	if !ok {
		return nil
	}
	// Frozen memory changes only here, so it needs no lock to be read.
	frozen := s.frozen
	runs := slices.Clone(s.runs)
	var made *run
	events, columns := 0, len(s.columns)
	for _, m := range frozen {
		events += m.count
		columns = min(columns, m.columns)
	}
	if events > 0 {
		parts := make([]part, len(frozen))
		for i, m := range frozen {
			parts[i] = m
		}
		var err error
		if made, err = s.assemble(ctx, parts, s.live(columns)); err != nil {
			return fmt.Errorf("write the timeline: %w", err)
		}
		runs = append(runs, made)
	} else {
		runs = stretch(runs, frozen[0].from, snap.position)
	}
	if err := s.commit(runs, &snap); err != nil {
		if made != nil {
			err = errors.Join(err, made.discard())
		}
		return fmt.Errorf("write the timeline: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs, s.frozen = runs, nil
	s.settleColumns()
	return nil
}

// stretch covers positions without events.
func stretch(runs []*run, from, to uint64) []*run {
	if n := len(runs); n > 0 && runs[n-1].to == from {
		longer := *runs[n-1]
		longer.to = to
		runs[n-1] = &longer
		return runs
	}
	return append(runs, hollow(from, to))
}

// assemble writes one run from parts.
func (s *Store) assemble(ctx context.Context, parts []part, columns []int) (*run, error) {
	a := &assembly{dir: s.o.Dir, parts: parts, columns: columns}
	s.mu.RLock()
	a.erased = s.erased.clone()
	a.keys = order(parts, s.people.person)
	s.mu.RUnlock()
	if !slices.IsSorted(a.keys) {
		slices.Sort(a.keys)
	}
	return a.write(ctx, s.nextName("run"))
}

func (s *Store) nextName(kind string) string {
	s.disk.Number++
	return fmt.Sprintf("%08d.%s", s.disk.Number, kind)
}

// commit makes a list of runs the one that counts, with the people if they are given.
func (s *Store) commit(runs []*run, snap *snapshot) error {
	next := s.disk
	next.Runs = runsOf(runs)
	s.mu.RLock()
	next.Names, next.Channels = s.names.all[1:], s.channels.all[1:]
	next.Columns = nil
	for _, c := range s.columns {
		next.Columns = append(next.Columns, c.Column)
	}
	s.mu.RUnlock()
	if snap != nil {
		next.Position = snap.position
		next.People = s.nextName("people")
		next.Number = s.disk.Number
		if err := snap.people.write(s.o.Dir, next.People); err != nil {
			return err
		}
	}
	if err := next.write(s.o.Dir); err != nil {
		return err
	}
	old := s.disk.People
	s.disk = next
	s.durable.Store(next.Position)
	if old != "" && old != next.People {
		return os.Remove(s.path(old))
	}
	return nil
}

// discard closes a run and removes its files.
func (r *run) discard() error {
	if r.file == nil {
		return nil
	}
	names := []string{r.file.path}
	for _, c := range r.columns {
		if c != nil {
			names = append(names, c.file.path)
		}
	}
	errs := []error{r.close()}
	for _, name := range names {
		errs = append(errs, os.Remove(name))
	}
	return errors.Join(errs...)
}

// purgeEvery is how often runs are written again only because people in them were erased.
const purgeEvery = time.Hour

// Run makes runs of what is in memory when there is enough or some time has passed, and merges runs, until ctx ends; then it flushes.
// What goes wrong meanwhile is logged and tried again.
func (s *Store) Run(ctx context.Context) error {
	tick := time.NewTicker(max(s.o.FlushIdle/3, time.Millisecond))
	defer tick.Stop()
	purged := s.o.Clock.Now()
	for ctx.Err() == nil {
		idle := false
		select {
		case <-ctx.Done():
			continue
		case <-s.wake:
		case <-tick.C:
			idle = true
		}
		err := s.tend(ctx, idle)
		if now := s.o.Clock.Now(); err == nil && now.Sub(purged) >= purgeEvery {
			purged = now
			err = s.Purge(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.o.Logger.ErrorContext(ctx, "the timeline could not be written and tries again", "error", err)
		}
	}
	return s.Flush(context.WithoutCancel(ctx))
}

// tend does what is due.
func (s *Store) tend(ctx context.Context, idle bool) error {
	s.work.Lock()
	defer s.work.Unlock()
	s.mu.RLock()
	due := s.memory.count >= s.o.FlushEvents || len(s.frozen) > 0 ||
		idle && s.reached > s.disk.Position && s.o.Clock.Now().Sub(s.touched) >= s.o.FlushIdle
	s.mu.RUnlock()
	if due {
		if err := s.flush(ctx); err != nil {
			return err
		}
	}
	if err := s.verify(ctx); err != nil {
		return err
	}
	if s.o.Source != nil { // what a Want that was broken off has left
		if err := s.fillColumns(ctx); err != nil {
			return err
		}
	}
	return s.mergeAll(ctx)
}
