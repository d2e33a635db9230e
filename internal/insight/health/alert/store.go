package alert

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight/health"
)

const columns = "a.id, a.at, a.metric, a.up, a.first_day, a.last_day, a.peak_day, a.value, a.expected, a.low, a.high, a.z, a.unit, a.currency"

func scan(row interface{ Scan(...any) error }, more ...any) (Alert, error) {
	var a Alert
	var at int64
	var metric string
	err := row.Scan(append([]any{&a.ID, &at, &metric, &a.Up, &a.From, &a.To, &a.Peak, &a.Value, &a.Expected, &a.Low, &a.High, &a.Z, &a.Unit, &a.Currency}, more...)...)
	a.At, a.Metric = state.Time(at), health.Metric(metric)
	return a, err
}

// reader names whoever reads, for telling read from unread.
func reader(ctx context.Context) string {
	who := actor.From(ctx)
	return fmt.Sprintf("%s:%d", who.Kind, who.ID)
}

// List reads the newest alerts first, a page at a time.
func (s *Service) List(ctx context.Context, unread bool, p httpapi.Paging) (httpapi.Page[Alert], error) {
	before := int64(1<<63 - 1)
	if _, err := httpapi.DecodeCursor(p.Cursor, &before); err != nil {
		return httpapi.Page[Alert]{}, err
	}
	only := ""
	if unread {
		only = " AND r.alert IS NULL"
	}
	rows, err := s.o.State.Query(ctx, "SELECT "+columns+", r.alert IS NOT NULL FROM alert a LEFT JOIN alert_read r ON r.alert = a.id AND r.reader = ? WHERE a.id < ?"+only+" ORDER BY a.id DESC LIMIT ?",
		reader(ctx), before, p.Limit+1)
	if err != nil {
		return httpapi.Page[Alert]{}, fmt.Errorf("list alerts: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var all []Alert
	for rows.Next() {
		var read bool
		a, err := scan(rows, &read)
		if err != nil {
			return httpapi.Page[Alert]{}, err
		}
		a.Read = read
		all = append(all, a)
	}
	return httpapi.PageOf(all, p.Limit, func(a Alert) string { return httpapi.EncodeCursor(a.ID) }), rows.Err()
}

// Get gives one alert.
func (s *Service) Get(ctx context.Context, alert int64) (Alert, error) {
	return get(ctx, s.o.State, alert)
}

func get(ctx context.Context, q state.Querier, alert int64) (Alert, error) {
	a, err := scan(q.QueryRow(ctx, "SELECT "+columns+" FROM alert a WHERE a.id = ?", alert))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "alert.not_found", "there is no alert %d", alert)
	}
	return a, err
}

// Unread counts the alerts that whoever asks has not read.
func (s *Service) Unread(ctx context.Context) (n int64, err error) {
	err = s.o.State.QueryRow(ctx, "SELECT count(*) FROM alert a LEFT JOIN alert_read r ON r.alert = a.id AND r.reader = ? WHERE r.alert IS NULL", reader(ctx)).Scan(&n)
	return n, err
}

// Read marks alerts as read by whoever asks: one, or all up to it.
func (s *Service) Read(ctx context.Context, alert int64, upTo bool) error {
	if _, err := s.Get(ctx, alert); err != nil {
		return err
	}
	which := "id = ?"
	if upTo {
		which = "id <= ?"
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO alert_read (alert, reader, at) SELECT id, ?, ? FROM alert WHERE "+which+" ON CONFLICT (reader, alert) DO NOTHING",
			reader(ctx), state.Micros(tx.Now), alert)
		return err
	})
}

// States of a delivery.
const (
	Waiting   = "waiting"
	Delivered = "delivered"
	Failed    = "failed"
)

// Ways of a delivery.
const (
	ByWebhook = "webhook"
	ByMail    = "email"
)

// Delivery is one alert on its way.
type Delivery struct {
	ID       int64      `json:"id"`
	Alert    int64      `json:"alert" doc:"0: a test"`
	Way      string     `json:"way" enum:"webhook,email"`
	Target   string     `json:"target" doc:"Key of the webhook, or address"`
	State    string     `json:"state" enum:"waiting,delivered,failed"`
	Attempts int        `json:"attempts"`
	At       time.Time  `json:"at" doc:"When it set out"`
	Tried    *time.Time `json:"tried" doc:"The last attempt"`
	Status   int        `json:"status" doc:"HTTP status of the last answer, 0 if there was none"`
	TookMS   float64    `json:"took_ms"`
	Note     string     `json:"note" doc:"What went wrong last"`
}

// Deliveries gives the newest deliveries of an alert, or to a target.
func (s *Service) Deliveries(ctx context.Context, alert int64, way, target string) ([]Delivery, error) {
	where, args := "alert = ?", []any{alert}
	if way != "" {
		where, args = "way = ? AND target = ?", []any{way, target}
	}
	rows, err := s.o.State.Query(ctx, "SELECT id, alert, way, target, state, attempts, at, tried_at, status, took, note FROM alert_delivery WHERE "+where+" ORDER BY id DESC LIMIT 100", args...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var all []Delivery
	for rows.Next() {
		d, err := scanDelivery(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

func scanDelivery(row interface{ Scan(...any) error }) (Delivery, error) {
	var d Delivery
	var at, tried, took int64
	err := row.Scan(&d.ID, &d.Alert, &d.Way, &d.Target, &d.State, &d.Attempts, &at, &tried, &d.Status, &took, &d.Note)
	d.At, d.TookMS = state.Time(at), float64(took)/1000
	if tried > 0 {
		t := state.Time(tried)
		d.Tried = &t
	}
	return d, err
}
