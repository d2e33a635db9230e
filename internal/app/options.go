package app

import (
	"cmp"
	"log/slog"
	"net/netip"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
)

// Options say where a pool's data is and how it is served. Zero values have defaults.
type Options struct {
	Data         string // data folder
	Listen       string // address of the HTTP server, 127.0.0.1:8080
	StateURL     string // sqlite://DATA/state.db, or postgres://…
	LogURL       string // embedded, or nats://…
	LogPrefix    string // name of the pool on shared servers
	LogMaxAge    time.Duration
	WarehouseMB  int // DuckDB's own memory
	AdminEmail   string
	AdminPass    string
	Demo         bool
	MaxEvent     int // bytes
	MaxBatch     int // bytes
	TrustedProxy []netip.Prefix
	// AllowOutgoing are private networks that webhooks may call.
	AllowOutgoing []netip.Prefix
	Clock         clock.Clock
	Logger        *slog.Logger
}

func (o Options) withDefaults(dataPath string) Options {
	o.Listen = cmp.Or(o.Listen, "127.0.0.1:8080")
	o.StateURL = cmp.Or(o.StateURL, "sqlite://"+dataPath+"/state.db")
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
