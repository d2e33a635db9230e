package apply_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// rig is a whole pool on real engines in folders of the test. Its parts can be closed, removed and opened again one by one.
type rig struct {
	t      testing.TB
	dir    string
	url    string // of the state
	clk    *clock.Manual
	kinds  identity.Kinds
	limit  int // quarantine after
	refuse func(context.Context, []apply.Refused) error

	log   *eventlog.Log
	state *state.DB
	house *warehouse.Warehouse
	pipe  *apply.Pipeline
	stop  context.CancelFunc
	ended chan error
}

type rigOption func(*rig)

func withState(url string) rigOption { return func(r *rig) { r.url = url } }

// each runs a test on both engines of the state.
func each(t *testing.T, run func(t *testing.T, on rigOption)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"sqlite": statetest.SQLiteURL, "postgres": statetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, withState(url(t)))
		})
	}
}

func withKinds(kinds ...identity.Kind) rigOption {
	return func(r *rig) { r.kinds = identity.NewKinds(kinds...) }
}

// newRig opens a pool and runs its pipeline until the test ends.
func newRig(t testing.TB, opts ...rigOption) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), clk: clock.NewManual(statetest.Start()), kinds: identity.NewKinds(), limit: 3}
	for _, o := range opts {
		o(r)
	}
	if r.url == "" {
		r.url = statetest.SQLiteURL(t)
	}
	r.open()
	r.start()
	t.Cleanup(func() {
		r.close()
	})
	return r
}

func (r *rig) open() {
	r.t.Helper()
	r.openLog()
	r.openState()
	r.openHouse()
}

func (r *rig) openLog() {
	r.t.Helper()
	var err error
	r.log, err = eventlog.Open(r.t.Context(), eventlog.Options{Dir: filepath.Join(r.dir, "log"), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(r.t, err)
}

func (r *rig) openState() {
	r.t.Helper()
	var err error
	r.state, err = state.Open(r.t.Context(), r.url, r.clk)
	require.NoError(r.t, err)
}

func (r *rig) openHouse() {
	r.t.Helper()
	var err error
	r.house, err = warehouse.Open(r.t.Context(), warehouse.Options{Path: r.housePath(), Threads: 1, MemoryMB: 256})
	require.NoError(r.t, err)
}

func (r *rig) housePath() string { return filepath.Join(r.dir, "warehouse.duckdb") }
func (r *rig) seenDir() string   { return filepath.Join(r.dir, "seen") }

func (r *rig) options() apply.Options {
	return apply.Options{
		Log: r.log, State: r.state, Warehouse: r.house, SeenDir: r.seenDir(), Kinds: func() identity.Kinds { return r.kinds },
		Currency: func() string { return "CNY" }, QuarantineAfter: func() int { return r.limit }, Clock: r.clk,
		Logger: slog.New(slog.DiscardHandler), SinkEvery: time.Millisecond, Refuse: r.refuse,
	}
}

// start makes a pipeline over what is there and runs it.
func (r *rig) start() {
	r.t.Helper()
	var err error
	r.pipe, err = apply.New(r.t.Context(), r.options())
	require.NoError(r.t, err)
	r.run()
}

func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	ended := make(chan error, 1)
	pipe := r.pipe
	go func() { ended <- pipe.Run(ctx) }()
	r.stop, r.ended = cancel, ended
}

// halt asks the pipeline to stop and gives what Run returned.
func (r *rig) halt() error {
	if r.pipe == nil {
		return nil
	}
	r.stop()
	err := <-r.ended
	require.NoError(r.t, r.pipe.Close())
	r.pipe = nil
	return err
}

func (r *rig) close() {
	r.t.Helper()
	require.NoError(r.t, r.halt())
	require.NoError(r.t, r.house.Close())
	require.NoError(r.t, r.state.Close())
	require.NoError(r.t, r.log.Close())
}

// append puts events into the log as one record, which is never split between batches.
func (r *rig) append(events ...event.Event) uint64 {
	r.t.Helper()
	var body []byte
	for i := range events {
		body = event.Append(body, &events[i])
	}
	at, err := r.log.Append(r.t.Context(), body)
	require.NoError(r.t, err)
	return at
}

// wait returns when people and warehouse have the log up to a position.
func (r *rig) wait(at uint64) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 2*time.Minute)
	defer cancel()
	require.NoError(r.t, r.pipe.Wait(ctx, at))
}

// send appends events as one record and waits until it is applied.
func (r *rig) send(events ...event.Event) {
	r.t.Helper()
	if len(events) > 0 {
		r.wait(r.append(events...))
	}
}

// each sends every event as a record and a batch of its own.
func (r *rig) each(events ...event.Event) {
	r.t.Helper()
	for _, e := range events {
		r.send(e)
	}
}

// Builders of events. An identity is written "kind:value", kinds by their first letters.

func ids(texts ...string) []event.Identity {
	var out []event.Identity
	for _, s := range texts {
		var i event.Identity
		kind, value := s[:1], s
		switch kind {
		case "u":
			i.Kind = event.UserID
		case "p":
			i.Kind = event.Phone
		case "e":
			i.Kind = event.Email
		case "a":
			i.Kind = event.AnonymousID
		case "d":
			i.Kind = event.DeviceID
		case "w":
			i.Kind, i.Scope = event.OpenID, "app"
		case "x":
			i.Kind = "crm_id" // nobody declared it
		default:
			panic("what is " + s)
		}
		i.Value = value
		out = append(out, i)
	}
	return out
}

func track(id string, at int64, who ...string) event.Event {
	return event.Event{ID: id, Type: event.Track, Name: "Product Viewed", Time: at, Received: at, Identities: ids(who...)}
}

func command(id, name string, at int64, properties string, who ...string) event.Event {
	return event.Event{
		ID: id, Type: event.Command, Name: name, Time: at, Received: at, Identities: ids(who...), Properties: []byte(properties),
	}
}

func merge(id string, who ...string) event.Event {
	return command(id, event.PeopleMerged, 1000, `{"reason":"same face","author":"op"}`, who...)
}

func forced(id string, who ...string) event.Event {
	return command(id, event.PeopleMerged, 1000, `{"reason":"same face","author":"op","force":true}`, who...)
}

func unmerge(id string, who ...string) event.Event {
	return command(id, event.PeopleUnmerged, 1000, `{"reason":"a mistake","author":"op"}`, who...)
}

func quarantine(id string, who ...string) event.Event {
	return command(id, event.Quarantined, 1000, `{"reason":"a tablet in the shop","author":"op"}`, who...)
}

func release(id string, who ...string) event.Event {
	return command(id, event.Released, 1000, `{"author":"op"}`, who...)
}
