// Package ruletest is a whole pool with rules for tests: events go into its log, and people, timeline, memberships, tags, tiers and segments
// follow. Time moves only when the test says so, and the engine works when the test asks it to.
package ruletest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/belonging"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/tag"
	"github.com/huoshui/huoshui/internal/pool/tier"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Pool is a running pool.
type Pool struct {
	Clock       *clock.Manual
	State       *state.DB
	Log         *eventlog.Log
	Warehouse   *warehouse.Warehouse
	Timeline    *timeline.Store
	Pipeline    *apply.Pipeline
	Engine      *membership.Engine
	Trail       *audit.Log
	Definitions *define.Service
	Identity    *identity.Service
	People      *person.Service
	Book        *rulebook.Book
	Tags        *tag.Service
	Segments    *segment.Service
	Tiers       *tier.Service
	Belonging   *belonging.Service
}

// Zone of the pool.
func Zone() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }

// Each runs a test over a pool on SQLite and over one on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, p *Pool)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, ...statetest.Option) *state.DB{"sqlite": statetest.SQLite, "postgres": statetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(statetest.Start())
			test(t, Open(t, clk, open(t, statetest.With(clk))))
		})
	}
}

// SQLite is a pool on SQLite.
func SQLite(t testing.TB) *Pool {
	t.Helper()
	clk := clock.NewManual(statetest.Start())
	return Open(t, clk, statetest.SQLite(t, statetest.With(clk)))
}

// handTags lets the engine ask the room of tags, which is opened after it.
type handTags struct{ p *Pool }

func (h handTags) Of(ctx context.Context, q state.Querier, people []int64, yield func(person int64, tag string, since, until int64)) error {
	return h.p.Tags.Of(ctx, q, people, yield)
}

// Open opens a pool on a state; it ends with the test.
func Open(t testing.TB, clk *clock.Manual, db *state.DB) *Pool {
	t.Helper()
	p := &Pool{Clock: clk, State: db}
	ctx, dir, quiet := t.Context(), t.TempDir(), slog.New(slog.DiscardHandler)
	kinds := func() identity.Kinds { return identity.NewKinds() }
	currency := func() string { return "CNY" }
	region := func() string { return "CN" }
	var err error
	must := func() {
		t.Helper()
		require.NoError(t, err)
	}
	p.Log, err = eventlog.Open(ctx, eventlog.Options{Dir: filepath.Join(dir, "log"), Logger: quiet})
	must()
	t.Cleanup(func() { require.NoError(t, p.Log.Close()) })
	p.Warehouse, err = warehouse.Open(ctx, warehouse.Options{Path: filepath.Join(dir, "w.duckdb"), Threads: 1, MemoryMB: 128})
	must()
	t.Cleanup(func() { require.NoError(t, p.Warehouse.Close()) })
	require.NoError(t, once.Open(ctx, db))
	require.NoError(t, identity.Migrate(ctx, db))
	require.NoError(t, person.Migrate(ctx, db))
	p.Timeline, err = timeline.Open(ctx, timeline.Options{
		Dir: filepath.Join(dir, "timeline"), Source: timeline.FromWarehouse(p.Warehouse, p.nodes, "CNY"), Currency: "CNY", Clock: clk, Logger: quiet,
	})
	must()
	t.Cleanup(func() { require.NoError(t, p.Timeline.Close()) })
	p.Engine, err = membership.Open(ctx, membership.Options{
		State: db, Timeline: p.Timeline, Zone: Zone, Currency: currency, Kinds: kinds, HandTags: handTags{p}, Clock: clk, Logger: quiet, Workers: 1,
	})
	must()
	p.Pipeline, err = apply.New(ctx, apply.Options{
		Log: p.Log, State: db, Warehouse: p.Warehouse, SeenDir: filepath.Join(dir, "seen"), Kinds: kinds, Follower: p.Engine,
		Currency: currency, QuarantineAfter: func() int { return 3 }, Clock: clk, Logger: quiet, SinkEvery: time.Millisecond,
	})
	must()
	p.Trail, err = audit.New(ctx, db)
	must()
	p.Definitions, err = define.New(ctx, db, p.Trail, quiet)
	must()
	p.Identity = identity.NewService(db, kinds, p.Pipeline, p.Trail, clk)
	p.People = person.NewService(db, p.Warehouse, p.Identity, p.Trail, region, Zone, clk)
	p.Book, err = rulebook.New(ctx, p.BookOptions())
	must()
	p.Tags, err = tag.New(ctx, tag.Options{
		State: db, Definitions: p.Definitions, Book: p.Book, Engine: p.Engine, People: p.People, Trail: p.Trail, Kinds: kinds, Region: region,
		Zone: Zone, Clock: clk, Logger: quiet,
	})
	must()
	p.Segments, err = segment.New(ctx, segment.Options{
		State: db, Definitions: p.Definitions, Book: p.Book, Engine: p.Engine, People: p.People, Trail: p.Trail, Zone: Zone, Clock: clk, Logger: quiet,
	})
	must()
	p.Tiers, err = tier.New(ctx, tier.Options{
		State: db, Events: p.Warehouse, Definitions: p.Definitions, Book: p.Book, Engine: p.Engine, People: p.People, Numbers: p.Identity, Trail: p.Trail,
		Doers: map[string]tier.Doer{
			"tag.add":    {Check: p.Tags.CheckAction, Do: p.Tags.AddAction},
			"tag.remove": {Check: p.Tags.CheckAction, Do: p.Tags.RemoveAction},
		},
		Currency: currency, Zone: Zone, Clock: clk, Logger: quiet,
	})
	must()
	p.Belonging = belonging.New(belonging.Options{
		State: db, Engine: p.Engine, Numbers: p.Identity, Tags: p.Tags, Tiers: p.Tiers, Segments: p.Segments, Clock: clk,
	})
	position, err := state.Position(ctx, db, "pool")
	must()
	require.NoError(t, p.Timeline.CatchUp(ctx, position, func(_, _ int64) {}))
	require.NoError(t, p.Engine.Prepare(ctx))
	p.run(t)
	return p
}

// BookOptions are what the rule book was opened with.
func (p *Pool) BookOptions() rulebook.Options {
	return rulebook.Options{
		State: p.State, Events: p.Warehouse, People: p.People, Numbers: p.Identity, Engine: p.Engine, Kinds: func() []identity.Kind { return identity.NewKinds().All() },
		Currency: func() string { return "CNY" }, Zone: Zone, Clock: p.Clock, Logger: slog.New(slog.DiscardHandler),
	}
}

// run lets the pipeline run until the test ends.
func (p *Pool) run(t testing.TB) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- p.Pipeline.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		require.NoError(t, p.Pipeline.Close())
	})
}

func (p *Pool) nodes(ctx context.Context, yield func(node, person int64) error) error {
	rows, err := p.State.Query(ctx, "SELECT id, person FROM identity ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var node, who int64
		if err := rows.Scan(&node, &who); err != nil {
			return err
		}
		if err := yield(node, who); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Routes registers all that concerns rules.
func (p *Pool) Routes(api *httpapi.API) {
	for _, room := range []interface{ Routes(api *httpapi.API) }{p.Definitions, p.Trail, p.Book, p.Tags, p.Segments, p.Tiers, p.Belonging} {
		room.Routes(api)
	}
}

// Send puts events into the log as one record and waits until people and warehouse have them. Events need a name and identities; the rest is
// filled in: the moment is the clock's.
func (p *Pool) Send(t testing.TB, events ...event.Event) {
	t.Helper()
	now := p.Clock.Now().UnixMicro()
	var body []byte
	for i := range events {
		e := &events[i]
		if e.Type == 0 {
			e.Type = event.Track
		}
		if e.Time == 0 {
			e.Time = now
		}
		e.Received = max(e.Time, now)
		body = event.Append(body, e)
	}
	at, err := p.Log.Append(t.Context(), body)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, p.Pipeline.Wait(ctx, at))
}

// Settle lets the engine do everything that is to be done.
func (p *Pool) Settle(t testing.TB) {
	t.Helper()
	for {
		more, err := p.Engine.Work(t.Context())
		require.NoError(t, err)
		if !more {
			return
		}
	}
}

// Owner is a context of somebody who may do everything.
func Owner(t testing.TB) context.Context {
	t.Helper()
	return actor.With(t.Context(), actor.Actor{ID: 1, Kind: actor.User, Email: "mei@example.com", Role: actor.Owner})
}

// User is the identity of a user id.
func User(id string) []event.Identity { return []event.Identity{{Kind: event.UserID, Value: id}} }

// Person is the present number of a user.
func (p *Pool) Person(t testing.TB, user string) int64 {
	t.Helper()
	id, err := p.Identity.Find(t.Context(), User(user)[0], "CN")
	require.NoError(t, err)
	return id
}
