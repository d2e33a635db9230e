package lifetime

import "math"

// lgamma is ln Γ(v) for v > 0.
func lgamma(v float64) float64 {
	l, _ := math.Lgamma(v)
	return l
}

// lbeta is ln B(a, b).
func lbeta(a, b float64) float64 { return lgamma(a) + lgamma(b) - lgamma(a+b) }

// logSum is ln(e^u + e^v) and the share of e^u in the sum.
func logSum(u, v float64) (sum, share float64) {
	if math.IsInf(v, -1) {
		return u, 1
	}
	if u >= v {
		e := math.Exp(v - u)
		return u + math.Log1p(e), 1 / (1 + e)
	}
	e := math.Exp(u - v)
	return v + math.Log1p(e), e / (1 + e)
}

// shrink is (1 − e^(−u·l)) / u, and l where u is 0: what ∫₀^l e^(−u·s) ds is.
func shrink(u, l float64) float64 {
	if u == 0 {
		return l
	}
	return -math.Expm1(-u*l) / u
}

// seriesTerms is after how many terms a series is given up; with z ≤ 0.9999 and 1e-14 it is never reached.
const seriesTerms = 400_000

// log2F1 is ln ₂F₁(a, b; c; z) for a, b, c > 0 and 0 ≤ z < 1, by the series (DLMF 15.2.1) in whichever of its two forms (Euler's
// transformation, 15.8.1: (1−z)^(c−a−b) ₂F₁(c−a, c−b; c; z)) converges sooner. All terms are positive; the sum is rescaled so that nothing overflows.
func log2F1(a, b, c, z float64) float64 {
	if z == 0 {
		return 0
	}
	if c > a && c > b && a+b > c {
		return (c-a-b)*math.Log1p(-z) + series(c-a, c-b, c, z)
	}
	return series(a, b, c, z)
}

func series(a, b, c, z float64) float64 {
	const big = 1e200
	sum, term, scale := 1.0, 1.0, 0.0
	for n := range seriesTerms {
		k := float64(n)
		ratio := (a + k) * (b + k) / ((c + k) * (k + 1)) * z
		term *= ratio
		sum += term
		if sum > big {
			sum, term, scale = sum/big, term/big, scale+math.Log(big)
		}
		if ratio < 1 && term < 1e-16*sum*(1-z) {
			break
		}
	}
	return math.Log(sum) + scale
}

// purchases is the expected number of purchases of somebody alive, after x purchases, in a stretch with z = t/(α+T+t). n is r+x, b is b+x:
//
//	(a+b−1)/(a−1) · [1 − (1−z)^n ₂F₁(n, b; a+b−1; z)]
//
// which is equation (10) of the BG/NBD paper. As it stands, it has holes at a = 1 and at a+b = 1, and large numbers that cancel. Euler's
// transformation (DLMF 15.8.1) turns (1−z)^n ₂F₁ into (1−z)^(a−1) ₂F₁(a+b−1−n, a−1; a+b−1; z); with u = a−1 taken out of every term but the
// first, and c = a+b−1 cancelled, what remains is smooth everywhere:
//
//	c·(1 − (1−z)^u)/u − (1−z)^u · Σ_{k≥1} (c−n)_k (a)_{k−1} / ((c+1)_{k−1} k!) · z^k
//
// Where n is much greater than c, the terms change signs and cancel; there the first form is good.
func purchases(n, a, b, z float64) float64 {
	if z <= 0 {
		return 0
	}
	u, l, c := a-1, -math.Log1p(-z), a+b-1
	first := c - n
	if first < -20 && c > 0 {
		if math.Abs(u) < 1e-6 {
			u = 1e-6
		}
		return -c / u * math.Expm1(log2F1(n, b, c, z)-n*l)
	}
	term := first * z
	sum := term
	for k := 1.0; k < seriesTerms; k++ {
		term *= (first + k) * (a + k - 1) / ((c + k) * (k + 1)) * z
		sum += term
		if math.Abs(term) <= 1e-16*math.Abs(sum)*(1-z) && k > -first {
			break
		}
	}
	return c*shrink(u, l) - math.Exp(-u*l)*sum
}

// Nodes and weights of the 8-point rule of Gauss and Legendre on [−1, 1] (Abramowitz & Stegun, table 25.4), the positive half.
func gauss() ([4]float64, [4]float64) {
	return [4]float64{0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363},
		[4]float64{0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763}
}
