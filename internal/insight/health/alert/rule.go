package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/insight/health"
)

// Kinds of the room's definitions.
const (
	RuleKind    = "alert_rule"
	WebhookKind = "webhook"
)

// Rule says when and to whom a metric's anomalies are told.
type Rule struct {
	On          bool               `json:"on" doc:"The metric is watched"`
	Sensitivity health.Sensitivity `json:"sensitivity" enum:"low,medium,high"`
	Side        string             `json:"side" enum:"both,up,down" doc:"Which side is told"`
	MinSize     float64            `json:"min_size" minimum:"0" doc:"Least difference from what was expected, in the metric's unit"`
	MinShare    float64            `json:"min_share" minimum:"0" maximum:"10" doc:"Least difference as a share of what was expected"`
	MutedUntil  string             `json:"muted_until" maxLength:"10" doc:"Nothing is told up to this day; empty: not mute"`
	Emails      []string           `json:"emails" nullable:"false" maxItems:"20"`
	Webhooks    []string           `json:"webhooks" nullable:"false" maxItems:"20" doc:"Keys"`
	Language    string             `json:"language" enum:"zh-CN,en" doc:"Of e-mails"`
}

// DefaultRule watches a metric in the console: usual sensitivity, both sides, at least a fifth and five (of money: nothing more) away.
func DefaultRule(m health.Metric) Rule {
	r := Rule{On: true, Sensitivity: health.Medium, Side: "both", MinSize: 5, MinShare: .2, Emails: []string{}, Webhooks: []string{}, Language: "zh-CN"}
	switch m {
	case health.Revenue:
		r.MinSize = 0
	case health.Converted:
		r.MinSize = .01
	case health.RefusedCount:
		r.Side, r.MinSize = "up", 20
	case health.NewPeople, health.ActivePeople, health.GoneSilent, health.Orders, health.Buyers:
	}
	return r
}

// Validate says what is wrong with the rule.
func (r Rule) Validate() error {
	var c fault.Check
	c.That(slices.Contains([]health.Sensitivity{health.Low, health.Medium, health.High}, r.Sensitivity), "body.sensitivity", "take low, medium or high")
	c.That(slices.Contains([]string{"both", "up", "down"}, r.Side), "body.side", "take both, up or down")
	c.That(r.MinSize >= 0 && !math.IsInf(r.MinSize, 0), "body.min_size", "take 0 or more")
	c.That(r.MinShare >= 0 && r.MinShare <= 10, "body.min_share", "take 0 to 10")
	_, err := time.Parse(time.DateOnly, r.MutedUntil)
	c.That(r.MutedUntil == "" || err == nil, "body.muted_until", "a day is written like 2026-03-31")
	c.That(len(r.Emails) <= 20, "body.emails", "at most 20 addresses")
	for i, to := range r.Emails {
		c.That(mail.ValidAddress(to), fmt.Sprintf("body.emails[%d]", i), "this is no e-mail address")
	}
	c.That(len(r.Webhooks) <= 20, "body.webhooks", "at most 20 webhooks")
	c.That(r.Language == "zh-CN" || r.Language == "en", "body.language", "take zh-CN or en")
	return c.Err("alert.invalid", "the rule cannot be saved; see errors")
}

// tells says whether an anomaly passes the rule on a day.
func (r Rule) tells(a health.Anomaly, today string) bool {
	size := math.Abs(a.Value - a.Expected)
	return r.On && (r.MutedUntil == "" || today > r.MutedUntil) &&
		(r.Side == "both" || (r.Side == "up") == a.Up) &&
		size >= r.MinSize && size >= r.MinShare*a.Expected && math.Abs(a.Z) > r.Sensitivity.Limit()
}

// Webhook is an address that alerts are sent to.
type Webhook struct {
	Title  string `json:"title"`
	Host   string `json:"host"`
	On     bool   `json:"on"`
	Secret string `json:"secret"` // name of the row with address and secret
}

// Validate says what is wrong with the webhook.
func (w Webhook) Validate() error {
	var c fault.Check
	c.That(w.Title != "" && len(w.Title) <= 200, "body.title", "give a name of at most 200 bytes")
	c.That(w.Host != "" && w.Secret != "", "body.url", "give an address")
	return c.Err("alert.webhook_invalid", "the webhook cannot be saved; see errors")
}

func (s *Service) declare() {
	s.o.Definitions.Declare(define.Kind{Name: RuleKind, Edit: actor.Operate, Check: func(key string, raw json.RawMessage) error {
		if !slices.Contains(health.Metrics(), health.Metric(key)) {
			return fault.New(fault.NotFound, "alert.metric_unknown", "there is no metric %q", key)
		}
		r, err := parse[Rule](raw)
		if err != nil {
			return err
		}
		return r.Validate()
	}})
	s.o.Definitions.Declare(define.Kind{Name: WebhookKind, Edit: actor.Manage, Check: func(_ string, raw json.RawMessage) error {
		w, err := parse[Webhook](raw)
		if err != nil {
			return err
		}
		return w.Validate()
	}})
}

func parse[T any](raw json.RawMessage) (T, error) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fault.Wrap(err, fault.Invalid, "alert.invalid", "the definition cannot be read")
	}
	return v, nil
}

// RuleView is a rule with its metric.
type RuleView struct {
	Metric  health.Metric `json:"metric"`
	Unit    string        `json:"unit" enum:"people,orders,money,share,events"`
	Version int64         `json:"version" doc:"0: the default"`
	Rule
}

// Rules gives the rules of all metrics.
func (s *Service) Rules(ctx context.Context) ([]RuleView, error) {
	stored, err := s.o.Definitions.List(ctx, RuleKind)
	if err != nil {
		return nil, err
	}
	out := make([]RuleView, 0, len(health.Metrics()))
	for _, m := range health.Metrics() {
		v := RuleView{Metric: m, Unit: m.Unit(), Rule: DefaultRule(m)}
		for _, d := range stored {
			if d.Key != string(m) {
				continue
			}
			r, err := parse[Rule](d.Spec)
			if err != nil {
				return nil, err
			}
			v.Rule, v.Version = r, d.Version
		}
		out = append(out, v)
	}
	return out, nil
}

// PutRule changes a metric's rule if version is in force (0: whichever is) and gives the new version. The webhooks that it names must be there.
func (s *Service) PutRule(ctx context.Context, m health.Metric, r Rule, version int64) (int64, error) {
	if r.Emails == nil {
		r.Emails = []string{}
	}
	if r.Webhooks == nil {
		r.Webhooks = []string{}
	}
	if err := r.Validate(); err != nil {
		return 0, err
	}
	hooks, err := s.webhooks(ctx)
	if err != nil {
		return 0, err
	}
	var c fault.Check
	for i, key := range r.Webhooks {
		_, there := hooks[key]
		c.That(there, fmt.Sprintf("body.webhooks[%d]", i), "there is no webhook %q", key)
	}
	if err := c.Err("alert.invalid", "the rule cannot be saved; see errors"); err != nil {
		return 0, err
	}
	d, err := s.o.Definitions.Put(ctx, define.PutInput{Kind: RuleKind, Key: string(m), Spec: r, IfVersion: version})
	return d.Version, err
}
