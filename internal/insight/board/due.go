package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// lookForReports is the job that finds reports that are due.
type lookForReports struct{}

// Kind names the job.
func (lookForReports) Kind() string { return "look_for_reports" }

// sendReport is the job that mails one.
type sendReport struct {
	Delivery int64 `json:"delivery"`
}

// Kind names the job.
func (sendReport) Kind() string { return "send_report" }

// lookEvery is how often the room looks whether a report is due.
const lookEvery = time.Minute

// work says how the room's jobs are done.
func (s *Service) work() {
	job.Register(s.o.Jobs, job.Options{}, func(ctx context.Context, _ job.Job[lookForReports]) error { return s.Look(ctx) })
	job.Register(s.o.Jobs, job.Options{}, func(ctx context.Context, j job.Job[sendReport]) error {
		return s.Deliver(ctx, j.Args.Delivery, j.Attempt)
	})
	s.o.Jobs.Every(lookEvery, lookForReports{}, true)
}

// due is when a report is next sent.
type due struct {
	plan     string
	at       time.Time
	failures int64
}

func findDue(ctx context.Context, q state.Querier, report string) (due, bool, error) {
	var d due
	var at int64
	err := q.QueryRow(ctx, "SELECT plan, due_at, failures FROM board_report WHERE report = ?", report).Scan(&d.plan, &at, &d.failures)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	d.at = state.Time(at)
	return d, err == nil, err
}

// planName is what a due date was reckoned from: with another plan or zone it is reckoned anew.
func (s *Service) planName(r ReportSpec) string {
	return fmt.Sprintf("%s %d %d %d %s", r.Every, r.Weekday, r.Day, r.Hour, s.o.Zone())
}

// Look makes deliveries of all reports that are due. A report that was due several times while nobody looked is sent once.
func (s *Service) Look(ctx context.Context) error {
	ctx = actor.With(ctx, actor.Itself())
	var errs []error
	for _, i := range s.reports.All() {
		errs = append(errs, s.lookAt(ctx, i))
	}
	return errors.Join(errs...)
}

func (s *Service) lookAt(ctx context.Context, i shelf.Item[ReportSpec]) error {
	if i.Spec.State != rulebook.Active {
		return nil
	}
	if _, err := s.activeBoard(i.Spec.Board); err != nil {
		return nil //nolint:nilerr // the reports of an archived board rest
	}
	plan := s.planName(i.Spec)
	d, found, err := findDue(ctx, s.o.State, i.Key)
	if err != nil {
		return err
	}
	if found && d.plan == plan && d.at.After(s.o.Clock.Now()) {
		return nil
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		next := i.Spec.Next(tx.Now, s.o.Zone())
		if !found || d.plan != plan {
			_, err := tx.Exec(ctx, `INSERT INTO board_report (report, plan, due_at) VALUES (?, ?, ?)
				ON CONFLICT (report) DO UPDATE SET plan = excluded.plan, due_at = excluded.due_at`, i.Key, plan, state.Micros(next))
			return err
		}
		res, err := tx.Exec(ctx, "UPDATE board_report SET due_at = ? WHERE report = ? AND due_at = ?", state.Micros(next), i.Key, state.Micros(d.at))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 { // another node was first
			return err
		}
		_, err = s.begin(ctx, tx, i, Scheduled, d.at)
		return err
	})
}

// begin stores a delivery and the job that makes it.
func (s *Service) begin(ctx context.Context, tx *state.Tx, i shelf.Item[ReportSpec], cause Cause, at time.Time) (int64, error) {
	id, err := tx.Insert(ctx, "INSERT INTO board_delivery (report, cause, author, due_at, state, began_at) VALUES (?, ?, ?, ?, ?, ?)",
		i.Key, string(cause), actor.From(ctx).Label(), state.Micros(at), string(Sending), state.Micros(tx.Now))
	if err != nil {
		return 0, err
	}
	for _, to := range i.Spec.Recipients {
		if _, err := tx.Exec(ctx, "INSERT INTO board_delivery_to (delivery, recipient, state) VALUES (?, ?, ?)", id, to, string(Sending)); err != nil {
			return 0, err
		}
	}
	return id, s.o.Jobs.Enqueue(ctx, tx, sendReport{id}, job.When{})
}
