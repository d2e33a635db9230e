package timeline

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Store is an open timeline, safe for concurrent use.
type Store struct {
	o    Options
	wake chan struct{} // there is enough in memory

	durable atomic.Uint64 // disk.Position, for those who must not wait

	// work is held by whoever writes files: one at a time. It guards the next two.
	work sync.Mutex
	disk manifest // as last written
	// nodesLost: the people on disk cannot be trusted.
	nodesLost bool

	mu       sync.RWMutex // guards what follows, and what readers see
	runs     []*run       // by log position
	frozen   []*memory    // on their way to disk, oldest first
	memory   *memory
	people   people
	erased   erasures
	names    words
	channels words
	columns  []columnState
	wanted   [][]int // by name: its columns
	reached  uint64
	loose    bool // there are rows that Reached has not covered yet
	closed   bool
	touched  time.Time // last time that Reached was called
	dropped  bool      // something was dropped at Open
}

// columnState is a column that was asked for once; the zero Column is one that was dropped.
type columnState struct {
	Column
	complete bool
}

const (
	defaultFlushEvents = 1_000_000
	defaultFlushIdle   = 15 * time.Second
	// checkFor is how long Open may look at checksums; Run looks at the rest.
	checkFor = time.Second
)

// Open maps what is there. What is torn, damaged or of another format is dropped; NeedsRebuild tells.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.FlushEvents == 0 {
		o.FlushEvents = defaultFlushEvents
	}
	if o.FlushIdle == 0 {
		o.FlushIdle = defaultFlushIdle
	}
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		return nil, fault.New(fault.Unavailable, "timeline.machine", "the timeline needs a little-endian machine (such as amd64 or arm64)")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the timeline folder: %w", err)
	}
	s := &Store{o: o, wake: make(chan struct{}, 1), touched: o.Clock.Now()}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	for _, c := range o.Columns {
		s.register(c)
	}
	s.memory = newMemory(s.reached, len(s.columns))
	s.settleColumns()
	return s, nil
}

func (s *Store) load(ctx context.Context) error {
	m, err := readManifest(s.o.Dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		m = manifest{}
	case err != nil && !errors.Is(err, errDamaged):
		return fmt.Errorf("read the timeline: %w", err)
	case err != nil || m.Format != format || m.Currency != s.o.Currency:
		s.o.Logger.WarnContext(ctx, "the timeline is of another format or currency and is built again", "format", m.Format, "currency", m.Currency)
		m, s.dropped = manifest{Number: m.Number}, true
	}
	m.Format, m.Currency = format, s.o.Currency
	s.names, s.channels = newWords(m.Names), newWords(m.Channels)
	for _, c := range m.Columns { // also those that are dropped: a column's number is its place
		s.columns = append(s.columns, columnState{Column: c})
		if code, ok := s.names.by[c.Event]; ok && c != (Column{}) {
			s.want(code, len(s.columns)-1)
		}
	}
	if m.People != "" {
		p, err := readPeople(s.o.Dir, m.People)
		if err != nil {
			s.drop(ctx, m.People, err)
			s.nodesLost, m.People = true, ""
		}
		s.people, s.erased = newPeople(p.of), p.erased
	}
	deadline := s.o.Clock.Now().Add(checkFor)
	s.reached = m.Position
	for i := range m.Runs {
		r := s.loadRun(ctx, &m.Runs[i], deadline)
		if r != nil {
			s.runs = append(s.runs, r)
			s.erased.last = max(s.erased.last, r.stamp)
		}
	}
	m.Runs = runsOf(s.runs)
	s.disk = m
	s.durable.Store(m.Position)
	return s.disk.sweep(s.o.Dir)
}

// loadRun maps a run with its columns; nil if it is damaged. A damaged column is left out, and filled again.
func (s *Store) loadRun(ctx context.Context, m *manifestRun, deadline time.Time) *run {
	if m.File == "" {
		return hollow(m.From, m.To)
	}
	r, err := openRun(s.o.Dir, m.File)
	if err == nil && r.size != m.Size {
		err = errors.Join(errDamaged, r.close())
	}
	if err == nil && s.o.Clock.Now().Before(deadline) {
		if err = r.file.check(); err != nil {
			err = errors.Join(err, r.close())
		}
	}
	if err != nil {
		s.drop(ctx, m.File, err)
		return nil
	}
	r.from, r.to = m.From, m.To // a range may have grown by positions without events
	for _, i := range slices.Sorted(maps.Keys(m.Columns)) {
		c, err := openColumn(s.o.Dir, m.Columns[i], r.events)
		if err == nil && s.o.Clock.Now().Before(deadline) {
			if err = c.file.check(); err != nil {
				err = errors.Join(err, c.file.close())
			}
		}
		if err != nil || i >= len(s.columns) || s.dead(i) {
			s.drop(ctx, m.Columns[i], err)
			continue
		}
		r.setColumn(i, c)
	}
	return r
}

func (s *Store) drop(ctx context.Context, name string, err error) {
	s.dropped = true
	s.o.Logger.WarnContext(ctx, "a file of the timeline is damaged and is built again", "file", name, "error", err)
}

// runsOf is a list of runs as the manifest has it.
func runsOf(runs []*run) []manifestRun {
	out := make([]manifestRun, 0, len(runs))
	for _, r := range runs {
		m := manifestRun{From: r.from, To: r.to, File: r.name, Size: r.size}
		for i, c := range r.columns {
			if c != nil {
				if m.Columns == nil {
					m.Columns = map[int]string{}
				}
				m.Columns[i] = c.name
			}
		}
		out = append(out, m)
	}
	return out
}

// register makes a column known; it begins to fill with the next memory.
func (s *Store) register(c Column) (fresh bool) {
	for i := range s.columns {
		if s.columns[i].Column == c {
			return false
		}
	}
	s.columns = append(s.columns, columnState{Column: c})
	if code, ok := s.names.by[c.Event]; ok {
		s.want(code, len(s.columns)-1)
	}
	return true
}

// dead says that a column was dropped.
func (s *Store) dead(i int) bool { return s.columns[i].Column == Column{} }

// live are the columns up to a number that were not dropped.
func (s *Store) live(upTo int) (all []int) {
	for i := range upTo {
		if !s.dead(i) {
			all = append(all, i)
		}
	}
	return all
}

func (s *Store) want(name uint16, column int) {
	for int(name) >= len(s.wanted) {
		s.wanted = append(s.wanted, nil)
	}
	s.wanted[name] = append(s.wanted[name], column)
}

// nameCode numbers an event name.
func (s *Store) nameCode(name string) uint16 {
	code, fresh := s.names.code(name)
	if fresh {
		for i := range s.columns {
			if s.columns[i].Event == name {
				s.want(code, i)
			}
		}
	}
	return code
}

// settleColumns notes which columns are complete.
func (s *Store) settleColumns() {
	for i := range s.columns {
		s.columns[i].complete = s.memory.columns > i && !s.dead(i) &&
			!slices.ContainsFunc(s.runs, func(r *run) bool { return r.events > 0 && r.column(i) == nil }) &&
			!slices.ContainsFunc(s.frozen, func(m *memory) bool { return m.count > 0 && m.columns <= i })
	}
}

// gap is a range of log positions (from, to] that the store lacks.
type gap struct{ from, to uint64 }

// gaps are what is missing up to a position.
func (s *Store) gaps(upTo uint64) (missing []gap) {
	at := uint64(0)
	for _, r := range s.runs {
		if r.from > at {
			missing = append(missing, gap{at, r.from})
		}
		at = r.to
	}
	if upTo > at {
		missing = append(missing, gap{at, upTo})
	}
	return missing
}

// NeedsRebuild says that something was dropped, which CatchUp reads again.
func (s *Store) NeedsRebuild() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.dropped
}

// Durable is the log position up to which everything is on disk.
func (s *Store) Durable() uint64 { return s.durable.Load() }

// Reached is the log position up to which everything is here, on disk or in memory.
func (s *Store) Reached() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.reached
}

// Size is the number of events and the bytes on disk.
func (s *Store) Size() (events, bytes int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.runs {
		events += int64(r.events)
		bytes += r.size
		for _, c := range r.columns {
			if c != nil {
				bytes += c.size
			}
		}
	}
	for _, m := range s.frozen {
		events += int64(m.count)
	}
	return events + int64(s.memory.count), bytes
}

// Close lets the files go. Flush before, or the newest events come from the source at the next start.
func (s *Store) Close() error {
	s.work.Lock()
	defer s.work.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if !s.closed {
		for _, r := range s.runs {
			errs = append(errs, r.close())
		}
	}
	s.closed, s.runs, s.frozen, s.memory = true, nil, nil, newMemory(s.reached, len(s.columns))
	return errors.Join(errs...)
}

func (s *Store) path(name string) string { return filepath.Join(s.o.Dir, name) }
