package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/sim/brand"
)

// Sign-in of the demo. It listens on this machine only and its people are made up.
const (
	DemoEmail    = "demo@huoshui.example"
	DemoPassword = "living-water"
)

const demoSeed = 20260315

// demoNote is what a demo folder remembers, so that a restart goes on with the same people.
type demoNote struct {
	Now    time.Time `json:"now"`
	People int       `json:"people"`
	Loaded bool      `json:"loaded"`
	Key    string    `json:"key"`
}

// Demo loads the demo brand's history into an empty pool, then lets its live traffic flow until ctx ends.
// Live events take the way of every tracker: through the intake at url.
func (a *App) Demo(ctx context.Context, url string, people int, rate float64, out io.Writer) error {
	path := a.dir.Join("demo.json")
	note := demoNote{Now: a.o.Clock.Now(), People: people}
	if text, err := os.ReadFile(path); err == nil { //nolint:gosec // in the data folder
		if err := json.Unmarshal(text, &note); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	if note.Key == "" {
		k, err := a.Auth.CreateKey(actor.With(ctx, actor.Itself()), auth.CreateKeyInput{Kind: auth.WriteKind, Name: "demo"})
		if err != nil {
			return err
		}
		note.Key = k.Secret
		set := a.Settings.Get()
		set.Name = brand.Name
		if _, err := a.Settings.Put(actor.With(ctx, actor.Itself()), set, 0, "demo brand"); err != nil {
			return err
		}
		if err := save(path, note); err != nil {
			return err
		}
	}
	b := brand.New(demoSeed, note.Now, note.People)
	if !note.Loaded {
		if err := a.loadDemo(ctx, b, out); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // asked to stop; the ids are the same next time, so loading goes on
			}
			return err
		}
		if err := a.demoRules(actor.With(ctx, actor.Itself())); err != nil {
			return err
		}
		note.Loaded = true
		if err := save(path, note); err != nil {
			return err
		}
	}
	client := &brand.Client{URL: url, WriteKey: note.Key}
	return b.Live(ctx, a.o.Clock, rate, func(ctx context.Context, events []event.Event) error {
		err := client.Send(ctx, events)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // asked to stop
		}
		if err != nil {
			a.o.Logger.WarnContext(ctx, "live events of the demo were not taken", "error", err)
		}
		return nil
	})
}

// loadBatch is how many events of the history share an append.
const loadBatch = 2000

func (a *App) loadDemo(ctx context.Context, b *brand.Brand, out io.Writer) error {
	begin := a.o.Clock.Now()
	var batch []event.Event
	n := 0
	for e := range b.Events {
		batch = append(batch, e)
		if len(batch) < loadBatch {
			continue
		}
		if err := a.appendDemo(ctx, batch); err != nil {
			return err
		}
		n, batch = n+len(batch), batch[:0]
	}
	if err := a.appendDemo(ctx, batch); err != nil {
		return err
	}
	if err := a.CaughtUp(ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "  Loaded    %d people, %d events in %.1f s\n", b.People(), n+len(batch), a.o.Clock.Now().Sub(begin).Seconds())
	return err
}

func (a *App) appendDemo(ctx context.Context, events []event.Event) error {
	if len(events) == 0 {
		return nil
	}
	var body []byte
	for i := range events {
		body = event.Append(body, &events[i])
	}
	_, err := a.log.Append(ctx, body)
	return err
}

func save(path string, note demoNote) error {
	b, err := json.Marshal(note)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".tmp", b, 0o600); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+".tmp", path))
}
