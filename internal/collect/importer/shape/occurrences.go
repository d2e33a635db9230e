package shape

import "encoding/binary"

// occurrences counts how often each content came. Most come once, and a file may have many millions of rows, so the first sight of a
// content takes 8 bytes in an open table and only repeated ones a map entry. Two contents whose first 8 bytes of SHA-256 agree would
// share a count, which changes one id's number and nothing else.
type occurrences struct {
	table []uint64 // 0 is free
	used  int
	more  map[uint64]uint64
}

func newOccurrences() *occurrences {
	return &occurrences{table: make([]uint64, 1<<10), more: map[uint64]uint64{}}
}

// next counts a content and says the how manieth it is, from 1.
func (o *occurrences) next(sum [32]byte) uint64 {
	key := binary.LittleEndian.Uint64(sum[:8])
	if key == 0 {
		key = 1
	}
	if o.insert(key) {
		if o.used*4 > len(o.table)*3 {
			o.grow()
		}
		return 1
	}
	o.more[key]++
	return o.more[key] + 1
}

// insert says whether the key is new.
func (o *occurrences) insert(key uint64) bool {
	mask := uint64(len(o.table) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		switch o.table[i] {
		case 0:
			o.table[i] = key
			o.used++
			return true
		case key:
			return false
		}
	}
}

func (o *occurrences) grow() {
	old := o.table
	o.table, o.used = make([]uint64, 2*len(old)), 0
	for _, key := range old {
		if key != 0 {
			o.insert(key)
		}
	}
}
