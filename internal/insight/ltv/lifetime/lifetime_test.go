package lifetime_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/huoshui/huoshui/internal/insight/ltv/lifetime"
)

// simulate makes people as the BG/NBD model says they are, whose first purchases spread over the first half of the time.
func simulate(m lifetime.BGNBD, people, days int, seed uint64) []lifetime.History {
	src := rand.NewPCG(seed, 1)
	rng := rand.New(src)
	rate, drop := distuv.Gamma{Alpha: m.R, Beta: m.Alpha, Src: src}, distuv.Beta{Alpha: m.A, Beta: m.B, Src: src}
	hs := make([]lifetime.History, people)
	for i := range hs {
		lambda, p := rate.Rand(), drop.Rand()
		h := lifetime.History{Age: days - rng.IntN(days/2)}
		for at, last := 0.0, 0; ; {
			at += rng.ExpFloat64() / lambda * m.Unit
			day := int(math.Ceil(at))
			if day > h.Age {
				break
			}
			if day > last { // one purchase a day counts
				h.Repeats, h.Recency, last = h.Repeats+1, day, day
			}
			if rng.Float64() < p {
				break
			}
		}
		hs[i] = h
	}
	return hs
}

// People made by the model give its parameters back, within four standard errors; Pareto/NBD, which they are not made by, comes close in what
// it expects.
func TestRecovers(t *testing.T) {
	t.Parallel()
	truth := lifetime.BGNBD{R: 0.8, Alpha: 12, A: 0.9, B: 3, Unit: 7}
	d := lifetime.Gather(simulate(truth, 8_000, 730, 7), 7)
	m, f, err := lifetime.FitBGNBD(t.Context(), d)
	require.NoError(t, err)
	require.True(t, f.Converged)
	for name, want := range map[string]float64{"r": truth.R, "alpha": truth.Alpha, "a": truth.A, "b": truth.B} {
		for _, p := range f.Parameters {
			if p.Name == name {
				require.InDelta(t, want, p.Value, 4**p.Error, name)
				require.Less(t, *p.Error, want/4)
			}
		}
	}
	other, _, err := lifetime.FitParetoNBD(t.Context(), d)
	require.NoError(t, err)
	require.InEpsilon(t, m.Newcomer(365), other.Newcomer(365), 0.06)
	again, _, err := lifetime.FitBGNBD(t.Context(), lifetime.Gather(simulate(truth, 8_000, 730, 7), 7))
	require.NoError(t, err)
	require.Equal(t, m, again, "the same people, the same bits")
}

// Chances add up to one and their mean is what a newcomer is expected to buy, in both models.
func TestChances(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]lifetime.Model{
		"BG/NBD":              lifetime.BGNBD{R: .243, Alpha: 4.414, A: .793, B: 2.426, Unit: 7},
		"BG/NBD, a above 1":   lifetime.BGNBD{R: 2, Alpha: 14, A: 1.8, B: 2.4, Unit: 7},
		"Pareto/NBD":          lifetime.ParetoNBD{R: .553, Alpha: 10.578, S: .606, Beta: 11.669, Unit: 7},
		"Pareto/NBD, β small": lifetime.ParetoNBD{R: 1.5, Alpha: 20, S: 1.4, Beta: .5, Unit: 1},
	} {
		sum, mean := 0.0, 0.0
		for x, p := range m.Chances(400, 270) {
			require.GreaterOrEqual(t, p, 0.0, name)
			sum += p
			mean += float64(x) * p
		}
		require.InDelta(t, 1, sum, 1e-4, name)
		require.InEpsilon(t, m.Newcomer(270), mean, 2e-3, name)
	}
}

// Being alive is a chance, more recent is livelier, and expectations grow with time and add up.
func TestShapes(t *testing.T) {
	t.Parallel()
	for _, m := range []lifetime.Model{
		lifetime.BGNBD{R: .243, Alpha: 4.414, A: .793, B: 2.426, Unit: 7},
		lifetime.BGNBD{R: 9, Alpha: .01, A: 40, B: .2, Unit: 30},
		lifetime.ParetoNBD{R: .553, Alpha: 10.578, S: .606, Beta: 11.669, Unit: 7},
		lifetime.ParetoNBD{R: 3, Alpha: 2, S: 1, Beta: 300, Unit: 1},
	} {
		for _, x := range []int{0, 1, 5, 60, 500} {
			last := -1.0
			for _, recency := range []int{x, 550, 600, 650, 700} {
				h := lifetime.History{Repeats: x, Recency: recency, Age: 700}
				if x == 0 {
					h.Recency = 0
				}
				alive := m.Alive(h)
				require.True(t, alive >= 0 && alive <= 1, "%v %v: %v", m, h, alive)
				if x > 0 {
					require.GreaterOrEqual(t, alive, last)
				}
				last = alive
				soon, late := m.Expected(h, 30), m.Expected(h, 365)
				require.False(t, math.IsNaN(soon) || math.IsNaN(late) || math.IsInf(late, 0), "%v %v", m, h)
				require.GreaterOrEqual(t, soon, 0.0)
				require.GreaterOrEqual(t, late, soon)
				require.Zero(t, m.Expected(h, 0))
			}
		}
	}
}

// Data that no model can be told from are said to be so: nobody buys twice; everybody does, always.
func TestBorder(t *testing.T) {
	t.Parallel()
	var never, always []lifetime.History
	for i := range 500 {
		never = append(never, lifetime.History{Age: 100 + i%100})
		always = append(always, lifetime.History{Repeats: 10, Recency: 100, Age: 100})
	}
	for name, hs := range map[string][]lifetime.History{"never": never, "always": always} {
		for _, fit := range []func() (lifetime.Fit, error){
			func() (lifetime.Fit, error) {
				_, f, err := lifetime.FitBGNBD(t.Context(), lifetime.Gather(hs, 7))
				return f, err
			},
			func() (lifetime.Fit, error) {
				_, f, err := lifetime.FitParetoNBD(t.Context(), lifetime.Gather(hs, 7))
				return f, err
			},
		} {
			f, err := fit()
			require.NoError(t, err)
			require.NotEmpty(t, f.Border, "%s: %+v", name, f)
		}
	}
	_, _, err := lifetime.FitGammaGamma(t.Context(), []lifetime.Spend{{Days: 0, Mean: 3}})
	require.ErrorIs(t, err, lifetime.ErrNoFit)
}

// How long a fit takes on a hundred thousand people.
func BenchmarkFit(b *testing.B) {
	d := lifetime.Gather(simulate(lifetime.BGNBD{R: 0.8, Alpha: 12, A: 0.9, B: 3, Unit: 7}, 100_000, 730, 7), 7)
	b.Run("bg_nbd", func(b *testing.B) {
		for b.Loop() {
			_, _, err := lifetime.FitBGNBD(b.Context(), d)
			require.NoError(b, err)
		}
		b.ReportMetric(float64(d.Kinds()), "kinds")
	})
	b.Run("pareto_nbd", func(b *testing.B) {
		for b.Loop() {
			_, _, err := lifetime.FitParetoNBD(b.Context(), d)
			require.NoError(b, err)
		}
	})
}
