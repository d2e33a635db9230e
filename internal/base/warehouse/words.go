package warehouse

import (
	"strings"
	"unsafe"
)

// native is a text as DuckDB keeps it: four bytes length, then the text if it has at most twelve bytes, else its first four bytes and its
// address. It is read as two numbers, which are the same if the text is the same (short) or lies at the same place (long).
type native struct{ head, tail uint64 }

const inlined = 12

func (t *native) bytes() []byte {
	n := uint32(t.head)
	if n <= inlined {
		return unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(t), 4)), n) //nolint:gosec // the text follows the length
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&t.tail)), n) //nolint:gosec // the second half is the address
}

// words numbers the different texts of a scan. Columns with few different texts come dictionary-coded out of DuckDB, so that equal texts
// lie at one place; a small cache by place saves nearly all look-ups by content.
type words struct {
	all   []string
	by    map[string]uint32
	chunk uint64
	cache [1024]struct {
		key   native
		chunk uint64 // a place means nothing in another chunk
		code  uint32
	}

	block Block
	texts [][]byte
}

func newWords() *words { return &words{by: map[string]uint32{}} }

func (w *words) codes(into []uint32, texts []native) []uint32 {
	for i := range texts {
		t := &texts[i]
		slot := &w.cache[(t.head^t.tail*0x9e3779b97f4a7c15)*0x9e3779b97f4a7c15>>54]
		if slot.key != *t || slot.chunk != w.chunk {
			slot.key, slot.chunk, slot.code = *t, w.chunk, w.code(t.bytes())
		}
		into = append(into, slot.code)
	}
	return into
}

func (w *words) code(text []byte) uint32 {
	if code, ok := w.by[unsafe.String(unsafe.SliceData(text), len(text))]; ok { //nolint:gosec // for the look-up only
		return code
	}
	s := strings.Clone(string(text))
	code := uint32(len(w.all))
	w.all = append(w.all, s)
	w.by[s] = code
	return code
}
