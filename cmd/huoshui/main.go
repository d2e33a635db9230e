// Command huoshui runs a brand's private traffic pool: the server, and commands on its data.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/obs"
)

// cli is the whole command line.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Run the server: intake, pool, console and API."`
	Demo    demoCmd    `cmd:"" help:"Run the server with a made-up demo brand and live traffic."`
	Import  importCmd  `cmd:"" help:"Import a file: people, events or order lines."`
	Key     keyCmd     `cmd:"" help:"Make keys for programs."`
	Totals  totalsCmd  `cmd:"" help:"Print people, buyers, events, orders and revenue."`
	Rule    ruleCmd    `cmd:"" help:"Check, count and explain rules."`
	Segment segmentCmd `cmd:"" help:"List, show and export segments."`
	Insight insightCmd `cmd:"" help:"Ask questions about the pool."`
	Log     logCmd     `cmd:"" help:"Look after the event log."`
	Bench   benchCmd   `cmd:"" help:"Measure this machine."`
	API     apiCmd     `cmd:"" name:"api" help:"Describe the API."`

	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k, err := kong.New(&c, append(config.Sources(), kong.Name("huoshui"), kong.Description("Huoshui (活水): an open system for a brand's private traffic pool."),
		kong.UsageOnError(), kong.Vars{"version": app.Version()}, kong.BindTo(ctx, (*context.Context)(nil)))...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "huoshui:", err)
		return 2
	}
	parsed, err := k.Parse(args)
	if err != nil {
		k.FatalIfErrorf(err)
	}
	stopProfile, err := profile(os.Getenv("HUOSHUI_CPU_PROFILE"))
	if err == nil {
		defer stopProfile()
		err = parsed.Run()
	}
	if err != nil {
		explain(err)
		return 1
	}
	return 0
}

// profile writes a CPU profile of the whole run to a file, for developers. %p in its name becomes the process id, for commands that start
// others.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(strings.ReplaceAll(path, "%p", strconv.Itoa(os.Getpid()))) //nolint:gosec // the developer's choice
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close() // a profile that was cut short is seen when it is read
	}, nil
}

// explain says what went wrong and what to do; the cause is on its own line for whoever has to look deeper.
func explain(err error) {
	if diskFull(err) {
		fmt.Fprintln(os.Stderr, "huoshui: the disk is full; free some space on it and start again, nothing acknowledged is lost [disk.full]\n  because:", err)
		return
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		fmt.Fprintln(os.Stderr, "huoshui:", err)
		return
	}
	fmt.Fprintf(os.Stderr, "huoshui: %s [%s]\n", f.Message, f.Code)
	for _, v := range f.Violations {
		fmt.Fprintf(os.Stderr, "  %s: %s\n", v.Field, v.Message)
	}
	if f.Err != nil {
		fmt.Fprintln(os.Stderr, "  because:", f.Err)
	}
}

// diskFull recognises the one cause that every store words differently, and two of them only in words.
func diskFull(err error) bool {
	text := strings.ToLower(err.Error())
	return errors.Is(err, syscall.ENOSPC) || strings.Contains(text, "no space left") || strings.Contains(text, "disk is full")
}

// remote is a running server to work through instead of a data folder.
type remote struct {
	Server string `help:"Address of a running server, such as http://127.0.0.1:8080; the command works through it."`
	Secret string `name:"key" help:"API key for --server."`
}

// options are what the program was told, for the app. Commands that answer and end tell only of what went wrong.
func options(p config.Place, ends bool) (app.Options, error) {
	if err := p.Validate(); err != nil {
		return app.Options{}, err
	}
	if ends && p.LogLevel == "info" {
		p.LogLevel = "warn"
	}
	log, err := obs.Logger(os.Stderr, p.LogLevel, p.LogFormat)
	return app.Options{
		Data: p.Data, StateURL: p.StateURL, LogURL: p.LogURL, LogPrefix: p.LogPrefix, LogMaxAge: p.LogMaxAge, WarehouseMB: p.WarehouseMB, Logger: log,
	}, err
}

// onData opens the data folder, runs fn beside the pipeline and closes it again.
func onData(ctx context.Context, p config.Place, fn func(ctx context.Context, a *app.App) error) error {
	o, err := options(p, true)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(a.Work(ctx, func(ctx context.Context) error { return fn(ctx, a) }), a.Close())
}
