package timeline

import (
	"math/bits"
)

func (r *run) group(start, n uint32) group    { return group{run: r, start: start, n: n} }
func (m *memory) group(start, n uint32) group { return group{memory: m, start: start, n: n} }

func (r *run) lastErasure() uint64          { return r.stamp }
func (r *run) positions() (from, to uint64) { return r.from, r.to }

func (r *run) source(c int) valueSource {
	if c == amountsCol {
		return r.amounts
	}
	if col := r.column(c); col != nil {
		return col.values
	}
	return &sparse{rows: r.events, kind: ofNumbers}
}

func (s *sparse) each(start, n uint32, do func(packed uint64)) {
	if len(s.present.words) == 0 {
		return
	}
	for at, to := s.present.rank(start), s.present.rank(start+n); at < to; at++ {
		do(s.packed(at))
	}
}

func (s *sparse) summary() (k kinds, texts int, ok bool) {
	switch {
	case len(s.wide)+len(s.codes) == 0:
	case s.kind == ofNumbers:
		k.number = true
	case s.kind == ofTexts:
		k.text = true
	default:
		k.other = true
	}
	return k, len(s.ends), true
}

func (k *kinds) join(l kinds) {
	k.number, k.text, k.other = k.number || l.number, k.text || l.text, k.other || l.other
}

func (m *memory) lastErasure() uint64          { return m.stamp }
func (m *memory) positions() (from, to uint64) { return m.from, m.to }
func (m *memory) greatest() uint32             { return m.top }

func (m *memory) addNodes(into []uint64) {
	for i := range m.entries {
		if e := &m.entries[i]; e.n > 0 {
			into[e.node>>6] |= 1 << (e.node & 63)
		}
	}
}

func (m *memory) source(c int) valueSource { return memoryColumn{m, int32(c)} }

// memoryColumn is a column of what is in memory.
type memoryColumn struct {
	m      *memory
	column int32
}

func (c memoryColumn) total(start, n uint32) (sum uint32) {
	for _, x := range c.m.extras[start : start+n] {
		for ; x != 0; x = c.m.values[x].next {
			if c.m.values[x].column == c.column {
				sum++
				break
			}
		}
	}
	return sum
}

func (c memoryColumn) copyTo(w *sparseWriter, start, n uint32, recode []uint32) {
	for i := uint32(0); i < n; i += 64 {
		k := min(64, n-i)
		word := uint64(0)
		for j := range k {
			if packed, ok := c.m.get(start+i+j, c.column); ok {
				word |= 1 << j
				w.value(packed, recode)
			}
		}
		w.present.add(word, k)
	}
}

func (c memoryColumn) each(start, n uint32, do func(packed uint64)) {
	for slot := start; slot < start+n; slot++ {
		if packed, ok := c.m.get(slot, c.column); ok {
			do(packed)
		}
	}
}

func (c memoryColumn) text(code uint32) string { return c.m.texts.at(code) }

func (c memoryColumn) summary() (k kinds, texts int, ok bool) {
	return k, c.m.texts.len(), false
}

// order is the groups of a new run: all nodes of the parts by (person, node), as people are now.
func order(parts []part, person func(node uint32) uint32) []uint64 {
	top := uint32(0)
	for _, p := range parts {
		top = max(top, p.greatest())
	}
	all := make([]uint64, top>>6+2)
	for _, p := range parts {
		p.addNodes(all)
	}
	n := 0
	for _, w := range all {
		n += bits.OnesCount64(w)
	}
	keys := make([]uint64, 0, n)
	for i, w := range all {
		for ; w != 0; w &= w - 1 {
			node := uint32(i<<6 + bits.TrailingZeros64(w))
			who := person(node)
			if who == 0 {
				who = node
			}
			keys = append(keys, uint64(who)<<32|uint64(node))
		}
	}
	return keys
}
