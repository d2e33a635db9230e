package ltv

import (
	"context"
	"math"
	"time"

	"github.com/huoshui/huoshui/internal/insight/ltv/lifetime"
)

// check fits the model to what was known at the cutoff, and holds it against what came after. Nil, with the verdict's reason, if that cannot be done.
func check(ctx context.Context, q Query, g *gathered, v *Verdict) (*Check, error) {
	days := int(g.to - g.cutoff)
	if days < shortCheck {
		v.doubt("no_holdout", "", float64(days), shortCheck)
		return nil, nil //nolint:nilnil // the verdict says why
	}
	var early []*buyer
	var histories []lifetime.History
	for i := range g.buyers {
		if b := &g.buyers[i]; b.first <= g.cutoff {
			early, histories = append(early, b), append(histories, b.known(g.cutoff))
		}
	}
	m, fit, own, err := fitModel(ctx, q.Model, q.Unit, histories)
	if err != nil {
		return nil, err
	}
	if m == nil {
		r := own.Reasons[0]
		v.Reasons = append(v.Reasons, Reason{Code: "no_holdout", Name: r.Code, Value: r.Value, Limit: r.Limit})
		v.Level = Doubtful // there is a model, or nothing would be checked
		return nil, nil    //nolint:nilnil // the verdict says why
	}
	c := &Check{Cutoff: date(g.cutoff), Days: days, Fit: fit, Frequencies: make([]Checked, 8)}
	for i, b := range early {
		f := &c.Frequencies[min(histories[i].Repeats, 7)]
		f.People++
		f.Actual += float64(b.repeats - b.cutRepeats)
		f.Expected += m.Expected(histories[i], float64(days))
	}
	for i := range c.Frequencies {
		f := &c.Frequencies[i]
		f.Repeats = i
		c.Actual += f.Actual
		c.Expected += f.Expected
		if f.People > 0 {
			f.Actual /= float64(f.People)
			f.Expected /= float64(f.People)
		}
	}
	if c.Actual > 0 {
		c.Error = new(c.Expected/c.Actual - 1)
		if math.Abs(*c.Error) > worstCheck {
			v.doubt("holdout_off", "", *c.Error, worstCheck)
		}
	} else {
		v.doubt("holdout_off", "", math.NaN(), worstCheck)
	}
	c.Weeks = g.weeks(m)
	return c, nil
}

// weeks adds repeat purchase days up, week by week of everybody's time, as they were and as the model expects them of people who come when they
// came.
func (g *gathered) weeks(m lifetime.Model) []Week {
	begin := g.to
	came := map[int32]float64{}
	for i := range g.buyers {
		begin = min(begin, g.buyers[i].first)
		came[g.buyers[i].first]++
	}
	span := int(g.to-begin) + 1
	newcomer := make([]float64, span+1)
	for d := 1; d <= span; d++ {
		newcomer[d] = m.Newcomer(float64(d))
	}
	out := []Week{}
	actual, day := int64(0), begin
	for end := begin + 6; ; end += 7 {
		end = min(end, g.to)
		for ; day <= end; day++ {
			actual += g.repeats[day]
		}
		w := Week{Day: date(end), Actual: float64(actual)}
		for first := begin; first < end; first++ {
			if n := came[first]; n > 0 {
				w.Expected += n * newcomer[end-first]
			}
		}
		out = append(out, w)
		if end == g.to {
			return out
		}
	}
}

func date(day int32) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }

// monthOf numbers the months.
func monthOf(day int32) int {
	at := time.Unix(int64(day)*86400, 0).UTC()
	return at.Year()*12 + int(at.Month()) - 1
}

func monthName(month int) string {
	return time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}
