package timeline

import (
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Distinct is how many different values a column has over some of the events (ascending positions). It is not ok where the events lie in
// several runs or in memory: the values then have to be compared themselves. Within one run, equal values have equal bits.
func (q *Sequence) Distinct(col int, events []uint32) (n int, ok bool) {
	run := q.run()
	if run == nil {
		return 0, false
	}
	c := run.column(col)
	if c == nil || len(events) == 0 {
		return 0, true
	}
	values := c.values
	if values.kind == ofTexts && len(events) > few && len(values.ends) <= 16*len(events) {
		return q.distinctTexts(values, events), true
	}
	found := q.sc.found[:0]
	for _, i := range events {
		_, slot := q.at(int(i))
		at, has := values.find(slot)
		if !has {
			continue
		}
		bits := values.packed(at)
		if bits == 1<<63 {
			bits = 0 // minus nothing is nothing
		}
		if isBoxed(bits) {
			if kind, _ := unbox(bits); kind == event.Missing {
				continue
			}
		}
		if len(found) >= few {
			found = append(found, bits)
		} else if !slices.Contains(found, bits) {
			found = append(found, bits)
		}
	}
	if len(found) > few {
		slices.Sort(found)
		found = slices.Compact(found)
	}
	q.sc.found = found
	return len(found), true
}

// few is up to how many values are compared one by one.
const few = 24

// distinctTexts ticks the texts off by number.
func (q *Sequence) distinctTexts(values *sparse, events []uint32) (n int) {
	sc := q.sc
	words := (len(values.ends) + 63) / 64
	if len(sc.ticked) < words {
		sc.ticked = make([]uint64, words*2)
	}
	ticked := sc.ticked[:words]
	clear(ticked)
	for _, i := range events {
		_, slot := q.at(int(i))
		if at, has := values.find(slot); has {
			if code := values.codes[at]; ticked[code>>6]>>(code&63)&1 == 0 {
				ticked[code>>6] |= 1 << (code & 63)
				n++
			}
		}
	}
	return n
}

// run is where all events lie, nil if they lie in several places.
func (q *Sequence) run() *run {
	if len(q.Times) == 0 {
		return nil
	}
	if q.spans == nil {
		return q.one.run
	}
	for i := range q.sc.groups {
		if g := &q.sc.groups[i]; g.n > 0 && g.run != q.sc.groups[0].run {
			return nil
		}
	}
	return q.sc.groups[0].run
}

// IsText says whether a column's value of an event is a certain text.
func (q *Sequence) IsText(col, i int, text string) bool {
	g, slot := q.at(i)
	if g.run == nil {
		v := g.value(col, slot)
		return v.Kind == event.Text && v.Text == text
	}
	c := g.run.column(col)
	if c == nil {
		return false
	}
	at, ok := c.values.find(slot)
	if !ok {
		return false
	}
	if c.values.kind != ofTexts {
		v := unpack(c.values.packed(at), c.values.text)
		return v.Kind == event.Text && v.Text == text
	}
	return c.values.text(c.values.codes[at]) == text
}
