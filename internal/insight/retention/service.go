package retention

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Options are what the room works with.
type Options struct {
	Desk   *insight.Desk
	Events Events // the warehouse, for Reconcile
}

// Service answers.
type Service struct{ o Options }

const kind = "retention"

// New makes the room and registers its kind of question.
func New(o Options) *Service {
	s := &Service{o}
	insight.Register(o.Desk, insight.Kind[Query, Answer, Of]{
		Name: kind, Summary: "Of the people who did one thing, who came back in later periods",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check:  s.check, Run: s.run, People: s.people, Table: table,
	})
	return s
}

const mostPeriods = 400

// check fills in what was not said, and makes the range one of whole periods.
func (s *Service) check(_ context.Context, q *Query) error {
	if q.Grain == "" {
		q.Grain = calendar.ByDay
	}
	if q.Starts == "" {
		q.Starts = First
	}
	if q.Mode == "" {
		q.Mode = Nth
	}
	if q.Return == nil {
		same := q.Start
		same.Title = ""
		q.Return = &same
		if q.Value && q.Start.Event == "" { // amounts of whatever has one would be no revenue: cancelled orders have them, too
			q.Return = &insight.Step{Event: event.OrderCompleted}
		}
	}
	var c fault.Check
	c.That(q.Grain == calendar.ByDay || q.Grain == calendar.ByWeek || q.Grain == calendar.ByMonth, "grain", "a period is a day, week or month")
	c.That(q.Starts == First || q.Starts == Recurring, "starts", "starts are first or recurring")
	c.That(q.Mode == Nth || q.Mode == After || q.Mode == Bracket, "mode", "the mode is nth, after or bracket")
	c.That(q.Periods >= 0 && q.Periods <= 366, "periods", "take at most 366 periods")
	c.That(!q.Value || q.Return.Event != "", "return", "say the returns of which event are worth something; of any activity it would mix orders with their cancellations")
	c.That((q.Mode == Bracket) == (len(q.Brackets) > 0), "brackets", "mode bracket has brackets, other modes have none")
	last := -1
	for _, b := range q.Brackets {
		c.That(b.From > last && b.To >= b.From && b.To <= 366, "brackets", "brackets are ascending, do not overlap, and end at 366 at the latest")
		last = b.To
	}
	return c.Err("retention.invalid", "this cannot be counted; see errors")
}

// frame is the query's periods.
func (s *Service) frame(q Query) (*frame, error) {
	r, err := s.o.Desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	today := s.o.Desk.Today()
	r = whole(r, q.Grain, today)
	until := r.To
	if q.Until != "" {
		day, err := time.Parse(time.DateOnly, q.Until)
		if err != nil {
			return nil, insight.Invalid("retention.invalid", "until", "until is a day, written like 2026-03-31")
		}
		if until = whole(calendar.Range{From: r.From, To: day, Zone: r.Zone}, q.Grain, today).To; until.Before(r.To) {
			until = r.To
		}
	}
	n := 0
	for day := r.From; !day.After(until); day = q.Grain.Next(day) {
		n++
	}
	if n > mostPeriods {
		return nil, insight.Invalid("retention.too_many_periods", "grain", "these are %d periods, at most %d can be looked at; take a shorter range, weeks or months", n, mostPeriods)
	}
	return newFrame(r, until, q, today), nil
}

// worker is what one worker counts.
type worker struct {
	*walker
	f       *frame
	periods *tally // rows by period of the start
	groups  *tally // rows by the worker's groups; nil without a breakdown
	event   bool   // groups are of the start event
	found   *roaring64.Bitmap
	behind  []grouped
	weights []int64
}

// grouped is a person behind a number, by the worker's group.
type grouped struct {
	group  int
	person int64
}

func (s *Service) scan(ctx context.Context, r *insight.Run, q Query, f *frame, each func(w *worker, v *insight.View, person int64, seq *timeline.Sequence, st *start)) (*insight.Plan, []*worker, error) {
	p, err := s.o.Desk.Plan(ctx, r, insight.Need{Steps: []insight.Step{q.Start, *q.Return}, People: q.People, Breakdown: q.Breakdown})
	if err != nil {
		return nil, nil, named(err)
	}
	begin := func(v *insight.View) *worker {
		starts, returns := v.Step(0), v.Step(1)
		kind := func(name uint16) (k uint8) {
			if starts.Name(name) {
				k |= mayStart
			}
			if returns.Name(name) {
				k |= mayReturn
			}
			return k
		}
		kinds := make([]uint8, len(v.Names()))
		for name := range kinds {
			kinds[name] = kind(uint16(name)) //nolint:gosec // names have 16 bits
		}
		w := &worker{walker: newWalker(f, starts, returns, kinds, kind), f: f, periods: newTally(f, f.cohorts), event: q.Breakdown.EventBreakdown(), found: roaring64.New()}
		if q.Breakdown != nil {
			w.groups = newTally(f, 0)
		}
		return w
	}
	var from int64 // all of it: a first start may lie anywhere
	if !f.first {
		from = f.parts.Starts[0]
	}
	workers, err := insight.Scan(ctx, r, p, from, begin, func(w *worker, v *insight.View, person int64, seq *timeline.Sequence) {
		w.walk(seq)
		for i := range w.person.starts {
			each(w, v, person, seq, &w.person.starts[i])
		}
	})
	return p, workers, err
}

// named says of a fault in a step which of the two it is.
func named(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for i := range f.Violations {
			v := &f.Violations[i]
			v.Field = strings.Replace(strings.Replace(v.Field, "steps[0]", "start", 1), "steps[1]", "return", 1)
		}
	}
	return err
}

func (s *Service) run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	f, err := s.frame(q)
	if err != nil {
		return Answer{}, err
	}
	p, workers, err := s.scan(ctx, r, q, f, func(w *worker, v *insight.View, person int64, seq *timeline.Sequence, st *start) {
		w.periods.add(st.period, &w.person, st)
		if w.groups == nil {
			return
		}
		if w.event {
			w.groups.add(v.EventGroup(seq, st.event), &w.person, st)
			return
		}
		for _, g := range v.Groups(person) {
			w.groups.add(g, &w.person, st)
		}
	})
	if err != nil {
		return Answer{}, err
	}
	all := newTally(f, f.cohorts)
	for _, w := range workers {
		for p := range f.cohorts {
			all.merge(p, w.periods, p)
		}
	}
	a := Answer{From: f.parts.Days[0].Format(time.DateOnly), To: f.to.Format(time.DateOnly), Until: f.until.Format(time.DateOnly), Grain: q.Grain, Mode: q.Mode, Starts: q.Starts, Columns: f.columns, All: all.together()}
	if q.Value {
		a.Currency = s.o.Desk.Currency()
	}
	if q.Breakdown == nil {
		a.Rows = all.byPeriod()
		return a, nil
	}
	groups := p.Groups(func(w, g int) int64 { return workers[w].groups.weight(g) })
	sum := newTally(f, len(groups.List))
	for i, w := range workers {
		for g := range w.groups.size {
			sum.merge(groups.At(i, g), w.groups, g)
		}
	}
	a.Rows = sum.byGroup(groups.List)
	return a, nil
}

// weight is how many members a row has.
func (t *tally) weight(row int) int64 {
	if row >= len(t.size) {
		return 0
	}
	return t.size[row]
}

// behind says whether a membership is one that a number counts, but for the group.
func (of Of) behind(f *frame, p *person, st *start) bool {
	if of.Cohort != "" && f.parts.Days[st.period].Format(time.DateOnly) != of.Cohort {
		return false
	}
	if of.Who == Members {
		return true
	}
	if of.Cohort == "" || of.Who == Missing { // several cohorts: only those for whom the column is over; and nobody is missing before
		if !f.done(st.period, of.Column) {
			return false
		}
	}
	column := f.columns[of.Column]
	return p.returned(st, st.period+column.From, f.through(st.period, of.Column)) == (of.Who == Returned)
}

func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	f, err := s.frame(q)
	if err != nil {
		return nil, err
	}
	if of.Column < 0 || of.Column >= len(f.columns) {
		return nil, insight.Invalid("retention.no_cell", "of.column", "there is no column %d; there are %d", of.Column, len(f.columns))
	}
	if of.Group != nil && q.Breakdown == nil {
		return nil, insight.Invalid("retention.no_cell", "of.group", "there are no groups without a breakdown")
	}
	byGroup := of.Group != nil
	p, workers, err := s.scan(ctx, r, q, f, func(w *worker, v *insight.View, person int64, seq *timeline.Sequence, st *start) {
		counts := of.behind(f, &w.person, st)
		if !byGroup {
			if counts {
				w.found.Add(uint64(person)) //nolint:gosec // people have positive numbers
			}
			return
		}
		if w.event {
			w.group(v.EventGroup(seq, st.event), person, counts)
			return
		}
		for _, g := range v.Groups(person) {
			w.group(g, person, counts)
		}
	})
	if err != nil {
		return nil, err
	}
	all := roaring64.New()
	if !byGroup {
		for _, w := range workers {
			all.Or(w.found)
		}
		return all, nil
	}
	groups := p.Groups(func(w, g int) int64 {
		if g < len(workers[w].weights) {
			return workers[w].weights[g]
		}
		return 0
	})
	want, ok := groups.Find(*of.Group)
	if !ok {
		return nil, insight.Invalid("retention.no_cell", "of.group", "there is no such group among the answer's")
	}
	for i, w := range workers {
		for _, b := range w.behind {
			if groups.At(i, b.group) == want {
				all.Add(uint64(b.person)) //nolint:gosec // people have positive numbers
			}
		}
	}
	return all, nil
}

// group notes a membership in a group, and the person if they count.
func (w *worker) group(g int, person int64, counts bool) {
	for g >= len(w.weights) {
		w.weights = append(w.weights, 0)
	}
	w.weights[g]++
	if counts {
		w.behind = append(w.behind, grouped{g, person})
	}
}
