package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/state"
)

// deliver is the job that delivers.
type deliver struct {
	Delivery int64  `json:"delivery"`
	Language string `json:"language"`
}

// Kind names the job.
func (deliver) Kind() string { return "deliver_alert" }

// outcome is what came of an attempt.
type outcome struct {
	status int
	took   time.Duration
	err    error
	final  bool // trying again makes no sense
}

// deliver tries a delivery once. An error lets the queue try again later, with growing pauses (about two and a half hours in all).
func (s *Service) deliver(ctx context.Context, j job.Job[deliver]) error {
	d, err := scanDelivery(s.o.State.QueryRow(ctx, "SELECT id, alert, way, target, state, attempts, at, tried_at, status, took, note FROM alert_delivery WHERE id = ?", j.Args.Delivery))
	if err != nil {
		return fmt.Errorf("delivery %d: %w", j.Args.Delivery, err)
	}
	if d.State != Waiting {
		return nil // it had arrived, and the process ended before the job did
	}
	a, err := s.Get(ctx, d.Alert)
	if err != nil {
		return err
	}
	var o outcome
	began := s.o.Clock.Now()
	switch d.Way {
	case ByWebhook:
		o = s.call(ctx, d.Target, strconv.FormatInt(d.ID, 10), s.payload(a))
	case ByMail:
		o.err = s.o.Mail.Send(ctx, s.letter(a, d, j.Args.Language))
		o.final = o.err != nil && fault.KindOf(o.err) != fault.Unavailable && fault.KindOf(o.err) != fault.Internal
	}
	o.took = s.o.Clock.Now().Sub(began)
	o.final = o.final || j.Attempt >= job.MaxAttempts
	if err := s.note(ctx, d, o); err != nil {
		return err
	}
	if o.err != nil && o.final {
		return job.Cancel(o.err)
	}
	return o.err
}

// note keeps what came of an attempt.
func (s *Service) note(ctx context.Context, d Delivery, o outcome) error {
	to, says := Waiting, ""
	switch {
	case o.err == nil:
		to = Delivered
	case o.final:
		to = Failed
	}
	if o.err != nil {
		says = "internal error"
		if known, ok := errors.AsType[*fault.Error](o.err); ok {
			says = known.Message
		}
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE alert_delivery SET state = ?, attempts = attempts + 1, tried_at = ?, status = ?, took = ?, note = ? WHERE id = ?",
			to, state.Micros(tx.Now), o.status, o.took.Microseconds(), says, d.ID)
		return err
	})
}

// call posts a body to a webhook, signed.
func (s *Service) call(ctx context.Context, key, delivery string, payload any) outcome {
	h, err := s.webhook(ctx, key)
	if err == nil && !h.On {
		err = fault.New(fault.Conflict, "alert.webhook_off", "the webhook is switched off")
	}
	if err != nil {
		return outcome{err: err, final: fault.KindOf(err) != fault.Internal}
	}
	to, secret, err := s.sealedIn(ctx, h)
	if err != nil {
		return outcome{err: err, final: fault.KindOf(err) == fault.Conflict}
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return outcome{err: err, final: true}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return outcome{err: err, final: true}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Huoshui")
	r.Header.Set("Huoshui-Delivery", delivery)
	r.Header.Set("Huoshui-Signature", Signature(secret, s.o.Clock.Now(), body))
	answer, err := s.o.Outgoing.Do(r)
	if err != nil {
		return outcome{err: err, final: fault.KindOf(err) == fault.Invalid}
	}
	o := outcome{status: answer.Status}
	if !answer.OK() {
		o.err = fault.New(fault.Unavailable, "alert.webhook_refused", "the webhook answered %d", answer.Status)
		o.final = answer.Status >= 400 && answer.Status < 500 && answer.Status != http.StatusRequestTimeout && answer.Status != http.StatusTooManyRequests && answer.Status != http.StatusNotFound
	}
	return o
}

// Payload is the body that a webhook receives.
type Payload struct {
	Type  string `json:"type"` // "alert", or "test"
	Pool  string `json:"pool"`
	Alert Alert  `json:"alert"`
	Text  string `json:"text"` // a sentence, in Chinese and English
}

func (s *Service) payload(a Alert) Payload {
	return Payload{Type: "alert", Pool: s.o.Pool(), Alert: a, Text: sentence(a, "zh-CN") + "\n" + sentence(a, "en")}
}

// TestWebhook sends a made-up alert to a webhook at once and gives what came of it.
func (s *Service) TestWebhook(ctx context.Context, key string) (Delivery, error) {
	if _, err := s.webhook(ctx, key); err != nil {
		return Delivery{}, err
	}
	now := s.o.Clock.Now()
	today := now.In(s.o.Zone()).Format(time.DateOnly)
	a := Alert{At: now, Metric: "orders", From: today, To: today, Peak: today, Value: 12, Expected: 40, Low: 25, High: 58, Z: -5.1, Unit: "orders", Currency: s.o.Currency()}
	p := s.payload(a)
	p.Type = "test"
	if err := s.o.State.InTx(ctx, func(tx *state.Tx) error { return s.o.Audit.Record(ctx, tx, "webhook.test", key, nil) }); err != nil {
		return Delivery{}, err
	}
	o := s.call(ctx, key, "test", p)
	took := s.o.Clock.Now().Sub(now)
	d := Delivery{Way: ByWebhook, Target: key, State: Delivered, Attempts: 1, At: now, Tried: &now, Status: o.status, TookMS: float64(took.Microseconds()) / 1000}
	if o.err != nil {
		known, ok := errors.AsType[*fault.Error](o.err)
		if !ok {
			return Delivery{}, o.err
		}
		d.State, d.Note = Failed, known.Message
	}
	return d, nil
}

// Resend puts a failed delivery on its way again.
func (s *Service) Resend(ctx context.Context, delivery int64, language string) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		res, err := tx.Exec(ctx, "UPDATE alert_delivery SET state = ?, note = '' WHERE id = ? AND state = ?", Waiting, delivery, Failed)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "alert.not_failed", "only a delivery that failed can be sent again"))
		}
		if err := s.o.Audit.Record(ctx, tx, "alert.resend", strconv.FormatInt(delivery, 10), nil); err != nil {
			return err
		}
		return s.o.Jobs.Enqueue(ctx, tx, deliver{Delivery: delivery, Language: language}, job.When{})
	})
}
