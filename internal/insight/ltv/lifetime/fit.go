package lifetime

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Parameter is a parameter with its standard error.
type Parameter struct {
	Name  string   `json:"name"`
	Value float64  `json:"value"`
	Error *float64 `json:"error" doc:"Standard error; null if the data do not tell"`
}

// Fit is what the search for the greatest likelihood came to.
type Fit struct {
	Parameters []Parameter `json:"parameters"`
	// LogLikelihood at the parameters.
	LogLikelihood float64 `json:"log_likelihood"`
	Starts        int     `json:"starts"   doc:"From how many points the search began"`
	Agreeing      int     `json:"agreeing" doc:"How many of them came to the same likelihood, within 0.01"`
	Evaluations   int     `json:"evaluations"`
	// Gradient is the greatest slope left, per person and by the logarithm of a parameter.
	Gradient  float64  `json:"gradient"`
	Converged bool     `json:"converged"`
	Border    []string `json:"border" doc:"Parameters that ran to the border of what can be told apart"`
}

// Value is a parameter by name, 0 if there is none.
func (f *Fit) Value(name string) float64 {
	for _, p := range f.Parameters {
		if p.Name == name {
			return p.Value
		}
	}
	return 0
}

// likelihood is a function of positive parameters.
type likelihood interface {
	names() []string
	starts() [][]float64
	// eval is the log-likelihood; grad receives the slope by each parameter.
	eval(params, grad []float64) float64
	// size is how many different people it goes over, and how many they are.
	size() (kinds int, people float64)
	// pick is the function of some of them.
	pick(keep func(i int) bool) likelihood
}

// shared is a function summed up on all cores: always in the same parts and the same order, so that it does not matter how many cores there are.
type shared struct {
	likelihood

	parts  []likelihood
	values []float64
	grads  [][]float64
}

const (
	parts = 8
	// few is how many different people one core does at once.
	few = 2000
	// thinned is about how many different people the first search goes over.
	thinned = 3000
)

// share is the function for another goroutine, on all cores if that is worth it.
func share(l likelihood) likelihood {
	kinds, _ := l.size()
	if kinds <= few {
		return l.pick(func(int) bool { return true })
	}
	s := &shared{likelihood: l, values: make([]float64, parts), grads: make([][]float64, parts)}
	for k := range parts {
		s.parts = append(s.parts, l.pick(func(i int) bool { return i*parts/kinds == k }))
		s.grads[k] = make([]float64, len(l.names()))
	}
	return s
}

func (s *shared) eval(params, grad []float64) float64 {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k, l := range s.parts {
		g.Go(func() error {
			s.values[k] = l.eval(params, s.grads[k])
			return nil
		})
	}
	_ = g.Wait() // none fails
	sum := 0.0
	clear(grad)
	for k := range s.parts {
		sum += s.values[k]
		for i := range grad {
			grad[i] += s.grads[k][i]
		}
	}
	return sum
}

// The search stays within these bounds of every parameter; who comes near one has not been told apart from its limit.
const (
	lowest   = 1e-4
	highest  = 1e5
	steep    = 10.0 // what it costs to leave the bounds, by the square of the logarithm
	flat     = 1e-5 // slope per person below which a search has arrived
	agree    = 0.01
	maxMoves = 400
)

// ErrNoFit says that no search came to anything.
var ErrNoFit = errors.New("the likelihood could not be maximised")

// LogLikelihood of the data under the model.
func (m BGNBD) LogLikelihood(d *Data) float64 {
	return (&bgnbd{d: d}).eval([]float64{m.R, m.Alpha, m.A, m.B}, make([]float64, 4))
}

// LogLikelihood of the data under the model.
func (m ParetoNBD) LogLikelihood(d *Data) float64 {
	return (&pareto{d: d}).eval([]float64{m.R, m.Alpha, m.S, m.Beta}, make([]float64, 4))
}

// FitBGNBD fits a BG/NBD model.
func FitBGNBD(ctx context.Context, d *Data) (BGNBD, Fit, error) {
	f, err := fit(ctx, &bgnbd{d: d})
	return BGNBD{f.Value("r"), f.Value("alpha"), f.Value("a"), f.Value("b"), d.unit}, f, err
}

// FitParetoNBD fits a Pareto/NBD model.
func FitParetoNBD(ctx context.Context, d *Data) (ParetoNBD, Fit, error) {
	f, err := fit(ctx, &pareto{d: d})
	return ParetoNBD{f.Value("r"), f.Value("alpha"), f.Value("s"), f.Value("beta"), d.unit}, f, err
}

// FitGammaGamma fits a Gamma-Gamma model. Those without repeat days or with nothing spent say nothing and are left out.
func FitGammaGamma(ctx context.Context, spends []Spend) (GammaGamma, Fit, error) {
	list := slices.DeleteFunc(slices.Clone(spends), func(s Spend) bool { return s.Days <= 0 || !(s.Mean > 0) })
	if len(list) == 0 {
		return GammaGamma{}, Fit{}, ErrNoFit
	}
	f, err := fit(ctx, newGammaGamma(list))
	return GammaGamma{f.Value("p"), f.Value("q"), f.Value("v")}, f, err
}

// point is where one search ended.
type point struct {
	at    []float64 // logarithms of the parameters
	value float64   // −log-likelihood per person, with what leaving the bounds costs
	slope float64
	evals int
}

// fit searches from several points and takes the best. With many different people, it looks for the way among some of them, evenly chosen, and
// goes the last stretch with all.
func fit(ctx context.Context, l likelihood) (Fit, error) {
	kinds, people := l.size()
	if people == 0 {
		return Fit{}, ErrNoFit
	}
	some := l
	if stride := kinds / thinned; stride > 1 {
		some = l.pick(func(i int) bool { return i%stride == stride/2 })
	}
	_, of := some.size()
	found, err := searches(ctx, some, l.starts(), of)
	if err != nil {
		return Fit{}, err
	}
	f := Fit{Starts: len(found), Border: []string{}}
	var best *point
	for _, p := range found {
		if p != nil {
			f.Evaluations += p.evals
			if best == nil || p.value < best.value {
				best = p
			}
		}
	}
	if best == nil {
		return f, ErrNoFit
	}
	for _, p := range found {
		if p != nil && (p.value-best.value)*of < agree {
			f.Agreeing++
		}
	}
	all := share(l)
	if some != l {
		if best, err = search(ctx, all, best.at, people); err != nil || best == nil {
			return f, errors.Join(err, ErrNoFit)
		}
		f.Evaluations += best.evals
	}
	f.Gradient = best.slope
	f.Converged = best.slope < flat
	f.describe(all, best, people)
	return f, nil
}

// searches goes from all starts, on all cores.
func searches(ctx context.Context, l likelihood, starts [][]float64, people float64) ([]*point, error) {
	found := make([]*point, len(starts))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, start := range starts {
		at := make([]float64, len(start))
		for k, v := range start {
			at[k] = math.Log(min(max(v, lowest), highest))
		}
		g.Go(func() error {
			p, err := search(ctx, l.pick(func(int) bool { return true }), at, people)
			found[i] = p
			return err
		})
	}
	return found, g.Wait()
}

// describe fills in parameters, errors and borders.
func (f *Fit) describe(l likelihood, best *point, people float64) {
	names := l.names()
	errs := deviations(l, best.at, people)
	params := make([]float64, len(best.at))
	for i, ln := range best.at {
		params[i] = math.Exp(ln)
		p := Parameter{Name: names[i], Value: params[i]}
		if errs != nil {
			e := errs[i] * params[i] // delta method: the error was of the logarithm
			p.Error = &e
		}
		if params[i] < lowest*2 || params[i] > highest/2 || errs != nil && errs[i] > 2 {
			f.Border = append(f.Border, names[i])
		}
		f.Parameters = append(f.Parameters, p)
	}
	f.LogLikelihood = l.eval(params, make([]float64, len(params)))
}

// target is what is made small: −log-likelihood per person by the logarithms of the parameters, which are pulled back into their bounds.
func target(l likelihood, at, grad []float64, people float64) float64 {
	params := make([]float64, len(at))
	for i, ln := range at {
		params[i] = math.Exp(min(max(ln, math.Log(lowest)-3), math.Log(highest)+3)) // beyond, only the pull back counts
	}
	value := -l.eval(params, grad) / people
	for i := range grad {
		grad[i] *= -params[i] / people
		if out := at[i] - math.Log(highest); out > 0 {
			value += steep * out * out
			grad[i] += 2 * steep * out
		}
		if out := math.Log(lowest) - at[i]; out > 0 {
			value += steep * out * out
			grad[i] -= 2 * steep * out
		}
	}
	if math.IsNaN(value) {
		return math.Inf(1)
	}
	return value
}

// watch ends a search with its context.
type watch struct{ done <-chan struct{} }

var errStopped = errors.New("stopped")

func (w watch) Init() error { return nil }

// Record is called at every step.
func (w watch) Record(*optimize.Location, optimize.Operation, *optimize.Stats) error {
	select {
	case <-w.done:
		return errStopped
	default:
		return nil
	}
}

// search goes downhill from one point (logarithms) by BFGS; nil if it came to nothing.
func search(ctx context.Context, l likelihood, at []float64, people float64) (*point, error) {
	p := &point{}
	grad := make([]float64, len(at))
	settings := &optimize.Settings{
		GradientThreshold: 1e-9, MajorIterations: maxMoves, Concurrent: 1, Recorder: watch{ctx.Done()},
		Converger: &optimize.FunctionConverge{Absolute: 1e-13, Iterations: 8},
	}
	// Value and slope are asked for one after the other, and cost as much as both.
	var asked []float64
	var value float64
	look := func(x []float64) {
		if !slices.Equal(x, asked) {
			p.evals++
			asked, value = append(asked[:0], x...), target(l, x, grad, people)
		}
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { look(x); return value },
		Grad: func(g, x []float64) { look(x); copy(g, grad) },
	}
	for range 2 { // a search that got stuck begins once more where it stopped, with a fresh idea of the slope
		res, err := optimize.Minimize(problem, at, settings, &optimize.BFGS{})
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("fit: %w", err)
		}
		if res == nil || math.IsInf(res.F, 0) || math.IsNaN(res.F) {
			return nil, nil //nolint:nilnil,nilerr // this start leads nowhere; others may
		}
		look(res.X)
		at, p.value = res.X, value
		p.slope = 0
		for _, g := range grad {
			p.slope = max(p.slope, math.Abs(g))
		}
		if err == nil && p.slope < flat/10 {
			break
		}
	}
	p.at = at
	return p, nil
}

// deviations are the standard errors of the logarithms of the parameters: the diagonal of the inverse of the curvature (Fisher information as
// observed); nil if there is no peak.
func deviations(l likelihood, at []float64, people float64) []float64 {
	const h = 1e-4
	n := len(at)
	curve := mat.NewSymDense(n, nil)
	rows := make([][]float64, n)
	for i := range at {
		up, down := make([]float64, n), make([]float64, n)
		x := slices.Clone(at)
		x[i] = at[i] + h
		target(l, x, up, people)
		x[i] = at[i] - h
		target(l, x, down, people)
		rows[i] = make([]float64, n)
		for k := range up {
			rows[i][k] = (up[k] - down[k]) / (2 * h) * people
			if math.IsNaN(rows[i][k]) || math.IsInf(rows[i][k], 0) {
				return nil
			}
		}
	}
	for i := range n {
		for k := i; k < n; k++ {
			curve.SetSym(i, k, (rows[i][k]+rows[k][i])/2)
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(curve) {
		return nil
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Sqrt(inverse.At(i, i))
	}
	return out
}
