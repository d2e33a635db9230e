package ltv_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/ltv"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
)

type engine struct{ *membership.Engine }

func (e engine) Known(ctx context.Context, ask membership.Ask) (insight.Known, error) {
	return e.Engine.Known(ctx, ask)
}

type keeper struct{}

func (keeper) Keep(context.Context, insight.SegmentInput, any, string, func() (*roaring64.Bitmap, error)) (insight.Segment, error) {
	return insight.Segment{}, nil
}

const buyers = 600

// shop lets people buy for two years as the Pareto/NBD model says: at rates of their own, until they silently stop.
func shop(t testing.TB, p *ruletest.Pool) {
	t.Helper()
	src := rand.NewPCG(3, 3)
	rng := rand.New(src)
	rates, ends := distuv.Gamma{Alpha: 1.2, Beta: 60, Src: src}, distuv.Gamma{Alpha: 0.8, Beta: 120, Src: src} // a day
	now := p.Clock.Now()
	var events []event.Event
	for i := range buyers {
		gap, life := 1/rates.Rand(), rng.ExpFloat64()/ends.Rand()
		at := 0.0
		first := 730 - rng.Float64()*500
		for n := 0; at <= min(life, first); n++ {
			events = append(events, event.Event{
				ID: fmt.Sprintf("o-%d-%d", i, n), Name: event.OrderCompleted, Identities: ruletest.User(fmt.Sprint("u", i)), Time: now.Add(-time.Duration((first - at) * 24 * float64(time.Hour))).UnixMicro(),
				Properties: fmt.Appendf(nil, `{"revenue":%d}`, 50+rng.IntN(200)),
			})
			at += rng.ExpFloat64() * gap
		}
	}
	p.Send(t, events...)
}

// Predictions are written to people as traits that rules can use, are no activity of theirs, and are written again only where they changed.
func TestPredictions(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	shop(t, p)
	_, err := p.Book.Look(t.Context())
	require.NoError(t, err)
	quiet := slog.New(slog.DiscardHandler)
	jobs, err := job.New(t.Context(), p.State, quiet)
	require.NoError(t, err)
	desk := insight.New(insight.Options{
		Timeline: p.Timeline, Book: p.Book, Engine: engine{p.Engine}, People: p.People, Segments: keeper{}, Behind: func() bool { return false },
		Zone: ruletest.Zone, Currency: func() string { return "CNY" }, Clock: p.Clock, Logger: quiet,
	})
	s, err := ltv.New(t.Context(), ltv.Options{Desk: desk, Logger: quiet, Writing: ltv.Writing{State: p.State, Jobs: jobs, Whose: func(ctx context.Context, q state.Querier, people []int64) (map[int64]event.Identity, error) {
		return identity.Strongest(ctx, q, identity.NewKinds(), people)
	}}})
	require.NoError(t, err)

	before := activity(t, p)
	run := func() ltv.Run {
		r, err := s.Predict(ruletest.Owner(t))
		require.NoError(t, err)
		_, err = s.Predict(ruletest.Owner(t))
		require.ErrorContains(t, err, "already")
		require.NoError(t, s.Work(ruletest.Owner(t), r.ID))
		runs, err := s.Runs(t.Context())
		require.NoError(t, err)
		relay(t, p)
		return runs[0]
	}
	r := run()
	require.Equal(t, "done", r.State, "%+v", r.Verdict)
	require.EqualValues(t, buyers, r.Total)
	require.EqualValues(t, buyers, r.Changed)
	p.Settle(t)
	require.Equal(t, before, activity(t, p), "predictions are no activity")

	_, err = p.Book.Look(t.Context())
	require.NoError(t, err)
	schema, err := p.Book.Schema(t.Context())
	require.NoError(t, err)
	count := func(text string) uint64 {
		parsed, problems := rule.Parse(text, schema)
		require.Empty(t, problems, text)
		set, err := p.Engine.Matching(t.Context(), parsed)
		require.NoError(t, err)
		return set.GetCardinality()
	}
	all, likely := count(`person.p_alive >= 0.0`), count(`person.p_alive >= 0.5`)
	require.EqualValues(t, buyers, all)
	require.True(t, likely > 20 && likely < buyers-20, "%d are likely to be customers", likely)
	require.EqualValues(t, buyers, count(`person.predicted_orders_90d >= 0.0 && person.predicted_value_90d >= 0.0`))

	require.Zero(t, run().Changed, "nothing has changed")
	p.Clock.Add(20 * 24 * time.Hour)
	r = run()
	require.Equal(t, "done", r.State, "%+v", r.Verdict)
	require.True(t, r.Changed > 0 && r.Changed < buyers, "%d changed after twenty quiet days", r.Changed)
}

// activity is what people are known to have done.
func activity(t testing.TB, p *ruletest.Pool) string {
	t.Helper()
	var all strings.Builder
	rows, err := p.State.Query(t.Context(), "SELECT id, events, first_seen, last_seen, orders, revenue FROM person ORDER BY id")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var n [6]int64
		require.NoError(t, rows.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5]))
		text, err := json.Marshal(n)
		require.NoError(t, err)
		all.Write(text)
	}
	require.NoError(t, rows.Err())
	return all.String()
}

// relay lets the outbox reach the pool.
func relay(t testing.TB, p *ruletest.Pool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	ended := make(chan error, 1)
	relaying, done := context.WithCancel(ctx)
	go func() { ended <- p.State.Relay(relaying, p.Log, time.Millisecond) }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for left := int64(1); left > 0; {
		require.NoError(t, p.State.QueryRow(ctx, "SELECT count(*) FROM outbox").Scan(&left))
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("the outbox is never empty")
		}
	}
	done()
	require.NoError(t, <-ended)
	last, err := p.Log.Last(ctx)
	require.NoError(t, err)
	require.NoError(t, p.Pipeline.Wait(ctx, last))
}
