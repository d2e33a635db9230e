package roster

import "github.com/RoaringBitmap/roaring/v2/roaring64"

// Len is how many people have the tag.
func (m *Marks) Len() int64 {
	if m == nil {
		return 0
	}
	return int64(len(m.since))
}

// People are those who have the tag, as a set of the caller's own.
func (m *Marks) People() *roaring64.Bitmap {
	out := roaring64.New()
	if m == nil {
		return out
	}
	for person := range m.since {
		out.Add(uint64(person))
	}
	return out
}
