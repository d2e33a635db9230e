package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
)

type serveCmd struct {
	config.Place
	config.Server
}

// Run serves until the process is asked to stop.
func (c *serveCmd) Run(ctx context.Context) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	return serve(ctx, o, nil)
}

func (c *serveCmd) options() (app.Options, error) {
	o, err := options(c.Place, false)
	if err := errors.Join(err, c.Server.Validate()); err != nil {
		return o, err
	}
	o.Listen, o.AdminEmail, o.AdminPass = c.Listen, c.AdminEmail, c.AdminPassword
	o.MaxEvent, o.MaxBatch = c.MaxEventKB<<10, c.MaxBatchKB<<10
	if o.TrustedProxy, err = c.Proxies(); err != nil {
		return o, err
	}
	o.AllowOutgoing, err = c.Outgoing()
	return o, err
}

// gcPercent lets the heap grow to three times what is live before it is collected: what is live is small, and the processor is what a
// busy pool is short of. GOGC and GOMEMLIMIT win over it.
const gcPercent = 200

func serve(ctx context.Context, o app.Options, also func(ctx context.Context, a *app.App, url string) error) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
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
		more = append(more, func(ctx context.Context) error { return also(ctx, a, "http://"+reachable(l.Addr())) })
	}
	ready := func() { fmt.Fprintf(os.Stderr, "Huoshui %s answers on http://%s\n", app.Version(), l.Addr()) }
	return errors.Join(a.Serve(ctx, l, ready, more...), a.Close())
}

// reachable is a listener's address as this machine can call it: an address of all interfaces is no address to call.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
