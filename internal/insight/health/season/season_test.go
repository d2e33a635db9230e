package season_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/insight/health/season"
)

// week is how a shop's days differ.
func week() [7]float64 { return [7]float64{1, .95, .9, .95, 1.1, 1.5, 1.4} }

// poisson draws a count of a mean (Knuth for small, normal for large ones).
func poisson(r *rand.Rand, mean float64) float64 {
	if mean > 60 {
		return max(0, math.Round(mean+math.Sqrt(mean)*r.NormFloat64()))
	}
	limit, p, n := math.Exp(-mean), 1.0, -1.0
	for p > limit {
		p *= r.Float64()
		n++
	}
	return n
}

// calm is a series of counts with a trend and a weekly season, and nothing unusual in it. Over is how much more than Poisson it varies.
func calm(r *rand.Rand, days int, base, growth, over float64) []float64 {
	out := make([]float64, days)
	for i := range out {
		mean := base * math.Pow(1+growth, float64(i)) * week()[i%7]
		out[i] = poisson(r, mean*math.Exp(over*r.NormFloat64()-over*over/2))
	}
	return out
}

func counts(int) float64 { return .5 }

// The stated rate of false alarms: of the days of calm series with noise from pure Poisson to 15 % beyond it, growing and shrinking, at most so
// many are beyond the limit of z. The guide names these figures.
func TestCalmSeriesStayCalm(t *testing.T) {
	t.Parallel()
	limits := map[float64]float64{5: .0003, 4: .002, 3: .012}
	beyond, judged := map[float64]int{}, 0
	r := rand.New(rand.NewPCG(7, 8))
	for _, base := range []float64{3, 20, 300, 20000} {
		for _, growth := range []float64{-.01, 0, .01} {
			for _, over := range []float64{0, .05, .15} {
				for range 8 {
					for _, d := range season.Judge(calm(r, 90, base, growth, over), season.Options{Floor: counts}).Days {
						require.True(t, d.Judged)
						judged++
						for z := range limits {
							if math.Abs(d.Z) > z {
								beyond[z]++
							}
						}
					}
				}
			}
		}
	}
	for z, share := range limits {
		got := float64(beyond[z]) / float64(judged)
		t.Logf("|z| > %v: %.4f %% of %d days", z, 100*got, judged)
		require.LessOrEqual(t, got, share, "|z| > %v", z)
	}
}

// Planted spikes and drops are found on their day, also on the newest one and among other wrong days, and their neighbours stay calm. Counts are
// drawn by chance, so that now and then a tripled day was a poor one before: how often is held here, over series that are always the same.
func TestPlantedSpikesAreFound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 1))
	planted, missed, calmDays, alarms := 0, 0, 0, 0
	for range 600 {
		days := 35 + r.IntN(86)
		base := []float64{40, 300, 20000}[r.IntN(3)]
		series := calm(r, days, base, []float64{-.005, 0, .01}[r.IntN(3)], .03)
		at := map[int]bool{}
		for range 1 + r.IntN(4) {
			at[r.IntN(days)] = true
		}
		factor := []float64{.2, 3}[r.IntN(2)]
		for i := range at {
			series[i] = math.Round(series[i] * factor)
		}
		if r.IntN(2) == 0 {
			at[days-1] = true
			series[days-1] = math.Round(base * math.Pow(1.01, float64(days)) * 9)
		}
		for i, d := range season.Judge(series, season.Options{Floor: counts}).Days {
			switch far := math.Abs(d.Z); {
			case at[i]:
				if planted++; far <= 4 {
					missed++
				}
			default:
				if calmDays++; far >= 7 {
					alarms++
				}
			}
		}
	}
	t.Logf("%d of %d planted days missed, %d alarms on %d others", missed, planted, alarms, calmDays)
	require.LessOrEqual(t, float64(missed)/float64(planted), .005)
	require.LessOrEqual(t, float64(alarms)/float64(calmDays), .0001)
}

// A series without noise is its trend and season: nothing is unusual and every expectation is right. With the season flattened, it is not.
func TestExactSeries(t *testing.T) {
	t.Parallel()
	series := make([]float64, 70)
	for i := range series {
		x := (20 + .05*float64(i)) * week()[i%7]
		series[i] = x*x - 3.0/8
	}
	for i, d := range season.Judge(series, season.Options{}).Days {
		require.InDelta(t, series[i], d.Expected, 1e-6*series[i])
	}
	require.Greater(t, math.Abs(season.Judge(series, season.Options{Flat: true}).Days[40].Expected-series[40]), 1.0)
}

// One number is as far from usual as the noise says: changing it changes neither what was expected of it nor of the others by much.
func TestOneDayHardlyBendsTheRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		series := calm(r, 90, 500, 0, .05)
		day := rapid.IntRange(0, 89).Draw(t, "day")
		before := season.Judge(series, season.Options{Floor: counts})
		series[day] = rapid.SampledFrom([]float64{0, 50000}).Draw(t, "value")
		after := season.Judge(series, season.Options{Floor: counts})
		for i := range series {
			require.InEpsilon(t, before.Days[i].Expected, after.Days[i].Expected, .1, "day %d", i)
		}
	})
}

// Days without a value are not judged and do not disturb; short series are not judged and say what is missing.
func TestMissingAndShort(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	whole := calm(r, 90, 300, 0, .03)
	holes := append([]float64{}, whole...)
	for i := range holes {
		if i%5 == 2 || (i > 30 && i < 36) {
			holes[i] = season.Missing()
		}
	}
	holes[89] = 3000
	res := season.Judge(holes, season.Options{Floor: counts})
	for i, d := range res.Days {
		require.Equal(t, !math.IsNaN(holes[i]), d.Judged)
		require.False(t, math.IsNaN(d.Expected))
		if i < 89 {
			require.Less(t, math.Abs(d.Z), 5.0)
		}
	}
	require.Greater(t, res.Days[89].Z, 10.0)
	for n, needs := range map[int]int{0: 28, 1: 27, 20: 8, 27: 1, 28: 0} {
		res := season.Judge(whole[:n], season.Options{})
		require.Equal(t, needs, res.Needs, "%d days", n)
		for _, d := range res.Days {
			require.Equal(t, needs == 0, d.Judged)
		}
	}
	sundays := append([]float64{}, whole...)
	for i := 6; i < 76; i += 7 {
		sundays[i] = season.Missing()
	}
	require.Equal(t, 7, season.Judge(sundays, season.Options{}).Needs, "two Sundays are too few")
	require.Zero(t, season.Judge(sundays, season.Options{Flat: true}).Needs)
}

// A series of always the same number has no spread of its own; the floor says what is unusual.
func TestConstant(t *testing.T) {
	t.Parallel()
	series := make([]float64, 60)
	for i := range series {
		series[i] = 100
	}
	series[59] = 104
	require.Less(t, season.Judge(series, season.Options{Floor: counts}).Days[59].Z, 1.0)
	require.Greater(t, season.Judge(series, season.Options{}).Days[59].Z, 5.0)
	zeros := make([]float64, 60)
	zeros[30] = 1
	for _, d := range season.Judge(zeros, season.Options{Floor: counts}).Days {
		require.Less(t, math.Abs(d.Z), 3.0)
		require.GreaterOrEqual(t, d.Low, 0.0)
	}
}

// Bands widen with z and hold what was expected.
func TestBand(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for _, d := range season.Judge(calm(r, 60, 50, 0, .1), season.Options{Floor: counts}).Days {
		low3, high3 := d.Band(3)
		low5, high5 := d.Band(5)
		require.True(t, low5 <= low3 && low3 <= d.Low && d.Low <= d.Expected && d.Expected <= d.High && d.High <= high3 && high3 <= high5)
	}
}

// How long a series takes.
func BenchmarkJudge(b *testing.B) {
	series := calm(rand.New(rand.NewPCG(1, 2)), 120, 300, 0, .05)
	for b.Loop() {
		season.Judge(series, season.Options{Floor: counts})
	}
}
