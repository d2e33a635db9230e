package app

import (
	"context"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/distribution"
	"github.com/huoshui/huoshui/internal/insight/funnel"
	"github.com/huoshui/huoshui/internal/insight/growth"
	"github.com/huoshui/huoshui/internal/insight/ladder"
	"github.com/huoshui/huoshui/internal/insight/ltv"
	"github.com/huoshui/huoshui/internal/insight/path"
	"github.com/huoshui/huoshui/internal/insight/retention"
	"github.com/huoshui/huoshui/internal/insight/trend"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/segment"
)

// Insight are the rooms that answer questions about the pool.
type Insight struct {
	Desk      *insight.Desk
	Growth    *growth.Service
	Retention *retention.Service
	LTV       *ltv.Service
	Ladder    *ladder.Service
}

// openInsight opens the desk and the kinds of questions.
func (a *App) openInsight(ctx context.Context) (err error) {
	lag := &lag{clock: a.o.Clock, last: a.log.Last, applied: func() uint64 { n, _ := a.pipeline.Positions(); return n }}
	a.Desk = insight.New(insight.Options{
		Timeline: a.Timeline, Book: a.Book, Engine: insightEngine{a.Engine}, People: a.People, Segments: insightSegments{a.Segments},
		Behind: lag.behind, Stored: func() uint64 { _, n := a.pipeline.Positions(); return n },
		Zone: a.Settings.Location, Currency: a.currency, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	trend.Register(a.Desk)
	distribution.Register(a.Desk)
	funnel.Register(a.Desk)
	path.Register(a.Desk)
	a.Growth = growth.New(growth.Options{Desk: a.Desk, Events: a.warehouse, ActiveDays: poolSettings{a.Settings}.ActiveDays})
	a.Retention = retention.New(retention.Options{Desk: a.Desk, Events: a.warehouse})
	a.LTV, err = ltv.New(ctx, ltv.Options{Desk: a.Desk, Logger: a.o.Logger, Writing: ltv.Writing{State: a.state, Jobs: a.Jobs, Whose: a.whose}})
	if err != nil {
		return err
	}
	a.Ladder, err = ladder.New(ctx, ladder.Options{Desk: a.Desk, Definitions: a.Define, Logger: a.o.Logger})
	return err
}

// whose gives the identity by which the pool can say something about each person.
func (a *App) whose(ctx context.Context, q state.Querier, people []int64) (map[int64]event.Identity, error) {
	return identity.Strongest(ctx, q, a.Kinds.Kinds(), people)
}

// insightEngine is the engine as insight asks it.
type insightEngine struct{ *membership.Engine }

// Known is what is known of people besides their events.
func (e insightEngine) Known(ctx context.Context, ask membership.Ask) (insight.Known, error) {
	return e.Engine.Known(ctx, ask)
}

// insightSegments keeps the people behind a number.
type insightSegments struct{ *segment.Service }

// Keep makes a static segment of people.
func (s insightSegments) Keep(ctx context.Context, in insight.SegmentInput, request any, repeat string, people func() (*roaring64.Bitmap, error)) (insight.Segment, error) {
	v, err := s.Service.Keep(ctx, segment.KeepInput{
		Key: in.Key, Title: in.Title, Description: in.Description, Request: request, People: people,
	}, repeat)
	return insight.Segment{Key: v.Key, Title: v.Title, People: v.People}, err
}

// lag says whether the pipeline has more to do than it can do at once. It looks at the log now and then, and believes only a second look in a row:
// single events are behind for a moment, too, without anybody waiting.
type lag struct {
	clock   clock.Clock
	last    func(ctx context.Context) (uint64, error)
	applied func() uint64

	mu     sync.Mutex
	looked time.Time
	seen   uint64 // the newest record at the last look, 0 if all was done then
	is     bool
}

const (
	lookEvery = 50 * time.Millisecond
	lookSoon  = time.Second // an older look says nothing about now
)

func (l *lag) behind() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	ago := now.Sub(l.looked)
	if ago < lookEvery && ago >= 0 {
		return l.is
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // asked in the midst of work that is not about the log
	defer cancel()
	newest, err := l.last(ctx)
	if err != nil {
		return l.is
	}
	if applied := l.applied(); newest <= applied {
		newest = 0
	}
	l.is = newest > 0 && l.seen > 0 && ago < lookSoon
	l.looked, l.seen = now, newest
	return l.is
}
