package timeline

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// sliceEvents is how many events are sorted in memory at a time.
const sliceEvents = 1_000_000

// CatchUp reads from the source what the store lacks up to a position: lost or new events, people, columns. A store that is ahead (the
// rest was put back from an older copy) steps back first. Afterwards Reached is that position. Call it once after Open, before the
// first Update.
func (s *Store) CatchUp(ctx context.Context, upTo uint64, progress func(done, total int64)) error {
	s.work.Lock()
	defer s.work.Unlock()
	if err := s.stepBack(upTo); err != nil {
		return fmt.Errorf("step the timeline back: %w", err)
	}
	if s.o.Source == nil {
		if s.reached == upTo && len(s.gaps(upTo)) == 0 && !s.nodesLost {
			return nil
		}
		return fault.New(fault.Unavailable, "timeline.no_source", "the timeline lacks events and has no source to read them from")
	}
	behind := s.reached != upTo || s.nodesLost
	if behind {
		if err := s.readNodes(ctx); err != nil {
			return err
		}
	}
	if err := s.fillGaps(ctx, upTo, progress); err != nil {
		return err
	}
	s.mu.Lock()
	s.reached, s.memory = upTo, newMemory(upTo, len(s.columns))
	snap := s.snapshot()
	s.settleColumns()
	s.mu.Unlock()
	if behind || s.dropped {
		if err := s.commit(s.runs, &snap); err != nil {
			return fmt.Errorf("write the timeline: %w", err)
		}
	}
	if err := s.fillColumns(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	s.dropped, s.nodesLost = false, false
	s.mu.Unlock()
	return nil
}

// stepBack drops what is beyond a position.
func (s *Store) stepBack(upTo uint64) error {
	var kept, gone []*run
	for _, r := range s.runs {
		if r.to > upTo {
			gone = append(gone, r)
		} else {
			kept = append(kept, r)
		}
	}
	if s.reached <= upTo && len(gone) == 0 {
		return nil
	}
	s.disk.Position = min(s.disk.Position, upTo)
	s.nodesLost = true
	if err := s.commit(kept, nil); err != nil {
		return err
	}
	s.mu.Lock()
	s.runs, s.frozen, s.memory = kept, nil, newMemory(s.disk.Position, len(s.columns))
	s.reached, s.loose = s.disk.Position, false
	s.mu.Unlock()
	var errs []error
	for _, r := range gone {
		errs = append(errs, r.discard())
	}
	return errors.Join(errs...)
}

// readNodes makes the people those of the source. A node that is no longer known there was erased.
func (s *Store) readNodes(ctx context.Context) error {
	of := make([]uint32, 0, len(s.people.of))
	err := s.o.Source.Nodes(ctx, func(node, person int64) error {
		if node <= 0 || person <= 0 || node >= 1<<32 || person >= 1<<32 {
			return fmt.Errorf("node %d of person %d: ids go from 1 to 4,294,967,295", node, person)
		}
		if n := int(node) + 1 - len(of); n > 0 {
			of = append(of, make([]uint32, n)...)
		}
		of[node] = uint32(person)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the people for the timeline: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	first := true
	for node, who := range s.people.of {
		if who != 0 && (node >= len(of) || of[node] == 0) {
			if first {
				s.erased.last++
				first = false
			}
			s.erased.erase(uint32(node))
		}
	}
	s.people = newPeople(of)
	return nil
}

// fillGaps builds runs for the ranges that are missing.
func (s *Store) fillGaps(ctx context.Context, upTo uint64, progress func(done, total int64)) error {
	missing := s.gaps(upTo)
	if len(missing) == 0 {
		return nil
	}
	var done, total int64
	for _, g := range missing {
		n, err := s.o.Source.Count(ctx, g.from, g.to)
		if err != nil {
			return fmt.Errorf("count the events that the timeline lacks: %w", err)
		}
		total += n
	}
	report := func(n int64) {
		if done += n; progress != nil {
			progress(done, max(done, total))
		}
	}
	report(0)
	for _, g := range missing {
		made, err := s.build(ctx, g, s.insert, report)
		if err != nil {
			return fmt.Errorf("build the timeline: %w", err)
		}
		if len(made) > 1 {
			if err := s.merge(ctx, made); err != nil && !errors.Is(err, errTooLarge) {
				return err
			}
		}
	}
	return s.mergeAll(ctx)
}

// insert puts a run into its place; it counts from now on.
func (s *Store) insert(made *run) error {
	var runs []*run
	for _, r := range s.runs {
		if r.from < made.from {
			runs = append(runs, r)
		}
	}
	runs = append(append(runs, made), s.runs[len(runs):]...)
	if err := s.commit(runs, nil); err != nil {
		return errors.Join(err, made.discard())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = runs
	return nil
}

// build reads a range from the source and makes runs of it, slice by slice: while one is sorted and written, the next one is read. keep is
// called for each run.
func (s *Store) build(ctx context.Context, g gap, keep func(*run) error, report func(events int64)) (made []*run, err error) {
	cuts, err := s.o.Source.Cut(ctx, g.from, g.to, sliceEvents)
	if err != nil {
		return nil, err
	}
	filled := make(chan *slice)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(filled)
		from := g.from
		for _, to := range cuts {
			fresh := newSlice(newMemory(from, len(s.columns)), sliceEvents)
			if err := s.read(ctx, fresh, to); err != nil {
				return err
			}
			from = to
			select {
			case filled <- fresh:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		for ready := range filled {
			m := ready.sort()
			r := hollow(m.from, m.to)
			if m.count > 0 {
				var err error
				if r, err = s.assemble(ctx, []part{m}, s.live(m.columns)); err != nil {
					return err
				}
			}
			if err := keep(r); err != nil {
				return err
			}
			made = append(made, r)
			report(int64(m.count))
		}
		return nil
	})
	return made, group.Wait()
}

// read takes the source's events up to a position. Events of nodes that nobody has are those of erased people.
func (s *Store) read(ctx context.Context, into *slice, to uint64) error {
	m := into.m
	s.mu.RLock()
	m.stamp = s.erased.last
	t := translation{store: s, columns: s.columns[:m.columns:m.columns]}
	s.mu.RUnlock()
	q := Query{From: m.from, To: to, Properties: m.columns > 0}
	err := s.o.Source.Rows(ctx, q, func(b *Batch) error {
		t.learn(b)
		s.mu.RLock()
		defer s.mu.RUnlock()
		for i, node := range b.Node {
			if s.people.person(uint32(node)) == 0 {
				continue
			}
			name := t.names[b.Name[i]]
			into.add(uint32(node), b.Time[i], name, t.channels[b.Channel[i]])
			of := &into.extras[len(into.extras)-1]
			if b.HasAmount[i] {
				m.set(of, amountsCol, uint64(b.Amount[i]))
			}
			if int(name) < len(s.wanted) && b.Properties != nil {
				m.take(of, t.columns, s.wanted[name], b.Properties[i])
			}
		}
		return nil
	})
	m.to = to
	return err
}

// translation turns the numbers of a source's words into the store's.
type translation struct {
	store           *Store
	columns         []columnState
	names, channels []uint16
	seen            []bool // by 2*word: as a name, by 2*word+1: as a channel
}

func (t *translation) learn(b *Batch) {
	fresh := false
	for len(t.names) < len(b.Words) {
		t.names, t.channels, t.seen = append(t.names, 0), append(t.channels, 0), append(t.seen, false, false)
		fresh = true
	}
	for i := range b.Name {
		fresh = fresh || !t.seen[2*b.Name[i]] || !t.seen[2*b.Channel[i]+1]
	}
	if !fresh {
		return
	}
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	for i := range b.Name {
		if w := b.Name[i]; !t.seen[2*w] {
			t.names[w], t.seen[2*w] = t.store.nameCode(b.Words[w]), true
		}
		if w := b.Channel[i]; !t.seen[2*w+1] {
			t.channels[w], _ = t.store.channels.code(b.Words[w])
			t.seen[2*w+1] = true
		}
	}
}

// rebuild reads the range of a damaged run from the source again and puts the result in its place.
func (s *Store) rebuild(ctx context.Context, r *run) error {
	if s.o.Source == nil {
		return fault.New(fault.Unavailable, "timeline.no_source", "the timeline lacks events and has no source to read them from")
	}
	s.o.Logger.WarnContext(ctx, "a part of the timeline is damaged and is built again", "file", r.name, "events", r.events)
	made, err := s.build(ctx, gap{r.from, r.to}, func(*run) error { return nil }, func(int64) {})
	if err != nil {
		for _, r := range made {
			err = errors.Join(err, r.discard())
		}
		return err
	}
	return s.replace([]*run{r}, made...)
}
