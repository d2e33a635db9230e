package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/collect/importer"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

type importCmd struct {
	config.Place
	remote
	File     string            `arg:"" help:"CSV (also .gz), XLSX or JSON lines." type:"path"`
	As       string            `help:"What the rows are: people, events or order-lines." enum:"people,events,order-lines" required:""`
	Map      map[string]string `help:"Column of a field, such as order_id=InvoiceNo; guessed from the header if left out." mapsep:","`
	Trait    map[string]string `help:"Column of a trait, such as city=City." mapsep:","`
	Property map[string]string `help:"Column of an event property." mapsep:","`
	Identity map[string]string `help:"Column of an identity kind, such as member_no=No." mapsep:","`
	Currency string            `help:"Currency of the amounts; the pool's if left out."`
	Zone     string            `help:"Time zone of times without one; the pool's if left out."`
	JSON     bool              `name:"json" help:"End with one JSON object (progress goes to stderr)."`
}

// importResult is what an import ends with. rows = accepted + rejected + duplicates.
type importResult struct {
	Rows       int64   `json:"rows"`
	Accepted   int64   `json:"accepted"`
	Rejected   int64   `json:"rejected"`
	Duplicates int64   `json:"duplicates"`
	Seconds    float64 `json:"seconds"`
}

// Run imports the file and waits until everything is applied. Running it again after an interruption goes on where it stopped.
func (c *importCmd) Run(ctx context.Context) error {
	if c.Server != "" {
		return c.throughServer(ctx)
	}
	return onData(ctx, c.Place, func(ctx context.Context, a *app.App) error {
		show, done := bar(os.Stderr)
		i, err := a.Imports.Import(actor.With(ctx, actor.Itself()), importer.StartInput{
			Path: c.File, Preset: shape.Preset(c.As), Mapping: c.mapping(), Options: shape.Options{Currency: c.Currency, TimeZone: c.Zone}, Author: actor.Itself().Label(),
		}, show)
		done()
		if err != nil {
			return err
		}
		return c.print(importResult{
			Rows: i.Rows, Accepted: i.Accepted, Rejected: i.Rejected, Duplicates: i.Duplicates(), Seconds: i.FinishedAt.Sub(i.StartedAt).Seconds(),
		}, a.RejectsFile(i.ID))
	})
}

// mapping is nil when nothing was named, so that the header is guessed.
func (c *importCmd) mapping() *shape.Mapping {
	if len(c.Map)+len(c.Trait)+len(c.Property)+len(c.Identity) == 0 {
		return nil
	}
	return &shape.Mapping{Fields: c.Map, Traits: c.Trait, Properties: c.Property, Identities: c.Identity}
}

func (c *importCmd) print(r importResult, rejects string) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	if _, err := fmt.Printf("rows        %d\naccepted    %d\nrejected    %d\nduplicates  %d\nseconds     %.1f\n", r.Rows, r.Accepted, r.Rejected, r.Duplicates, r.Seconds); err != nil {
		return err
	}
	if r.Rejected > 0 && rejects != "" {
		_, err := fmt.Println("rejected rows with their reasons:", rejects)
		return err
	}
	return nil
}

// bar shows progress with rate and time left on a terminal; a log gets one line a phase.
func bar(out io.Writer) (show func(importer.Progress), done func()) {
	if !terminal(out) {
		var phase importer.Phase
		return func(p importer.Progress) {
			if p.Phase != phase {
				phase = p.Phase
				_, _ = fmt.Fprintf(out, "%s (%d rows)\n", phase, p.Rows) // a log that is gone stops nothing
			}
		}, func() {}
	}
	b := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(out), progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"),
		progressbar.OptionSetPredictTime(true), progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100_000_000), progressbar.OptionClearOnFinish())
	return func(p importer.Progress) {
		b.Describe(string(p.Phase))
		b.ChangeMax64(max(p.Total, 1))
		_ = b.Set64(min(p.Rows, max(p.Total, 1))) // a terminal that is gone stops nothing
	}, func() { _ = b.Finish() }
}

func terminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	fi, err := f.Stat()
	return err == nil && fi.Mode()&os.ModeCharDevice != 0
}
