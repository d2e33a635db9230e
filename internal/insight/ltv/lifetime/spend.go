package lifetime

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Spend is what a buyer spent on repeat purchase days: on how many, and on average. Mean is in any unit of money, above 0.
type Spend struct {
	Days int
	Mean float64
}

// GammaGamma is the Gamma-Gamma model: what a person spends a day is Gamma(P, ν) with ν ~ Gamma(Q, V) from person to person.
type GammaGamma struct{ P, Q, V float64 }

// Population is what people spend a day on average, pv/(q−1); infinite unless q > 1.
func (m GammaGamma) Population() float64 {
	if m.Q <= 1 {
		return math.Inf(1)
	}
	return m.P * m.V / (m.Q - 1)
}

// Expected is what somebody spends a day: equation (5) of the note, p(v + x·z̄)/(px + q − 1).
func (m GammaGamma) Expected(s Spend) float64 {
	x := float64(s.Days)
	if x == 0 {
		return m.Population()
	}
	return m.P * (m.V + x*s.Mean) / (m.P*x + m.Q - 1)
}

// gammaGamma is the log-likelihood and its gradient by (p, q, v), equation (1a) of the note:
//
//	ln Γ(px+q) − ln Γ(px) − ln Γ(q) + q ln v + (px−1) ln z̄ + px ln x − (px+q) ln(v + x z̄)
type gammaGamma struct {
	list []Spend // by days
	logs []float64
}

// newGammaGamma puts people in order, so that the sum does not depend on theirs.
func newGammaGamma(list []Spend) *gammaGamma {
	l := &gammaGamma{list: slices.Clone(list)}
	slices.SortFunc(l.list, func(a, b Spend) int { return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Mean, b.Mean)) })
	l.logs = make([]float64, len(l.list))
	for i, s := range l.list {
		l.logs[i] = math.Log(s.Mean)
	}
	return l
}

func (l *gammaGamma) names() []string { return []string{"p", "q", "v"} }

func (l *gammaGamma) starts() [][]float64 {
	sum, days := 0.0, 0.0
	for _, s := range l.list {
		sum += s.Mean * float64(s.Days)
		days += float64(s.Days)
	}
	mean := sum / max(1, days)
	return [][]float64{{1, 2, mean}, {6, 4, mean / 2}, {2, 10, 4.5 * mean}, {10, 1.5, mean / 20}}
}

func (l *gammaGamma) size() (kinds int, people float64) { return len(l.list), float64(len(l.list)) }

func (l *gammaGamma) pick(keep func(i int) bool) likelihood {
	out := &gammaGamma{}
	for i, s := range l.list {
		if keep(i) {
			out.list, out.logs = append(out.list, s), append(out.logs, l.logs[i])
		}
	}
	return out
}

func (l *gammaGamma) eval(t, grad []float64) float64 {
	p, q, v := t[0], t[1], t[2]
	var sum, gp, gq, gv, base, up, down float64
	logV, lq, dq := math.Log(v), lgamma(q), mathext.Digamma(q)
	for i, s := range l.list {
		x := float64(s.Days)
		if i == 0 || s.Days != l.list[i-1].Days {
			base = lgamma(p*x+q) - lgamma(p*x) - lq + q*logV + p*x*math.Log(x)
			up, down = mathext.Digamma(p*x+q), mathext.Digamma(p*x)
		}
		all := v + x*s.Mean
		logAll := math.Log(all)
		sum += base + (p*x-1)*l.logs[i] - (p*x+q)*logAll
		gp += x * (up - down + l.logs[i] + math.Log(x) - logAll)
		gq += up - dq + logV - logAll
		gv += q/v - (p*x+q)/all
	}
	grad[0], grad[1], grad[2] = gp, gq, gv
	return sum
}
