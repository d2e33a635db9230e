package timeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// errDisagree is returned when a run and the source do not have the same events.
var errDisagree = errors.New("the timeline and its source disagree")

// Want makes columns exist: new events fill them from now on, older ones are filled from the source while Update goes on. It returns
// when they are complete.
func (s *Store) Want(ctx context.Context, cols []Column) error {
	s.work.Lock()
	defer s.work.Unlock()
	fresh := false
	s.mu.Lock()
	for _, c := range cols {
		fresh = s.register(c) || fresh
	}
	if fresh && s.memory.count == 0 {
		s.memory.columns = len(s.columns)
	}
	loose := s.loose
	s.mu.Unlock()
	if fresh && loose {
		return fault.New(fault.Conflict, "timeline.loose", "columns cannot be made while events wait for their log position")
	}
	if s.memoryLacks() {
		// What is in memory came without the new columns. It goes to disk, and gets them there.
		if err := s.flush(ctx); err != nil {
			return err
		}
	}
	if err := s.fillColumns(ctx); err != nil {
		return err
	}
	if fresh {
		if err := s.commit(s.runs, nil); err != nil {
			return fmt.Errorf("write the timeline: %w", err)
		}
	}
	return nil
}

// Keep drops all columns but these: nobody asks for the others any more. Their numbers are not given again.
func (s *Store) Keep(_ context.Context, cols []Column) error {
	s.work.Lock()
	defer s.work.Unlock()
	var gone []*column
	dropped := false
	s.mu.Lock()
	for _, i := range s.live(len(s.columns)) {
		if slices.Contains(cols, s.columns[i].Column) {
			continue
		}
		s.columns[i], dropped = columnState{}, true
		for name := range s.wanted {
			s.wanted[name] = slices.DeleteFunc(s.wanted[name], func(c int) bool { return c == i })
		}
		for _, r := range s.runs {
			if c := r.column(i); c != nil {
				gone = append(gone, c)
				r.columns[i] = nil
			}
		}
	}
	s.mu.Unlock()
	if !dropped {
		return nil
	}
	if err := s.commit(s.runs, nil); err != nil {
		return fmt.Errorf("drop columns of the timeline: %w", err)
	}
	var errs []error
	for _, c := range gone {
		errs = append(errs, c.file.close(), os.Remove(c.file.path))
	}
	return errors.Join(errs...)
}

func (s *Store) memoryLacks() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.memory.columns < len(s.columns) || len(s.frozen) > 0
}

// fillColumns fills what columns lack in the runs. The caller holds work.
func (s *Store) fillColumns(ctx context.Context) error {
	for i := 0; i < len(s.runs); i++ {
		r := s.runs[i]
		lacking := map[string][]int{} // by event name
		for _, c := range s.live(len(s.columns)) {
			if r.events > 0 && r.column(c) == nil {
				lacking[s.columns[c].Event] = append(lacking[s.columns[c].Event], c)
			}
		}
		for name, columns := range lacking {
			err := s.fill(ctx, r, name, columns)
			if errors.Is(err, errDisagree) {
				s.o.Logger.WarnContext(ctx, "the timeline and the warehouse disagree", "event", name, "error", err)
				if err := s.rebuild(ctx, r); err != nil {
					return err
				}
				i-- // what came in its place has the columns
				break
			}
			if err != nil {
				return fmt.Errorf("fill columns of %s: %w", name, err)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settleColumns()
	return nil
}

// refill fills a damaged column of a run again.
func (s *Store) refill(ctx context.Context, r *run, number int) error {
	old := r.columns[number]
	s.mu.Lock()
	r.columns[number] = nil
	s.settleColumns()
	s.mu.Unlock()
	name := s.columns[number].Event
	return errors.Join(s.fill(ctx, r, name, []int{number}), old.file.close())
}

// filling is columns of one event name of one run, on their way from the source.
type filling struct {
	r      *run
	name   uint16
	at     bitmap // the run's events of that name
	count  uint32
	seen   bitmap // of those, the ones that the source has told of
	told   uint32
	values [][]uint64 // by column, in the order of the run's events
	texts  []texts
}

func (s *Store) newFilling(r *run, name uint16, columns int) *filling {
	f := &filling{r: r, name: name, at: newBitmap(int(r.events))}
	for i, n := range r.names {
		if n == name {
			f.at.set(uint32(i))
		}
	}
	f.count = f.at.count()
	f.seen = newBitmap(int(f.count))
	f.texts = make([]texts, columns)
	for range columns {
		values := make([]uint64, f.count)
		for i := range values {
			values[i] = box(event.Missing, 0)
		}
		f.values = append(f.values, values)
	}
	return f
}

// place finds the event that the source tells of: of those with this node, time and name the first that was not told of yet, because
// both have equal ones in the order in which they came.
func (f *filling) place(node uint32, time int64) (at uint32, ok bool) {
	start, n := f.r.find(node)
	times := f.r.times[start : start+n]
	i, _ := slices.BinarySearch(times, time)
	for ; i < len(times) && times[i] == time; i++ {
		if slot := start + uint32(i); f.r.names[slot] == f.name {
			if k := f.at.rank(slot); !f.seen.has(k) {
				f.seen.set(k)
				f.told++
				return k, true
			}
		}
	}
	return 0, false
}

// fill fills columns of one event name in one run.
func (s *Store) fill(ctx context.Context, r *run, event string, columns []int) error {
	if s.o.Source == nil {
		return fault.New(fault.Unavailable, "timeline.no_source", "the timeline lacks events and has no source to read them from")
	}
	s.mu.RLock()
	name := s.names.by[event]
	s.mu.RUnlock()
	f := &filling{r: r}
	f.texts, f.values = make([]texts, len(columns)), make([][]uint64, len(columns))
	if name != 0 {
		f = s.newFilling(r, name, len(columns))
	}
	if f.count > 0 {
		if err := s.gather(ctx, f, Query{From: r.from, To: r.to, Name: event, Properties: true}, columns); err != nil {
			return err
		}
	}
	for i, c := range columns {
		made, err := f.write(s.o.Dir, s.nextName("column"), i)
		if err != nil {
			return err
		}
		s.mu.Lock()
		r.setColumn(c, made)
		s.mu.Unlock()
	}
	return s.commit(s.runs, nil)
}

// gather reads the values from the source.
func (s *Store) gather(ctx context.Context, f *filling, q Query, columns []int) error {
	err := s.o.Source.Rows(ctx, q, func(b *Batch) error {
		for i, id := range b.Node {
			node := uint32(id)
			k, ok := f.place(node, b.Time[i])
			if !ok {
				if s.counts(node, f.r) {
					return fmt.Errorf("an event of node %d at %d is not in the timeline: %w", node, b.Time[i], errDisagree)
				}
				continue
			}
			for c, number := range columns {
				f.values[c][k] = pack(event.Property(b.Properties[i], s.columns[number].Property), &f.texts[c])
			}
		}
		return nil
	})
	if err != nil || f.told == f.count {
		return err
	}
	// Some were not told of: right only if they are erased.
	for _, key := range order([]part{f.r}, func(uint32) uint32 { return 0 }) {
		node := uint32(key)
		start, n := f.r.find(node)
		for slot := start; slot < start+n; slot++ {
			if f.r.names[slot] == f.name && !f.seen.has(f.at.rank(slot)) && s.counts(node, f.r) {
				return fmt.Errorf("an event of node %d at %d is not in the source: %w", node, f.r.times[slot], errDisagree)
			}
		}
	}
	return nil
}

// counts says whether what a run has of a node is somebody's.
func (s *Store) counts(node uint32, r *run) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.people.person(node) != 0 && !s.erased.hides(node, r.stamp)
}

// write writes one column as a file of its own.
func (f *filling) write(dir, name string, i int) (*column, error) {
	values, t := f.values[i], &f.texts[i]
	pl := sparsePlan{}
	for _, packed := range values {
		if packed != box(event.Missing, 0) {
			pl.kinds.add(packed)
			pl.count++
		}
	}
	used := newBitmap(t.len())
	for code := range t.len() {
		used.set(uint32(code))
	}
	pl.texts = mergeTexts([]textList{listOf(textsOnly{t}, used)})
	pl.kind = pl.kinds.kind()
	w, err := createFile(filepath.Join(dir, name), kindColumn)
	if err != nil {
		return nil, err
	}
	pl.file = w
	pl.begin(f.r.events)
	if pl.w != nil {
		k := 0
		for at, word := range f.at.words {
			present := uint64(0)
			for bit := range 64 {
				if word>>bit&1 == 0 {
					continue
				}
				if values[k] != box(event.Missing, 0) {
					present |= 1 << bit
					pl.w.value(values[k], pl.texts.code(0))
				}
				k++
			}
			pl.w.present.add(present, min(64, f.r.events-uint32(at)*64))
		}
		pl.w.present.finish()
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	c, err := openColumn(dir, name, f.r.events)
	if err == nil {
		c.file.checked = true
	}
	return c, err
}

// textsOnly is texts as the source of a dictionary.
type textsOnly struct{ *texts }

func (t textsOnly) text(code uint32) string { return t.at(code) }
