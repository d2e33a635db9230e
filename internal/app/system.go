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
