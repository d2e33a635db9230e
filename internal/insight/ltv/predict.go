package ltv

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Ahead is how many days ahead predictions look: the traits are named after it.
const Ahead = 90

// together is how many people are written in one transaction, and leave as one message.
const together = 200

// Whose gives the identity by which each person is told of; people who are gone are left out.
type Whose func(ctx context.Context, q state.Querier, people []int64) (map[int64]event.Identity, error)

// Writing is what the room needs to write predictions.
type Writing struct {
	State *state.DB
	Jobs  *job.Queue
	Whose Whose
}

// Run is one writing of predictions.
type Run struct {
	ID        int64      `json:"id"`
	State     string     `json:"state" enum:"waiting,running,done,refused,failed"`
	Author    string     `json:"author"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at"`
	Total     int64      `json:"total" doc:"Buyers looked at; 0 while the model is being fitted"`
	Done      int64      `json:"done"`
	Changed   int64      `json:"changed" doc:"Whose values were written"`
	Verdict   *Verdict   `json:"verdict"`
	Error     string     `json:"error"`
}

type writeJob struct {
	Run int64 `json:"run"`
}

// Kind names the job.
func (writeJob) Kind() string { return "ltv_predict" }

type nightJob struct{}

// Kind names the job.
func (nightJob) Kind() string { return "ltv_nightly" }

// nightHour is from which hour in the pool's zone a night's run may begin: the day's sweep of the rules is over by then.
const nightHour = 3

// writes opens what writes predictions.
func (s *Service) writes(ctx context.Context, w Writing) error {
	if err := w.State.Migrate(ctx, "ltv", migrations); err != nil {
		return err
	}
	job.Register(w.Jobs, job.Options{Timeout: 50 * time.Minute}, func(ctx context.Context, j job.Job[writeJob]) error { return s.work(ctx, j.Args.Run) })
	job.Register(w.Jobs, job.Options{}, func(ctx context.Context, _ job.Job[nightJob]) error { return s.night(ctx) })
	w.Jobs.Every(time.Hour, nightJob{}, false)
	return nil
}

// Predict begins a run. There is one at a time.
func (s *Service) Predict(ctx context.Context) (Run, error) {
	var id int64
	err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		var open int64
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM ltv_run WHERE state IN ('waiting', 'running')").Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return fault.New(fault.Conflict, "ltv.running", "predictions are being written already; wait until that is done")
		}
		day := s.o.Desk.Calendar().Day(s.o.Desk.Now().UnixMicro())
		if err := tx.QueryRow(ctx, `INSERT INTO ltv_run (state, author, day, began, ended, total, done, changed, verdict, error) VALUES ('waiting', ?, ?, ?, 0, 0, 0, 0, '', '') RETURNING id`,
			actor.From(ctx).Label(), day, state.Micros(s.o.Desk.Now())).Scan(&id); err != nil {
			return err
		}
		return s.o.Jobs.Enqueue(ctx, tx, writeJob{id}, job.When{})
	})
	if err != nil {
		return Run{}, err
	}
	return s.find(ctx, id)
}

// night begins the night's run, if predictions were ever asked for and none was begun today.
func (s *Service) night(ctx context.Context) error {
	now := s.o.Desk.Now()
	var last int64
	if err := s.o.State.QueryRow(ctx, "SELECT COALESCE(MAX(day), 0) FROM ltv_run").Scan(&last); err != nil {
		return err
	}
	if last == 0 || now.In(s.o.Desk.Zone()).Hour() < nightHour || last >= s.o.Desk.Calendar().Day(now.UnixMicro()) {
		return nil
	}
	_, err := s.Predict(actor.With(ctx, actor.Itself()))
	return err
}

const runColumns = "id, state, author, began, ended, total, done, changed, verdict, error"

func (s *Service) find(ctx context.Context, id int64) (Run, error) {
	runs, err := s.read(ctx, "WHERE id = ?", id)
	if err == nil && len(runs) == 0 {
		err = fault.New(fault.NotFound, "ltv.no_run", "there is no such run")
	}
	if err != nil {
		return Run{}, err
	}
	return runs[0], nil
}

// Runs are the latest runs, the newest first.
func (s *Service) Runs(ctx context.Context) ([]Run, error) {
	return s.read(ctx, "ORDER BY id DESC LIMIT 20")
}

func (s *Service) read(ctx context.Context, which string, args ...any) ([]Run, error) {
	rows, err := s.o.State.Query(ctx, "SELECT "+runColumns+" FROM ltv_run "+which, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	out := []Run{}
	for rows.Next() {
		var r Run
		var began, ended int64
		var verdict string
		if err := rows.Scan(&r.ID, &r.State, &r.Author, &began, &ended, &r.Total, &r.Done, &r.Changed, &verdict, &r.Error); err != nil {
			return nil, err
		}
		r.StartedAt = time.UnixMicro(began).UTC()
		if ended > 0 {
			r.EndedAt = new(time.UnixMicro(ended).UTC())
		}
		if verdict != "" {
			if err := json.Unmarshal([]byte(verdict), &r.Verdict); err != nil {
				return nil, err
			}
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// work writes the predictions of a run. After a crash it begins again: whoever was written is found unchanged, and messages keep their ids.
func (s *Service) work(ctx context.Context, id int64) error {
	r, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	if r.EndedAt != nil {
		return nil
	}
	err = s.o.Desk.Do(actor.With(ctx, actor.Itself()), "ltv_predict", func(ctx context.Context, run *insight.Run) error { return s.write(ctx, run, &r) })
	switch {
	case err != nil && ctx.Err() != nil:
		return err // stopped; it goes on with the next start
	case err != nil:
		s.o.Logger.ErrorContext(ctx, "predictions could not be written", "run", id, "err", err)
		r.State, r.Error = "failed", "the predictions could not be written; see the program's log under run "+strconv.FormatInt(id, 10)
	}
	return s.save(ctx, &r, true)
}

// save writes down how far a run is.
func (s *Service) save(ctx context.Context, r *Run, ended bool) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error { return saveIn(ctx, tx, r, ended) })
}

func saveIn(ctx context.Context, tx *state.Tx, r *Run, ended bool) error {
	at, verdict := int64(0), ""
	if ended {
		at = state.Micros(tx.Now)
	}
	if r.Verdict != nil {
		text, err := json.Marshal(r.Verdict)
		if err != nil {
			return err
		}
		verdict = string(text)
	}
	_, err := tx.Exec(ctx, "UPDATE ltv_run SET state = ?, ended = ?, total = ?, done = ?, changed = ?, verdict = ?, error = ? WHERE id = ?", r.State, at, r.Total, r.Done, r.Changed, verdict, r.Error, r.ID)
	return err
}

// write fits the model to everybody and writes what changed. Nothing is written from a model that is not to be believed.
func (s *Service) write(ctx context.Context, run *insight.Run, r *Run) error {
	q := Query{Model: Pareto} // it tells of those who bought once, too
	common(&q)
	if err := settle(ctx, &q); err != nil {
		return err
	}
	g, err := s.gather(ctx, run, q, false)
	if err != nil {
		return err
	}
	run.Stage(StageFit, 0)
	e, err := estimates(ctx, q.Model, q.Unit, g)
	if err != nil {
		return err
	}
	r.Verdict, r.State = &e.verdict, "running"
	if e.model != nil {
		if _, err := check(ctx, q, g, &e.verdict); err != nil {
			return err
		}
	}
	if e.verdict.Level == None || e.verdict.serious() {
		r.State = "refused"
		return nil
	}
	r.Total, r.Done, r.Changed = int64(len(g.buyers)), 0, 0
	run.Stage("write", r.Total)
	old, err := s.written(ctx)
	if err != nil {
		return err
	}
	var some []wrote
	for i := range g.buyers {
		b := &g.buyers[i]
		now := rounded(b.person, e.predict(b, g.to, Ahead))
		r.Done++
		if was, ok := old[b.person]; !ok || now.differs(was) {
			some = append(some, now)
		}
		if len(some) == together {
			if err := s.put(ctx, r, some); err != nil {
				return err
			}
			run.Done(r.Done)
			some = some[:0]
		}
	}
	r.State = "done"
	return s.put(ctx, r, some)
}

// serious says whether a reason for doubt is one against writing. Not to know what an order is worth is none: the value is left out.
func (v Verdict) serious() bool {
	for _, r := range v.Reasons {
		switch r.Code {
		case "not_converged", "border", "wide_error", "no_holdout", "holdout_off":
			return true
		}
	}
	return false
}

// wrote is a prediction as it is written.
type wrote struct {
	person        int64
	alive, orders float64
	value         int64 // minor units; -1: none
	next          int64 // day; 0: none
}

// rounded leaves out the digits that mean nothing.
func rounded(person int64, p prediction) wrote {
	w := wrote{person: person, alive: math.Round(p.alive*100) / 100, orders: math.Round(p.orders*100) / 100, value: -1, next: int64(p.next)}
	if p.value != nil {
		w.value = int64(math.Round(*p.value))
	}
	return w
}

// differs says whether a prediction is worth writing again: each day moves everybody's a little, which would be as many events as there are buyers.
func (w wrote) differs(o wrote) bool {
	far := func(a, b, least, share float64) bool { return math.Abs(a-b) >= max(least, share*math.Abs(b)) }
	return far(w.alive, o.alive, 0.02, 0) || far(w.orders, o.orders, 0.03, 0.05) || (w.value < 0) != (o.value < 0) || far(float64(w.value), float64(o.value), 100, 0.05) ||
		(w.next == 0) != (o.next == 0) || far(float64(w.next), float64(o.next), 3, 0)
}

func (s *Service) written(ctx context.Context) (map[int64]wrote, error) {
	rows, err := s.o.State.Query(ctx, "SELECT person, alive, orders, value, next_day FROM ltv_prediction")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	out := map[int64]wrote{}
	for rows.Next() {
		var w wrote
		if err := rows.Scan(&w.person, &w.alive, &w.orders, &w.value, &w.next); err != nil {
			return nil, err
		}
		out[w.person] = w
	}
	return out, rows.Err()
}

// put writes some people's predictions: rows, message and progress in one transaction.
func (s *Service) put(ctx context.Context, r *Run, some []wrote) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		people := make([]int64, len(some))
		for i, w := range some {
			people[i] = w.person
		}
		who, err := s.o.Whose(ctx, tx, people)
		if err != nil {
			return err
		}
		var body []byte
		n := int64(0)
		for _, w := range some {
			id, ok := who[w.person]
			if !ok {
				continue // gone meanwhile
			}
			if _, err := tx.Exec(ctx, `INSERT INTO ltv_prediction (person, alive, orders, value, next_day) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (person) DO UPDATE SET alive = excluded.alive, orders = excluded.orders, value = excluded.value, next_day = excluded.next_day`,
				w.person, w.alive, w.orders, w.value, w.next); err != nil {
				return err
			}
			e := w.event(r.ID, id, state.Micros(tx.Now), s.o.Desk.Currency())
			body = event.Append(body, &e)
			n++
		}
		if n > 0 {
			if err := tx.Emit(ctx, fmt.Sprintf("ltv-%d-%d", r.ID, some[0].person), body); err != nil {
				return err
			}
		}
		r.Changed += n
		return saveIn(ctx, tx, r, false)
	})
}

// event is the signal that sets the traits. What cannot be said is null, which takes an older value away.
func (w wrote) event(run int64, who event.Identity, at int64, currency string) event.Event {
	value, next := "null", "null"
	if w.value >= 0 {
		value = insight.Major(insight.Money{Minor: w.value, Currency: currency})
		if money.Digits(currency) == 0 {
			value = strconv.FormatInt(w.value, 10)
		}
	}
	if w.next > 0 {
		next = strconv.Quote(date(int32(w.next)))
	}
	return event.Event{
		ID: fmt.Sprintf("ltv-%d-%d", run, w.person), Type: event.Signal, Name: event.ValuePredicted, Time: at, Received: at, Identities: []event.Identity{who},
		Traits: fmt.Appendf(nil, `{"p_alive":%s,"predicted_orders_90d":%s,"predicted_value_90d":%s,"predicted_next_order":%s}`,
			strconv.FormatFloat(w.alive, 'f', -1, 64), strconv.FormatFloat(w.orders, 'f', -1, 64), value, next),
	}
}
