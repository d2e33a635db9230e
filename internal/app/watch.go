package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huoshui/huoshui/internal/base/obs"
)

// watch publishes the pipeline's figures.
func (a *App) watch() {
	gauge := func(name, help string, value func() float64) {
		a.Metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		a.Metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	gauge("huoshui_log_position", "Newest record of the event log; -1 while it does not answer.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // a scrape hands none over
		defer cancel()
		n, err := a.log.Last(ctx)
		if err != nil {
			return -1
		}
		return float64(n)
	})
	gauge("huoshui_applied_position", "Log position up to which people are complete.", func() float64 { n, _ := a.pipeline.Positions(); return float64(n) })
	gauge("huoshui_stored_position", "Log position up to which the warehouse is complete.", func() float64 { _, n := a.pipeline.Positions(); return float64(n) })
	counter("huoshui_events_applied_total", "Events applied to people.", func() float64 { n, _ := a.pipeline.Counts(); return float64(n) })
	gauge("huoshui_timeline_durable_position", "Log position up to which timelines are on disk.", func() float64 { return float64(a.Timeline.Durable()) })
	gauge("huoshui_rules_ready", "1 when rules can be evaluated, 0 while timelines are being read.", func() float64 {
		if a.Engine.Ready() {
			return 1
		}
		return 0
	})
	gauge("huoshui_rule_units", "Segments, rule tags and tier dimensions in force.", func() float64 { return float64(a.Engine.Figures().Units) })
	gauge("huoshui_rule_sweep_seconds", "How long the last sweep over everybody took.", func() float64 { return a.Engine.Figures().LastSweep.Seconds() })
	gauge("huoshui_signals_owed", "Signals of big changes that are still to be sent.", func() float64 { return float64(a.Engine.Figures().Owed) })
	counter("huoshui_rule_sweeps_total", "Times that everybody was gone through.", func() float64 { return float64(a.Engine.Figures().Sweeps) })
	counter("huoshui_rule_decisions_total", "Times that a person was decided when something happened.", func() float64 { return float64(a.Engine.Figures().Decided) })
	counter("huoshui_membership_changes_total", "Steps of people between levels, tags and segments.", func() float64 { return float64(a.Engine.Figures().Changes) })
	counter("huoshui_signals_total", "Signals sent about people.", func() float64 { return float64(a.Engine.Figures().Signals) })
	counter("huoshui_events_repeated_total", "Events dropped because their message id was known.", func() float64 { _, n := a.pipeline.Counts(); return float64(n) })
}

// health is what /readyz asks: the stores that every request needs.
func (a *App) health() *obs.Health {
	return obs.NewHealth(a.o.Logger,
		obs.Check{Name: "state", Ask: func(ctx context.Context) error {
			var one int
			return a.state.QueryRow(ctx, "SELECT 1").Scan(&one)
		}},
		obs.Check{Name: "log", Ask: func(ctx context.Context) error { _, err := a.log.Last(ctx); return err }},
		obs.Check{Name: "warehouse", Ask: func(ctx context.Context) error {
			var one int
			return a.warehouse.QueryRow(ctx, "SELECT 1").Scan(&one)
		}},
	)
}
