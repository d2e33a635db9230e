package lifetime

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Hypergeometric functions with a closed form: ln(1/(1−z)) is z·₂F₁(1,1;2;z), (1−z)^−a is ₂F₁(a,b;b;z) (DLMF 15.4.1, 15.4.6), and the value
// that Euler's integral gives for one that has none.
func TestHypergeometric(t *testing.T) {
	t.Parallel()
	for _, z := range []float64{0, 1e-9, .1, .5, .9, .999} {
		if z > 0 {
			require.InEpsilon(t, -math.Log1p(-z)/z, math.Exp(log2F1(1, 1, 2, z)), 1e-12)
		}
		require.InDelta(t, -3.5*math.Log1p(-z), log2F1(3.5, 2.25, 2.25, z), 1e-9)
	}
	require.InDelta(t, -800*math.Log1p(-.99), log2F1(800, 7, 7, .99), 1e-7) // far beyond what a float64 holds
}

func shape(t *rapid.T, name string) float64 {
	return math.Exp(rapid.Float64Range(-3, 3).Draw(t, name))
}

// The smooth form of the expected purchases is the published one, wherever that one can be calculated.
func TestPurchases(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := float64(rapid.IntRange(0, 40).Draw(t, "x"))
		n, a, b := shape(t, "r")+x, shape(t, "a"), shape(t, "b")+x
		z := rapid.Float64Range(0.001, 0.95).Draw(t, "z")
		c := a + b - 1
		if c < 0.05 || math.Abs(a-1) < 0.01 {
			return
		}
		published := c / (a - 1) * (1 - math.Exp(n*math.Log1p(-z)+log2F1(n, b, c, z)))
		require.InEpsilon(t, published, purchases(n, a, b, z), 1e-6)
	})
	at := func(a float64) float64 { return purchases(2, a, 3, .4) }
	require.InEpsilon(t, (at(1-1e-5)+at(1+1e-5))/2, at(1), 1e-8, "no hole at a = 1")
	hole := purchases(.4, .6, .4, .4)
	require.InEpsilon(t, (purchases(.4, .6, .4-1e-6, .4)+purchases(.4, .6, .4+1e-6, .4))/2, hole, 1e-6, "nor at a+b = 1")
	require.InEpsilon(t, purchases(23.9, 2, 3, .4), purchases(24.1, 2, 3, .4), 0.02, "nor where the forms change over")
}

// The integral of the Pareto/NBD likelihood is the difference of two ₂F₁ of the notes.
func TestParetoIntegral(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := ParetoNBD{R: shape(t, "r"), Alpha: 5 * shape(t, "alpha"), S: shape(t, "s"), Beta: 5 * shape(t, "beta"), Unit: 1}
		n := m.R + float64(rapid.IntRange(0, 60).Draw(t, "x"))
		to := rapid.Float64Range(1, 200).Draw(t, "T")
		from := to * rapid.Float64Range(0, 0.9).Draw(t, "recency")
		all := n + m.S
		top, second := m.S+1, m.Alpha
		if m.Beta > m.Alpha {
			top, second = n, m.Beta
		}
		part := func(tau float64) float64 {
			return log2F1(all, top, all+1, math.Abs(m.Alpha-m.Beta)/(second+tau)) - all*math.Log(second+tau)
		}
		u, v := part(from), part(to)
		if v-u > -1e-3 {
			return // nearly all cancels
		}
		published := u + math.Log1p(-math.Exp(v-u)) - math.Log(all)
		require.InDelta(t, published, m.gone(n, from, to).log, 1e-7)
	})
}

// The slopes are those of the functions.
func TestGradients(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var hs []History
		var spends []Spend
		for range rapid.IntRange(1, 8).Draw(t, "people") {
			h := History{Repeats: rapid.IntRange(0, 30).Draw(t, "x"), Age: rapid.IntRange(0, 400).Draw(t, "T")}
			if h.Repeats > 0 {
				h.Age += h.Repeats
				h.Recency = rapid.IntRange(h.Repeats, h.Age).Draw(t, "t_x")
				spends = append(spends, Spend{h.Repeats, rapid.Float64Range(0.01, 1000).Draw(t, "mean")})
			}
			hs = append(hs, h)
		}
		d := Gather(hs, 7)
		require.Equal(t, len(hs), d.People())
		for _, l := range []likelihood{&bgnbd{d: d}, &pareto{d: d}, newGammaGamma(spends)} {
			at := make([]float64, len(l.names()))
			for i, name := range l.names() {
				at[i] = shape(t, name)
			}
			got, none := make([]float64, len(at)), make([]float64, len(at))
			value := l.eval(at, got)
			require.False(t, math.IsNaN(value) || math.IsInf(value, 0))
			for i := range at {
				h := 1e-5 * at[i]
				up, down := append([]float64{}, at...), append([]float64{}, at...)
				up[i], down[i] = at[i]+h, at[i]-h
				want := (l.eval(up, none) - l.eval(down, none)) / (2 * h)
				require.InDelta(t, want*at[i], got[i]*at[i], 1e-5*(1+math.Abs(value)), l.names()[i])
			}
		}
	})
}
