// Package live lets operators watch the intake: rates, the newest events as they are applied, and which events and properties exist.
package live

import (
	"context"
	"database/sql"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/collect/segment"
)

// Pipeline is the pool's pipeline, as this room watches it.
type Pipeline interface {
	Recent(after uint64, n int) ([]warehouse.Row, uint64)
	Counts() (events, repeats int64)
	Positions() (applied, stored uint64)
}

// Log is the event log, as this room watches it.
type Log interface {
	Last(ctx context.Context) (uint64, error)
}

// Events is the warehouse, as this room reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Options are what the room works with.
type Options struct {
	Pipeline Pipeline
	Log      Log
	Events   Events
	Intake   func() segment.Stats
	// Rejected counts the rejected events of the last 24 hours.
	Rejected func(ctx context.Context, since time.Time) (int64, error)
	// SourceName is what a write key is called.
	SourceName func(ctx context.Context, id int64) string
	Clock      clock.Clock
}

// Service answers.
type Service struct {
	o     Options
	speed speed
}

// New makes the service.
func New(o Options) *Service { return &Service{o: o} }

// Stats are the intake's figures now.
type Stats struct {
	AcceptedPerS  float64    `json:"accepted_per_s"`
	AppliedPerS   float64    `json:"applied_per_s"`
	Lag           int64      `json:"lag"             doc:"Log records that are not applied yet"`
	AcceptedTotal int64      `json:"accepted_total"  doc:"Since the server started"`
	Repeats       int64      `json:"repeats"         doc:"Repeated message ids dropped since the server started"`
	Rejected24h   int64      `json:"rejected_24h"`
	LastEventAt   *time.Time `json:"last_event_at"`
	PerMinute     []Minute   `json:"per_minute"      nullable:"false"`
	Sources       []Source   `json:"sources"         nullable:"false"`
}

// Minute is one minute's count.
type Minute struct {
	At       time.Time `json:"at"`
	Accepted int64     `json:"accepted"`
	Rejected int64     `json:"rejected"`
}

// Source is a write key and what it sent since the server started.
type Source struct {
	KeyID  int64      `json:"key_id"`
	Name   string     `json:"name"`
	Events int64      `json:"events"`
	LastAt *time.Time `json:"last_at"`
}

// Stats gathers the figures.
func (s *Service) Stats(ctx context.Context) (Stats, error) {
	in := s.o.Intake()
	last, err := s.o.Log.Last(ctx)
	if err != nil {
		return Stats{}, err
	}
	applied, _ := s.o.Pipeline.Positions()
	now := s.o.Clock.Now()
	rejected, err := s.o.Rejected(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return Stats{}, err
	}
	events, repeats := s.o.Pipeline.Counts()
	out := Stats{
		AcceptedPerS: in.AcceptedPerS, AppliedPerS: s.speed.at(now, events), Lag: int64(last - min(applied, last)), //nolint:gosec // fits; what was asked first may be behind
		AcceptedTotal: in.Accepted, Repeats: repeats, Rejected24h: rejected, LastEventAt: timePtr(in.LastAt),
		PerMinute: make([]Minute, 0, len(in.PerMinute)), Sources: make([]Source, 0, len(in.Sources)),
	}
	for _, m := range in.PerMinute {
		out.PerMinute = append(out.PerMinute, Minute(m))
	}
	for _, src := range in.Sources {
		out.Sources = append(out.Sources, Source{KeyID: src.ID, Name: s.o.SourceName(ctx, src.ID), Events: src.Events, LastAt: timePtr(src.LastAt)})
	}
	return out, nil
}

func timePtr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
