package app

import (
	"context"

	"github.com/huoshui/huoshui/internal/insight/health"
	"github.com/huoshui/huoshui/internal/insight/health/alert"
)

// Watch is what looks after the pool by itself.
type Watch struct {
	Health *health.Service
	Alerts *alert.Service
}

// openHealth opens the score, the anomalies and the alerts.
func (a *App) openHealth(ctx context.Context) (err error) {
	set := poolSettings{a.Settings}
	a.Health, err = health.New(ctx, health.Options{
		Desk: a.Desk, State: a.state, Definitions: a.Define, Refused: a.rejected, RefusedDays: func() int { return a.Settings.Get().RejectRetentionDays },
		ActiveDays: set.ActiveDays, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.Alerts, err = alert.New(ctx, alert.Options{
		State: a.state, Definitions: a.Define, Jobs: a.Jobs, Audit: a.Audit, Health: a.Health, Mail: a.Mail, Outgoing: a.Outgoing,
		Pool: func() string { return a.Settings.Get().Name }, Currency: a.currency, Zone: a.Settings.Location, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	return err
}
