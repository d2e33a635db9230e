package overview

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state"
)

// Events is the warehouse, as this room reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	Position(ctx context.Context) (uint64, error)
}

// Settings are the pool's settings that matter here.
type Settings interface {
	Currency() string
	Location() *time.Location
	ActiveDays() int
}

// Service answers overviews. The same question is answered from memory while nothing new has arrived, or for a few seconds.
type Service struct {
	state    state.Querier
	events   Events
	settings Settings
	clock    clock.Clock

	asked singleflight.Group // a question asked by many at once is worked out once

	mu    sync.Mutex
	known map[question]answer
}

// question is all that an answer depends on, beside the events. Whoever asks gets the same: there is nothing personal in it.
type question struct {
	from, to, zone string
	grain          calendar.Grain
	currency       string
	active         int
}

type answer struct {
	position uint64
	at       time.Time
	keep     time.Duration // how old it may be when events keep arriving
	overview Overview
}

// An answer is kept for five seconds, or for ten times as long as it took to make, so that who watches a large pool does not keep it busy;
// but never for more than a minute.
const (
	keepFor   = 5 * time.Second
	keepTimes = 10
	keepMost  = time.Minute
)

// New makes the service.
func New(st state.Querier, ev Events, settings Settings, clk clock.Clock) *Service {
	return &Service{state: st, events: ev, settings: settings, clock: clk, known: map[question]answer{}}
}

// Get is the overview of a range of days.
func (s *Service) Get(ctx context.Context, r calendar.Range, grain calendar.Grain) (Overview, error) {
	position, err := s.events.Position(ctx)
	if err != nil {
		return Overview{}, err
	}
	q := question{day(r.From), day(r.To), r.Zone.String(), grain, s.settings.Currency(), s.settings.ActiveDays()}
	now := s.clock.Now()
	s.mu.Lock()
	a, ok := s.known[q]
	s.mu.Unlock()
	age := now.Sub(a.at)
	if ok && age >= 0 && (age < a.keep || a.position == position && age < keepMost) {
		return a.overview, nil
	}
	// Who asked first may leave; the others still want the answer.
	working := context.WithoutCancel(ctx)
	result := s.asked.DoChan(fmt.Sprint(q), func() (any, error) {
		o, err := s.compute(working, r, grain)
		if err != nil {
			return Overview{}, err
		}
		o.FreshAt, o.Check.Position = now, int64(position) //nolint:gosec // fits
		keep := min(max(keepFor, keepTimes*s.clock.Now().Sub(now)), keepMost)
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.known) > 100 {
			clear(s.known)
		}
		s.known[q] = answer{position, now, keep, o}
		return o, nil
	})
	select {
	case <-ctx.Done():
		return Overview{}, ctx.Err()
	case done := <-result:
		o, _ := done.Val.(Overview)
		return o, done.Err
	}
}

func (s *Service) compute(ctx context.Context, r calendar.Range, grain calendar.Grain) (Overview, error) {
	before := r.Before()
	o := Overview{
		Range:   Span{From: day(r.From), To: day(r.To), Grain: string(grain), TimeZone: r.Zone.String()},
		Compare: Span{From: day(before.From), To: day(before.To)}, Currency: s.settings.Currency(),
	}
	var now, then figures
	var stock, stockBefore []stockDay
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	g.Go(func() (err error) { now, err = s.figures(gctx, r); return err })
	g.Go(func() (err error) { then, err = s.figures(gctx, before); return err })
	g.Go(func() (err error) {
		all, err := s.stock(gctx, calendar.Range{From: before.From, To: r.To, Zone: r.Zone})
		if err == nil {
			stockBefore, stock = all[:before.Days()], all[before.Days():]
		}
		return err
	})
	g.Go(func() (err error) { o.Series, err = s.series(gctx, r, grain); return err })
	g.Go(func() (err error) { o.Previous, err = s.series(gctx, before, grain); return err })
	g.Go(func() (err error) { o.Channels, err = s.channels(gctx, r); return err })
	g.Go(func() (err error) { o.TopEvents, err = s.topEvents(gctx, r); return err })
	g.Go(func() (err error) { o.Check, err = s.check(gctx, r); return err })
	if err := g.Wait(); err != nil {
		return Overview{}, fmt.Errorf("make the overview: %w", err)
	}
	for _, d := range stock {
		o.Stock = append(o.Stock, d.Stock)
	}
	now.personDays, then.personDays = personDays(stock), personDays(stockBefore)
	addNew(o.Series, stock, grain)
	addNew(o.Previous, stockBefore, grain)
	o.KPIs = kpis(now, then, stock, stockBefore)
	if last := stock[len(stock)-1]; last.Active == o.Check.Active && last.People == o.Check.People {
		o.Check.Holds = true
	}
	return o, nil
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// addNew puts the newcomers of each day into the trend's buckets.
func addNew(series []Point, stock []stockDay, grain calendar.Grain) {
	at := map[string]int{}
	for i := range series {
		at[series[i].Date] = i
	}
	for _, d := range stock {
		t, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			continue // our own format
		}
		if i, ok := at[day(grain.Bucket(t))]; ok {
			series[i].New += d.New
		}
	}
}

func personDays(days []stockDay) (n int64) {
	for _, d := range days {
		n += d.seen
	}
	return n
}

func kpis(now, then figures, stock, before []stockDay) KPIs {
	k := func(f func(figures) float64) KPI { return KPI{f(now), f(then)} }
	sum := func(days []stockDay) (n float64) {
		for _, d := range days {
			n += float64(d.New)
		}
		return n
	}
	ratio := func(a, b int64) float64 {
		if b == 0 {
			return 0
		}
		return float64(a) / float64(b)
	}
	return KPIs{
		People:       KPI{float64(stock[len(stock)-1].People), float64(before[len(before)-1].People)},
		New:          KPI{sum(stock), sum(before)},
		Active:       k(func(f figures) float64 { return float64(f.active) }),
		Orders:       k(func(f figures) float64 { return float64(f.orders) }),
		Buyers:       k(func(f figures) float64 { return float64(f.buyers) }),
		Revenue:      k(func(f figures) float64 { return float64(f.revenue) }),
		AverageOrder: k(func(f figures) float64 { return ratio(f.revenue, f.orders) }),
		Repurchase:   k(func(f figures) float64 { return ratio(f.repeat, f.buyers) }),
		DAU:          k(func(f figures) float64 { return ratio(f.personDays, int64(f.days)) }),
		WAU:          k(func(f figures) float64 { return float64(f.wau) }),
		MAU:          k(func(f figures) float64 { return float64(f.mau) }),
		Stickiness:   k(func(f figures) float64 { return ratio(f.personDays, int64(f.days)*f.mau) }),
	}
}
