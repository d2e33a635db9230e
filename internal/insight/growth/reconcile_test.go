package growth_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/growth"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// The cases in testdata, which an operator can read and add to.
func TestCases(t *testing.T) {
	t.Parallel()
	insighttest.Cases(t, "testdata/*.txt", func(d *insight.Desk) {
		growth.New(growth.Options{Desk: d, ActiveDays: func() int { return 30 }})
	})
}

// nothing knows no rules and no facts: growth needs none.
type nothing struct{}

func (nothing) Schema(context.Context) (*rule.Schema, error) { return &rule.Schema{}, nil }
func (nothing) Look(context.Context) (bool, error)           { return false, nil }
func (nothing) Parse(context.Context, rulebook.Whose, string, string) (*rule.Rule, error) {
	return nil, context.Canceled
}
func (nothing) Ready() bool { return true }
func (nothing) Matching(context.Context, *rule.Rule) (*roaring64.Bitmap, error) {
	return roaring64.New(), nil
}
func (nothing) Known(context.Context, membership.Ask) (insight.Known, error) { return nil, nil } //nolint:nilnil // never asked
func (nothing) Version() int64                                               { return 0 }

// room is the room over a warehouse, with a timeline read from it.
func room(t *testing.T, p *pooltest.Pool, events []pooltest.Event, moved map[int64]int64, zone *time.Location, now time.Time) *growth.Service {
	t.Helper()
	nodes := func(_ context.Context, yield func(node, person int64) error) error {
		told := map[int64]bool{}
		for _, e := range events {
			who := e.Person
			if told[who] {
				continue
			}
			told[who] = true
			if to, ok := moved[who]; ok {
				who = to
			}
			if err := yield(e.Person, who); err != nil {
				return err
			}
		}
		return nil
	}
	quiet, clk := slog.New(slog.DiscardHandler), clock.NewManual(now)
	s, err := timeline.Open(t.Context(), timeline.Options{Dir: t.TempDir(), Source: timeline.FromWarehouse(p.Warehouse, nodes, "CNY"), Currency: "CNY", Clock: clk, Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	position, err := p.Warehouse.Position(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.CatchUp(t.Context(), position, func(int64, int64) {}))
	desk := insight.New(insight.Options{
		Timeline: s, Book: nothing{}, Engine: nothing{}, Behind: func() bool { return false }, Stored: func() uint64 { return position },
		Zone: func() *time.Location { return zone }, Currency: func() string { return "CNY" }, Clock: clk, Logger: quiet, Workers: 2, Block: 16,
	})
	return growth.New(growth.Options{Desk: desk, Events: p.Warehouse, ActiveDays: func() int { return 7 }})
}

func lives(seed uint64, zone *time.Location, cleaned bool) (events []pooltest.Event) {
	dice := rand.New(rand.NewPCG(seed, 4))
	first := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for range 500 {
		day := first.AddDate(0, 0, dice.IntN(90))
		e := pooltest.Event{Person: 1 + dice.Int64N(40), Type: event.Track, Name: "Product Viewed"}
		e.At = calendar.Midnight(day, zone).Add([]time.Duration{-time.Microsecond, 0, time.Microsecond, 12 * time.Hour}[dice.IntN(4)])
		switch n := dice.IntN(20); {
		case n == 0:
			e.Type, e.Name = event.Signal, event.SegmentEntered
		case n == 1:
			e.Type, e.Name = event.Command, event.PeopleMerged
		case n == 2 && cleaned:
			e.Type, e.Name, e.At = event.Signal, event.PersonCleaned, e.At.Add(3*time.Hour) // never at the moment of an activity
		}
		events = append(events, e)
	}
	return events
}

// The books and the warehouse count the same, with merged people, in zones where clocks jump, and with people who were cleaned out.
func TestReconcile(t *testing.T) {
	t.Parallel()
	for seed, name := range []string{"Asia/Shanghai", "America/New_York", "Africa/Cairo"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(name)
			require.NoError(t, err)
			for _, cleaned := range []bool{false, true} {
				events, moved := lives(uint64(seed), zone, cleaned), map[int64]int64{9: 4, 30: 4, 31: 5}
				p := pooltest.New(t)
				p.Add(t, events, moved)
				s := room(t, p, events, moved, zone, time.Date(2026, 4, 25, 12, 0, 0, 0, zone))
				for _, grain := range []calendar.Grain{calendar.ByDay, calendar.ByWeek, calendar.ByMonth} {
					for _, from := range []string{"2026-01-15", "2026-03-05", "2026-04-24"} {
						q := growth.Query{Grain: grain, SilentDays: 5, LostDays: 12}
						q.From, q.To = from, "2026-04-28"
						got, err := s.Reconcile(t.Context(), q)
						require.NoError(t, err)
						require.Empty(t, got.Differences, "%s from %s, cleaned %v", grain, from, cleaned)
						require.False(t, got.Moving)
						require.Positive(t, got.Numbers)
					}
				}
			}
		})
	}
}

// What the warehouse has and the timeline lacks is a difference, and is told.
func TestReconcileFindsWhatIsLacking(t *testing.T) {
	t.Parallel()
	events := lives(1, time.UTC, false)
	p := pooltest.New(t)
	p.Add(t, events, nil)
	s := room(t, p, events, nil, time.UTC, time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC))
	p.Add(t, []pooltest.Event{{At: time.Date(2026, 4, 20, 12, 0, 0, 0, time.UTC), Person: 77, Type: event.Track, Name: "Product Viewed"}}, nil)
	q := growth.Query{}
	q.From, q.To = "2026-04-20", "2026-04-20"
	got, err := s.Reconcile(t.Context(), q)
	require.NoError(t, err)
	require.True(t, got.Moving)
	require.Contains(t, got.Differences, growth.Difference{Date: "2026-04-20", Number: "new", Books: 0, Warehouse: 1})

	q.People = "true"
	_, err = s.Reconcile(t.Context(), q)
	require.ErrorContains(t, err, "warehouse knows no rules")
}
