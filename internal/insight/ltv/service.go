package ltv

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
)

const kind = "ltv"

// StageFit is the stage in which parameters are searched.
const StageFit = "fit"

// Options are what the room works with.
type Options struct {
	Desk    *insight.Desk
	Logger  *slog.Logger
	Writing // of predictions
}

// Service answers.
type Service struct{ o Options }

// New makes the room and registers its kind of question.
func New(ctx context.Context, o Options) (*Service, error) {
	s := &Service{o: o}
	if err := s.writes(ctx, o.Writing); err != nil {
		return nil, err
	}
	s.register()
	return s, nil
}

func (s *Service) register() {
	o := s.o
	insight.Register(o.Desk, insight.Kind[Query, Answer, Of]{
		Name: kind, Summary: "What customers are worth: cohorts so far, and what a model of their purchases expects",
		Common: common, Check: settle, Run: s.run, People: s.people, Table: table,
	})
}

// Ask registers the kind of question alone, without the writing of predictions.
func Ask(d *insight.Desk, log *slog.Logger) { (&Service{o: Options{Desk: d, Logger: log}}).register() }

// threeYears is how far back first purchases may lie if nobody says.
const threeYears = 1096

// common is what all queries share, with this kind's own span.
func common(q *Query) *insight.Common {
	if q.From == "" && q.Last == 0 {
		q.Last = threeYears
	}
	return &q.Common
}

// settle fills in what was not said.
func settle(_ context.Context, q *Query) error {
	if q.Purchase.Event == "" {
		q.Purchase.Event = event.OrderCompleted
	}
	if q.Model == "" {
		q.Model = BGNBD
	}
	if q.Unit == 0 {
		q.Unit = 7
	}
	if q.Days == 0 {
		q.Days = 90
	}
	if q.Cohorts == "" {
		q.Cohorts = ByMonth
	}
	var c fault.Check
	c.That(q.Model == BGNBD || q.Model == Pareto, "model", "the model is bg_nbd or pareto_nbd")
	c.That(q.Cohorts == ByMonth || q.Cohorts == ByChannel, "cohorts", "cohorts are by month or by first_channel")
	c.That(q.Unit > 0 && q.Unit <= 365, "unit", "a unit of time has 1 to 365 days")
	c.That(q.Days > 0 && q.Days <= 1095, "days", "look 1 to 1095 days ahead")
	c.That(q.Cost >= 0, "cost", "a cost is not negative")
	c.That(q.Holdout == nil || *q.Holdout >= 0 && *q.Holdout <= 1830, "holdout", "hold out 0 to 1830 days")
	return c.Err("ltv.invalid", "this cannot be calculated; see errors")
}

// named says of a fault in the one step which field it is.
func named(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for i := range f.Violations {
			f.Violations[i].Field = strings.Replace(f.Violations[i].Field, "purchase[0]", "purchase", 1)
		}
	}
	return err
}

func (s *Service) run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	g, err := s.gather(ctx, r, q, false)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		From: date(g.from), To: date(g.to), Model: q.Model, Unit: q.Unit, Currency: s.o.Desk.Currency(), Cohorts: g.cohorts, All: g.all, Cost: q.Cost,
		Buyers: g.all.People, Orders: g.all.Orders, Revenue: g.all.Revenue,
	}
	for i := range g.buyers {
		if g.buyers[i].repeats > 0 {
			a.Repeaters++
		}
	}
	r.Stage(StageFit, 0)
	e, err := estimates(ctx, q.Model, q.Unit, g)
	if err != nil {
		return Answer{}, err
	}
	if e.model != nil {
		if a.Check, err = check(ctx, q, g, &e.verdict); err != nil {
			return Answer{}, err
		}
		a.Forecast = e.forecast(q.Model, g, q.Days)
	}
	a.Frequencies = g.frequencies(e.model)
	a.Fit, a.Spend, a.Verdict = e.fit, e.spend, e.verdict
	return a, nil
}

// people are those behind a number.
func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	g, err := s.gather(ctx, r, q, of.Who == "cohort")
	if err != nil {
		return nil, err
	}
	in := func(*buyer) bool { return true }
	switch of.Who {
	case "repeaters":
		in = func(b *buyer) bool { return b.repeats > 0 }
	case "frequency":
		in = func(b *buyer) bool { return min(int(b.repeats), 7) == of.Repeats }
		if of.Checked {
			in = func(b *buyer) bool { return b.first <= g.cutoff && min(int(b.cutRepeats), 7) == of.Repeats }
		}
	case "cohort":
		group := insight.Group{Key: of.Cohort, None: of.None, Rest: of.Rest}
		in = func(b *buyer) bool { return g.cohorts[g.people[b.person]].Same(group) }
	case "band":
		r.Stage(StageFit, 0)
		e, err := estimates(ctx, q.Model, q.Unit, g)
		if err != nil {
			return nil, err
		}
		if e.model == nil {
			return roaring64.New(), nil
		}
		in = func(b *buyer) bool { return band(q.Model, b, e.model.Alive(b.history(g.to))) == of.Band }
	}
	found := roaring64.New()
	for i := range g.buyers {
		if in(&g.buyers[i]) {
			found.Add(uint64(g.buyers[i].person))
		}
	}
	return found, nil
}
