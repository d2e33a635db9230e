package funnel

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Service answers funnels.
type Service struct{ desk *insight.Desk }

// Register makes the funnel a kind of question.
func Register(d *insight.Desk) *Service {
	s := &Service{desk: d}
	insight.Register(d, insight.Kind[Query, Answer, Of]{
		Name: "funnel", Summary: "How many people do one thing after another, and where they fall out",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check:  s.check, Run: s.run, People: s.people, Table: tabulate,
	})
	return s
}

// question is a query made ready.
type question struct {
	frame
	q     Query
	plan  *insight.Plan
	parts *calendar.Parts
}

func (s *Service) ready(ctx context.Context, r *insight.Run, q Query) (*question, error) {
	days, err := s.desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	window, _ := parseWindow(q.Window)
	qn := &question{q: q, parts: days.Parts(q.Grain)}
	qn.frame = frame{
		n: len(q.Steps), window: window.Microseconds(), start: days.Start().UnixMicro(), end: days.End().UnixMicro(), order: q.Order,
	}
	tomorrow := calendar.Midnight(s.desk.Today().AddDate(0, 0, 1), s.desk.Zone()).UnixMicro()
	qn.until = min(qn.end+qn.window, tomorrow) // an attempt begins before the end of the range
	for k, step := range q.Steps {
		twin := -1
		for j := range k {
			if q.Steps[j].Event == step.Event && q.Steps[j].Where == step.Where {
				twin = j
			}
		}
		qn.twins = append(qn.twins, twin)
	}
	need := insight.Need{Steps: slices.Clone(q.Steps), People: q.People, Breakdown: q.Breakdown}
	for _, e := range q.Exclude {
		qn.exclude = append(qn.exclude, between{e.From, e.To})
		need.Steps = append(need.Steps, e.Step)
	}
	if err := s.checkProperty(ctx, q); err != nil {
		return nil, err
	}
	qn.plan, err = s.desk.Plan(ctx, r, need)
	return qn, err
}

// checkProperty sees that the event of the first step has the property of the breakdown: the group is the first event's.
func (s *Service) checkProperty(ctx context.Context, q Query) error {
	b := q.Breakdown
	if b == nil || b.By != insight.ByProperty || q.Order == Any || b.Name == "" || b.Name == "revenue" {
		return nil
	}
	first := q.Steps[0].Event
	if first == "" {
		return insight.Invalid("insight.breakdown", "breakdown.by", "the groups are told by the event of the first step, and any activity has no property of its own: choose an event, or split by something of the person")
	}
	schema, err := s.desk.Schema(ctx)
	if err != nil || schema == nil || schema.Properties == nil {
		return err
	}
	fields := schema.Properties(first)
	if !slices.ContainsFunc(fields, func(f rule.Field) bool { return f.Name == b.Name }) {
		for _, step := range q.Steps[1:] {
			if slices.ContainsFunc(schema.Properties(step.Event), func(f rule.Field) bool { return f.Name == b.Name }) {
				return insight.Invalid("insight.property_unknown", "breakdown.name", "the groups are told by the event of the first step, and %q has no property %q; %q has", first, b.Name, step.Event)
			}
		}
	}
	return nil
}

// worker is what one goroutine counts in.
type worker struct {
	*walker
	tally
}

func (qn *question) begin(*insight.View) *worker {
	return &worker{walker: newWalker(qn.frame), tally: newTally(qn)}
}

// walk lets every person go through the funnel; each who does the first step is told about, with the groups that he is in.
func (qn *question) walk(ctx context.Context, r *insight.Run, each func(w *worker, person int64, groups []int)) ([]*worker, error) {
	of := 0 // groups of nothing, people or events
	if b := qn.q.Breakdown; b != nil {
		if of = 1; b.EventBreakdown() {
			of = 2
		}
	}
	return insight.Scan(ctx, r, qn.plan, qn.start, qn.begin, func(w *worker, v *insight.View, person int64, q *timeline.Sequence) {
		if len(q.Times) == 0 {
			return
		}
		w.learn(v)
		if w.person(q); w.best.level == 0 {
			return
		}
		groups := w.none[:0]
		switch of {
		case 1:
			groups = v.Groups(person)
		case 2:
			groups = append(groups, v.EventGroup(q, w.best.first))
		}
		each(w, person, groups)
	})
}

func (s *Service) run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	qn, err := s.ready(ctx, r, q)
	if err != nil {
		return Answer{}, err
	}
	workers, err := qn.walk(ctx, r, func(w *worker, _ int64, groups []int) { w.tell(&w.best, groups) })
	if err != nil {
		return Answer{}, err
	}
	return qn.answer(workers, s.desk.Now().UnixMicro()), nil
}

func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	qn, err := s.ready(ctx, r, q)
	if err != nil {
		return nil, err
	}
	wanted, err := qn.wanted(of)
	if err != nil {
		return nil, err
	}
	workers, err := qn.walk(ctx, r, func(w *worker, person int64, groups []int) {
		w.weigh(groups)
		if !wanted(&w.best) {
			return
		}
		if of.Group == nil {
			w.found = append(w.found, uint64(person)) //nolint:gosec // ids are positive
			return
		}
		for _, g := range groups {
			w.behind[g] = append(w.behind[g], uint64(person)) //nolint:gosec // ids are positive
		}
	})
	if err != nil {
		return nil, err
	}
	out := roaring64.New()
	for _, w := range workers {
		out.AddMany(w.found)
	}
	if of.Group == nil {
		return out, nil
	}
	grouping := qn.groups(workers)
	at, ok := grouping.Find(*of.Group)
	if !ok {
		return out, nil
	}
	for i, w := range workers {
		for g, people := range w.behind {
			if grouping.At(i, g) == at {
				out.AddMany(people)
			}
		}
	}
	return out, nil
}
