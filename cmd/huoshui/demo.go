package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
)

type demoCmd struct {
	config.Place
	Listen string  `help:"Address to answer on."           default:"127.0.0.1:8080"`
	People int     `help:"How many people the brand has."  default:"20000"`
	Rate   float64 `help:"Live events per second. 0: as many as the brand had on average in its last four weeks, so that today fits its history (about one a minute with 20,000 people). 8 makes a busy live view, and today stands out from all days before." default:"0"`
}

// Run serves the demo brand.
func (c *demoCmd) Run(ctx context.Context) error {
	if c.Data == defaultData() {
		c.Data = "huoshui-demo" // never among a brand's own data by mistake
	}
	o, err := options(c.Place, true)
	if err != nil {
		return err
	}
	o.Listen, o.Demo = c.Listen, true
	o.AdminEmail, o.AdminPass = app.DemoEmail, app.DemoPassword
	host := strings.Replace(c.Listen, "127.0.0.1", "localhost", 1)
	fmt.Fprintf(os.Stderr, "\n  Huoshui demo (synthetic brand, 演示品牌（虚构数据）)\n  Open      http://%s\n  Sign in   %s / %s\n\n", host, o.AdminEmail, o.AdminPass)
	return serve(ctx, o, func(ctx context.Context, a *app.App, url string) error {
		return a.Demo(ctx, url, c.People, c.Rate, os.Stderr)
	})
}

// defaultData is the folder that --data stands for when nobody names one.
func defaultData() string {
	path, err := filepath.Abs("huoshui-data")
	if err != nil {
		return ""
	}
	return path
}
