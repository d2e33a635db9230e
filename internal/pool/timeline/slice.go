package timeline

// slice is events as they come from a source, column by column, before they are sorted into memory. Its columns are the memory's own, so
// that an event's extras need not move.
type slice struct {
	m        *memory
	nodes    []uint32
	times    []int64
	names    []uint16
	channels []uint16
	extras   []uint32
}

func newSlice(m *memory, events int) *slice {
	return &slice{
		m: m, nodes: make([]uint32, 0, events), times: make([]int64, 0, events), names: make([]uint16, 0, events),
		channels: make([]uint16, 0, events), extras: make([]uint32, 0, events),
	}
}

func (s *slice) add(node uint32, time int64, name, channel uint16) {
	s.nodes, s.times = append(s.nodes, node), append(s.times, time)
	s.names, s.channels = append(s.names, name), append(s.channels, channel)
	s.extras = append(s.extras, 0)
	s.m.top = max(s.m.top, node)
}

// sort puts the events into the empty memory: counted by node, then each to its place, which keeps the order in which they came.
func (s *slice) sort() *memory {
	m, n := s.m, len(s.nodes)
	next := make([]uint32, m.top+1)
	for _, node := range s.nodes {
		next[node]++
	}
	at := uint32(0)
	for node, count := range next {
		if next[node] = at; count > 0 {
			m.register(uint32(node), entry{node: uint32(node), start: at, n: count, sorted: count})
			at += count
		}
	}
	m.count = n
	m.times, m.names, m.channels, m.extras = make([]int64, n), make([]uint16, n), make([]uint16, n), make([]uint32, n)
	for i, node := range s.nodes {
		to := next[node]
		next[node] = to + 1
		m.times[to], m.names[to], m.channels[to], m.extras[to] = s.times[i], s.names[i], s.channels[i], s.extras[i]
	}
	for i := range m.entries {
		e := &m.entries[i]
		times := m.times[e.start : e.start+e.n]
		for k := 1; k < len(times); k++ {
			if times[k] < times[k-1] {
				e.sorted = uint32(k)
				m.sort(e)
				break
			}
		}
	}
	return m
}
