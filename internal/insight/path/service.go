package path

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Service answers paths.
type Service struct{ desk *insight.Desk }

// Register makes paths a kind of question.
func Register(d *insight.Desk) *Service {
	s := &Service{desk: d}
	insight.Register(d, insight.Kind[Query, Answer, Of]{
		Name: "path", Summary: "What people do next, or what they did before",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check:  check, Run: s.run, People: s.people, Table: tabulate,
	})
	return s
}

// question is a query made ready.
type question struct {
	frame
	q    Query
	plan *insight.Plan
}

func (s *Service) ready(ctx context.Context, r *insight.Run, q Query) (*question, error) {
	days, err := s.desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	gap, _ := parseGap(q.Gap)
	qn := &question{q: q}
	qn.frame = frame{
		steps: q.Steps, before: q.Direction == Before, which: q.Which, collapse: q.Collapse, gap: gap.Microseconds(),
		start: days.Start().UnixMicro(), end: days.End().UnixMicro(),
		until:   calendar.Midnight(s.desk.Today().AddDate(0, 0, 1), s.desk.Zone()).UnixMicro(),
		without: q.Without,
	}
	need := insight.Need{Steps: []insight.Step{q.Anchor}, People: q.People, Field: "anchor"}
	for _, name := range q.Without { // so that unknown names are refused
		need.Steps = append(need.Steps, insight.Step{Event: name})
	}
	qn.plan, err = s.desk.Plan(ctx, r, need)
	return qn, placed(err)
}

// placed lets a fault of the plan name its place in a path's query, which has an anchor and names to leave out where the plan has steps.
func placed(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	moved := *f
	moved.Violations = slices.Clone(f.Violations)
	for i := range moved.Violations {
		v := &moved.Violations[i]
		var step int
		var field string
		if n, _ := fmt.Sscanf(v.Field, "anchor[%d].%s", &step, &field); n != 2 {
			continue
		}
		if v.Field = "anchor." + field; step > 0 {
			v.Field = fmt.Sprintf("without[%d]", step-1)
		}
	}
	return &moved
}

// worker is what one goroutine counts in.
type worker struct {
	*walker
	table  *table
	names  []string
	person int64
	each   func(*trail) // made once, so that a person costs no memory
	found  []uint64
}

// walk lets everybody's paths be followed.
func (qn *question) walk(ctx context.Context, r *insight.Run, each func(w *worker, p *trail)) ([]*worker, error) {
	since := qn.start
	if qn.before {
		since = 0 // what came before the range belongs to its paths
	}
	begin := func(v *insight.View) *worker {
		w := &worker{walker: newWalker(qn.frame), table: newTable(qn.steps, len(v.Names()))}
		w.each = func(p *trail) { each(w, p) }
		return w
	}
	return insight.Scan(ctx, r, qn.plan, since, begin, func(w *worker, v *insight.View, person int64, q *timeline.Sequence) {
		if len(q.Times) == 0 {
			return
		}
		if names := v.Names(); len(names) != len(w.names) {
			w.names = slices.Clone(names)
			w.learn(v)
			w.table.grow(len(names))
		}
		w.person = person
		w.walker.person(q, w.each)
	})
}

// count finds all paths of a query.
func (qn *question) count(ctx context.Context, r *insight.Run) (*chart, error) {
	workers, err := qn.walk(ctx, r, func(w *worker, p *trail) { w.table.count(p) })
	if err != nil {
		return nil, err
	}
	var names []string
	tables := make([]*table, len(workers))
	for i, w := range workers {
		tables[i] = w.table
		if len(w.names) > len(names) {
			names = w.names
		}
	}
	return gather(tables, qn.steps, names, *qn.q.MinShare), nil
}

func (s *Service) run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	qn, err := s.ready(ctx, r, q)
	if err != nil {
		return Answer{}, err
	}
	c, err := qn.count(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	return c.answer(q.Anchor.Event), nil
}

func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	if err := of.check(q); err != nil {
		return nil, err
	}
	qn, err := s.ready(ctx, r, q)
	if err != nil {
		return nil, err
	}
	// Which names are others is known only when all paths are counted.
	c, err := qn.count(ctx, r)
	if err != nil {
		return nil, err
	}
	workers, err := qn.walk(ctx, r, func(w *worker, p *trail) {
		id := uint64(w.person) //nolint:gosec // ids are positive
		if n := len(w.found); (n == 0 || w.found[n-1] != id) && c.is(p, of, w.names) {
			w.found = append(w.found, id)
		}
	})
	if err != nil {
		return nil, err
	}
	out := roaring64.New()
	for _, w := range workers {
		out.AddMany(w.found)
	}
	return out, nil
}
