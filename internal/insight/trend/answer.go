package trend

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/money"
)

// curve is a line while it is reckoned with. NaN is null; amounts are in minor units.
type curve struct {
	values, running []float64
	total           float64
}

// curves are those of all series and formulas of one group in one range.
func (c *counting) curves(t *table, group int, formulas []*formula, scale float64) []curve {
	var out []curve
	isMoney := c.q.money()
	for i := range c.q.Series {
		var v curve
		v.values, v.total, v.running = t.series[i].figures(group, c.q.Series[i].Of == Revenue && c.q.Series[i].Measure.ofValues())
		out = append(out, v)
	}
	series := slices.Clip(out)
	for _, f := range formulas {
		// Formulas reckon in major units, as people do: "A - B * 5" takes five yuan each.
		back := 1.0
		if f.money(isMoney) {
			back = scale
		}
		at := func(pick func(curve) float64) float64 {
			in := make([]float64, len(series))
			for i, s := range series {
				if in[i] = pick(s); isMoney[i] {
					in[i] /= scale
				}
			}
			return f.eval(in) * back
		}
		v := curve{total: at(func(s curve) float64 { return s.total })}
		for k := range t.parts {
			v.values = append(v.values, at(func(s curve) float64 { return s.values[k] }))
			v.running = append(v.running, at(func(s curve) float64 { return s.running[k] }))
		}
		out = append(out, v)
	}
	return out
}

// money says which series are amounts.
func (q *Query) money() []bool {
	out := make([]bool, len(q.Series))
	for i, s := range q.Series {
		out[i] = s.Of == Revenue && s.Measure.ofValues()
	}
	return out
}

// parsed are the formulas. They were checked.
func (q *Query) parsed() ([]*formula, error) {
	var out []*formula
	for _, f := range q.Formulas {
		p, err := parseFormula(f.Text, len(q.Series))
		if err != nil {
			return nil, fmt.Errorf("formula %q: %w", f.Text, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// unit is what a line is in.
func (q *Query) unit(line int, formulas []*formula) Unit {
	if line >= len(q.Series) {
		switch f := line - len(q.Series); {
		case q.Formulas[f].Percent:
			return Share
		case formulas[f].money(q.money()):
			return Money
		}
		return Number
	}
	switch s := q.Series[line]; {
	case s.Measure == Count:
		return Events
	case s.Measure == People:
		return Persons
	case s.Of == Revenue && s.Measure.ofValues():
		return Money
	}
	return Number
}

// answer puts what was counted into words.
func (c *counting) answer(got *counted, r calendar.Range, beside []int, now time.Time, currency string) (Answer, error) {
	formulas, err := c.q.parsed()
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Grain: c.q.Grain, Currency: currency, Points: points(r, c.spans[0], c.q.Grain, now), Lines: []Line{}}
	scale := math.Pow10(money.Digits(currency))
	n := len(c.q.Series) + len(formulas)
	byGroup := make([][2][]curve, len(got.groups.List))
	for g := range byGroup {
		for k, t := range got.tables {
			byGroup[g][k] = c.curves(t, g, formulas, scale)
		}
	}
	for i := range n {
		for g, of := range got.groups.List {
			line := c.line(i, byGroup[g][0][i])
			line.Unit = c.q.unit(i, formulas)
			if c.q.Breakdown != nil {
				line.Group = &of
			}
			if len(got.tables) > 1 {
				line.Former = c.former(line, byGroup[g][1][i], beside)
			}
			a.Lines = append(a.Lines, line)
		}
	}
	if c.q.Breakdown != nil {
		a.Groups = len(got.groups.List)
	}
	return a, nil
}

// line is a series or formula as the answer has it.
func (c *counting) line(i int, v curve) Line {
	l := Line{Values: list(v.values), Total: value(v.total)}
	if i < len(c.q.Series) {
		l.Key, l.Title = string(rune('A'+i)), c.q.Series[i].Title
	} else {
		f := i - len(c.q.Series)
		l.Key, l.Title = fmt.Sprintf("F%d", f+1), c.q.Formulas[f].Title
	}
	if c.q.Cumulative {
		l.Running = list(v.running)
	}
	if c.q.Smooth > 1 {
		l.Smooth = list(smooth(v.values, c.q.Smooth))
	}
	return l
}

// former sets the former range's curve beside the line.
func (c *counting) former(l Line, v curve, beside []int) *FormerLine {
	pick := func(all []float64) []*float64 {
		out := make([]*float64, len(beside))
		for i, at := range beside {
			if at >= 0 {
				out[i] = value(all[at])
			}
		}
		return out
	}
	f := &FormerLine{Values: pick(v.values), Total: value(v.total)}
	if c.q.Cumulative {
		f.Running = pick(v.running)
	}
	if c.q.Smooth > 1 {
		f.Smooth = pick(smooth(v.values, c.q.Smooth))
	}
	if l.Total != nil && f.Total != nil && *f.Total != 0 {
		f.Change = value((*l.Total - *f.Total) / math.Abs(*f.Total))
	}
	return f
}

// smooth is the mean of the last n values, null where one is null or there are fewer.
func smooth(values []float64, n int) []float64 {
	out := make([]float64, len(values))
	for i := range values {
		out[i] = math.NaN()
		if i+1 >= n {
			sum := 0.0
			for _, v := range values[i+1-n : i+1] {
				sum += v
			}
			out[i] = sum / float64(n)
		}
	}
	return out
}

// value is a number for JSON: null instead of what is none.
func value(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return &f
}

func list(all []float64) []*float64 {
	out := make([]*float64, len(all))
	for i, f := range all {
		out[i] = value(f)
	}
	return out
}

// formerSpan says what the range was compared with.
func formerSpan(then calendar.Range, p *calendar.Parts, beside []int, g Grain) *FormerSpan {
	out := &FormerSpan{From: then.From.Format(time.DateOnly), To: then.To.Format(time.DateOnly), At: make([]string, len(beside))}
	for i, at := range beside {
		if at >= 0 {
			out.At[i] = label(p, at, g, then.Zone)
		}
	}
	return out
}
