package lifetime

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// ParetoNBD is the Pareto/NBD model: while alive, a person buys at a rate λ ~ Gamma(R, Alpha), and drops out at any moment at a rate
// μ ~ Gamma(S, Beta), both per unit of time.
type ParetoNBD struct {
	R, Alpha, S, Beta float64
	Unit              float64 // days in a unit of time
}

// pareto is the log-likelihood and its gradient by (r, α, s, β):
//
//	ln Γ(r+x)/Γ(r) + r ln α + s ln β + ln( (α+T)^−(r+x) (β+T)^−s + s ∫_{t_x}^{T} (α+τ)^−(r+x) (β+τ)^−(s+1) dτ )
//
// The notes give the integral as a difference of two ₂F₁, which cancels where t_x is near T; here it is taken as it stands, by quadrature,
// which also gives its derivatives. The test holds it against the difference.
type pareto struct {
	d                *Data
	logAlpha, logBet []float64
}

func (l *pareto) names() []string { return []string{"r", "alpha", "s", "beta"} }

func (l *pareto) starts() [][]float64 {
	rate, age := l.d.rate(), (l.d.age+1)/l.d.people
	return [][]float64{{1, 1 / rate, 1, age}, {0.5, 0.5 / rate, 0.6, age / 3}, {3, 3 / rate, 0.3, age}, {0.5, 0.5 / rate, 2, 3 * age}}
}

func (l *pareto) size() (kinds int, people float64) { return l.d.Kinds(), l.d.people }

func (l *pareto) pick(keep func(i int) bool) likelihood { return &pareto{d: l.d.pick(keep)} }

func (l *pareto) eval(p, grad []float64) float64 {
	m := ParetoNBD{p[0], p[1], p[2], p[3], l.d.unit}
	r, alpha, s, beta := p[0], p[1], p[2], p[3]
	l.logAlpha, l.logBet = l.d.logs(l.logAlpha, alpha), l.d.logs(l.logBet, beta)
	base := r*math.Log(alpha) + s*math.Log(beta) - lgamma(r)
	pr, logAlpha, logBeta := mathext.Digamma(r), math.Log(alpha), math.Log(beta)
	var sum, gr, gal, gs, gbe float64
	for i := range l.d.groups {
		g := &l.d.groups[i]
		n := r + float64(g.x)
		for _, h := range g.rows {
			t := float64(h.age) / l.d.unit
			la, lb := l.logAlpha[h.age], l.logBet[h.age]
			q := m.gone(n, float64(h.recency)/l.d.unit, t)
			v, alive := logSum(-n*la-s*lb, math.Log(s)+q.log)
			gone := 1 - alive
			sum += h.n * v
			gr -= h.n * (alive*la + gone*q.logAlpha)
			gal -= h.n * n * (alive/(alpha+t) + gone*q.overAlpha)
			gs -= h.n * (alive*lb + gone*(q.logBeta-1/s))
			gbe -= h.n * (alive*s/(beta+t) + gone*(s+1)*q.overBeta)
		}
		sum += g.people * (base + lgamma(n))
		gr += g.people * (mathext.Digamma(n) - pr + logAlpha)
	}
	grad[0] = gr
	grad[1] = gal + l.d.people*r/alpha
	grad[2] = gs + l.d.people*logBeta
	grad[3] = gbe + l.d.people*s/beta
	return sum
}

// integral is ln ∫ f with f(τ) = (α+τ)^−n (β+τ)^−(s+1), and the means of ln(α+τ), ln(β+τ), 1/(α+τ), 1/(β+τ) under f.
type integral struct{ log, logAlpha, logBeta, overAlpha, overBeta float64 }

// step is how far the logarithm of the integrand falls within one piece of the quadrature: with 8 nodes the error is about 1e-12 of the piece.
const step = 4.0

// most is how many pieces there are at most; more are needed only far outside of what a search may answer.
const most = 2000

// gone integrates from one time to another, in y = ln(min(α, β)+τ), in which the integrand is smooth however small the shifts are.
func (m ParetoNBD) gone(n, from, to float64) integral {
	if to <= from {
		return integral{log: math.Inf(-1)}
	}
	c := min(m.Alpha, m.Beta)
	low, high := math.Log(c+from), math.Log(c+to)
	fall := n*(c+to)/(m.Alpha+to) + (m.S+1)*(c+to)/(m.Beta+to) + 1 // the steepest it gets
	pieces := int(min(max(1, math.Ceil((high-low)*fall/step)), most))
	h := (high - low) / float64(pieces) / 2
	at, weight := gauss()
	var q integral
	peak, total := math.Inf(-1), 0.0
	for i := range pieces {
		mid, best := low+(2*float64(i)+1)*h, math.Inf(-1)
		for k := range 8 {
			y, w := mid+at[k>>1]*h, weight[k>>1]
			if k&1 == 1 {
				y = mid - at[k>>1]*h
			}
			tau := math.Exp(y) - c
			la, lb := y, y
			if m.Alpha > m.Beta {
				la = math.Log(m.Alpha + tau)
			} else if m.Beta > m.Alpha {
				lb = math.Log(m.Beta + tau)
			}
			f := -n*la - (m.S+1)*lb + y
			best = max(best, f)
			if f > peak { // keep the greatest term at 1
				k := math.Exp(peak - f)
				total, q.logAlpha, q.logBeta, q.overAlpha, q.overBeta = total*k, q.logAlpha*k, q.logBeta*k, q.overAlpha*k, q.overBeta*k
				peak = f
			}
			e := w * math.Exp(f-peak)
			total += e
			q.logAlpha += e * la
			q.logBeta += e * lb
			q.overAlpha += e / (m.Alpha + tau)
			q.overBeta += e / (m.Beta + tau)
		}
		if best < peak-50 { // it only falls from here on
			break
		}
	}
	q.log = peak + math.Log(total*h)
	q.logAlpha, q.logBeta, q.overAlpha, q.overBeta = q.logAlpha/total, q.logBeta/total, q.overAlpha/total, q.overBeta/total
	return q
}

// Alive is the share of the first of the two ways in which the history can have come about.
func (m ParetoNBD) Alive(h History) float64 {
	n, t := m.R+float64(h.Repeats), float64(h.Age)/m.Unit
	q := m.gone(n, float64(h.Recency)/m.Unit, t)
	_, alive := logSum(-n*math.Log(m.Alpha+t)-m.S*math.Log(m.Beta+t), math.Log(m.S)+q.log)
	return alive
}

// Expected is equation (41) of the notes: alive · (r+x)(β+T)/(α+T) · (1 − ((β+T)/(β+T+t))^(s−1))/(s−1).
func (m ParetoNBD) Expected(h History, t float64) float64 {
	age := float64(h.Age) / m.Unit
	return m.Alive(h) * (m.R + float64(h.Repeats)) * (m.Beta + age) / (m.Alpha + age) * shrink(m.S-1, math.Log1p(t/m.Unit/(m.Beta+age)))
}

// Newcomer is equation (27) of the notes: rβ/α · (1 − (β/(β+t))^(s−1))/(s−1).
func (m ParetoNBD) Newcomer(t float64) float64 {
	return m.R * m.Beta / m.Alpha * shrink(m.S-1, math.Log1p(t/m.Unit/m.Beta))
}

// Chances integrates the negative binomial over the time of dropping out.
func (m ParetoNBD) Chances(n int, t float64) []float64 {
	t /= m.Unit
	out := make([]float64, n)
	add := func(tau, weight float64) {
		first, z := m.R*math.Log(m.Alpha/(m.Alpha+tau)), math.Log(tau/(m.Alpha+tau))
		for x := range out {
			k := float64(x)
			ln := lgamma(m.R+k) - lgamma(m.R) - lgamma(k+1) + first
			if x > 0 {
				ln += k * z
			}
			out[x] += weight * math.Exp(ln)
		}
	}
	add(t, math.Exp(-m.S*math.Log1p(t/m.Beta)))
	at, weight := gauss()
	c := min(m.Alpha, m.Beta)
	low, high := math.Log(c), math.Log(c+t)
	pieces := int(min(max(4, math.Ceil((high-low)*(m.R+float64(n)+m.S+1)/step)), most))
	h := (high - low) / float64(pieces) / 2
	for i := range pieces {
		mid := low + (2*float64(i)+1)*h
		for k := range 4 {
			for _, sign := range []float64{-1, 1} {
				y := mid + sign*at[k]*h
				tau := max(math.Exp(y)-c, 0)
				add(tau, weight[k]*h*math.Exp(y+math.Log(m.S/m.Beta)-(m.S+1)*math.Log1p(tau/m.Beta)))
			}
		}
	}
	return out
}

// Pace of somebody alive, leaving aside that they may drop out before the next purchase: λ ~ Gamma(r+x, α+T).
func (m ParetoNBD) Pace(h History) (shape, scale float64) {
	return m.R + float64(h.Repeats), m.Alpha*m.Unit + float64(h.Age)
}
