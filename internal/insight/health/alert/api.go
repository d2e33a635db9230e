package alert

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/insight/health"
)

type (
	out[T any] struct{ Body T }
	listInput  struct {
		httpapi.Paging
		Unread bool `query:"unread" doc:"Only those that the caller has not read"`
	}
	oneInput struct {
		ID int64 `path:"id"`
	}
	readInput struct {
		ID   int64 `path:"id"`
		Body struct {
			UpTo bool `json:"up_to,omitempty" doc:"All alerts up to this one"`
		} `nameHint:"ReadAlertInput"`
	}
	unread struct {
		Count int64 `json:"count"`
	}
	ruleInput struct {
		Metric string `path:"metric"`
		httpapi.IfMatch
		Body Rule `nameHint:"AlertRule"`
	}
	ruleOutput struct {
		ETag string   `header:"ETag"`
		Body RuleView `nameHint:"AlertRuleView"`
	}
	rules struct {
		Items     []RuleView `json:"items" nullable:"false"`
		MailReady bool       `json:"mail_ready" doc:"A mail server is set up: alerts can go out by e-mail"`
	}
	hookInput struct {
		Key string `path:"key"`
		httpapi.IfMatch
		Body WebhookInput
	}
	keyInput struct {
		Key string `path:"key"`
	}
	resendInput struct {
		ID       int64  `path:"id"`
		Language string `query:"language" enum:"zh-CN,en" default:"zh-CN"`
	}
	none struct{}
)

const tag = "alerts"

// Routes registers the operations of this room.
func (s *Service) Routes(api *httpapi.API) {
	s.alertRoutes(api)
	s.ruleRoutes(api)
	s.webhookRoutes(api)
}

func (s *Service) alertRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/alerts", ID: "list-alerts", Tag: tag, Permission: actor.Read, Summary: "What was unusual, the newest first"},
		func(ctx context.Context, in *listInput) (*out[httpapi.Page[Alert]], error) {
			page, err := s.List(ctx, in.Unread, in.Paging)
			return &out[httpapi.Page[Alert]]{page}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/alerts/unread", ID: "count-unread-alerts", Tag: tag, Permission: actor.Read, Summary: "How many alerts the caller has not read"},
		func(ctx context.Context, _ *none) (*out[unread], error) {
			n, err := s.Unread(ctx)
			return &out[unread]{unread{n}}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/alerts/{id}/read", ID: "read-alert", Tag: tag, Permission: actor.Read, Summary: "Mark an alert, or all up to it, as read by the caller"},
		func(ctx context.Context, in *readInput) (*none, error) {
			return nil, s.Read(ctx, in.ID, in.Body.UpTo)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/alerts/{id}/deliveries", ID: "list-alert-deliveries", Tag: tag, Permission: actor.Operate, Summary: "To whom an alert was sent, and what came of it"},
		func(ctx context.Context, in *oneInput) (*out[httpapi.Items[Delivery]], error) {
			all, err := s.Deliveries(ctx, in.ID, "", "")
			return &out[httpapi.Items[Delivery]]{httpapi.List(all)}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/alert-deliveries/{id}/resend", ID: "resend-alert", Tag: tag, Permission: actor.Operate, Summary: "Send a delivery that failed again"},
		func(ctx context.Context, in *resendInput) (*none, error) {
			return nil, s.Resend(ctx, in.ID, in.Language)
		})
}

func (s *Service) ruleRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/alert-rules", ID: "list-alert-rules", Tag: tag, Permission: actor.Operate, Summary: "When and to whom each key figure's anomalies are told"},
		func(ctx context.Context, _ *none) (*out[rules], error) {
			all, err := s.Rules(ctx)
			return &out[rules]{rules{httpapi.List(all).Items, s.o.Mail.Ready()}}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/alert-rules/{metric}", ID: "put-alert-rule", Tag: tag, Permission: actor.Operate, Summary: "Change when and to whom a key figure's anomalies are told"},
		func(ctx context.Context, in *ruleInput) (*ruleOutput, error) {
			had, err := in.Version()
			if err != nil {
				return nil, err
			}
			m := health.Metric(in.Metric)
			version, err := s.PutRule(ctx, m, in.Body, had)
			return &ruleOutput{ETag: httpapi.ETag(version), Body: RuleView{Metric: m, Unit: m.Unit(), Version: version, Rule: in.Body}}, err
		})
}

func (s *Service) webhookRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/webhooks", ID: "list-webhooks", Tag: tag, Permission: actor.Operate, Summary: "Addresses that alerts are sent to"},
		func(ctx context.Context, _ *none) (*out[httpapi.Items[WebhookView]], error) {
			all, err := s.Webhooks(ctx)
			return &out[httpapi.Items[WebhookView]]{httpapi.List(all)}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/webhooks", ID: "add-webhook", Tag: tag, Permission: actor.Manage, Status: http.StatusCreated, Summary: "Add an address that alerts are sent to; the answer holds its secret"},
		func(ctx context.Context, in *struct{ Body WebhookInput }) (*out[WebhookView], error) {
			v, err := s.AddWebhook(ctx, in.Body)
			return &out[WebhookView]{v}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/webhooks/{key}", ID: "put-webhook", Tag: tag, Permission: actor.Manage, Summary: "Change a webhook; a new address gets a new secret"},
		func(ctx context.Context, in *hookInput) (*out[WebhookView], error) {
			had, err := in.Version()
			if err != nil {
				return nil, err
			}
			v, err := s.ChangeWebhook(ctx, in.Key, in.Body, had)
			return &out[WebhookView]{v}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodDelete, Path: "/webhooks/{key}", ID: "remove-webhook", Tag: tag, Permission: actor.Manage, Summary: "Take a webhook away"},
		func(ctx context.Context, in *keyInput) (*none, error) { return nil, s.RemoveWebhook(ctx, in.Key) })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/webhooks/{key}/secret", ID: "rotate-webhook-secret", Tag: tag, Permission: actor.Manage, Summary: "Give a webhook a new secret; the answer holds it"},
		func(ctx context.Context, in *keyInput) (*out[WebhookView], error) {
			v, err := s.RotateWebhook(ctx, in.Key, 0)
			return &out[WebhookView]{v}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/webhooks/{key}/test", ID: "test-webhook", Tag: tag, Permission: actor.Operate, Summary: "Send a made-up alert to a webhook and tell what came of it"},
		func(ctx context.Context, in *keyInput) (*out[Delivery], error) {
			d, err := s.TestWebhook(ctx, in.Key)
			return &out[Delivery]{d}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/webhooks/{key}/deliveries", ID: "list-webhook-deliveries", Tag: tag, Permission: actor.Operate, Summary: "The newest deliveries to a webhook"},
		func(ctx context.Context, in *keyInput) (*out[httpapi.Items[Delivery]], error) {
			if _, err := s.webhook(ctx, in.Key); err != nil {
				return nil, err
			}
			all, err := s.Deliveries(ctx, 0, ByWebhook, in.Key)
			return &out[httpapi.Items[Delivery]]{httpapi.List(all)}, err
		})
}
