package timeline

import (
	"iter"
	"slices"
)

// Reader looks into a store inside Read.
type Reader struct{ s *Store }

// Read looks into the store. Writers wait meanwhile, so hold it for some thousand people and no longer, and call neither Read nor Update
// inside: a writer that waits in between would stop both.
func (s *Store) Read(fn func(r *Reader)) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	fn(&Reader{s})
}

// Reached is the log position of what is seen.
func (r *Reader) Reached() uint64 { return r.s.reached }

// Count is the number of people.
func (r *Reader) Count() int { return r.s.people.count }

// End is one more than the greatest person id: people are in [1, End).
func (r *Reader) End() int64 { return int64(len(r.s.people.head)) }

// People goes through all people by id.
func (r *Reader) People() iter.Seq[int64] { return r.Slice(0, r.End()) }

// Slice goes through the people with ids in [from, to).
func (r *Reader) Slice(from, to int64) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		head := r.s.people.head
		for id := max(from, 1); id < min(to, int64(len(head))); id++ {
			if head[id] != 0 && !yield(id) {
				return
			}
		}
	}
}

// Nodes are a person's nodes, ascending; a fresh slice.
func (r *Reader) Nodes(person int64) (nodes []int64) {
	p := &r.s.people
	for node := p.first(uint32(person)); node != 0; node = p.next[node] {
		nodes = append(nodes, int64(node))
	}
	return nodes
}

// PersonOf is whose a node is, 0 if it is nobody's.
func (r *Reader) PersonOf(node int64) int64 { return int64(r.s.people.person(uint32(node))) }

// Name is the code of an event name; not ok if no event ever had it.
func (r *Reader) Name(name string) (code uint16, ok bool) {
	code, ok = r.s.names.by[name]
	return code, ok && code != 0
}

// Names are all event names by code; code 0 is none.
func (r *Reader) Names() []string { return r.s.names.all }

// Channel is the code of a channel; not ok if no event ever had it. Code 0 is no channel.
func (r *Reader) Channel(name string) (code uint16, ok bool) {
	code, ok = r.s.channels.by[name]
	return code, ok
}

// Channels are all channels by code.
func (r *Reader) Channels() []string { return r.s.channels.all }

// Col is a column's number; not ok unless it is complete. Numbers stay while the store is open.
func (r *Reader) Col(c Column) (col int, ok bool) {
	i := slices.IndexFunc(r.s.columns, func(s columnState) bool { return s.Column == c })
	return i, i >= 0 && r.s.columns[i].complete
}
