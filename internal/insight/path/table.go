package path

import (
	"math/bits"
)

// table counts links by step, and routes, for one worker. Code 0, which is no event's, is the end.
type table struct {
	steps, names int
	paths        int64
	dense        []uint32       // by (step, from, to), while there are few names; step 0 comes from the anchor, as from 0
	sparse       map[link]int64 // otherwise
	routes       routes
}

// link is a pair of names in a row at a step.
type link struct {
	step     uint8
	from, to uint16
}

// mostDense is how many cells a table has at most: 16 MB.
const mostDense = 4 << 20

func newTable(steps, names int) *table {
	t := &table{steps: steps}
	t.grow(names)
	return t
}

// grow makes room for names that came during the scan.
func (t *table) grow(names int) {
	if names == t.names {
		return
	}
	old, before := t.dense, t.names
	t.names, t.dense = names, nil
	if names*names*t.steps <= mostDense {
		t.dense = make([]uint32, names*names*t.steps)
	} else if t.sparse == nil {
		t.sparse = map[link]int64{}
	}
	for i, n := range old {
		if n > 0 {
			t.add(link{uint8(i / (before * before)), uint16(i / before % before), uint16(i % before)}, int64(n))
		}
	}
}

func (t *table) add(l link, n int64) {
	if t.dense == nil {
		t.sparse[l] += n
		return
	}
	t.dense[(int(l.step)*t.names+int(l.from))*t.names+int(l.to)] += uint32(n)
}

// count adds a path.
func (t *table) count(p *trail) {
	t.paths++
	from := uint16(0)
	for k := range t.steps {
		to := uint16(0)
		if k < p.n {
			to = p.codes[k]
		}
		if t.dense != nil {
			t.dense[(k*t.names+int(from))*t.names+int(to)]++
		} else {
			t.sparse[link{uint8(k), from, to}]++
		}
		if to == 0 {
			break
		}
		from = to
	}
	t.routes.count(p)
}

// each tells of all links that were counted.
func (t *table) each(fn func(l link, n int64)) {
	for i, n := range t.dense {
		if n > 0 {
			fn(link{uint8(i / (t.names * t.names)), uint16(i / t.names % t.names), uint16(i % t.names)}, int64(n))
		}
	}
	for l, n := range t.sparse {
		fn(l, n)
	}
}

// key is a route: its codes, with zeros after its end.
type key [maxSteps]uint16

// routes counts whole paths, in a hash table with open addressing, for there may be as many routes as people.
type routes struct {
	keys   []key
	counts []int64 // 0: free
	used   int
	lost   bool // there were too many
}

// mostRoutes is how many different routes a worker counts: some 60 MB.
const mostRoutes = 1 << 20

func (r *routes) count(p *trail) {
	var k key
	copy(k[:p.n], p.codes[:p.n])
	r.add(k, 1)
}

func (r *routes) add(k key, n int64) {
	if r.used*2 >= len(r.keys) && r.used < mostRoutes {
		r.grow()
	}
	mask := len(r.keys) - 1
	for at := int(hash(&k)) & mask; ; at = (at + 1) & mask {
		if r.counts[at] == 0 {
			if r.used >= mostRoutes {
				r.lost = true
				return
			}
			r.keys[at], r.counts[at] = k, n
			r.used++
			return
		}
		if r.keys[at] == k {
			r.counts[at] += n
			return
		}
	}
}

func (r *routes) grow() {
	old, counts := r.keys, r.counts
	size := max(2*len(old), 1024)
	r.keys, r.counts, r.used = make([]key, size), make([]int64, size), 0
	for i, n := range counts {
		if n > 0 {
			r.add(old[i], n)
		}
	}
}

// hash mixes a route's 160 bits by folded multiplication.
func hash(k *key) uint64 {
	a := uint64(k[0]) | uint64(k[1])<<16 | uint64(k[2])<<32 | uint64(k[3])<<48
	b := uint64(k[4]) | uint64(k[5])<<16 | uint64(k[6])<<32 | uint64(k[7])<<48
	c := uint64(k[8]) | uint64(k[9])<<16
	const odd, other = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
	high, low := bits.Mul64(a^odd, b^c*other^other)
	return high ^ low ^ high>>29
}
