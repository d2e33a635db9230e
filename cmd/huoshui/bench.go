package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/sim/load"
	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

type benchCmd struct {
	Ingest benchIngestCmd `cmd:"" help:"Drive a real server process over HTTP and print what it took in."`
	Rules  benchRulesCmd  `cmd:"" help:"Make a large pool and measure rules over it: in bulk, one at a time, live, and against other engines."`

	Insight benchInsightCmd `cmd:"" help:"Make a large pool and measure questions about it, beside other engines, and while events are applied."`
}

type benchIngestCmd struct {
	People      int    `help:"People present before measuring." default:"1000000"`
	Seconds     int    `help:"Length of each measured phase." default:"30"`
	Rate        int    `help:"Events per second of the paced phase." default:"5000"`
	Connections int    `help:"Connections at full speed." default:"64"`
	Data        string `help:"Folder in which the measured server gets a data folder of its own; the system's temporary folder if empty." type:"path"`
	Keep        bool   `help:"Keep that data."`
	JSON        bool   `name:"json" help:"Print one JSON object (progress goes to stderr)."`
}

// Run measures.
func (c *benchIngestCmd) Run(ctx context.Context) error {
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	r, err := load.Run(ctx, load.Options{
		Binary: binary, People: c.People, Window: time.Duration(c.Seconds) * time.Second, Rate: c.Rate, Connections: c.Connections,
		Folder: c.Data, Keep: c.Keep, Progress: os.Stderr, Clock: clock.System{},
	})
	return errors.Join(err, r.Write(os.Stdout)) // with an error, what was measured before it
}

type benchRulesCmd struct {
	People     int64  `help:"People of the pool." default:"1000000"`
	Events     int64  `help:"Events of 90 days." default:"50000000"`
	Rules      int    `help:"Rules in force." default:"100"`
	Peers      bool   `help:"Ask ClickHouse and DuckDB the same."`
	ClickHouse string `name:"clickhouse" help:"ClickHouse's program, for --peers; looked for if it is not named, left out if it is none."`
	Rate       int    `help:"Events per second of the paced phase." default:"5000"`
	Data       string `help:"Folder in which the data gets a folder of its own; the system's temporary folder if empty." type:"path"`
	Keep       bool   `help:"Keep that data."`
	JSON       bool   `name:"json" help:"Print one JSON object (progress goes to stderr)."`
}

// Run measures.
func (c *benchRulesCmd) Run(ctx context.Context) error {
	r, err := rulebench.Run(ctx, rulebench.Options{
		People: c.People, Events: c.Events, Rules: c.Rules, Peers: c.Peers, ClickHouse: c.ClickHouse, Rate: c.Rate,
		Folder: c.Data, Keep: c.Keep, Progress: os.Stderr, Clock: clock.System{},
	})
	return errors.Join(err, r.Write(os.Stdout)) // with an error, what was measured before it
}
