package timeline

// people says whose every node is. Lists through arrays: head is a person's least node, next the person's next one.
type people struct {
	of, head, next []uint32
	count          int
}

func newPeople(of []uint32) people {
	p := people{of: of, head: make([]uint32, len(of)), next: make([]uint32, len(of))}
	for node := len(of) - 1; node > 0; node-- {
		who := of[node]
		if int(who) >= len(of) {
			p.grow(who)
		}
		if who != 0 {
			if p.head[who] == 0 {
				p.count++
			}
			p.next[node], p.head[who] = p.head[who], uint32(node)
		}
	}
	return p
}

func (p *people) grow(id uint32) {
	for _, a := range []*[]uint32{&p.of, &p.head, &p.next} {
		if n := int(id) + 1 - len(*a); n > 0 {
			*a = append(*a, make([]uint32, n)...)
		}
	}
}

// person is whose a node is, 0 if nobody's.
func (p *people) person(node uint32) uint32 {
	if int(node) >= len(p.of) {
		return 0
	}
	return p.of[node]
}

// first is the least node of a person, 0 if there is no such person.
func (p *people) first(who uint32) uint32 {
	if int(who) >= len(p.head) {
		return 0
	}
	return p.head[who]
}

// join moves a node to a person; 0 is nobody.
func (p *people) join(node, who uint32) {
	p.grow(max(node, who))
	if p.of[node] == who {
		return
	}
	if old := p.of[node]; old != 0 {
		at := &p.head[old]
		for *at != node {
			at = &p.next[*at]
		}
		*at = p.next[node]
		if p.head[old] == 0 {
			p.count--
		}
	}
	p.of[node], p.next[node] = who, 0
	if who == 0 {
		return
	}
	at := &p.head[who]
	if *at == 0 {
		p.count++
	}
	for *at != 0 && *at < node {
		at = &p.next[*at]
	}
	p.next[node], *at = *at, node
}

// erasures remembers which nodes' events do not count: those that came before an erasure.
type erasures struct {
	at   map[uint32]uint64 // node → number of its last erasure
	any  bitmap            // the nodes in at; nil if there are none
	last uint64            // number of the last erasure
}

func (e *erasures) erase(node uint32) {
	if e.at == nil {
		e.at = map[uint32]uint64{}
	}
	e.at[node] = e.last
	for int(node>>6) >= len(e.any.words) {
		e.any.words = append(e.any.words, make([]uint64, len(e.any.words)+16)...)
	}
	e.any.set(node)
}

// hides says whether what a part holds of a node is erased; stamp is the number of the last erasure that the part knows of.
func (e *erasures) hides(node uint32, stamp uint64) bool {
	return stamp < e.last && int(node>>6) < len(e.any.words) && e.any.has(node) && stamp < e.at[node]
}
