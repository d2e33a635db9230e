package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/funnel"
	"github.com/huoshui/huoshui/internal/insight/growth"
	"github.com/huoshui/huoshui/internal/insight/ltv/lifetime"
	"github.com/huoshui/huoshui/internal/insight/path"
	"github.com/huoshui/huoshui/internal/insight/retention"
	"github.com/huoshui/huoshui/internal/insight/trend"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/sim/insightbench"
	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

type benchInsightCmd struct {
	People     int64  `help:"People of the pool." default:"1000000"`
	Events     int64  `help:"Events of 90 days." default:"50000000"`
	Buyers     int    `help:"Buyers of whom a model of purchases is fitted." default:"100000"`
	Peers      bool   `help:"Ask ClickHouse and DuckDB the same, and compare all rows."`
	ClickHouse string `name:"clickhouse" help:"ClickHouse's program, for --peers; looked for if it is not named, left out if it is none."`
	Load       bool   `help:"Also measure how much slower events are applied while questions are asked without a pause."`
	Data       string `help:"Folder in which the data gets a folder of its own; the system's temporary folder if empty." type:"path"`
	Keep       bool   `help:"Keep that data."`
	JSON       bool   `name:"json" help:"Print a JSON list of the questions and one JSON object with the rest (progress goes to stderr)."`
}

// Run measures.
func (c *benchInsightCmd) Run(ctx context.Context) error {
	r, err := insightbench.Run(ctx, insightbench.Options{
		Options: rulebench.Options{
			People: c.People, Events: c.Events, Peers: c.Peers, ClickHouse: c.ClickHouse, Folder: c.Data, Keep: c.Keep, Progress: os.Stderr, Clock: clock.System{},
		},
		Buyers: c.Buyers, Load: c.Load, Open: benchDesk, Fit: benchFit,
	})
	return errors.Join(err, r.Write(os.Stdout)) // with an error, what was measured before it
}

// benchDesk is a desk over a made pool. It counts every question anew: the pool seems to grow whenever it is looked whether a kept answer is right.
func benchDesk(g *rulebench.Ground) (insightbench.Asker, error) {
	var looked atomic.Uint64
	d := insight.New(insight.Options{
		Timeline: g.Timeline(), Book: benchBook{}, Engine: benchEngine{g.Engine()}, Behind: g.Behind, Stored: func() uint64 { return looked.Add(1) },
		Zone: g.Zone, Currency: g.Currency, Clock: g.Clock(), Logger: slog.New(slog.DiscardHandler),
	})
	trend.Register(d)
	funnel.Register(d)
	path.Register(d)
	growth.New(growth.Options{Desk: d, ActiveDays: func() int { return 30 }})
	retention.New(retention.Options{Desk: d})
	return func(ctx context.Context, query json.RawMessage) (json.RawMessage, error) {
		got, err := d.Ask(ctx, query)
		if err == nil && got.Kept {
			err = fault.New(fault.Conflict, "bench.kept", "an answer was not counted anew")
		}
		return got.Answer, err
	}, nil
}

// benchBook knows no names and lets all pass; the questions have no rules.
type benchBook struct{}

// Schema checks nothing.
func (benchBook) Schema(context.Context) (*rule.Schema, error) { return &rule.Schema{}, nil }

// Look finds nothing new.
func (benchBook) Look(context.Context) (bool, error) { return false, nil }

// Parse refuses.
func (benchBook) Parse(context.Context, rulebook.Whose, string, string) (*rule.Rule, error) {
	return nil, fault.New(fault.Invalid, "rule.invalid", "there are no rules here")
}

// benchEngine is the engine as a desk asks it.
type benchEngine struct{ *membership.Engine }

// Known is what is known of people besides their events.
func (e benchEngine) Known(ctx context.Context, ask membership.Ask) (insight.Known, error) {
	return e.Engine.Known(ctx, ask)
}

// benchFit fits BG/NBD in weeks.
func benchFit(ctx context.Context, buyers []insightbench.Buyer) (map[string]float64, error) {
	histories := make([]lifetime.History, len(buyers))
	for i, b := range buyers {
		histories[i] = lifetime.History{Repeats: b.Repeats, Recency: b.Recency, Age: b.Age}
	}
	_, found, err := lifetime.FitBGNBD(ctx, lifetime.Gather(histories, 7))
	out := map[string]float64{}
	for _, p := range found.Parameters {
		out[p.Name] = p.Value
	}
	return out, err
}
