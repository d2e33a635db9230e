package timeline

import (
	"math/bits"
	"slices"
	"strings"
)

// textList is the texts that one part of an assembly has in a column, sorted.
type textList struct {
	src   texter
	codes []uint32 // nil: 0 to n-1, which are sorted already
	n     int
}

// texter knows texts by their numbers.
type texter interface{ text(code uint32) string }

// listOf sorts those texts that are used, one bit each.
func listOf(src texter, used bitmap) textList {
	l := textList{src: src, codes: []uint32{}}
	for i, w := range used.words {
		for ; w != 0; w &= w - 1 {
			l.codes = append(l.codes, uint32(i<<6+bits.TrailingZeros64(w)))
		}
	}
	l.n = len(l.codes)
	slices.SortFunc(l.codes, func(a, b uint32) int { return strings.Compare(src.text(a), src.text(b)) })
	return l
}

func (l *textList) code(i int) uint32 {
	if l.codes == nil {
		return uint32(i)
	}
	return l.codes[i]
}

// textPlan is the texts of a new column: sorted, each once.
type textPlan struct {
	lists  []textList
	recode [][]uint32 // by part: old number → new number
	first  []struct {
		list int32
		code uint32
	} // by new number: where its text is
	bytes int64
}

func (t *textPlan) code(part int) []uint32 {
	if part < len(t.recode) {
		return t.recode[part]
	}
	return nil
}

func mergeTexts(lists []textList) textPlan {
	t := textPlan{lists: lists, recode: make([][]uint32, len(lists))}
	at := make([]int, len(lists))
	heads := make([]string, len(lists))
	left := 0
	for i := range lists {
		if l := &lists[i]; l.n > 0 {
			last := uint32(l.n - 1)
			if l.codes != nil {
				last = slices.Max(l.codes)
			}
			t.recode[i] = make([]uint32, last+1)
			heads[i] = l.src.text(l.code(0))
			left++
		}
	}
	last := ""
	for left > 0 {
		least := -1
		for i := range lists {
			if at[i] < lists[i].n && (least < 0 || heads[i] < heads[least]) {
				least = i
			}
		}
		l := &lists[least]
		code := l.code(at[least])
		if text := heads[least]; len(t.first) == 0 || text != last {
			t.first = append(t.first, struct {
				list int32
				code uint32
			}{int32(least), code})
			t.bytes += int64(len(text))
			last = text
		}
		t.recode[least][code] = uint32(len(t.first) - 1)
		if at[least]++; at[least] < l.n {
			heads[least] = l.src.text(l.code(at[least]))
		} else {
			left--
		}
	}
	return t
}

// write writes the texts into their sections.
func (t *textPlan) write(f *fileWriter, first uint64) {
	if len(t.first) == 0 {
		return
	}
	bytes, ends := f.section(first+secTexts, t.bytes), f.section(first+secEnds, int64(len(t.first))*8)
	end := uint64(0)
	for _, at := range t.first {
		text := t.lists[at.list].src.text(at.code)
		end += uint64(len(text))
		bytes.add([]byte(text))
		ends.add(raw([]uint64{end}))
	}
}
