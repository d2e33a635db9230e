package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/obs"
	"github.com/huoshui/huoshui/internal/base/outgoing"
	"github.com/huoshui/huoshui/internal/collect/importer"
	"github.com/huoshui/huoshui/internal/collect/live"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/collect/segment"
	"github.com/huoshui/huoshui/internal/insight/board"
	"github.com/huoshui/huoshui/internal/insight/overview"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/settings"
)

// Rooms are the features of an open pool.
type Rooms struct {
	Standing
	Insight
	Watch

	Audit    *audit.Log
	Auth     *auth.Service
	Define   *define.Service
	Settings *settings.Service
	Kinds    *identity.Declared
	Identity *identity.Service
	People   *person.Service
	Jobs     *job.Queue
	Mail     *mail.Service
	Outgoing *outgoing.Client
	Intake   *segment.Intake
	Rejects  *reject.Service
	Imports  *importer.Service
	Live     *live.Service
	Overview *overview.Service
	Boards   *board.Service
	API      *httpapi.API
	Metrics  *prometheus.Registry
}

func (a *App) openRooms(ctx context.Context) error {
	a.Metrics = obs.Registry(Version())
	for _, open := range []func(context.Context) error{a.openBase, a.openPool, a.openStanding, a.openCollect, a.openInsight, a.openHealth, a.openBoards} {
		if err := open(ctx); err != nil {
			return err
		}
	}
	a.Overview = overview.New(a.state, a.warehouse, poolSettings{a.Settings}, a.o.Clock)
	a.routes() //nolint:contextcheck // a request brings its own
	a.watch()  //nolint:contextcheck // so does a scrape
	return nil
}

// openBase opens what knows no marketing.
func (a *App) openBase(ctx context.Context) (err error) {
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
	if a.Define, err = define.New(ctx, a.state, a.Audit, a.o.Logger); err != nil {
		return err
	}
	if a.Jobs, err = job.New(ctx, a.state, a.o.Logger); err != nil {
		return err
	}
	job.Register(a.Jobs, job.Options{}, func(ctx context.Context, _ job.Job[forgetRepeats]) error { return once.Forget(ctx, a.state) })
	a.Jobs.Every(12*time.Hour, forgetRepeats{}, true)
	a.Outgoing = outgoing.New(outgoing.Options{Allow: a.o.AllowOutgoing})
	if a.Mail, err = mail.New(ctx, mail.Options{State: a.state, Definitions: a.Define, Audit: a.Audit, Clock: a.o.Clock, Logger: a.o.Logger}); err != nil {
		return err
	}
	return nil
}

// forgetRepeats is the job that removes the answers kept for requests sent twice.
type forgetRepeats struct{}

// Kind names the job.
func (forgetRepeats) Kind() string { return "forget_repeats" }

// openPool opens the people and what changes them.
func (a *App) openPool(ctx context.Context) (err error) {
	if a.Settings, err = settings.New(ctx, a.Define, a.o.Logger); err != nil {
		return err
	}
	if a.Kinds, err = identity.NewDeclared(ctx, a.Define); err != nil {
		return err
	}
	if err := a.openTimeline(ctx); err != nil {
		return err
	}
	a.pipeline, err = apply.New(ctx, apply.Options{
		Log: a.log, State: a.state, Warehouse: a.warehouse, SeenDir: a.dir.Join("seen"), Kinds: a.Kinds.Kinds,
		Currency:        a.currency,
		QuarantineAfter: func() int { return a.Settings.Get().QuarantineAfter },
		Follower:        a.Engine,
		Refuse: func(ctx context.Context, refused []apply.Refused) error {
			return refuse(ctx, a.rejected, a.o.Clock.Now(), refused)
		},
		Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.closers = append(a.closers, a.pipeline.Close)
	a.Identity = identity.NewService(a.state, a.Kinds.Kinds, a.pipeline, a.Audit, a.o.Clock)
	a.People = person.NewService(a.state, a.warehouse, a.Identity, a.Audit, a.region, a.Settings.Location, a.o.Clock)
	return nil
}

// openCollect opens the ways in.
func (a *App) openCollect(ctx context.Context) error {
	store, err := reject.Open(ctx, a.state, a.o.Clock, a.o.Logger, reject.Limits{})
	if err != nil {
		return err
	}
	a.rejected = store
	a.Intake = segment.New(segment.Options{
		Log: a.log, Rejects: store, WriteKey: a.writeKey, Kinds: func() segment.Kinds { return intakeKinds{a.Kinds.Kinds(), a.region()} },
		Clock: a.o.Clock, Logger: a.o.Logger, Metrics: a.Metrics, MaxEvent: a.o.MaxEvent, MaxBody: a.o.MaxBatch, TrustedProxies: a.o.TrustedProxy,
	})
	a.Rejects = reject.New(reject.Options{
		Store: store, Intake: a.Intake, Audit: a.Audit, Days: func() int { return a.Settings.Get().RejectRetentionDays },
		SourceName: a.sourceName, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	job.Register(a.Jobs, job.Options{}, func(ctx context.Context, _ job.Job[cleanRejects]) error { return a.Rejects.Clean(ctx) })
	a.Jobs.Every(6*time.Hour, cleanRejects{}, true)
	a.Imports, err = importer.New(ctx, importer.Dependencies{
		State: a.state, Log: a.log, Pool: a.pipeline, Audit: a.Audit, Kinds: a.Kinds.Kinds, Dir: a.dir.Join("imports"), Version: Version(),
		Defaults: func() importer.Defaults {
			s := a.Settings.Get()
			return importer.Defaults{Currency: s.Currency, TimeZone: s.TimeZone, Region: s.Region}
		},
		Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.Live = live.New(live.Options{
		Pipeline: a.pipeline, Log: a.log, Events: a.warehouse, Intake: a.Intake.Stats, Rejected: store.Since, SourceName: a.sourceName, Clock: a.o.Clock,
	})
	return nil
}

// cleanRejects is the job that removes rejected events after their time.
type cleanRejects struct{}

// Kind names the job.
func (cleanRejects) Kind() string { return "clean_rejects" }

func (a *App) routes() {
	a.API = httpapi.New(httpapi.Options{Version: apiVersion, Gate: a.Auth, Clock: a.o.Clock, Logger: a.o.Logger, TrustedProxies: a.o.TrustedProxy, Observe: obs.Requests(a.Metrics)})
	a.Auth.Routes(a.API, a.poolInfo)
	for _, room := range []interface{ Routes(api *httpapi.API) }{
		a.Audit, a.Define, a.Settings, a.Mail, a.Kinds, a.Identity, a.People, a.Live, a.Rejects, a.Imports, a.Overview,
		a.Book, a.Tags, a.Segments, a.Tiers, a.Belonging, a.Desk, a.Retention, a.Growth, a.LTV, a.Ladder, a.Health, a.Alerts, a.Boards,
	} {
		room.Routes(a.API)
	}
	a.People.MergeRoutes(a.API)
	a.systemRoutes(a.API)
}

// workers are what runs beside the server, in the order in which it stops.
func (a *App) workers() []component {
	return []component{
		{"imports", a.Imports.Run},
		{"jobs", a.Jobs.Run},
		{"definitions", a.Define.Run},
		{"sign-in", a.Auth.Run},
		{"rules", a.Book.Run},
		{"tags", a.Tags.Run},
		{"segments", a.Segments.Run},
		{"tiers", a.Tiers.Run},
		{"outbox", a.relay},
		{"event log", a.log.Run},
		{"pool", a.pool},
		{"memberships", a.Engine.Run},
		{"timelines", a.Timeline.Run},
	}
}

func (a *App) region() string { return a.Settings.Get().Region }

func (a *App) poolInfo() auth.Pool {
	s := a.Settings.Get()
	return auth.Pool{Name: s.Name, TimeZone: s.TimeZone, Currency: s.Currency, Region: s.Region, Version: Version(), Demo: a.o.Demo}
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
