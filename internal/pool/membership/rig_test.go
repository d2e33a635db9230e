package membership_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// tester is what a rig needs of a test; one of package rapid is one, too.
type tester interface {
	require.TestingT
	Helper()
	Context() context.Context
}

// rig is a small pool: real identities, people, timeline and engine over a real state; the log is the test, and the warehouse a list. It can be
// killed and started again.
type rig struct {
	t        tester
	dir, url string
	clk      *clock.Manual
	zone     *time.Location
	kinds    identity.Kinds
	bulkFrom int
	hand     *handTags
	alone    bool // each unit is decided by itself

	db       *state.DB
	tl       *timeline.Store
	e        *membership.Engine
	resolver *identity.Resolver

	rows     []warehouse.Row // everything committed
	position uint64
	seen     map[string]bool
	signals  []event.Event // everything that left the outbox, once
	said     int           // events made
}

func newRig(t testing.TB, url string) *rig {
	t.Helper()
	r := &rig{
		t: t, dir: t.TempDir(), url: url, clk: clock.NewManual(statetest.Start()), zone: time.UTC, kinds: identity.NewKinds(), seen: map[string]bool{},
		hand: &handTags{on: map[mark]int64{}},
	}
	return r
}

// open starts the pool as the process does.
func (r *rig) open() *rig {
	r.t.Helper()
	ctx := r.t.Context()
	var err error
	r.db, err = state.Open(ctx, r.url, r.clk)
	require.NoError(r.t, err)
	require.NoError(r.t, identity.Migrate(ctx, r.db))
	require.NoError(r.t, person.Migrate(ctx, r.db))
	r.resolver, err = identity.NewResolver(ctx, r.db, func() identity.Kinds { return r.kinds }, func() int { return 100 })
	require.NoError(r.t, err)
	r.tl, err = timeline.Open(ctx, timeline.Options{
		Dir: filepath.Join(r.dir, "timeline"), Source: (*house)(r), Currency: "CNY", Clock: r.clk, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(r.t, err)
	r.e, err = membership.Open(ctx, membership.Options{
		State: r.db, Timeline: r.tl, Zone: func() *time.Location { return r.zone }, Currency: func() string { return "CNY" },
		Kinds: func() identity.Kinds { return r.kinds }, HandTags: r.hand, Clock: r.clk, Logger: slog.New(slog.DiscardHandler),
		Workers: 2, BulkFrom: r.bulkFrom,
	})
	require.NoError(r.t, err)
	require.NoError(r.t, r.tl.CatchUp(ctx, r.position, func(_, _ int64) {}))
	require.NoError(r.t, r.e.Prepare(ctx))
	if r.alone {
		r.e.Alone()
	}
	return r
}

// kill ends the pool without a goodbye.
func (r *rig) kill() {
	r.t.Helper()
	require.NoError(r.t, r.tl.Close())
	require.NoError(r.t, r.db.Close())
}

func (r *rig) restart() {
	r.kill()
	r.open()
}

var errCrash = errors.New("crash")

// send applies a batch as the pipeline does. Repeats are dropped.
func (r *rig) send(events ...event.Event) {
	r.t.Helper()
	require.NoError(r.t, r.batch(events, nil))
}

func (r *rig) batch(events []event.Event, fail error) error {
	ctx := r.t.Context()
	var fresh []*event.Event
	for i := range events {
		if e := &events[i]; !r.seen[e.ID] {
			r.seen[e.ID] = true
			fresh = append(fresh, e)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	var change apply.Change
	var graph *identity.Batch
	err := r.db.InTx(ctx, func(tx *state.Tx) (err error) {
		change = apply.Change{Position: r.position + 1}
		if graph, err = r.resolver.Begin(ctx, tx, fresh, nil); err != nil {
			return err
		}
		if err := r.store(ctx, tx, graph, fresh, &change); err != nil {
			return err
		}
		if err := r.e.Follow(ctx, tx, change); err != nil {
			return err
		}
		return fail
	})
	if err != nil {
		for _, e := range fresh {
			delete(r.seen, e.ID)
		}
		return err
	}
	graph.Done()
	r.rows = append(r.rows, change.Rows...)
	r.position = change.Position
	r.e.Committed(change)
	return nil
}

// store does what the pipeline does before the engine follows.
func (r *rig) store(ctx context.Context, tx *state.Tx, graph *identity.Batch, events []*event.Event, out *apply.Change) error {
	c := person.Change{Folds: map[int64]*person.Fold{}, Person: map[int64]int64{}}
	anchors := make([]*identity.Node, len(events))
	touches := make([]string, len(events))
	for i, e := range events {
		anchor, err := graph.Resolve(ctx, e)
		if err != nil {
			return err
		}
		anchors[i] = anchor
		f := person.Of(e, "CNY")
		if f.FirstTouch != nil {
			touches[i] = f.FirstTouch.Channel
		}
		if sum := c.Folds[anchor.ID]; sum != nil {
			sum.Add(f)
		} else {
			c.Folds[anchor.ID] = f
		}
	}
	var err error
	if c.Moves, err = graph.Commit(ctx, out.Position); err != nil {
		return err
	}
	for _, n := range graph.Fresh() {
		k, _ := graph.Kinds().Find(n.Identity.Kind)
		c.Fresh = append(c.Fresh, person.Node{ID: n.ID, Identity: n.Identity, Strong: k.Strong, At: n.At})
		c.Person[n.ID] = n.Person
	}
	for i, e := range events {
		c.Person[anchors[i].ID] = anchors[i].Person
		row := warehouse.Row{
			Anchor: anchors[i].ID, Person: anchors[i].Person, Time: e.Time, Received: e.Received, Type: uint8(e.Type), Name: e.Name, ID: e.ID,
			Properties: e.Properties, Traits: e.Traits, Context: e.Context, Position: out.Position, Channel: touches[i],
		}
		if a, ok := person.AmountOf(e, "CNY"); ok {
			row.Amount, row.Currency = a.Minor, a.Currency
		}
		out.Rows = append(out.Rows, row)
	}
	people, err := person.Store(ctx, tx, c, graph.Kinds(), nil)
	out.Moves, out.Fresh, out.People, out.Gone = c.Moves, c.Fresh, people.People, people.Gone
	return err
}

// relay takes the signals out of the outbox and applies them as events; it says whether there were any.
func (r *rig) relay() bool {
	r.t.Helper()
	list := r.takeOutbox()
	if len(list) > 0 {
		r.send(list...)
	}
	return len(list) > 0
}

func (r *rig) takeOutbox() []event.Event {
	r.t.Helper()
	ctx := r.t.Context()
	rows, err := r.db.Query(ctx, "SELECT id, body FROM outbox ORDER BY id")
	require.NoError(r.t, err)
	var list []event.Event
	last := int64(0)
	for rows.Next() {
		var body []byte
		require.NoError(r.t, rows.Scan(&last, &body))
		list, err = event.Decode(list, body)
		require.NoError(r.t, err)
	}
	require.NoError(r.t, rows.Err())
	require.NoError(r.t, rows.Close())
	require.NoError(r.t, r.db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM outbox WHERE id <= ?", last)
		return err
	}))
	var once []event.Event
	here := map[string]bool{}
	for _, e := range list { // the pool drops repeats of a message id
		if !r.seen[e.ID] && !here[e.ID] {
			here[e.ID] = true
			once = append(once, e)
			r.signals = append(r.signals, e)
		}
	}
	return once
}

// work lets the engine do all that waits.
func (r *rig) work() {
	r.t.Helper()
	for range 1000 {
		more, err := r.e.Work(r.t.Context())
		require.NoError(r.t, err)
		if !more {
			return
		}
	}
	require.Fail(r.t, "the engine does not come to rest")
}

// rest works and relays until nothing happens any more.
func (r *rig) rest() {
	r.t.Helper()
	for range 100 {
		r.work()
		if !r.relay() {
			return
		}
	}
	require.Fail(r.t, "signals do not come to rest")
}

func (r *rig) apply(spec standing.Spec) {
	r.t.Helper()
	require.NoError(r.t, r.e.Apply(r.t.Context(), spec))
}

// members are the people of a segment or on a level, by number.
func (r *rig) members(owner standing.Owner, key, level string) []int64 {
	r.t.Helper()
	m := r.e.Members(owner, key, level)
	require.NotNil(r.t, m)
	out := []int64{}
	for it := m.Iterator(); it.HasNext(); {
		out = append(out, int64(it.Next()))
	}
	return out
}

// heard are the signals of a name so far, as "person: what".
func (r *rig) heard(name string) []string {
	out := []string{}
	for _, e := range r.signals {
		if e.Name == name {
			out = append(out, e.Identities[0].Value)
		}
	}
	slices.Sort(out)
	return out
}

func parse(t tester, text string) *rule.Rule {
	t.Helper()
	got, problems := rule.Parse(text, nil)
	require.Empty(t, problems, text)
	return got
}

func segment(t tester, key string, version int64, text string) standing.Spec {
	t.Helper()
	return standing.Spec{Owner: standing.Segment, Key: key, Version: version, Rules: []*rule.Rule{parse(t, text)}}
}

// house is the rig as the timeline's source.
type house rig

func (h *house) Nodes(ctx context.Context, yield func(node, person int64) error) error {
	rows, err := h.db.Query(ctx, "SELECT id, person FROM identity ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var node, person int64
		if err := rows.Scan(&node, &person); err != nil {
			return err
		}
		if err := yield(node, person); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (h *house) between(from, to uint64) []warehouse.Row {
	var out []warehouse.Row
	for _, r := range h.rows {
		if r.Position > from && r.Position <= to && event.Type(r.Type) != event.Command {
			out = append(out, r)
		}
	}
	return out
}

func (h *house) Count(_ context.Context, from, to uint64) (int64, error) {
	return int64(len(h.between(from, to))), nil
}

func (h *house) Cut(_ context.Context, _, to uint64, _ int64) ([]uint64, error) {
	return []uint64{to}, nil
}

func (h *house) Rows(_ context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	b := &timeline.Batch{}
	words := map[string]uint32{}
	word := func(s string) uint32 {
		n, ok := words[s]
		if !ok {
			n = uint32(len(b.Words))
			words[s] = n
			b.Words = append(b.Words, s)
		}
		return n
	}
	for _, r := range h.between(q.From, q.To) {
		if q.Name != "" && r.Name != q.Name {
			continue
		}
		b.Node, b.Time = append(b.Node, r.Anchor), append(b.Time, r.Time)
		b.Name, b.Channel = append(b.Name, word(r.Name)), append(b.Channel, word(r.Channel))
		b.Amount, b.HasAmount = append(b.Amount, r.Amount), append(b.HasAmount, r.Currency == "CNY")
		if q.Properties {
			b.Properties = append(b.Properties, r.Properties)
		}
	}
	if len(b.Node) == 0 {
		return nil
	}
	return yield(b)
}

// mark is a tag by hand on a node.
type mark struct {
	node int64
	tag  string
}

// handTags are tags by hand, kept by node as the room of tags does. Its owner's state stands in for a table.
type handTags struct{ on map[mark]int64 }

func (h *handTags) Of(ctx context.Context, q state.Querier, people []int64, yield func(person int64, tag string, since, until int64)) error {
	for _, m := range slices.SortedFunc(maps.Keys(h.on), func(a, b mark) int { return int(a.node - b.node) }) {
		var person int64
		if err := q.QueryRow(ctx, "SELECT person FROM identity WHERE id = ?", m.node).Scan(&person); err != nil {
			return err
		}
		if people == nil || slices.Contains(people, person) {
			yield(person, m.tag, h.on[m], 0)
		}
	}
	return nil
}

// tag puts a tag on a person by hand, or takes it off.
func (r *rig) tag(who int64, tag string, on bool) {
	r.t.Helper()
	ctx := r.t.Context()
	var committed func()
	require.NoError(r.t, r.db.InTx(ctx, func(tx *state.Tx) (err error) {
		committed, err = r.e.SetTags(ctx, tx, []standing.TagSet{{Person: who, Tag: tag, On: on}})
		return err
	}))
	committed()
	if on {
		r.hand.on[mark{who, tag}] = r.clk.Now().UnixMicro()
		return
	}
	for m := range r.hand.on { // off all of the person's nodes
		var of int64
		require.NoError(r.t, r.db.QueryRow(ctx, "SELECT person FROM identity WHERE id = ?", m.node).Scan(&of))
		if of == who && m.tag == tag {
			delete(r.hand.on, m)
		}
	}
}

// who makes identities of values: u… is a user id, anything else an anonymous id.
func who(values ...string) []event.Identity {
	var out []event.Identity
	for _, v := range values {
		kind := event.AnonymousID
		if v[0] == 'u' {
			kind = event.UserID
		}
		out = append(out, event.Identity{Kind: kind, Value: v})
	}
	return out
}

// did makes an event of somebody now.
func (r *rig) did(name string, values ...string) event.Event {
	return r.at(r.clk.Now(), name, "", values...)
}

func (r *rig) at(at time.Time, name, properties string, values ...string) event.Event {
	r.said++
	e := event.Event{
		ID: fmt.Sprintf("e%d", r.said), Type: event.Track, Name: name, Time: at.UnixMicro(), Received: r.clk.Now().UnixMicro(),
		Identities: who(values...),
	}
	if properties != "" {
		e.Properties = []byte(properties)
	}
	return e
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
