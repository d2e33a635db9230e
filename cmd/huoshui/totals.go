package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/insight/overview"
)

type totalsCmd struct {
	config.Place
	remote
	From string `help:"First day, such as 2026-01-01."`
	To   string `help:"Last day, included."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// Run prints the totals once everything accepted is applied.
func (c *totalsCmd) Run(ctx context.Context) error {
	var t overview.Totals
	var err error
	if c.Server != "" {
		q := url.Values{"from": {c.From}, "to": {c.To}}
		err = c.get(ctx, "/totals?"+q.Encode(), &t)
	} else {
		err = onData(ctx, c.Place, func(ctx context.Context, a *app.App) error {
			if err := a.CaughtUp(ctx); err != nil {
				return err
			}
			var err error
			t, err = a.Overview.TotalsOf(ctx, c.From, c.To)
			return err
		})
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(t)
	}
	_, err = fmt.Printf("people     %d\nbuyers     %d\nevents     %d\norders     %d\ncancelled  %d\nrevenue    %s\n", t.People, t.Buyers, t.Events, t.Orders, t.Cancelled,
		money.Amount{Minor: t.Revenue.Amount, Currency: t.Revenue.Currency})
	return err
}
