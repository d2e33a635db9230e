package lifetime

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// BGNBD is the BG/NBD model: while alive, a person buys at a rate λ ~ Gamma(R, Alpha) per unit of time; after each purchase the person
// drops out with probability p ~ Beta(A, B).
type BGNBD struct {
	R, Alpha, A, B float64
	Unit           float64 // days in a unit of time
}

// bgnbd is the log-likelihood and its gradient by (r, α, a, b): equation (6) of the paper, in the stable form of Hardie's notes,
//
//	ln Γ(r+x)/Γ(r) + r ln α + ln B(a, b+x)/B(a, b) + ln( (α+T)^−(r+x) + [x>0] a/(b+x−1) (α+t_x)^−(r+x) )
type bgnbd struct {
	d    *Data
	logs []float64
}

func (l *bgnbd) names() []string { return []string{"r", "alpha", "a", "b"} }

func (l *bgnbd) starts() [][]float64 {
	rate := l.d.rate()
	return [][]float64{{1, 1 / rate, 1, 3}, {0.25, 0.25 / rate, 0.8, 2.5}, {3, 3 / rate, 0.3, 4}, {0.5, 0.5 / rate, 3, 3}}
}

func (l *bgnbd) size() (kinds int, people float64) { return l.d.Kinds(), l.d.people }

func (l *bgnbd) pick(keep func(i int) bool) likelihood { return &bgnbd{d: l.d.pick(keep)} }

func (l *bgnbd) eval(p, grad []float64) float64 {
	r, alpha, a, b := p[0], p[1], p[2], p[3]
	l.logs = l.d.logs(l.logs, alpha)
	var sum, gr, ga, gb, inv float64 // inv: Σ weight/(α+t), for the derivative by α
	base := r*math.Log(alpha) - lgamma(r) - lbeta(a, b)
	pr, pab, pb := mathext.Digamma(r), mathext.Digamma(a+b), mathext.Digamma(b)
	logA := math.Log(a)
	for i := range l.d.groups {
		g := &l.d.groups[i]
		x := float64(g.x)
		n := r + x
		drop := math.Inf(-1)
		if g.x > 0 {
			drop = logA - math.Log(b+x-1)
		}
		var dead float64
		for _, h := range g.rows {
			u := -n * l.logs[h.age]
			if g.x == 0 {
				sum += h.n * u
				gr -= h.n * l.logs[h.age]
				inv += h.n * n / (alpha + float64(h.age)/l.d.unit)
				continue
			}
			v, alive := logSum(u, drop-n*l.logs[h.recency])
			sum += h.n * v
			gone := h.n * (1 - alive)
			dead += gone
			gr -= h.n*alive*l.logs[h.age] + gone*l.logs[h.recency]
			inv += n * (h.n*alive/(alpha+float64(h.age)/l.d.unit) + gone/(alpha+float64(h.recency)/l.d.unit))
		}
		sum += g.people * (base + lgamma(n) + lbeta(a, b+x))
		gr += g.people * (mathext.Digamma(n) - pr)
		pabx := mathext.Digamma(a + b + x)
		ga += g.people*(pab-pabx) + dead/a
		gb += g.people * (pab + mathext.Digamma(b+x) - pb - pabx)
		if g.x > 0 {
			gb -= dead / (b + x - 1)
		}
	}
	grad[0] = gr + l.d.people*math.Log(alpha)
	grad[1] = l.d.people*r/alpha - inv
	grad[2], grad[3] = ga, gb
	return sum
}

// odds is how much likelier it is to have dropped out than to be alive.
func (m BGNBD) odds(h History) float64 {
	if h.Repeats == 0 {
		return 0
	}
	x := float64(h.Repeats)
	ln := math.Log((m.Alpha + float64(h.Age)/m.Unit) / (m.Alpha + float64(h.Recency)/m.Unit))
	return m.A / (m.B + x - 1) * math.Exp((m.R+x)*ln)
}

// Alive is 1/(1 + odds). Whoever bought once only is alive in this model, for people drop out after repeat purchases.
func (m BGNBD) Alive(h History) float64 { return 1 / (1 + m.odds(h)) }

// Expected is equation (10) of the paper.
func (m BGNBD) Expected(h History, t float64) float64 {
	t /= m.Unit
	z := t / (m.Alpha + float64(h.Age)/m.Unit + t)
	return purchases(m.R+float64(h.Repeats), m.A, m.B+float64(h.Repeats), z) / (1 + m.odds(h))
}

// Newcomer is equation (9) of the paper.
func (m BGNBD) Newcomer(t float64) float64 {
	t /= m.Unit
	return purchases(m.R, m.A, m.B, t/(m.Alpha+t))
}

// Chances are equation (8) of the paper.
func (m BGNBD) Chances(n int, t float64) []float64 {
	t /= m.Unit
	out := make([]float64, n)
	base := lbeta(m.A, m.B)
	first, z := m.R*math.Log(m.Alpha/(m.Alpha+t)), math.Log(t/(m.Alpha+t))
	below := 0.0 // Σ_{j<x} of the negative binomial
	for x := range out {
		k := float64(x)
		nb := lgamma(m.R+k) - lgamma(m.R) - lgamma(k+1) + first
		if x > 0 {
			nb += k * z
		}
		out[x] = math.Exp(lbeta(m.A, m.B+k) - base + nb)
		if x > 0 {
			out[x] += math.Exp(lbeta(m.A+1, m.B+k-1)-base) * max(0, 1-below)
		}
		below += math.Exp(nb)
	}
	return out
}

// Pace of somebody alive: λ ~ Gamma(r+x, α+T), and nobody drops out before the next purchase.
func (m BGNBD) Pace(h History) (shape, scale float64) {
	return m.R + float64(h.Repeats), m.Alpha*m.Unit + float64(h.Age)
}
