package reject_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/reject"
)

// intake accepts what contains "good" and remembers what it accepted.
type intake struct {
	mu       sync.Mutex
	accepted map[int64]int
	err      error
	before   func()
}

func (i *intake) Again(_ context.Context, items []reject.Rejected) ([]*reject.Reason, error) {
	if i.before != nil {
		i.before()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.err != nil {
		return nil, i.err
	}
	reasons := make([]*reject.Reason, len(items))
	for n, item := range items {
		if strings.Contains(string(item.Body), "good") {
			i.accepted[item.ID]++
			continue
		}
		reasons[n] = reject.Because("event.still_bad", "still bad; try again")
	}
	return reasons, nil
}

type trail struct {
	mu      sync.Mutex
	actions []string
}

func (a *trail) Record(_ context.Context, _ *state.Tx, action, _ string, _ any) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.actions = append(a.actions, action)
	return nil
}

type world struct {
	store  *reject.Store
	svc    *reject.Service
	intake *intake
	trail  *trail
	clock  *clock.Manual
}

func newWorld(t *testing.T, db *state.DB, limits reject.Limits) *world {
	t.Helper()
	w := &world{intake: &intake{accepted: map[int64]int{}}, trail: &trail{}, clock: clock.NewManual(statetest.Start())}
	var err error
	w.store, err = reject.Open(t.Context(), db, w.clock, slog.New(slog.DiscardHandler), limits)
	require.NoError(t, err)
	w.svc = reject.New(reject.Options{
		Store: w.store, Intake: w.intake, Audit: w.trail, Days: func() int { return 30 },
		SourceName: func(_ context.Context, id int64) string { return fmt.Sprintf("key %d", id) },
		Clock:      w.clock, Logger: slog.New(slog.DiscardHandler),
	})
	return w
}

func (w *world) put(t *testing.T, source int64, code string, bodies ...string) {
	t.Helper()
	items := make([]reject.Item, 0, len(bodies))
	for _, b := range bodies {
		items = append(items, reject.Item{Source: source, At: w.clock.Now(), Reason: reject.Reason{Code: code, Text: "text", Hint: "hint"}, Body: []byte(b), Envelope: []byte(`{"type":1}`)})
	}
	require.NoError(t, w.store.Put(t.Context(), items))
}

func (w *world) list(t *testing.T, q reject.Query) reject.List {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	l, err := w.store.List(t.Context(), q)
	require.NoError(t, err)
	return l
}

// A rejected event is kept as it was sent; the same one sent again is counted and not stored twice.
func TestPut(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		w := newWorld(t, db, reject.Limits{Body: 20})
		w.put(t, 7, "event.type", `{"a":1}`, `{"a":1}`, `{"b":"王五"}`)
		w.put(t, 7, "event.type", `{"a":1}`)
		w.put(t, 8, "event.no_name", `{"a":1}`, `{"c":"王五王五王五王五王五王五"}`)
		l := w.list(t, reject.Query{})
		require.Equal(t, 4, l.Total)
		require.Equal(t, []reject.CodeCount{{Code: "event.no_name", N: 2}, {Code: "event.type", N: 2}}, l.ByCode)
		large, same := l.Items[0], l.Items[3]
		require.True(t, large.Cut)
		require.LessOrEqual(t, len(large.Body), 20)
		require.True(t, strings.HasPrefix(`{"c":"王五王五王五王五王五王五"}`, string(large.Body)), "cut between characters: %s", large.Body)
		require.Equal(t, 3, same.Times)
		require.Equal(t, `{"a":1}`, string(same.Body))
		require.Equal(t, `{"type":1}`, string(same.Envelope))
		require.Equal(t, reject.Reason{Code: "event.type", Text: "text", Hint: "hint"}, same.Reason)
		require.Equal(t, statetest.Start(), same.At)
		n, err := w.store.Since(t.Context(), statetest.Start())
		require.NoError(t, err)
		require.Equal(t, int64(6), n)
	})
}

// Pages follow each other without gaps or repeats, whatever is chosen.
func TestList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, statetest.SQLite(t), reject.Limits{})
	for i := range 25 {
		w.put(t, int64(7+i%2), fmt.Sprintf("code.%d", i%3), fmt.Sprintf(`{"n":%d}`, i))
	}
	seen := 0
	for q := (reject.Query{Code: "code.1", Limit: 3}); ; {
		l := w.list(t, q)
		require.Equal(t, 8, l.Total)
		require.Len(t, l.ByCode, 3)
		for _, r := range l.Items {
			require.Equal(t, "code.1", r.Reason.Code)
			require.True(t, q.Before == 0 || r.ID < q.Before)
			q.Before = r.ID
			seen++
		}
		if len(l.Items) < q.Limit {
			break
		}
	}
	require.Equal(t, 8, seen)
	require.Equal(t, 12, w.list(t, reject.Query{Source: 8}).Total)
	require.Equal(t, 0, w.list(t, reject.Query{State: reject.Dropped}).Total)
}

// A flood fills neither the table nor the disk: each source has a rate and a number of rows, and all together a number of bytes.
func TestFloodIsBounded(t *testing.T) {
	t.Parallel()
	db := statetest.SQLite(t)
	w := newWorld(t, db, reject.Limits{PerSecond: 10, Burst: 20, Rows: 50, Bytes: 1000})
	flood := func(source int64, n int) {
		var bodies []string
		for range n {
			bodies = append(bodies, fmt.Sprintf(`{"n":%q}`, fmt.Sprint(source, " ", len(bodies), " ", w.clock.Now().UnixMicro())))
		}
		w.put(t, source, "x", bodies...)
	}
	short := func(source int64) int { return w.list(t, reject.Query{Source: source}).Total }
	flood(1, 100)
	require.Equal(t, 20, short(1), "the burst")
	w.clock.Add(time.Second)
	flood(1, 100)
	require.Less(t, short(1), 31, "the rate")
	w.clock.Add(time.Hour)
	flood(2, 100)
	total := 0
	for _, r := range w.list(t, reject.Query{}).Items {
		total += len(r.Body)
	}
	require.LessOrEqual(t, total, 1000, "the bytes")

	// The limits also hold after a restart, and cleaning makes room again.
	w2 := newWorld(t, db, reject.Limits{PerSecond: 10, Burst: 2000, Rows: 25, Bytes: 1 << 20})
	w2.clock.Set(w.clock.Now())
	before := short(1)
	w2.put(t, 1, "x", `{"more":1}`)
	require.Equal(t, before, short(1), "the rows")
	_, err := w2.store.Clean(t.Context(), w.clock.Now().Add(time.Minute))
	require.NoError(t, err)
	w2.put(t, 1, "x", `{"more":1}`)
	require.Equal(t, 1, short(1))
}

// A replay takes in what is right by now and gives the others their new reason; nothing is taken in twice.
func TestReplay(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		w := newWorld(t, db, reject.Limits{})
		for i := range 250 {
			word := "good"
			if i%5 == 0 {
				word = "bad"
			}
			w.put(t, 7, "event.type", fmt.Sprintf(`{"%s":%d}`, word, i))
		}
		w.put(t, 7, "event.other", `{"good":"other"}`)

		one := w.list(t, reject.Query{}).Items[1].ID
		accepted, rejected, err := w.svc.Replay(t.Context(), reject.ReplayInput{IDs: []int64{one, one + 100_000}})
		require.NoError(t, err)
		require.Equal(t, []int{1, 0}, []int{accepted, rejected})

		accepted, rejected, err = w.svc.Replay(t.Context(), reject.ReplayInput{All: true, Code: "event.type"})
		require.NoError(t, err)
		require.Equal(t, []int{199, 50}, []int{accepted, rejected})
		for id, n := range w.intake.accepted {
			require.Equal(t, 1, n, id)
		}
		require.Len(t, w.intake.accepted, 200)
		l := w.list(t, reject.Query{State: reject.Waiting})
		require.Equal(t, []reject.CodeCount{{Code: "event.still_bad", N: 50}, {Code: "event.other", N: 1}}, l.ByCode)
		require.Equal(t, reject.Reason{Code: "event.still_bad", Text: "still bad", Hint: "try again"}, l.Items[1].Reason)
		require.Equal(t, 1, l.Items[1].Replays)
		require.Equal(t, 200, w.list(t, reject.Query{State: reject.Replayed}).Total)
		require.Contains(t, w.trail.actions, "reject.replay")
		n, err := w.store.Since(t.Context(), statetest.Start())
		require.NoError(t, err)
		require.Equal(t, int64(51), n, "what was taken in is rejected no more")

		_, _, err = w.svc.Replay(t.Context(), reject.ReplayInput{})
		require.Equal(t, "reject.replay_invalid", fault.CodeOf(err))
	})
}

// However many people replay everything at once, each event is taken in once.
func TestReplaysTogether(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		w := newWorld(t, db, reject.Limits{})
		var bodies []string
		for i := range 400 {
			bodies = append(bodies, fmt.Sprintf(`{"good":%d}`, i))
		}
		w.put(t, 7, "event.type", bodies...)
		var wg sync.WaitGroup
		var mu sync.Mutex
		sum := 0
		for range 6 {
			wg.Go(func() {
				n, _, err := w.svc.Replay(t.Context(), reject.ReplayInput{All: true})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				sum += n
			})
		}
		wg.Wait()
		require.Equal(t, 400, sum)
		for id, n := range w.intake.accepted {
			require.Equal(t, 1, n, id)
		}
	})
}

// If the log refuses, the events are open again at once.
func TestReplayFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, statetest.SQLite(t), reject.Limits{})
	w.put(t, 7, "event.type", `{"good":1}`)
	w.intake.err = errors.New("the log is full")
	_, _, err := w.svc.Replay(t.Context(), reject.ReplayInput{All: true})
	require.ErrorContains(t, err, "the log is full")
	w.intake.err = nil
	accepted, _, err := w.svc.Replay(t.Context(), reject.ReplayInput{All: true})
	require.NoError(t, err)
	require.Equal(t, 1, accepted)
}

// An event whose replay died with its process is open again after a while.
func TestForgottenClaim(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(statetest.Start())
	w := newWorld(t, statetest.SQLite(t, statetest.With(clk)), reject.Limits{})
	w.put(t, 7, "event.type", `{"good":1}`)
	ctx, die := context.WithCancel(t.Context())
	w.intake.before = func() {
		die()
		panic("killed")
	}
	require.Panics(t, func() { _, _, _ = w.svc.Replay(ctx, reject.ReplayInput{All: true}) })
	w.intake.before = nil
	replay := func() int {
		n, _, err := w.svc.Replay(t.Context(), reject.ReplayInput{All: true})
		require.NoError(t, err)
		return n
	}
	require.Zero(t, replay(), "somebody may still be at it")
	require.Equal(t, 1, w.list(t, reject.Query{State: reject.Waiting}).Total, "it is shown as open")
	clk.Add(3 * time.Minute)
	require.Equal(t, 1, replay())
}

// A corrected event is taken in, or kept as corrected with the new reason; a closed one is refused.
func TestFix(t *testing.T) {
	t.Parallel()
	w := newWorld(t, statetest.SQLite(t), reject.Limits{Body: 100})
	w.put(t, 7, "event.type", `{"bad":1}`)
	id := w.list(t, reject.Query{}).Items[0].ID
	reason, err := w.svc.Fix(t.Context(), reject.FixInput{ID: id, Body: `{"worse":1}`})
	require.NoError(t, err)
	require.Equal(t, "event.still_bad", reason.Code)
	require.Equal(t, `{"worse":1}`, string(w.list(t, reject.Query{}).Items[0].Body))
	reason, err = w.svc.Fix(t.Context(), reject.FixInput{ID: id, Body: `{"good":1}`})
	require.NoError(t, err)
	require.Nil(t, reason)
	_, err = w.svc.Fix(t.Context(), reject.FixInput{ID: id, Body: `{"good":1}`})
	require.Equal(t, "reject.not_open", fault.CodeOf(err))
	_, err = w.svc.Fix(t.Context(), reject.FixInput{ID: id + 9, Body: `{"good":1}`})
	require.Equal(t, "reject.not_found", fault.CodeOf(err))
	_, err = w.svc.Fix(t.Context(), reject.FixInput{ID: id, Body: strings.Repeat("x", 101)})
	require.Equal(t, "reject.fix_invalid", fault.CodeOf(err))
	require.Equal(t, map[int64]int{id: 1}, w.intake.accepted)
}

// What is dropped is not replayed, and what is old is cleaned away whatever became of it.
func TestDropAndClean(t *testing.T) {
	t.Parallel()
	w := newWorld(t, statetest.SQLite(t), reject.Limits{})
	w.put(t, 7, "event.type", `{"good":1}`, `{"good":2}`)
	id := w.list(t, reject.Query{}).Items[0].ID
	require.NoError(t, w.svc.Drop(t.Context(), []int64{id}))
	accepted, _, err := w.svc.Replay(t.Context(), reject.ReplayInput{IDs: []int64{id}})
	require.NoError(t, err)
	require.Zero(t, accepted)
	w.clock.Add(20 * 24 * time.Hour)
	w.put(t, 7, "event.type", `{"good":3}`)
	require.NoError(t, w.svc.Clean(t.Context()))
	require.Equal(t, 3, w.list(t, reject.Query{}).Total)
	w.clock.Add(11 * 24 * time.Hour)
	require.NoError(t, w.svc.Clean(t.Context()))
	require.Equal(t, 1, w.list(t, reject.Query{}).Total)
}

// The API: who may do what, and what comes back.
func TestAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, statetest.SQLite(t), reject.Limits{})
	w.put(t, 7, "event.type", `{"phone":"13800138000"}`, `{"good":1}`)
	id := w.list(t, reject.Query{}).Items[0].ID
	s := apitest.Start(t, w.svc.Routes)
	s.NobodyEnters(t)
	path := fmt.Sprintf("/intake/rejected/%d", id)
	s.Run(t, []apitest.Case{
		{Name: "list", Call: apitest.Call{As: string(actor.Owner), Method: "GET", Path: "/intake/rejected"}, Status: 200, Has: []string{`"total":2`, `"by_code":[{"code":"event.type","n":2}]`, `13800138000`, `"source":"key 7"`, `"next":""`}},
		{Name: "an analyst may not replay", Call: apitest.Call{As: string(actor.Analyst), Method: "POST", Path: "/intake/rejected/replay", Body: map[string]any{"all": true}}, Status: 403},
		{Name: "nothing named", Call: apitest.Call{As: string(actor.Owner), Method: "POST", Path: "/intake/rejected/replay", Body: map[string]any{"ids": nil, "all": false}}, Status: 422, Has: []string{`"code":"reject.replay_invalid"`}},
		{Name: "fix, still bad", Call: apitest.Call{As: string(actor.Operator), Method: "PUT", Path: path, Body: map[string]any{"body": "{}"}}, Status: 200, Has: []string{`"accepted":false`, `"reason":"still bad; try again"`}},
		{Name: "replay all", Call: apitest.Call{As: string(actor.Operator), Method: "POST", Path: "/intake/rejected/replay", Body: map[string]any{"ids": nil, "all": true}}, Status: 200, Has: []string{`"accepted":0`, `"rejected":2`}},
		{Name: "drop", Call: apitest.Call{As: string(actor.Operator), Method: "POST", Path: "/intake/rejected/drop", Body: map[string]any{"ids": []int64{id}}}, Status: 204},
		{Name: "list of the dropped", Call: apitest.Call{As: string(actor.Owner), Method: "GET", Path: "/intake/rejected?state=dropped"}, Status: 200, Has: []string{`"state":"dropped"`, `"total":1`}},
	})
	if !(actor.Actor{Role: actor.Analyst}).Can(actor.ReadPersonal) {
		require.NotContains(t, s.Do(t, apitest.Call{As: string(actor.Analyst), Method: "GET", Path: "/intake/rejected"}).Body, "13800138000")
	}
}
