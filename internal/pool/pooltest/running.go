package pooltest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// Running is a whole pool: events go into its log, and people and warehouse follow.
type Running struct {
	Clock     *clock.Manual
	State     *state.DB
	Log       *eventlog.Log
	Warehouse *warehouse.Warehouse
	Pipeline  *apply.Pipeline
	Trail     *audit.Log
	Identity  *identity.Service
	People    *person.Service
}

// Shanghai is the zone of a running pool.
func Shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }

// EachRunning runs a test over a pool on SQLite and over one on PostgreSQL.
func EachRunning(t *testing.T, test func(t *testing.T, p *Running)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, ...statetest.Option) *state.DB{"sqlite": statetest.SQLite, "postgres": statetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(statetest.Start())
			test(t, Run(t, clk, open(t, statetest.With(clk))))
		})
	}
}

// Run opens a pool on a state and runs its pipeline until the test ends.
func Run(t testing.TB, clk *clock.Manual, db *state.DB) *Running {
	t.Helper()
	p := &Running{Clock: clk, State: db}
	var err error
	dir, quiet := t.TempDir(), slog.New(slog.DiscardHandler)
	p.Log, err = eventlog.Open(t.Context(), eventlog.Options{Dir: filepath.Join(dir, "log"), Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Log.Close()) })
	p.Warehouse, err = warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(dir, "w.duckdb"), Threads: 1, MemoryMB: 128})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Warehouse.Close()) })
	kinds := identity.NewKinds()
	p.Pipeline, err = apply.New(t.Context(), apply.Options{
		Log: p.Log, State: db, Warehouse: p.Warehouse, SeenDir: filepath.Join(dir, "seen"), Kinds: func() identity.Kinds { return kinds },
		Currency: func() string { return "CNY" }, QuarantineAfter: func() int { return 3 }, Clock: clk, Logger: quiet, SinkEvery: time.Millisecond,
	})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- p.Pipeline.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		require.NoError(t, p.Pipeline.Close())
	})
	p.Trail, err = audit.New(t.Context(), db)
	require.NoError(t, err)
	require.NoError(t, once.Open(t.Context(), db))
	p.Identity = identity.NewService(db, func() identity.Kinds { return kinds }, p.Pipeline, p.Trail, clk)
	p.People = person.NewService(db, p.Warehouse, p.Identity, p.Trail, func() string { return "CN" }, Shanghai, clk)
	return p
}

// Routes registers all that concerns people.
func (p *Running) Routes(api *httpapi.API) {
	p.Identity.Routes(api)
	p.People.Routes(api)
	p.People.MergeRoutes(api)
	p.Trail.Routes(api)
}

// Send puts events into the log as one record and waits until people and warehouse have them.
func (p *Running) Send(t testing.TB, events ...event.Event) {
	t.Helper()
	var body []byte
	for i := range events {
		body = event.Append(body, &events[i])
	}
	at, err := p.Log.Append(t.Context(), body)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, p.Pipeline.Wait(ctx, at))
}
