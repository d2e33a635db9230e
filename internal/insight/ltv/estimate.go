package ltv

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/huoshui/huoshui/internal/insight/ltv/lifetime"
)

// What a fit must have to be believed. Fewer people than the first two, and nothing is fitted at all: parameters of four numbers need some hundred
// people, and those without repeats say little.
const (
	fewBuyers     = 50
	fewRepeaters  = 30
	wideError     = 1.0  // standard error of a parameter, relative to it
	worstCheck    = 0.25 // relative error of what was expected after the cutoff
	leastAgreeing = 2
	shortCheck    = 14 // days: less is no check
	freeOf        = 0.3
)

// estimate is a fitted model with all that is to be said of it.
type estimate struct {
	model   lifetime.Model
	fit     *Fit
	verdict Verdict
	spend   Spend
	money   *lifetime.GammaGamma
}

func (v *Verdict) doubt(code, name string, value, limit float64) {
	r := Reason{Code: code, Name: name}
	if !math.IsNaN(value) && !math.IsInf(value, 0) {
		r.Value = &value
	}
	if limit != 0 {
		r.Limit = &limit
	}
	v.Reasons = append(v.Reasons, r)
	if v.Level == Good {
		v.Level = Doubtful
	}
}

// fitModel fits the model asked for; nil and a verdict of none if there is too little to go by.
func fitModel(ctx context.Context, name Name, unit int, histories []lifetime.History) (lifetime.Model, *Fit, Verdict, error) {
	v := Verdict{Level: Good, Reasons: []Reason{}}
	d := lifetime.Gather(histories, float64(unit))
	if n := d.People(); n < fewBuyers {
		v.doubt("few_buyers", "", float64(n), fewBuyers)
		v.Level = None
	}
	if n := d.Repeaters(); n < fewRepeaters {
		v.doubt("few_repeaters", "", float64(n), fewRepeaters)
		v.Level = None
	}
	if v.Level == None {
		return nil, nil, v, nil
	}
	var m lifetime.Model
	var f lifetime.Fit
	var err error
	if name == Pareto {
		m, f, err = lifetime.FitParetoNBD(ctx, d)
	} else {
		m, f, err = lifetime.FitBGNBD(ctx, d)
	}
	if errors.Is(err, lifetime.ErrNoFit) {
		v.doubt("no_fit", "", math.NaN(), 0)
		v.Level = None
		return nil, nil, v, nil
	}
	if err != nil {
		return nil, nil, v, err
	}
	v.judge(f)
	return m, fitOf(f, d.People()), v, nil
}

func (v *Verdict) judge(f lifetime.Fit) {
	if !f.Converged {
		v.doubt("not_converged", "", f.Gradient, 0)
	}
	if f.Agreeing < leastAgreeing {
		v.doubt("starts_disagree", "", float64(f.Agreeing), leastAgreeing)
	}
	border := map[string]bool{}
	for _, name := range f.Border {
		border[name] = true
		v.doubt("border", name, f.Value(name), 0)
	}
	for _, p := range f.Parameters {
		if border[p.Name] {
			continue
		}
		if p.Error == nil {
			v.doubt("wide_error", p.Name, math.NaN(), wideError)
		} else if wide := *p.Error / p.Value; wide > wideError {
			v.doubt("wide_error", p.Name, wide, wideError)
		}
	}
}

// estimates fits the model and the amounts to everything that is known.
func estimates(ctx context.Context, name Name, unit int, g *gathered) (*estimate, error) {
	histories := make([]lifetime.History, len(g.buyers))
	for i := range g.buyers {
		histories[i] = g.buyers[i].history(g.to)
	}
	e := &estimate{}
	var err error
	if e.model, e.fit, e.verdict, err = fitModel(ctx, name, unit, histories); err != nil || e.model == nil {
		return e, err
	}
	return e, e.amounts(ctx, g)
}

// amounts fits what a purchase day is worth.
func (e *estimate) amounts(ctx context.Context, g *gathered) error {
	var list []lifetime.Spend
	var often, much []float64
	sum := 0.0
	for i := range g.buyers {
		if s := g.buyers[i].spend(); s.Days > 0 && s.Mean > 0 {
			list = append(list, s)
			often, much = append(often, float64(s.Days)), append(much, s.Mean)
			sum += s.Mean
		}
	}
	if len(list) > 0 {
		e.spend.Actual = new(sum / float64(len(list)))
	}
	if len(list) < fewRepeaters {
		e.verdict.doubt("few_amounts", "", float64(len(list)), fewRepeaters)
		return nil
	}
	if c := stat.Correlation(often, much, nil); !math.IsNaN(c) {
		e.spend.Correlation = &c
		if math.Abs(c) > freeOf {
			e.verdict.doubt("spend_depends", "", c, freeOf)
		}
	}
	m, f, err := lifetime.FitGammaGamma(ctx, list)
	if errors.Is(err, lifetime.ErrNoFit) {
		e.verdict.doubt("spend_not_converged", "", math.NaN(), 0)
		return nil
	}
	if err != nil {
		return err
	}
	e.spend.Fit = fitOf(f, len(list))
	if !f.Converged {
		e.verdict.doubt("spend_not_converged", "", f.Gradient, 0)
		return nil
	}
	if m.Q <= 1 {
		e.verdict.doubt("spend_no_mean", "q", m.Q, 1)
		return nil
	}
	e.money, e.spend.Mean = &m, new(m.Population())
	return nil
}

// prediction is what a buyer is expected to do in the days ahead.
type prediction struct {
	alive, orders float64
	value         *float64 // minor units
	next          int32    // day; 0 if it cannot be said
}

// horizonNext is how far ahead a next purchase is looked for, in days.
const horizonNext = 730

// predict looks some days ahead.
func (e *estimate) predict(b *buyer, end int32, days int) prediction {
	h := b.history(end)
	p := prediction{alive: e.model.Alive(h), orders: e.model.Expected(h, float64(days))}
	if e.money != nil {
		s := b.spend()
		if s.Mean <= 0 {
			s.Days = 0 // amounts are not known
		}
		p.value = new(p.orders * e.money.Expected(s))
	}
	// The day by which it is likelier than not that the person has bought again: alive · (1 − (scale/(scale+t))^shape) = ½.
	if p.alive > 0.5 {
		shape, scale := e.model.Pace(h)
		if t := scale * math.Expm1(-math.Log1p(-0.5/p.alive)/shape); t <= horizonNext {
			p.next = end + max(1, int32(math.Ceil(t)))
		}
	}
	return p
}

// bandsAt are where bands of the probability of being a customer begin.
func bandsAt() []float64 { return []float64{0.8, 0.6, 0.4, 0.2, 0} }

// band is a buyer's place in the list of bands: first those by probability, the likeliest first, then those of whom nothing can be told.
func band(name Name, b *buyer, alive float64) int {
	cuts := bandsAt()
	if name == BGNBD && b.repeats == 0 {
		return len(cuts)
	}
	for i, from := range cuts {
		if alive >= from {
			return i
		}
	}
	return len(cuts) - 1
}

// forecast adds up what everybody is expected to do.
func (e *estimate) forecast(name Name, g *gathered, days int) *Forecast {
	f := &Forecast{Days: days}
	cuts := bandsAt()
	values, total := make([]float64, len(cuts)+1), 0.0
	for i, from := range cuts {
		to := 1.0
		if i > 0 {
			to = cuts[i-1]
		}
		f.Bands = append(f.Bands, Band{From: from, To: to})
	}
	if name == BGNBD {
		f.Bands = append(f.Bands, Band{Once: true, To: 1})
	}
	for i := range g.buyers {
		p := e.predict(&g.buyers[i], g.to, days)
		at := band(name, &g.buyers[i], p.alive)
		b := &f.Bands[at]
		b.People++
		b.Alive += p.alive
		b.Orders += p.orders
		f.Alive += p.alive
		f.Orders += p.orders
		if p.value != nil {
			values[at] += *p.value
			total += *p.value
		}
	}
	if e.money != nil {
		f.Value = new(int64(math.Round(total)))
		for i := range f.Bands {
			f.Bands[i].Value = new(int64(math.Round(values[i])))
		}
	}
	return f
}

// frequencies is how many people have 0, 1, … 7 and more repeats, and how many the model expects: the sum over people of the chances after the
// time that each was observed.
func (g *gathered) frequencies(m lifetime.Model) []Frequency {
	const n = 8
	out := make([]Frequency, n)
	ages := map[int]float64{}
	for i := range out {
		out[i].Repeats = i
	}
	for i := range g.buyers {
		out[min(int(g.buyers[i].repeats), n-1)].People++
		ages[int(g.to-g.buyers[i].first)]++
	}
	if m == nil {
		return out
	}
	expected := make([]float64, n)
	for age := range int(g.to-g.from) + 1 { // in order, so that the sum is always the same
		people := ages[age]
		if people == 0 {
			continue
		}
		rest := people
		if age > 0 {
			for x, p := range m.Chances(n-1, float64(age)) {
				expected[x] += people * p
				rest -= people * p
			}
		} else {
			expected[0] += people
			rest = 0
		}
		expected[n-1] += max(0, rest)
	}
	for i := range out {
		out[i].Expected = &expected[i]
	}
	return out
}
