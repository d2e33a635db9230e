package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// System is the health of the parts.
type System struct {
	Version   string          `json:"version"`
	UptimeS   float64         `json:"uptime_s"`
	DataBytes int64           `json:"data_bytes"`
	Log       SystemLog       `json:"log"`
	Pool      SystemPool      `json:"pool"`
	Warehouse SystemWarehouse `json:"warehouse"`
	State     SystemState     `json:"state"`
	Timelines SystemTimelines `json:"timelines"`
	Rules     SystemRules     `json:"rules"`
}

// SystemLog is the event log. Positions count records, each of which holds many events.
type SystemLog struct {
	Last  uint64 `json:"last"`
	Bytes uint64 `json:"bytes"`
}

// SystemPool is the pipeline.
type SystemPool struct {
	Applied uint64 `json:"applied"`
	Lag     uint64 `json:"lag"`
}

// SystemWarehouse is the warehouse.
type SystemWarehouse struct {
	Applied uint64 `json:"applied"`
	Lag     uint64 `json:"lag"`
	Events  int64  `json:"events"`
	Bytes   int64  `json:"bytes"`
}

// SystemState is the state store.
type SystemState struct {
	Dialect string `json:"dialect"`
	Bytes   int64  `json:"bytes"`
}

// SystemTimelines is the store of timelines.
type SystemTimelines struct {
	Reached uint64 `json:"reached" doc:"Log position up to which they are complete"`
	Durable uint64 `json:"durable" doc:"Log position up to which they are on disk; the rest is read from the warehouse after a sudden end"`
	Events  int64  `json:"events"`
	Bytes   int64  `json:"bytes"`
}

// SystemRules is the engine that keeps segments, tags and tiers true.
type SystemRules struct {
	Ready       bool    `json:"ready" doc:"False while timelines are being read after a start"`
	Units       int     `json:"units" doc:"Segments, rule tags and tier dimensions in force"`
	Owed        int     `json:"owed" doc:"Signals of big changes that are still to be sent"`
	Changes     int64   `json:"changes" doc:"Steps of people since the start"`
	Sweeps      int64   `json:"sweeps" doc:"Times that everybody was gone through since the start"`
	LastSweepMS float64 `json:"last_sweep_ms"`
}

// System asks the parts.
func (a *App) System(ctx context.Context) (System, error) {
	stats, err := a.log.Stats(ctx)
	if err != nil {
		return System{}, err
	}
	applied, stored := a.pipeline.Positions()
	size, err := a.state.Size(ctx)
	if err != nil {
		return System{}, fmt.Errorf("ask the state for its size: %w", err)
	}
	s := System{
		Version: Version(), UptimeS: a.o.Clock.Now().Sub(a.started).Seconds(), DataBytes: a.dir.Size(),
		Log:       SystemLog{Last: stats.Last, Bytes: stats.Bytes},
		Pool:      SystemPool{Applied: applied, Lag: stats.Last - min(applied, stats.Last)},
		Warehouse: SystemWarehouse{Applied: stored, Lag: stats.Last - min(stored, stats.Last), Bytes: a.warehouse.Size()},
		State:     SystemState{Dialect: string(a.state.Dialect()), Bytes: size},
	}
	s.Timelines.Reached, s.Timelines.Durable = a.Timeline.Reached(), a.Timeline.Durable()
	s.Timelines.Events, s.Timelines.Bytes = a.Timeline.Size()
	f := a.Engine.Figures()
	s.Rules = SystemRules{Ready: a.Engine.Ready(), Units: f.Units, Owed: f.Owed, Changes: f.Changes, Sweeps: f.Sweeps, LastSweepMS: float64(f.LastSweep.Microseconds()) / 1000}
	// The count of a whole table is in its metadata: cheap at any size.
	if err := a.warehouse.QueryRow(ctx, "SELECT count(*) FROM event_row").Scan(&s.Warehouse.Events); err != nil {
		return System{}, fmt.Errorf("count the warehouse: %w", err)
	}
	return s, nil
}

func (a *App) systemRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/system", ID: "get-system", Summary: "Health and sizes of the parts", Tag: "system", Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*struct{ Body System }, error) {
			s, err := a.System(ctx)
			return &struct{ Body System }{s}, err
		})
}
