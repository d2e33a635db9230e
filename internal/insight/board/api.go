package board

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

const tag = "boards"

type (
	one struct {
		Key string `path:"key" maxLength:"64"`
	}
	out[T any]   struct{ Body T }
	saved[T any] struct {
		ETag string `header:"ETag"`
		Body T
	}
	stateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body struct {
			State rulebook.State `json:"state" enum:"active,archived"`
		} `nameHint:"ShelfState"`
	}
	listChartsInput struct {
		Query    string `query:"q" maxLength:"200"`
		Kind     string `query:"kind" maxLength:"40"`
		Archived bool   `query:"archived"`
	}
	createChartInput struct {
		once.Header
		Body ChartInput `nameHint:"ChartInput"`
	}
	updateChartInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body ChartUpdate `nameHint:"ChartUpdate"`
	}
	askInput struct {
		Key  string `path:"key" maxLength:"64"`
		Body Ask    `nameHint:"ChartAsk"`
	}
	listBoardsInput struct {
		Query    string `query:"q" maxLength:"200"`
		Archived bool   `query:"archived"`
	}
	createBoardInput struct {
		once.Header
		Body Input `nameHint:"BoardInput"`
	}
	updateBoardInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body Update `nameHint:"BoardUpdate"`
	}
	duplicateInput struct {
		Key string `path:"key" maxLength:"64"`
		once.Header
		Body struct {
			Title string `json:"title" minLength:"1" maxLength:"200"`
		} `nameHint:"BoardDuplicate"`
	}
	templateInput struct {
		Name string `path:"name" maxLength:"64"`
		once.Header
		Body struct {
			Lang string `json:"lang" enum:"zh-CN,en"`
		} `nameHint:"BoardFromTemplate"`
	}
)

func shownChart(c Chart, err error) (*saved[Chart], error) {
	return &saved[Chart]{httpapi.ETag(c.Version), c}, err
}

func shownBoard(b Board, err error) (*saved[Board], error) {
	return &saved[Board]{httpapi.ETag(b.Version), b}, err
}

func shownReport(r Report, err error) (*saved[Report], error) {
	return &saved[Report]{httpapi.ETag(r.Version), r}, err
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	s.chartRoutes(api)
	s.boardRoutes(api)
	s.shareRoutes(api)
	s.reportRoutes(api)
}

func (s *Service) chartRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/charts", ID: "list-charts", Summary: "Saved charts", Tag: tag, Permission: actor.Read},
		func(_ context.Context, in *listChartsInput) (*out[httpapi.Items[Chart]], error) {
			return &out[httpapi.Items[Chart]]{httpapi.List(s.ListCharts(in.Query, in.Kind, in.Archived))}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/charts", ID: "create-chart", Summary: "Save a chart, and put it on a board", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createChartInput) (*saved[Chart], error) {
			return shownChart(s.CreateChart(ctx, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/charts/{key}", ID: "get-chart", Summary: "A saved chart", Tag: tag, Permission: actor.Read},
		func(_ context.Context, in *one) (*saved[Chart], error) { return shownChart(s.GetChart(in.Key)) })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/insight/charts/{key}", ID: "put-chart", Summary: "Change a chart", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *updateChartInput) (*saved[Chart], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownChart(s.UpdateChart(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/charts/{key}/state", ID: "set-chart-state", Summary: "Archive a chart or bring it back", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *stateInput) (*saved[Chart], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownChart(s.SetChartState(ctx, in.Key, in.Body.State, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/charts/{key}/ask", ID: "ask-chart", Summary: "Answer a chart's question under a board's filters", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *askInput) (*out[Drawn], error) {
			d, err := s.AskChart(ctx, in.Key, in.Body)
			return &out[Drawn]{d}, err
		})
}

func (s *Service) boardRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/boards", ID: "list-boards", Summary: "Boards", Tag: tag, Permission: actor.Read},
		func(_ context.Context, in *listBoardsInput) (*out[httpapi.Items[Board]], error) {
			return &out[httpapi.Items[Board]]{httpapi.List(s.ListBoards(in.Query, in.Archived))}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/boards", ID: "create-board", Summary: "Make a board", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createBoardInput) (*saved[Board], error) {
			return shownBoard(s.CreateBoard(ctx, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/boards/{key}", ID: "get-board", Summary: "A board with the charts on it", Tag: tag, Permission: actor.Read},
		func(_ context.Context, in *one) (*saved[Board], error) { return shownBoard(s.GetBoard(in.Key)) })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/insight/boards/{key}", ID: "put-board", Summary: "Change a board", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *updateBoardInput) (*saved[Board], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownBoard(s.UpdateBoard(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/boards/{key}/state", ID: "set-board-state", Summary: "Archive a board or bring it back", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *stateInput) (*saved[Board], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownBoard(s.SetBoardState(ctx, in.Key, in.Body.State, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/boards/{key}/duplicate", ID: "duplicate-board", Summary: "Make a board like this one", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *duplicateInput) (*saved[Board], error) {
			return shownBoard(s.Duplicate(ctx, in.Key, in.Body.Title, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/board-templates", ID: "list-board-templates", Summary: "Boards to begin with", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*out[httpapi.Items[Template]], error) {
			return &out[httpapi.Items[Template]]{httpapi.List(s.Templates(ctx))}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/board-templates/{name}", ID: "use-board-template", Summary: "Make a board and its charts from a template", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *templateInput) (*saved[Board], error) {
			return shownBoard(s.FromTemplate(ctx, in.Name, in.Body.Lang, in.IdempotencyKey))
		})
}
