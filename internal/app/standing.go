package app

import (
	"context"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/belonging"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/tag"
	"github.com/huoshui/huoshui/internal/pool/tier"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Standing are the rooms that say where people stand, and what keeps it true.
type Standing struct {
	Timeline  *timeline.Store
	Engine    *membership.Engine
	Book      *rulebook.Book
	Tags      *tag.Service
	Segments  *segment.Service
	Tiers     *tier.Service
	Belonging *belonging.Service
}

// openTimeline opens what follows the pipeline. It is complete only when catchUp has read what it lacks.
func (a *App) openTimeline(ctx context.Context) (err error) {
	a.Timeline, err = timeline.Open(ctx, timeline.Options{
		Dir: a.dir.Join("timeline"), Source: timeline.FromWarehouse(a.warehouse, a.nodes, a.currency()), Currency: a.currency(), Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.closers = append(a.closers, a.Timeline.Close)
	a.Engine, err = membership.Open(ctx, membership.Options{
		State: a.state, Timeline: a.Timeline, Zone: a.Settings.Location, Currency: a.currency, Kinds: a.Kinds.Kinds, HandTags: handTags{a}, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	return err
}

// openStanding opens the rooms with rules.
func (a *App) openStanding(ctx context.Context) (err error) {
	a.Book, err = rulebook.New(ctx, rulebook.Options{
		State: a.state, Events: a.warehouse, People: a.People, Numbers: a.Identity, Engine: a.Engine, Kinds: func() []identity.Kind { return a.Kinds.Kinds().All() },
		Currency: a.currency, Zone: a.Settings.Location, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.Tags, err = tag.New(ctx, tag.Options{
		State: a.state, Definitions: a.Define, Book: a.Book, Engine: a.Engine, People: a.People, Trail: a.Audit, Kinds: a.Kinds.Kinds, Region: a.region,
		Zone: a.Settings.Location, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.Segments, err = segment.New(ctx, segment.Options{
		State: a.state, Definitions: a.Define, Book: a.Book, Engine: a.Engine, People: a.People, Trail: a.Audit, Zone: a.Settings.Location, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.Tiers, err = tier.New(ctx, tier.Options{
		State: a.state, Events: a.warehouse, Definitions: a.Define, Book: a.Book, Engine: a.Engine, People: a.People, Numbers: a.Identity, Trail: a.Audit,
		Doers: a.doers(), Currency: a.currency, Zone: a.Settings.Location, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.Belonging = belonging.New(belonging.Options{
		State: a.state, Engine: a.Engine, Numbers: a.Identity, Tags: a.Tags, Tiers: a.Tiers, Segments: a.Segments, Clock: a.o.Clock,
	})
	return nil
}

// doers are the actions that a level of a tier may lead to, by name.
func (a *App) doers() map[string]tier.Doer {
	return map[string]tier.Doer{
		"tag.add":    {Check: a.Tags.CheckAction, Do: a.Tags.AddAction},
		"tag.remove": {Check: a.Tags.CheckAction, Do: a.Tags.RemoveAction},
	}
}

// pool catches the timelines up and then applies the log, which waits meanwhile, until ctx ends.
func (a *App) pool(ctx context.Context) error {
	if err := a.catchUp(ctx); err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // asked to stop
		}
		return err
	}
	return a.pipeline.Run(ctx)
}

// tellEvery is how often a long catching up is told of.
const tellEvery = 5 * time.Second

func (a *App) catchUp(ctx context.Context) error {
	applied, _ := a.pipeline.Positions()
	began := a.o.Clock.Now()
	told := began
	err := a.Timeline.CatchUp(ctx, applied, func(done, total int64) {
		if now := a.o.Clock.Now(); now.Sub(told) >= tellEvery {
			told = now
			a.o.Logger.InfoContext(ctx, "reading timelines from the warehouse", "events", done, "of", total)
		}
	})
	if err != nil {
		return fmt.Errorf("catch the timelines up: %w", err)
	}
	if err := a.Engine.Prepare(ctx); err != nil {
		return fmt.Errorf("prepare the rules: %w", err)
	}
	a.o.Logger.DebugContext(ctx, "timelines are complete", "took", a.o.Clock.Now().Sub(began))
	return nil
}

// nodes tells every identity's person.
func (a *App) nodes(ctx context.Context, yield func(node, person int64) error) error {
	rows, err := a.state.Query(ctx, "SELECT id, person FROM identity")
	if err != nil {
		return fmt.Errorf("read identities: %w", err)
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

func (a *App) currency() string { return a.Settings.Get().Currency }

// handTags are the tags room as the engine asks for it, which is opened before.
type handTags struct{ a *App }

// Of yields the tags that people have by hand.
func (h handTags) Of(ctx context.Context, q state.Querier, people []int64, yield func(person int64, tag string, since, until int64)) error {
	return h.a.Tags.Of(ctx, q, people, yield)
}

var _ apply.Follower = (*membership.Engine)(nil)
