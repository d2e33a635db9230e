package app

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/collect/live"
	"github.com/huoshui/huoshui/internal/collect/segment"
	"github.com/huoshui/huoshui/internal/insight/overview"
	"github.com/huoshui/huoshui/internal/insight/retention"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// Rooms are the features of an open pool.
type Rooms struct {
	Audit     *audit.Log
	Auth      *auth.Service
	Identity  *identity.Service
	People    *person.Service
	Intake    *segment.Intake
	Live      *live.Service
	Overview  *overview.Service
	Retention *retention.Service
	API       *httpapi.API
	Metrics   *prometheus.Registry
}

func (a *App) openRooms(ctx context.Context) (err error) {
	if a.Audit, err = audit.New(ctx, a.state); err != nil {
		return err
	}
	if a.Auth, err = auth.New(ctx, a.state, a.Audit, a.o.Clock, a.o.Logger); err != nil {
		return err
	}
	if a.o.AdminEmail != "" {
		if _, err := a.Auth.Bootstrap(ctx, a.o.AdminEmail, a.o.AdminPass); err != nil {
			return fmt.Errorf("make the first administrator: %w", err)
		}
	}
	a.pipeline, err = apply.New(ctx, apply.Options{
		Log: a.log, State: a.state, Warehouse: a.warehouse, SeenDir: a.dir.Join("seen"), Kinds: a.kinds, Currency: a.currency,
		QuarantineAfter: a.quarantineAfter, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.closers = append(a.closers, a.pipeline.Close)
	a.Metrics = prometheus.NewRegistry()
	a.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.Identity = identity.NewService(a.state, a.kinds, a.pipeline, a.o.Clock)
	a.People = person.NewService(a.state, a.warehouse, a.Identity, a.region, a.location, a.o.Clock)
	a.Intake = segment.New(segment.Options{
		Log: a.log, Rejects: a.rejects(), WriteKey: a.writeKey, Kinds: func() segment.Kinds { return intakeKinds{a.kinds(), a.region()} },
		Clock: a.o.Clock, Logger: a.o.Logger, Metrics: a.Metrics, MaxEvent: a.o.MaxEvent, MaxBody: a.o.MaxBatch, TrustedProxies: a.o.TrustedProxy,
	})
	a.Live = live.New(live.Options{
		Pipeline: a.pipeline, Log: a.log, Events: a.warehouse, Intake: a.Intake.Stats, Rejected: a.rejectedSince, SourceName: a.sourceName, Clock: a.o.Clock,
	})
	a.Overview = overview.New(a.state, a.warehouse, a, a.o.Clock)
	a.Retention = retention.New(a.warehouse, a.location, a.o.Clock)
	a.routes()
	return nil
}

func (a *App) routes() {
	a.API = httpapi.New(httpapi.Options{Version: Version, Gate: a.Auth, Clock: a.o.Clock, Logger: a.o.Logger, TrustedProxies: a.o.TrustedProxy})
	a.Auth.Routes(a.API, a.poolInfo)
	a.Audit.Routes(a.API)
	a.Identity.Routes(a.API)
	a.People.Routes(a.API)
	a.People.MergeRoutes(a.API)
	a.Live.Routes(a.API)
	a.Overview.Routes(a.API)
	a.Retention.Routes(a.API)
	a.systemRoutes(a.API)
}

// workers are what runs beside the server, in the order in which it stops.
func (a *App) workers() []component {
	return []component{{"sign-in", a.Auth.Run}, {"outbox", a.relay}, {"pool", a.pipeline.Run}}
}

func (a *App) writeKey(ctx context.Context, secret string) (int64, error) {
	k, err := a.Auth.WriteKey(ctx, secret)
	return k.ID, err
}

func (a *App) sourceName(ctx context.Context, id int64) string {
	keys, err := a.Auth.Keys(ctx)
	if err == nil {
		for _, k := range keys {
			if k.ID == id {
				return k.Name
			}
		}
	}
	return "#" + strconv.FormatInt(id, 10)
}

func (a *App) metricsHandler() http.Handler {
	return promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{Registry: a.Metrics, Timeout: 10 * time.Second})
}

// intakeKinds is the pool's identity kinds as the intake asks for them.
type intakeKinds struct {
	identity.Kinds
	region string
}

// Known says whether a kind is declared.
func (k intakeKinds) Known(kind string) bool { _, ok := k.Find(kind); return ok }

// Normal is the one form of a value.
func (k intakeKinds) Normal(kind, value string) (string, error) {
	return identity.Normalize(kind, value, k.region)
}

// FromTraits finds the identities among traits.
func (k intakeKinds) FromTraits(traits []byte) ([]event.Identity, []string) {
	return k.Kinds.FromTraits(traits, k.region)
}
