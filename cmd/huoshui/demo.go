package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/huoshui/huoshui/internal/app"
)

type demoCmd struct {
	Data   string  `help:"Data folder of the demo." default:"./huoshui-demo" env:"HUOSHUI_DATA" type:"path"`
	Listen string  `help:"Address to answer on." default:"127.0.0.1:8080" env:"HUOSHUI_LISTEN"`
	People int     `help:"How many people the demo brand has." default:"20000"`
	Rate   float64 `help:"Live events per second." default:"8"`
}

// Run serves the demo brand.
func (c *demoCmd) Run(ctx context.Context) error {
	o := options(place{c.Data}, slog.LevelWarn)
	o.Listen, o.Demo = c.Listen, true
	o.AdminEmail, o.AdminPass = app.DemoEmail, app.DemoPassword
	fmt.Fprintf(os.Stderr, "\n  Huoshui demo (synthetic brand, 演示品牌（虚构数据）)\n  Open      http://%s\n  Sign in   %s / %s\n\n", c.Listen, o.AdminEmail, o.AdminPass)
	return serve(ctx, o, func(ctx context.Context, a *app.App) error { return a.Demo(ctx, c.People, c.Rate, os.Stderr) })
}
