package roster

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Kinds of entries in what Save writes. They are stored: never renumber.
const (
	savedTrait    = 1
	savedFirst    = 2
	savedLast     = 3
	savedKind     = 4
	savedConsents = 5
	savedFormat   = 1
)

// Save writes all complete columns and node sets, to spare the next start a scan of everybody. Marks are not in it.
func (r *Roster) Save() []byte {
	b := []byte{savedFormat}
	for name, c := range r.traits {
		if c.touched == nil {
			b = c.save(entry(b, savedTrait, name))
		}
	}
	if r.first != nil && r.first.touched == nil {
		b = r.first.save(entry(b, savedFirst, ""))
		b = r.last.save(entry(b, savedLast, ""))
	}
	for kind, sets := range map[byte]map[string]*Nodes{savedKind: r.kinds, savedConsents: r.consents} {
		for name, n := range sets {
			if n.touched == nil {
				b = entry(b, kind, name)
				b = binary.AppendUvarint(b, uint64(len(n.bits)))
				for _, w := range n.bits {
					b = binary.LittleEndian.AppendUint64(b, w)
				}
			}
		}
	}
	return b
}

func entry(b []byte, kind byte, name string) []byte { return text(append(b, kind), name) }

func text(b []byte, s string) []byte { return append(binary.AppendUvarint(b, uint64(len(s))), s...) }

func (c *Column) save(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(c.values)-1))
	for _, v := range c.values[1:] {
		b = append(b, byte(v.Kind))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Num))
		b = text(b, v.Text)
	}
	b = binary.AppendUvarint(b, uint64(len(c.codes)))
	b = slices.Grow(b, 4*len(c.codes))
	for _, code := range c.codes {
		b = binary.LittleEndian.AppendUint32(b, code)
	}
	return b
}

var errSaved = errors.New("a saved roster is damaged")

// Restore takes in what Save wrote, as far as it is wanted, for an empty roster.
func (r *Roster) Restore(data []byte, w Wants) error {
	in := reader{b: data}
	if in.byte() != savedFormat {
		return errSaved
	}
	got := New()
	for len(in.b) > 0 && !in.bad {
		switch kind, name := in.byte(), in.text(); kind {
		case savedTrait:
			if c := in.column(); slices.Contains(w.Traits, name) {
				got.traits[name] = c
			}
		case savedFirst:
			got.first = in.column()
		case savedLast:
			got.last = in.column()
		case savedKind:
			if n := in.nodes(); slices.Contains(w.Kinds, name) {
				got.kinds[name] = n
			}
		case savedConsents:
			if n := in.nodes(); slices.Contains(w.Purposes, name) {
				got.consents[name] = n
			}
		default:
			return errSaved
		}
	}
	if in.bad || (got.first == nil) != (got.last == nil) {
		return errSaved
	}
	r.traits, r.kinds, r.consents = got.traits, got.kinds, got.consents
	if w.Channels {
		r.first, r.last = got.first, got.last
	}
	return nil
}

// reader takes what Save wrote apart. After what cannot be read it is bad and gives nothing.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n uint64) []byte {
	if r.bad || n > uint64(len(r.b)) {
		r.bad = true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.b)
	if r.bad || size <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) text() string { return string(r.take(r.number())) }

// list reads how many things of some bytes each follow, and those bytes.
func (r *reader) list(size uint64) []byte {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.bad = true
		return nil
	}
	return r.take(n * size)
}

func (r *reader) column() *Column {
	c := newColumn()
	c.touched = nil
	for n := r.number(); n > 0 && !r.bad; n-- {
		v := event.Value{Kind: event.ValueKind(r.byte())}
		if num := r.take(8); num != nil {
			v.Num = math.Float64frombits(binary.LittleEndian.Uint64(num))
		}
		v.Text = r.text()
		c.index[v] = uint32(len(c.values))
		c.values = append(c.values, v)
	}
	c.tidy = max(fewValues, 2*len(c.values))
	data := r.list(4)
	c.codes = make([]uint32, len(data)/4)
	for i := range c.codes {
		if c.codes[i] = binary.LittleEndian.Uint32(data[4*i:]); int(c.codes[i]) >= len(c.values) {
			r.bad = true
			return c
		}
	}
	return c
}

func (r *reader) nodes() *Nodes {
	data := r.list(8)
	n := &Nodes{bits: make(Bits, len(data)/8)}
	for i := range n.bits {
		n.bits[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return n
}
