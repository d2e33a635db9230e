package health_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/health"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
)

// none were refused.
type none struct{}

func (none) Daily(_ context.Context, starts []int64) ([]int64, error) {
	return make([]int64, len(starts)-1), nil
}

func open(t testing.TB, db *state.DB, d *insight.Desk) *health.Service {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	defs, err := define.New(t.Context(), db, trail, log)
	require.NoError(t, err)
	s, err := health.New(t.Context(), health.Options{
		Desk: d, State: db, Definitions: defs, Refused: none{}, RefusedDays: func() int { return 30 }, ActiveDays: func() int { return 30 }, Logger: log,
	})
	require.NoError(t, err)
	return s
}

// The cases in testdata, which an operator can read and add to.
func TestCases(t *testing.T) {
	t.Parallel()
	insighttest.Cases(t, "testdata/*.txt", func(d *insight.Desk) { open(t, statetest.SQLite(t), d) })
}

// A score is recorded when its day is over, follows what arrives within three days, and then stays, by whatever definition; what is shown beside it
// follows. What was recorded late, because nobody asked before, is no memory of the day and goes on following.
func TestRecorded(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		ctx := actor.With(t.Context(), actor.Itself())
		p := insighttest.Open(t, insighttest.Options{Now: time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC)})
		s := open(t, db, p.Desk)
		visit := func(from, to int64, day, name string) {
			for node := from; node <= to; node++ {
				p.Add(insighttest.Event{Node: node, At: day + " 10:00", Name: name})
			}
		}
		visit(1, 40, "2026-03-01", "Page Viewed")
		recorded := func(day string) (now, then *float64) {
			t.Helper()
			require.NoError(t, s.Record(ctx))
			res, err := p.Desk.Ask(ctx, json.RawMessage(`{"kind":"health","last":20}`))
			require.NoError(t, err)
			var a health.Answer
			require.NoError(t, json.Unmarshal(res.Answer, &a))
			for _, d := range a.History {
				if d.Date == day {
					return d.Score, d.Recorded
				}
			}
			require.Fail(t, "no such day", day)
			return nil, nil
		}
		now, then := recorded("2026-03-02")
		require.NotNil(t, then)
		require.InDelta(t, *now, *then, 1e-9)
		_, nine := recorded("2026-03-09")
		_, today := recorded("2026-03-10")
		require.Nil(t, today, "today is not over")
		visit(41, 140, "2026-03-02", "Order Completed") // an import of old events
		now, then = recorded("2026-03-02")
		require.InDelta(t, *now, *then, 1e-9, "recorded late: it follows")
		_, late := recorded("2026-03-09")
		require.NotEqual(t, *nine, *late, "within three days: it follows")
		p.Clock.Add(5 * 24 * time.Hour)
		visit(141, 400, "2026-03-08", "Page Viewed")
		d := health.Defaults()
		d.Parts[0].Weight = 90
		_, err := s.Put(ctx, d, 0, "")
		require.NoError(t, err)
		now, then = recorded("2026-03-09")
		require.InDelta(t, *late, *then, 1e-9, "it stays")
		require.NotEqual(t, *now, *then, "what is counted now is another number")
	})
}

// The definition over HTTP: everybody reads, operators change, the ETag keeps two of them apart.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	p := insighttest.Open(t, insighttest.Options{})
	s := open(t, statetest.SQLite(t), p.Desk)
	srv := apitest.Start(t, s.Routes)
	srv.NobodyEnters(t)
	d := health.Defaults()
	d.Parts[0].Weight = 50
	broken := health.Defaults()
	broken.Parts[4].Best = .95
	type call = apitest.Call
	put := func(as string, body health.Definition, match string) call {
		return call{As: as, Method: "PUT", Path: "/health/definition", Body: body, Header: map[string]string{"If-Match": match}}
	}
	srv.Run(t, []apitest.Case{
		{Name: "defaults", Call: call{As: "analyst", Path: "/health/definition"}, Status: 200, Has: []string{`"part":"flow","weight":20`}},
		{Name: "analyst", Call: put("analyst", d, ""), Status: 403},
		{Name: "broken", Call: put("operator", broken, ""), Status: 422, Has: []string{"body.parts[4].best"}},
		{Name: "operator", Call: put("operator", d, ""), Status: 200, Has: []string{`"weight":50`}},
		{Name: "too late", Call: put("operator", health.Defaults(), httpapi.ETag(9)), Status: 412},
		{Name: "in force", Call: call{As: "analyst", Path: "/health/definition"}, Status: 200, Has: []string{`"weight":50`}},
	})
}
