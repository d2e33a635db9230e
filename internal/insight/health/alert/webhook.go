package alert

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/outgoing"
	"github.com/huoshui/huoshui/internal/base/state"
)

// WebhookView is a webhook as it is shown.
type WebhookView struct {
	Key     string    `json:"key"`
	Title   string    `json:"title"`
	Host    string    `json:"host" doc:"Of its address; the rest is not shown, for it may carry a key"`
	On      bool      `json:"on"`
	Version int64     `json:"version"`
	Updated time.Time `json:"updated"`
	Secret  string    `json:"secret,omitempty" doc:"Only in the answer that made it: keep it, it is never shown again"`
}

// removed is how a webhook that was taken away lies among the definitions, which keep their history.
const removed = "removed"

type hook struct {
	Webhook
	version int64
	at      time.Time
}

// webhooks gives those that there are, by key.
func (s *Service) webhooks(ctx context.Context) (map[string]hook, error) {
	stored, err := s.o.Definitions.List(ctx, WebhookKind)
	if err != nil {
		return nil, err
	}
	out := map[string]hook{}
	for _, d := range stored {
		w, err := parse[Webhook](d.Spec)
		if err != nil {
			return nil, err
		}
		if w.Secret != removed {
			out[d.Key] = hook{w, d.Version, d.At}
		}
	}
	return out, nil
}

// Webhooks lists those that there are, the oldest first.
func (s *Service) Webhooks(ctx context.Context) ([]WebhookView, error) {
	all, err := s.webhooks(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]WebhookView, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		h := all[key]
		out = append(out, WebhookView{Key: key, Title: h.Title, Host: h.Host, On: h.On, Version: h.version, Updated: h.at})
	}
	return out, nil
}

func (s *Service) webhook(ctx context.Context, key string) (hook, error) {
	all, err := s.webhooks(ctx)
	if err != nil {
		return hook{}, err
	}
	h, ok := all[key]
	if !ok {
		return hook{}, fault.New(fault.NotFound, "alert.webhook_not_found", "there is no webhook %q", key)
	}
	return h, nil
}

// WebhookInput is what an operator says of a webhook.
type WebhookInput struct {
	Title string `json:"title" minLength:"1" maxLength:"200"`
	URL   string `json:"url,omitempty" maxLength:"2000" example:"https://example.com/hook" doc:"Empty keeps the one there is, and its secret"`
	On    bool   `json:"on"`
}

// mostWebhooks is how many there can be.
const mostWebhooks = 50

// AddWebhook makes a webhook with a new secret, which is in the answer and nowhere else.
func (s *Service) AddWebhook(ctx context.Context, in WebhookInput) (WebhookView, error) {
	all, err := s.webhooks(ctx)
	if err != nil {
		return WebhookView{}, err
	}
	if len(all) >= mostWebhooks {
		return WebhookView{}, fault.New(fault.Conflict, "alert.too_many_webhooks", "there are %d webhooks already; remove one first", len(all))
	}
	u, err := address(in.URL)
	if err != nil {
		return WebhookView{}, err
	}
	return s.sealed(ctx, id.New(s.o.Clock.Now()), Webhook{Title: in.Title, Host: u.Host, On: in.On}, u.String(), define.Absent, "")
}

// ChangeWebhook changes a webhook. A new address gets a new secret, so that nobody can have deliveries signed for himself.
func (s *Service) ChangeWebhook(ctx context.Context, key string, in WebhookInput, version int64) (WebhookView, error) {
	h, err := s.webhook(ctx, key)
	if err != nil {
		return WebhookView{}, err
	}
	next := Webhook{Title: in.Title, Host: h.Host, On: in.On, Secret: h.Secret}
	if in.URL == "" {
		return s.putWebhook(ctx, key, next, version)
	}
	u, err := address(in.URL)
	if err != nil {
		return WebhookView{}, err
	}
	next.Host = u.Host
	return s.sealed(ctx, key, next, u.String(), version, h.Secret)
}

// RotateWebhook gives a webhook a new secret.
func (s *Service) RotateWebhook(ctx context.Context, key string, version int64) (WebhookView, error) {
	h, err := s.webhook(ctx, key)
	if err != nil {
		return WebhookView{}, err
	}
	to, _, err := s.sealedIn(ctx, h)
	if err != nil {
		return WebhookView{}, err
	}
	return s.sealed(ctx, key, h.Webhook, to, version, h.Secret)
}

// RemoveWebhook takes a webhook away. Rules that name it go on without it.
func (s *Service) RemoveWebhook(ctx context.Context, key string) error {
	h, err := s.webhook(ctx, key)
	if err != nil {
		return err
	}
	gone := h.Webhook
	gone.On, gone.Secret = false, removed
	if _, err := s.o.Definitions.Put(ctx, define.PutInput{Kind: WebhookKind, Key: key, Spec: gone, IfVersion: h.version, Note: removed}); err != nil {
		return err
	}
	return s.forget(ctx, h.Secret)
}

// address reads an address. Where its name leads is judged when it is called.
func address(text string) (*url.URL, error) {
	u, err := outgoing.Parse(text)
	if err == nil && len(text) <= 2000 {
		return u, nil
	}
	says := "give an address of at most 2000 bytes"
	if known, ok := errors.AsType[*fault.Error](err); ok {
		says = known.Message
	}
	return nil, &fault.Error{
		Kind: fault.Invalid, Code: "alert.webhook_invalid", Message: "the webhook cannot be saved; see errors",
		Violations: []fault.Violation{{Field: "body.url", Message: says}}, Err: err,
	}
}

// sealed stores a webhook with an address and a new secret, and forgets those before.
func (s *Service) sealed(ctx context.Context, key string, w Webhook, to string, version int64, old string) (WebhookView, error) {
	secret := "hs_wh_" + id.Token(20)
	w.Secret = id.Token(10)
	if err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO alert_secret (id, url, value) VALUES (?, ?, ?)", w.Secret, to, secret)
		return err
	}); err != nil {
		return WebhookView{}, fmt.Errorf("keep the webhook's secret: %w", err)
	}
	v, err := s.putWebhook(ctx, key, w, version)
	if err != nil {
		return v, errors.Join(err, s.forget(ctx, w.Secret))
	}
	v.Secret = secret
	return v, s.forget(ctx, old)
}

func (s *Service) putWebhook(ctx context.Context, key string, w Webhook, version int64) (WebhookView, error) {
	if err := w.Validate(); err != nil {
		return WebhookView{}, err
	}
	d, err := s.o.Definitions.Put(ctx, define.PutInput{Kind: WebhookKind, Key: key, Spec: w, IfVersion: version})
	return WebhookView{Key: key, Title: w.Title, Host: w.Host, On: w.On, Version: d.Version, Updated: d.At}, err
}

func (s *Service) forget(ctx context.Context, secret string) error {
	if secret == "" {
		return nil
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM alert_secret WHERE id = ?", secret)
		return err
	})
}

// sealedIn is a webhook's address, and what its deliveries are signed with. A webhook that was rolled back to has none any more.
func (s *Service) sealedIn(ctx context.Context, h hook) (to, secret string, err error) {
	err = s.o.State.QueryRow(ctx, "SELECT url, value FROM alert_secret WHERE id = ?", h.Secret).Scan(&to, &secret)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.Conflict, "alert.no_secret", "address and secret of this webhook are gone; give it an address anew")
	}
	return to, secret, err
}

// Signature of a body sent at a moment: "t=<seconds since 1970>,v1=<hex of HMAC-SHA-256 of "t.body" with the secret>". The time is signed
// too, so that a delivery that somebody recorded cannot be sent again much later.
func Signature(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(t + ".")) // a hash never fails to write
	_, _ = mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
