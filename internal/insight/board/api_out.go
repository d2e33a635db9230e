package board

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

type (
	createShareInput struct {
		Key  string     `path:"key" maxLength:"64"`
		Body ShareInput `nameHint:"ShareInput"`
	}
	numbered struct {
		ID int64 `path:"id"`
	}
	visitInput struct {
		Body Visit `nameHint:"ShareVisit"`
	}
	visitAskInput struct {
		Body struct {
			Visit
			Item  string `json:"item" maxLength:"40"`
			Lang  string `json:"lang,omitempty" enum:"zh-CN,en" default:"zh-CN"`
			Table bool   `json:"table,omitempty"`
		} `nameHint:"ShareAsk"`
	}
	// hidden answers tell search engines to forget them.
	hidden[T any] struct {
		Robots string `header:"X-Robots-Tag"`
		Body   T
	}
	createReportInput struct {
		Key string `path:"key" maxLength:"64"`
		once.Header
		Body ReportInput `nameHint:"ReportInput"`
	}
	updateReportInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body ReportInput `nameHint:"ReportInput"`
	}
	reportStateInput struct {
		Key string `path:"key" maxLength:"64"`
		httpapi.IfMatch
		Body struct {
			State rulebook.State `json:"state" enum:"active,paused,archived"`
		} `nameHint:"ReportState"`
	}
	deliveriesInput struct {
		Key   string `path:"key" maxLength:"64"`
		Limit int    `query:"limit" default:"20" minimum:"1" maximum:"200"`
	}
	reports struct {
		httpapi.Items[Report]
		MailReady bool `json:"mail_ready" doc:"A mail server is set up"`
	}
)

const noRobots = "noindex, nofollow, noarchive"

func (s *Service) shareRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/boards/{key}/shares", ID: "list-shares", Summary: "Links to a board", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *one) (*out[httpapi.Items[Share]], error) {
			if _, err := s.GetBoard(in.Key); err != nil {
				return nil, err
			}
			all, err := s.Shares(ctx, in.Key)
			return &out[httpapi.Items[Share]]{httpapi.List(all)}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/boards/{key}/shares", ID: "create-share", Summary: "Make a link that shows a board without sign-in", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createShareInput) (*out[NewShare], error) {
			made, err := s.CreateShare(ctx, in.Key, in.Body)
			return &out[NewShare]{made}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodDelete, Path: "/insight/shares/{id}", ID: "revoke-share", Summary: "End a link", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *numbered) (*struct{}, error) { return nil, s.Revoke(ctx, in.ID) })
	// The token is in the body and not in the address, so that it stands in no log.
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/shared/board", ID: "open-shared-board", Summary: "The board behind a link", Tag: tag, Permission: httpapi.Public, MaxBody: 8 << 10},
		func(ctx context.Context, in *visitInput) (*hidden[Shared], error) {
			shared, err := s.Open(ctx, in.Body, httpapi.ClientFrom(ctx).Addr)
			return &hidden[Shared]{noRobots, shared}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/shared/chart", ID: "ask-shared-chart", Summary: "A chart of the board behind a link", Tag: tag, Permission: httpapi.Public, MaxBody: 8 << 10},
		func(ctx context.Context, in *visitAskInput) (*hidden[Drawn], error) {
			d, err := s.AskShared(ctx, in.Body.Visit, in.Body.Item, Ask{Lang: in.Body.Lang, Table: in.Body.Table}, httpapi.ClientFrom(ctx).Addr)
			return &hidden[Drawn]{noRobots, d}, err
		})
}

func (s *Service) reportRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/boards/{key}/reports", ID: "list-reports", Summary: "Reports that mail a board", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *one) (*out[reports], error) {
			if _, err := s.GetBoard(in.Key); err != nil {
				return nil, err
			}
			all, err := s.Reports(ctx, in.Key)
			return &out[reports]{reports{httpapi.List(all), s.o.Mail.Ready()}}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/boards/{key}/reports", ID: "create-report", Summary: "Mail a board by plan", Tag: tag, Permission: actor.Operate, Status: http.StatusCreated},
		func(ctx context.Context, in *createReportInput) (*saved[Report], error) {
			return shownReport(s.CreateReport(ctx, in.Key, in.Body, in.IdempotencyKey))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/insight/reports/{key}", ID: "put-report", Summary: "Change a report", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *updateReportInput) (*saved[Report], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownReport(s.UpdateReport(ctx, in.Key, in.Body, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/reports/{key}/state", ID: "set-report-state", Summary: "Pause, resume or remove a report", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *reportStateInput) (*saved[Report], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return shownReport(s.SetReportState(ctx, in.Key, in.Body.State, version))
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/reports/{key}/send", ID: "send-report", Summary: "Send a report now", Tag: tag, Permission: actor.Operate, Status: http.StatusAccepted},
		func(ctx context.Context, in *one) (*out[Delivery], error) {
			d, err := s.SendNow(ctx, in.Key)
			return &out[Delivery]{d}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/reports/{key}/deliveries", ID: "list-deliveries", Summary: "When a report was sent, and to whom", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *deliveriesInput) (*out[httpapi.Items[Delivery]], error) {
			all, err := s.Deliveries(ctx, in.Key, in.Limit)
			return &out[httpapi.Items[Delivery]]{httpapi.List(all)}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/reports/{key}/preview", ID: "preview-report", Summary: "The mail that a report would send now", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *one) (*out[Letter], error) {
			l, err := s.Preview(ctx, in.Key)
			return &out[Letter]{l}, err
		})
}
