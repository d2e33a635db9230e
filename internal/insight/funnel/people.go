package funnel

import (
	"time"

	"github.com/huoshui/huoshui/internal/insight"
)

// wanted says which measured attempts are those of a number of the answer, groups aside.
func (qn *question) wanted(of Of) (func(*attempt) bool, error) {
	bad := func(field, format string, args ...any) error {
		return insight.Invalid("insight.of", "of."+field, format, args...)
	}
	k := of.Step
	if k < 1 || k > qn.n {
		return nil, bad("step", "the funnel has the steps 1 … %d", qn.n)
	}
	dropped := of.Who == Dropped
	if dropped && k == 1 {
		return nil, bad("step", "nobody drops out before the first step: take a later one")
	}
	if of.Group != nil && qn.q.Breakdown == nil {
		return nil, bad("group", "the funnel has no breakdown: leave the group out")
	}
	part := -1
	if of.Date != "" {
		day, err := time.Parse(time.DateOnly, of.Date)
		if err != nil {
			return nil, bad("date", "a day is written like 2026-03-31")
		}
		if part = qn.parts.Of(day); part < 0 {
			return nil, bad("date", "no %s of the range begins on %s", qn.q.Grain, of.Date)
		}
	}
	since := k - 2
	if of.Whole {
		since = 0
	}
	if of.Wait != nil && (k == 1 || dropped) {
		return nil, bad("wait", "only who came to a step after the first has waited for it")
	}
	return func(a *attempt) bool {
		if a.level < k-1 || (a.level >= k) == dropped {
			return false
		}
		if part >= 0 && qn.parts.At(a.times[0]) != part {
			return false
		}
		if of.Wait != nil {
			waited := seconds(a.times[k-1] - a.times[since])
			return waited >= of.Wait.From && waited < of.Wait.To
		}
		return true
	}, nil
}

func seconds(us int64) float64 { return float64(us) / 1e6 }
