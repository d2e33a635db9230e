package brand

import (
	"math"
	"math/rand/v2"
	"sort"
)

// dice draws numbers. It is seeded anew for every person and every visit, so that one person's life does not depend on the others'.
type dice struct {
	*rand.Rand
	source *rand.PCG
}

func newDice() dice {
	source := rand.NewPCG(0, 0)
	return dice{rand.New(source), source}
}

// roll seeds the dice for the b-th thing of a.
func (d dice) roll(seed, a, b uint64) { d.source.Seed(mix(seed^mix(a)), mix(a^mix(b+0x51ed))) }

// mix is the finaliser of SplitMix64: neighbouring numbers become unrelated ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// between is uniform in [low, high).
func (d dice) between(low, high float64) float64 { return low + (high-low)*d.Float64() }

// gamma draws from the gamma distribution with that shape and scale 1 (Marsaglia and Tsang, 2000).
func (d dice) gamma(shape float64) float64 {
	if shape < 1 {
		return d.gamma(shape+1) * math.Pow(1-d.Float64(), 1/shape)
	}
	k := shape - 1.0/3
	c := 1 / math.Sqrt(9*k)
	for {
		x := d.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if u := 1 - d.Float64(); math.Log(u) < x*x/2+k-k*v+k*math.Log(v) {
			return k * v
		}
	}
}

// beta draws from the beta distribution.
func (d dice) beta(a, b float64) float64 {
	x := d.gamma(a)
	return x / (x + d.gamma(b))
}

// pick draws an index in proportion to cumulated weights.
func (d dice) pick(cumulated []float64) int {
	x := d.Float64() * cumulated[len(cumulated)-1]
	return min(sort.Search(len(cumulated), func(i int) bool { return cumulated[i] > x }), len(cumulated)-1)
}

func cumulate(n int, weight func(int) float64) []float64 {
	sums := make([]float64, n)
	total := 0.0
	for i := range sums {
		total += weight(i)
		sums[i] = total
	}
	return sums
}
