package alert

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight/health"
)

// fresh is of how many days that are over anomalies are told.
const fresh = 2

// Watch records the pool's score, looks for anomalies and tells those that are new. It is safe to repeat.
func (s *Service) Watch(ctx context.Context) error {
	ctx = actor.With(ctx, actor.Itself())
	if err := s.o.Health.Record(ctx); err != nil {
		return err
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	metrics := map[health.Sensitivity][]health.Metric{}
	by := map[health.Metric]RuleView{}
	for _, r := range rules {
		if r.On {
			metrics[r.Sensitivity] = append(metrics[r.Sensitivity], r.Metric)
			by[r.Metric] = r
		}
	}
	today := calendar.DayOf(s.o.Clock.Now(), s.o.Zone())
	since := today.AddDate(0, 0, -fresh).Format(time.DateOnly)
	for _, sensitivity := range []health.Sensitivity{health.Low, health.Medium, health.High} {
		if len(metrics[sensitivity]) == 0 {
			continue
		}
		found, err := s.o.Health.Unusual(ctx, metrics[sensitivity], sensitivity)
		if err != nil {
			return fmt.Errorf("look for anomalies: %w", err)
		}
		for _, a := range found {
			if r := by[a.Metric]; a.To >= since && r.tells(a, today.Format(time.DateOnly)) {
				if err := s.tell(ctx, a, r.Rule); err != nil {
					return fmt.Errorf("tell an anomaly of %s: %w", a.Metric, err)
				}
			}
		}
	}
	return nil
}

// tell makes an alert of an anomaly, or lets the alert grow that it belongs to.
func (s *Service) tell(ctx context.Context, a health.Anomaly, r Rule) error {
	first, err := time.Parse(time.DateOnly, a.From)
	if err != nil {
		return err
	}
	// Unusual days with one usual day in between are one anomaly, also when the days before have changed since they were looked at.
	near := first.AddDate(0, 0, -2).Format(time.DateOnly)
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		var known int64
		err := tx.QueryRow(ctx, "SELECT id FROM alert WHERE metric = ? AND up = ? AND last_day >= ? AND first_day <= ? ORDER BY id DESC LIMIT 1",
			string(a.Metric), a.Up, near, a.To).Scan(&known)
		switch {
		case err == nil:
			_, err = tx.Exec(ctx, "UPDATE alert SET last_day = ?, peak_day = ?, value = ?, expected = ?, low = ?, high = ?, z = ? WHERE id = ? AND (last_day < ? OR (last_day = ? AND value <> ?))",
				a.To, a.Peak, a.Value, a.Expected, a.Low, a.High, a.Z, known, a.To, a.To, a.Value)
			return err
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		return s.insert(ctx, tx, a, r)
	})
}

func (s *Service) insert(ctx context.Context, tx *state.Tx, a health.Anomaly, r Rule) error {
	var alert int64
	err := tx.QueryRow(ctx, `INSERT INTO alert (at, metric, up, first_day, last_day, peak_day, value, expected, low, high, z, unit, currency)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		state.Micros(tx.Now), string(a.Metric), a.Up, a.From, a.To, a.Peak, a.Value, a.Expected, a.Low, a.High, a.Z, a.Metric.Unit(), s.o.Currency()).Scan(&alert)
	if err != nil {
		return err
	}
	for _, key := range r.Webhooks {
		if err := s.send(ctx, tx, alert, ByWebhook, key, r.Language); err != nil {
			return err
		}
	}
	for _, to := range r.Emails {
		if err := s.send(ctx, tx, alert, ByMail, to, r.Language); err != nil {
			return err
		}
	}
	return s.o.Audit.Record(ctx, tx, "alert.tell", string(a.Metric), map[string]any{
		"alert": alert, "from": a.From, "to": a.To, "value": a.Value, "expected": a.Expected, "z": a.Z, "webhooks": len(r.Webhooks), "emails": len(r.Emails),
	})
}

// send puts an alert on its way.
func (s *Service) send(ctx context.Context, tx *state.Tx, alert int64, way, target, language string) error {
	var delivery int64
	err := tx.QueryRow(ctx, `INSERT INTO alert_delivery (alert, way, target, state, attempts, at, tried_at, status, took, note) VALUES (?, ?, ?, ?, 0, ?, 0, 0, 0, '')
		ON CONFLICT (alert, way, target) DO NOTHING RETURNING id`, alert, way, target, Waiting, state.Micros(tx.Now)).Scan(&delivery)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the address is in the rule twice
	}
	if err != nil {
		return err
	}
	return s.o.Jobs.Enqueue(ctx, tx, deliver{Delivery: delivery, Language: language}, job.When{})
}
