package insight

import (
	"context"
	"encoding/json"

	"github.com/huoshui/huoshui/internal/base/httpapi"
)

func erase[Q, A, Of any](d *Desk, k Kind[Q, A, Of]) *kind {
	_ = d
	return &kind{name: k.Name,
		ask: func(context.Context, json.RawMessage, string) (Result[json.RawMessage], error) {
			return Result[json.RawMessage]{}, nil
		},
		routes: func(*httpapi.API) {},
		csv:    func(context.Context, json.RawMessage, Say) (Table, error) { return Table{}, nil },
	}
}
