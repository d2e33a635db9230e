package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// Cause is why a report was sent.
type Cause string

// The causes.
const (
	Scheduled Cause = "schedule"
	ByHand    Cause = "now"
)

// DeliveryState is how far a delivery, or its message to one recipient, has come.
type DeliveryState string

// The states.
const (
	Sending DeliveryState = "sending"
	Sent    DeliveryState = "sent"
	Partly  DeliveryState = "partly" // some recipients were refused
	Failed  DeliveryState = "failed"
)

// attempts of one delivery; with the queue's pauses (attempt⁴ seconds) about six minutes.
const attempts = 5

// Delivery is one sending of a report.
type Delivery struct {
	ID         int64         `json:"id"`
	Cause      Cause         `json:"cause"`
	Author     string        `json:"author"`
	DueAt      time.Time     `json:"due_at"`
	State      DeliveryState `json:"state"`
	Attempts   int64         `json:"attempts"`
	Error      string        `json:"error" doc:"Of the last attempt"`
	BeganAt    time.Time     `json:"began_at"`
	EndedAt    *time.Time    `json:"ended_at"`
	Recipients []Recipient   `json:"recipients" nullable:"false"`
}

// Recipient is one message of a delivery.
type Recipient struct {
	Address string        `json:"address"`
	State   DeliveryState `json:"state"`
	Error   string        `json:"error"`
	At      *time.Time    `json:"at"`
}

// SendNow sends a report at once, besides its plan.
func (s *Service) SendNow(ctx context.Context, key string) (Delivery, error) {
	i, err := s.activeReport(key)
	if err != nil {
		return Delivery{}, err
	}
	if !s.o.Mail.Ready() {
		return Delivery{}, fault.New(fault.Conflict, "mail.not_set_up", "no mail server is set up; an owner names one under Settings, System, Mail")
	}
	var id int64
	err = s.o.State.InTx(ctx, func(tx *state.Tx) error {
		id, err = s.begin(ctx, tx, i, ByHand, tx.Now)
		return err
	})
	if err != nil {
		return Delivery{}, err
	}
	return s.delivery(ctx, id)
}

// Deliver makes a delivery, or goes on with it: whoever has the message gets none again. An error asks the queue to try again.
func (s *Service) Deliver(ctx context.Context, id int64, attempt int) error {
	ctx = actor.With(ctx, actor.Actor{Kind: actor.System, Name: "system", Role: actor.Analyst}) // recipients see numbers, as an analyst does
	d, err := s.delivery(ctx, id)
	if err != nil || d.State != Sending {
		return err
	}
	report, i, err := s.reportOf(ctx, id)
	if err != nil {
		return s.end(ctx, d, report, i, Failed, err)
	}
	again := s.send(ctx, &d, i)
	if again != nil && attempt < attempts && retriable(again) {
		return errors.Join(again, s.note(ctx, id, attempt, again))
	}
	sent := 0
	for _, r := range d.Recipients {
		if r.State == Sent {
			sent++
		}
	}
	d.Attempts = int64(attempt)
	switch {
	case sent == len(d.Recipients):
		return s.end(ctx, d, report, i, Sent, nil)
	case sent > 0:
		return s.end(ctx, d, report, i, Partly, again)
	}
	return s.end(ctx, d, report, i, Failed, again)
}

// retriable says whether trying again later makes sense: a server that is away or busy, a question that could not be answered just now.
func retriable(err error) bool {
	switch fault.CodeOf(err) {
	case "mail.not_set_up", "mail.sign_in", "mail.refused", "mail.message_invalid", "mail.invalid", "board.archived", "board.not_found":
		return false
	}
	return true
}

// send writes the letter and sends it to everybody who has not had it. The error is the last that a recipient met.
func (s *Service) send(ctx context.Context, d *Delivery, i shelf.Item[ReportSpec]) error {
	if !s.o.Mail.Ready() {
		return fault.New(fault.Conflict, "mail.not_set_up", "no mail server is set up; an owner names one under Settings, System, Mail")
	}
	l, err := s.letter(ctx, i.Spec)
	if err != nil {
		return err
	}
	var last error
	for n := range d.Recipients {
		r := &d.Recipients[n]
		if r.State == Sent {
			continue
		}
		err := s.o.Mail.Send(ctx, mail.Message{To: []string{r.Address}, Subject: l.Subject, Text: l.Text, HTML: l.HTML, Key: fmt.Sprintf("report-%d-%d", d.ID, n)})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.State, r.Error = Sent, ""
		if err != nil {
			last, r.State, r.Error = err, Failed, said(err)
		}
		if err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE board_delivery_to SET state = ?, error = ?, at = ? WHERE delivery = ? AND recipient = ?",
				string(r.State), r.Error, state.Micros(tx.Now), d.ID, r.Address)
			return err
		}); err != nil {
			return err
		}
	}
	return last
}

// said is what may be shown of an error.
func said(err error) string {
	var f *fault.Error
	if errors.As(err, &f) && f.Message != "" {
		return f.Message
	}
	return "something went wrong; the server's log has the cause"
}

func (s *Service) note(ctx context.Context, id int64, attempt int, cause error) error {
	s.o.Logger.WarnContext(ctx, "a report could not be sent, trying again", "delivery", id, "attempt", attempt, "err", cause)
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE board_delivery SET attempts = ?, error = ? WHERE id = ?", attempt, said(cause), id)
		return err
	})
}

// end closes a delivery, counts failures of those that were planned, and stops a report that fails again and again.
func (s *Service) end(ctx context.Context, d Delivery, key string, i shelf.Item[ReportSpec], to DeliveryState, cause error) error {
	text := ""
	if cause != nil {
		text = said(cause)
		s.o.Logger.WarnContext(ctx, "a report was not sent to everybody", "report", key, "delivery", d.ID, "err", cause)
	}
	var failures int64
	err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE board_delivery SET state = ?, attempts = ?, error = ?, ended_at = ? WHERE id = ?",
			string(to), d.Attempts, text, state.Micros(tx.Now), d.ID); err != nil {
			return err
		}
		if d.Cause == Scheduled {
			set := "failures = 0"
			if to == Failed {
				set = "failures = failures + 1"
			}
			err := tx.QueryRow(ctx, "UPDATE board_report SET "+set+" WHERE report = ? RETURNING failures", key).Scan(&failures)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return s.o.Trail.Record(ctx, tx, "report.send", "report/"+key, map[string]any{"delivery": d.ID, "cause": d.Cause, "state": to, "recipients": len(d.Recipients), "error": text})
	})
	if err != nil || failures < enough || i.Spec.State != rulebook.Active {
		return err
	}
	return s.stop(ctx, i, text)
}

// stop pauses a report and tells its owner.
func (s *Service) stop(ctx context.Context, i shelf.Item[ReportSpec], cause string) error {
	spec := i.Spec
	spec.State = rulebook.Paused
	ctx = actor.With(ctx, actor.Itself())
	if _, err := s.reports.Put(ctx, i.Key, spec, i.Version, fmt.Sprintf("stopped after %d failures in a row: %s", enough, cause)); err != nil && fault.KindOf(err) != fault.Stale {
		return err
	}
	s.o.Logger.ErrorContext(ctx, "a report has stopped", "report", i.Key, "owner", spec.Owner, "err", cause)
	if !mail.ValidAddress(spec.Owner) {
		return nil
	}
	subject, text := stopLetter(spec, cause, boardLink(spec))
	if err := s.o.Mail.Send(ctx, mail.Message{To: []string{spec.Owner}, Subject: subject, Text: text}); err != nil {
		// The console says so, too; there is nobody else to tell.
		s.o.Logger.WarnContext(ctx, "the owner of a report that has stopped could not be told", "report", i.Key, "err", err)
	}
	return nil
}
