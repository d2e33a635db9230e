package main

import (
	"context"
	"fmt"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
)

type logCmd struct {
	Mend logMendCmd `cmd:"" help:"Go on after the event log lost its end (error apply.log_behind) and there is no copy of it."`
}

type logMendCmd struct {
	config.Place
}

// Run mends the event log of a stopped data folder.
func (c *logMendCmd) Run(ctx context.Context) error {
	o, err := options(c.Place, true)
	if err != nil {
		return err
	}
	ended, now, err := app.MendLog(ctx, o)
	if err != nil {
		return err
	}
	if ended == now {
		_, err = fmt.Printf("The event log is whole, up to position %d; nothing was changed.\n", now)
		return err
	}
	_, err = fmt.Printf("The event log ended at position %d and goes on after %d. What was applied of the lost records stays in people and warehouse.\n", ended, now)
	return err
}
