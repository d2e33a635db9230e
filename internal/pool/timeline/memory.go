package timeline

import "slices"

// memory holds the newest events. A node's events lie together, in a block that is moved to one of twice the size when it is full.
// It is filled under the store's lock and never changed once it is frozen, on its way to disk.
type memory struct {
	from, to uint64 // log positions (from, to]
	stamp    uint64 // number of the last erasure when it was frozen
	columns  int    // it has the columns with lower numbers

	pages   [][]uint32 // node → entry + 1
	entries []entry
	dirty   []uint32 // entries with a tail that is not in order yet
	count   int      // events
	top     uint32   // greatest node

	times    []int64
	names    []uint16
	channels []uint16
	extras   []uint32 // the first extra of an event, 0 for none
	free     [33][]uint32

	values []extra // from 1
	texts  texts
}

// entry is where a node's events are: n of them, of which the first sorted are in order.
type entry struct {
	node, start, n, sorted uint32
	class                  uint8 // room for 1 << class
}

// extra is a value of an event: its amount (column -1) or a property.
type extra struct {
	packed uint64
	column int32
	next   uint32
}

const (
	pageBits   = 10
	amountsCol = -1
	leastClass = 2
)

func newMemory(from uint64, columns int) *memory {
	return &memory{from: from, to: from, columns: columns, values: make([]extra, 1)}
}

func (m *memory) entryOf(node uint32) *entry {
	if p := int(node >> pageBits); p < len(m.pages) && m.pages[p] != nil {
		if e := m.pages[p][node&(1<<pageBits-1)]; e != 0 {
			return &m.entries[e-1]
		}
	}
	return nil
}

// find is where a node's events are.
func (m *memory) find(node uint32) (start, n uint32) {
	if e := m.entryOf(node); e != nil {
		return e.start, e.n
	}
	return 0, 0
}

// add puts an event behind a node's others and gives its slot for set. Call settle before reading.
func (m *memory) add(node uint32, time int64, name, channel uint16) uint32 {
	e := m.entryOf(node)
	if e == nil {
		e = m.enter(node)
	}
	if e.n == 1<<e.class {
		m.move(e)
	}
	slot := e.start + e.n
	if e.sorted == e.n {
		if e.n == 0 || m.times[slot-1] <= time {
			e.sorted++
		} else {
			m.dirty = append(m.dirty, m.index(node))
		}
	}
	e.n++
	m.count++
	m.times[slot], m.names[slot], m.channels[slot], m.extras[slot] = time, name, channel, 0
	return slot
}

func (m *memory) index(node uint32) uint32 { return m.pages[node>>pageBits][node&(1<<pageBits-1)] - 1 }

func (m *memory) enter(node uint32) *entry {
	return m.register(node, entry{node: node, start: m.block(leastClass), class: leastClass})
}

func (m *memory) register(node uint32, e entry) *entry {
	p := int(node >> pageBits)
	for p >= len(m.pages) {
		m.pages = append(m.pages, nil)
	}
	if m.pages[p] == nil {
		m.pages[p] = make([]uint32, 1<<pageBits)
	}
	m.entries = append(m.entries, e)
	m.pages[p][node&(1<<pageBits-1)] = uint32(len(m.entries))
	m.top = max(m.top, node)
	return &m.entries[len(m.entries)-1]
}

func (m *memory) block(class uint8) uint32 {
	if f := m.free[class]; len(f) > 0 {
		m.free[class] = f[:len(f)-1]
		return f[len(f)-1]
	}
	start, n := len(m.times), 1<<class
	m.times, m.names = extend(m.times, n), extend(m.names, n)
	m.channels, m.extras = extend(m.channels, n), extend(m.extras, n)
	return uint32(start)
}

func extend[T any](s []T, n int) []T { return slices.Grow(s, n)[:len(s)+n] }

// move gives an entry a block of twice the size.
func (m *memory) move(e *entry) {
	to := m.block(e.class + 1)
	copy(m.times[to:], m.times[e.start:e.start+e.n])
	copy(m.names[to:], m.names[e.start:e.start+e.n])
	copy(m.channels[to:], m.channels[e.start:e.start+e.n])
	copy(m.extras[to:], m.extras[e.start:e.start+e.n])
	m.free[e.class] = append(m.free[e.class], e.start)
	e.start, e.class = to, e.class+1
}

// set gives an event a value; of is its place in a column of extras.
func (m *memory) set(of *uint32, column int32, packed uint64) {
	m.values = append(m.values, extra{packed: packed, column: column, next: *of})
	*of = uint32(len(m.values) - 1)
}

// get is a value of the event in a slot.
func (m *memory) get(slot uint32, column int32) (packed uint64, ok bool) {
	for at := m.extras[slot]; at != 0; at = m.values[at].next {
		if m.values[at].column == column {
			return m.values[at].packed, true
		}
	}
	return 0, false
}

// settle puts events that came late into their places: equal times stay in the order in which they came.
func (m *memory) settle() {
	for _, i := range m.dirty {
		e := &m.entries[i]
		if e.sorted < e.n {
			m.sort(e)
		}
	}
	m.dirty = m.dirty[:0]
}

func (m *memory) sort(e *entry) {
	// Only the tail is out of order, and only what is later than its earliest event has to move.
	times := m.times[e.start : e.start+e.n]
	from := slices.Min(times[e.sorted:])
	at, _ := slices.BinarySearch(times[:e.sorted], from+1)
	order := make([]uint32, e.n-uint32(at))
	for i := range order {
		order[i] = e.start + uint32(at+i)
	}
	slices.SortStableFunc(order, func(a, b uint32) int {
		switch x, y := m.times[a], m.times[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	permute(m.times, order, e.start+uint32(at))
	permute(m.names, order, e.start+uint32(at))
	permute(m.channels, order, e.start+uint32(at))
	permute(m.extras, order, e.start+uint32(at))
	e.sorted = e.n
}

func permute[T any](s []T, order []uint32, to uint32) {
	moved := make([]T, len(order))
	for i, from := range order {
		moved[i] = s[from]
	}
	copy(s[to:], moved)
}

// forget drops a node's events.
func (m *memory) forget(node uint32) {
	if e := m.entryOf(node); e != nil {
		m.count -= int(e.n)
		e.n, e.sorted = 0, 0
	}
}
