package trend

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Formulas mean what school teaches, and null is what cannot be said.
func TestFormula(t *testing.T) {
	t.Parallel()
	null := math.NaN()
	for _, c := range []struct {
		text   string
		values []float64
		want   float64
	}{
		{"A / B * 100", []float64{3, 12}, 25},
		{"A - B - 1", []float64{10, 3}, 6},
		{"A + B * 2", []float64{1, 2}, 5},
		{"(A + B) * 2", []float64{1, 2}, 6},
		{"-A + 3.5", []float64{1}, 2.5},
		{"--A", []float64{2}, 2},
		{"a/b", []float64{1, 4}, 0.25},
		{"A / (B - B)", []float64{1, 4}, null},
		{"0 / A", []float64{0}, null},
		{"A / B + 1", []float64{1, 0}, null},
		{"A + B", []float64{1, null}, null},
		{"A * A", []float64{1e200}, null},
		{".5*A", []float64{4}, 2},
		{"8 / 4 / 2", nil, 1},
	} {
		f, err := parseFormula(c.text, len(c.values))
		require.NoError(t, err, c.text)
		got := f.eval(c.values)
		if math.IsNaN(c.want) {
			require.True(t, math.IsNaN(got), "%s is %v", c.text, got)
			continue
		}
		require.InDelta(t, c.want, got, 1e-12, c.text)
	}
}

// What is no formula is refused with the place.
func TestFormulaRefused(t *testing.T) {
	t.Parallel()
	for text, at := range map[string]int{
		"": 0, "A +": 3, "A B": 2, "C": 0, "(A": 2, "A)": 1, "A ^ B": 2, "AB": 0, "1.2.3": 0, "A + 转化": 4, "sum(A)": 0, "A / / B": 4,
	} {
		_, err := parseFormula(text, 2)
		var bad *syntaxError
		require.ErrorAs(t, err, &bad, text)
		require.Equal(t, at, bad.At, "%s: %s", text, bad.Message)
	}
}

// Amounts by numbers are amounts, amounts by amounts are shares.
func TestFormulaMoney(t *testing.T) {
	t.Parallel()
	money := []bool{true, false, true}
	for text, want := range map[string]bool{
		"A": true, "B": false, "A / B": true, "A / C": false, "A - C": true, "A * 2": true, "A + 5": true, "5 - A": true, "A + B": false, "A * C": false,
		"(A - C) / B": true, "B / A": false, "-A": true, "A / C * 100": false, "A * C / C": true,
	} {
		f, err := parseFormula(text, 3)
		require.NoError(t, err)
		require.Equal(t, want, f.money(money), text)
	}
}

// Whatever is typed is a formula or is refused; a formula gives a finite number or null.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{"A / B * 100", "((A))", "-1", "A+", "1e5", "((((((((", "A / 0", "9999999999999999999999 * A"} {
		f.Add(s, 1.5, 0.0)
	}
	f.Fuzz(func(t *testing.T, text string, a, b float64) {
		p, err := parseFormula(text, 2)
		if err != nil {
			return
		}
		if v := p.eval([]float64{a, b}); math.IsInf(v, 0) {
			t.Fatalf("%q of %v and %v is %v", text, a, b, v)
		}
		p.money([]bool{true, false})
		p.letters()
	})
}
