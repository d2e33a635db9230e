package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/huoshui/huoshui/internal/app"
)

type serveCmd struct {
	place
	Listen string `help:"Address to answer on." default:"127.0.0.1:8080" env:"HUOSHUI_LISTEN"`
}

// Run serves until the process is asked to stop.
func (c *serveCmd) Run(ctx context.Context) error {
	o := options(c.place, slog.LevelInfo)
	o.Listen = c.Listen
	return serve(ctx, o, nil)
}

func serve(ctx context.Context, o app.Options, also func(ctx context.Context, a *app.App) error) error {
	// The address first: whoever starts a second server by mistake hears of it before anything is opened.
	l, err := app.Listen(ctx, o.Listen)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, o)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	again := make(chan os.Signal, 1)
	context.AfterFunc(ctx, func() { signal.Notify(again, os.Interrupt, syscall.SIGTERM) })
	go func() {
		<-again // asked twice: nothing acknowledged is lost by leaving at once
		os.Exit(130)
	}()
	var more []func(context.Context) error
	if also != nil {
		more = append(more, func(ctx context.Context) error { return also(ctx, a) })
	}
	ready := func() { fmt.Fprintf(os.Stderr, "Huoshui %s answers on http://%s\n", app.Version, l.Addr()) }
	return errors.Join(a.Serve(ctx, l, ready, more...), a.Close())
}
