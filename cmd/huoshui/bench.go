package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/sim/load"
)

type benchCmd struct {
	Ingest benchIngestCmd `cmd:"" help:"Drive a real server process over HTTP and print what it took in."`
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
