package timeline

import (
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Writer changes a store inside Update.
type Writer struct{ s *Store }

// Update changes the store. Readers wait meanwhile, so hold it for a batch and no longer.
func (s *Store) Update(fn func(w *Writer)) {
	full := false
	func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		defer s.memory.settle()
		fn(&Writer{s})
		full = s.memory.count >= s.o.FlushEvents && !s.loose
	}()
	if full {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// Append adds events. Events of a node that was never joined belong to nobody until it is.
func (w *Writer) Append(rows []Row) {
	s := w.s
	for i := range rows {
		r := &rows[i]
		name := s.nameCode(r.Name)
		channel, _ := s.channels.code(r.Channel)
		of := &s.memory.extras[s.memory.add(uint32(r.Node), r.Time, name, channel)]
		if r.HasAmount {
			s.memory.set(of, amountsCol, uint64(r.Amount))
		}
		if int(name) < len(s.wanted) {
			s.memory.take(of, s.columns, s.wanted[name], r.Properties)
		}
	}
	s.loose = s.loose || len(rows) > 0
}

// take keeps the wanted properties of an event.
func (m *memory) take(of *uint32, columns []columnState, wanted []int, properties []byte) {
	for _, c := range wanted {
		if c >= m.columns {
			continue
		}
		if v := event.Property(properties, columns[c].Property); v.Kind != event.Missing {
			m.set(of, int32(c), pack(v, &m.texts))
		}
	}
}

// Join says whose a node is now: fresh, merged or unmerged.
func (w *Writer) Join(node, person int64) { w.s.people.join(uint32(node), uint32(person)) }

// Erase forgets a person: the nodes and all their events. The files forget them when they are next written (see Purge). The numbers of
// the nodes must not be used again.
func (w *Writer) Erase(person int64) {
	s := w.s
	s.erased.last++
	for node := s.people.first(uint32(person)); node != 0; node = s.people.first(uint32(person)) {
		s.people.join(node, 0)
		s.memory.forget(node)
		s.erased.erase(node)
	}
}

// Reached says that everything up to this log position is in.
func (w *Writer) Reached(position uint64) {
	w.s.reached, w.s.memory.to, w.s.loose = position, position, false
	w.s.touched = w.s.o.Clock.Now()
}

// Reader sees what was written so far.
func (w *Writer) Reader() *Reader {
	w.s.memory.settle()
	return &Reader{w.s}
}
