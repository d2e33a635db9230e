package timeline

import (
	"github.com/huoshui/huoshui/internal/pool/event"
)

// sparse is a column that some events have: who has it, and the values of those, side by side.
type sparse struct {
	present bitmap // empty if nobody has it
	rows    uint32
	kind    uint64
	wide    []uint64 // amounts, numbers or mixed
	codes   []uint32 // texts
	bytes   []byte   // the different texts, sorted, and where each ends
	ends    []uint64
}

// What the values of a sparse column are.
const (
	ofAmounts = 1 // int64
	ofNumbers = 2 // float64
	ofTexts   = 3 // numbers of texts
	ofMixed   = 4 // packed values
)

// Sections of a sparse column, counted from a first one.
const (
	secPresent = iota
	secRanks
	secValues
	secTexts
	secEnds
	secsOfSparse
)

func readSparse(f *file, first uint64, rows, kind uint64) (*sparse, error) {
	s := &sparse{rows: uint32(rows), kind: kind, bytes: f.sections[first+secTexts].bytes}
	var err error
	if s.present.words, err = view[uint64](f, first+secPresent); err != nil {
		return nil, err
	}
	if s.present.ranks, err = view[uint32](f, first+secRanks); err != nil {
		return nil, err
	}
	if s.ends, err = view[uint64](f, first+secEnds); err != nil {
		return nil, err
	}
	if kind == ofTexts {
		s.codes, err = view[uint32](f, first+secValues)
	} else {
		s.wide, err = view[uint64](f, first+secValues)
	}
	if err != nil || kind < ofAmounts || kind > ofMixed {
		return nil, errDamaged
	}
	if len(s.present.words) == 0 {
		if len(s.wide)+len(s.codes) > 0 {
			return nil, errDamaged
		}
		return s, nil
	}
	if ones, ok := s.present.sound(rows); !ok || int(ones) != len(s.wide)+len(s.codes) {
		return nil, errDamaged
	}
	last := uint64(0)
	for _, end := range s.ends {
		if end < last || end > uint64(len(s.bytes)) {
			return nil, errDamaged
		}
		last = end
	}
	return s, nil
}

// find is where an event's value is.
func (s *sparse) find(slot uint32) (at uint32, ok bool) {
	if len(s.present.words) == 0 || !s.present.has(slot) {
		return 0, false
	}
	return s.present.rank(slot), true
}

func (s *sparse) text(code uint32) string { return cut(s.bytes, s.ends, code) }

// packed is the value at a place, with the text's number of this column.
func (s *sparse) packed(at uint32) uint64 {
	if s.kind == ofTexts {
		return box(event.Text, s.codes[at])
	}
	return s.wide[at]
}

// total is how many of n events from a place on have a value.
func (s *sparse) total(start, n uint32) uint32 {
	if len(s.present.words) == 0 {
		return 0
	}
	return s.present.rank(start+n) - s.present.rank(start)
}

// copyTo writes the values of n events from a place on.
func (s *sparse) copyTo(w *sparseWriter, start, n uint32, recode []uint32) {
	if len(s.present.words) == 0 {
		w.absent(n)
		return
	}
	for i := uint32(0); i < n; i += 64 {
		k := min(64, n-i)
		w.present.add(s.present.word(start+i)&(^uint64(0)>>(64-k)), k)
	}
	from, to := s.present.rank(start), s.present.rank(start+n)
	if s.kind == w.kind && s.kind != ofTexts && s.kind != ofMixed {
		w.values.add(raw(s.wide[from:to]))
		return
	}
	for at := from; at < to; at++ {
		w.value(s.packed(at), recode)
	}
}

// sparseWriter writes a sparse column piece by piece.
type sparseWriter struct {
	present bitWriter
	values  *sectionWriter
	kind    uint64
}

// newSparseWriter reserves the sections for a column of that many events, of which count have a value. nil if none has.
func newSparseWriter(f *fileWriter, first uint64, rows, count uint32, kind uint64) *sparseWriter {
	if count == 0 {
		return nil
	}
	words, ranks := bitSizes(rows)
	width := int64(8)
	if kind == ofTexts {
		width = 4
	}
	return &sparseWriter{
		present: bitWriter{words: f.section(first+secPresent, words), ranks: f.section(first+secRanks, ranks)},
		values:  f.section(first+secValues, int64(count)*width), kind: kind,
	}
}

func (w *sparseWriter) absent(n uint32) {
	for ; n > 64; n -= 64 {
		w.present.add(0, 64)
	}
	w.present.add(0, n)
}

func (w *sparseWriter) value(packed uint64, recode []uint32) {
	if w.kind != ofAmounts && isBoxed(packed) {
		if kind, payload := unbox(packed); hasText(kind) {
			code := uint32(0)
			if int(payload) < len(recode) {
				code = recode[payload]
			}
			if w.kind == ofTexts {
				w.values.add(raw([]uint32{code}))
				return
			}
			packed = box(kind, code)
		}
	}
	w.values.add(raw([]uint64{packed}))
}

// kinds notices what the values of a column are.
type kinds struct{ number, text, other bool }

func (k *kinds) add(packed uint64) {
	if !isBoxed(packed) {
		k.number = true
		return
	}
	kind, _ := unbox(packed)
	k.text = k.text || kind == event.Text
	k.other = k.other || kind != event.Text
}

func (k *kinds) kind() uint64 {
	switch {
	case k.other || k.number && k.text:
		return ofMixed
	case k.text:
		return ofTexts
	}
	return ofNumbers
}
