package segment

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huoshui/huoshui/internal/collect/reject"
)

// meter holds the metrics of the intake.
type meter struct {
	events   *prometheus.CounterVec
	rejected *prometheus.CounterVec
	problems *prometheus.CounterVec
	requests *prometheus.CounterVec
	bytes    prometheus.Counter
	latency  prometheus.Histogram
}

func newMeter() *meter {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "huoshui", Subsystem: "intake", Name: name, Help: help}, labels)
	}
	return &meter{
		events:   counter("events_total", "Events taken in, by outcome.", "outcome"),
		rejected: counter("rejected_total", "Events rejected, by code.", "code"),
		problems: counter("identity_problems_total", "Values that should have been identities but are not, by code.", "code"),
		requests: counter("requests_total", "Requests answered, by status.", "status"),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: "huoshui", Subsystem: "intake", Name: "body_bytes_total", Help: "Bytes of accepted requests, unpacked.",
		}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "huoshui", Subsystem: "intake", Name: "request_seconds", Help: "Time from a request's headers to its answer.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 15),
		}),
	}
}

func (m *meter) register(r prometheus.Registerer, inFlight *atomic.Int64) {
	r.MustRegister(m.events, m.rejected, m.problems, m.requests, m.bytes, m.latency, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "huoshui", Subsystem: "intake", Name: "in_flight_bytes", Help: "Bytes of the bodies being worked on.",
	}, func() float64 { return float64(inFlight.Load()) }))
}

func (m *meter) took(got taken, items []reject.Item, problems []string) {
	m.events.WithLabelValues("accepted").Add(float64(got.accepted))
	m.bytes.Add(float64(got.bytes))
	if len(items) > 0 {
		m.events.WithLabelValues("rejected").Add(float64(got.rejected))
	}
	for i := range items {
		m.rejected.WithLabelValues(items[i].Reason.Code).Inc()
	}
	for _, code := range problems {
		m.problems.WithLabelValues(code).Inc()
	}
}

func (m *meter) answered(status int, d time.Duration) {
	m.requests.WithLabelValues(strconv.Itoa(status)).Inc()
	m.latency.Observe(d.Seconds())
}
