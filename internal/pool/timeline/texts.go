package timeline

import (
	"unsafe"

	"github.com/zeebo/xxh3"
)

// texts numbers different texts from 0, in the order in which they come.
type texts struct {
	bytes []byte
	ends  []uint64
	table []uint32 // code + 1 at the hash's place or after it; 0 is free
}

func (t *texts) len() int { return len(t.ends) }

// at is a text by its number. It lies in t's memory.
func (t *texts) at(code uint32) string { return cut(t.bytes, t.ends, code) }

func cut(bytes []byte, ends []uint64, code uint32) string {
	if int(code) >= len(ends) {
		return ""
	}
	from := uint64(0)
	if code > 0 {
		from = ends[code-1]
	}
	b := bytes[from:ends[code]]
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // never written again
}

// code numbers a text.
func (t *texts) code(s string) uint32 {
	if len(t.ends)*2 >= len(t.table) {
		t.grow()
	}
	mask := uint64(len(t.table) - 1)
	for i := xxh3.HashString(s) & mask; ; i = (i + 1) & mask {
		switch c := t.table[i]; {
		case c == 0:
			t.bytes = append(t.bytes, s...)
			t.ends = append(t.ends, uint64(len(t.bytes)))
			t.table[i] = uint32(len(t.ends))
			return t.table[i] - 1
		case t.at(c-1) == s:
			return c - 1
		}
	}
}

func (t *texts) grow() {
	t.table = make([]uint32, max(64, 2*len(t.table)))
	mask := uint64(len(t.table) - 1)
	for c := range t.ends {
		i := xxh3.HashString(t.at(uint32(c))) & mask
		for t.table[i] != 0 {
			i = (i + 1) & mask
		}
		t.table[i] = uint32(c) + 1
	}
}

// words numbers names or channels for good, with 16 bits. Code 0 is the empty word, and for names also every one beyond the 65,535th.
type words struct {
	all []string
	by  map[string]uint16
}

func newWords(all []string) words {
	w := words{by: map[string]uint16{}}
	for _, s := range append([]string{""}, all...) {
		w.code(s)
	}
	return w
}

// code numbers a word; fresh if it was not known.
func (w *words) code(s string) (code uint16, fresh bool) {
	if code, ok := w.by[s]; ok || len(w.all) > 0xffff {
		return code, false
	}
	s = string([]byte(s)) // the text may lie in somebody's buffer
	code = uint16(len(w.all))
	w.all = append(w.all, s)
	w.by[s] = code
	return code, true
}
