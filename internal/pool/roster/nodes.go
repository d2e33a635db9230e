package roster

import (
	"iter"
	"math/bits"
	"slices"
)

// Bits is a dense set of small numbers.
type Bits []uint64

// Has says whether a number is in.
func (b Bits) Has(i int64) bool {
	return i>>6 < int64(len(b)) && b[i>>6]&(1<<(i&63)) != 0
}

func (b *Bits) set(i int64, in bool) {
	if !in {
		if i>>6 < int64(len(*b)) {
			(*b)[i>>6] &^= 1 << (i & 63)
		}
		return
	}
	*b = reach(*b, i>>6)
	(*b)[i>>6] |= 1 << (i & 63)
}

// Nodes is a set of nodes of the identity graph.
type Nodes struct {
	bits    Bits
	touched map[int64]bool // while a scan fills the set: what is newer than the scan
}

// Set puts a node in or takes it out.
func (n *Nodes) Set(node int64, in bool) {
	if n.touched != nil {
		n.touched[node] = in
	}
	n.bits.set(node, in)
}

// Any says whether any of these nodes is in.
func (n *Nodes) Any(nodes []int64) bool {
	if n == nil {
		return false
	}
	return slices.ContainsFunc(nodes, n.bits.Has)
}

// Marks are the people who have a tag by hand, and since when (µs since 1970 UTC).
type Marks struct{ since map[int64]int64 }

// Marks of a tag, nil if nobody ever had it.
func (r *Roster) Marks(tag string) *Marks { return r.marks[tag] }

// SetMark puts a tag on a person.
func (r *Roster) SetMark(tag string, person, since int64) {
	m := r.marks[tag]
	if m == nil {
		m = &Marks{since: map[int64]int64{}}
		r.marks[tag] = m
	}
	m.since[person] = since
}

// DropMark takes a tag off a person.
func (r *Roster) DropMark(tag string, person int64) {
	if m := r.marks[tag]; m != nil {
		delete(m.since, person)
	}
}

// DropMarks takes all tags off a person.
func (r *Roster) DropMarks(person int64) {
	for _, m := range r.marks {
		delete(m.since, person)
	}
}

// MarksOf are the tags that a person has by hand, with since when.
func (r *Roster) MarksOf(person int64) map[string]int64 {
	on := map[string]int64{}
	for tag, m := range r.marks {
		if since, ok := m.since[person]; ok {
			on[tag] = since
		}
	}
	return on
}

// Since says since when a person has the tag, and whether.
func (m *Marks) Since(person int64) (int64, bool) {
	if m == nil {
		return 0, false
	}
	since, on := m.since[person]
	return since, on
}

// All goes through the numbers that are in, ascending.
func (b Bits) All() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for i, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(int64(i)<<6 | int64(bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}
