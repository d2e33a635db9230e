package seen

// bloom is a Bloom filter of 10 bits an entry and 7 probes: about 1 % of absent ids pass it. The two halves of the 128-bit hash give
// all probes (Kirsch & Mitzenmacher 2006).
type bloom []uint64

const probes = 7

func newBloom(n int) bloom { return make(bloom, max(1, (n*10+63)/64)) }

func (b bloom) add(k Key) {
	bits := uint64(len(b)) * 64
	for i := range uint64(probes) {
		p := (k.Hi + i*k.Lo) % bits
		b[p/64] |= 1 << (p % 64)
	}
}

func (b bloom) has(k Key) bool {
	bits := uint64(len(b)) * 64
	for i := range uint64(probes) {
		p := (k.Hi + i*k.Lo) % bits
		if b[p/64]&(1<<(p%64)) == 0 {
			return false
		}
	}
	return true
}
