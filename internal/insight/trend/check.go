package trend

import (
	"context"
	"errors"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// The bounds of a question.
const (
	maxSeries   = 10
	maxFormulas = 10
	maxPoints   = 4000
	maxCells    = 500_000    // points × groups × series
	maxValues   = 32_000_000 // kept for percentiles
)

// check looks at a query by itself and fills in what is usual.
func check(_ context.Context, q *Query) error {
	var c fault.Check
	c.That(len(q.Series) >= 1 && len(q.Series) <= maxSeries, "body.series", "ask for 1 to %d series", maxSeries)
	c.That(len(q.Formulas) <= maxFormulas, "body.formulas", "at most %d formulas", maxFormulas)
	for i := range q.Series {
		checkSeries(&c, q, i)
	}
	for i, f := range q.Formulas {
		at := fmt.Sprintf("body.formulas[%d].text", i)
		_, err := parseFormula(f.Text, len(q.Series))
		if bad, ok := errors.AsType[*syntaxError](err); ok {
			c.That(false, at, "%s (at character %d)", bad.Message, bad.At+1)
		}
	}
	if q.Grain == "" {
		q.Grain = Day
	}
	c.That(q.Grain == Hour || q.Grain == Day || q.Grain == Week || q.Grain == Month, "body.grain", "hour, day, week or month")
	c.That(q.Compare == Nothing || q.Compare == Former || q.Compare == Year, "body.compare", "former or year")
	c.That(q.Smooth >= 0 && q.Smooth <= 90, "body.smooth", "a moving average is of at most 90 points")
	return c.Err("trend.invalid", "this trend cannot be asked for; see errors")
}

func checkSeries(c *fault.Check, q *Query, i int) {
	s := &q.Series[i]
	if s.Measure == "" {
		s.Measure = Count
	}
	at := fmt.Sprintf("body.series[%d].", i)
	_, percentile := s.Measure.quantile()
	switch {
	case s.Measure == Count || s.Measure == People || s.Measure == PerPerson:
		s.Of = ""
	case !s.Measure.ofValues():
		c.That(false, at+"measure", "there is no measure %q", string(s.Measure))
	case s.Of == "":
		c.That(false, at+"of", "say of which property")
	case s.Event == "" && s.Of != Revenue:
		c.That(false, at+"of", "any activity has no property of its own; choose an event, or revenue")
	}
	c.That(!percentile || !q.Cumulative, "body.cumulative", "a percentile has no running value; choose another measure, or none")
}

func tooMany(points int) error {
	return fault.New(fault.Invalid, "insight.too_many_points", "the range has %d points, at most %d can be shown; choose a longer grain or fewer days", points, maxPoints)
}

func tooBig() error {
	return fault.New(fault.Invalid, "insight.too_many_groups", "groups times points are too many to count at once; choose fewer groups, a longer grain or fewer days")
}

func tooManyValues() error {
	return fault.New(fault.Invalid, "insight.too_many_values", "a percentile is exact and keeps all values, at most %d million; choose fewer days, or average instead", maxValues/1_000_000)
}
