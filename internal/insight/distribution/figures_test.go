package distribution

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Quantiles, sums and bins of counted figures are those of the plain list.
func TestFigures(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Float64Range(-50, 50), 1, 40).Draw(t, "list")
		plain := make([]float64, len(list))
		table := map[float64]int64{}
		for i, v := range list {
			plain[i] = math.Round(v)
			table[plain[i]]++
		}
		f, g := sorted(table), ordered(slices.Clone(plain))
		require.Equal(t, f.values, g.values)
		require.Equal(t, f.ends, g.ends)
		slices.Sort(plain)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		h := q * float64(len(plain)-1)
		i := min(int(h), max(0, len(plain)-2))
		want := plain[i]
		if i+1 < len(plain) {
			want += (h - float64(i)) * (plain[i+1] - plain[i])
		}
		require.InDelta(t, want, f.quantile(q), 1e-9)
		sum := 0.0
		for _, v := range plain {
			sum += v
		}
		require.InDelta(t, sum, f.sum, 1e-9)
		for _, unit := range []Unit{Times, Number, Money, Seconds} {
			edges := edgesOf(unit, f)
			require.True(t, slices.IsSorted(edges))
			counts, bins, n := f.counts(edges), binsOf(edges), int64(0)
			for k, b := range bins {
				mine := int64(0)
				for _, v := range plain {
					if in(v, b.From, b.To) {
						mine++
					}
				}
				require.Equal(t, mine, counts[k], "%v %v", unit, b)
				n += counts[k]
			}
			require.Equal(t, int64(len(plain)), n)
		}
	})
}

// Bounds are those that people would choose.
func TestEdges(t *testing.T) {
	t.Parallel()
	require.Equal(t, []float64{2, 3}, countEdges(3))
	require.Equal(t, []float64{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 21, 51}, countEdges(70))
	require.Empty(t, countEdges(1))
	require.Equal(t, []float64{7200, 14400}, timeEdges(40 * 3600)[:2], "two hours each")
	require.Equal(t, 0.05, nice(0.03))
	require.Equal(t, 100.0, nice(51))
}
