package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/growth"
	"github.com/huoshui/huoshui/internal/insight/retention"
)

// insightReconcileCmd counts growth and retention a second time, in the warehouse.
type insightReconcileCmd struct {
	config.Place
	remote
	From  string `help:"First day, such as 2026-01-01; 90 days up to the last if empty."`
	To    string `help:"Last day, included; today if empty."`
	Grain string `enum:"day,week,month" default:"day" help:"Length of the periods: day, week or month."`
	Lost  int    `help:"After how many days without an activity people are lost; three times the pool's active days if 0."`
	Event string `default:"Order Completed" help:"Event whose retention is reconciled by month; empty for any activity."`
	JSON  bool   `name:"json" help:"Print one JSON object."`
}

// reconciled is what the command prints.
type reconciled struct {
	Growth    growth.Reconciled     `json:"growth"`
	Retention *retention.Reconciled `json:"retention"` // nil if nobody ever did the event
	Agrees    bool                  `json:"agrees"`
}

// errDiffers is the command's error when the two ways of counting disagree.
var errDiffers = fault.New(fault.Internal, "insight.differs", "the timeline and the warehouse count differently; see the differences")

// Run prints where the two ways of counting differ. It fails if they do.
func (c *insightReconcileCmd) Run(ctx context.Context) error {
	span := insight.Span{From: c.From, To: c.To}
	if c.From == "" {
		span.Last = 90
	}
	books := growth.Query{Common: insight.Common{Span: span}, Grain: calendar.Grain(c.Grain), LostDays: c.Lost}
	triangle := retention.Query{Common: insight.Common{Span: span}, Grain: calendar.ByMonth, Start: insight.Step{Event: c.Event}}
	if c.From == "" {
		triangle.Last = 366
	}
	var out reconciled
	var err error
	out.Growth, err = ask(ctx, c.Place, c.remote, http.MethodPost, "/insight/growth/reconcile", books, func(ctx context.Context, a *app.App) (growth.Reconciled, error) {
		r, err := a.Retention.Reconcile(ctx, triangle)
		if out.Retention, err = happened(r, err); err != nil {
			return growth.Reconciled{}, err
		}
		return a.Growth.Reconcile(ctx, books)
	})
	if err == nil && c.Server != "" {
		r, failed := ask(ctx, c.Place, c.remote, http.MethodPost, "/insight/retention/reconcile", triangle, func(context.Context, *app.App) (retention.Reconciled, error) {
			return retention.Reconciled{}, nil
		})
		out.Retention, err = happened(r, failed)
	}
	if err != nil {
		return err
	}
	out.Agrees = len(out.Growth.Differences) == 0 && (out.Retention == nil || len(out.Retention.Differences) == 0)
	if err := c.print(out); err != nil || out.Agrees {
		return err
	}
	return errDiffers
}

// happened is the outcome for retention; none if the event never happened.
func happened(r retention.Reconciled, err error) (*retention.Reconciled, error) {
	if err != nil && fault.CodeOf(err) == "insight.event_unknown" {
		return nil, nil //nolint:nilnil // nothing to compare
	}
	return &r, err
}

func (c *insightReconcileCmd) print(out reconciled) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(out)
	}
	g := out.Growth
	fmt.Printf("growth     %s … %s: %d periods, %d numbers compared, %d differ\n", g.From, g.To, g.Periods, g.Numbers, len(g.Differences))
	for _, d := range g.Differences {
		fmt.Printf("  %s %s: timeline %d, warehouse %d\n", d.Date, d.Number, d.Books, d.Warehouse)
	}
	if r := out.Retention; r != nil {
		fmt.Printf("retention  %s … %s: %d cohorts, %d numbers compared, %d differ\n", r.From, r.To, r.Cohorts, r.Numbers, len(r.Differences))
		for _, d := range r.Differences {
			fmt.Printf("  %s +%d: timeline %d, warehouse %d\n", d.Cohort, d.Period, d.Timeline, d.Warehouse)
		}
	}
	if g.Moving {
		fmt.Println("events kept arriving; differences may come from that")
	}
	return nil
}
