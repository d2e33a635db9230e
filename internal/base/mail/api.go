package mail

import (
	"context"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
)

type (
	output struct {
		ETag string `header:"ETag"`
		Body View   `nameHint:"MailSettings"`
	}
	putInput struct {
		httpapi.IfMatch
		Body struct {
			Settings
			Password *string `json:"password,omitempty" doc:"Left out: the one there is stays, if server, port, encryption and user do" writeOnly:"true"`
		} `nameHint:"MailSettingsInput"`
	}
	testInput struct {
		Body struct {
			To       string `json:"to"                 doc:"Who gets it"                     example:"mei@example.com"`
			Language string `json:"language,omitempty" enum:"zh-CN,en" default:"zh-CN"`
		} `nameHint:"MailTestInput"`
	}
	testOutput struct {
		Body struct {
			TookMS float64 `json:"took_ms" doc:"Until the server had taken it"`
		} `nameHint:"MailTest"`
	}
)

// Routes registers the operations of this room.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/settings/mail", ID: "get-mail-settings", Tag: "settings", Permission: actor.Manage, Summary: "Through which server e-mail is sent"},
		func(context.Context, *struct{}) (*output, error) { return s.shown(), nil })
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/settings/mail", ID: "put-mail-settings", Tag: "settings", Permission: actor.Manage, Summary: "Change through which server e-mail is sent"},
		func(ctx context.Context, in *putInput) (*output, error) {
			had, err := in.Version()
			if err != nil {
				return nil, err
			}
			if _, err := s.Put(ctx, PutInput{Settings: in.Body.Settings, Password: in.Body.Password, Version: had}); err != nil {
				return nil, err
			}
			return s.shown(), nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/settings/mail/test", ID: "test-mail", Tag: "settings", Permission: actor.Manage, Summary: "Send a test message"},
		func(ctx context.Context, in *testInput) (*testOutput, error) {
			if !ValidAddress(in.Body.To) {
				return nil, &fault.Error{Kind: fault.Invalid, Code: "mail.message_invalid", Message: "the message cannot be sent; see errors", Violations: []fault.Violation{{Field: "body.to", Message: "give an e-mail address"}}}
			}
			took, err := s.Test(ctx, in.Body.To, in.Body.Language)
			out := &testOutput{}
			out.Body.TookMS = float64(took.Microseconds()) / 1000
			return out, err
		})
}

func (s *Service) shown() *output {
	view, version := s.Settings()
	o := &output{Body: view}
	if version > 0 {
		o.ETag = httpapi.ETag(version)
	}
	return o
}

// Test sends a message that says that mail works, and tells how long the server took. It is in the audit log.
func (s *Service) Test(ctx context.Context, to, language string) (time.Duration, error) {
	m := Message{To: []string{to}, Subject: "活水：测试邮件", Text: "收到这封邮件，说明邮件服务器已经设置好：告警和定时报告可以发出了。\n"}
	if language == "en" {
		m.Subject, m.Text = "Huoshui: test message", "This message shows that the mail server is set up: alerts and scheduled reports can be sent.\n"
	}
	if !s.Ready() {
		return 0, s.Send(ctx, m)
	}
	var began time.Time
	if err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		began = tx.Now
		return s.o.Audit.Record(ctx, tx, "mail.test", to, nil)
	}); err != nil {
		return 0, err
	}
	err := s.Send(ctx, m)
	return s.o.Clock.Now().Sub(began), err
}
