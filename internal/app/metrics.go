package app

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// observe counts and times the operations of the API.
func (a *App) observe() func(operation string, status int, took time.Duration) {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "huoshui_api_seconds", Help: "Time to answer an API operation.", Buckets: prometheus.ExponentialBuckets(0.001, 3, 9),
	}, []string{"operation", "status"})
	a.Metrics.MustRegister(h)
	return func(operation string, status int, took time.Duration) {
		h.WithLabelValues(operation, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// watch publishes the pipeline's figures.
func (a *App) watch() {
	gauge := func(name, help string, value func() float64) {
		a.Metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		a.Metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	last := func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // a scrape hands none over
		defer cancel()
		n, err := a.log.Last(ctx)
		if err != nil {
			return -1 // shows that the log does not answer
		}
		return float64(n)
	}
	gauge("huoshui_log_position", "Newest record of the event log; -1 while it does not answer.", last)
	gauge("huoshui_applied_position", "Log position up to which people are complete.", func() float64 { n, _ := a.pipeline.Positions(); return float64(n) })
	gauge("huoshui_stored_position", "Log position up to which the warehouse is complete.", func() float64 { _, n := a.pipeline.Positions(); return float64(n) })
	counter("huoshui_events_applied_total", "Events applied to people.", func() float64 { n, _ := a.pipeline.Counts(); return float64(n) })
	counter("huoshui_events_repeated_total", "Events dropped because their message id was known.", func() float64 { _, n := a.pipeline.Counts(); return float64(n) })
}

func (a *App) metricsHandler() http.Handler {
	return promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{Registry: a.Metrics, Timeout: 10 * time.Second})
}
