// Package alert tells people when a key figure of the pool is unusual: in the console, by e-mail, and to other programs by webhook.
//
// # Terms
//
// A rule says of a metric whether it is watched, how sensitive, on which side, how large the difference must be, who is told beside the
// console, and until when it is mute. It is one definition a metric (kind "alert_rule", key the metric); without one the default holds. A
// webhook is an address that is called (kind "webhook"), with a secret of its own. An alert is an anomaly that passed its rule; it is unread until
// somebody reads it, each person for himself. A delivery is one alert on its way to one webhook or address.
//
// # Invariants
//
// An anomaly is told once: an alert that overlaps or adjoins a former one of the same metric on the same side is that one, grown. Only
// anomalies of the last two days that are over make alerts; what happened before the watch began is shown, not told. An alert, its deliveries
// and their jobs are written in one transaction, so an alert that is seen in the console is also on its way elsewhere. A delivery that fails is tried
// again with growing pauses, then kept as failed. A webhook receives a delivery at least once, always with the same id, so that it can tell repeats.
// A secret is shown when it is made and never again; neither it nor the webhook's address, which may carry a key of its own, is in any
// definition, history, audit entry or log: there is only the host.
package alert

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/outgoing"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight/health"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Watched tells what is unusual, and keeps the score recorded.
type Watched interface {
	// Unusual gives the anomalies of the last days at a sensitivity, by metric.
	Unusual(ctx context.Context, metrics []health.Metric, sensitivity health.Sensitivity) ([]health.Anomaly, error)
	Record(ctx context.Context) error
}

// Mail sends e-mail.
type Mail interface {
	Send(ctx context.Context, m mail.Message) error
	Ready() bool
}

// Outgoing calls webhooks.
type Outgoing interface {
	Do(r *http.Request) (outgoing.Answer, error)
}

// Options are what the room works with.
type Options struct {
	State       *state.DB
	Definitions *define.Service
	Jobs        *job.Queue
	Audit       *audit.Log
	Health      Watched
	Mail        Mail
	Outgoing    Outgoing
	// Pool is the pool's name, Currency its currency, Zone the zone in which it counts days.
	Pool     func() string
	Currency func() string
	Zone     func() *time.Location
	Clock    clock.Clock
	Logger   *slog.Logger
}

// Service is the room.
type Service struct{ o Options }

// watch is the job that looks for anomalies.
type watch struct{}

// Kind names the job.
func (watch) Kind() string { return "watch_health" }

// watchEvery is how often the pool is looked at. Days end once a day, but what arrives late changes them.
const watchEvery = time.Hour

// New opens the room. The first look comes with the start of the jobs.
func New(ctx context.Context, o Options) (*Service, error) {
	if err := o.State.Migrate(ctx, "alert", migrations); err != nil {
		return nil, err
	}
	s := &Service{o}
	s.declare()
	job.Register(o.Jobs, job.Options{}, func(ctx context.Context, _ job.Job[watch]) error { return s.Watch(ctx) })
	job.Register(o.Jobs, job.Options{Timeout: 2 * time.Minute}, s.deliver)
	o.Jobs.Every(watchEvery, watch{}, true)
	return s, nil
}

// Alert is an anomaly that was told.
type Alert struct {
	ID       int64         `json:"id"`
	At       time.Time     `json:"at" doc:"When it was told first"`
	Metric   health.Metric `json:"metric"`
	Up       bool          `json:"up" doc:"More than expected"`
	From     string        `json:"from" doc:"First unusual day"`
	To       string        `json:"to" doc:"Last unusual day so far"`
	Peak     string        `json:"peak" doc:"The day that is furthest away"`
	Value    float64       `json:"value" doc:"On that day; minor units if the unit is money, 0 to 1 if it is share"`
	Expected float64       `json:"expected"`
	Low      float64       `json:"low" doc:"From here on it would have been usual"`
	High     float64       `json:"high" doc:"Up to here it would have been usual"`
	Z        float64       `json:"z"`
	Unit     string        `json:"unit" enum:"people,orders,money,share,events"`
	Currency string        `json:"currency"`
	Read     bool          `json:"read" doc:"By whoever asks"`
}
