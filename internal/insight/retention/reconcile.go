package retention

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Events is the warehouse, as Reconcile reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	Position(ctx context.Context) (uint64, error)
}

// Difference is a cell on which the timeline and the warehouse do not agree.
type Difference struct {
	Cohort    string `json:"cohort"`
	Period    int    `json:"period" doc:"Periods after the start; -1 for the size of the cohort"`
	Timeline  int64  `json:"timeline"`
	Warehouse int64  `json:"warehouse"`
}

// Reconciled is the outcome of Reconcile.
type Reconciled struct {
	From        string       `json:"from"`
	To          string       `json:"to"`
	Cohorts     int          `json:"cohorts"`
	Numbers     int          `json:"numbers" doc:"How many numbers were compared"`
	Position    uint64       `json:"position" doc:"Place in the event log up to which both sides had counted"`
	Moving      bool         `json:"moving,omitempty" doc:"Events kept arriving, so that the sides could not be held at one place; differences may come from that"`
	Differences []Difference `json:"differences" nullable:"false"`
}

// tries is how often both sides are counted again while events keep arriving in between.
const tries = 5

// Reconcile counts the same triangle a second time in the warehouse, with SQL, and tells where the two differ. It takes first starts, exact periods
// and steps without conditions; of period 0 it knows only the one of a return that is the start itself, because SQL has no order of events.
func (s *Service) Reconcile(ctx context.Context, q Query) (Reconciled, error) {
	if err := s.check(ctx, &q); err != nil {
		return Reconciled{}, err
	}
	if q.Starts != First || q.Mode != Nth || q.People != "" || q.Breakdown != nil || q.Start.Where != "" || q.Return.Where != "" || q.Until != "" || q.Value {
		return Reconciled{}, insight.Invalid("retention.reconcile_plain", "mode", "this can be counted in the warehouse only with first starts, mode nth, and without conditions, people filter, breakdown, value and until")
	}
	f, err := s.frame(q)
	if err != nil {
		return Reconciled{}, err
	}
	for try := 1; ; try++ {
		before := s.reached()
		if err := s.stored(ctx, before); err != nil {
			return Reconciled{}, err
		}
		a, err := s.ask(ctx, q)
		if err != nil {
			return Reconciled{}, err
		}
		sizes, counts, err := s.count(ctx, q, f)
		if err != nil {
			return Reconciled{}, fmt.Errorf("count retention in the warehouse: %w", err)
		}
		at, err := s.o.Events.Position(ctx)
		if err != nil {
			return Reconciled{}, err
		}
		out := compare(&a, sizes, counts, q.Return.Event == q.Start.Event)
		out.Position, out.Moving = before, at != before || s.reached() != before
		if !out.Moving || len(out.Differences) == 0 || try == tries {
			return out, nil
		}
	}
}

// ask asks as everybody does.
func (s *Service) ask(ctx context.Context, q Query) (Answer, error) {
	var a Answer
	q.Kind = kind
	raw, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	got, err := s.o.Desk.Ask(ctx, raw)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(got.Answer, &a)
}

func (s *Service) reached() (position uint64) {
	s.o.Desk.Timeline().Read(func(r *timeline.Reader) { position = r.Reached() })
	return position
}

// stored waits until the warehouse has everything up to a place in the log. It is a fraction of a second behind.
func (s *Service) stored(ctx context.Context, position uint64) error {
	for range 600 {
		at, err := s.o.Events.Position(ctx)
		if err != nil || at >= position {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fault.New(fault.Unavailable, "retention.warehouse_behind", "the warehouse is behind the event log; try again in a moment")
}

func compare(a *Answer, sizes []int64, counts [][]int64, same bool) Reconciled {
	out := Reconciled{From: a.From, To: a.To, Cohorts: len(a.Rows), Differences: []Difference{}}
	check := func(cohort string, period int, timeline, warehouse int64) {
		out.Numbers++
		if timeline != warehouse {
			out.Differences = append(out.Differences, Difference{cohort, period, timeline, warehouse})
		}
	}
	for i, row := range a.Rows {
		check(row.Cohort, -1, row.Size, sizes[i])
		for k, cell := range row.Cells {
			if k == 0 && !same {
				continue
			}
			n := cell.People
			if n == nil {
				n = cell.SoFar
			}
			if n != nil {
				check(row.Cohort, k, *n, counts[i][i+k])
			}
		}
	}
	return out
}

// count counts who began in each period, and of these who came in which.
func (s *Service) count(ctx context.Context, q Query, f *frame) (sizes []int64, counts [][]int64, err error) {
	end := time.UnixMicro(f.parts.End).UTC()
	period := q.Grain.SQL(calendar.Day("time", time.Unix(0, 0), end, s.o.Desk.Zone()))
	of := func(name string) (string, []any) {
		if name == "" {
			return "type < 7 AND time < ?", []any{end}
		}
		return "type < 7 AND name = ? AND time < ?", []any{name, end}
	}
	returns, args := of(q.Return.Event)
	starts, more := of(q.Start.Event)
	args = append(append(args, more...), f.parts.Days[0])
	rows, err := s.o.Events.Query(ctx, `
		WITH did AS (SELECT DISTINCT person, `+period+` AS period FROM events WHERE `+returns+`),
		began AS (SELECT person, min(`+period+`) AS cohort FROM events WHERE `+starts+` GROUP BY person),
		new AS (SELECT * FROM began WHERE cohort >= ?)
		SELECT cohort, NULL, count(*) FROM new GROUP BY cohort
		UNION ALL SELECT cohort, period, count(*) FROM did JOIN new USING (person) WHERE period >= cohort GROUP BY cohort, period`, args...)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	sizes = make([]int64, f.parts.Len())
	counts = make([][]int64, f.parts.Len())
	for i := range counts {
		counts[i] = make([]int64, f.parts.Len()+len(f.columns))
	}
	for rows.Next() {
		var cohort time.Time
		var came *time.Time
		var n int64
		if err := rows.Scan(&cohort, &came, &n); err != nil {
			return nil, nil, err
		}
		if i := f.parts.Of(cohort); came == nil {
			sizes[i] = n
		} else {
			counts[i][f.parts.Of(*came)] = n
		}
	}
	return sizes, counts, rows.Err()
}
