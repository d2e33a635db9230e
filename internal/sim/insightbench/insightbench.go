// Package insightbench measures questions about the pool: it makes a pool of many people and events, as package rulebench does, asks the insight
// desk, and, if asked to, puts the same questions to ClickHouse and DuckDB over the same rows and compares every row of the answers.
//
// The desk is opened by the caller, for a room may not use another one. It must not keep answers: every run is to count anew.
//
// Times are medians of five runs after one that does not count; what is asked for the first time makes columns, and that is not measured.
// Answers are compared as sets of rows, each a line of text.
package insightbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/sim/machine"
	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

// Asker answers a question of any kind, as JSON.
type Asker func(ctx context.Context, query json.RawMessage) (answer json.RawMessage, err error)

// Buyer is what is known of one buyer: purchase days after the first, and days from the first to the last and to the end.
type Buyer struct{ Repeats, Recency, Age int }

// Options say what to measure. Zero values have the defaults given.
type Options struct {
	rulebench.Options // people, events, peers, and where

	Buyers int // of whom the model of purchases is fitted; 100,000
	// Load also measures how much the throughput of applying events falls while questions are asked without a pause.
	Load bool
	// Open opens a desk over a made pool.
	Open func(g *rulebench.Ground) (Asker, error)
	// Fit fits a BG/NBD model, in days, and gives its parameters by name.
	Fit func(ctx context.Context, buyers []Buyer) (map[string]float64, error)
}

// Line is what was seen of one question. RowsAgree is missing without peers.
type Line struct {
	Query       string   `json:"query"`
	HuoshuiS    float64  `json:"huoshui_s"`
	ClickHouseS *float64 `json:"clickhouse_s"`
	DuckDBS     *float64 `json:"duckdb_s"`
	RowsAgree   *bool    `json:"rows_agree"`
	Rows        int      `json:"rows"`
	CPUS        float64  `json:"huoshui_cpu_s"` // processor time on all cores, for machines that are not quiet
}

// Whole is what was seen besides questions. MB are 2^20 bytes.
type Whole struct {
	People    int64   `json:"people"`
	Events    int64   `json:"events"`
	RSSMaxMB  float64 `json:"rss_max_mb"`  // of this process while questions are asked, with what is mapped
	RSSLeftMB float64 `json:"rss_left_mb"` // of that, what making the data left behind

	Buyers int                `json:"buyers"`
	BGNBDS float64            `json:"bgnbd_s"`
	BGNBD  map[string]float64 `json:"bgnbd"` // the parameters found; the buyers were drawn with r 0.24, alpha 4.4 weeks, a 0.79, b 2.4

	AppliedPerS       *float64 `json:"applied_per_s,omitempty"`        // nothing beside it
	AppliedBesidePerS *float64 `json:"applied_beside_per_s,omitempty"` // questions without a pause
	LoadCost          *float64 `json:"load_cost,omitempty"`            // part of the throughput that they cost
	LoadQuestions     *int     `json:"load_questions,omitempty"`       // that were answered meanwhile

	Machine machine.Machine `json:"machine"`
}

// Result is a whole run.
type Result struct {
	Lines []Line
	Whole Whole
}

// Write gives the list of questions on one line and the rest as one object on the next.
func (r Result) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if r.Lines == nil {
		r.Lines = []Line{}
	}
	if err := errors.Join(e.Encode(r.Lines), e.Encode(r.Whole)); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// bench is one run.
type bench struct {
	o      Options
	g      *rulebench.Ground
	ask    Asker
	asked  []question
	rows   [][]string // of our answers, by question
	result Result
}

// Run measures once. It removes the data on every way out. With an error the result holds what was measured before it.
func Run(ctx context.Context, o Options) (_ Result, err error) {
	if o.Buyers == 0 {
		o.Buyers = 100_000
	}
	if o.Open == nil || o.Fit == nil {
		return Result{}, errors.New("a benchmark of questions needs a desk and a model")
	}
	b := &bench{o: o}
	b.result.Whole.Machine = machine.This()
	if b.g, err = rulebench.Lay(ctx, o.Options); err != nil {
		return b.result, err
	}
	defer func() { err = errors.Join(err, b.g.Close()) }()
	if err = b.run(ctx); err != nil && ctx.Err() != nil {
		err = fault.Wrap(ctx.Err(), fault.Unavailable, "bench.interrupted", "the benchmark was interrupted")
	}
	return b.result, err
}

func (b *bench) run(ctx context.Context) (err error) {
	b.result.Whole.People, b.result.Whole.Events = b.g.Size()
	b.asked = questions(b.g.First(), b.g.Last())
	if b.ask, err = b.o.Open(b.g); err != nil {
		return err
	}
	if err := b.g.Phase(ctx, "ask", b.askOurs); err != nil {
		return err
	}
	if b.result.Whole.RSSMaxMB, b.result.Whole.RSSLeftMB, err = b.g.Memory(); err != nil {
		return err
	}
	if b.o.Peers {
		if err := b.g.Phase(ctx, "peers", b.askPeers); err != nil {
			return err
		}
	}
	if err := b.g.Phase(ctx, "fit", b.fit); err != nil {
		return err
	}
	if !b.o.Load {
		return nil
	}
	return b.g.Phase(ctx, "load", b.load)
}

// runs are measured of each question, after one that does not count.
const runs = 5

// askOurs asks the desk.
func (b *bench) askOurs(ctx context.Context) error {
	for _, q := range b.asked {
		var answer json.RawMessage
		var all, cpu []float64
		for range runs + 1 {
			took, spent, err := b.g.Timed(func() (err error) {
				answer, err = b.ask(ctx, q.raw)
				return err
			})
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			all, cpu = append(all, took), append(cpu, spent)
		}
		rows, err := q.rows(answer)
		if err != nil {
			return fmt.Errorf("%s: read the answer: %w", q.name, err)
		}
		b.rows = append(b.rows, rows)
		line := Line{Query: q.name, HuoshuiS: rulebench.Median(all), Rows: len(rows), CPUS: rulebench.Median(cpu)}
		b.result.Lines = append(b.result.Lines, line)
		b.g.Say("       %-26s %.3f s (%.3f s of processor time; the first time %.2f s), %d rows", q.name, line.HuoshuiS, line.CPUS, all[0], len(rows))
	}
	return nil
}

// load measures applying with questions beside it.
func (b *bench) load(ctx context.Context) error {
	asked := 0
	alone, beside, err := b.g.Apply(ctx, func(ctx context.Context) error {
		for {
			for _, q := range b.asked {
				if _, err := b.ask(ctx, q.raw); err != nil {
					if ctx.Err() != nil {
						return nil //nolint:nilerr // told to stop
					}
					return fmt.Errorf("%s: %w", q.name, err)
				}
				asked++
			}
		}
	})
	if err != nil {
		return err
	}
	cost := 1 - beside/alone
	w := &b.result.Whole
	w.AppliedPerS, w.AppliedBesidePerS, w.LoadCost, w.LoadQuestions = &alone, &beside, &cost, &asked
	b.g.Say("       %.0f events/s applied alone, %.0f beside questions (%d were answered)", alone, beside, asked)
	return nil
}
