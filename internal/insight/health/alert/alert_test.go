package alert_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/outgoing"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/insight/health"
	"github.com/huoshui/huoshui/internal/insight/health/alert"
)

// watched tells what the test says is unusual.
type watched struct {
	mu    sync.Mutex
	found []health.Anomaly
}

func (w *watched) set(found ...health.Anomaly) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found = found
}

func (w *watched) Record(context.Context) error { return nil }

func (w *watched) Unusual(_ context.Context, metrics []health.Metric, _ health.Sensitivity) (out []health.Anomaly, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.found {
		for _, m := range metrics {
			if a.Metric == m {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// post takes letters.
type post struct {
	mu   sync.Mutex
	sent []mail.Message
	err  error
}

func (p *post) Ready() bool { return p.err == nil }

func (p *post) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.sent = append(p.sent, m)
	return nil
}

func (p *post) got() []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]mail.Message{}, p.sent...)
}

type world struct {
	*alert.Service
	watched *watched
	post    *post
	clock   *clock.Manual
	jobs    *job.Queue
	db      *state.DB
}

// now is noon of 31 March 2026 in the pool's zone.
func now() time.Time { return time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC) }

func open(t *testing.T, db *state.DB) *world {
	t.Helper()
	w := &world{watched: &watched{}, post: &post{}, clock: clock.NewManual(now()), db: db}
	log := slog.New(slog.DiscardHandler)
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	defs, err := define.New(t.Context(), db, trail, log)
	require.NoError(t, err)
	w.jobs, err = job.New(t.Context(), db, log)
	require.NoError(t, err)
	w.Service, err = alert.New(t.Context(), alert.Options{
		State: db, Definitions: defs, Jobs: w.jobs, Audit: trail, Health: w.watched, Mail: w.post,
		Outgoing: outgoing.New(outgoing.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}),
		Pool:     func() string { return "活水" }, Currency: func() string { return "CNY" }, Zone: func() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) },
		Clock: w.clock, Logger: log,
	})
	require.NoError(t, err)
	return w
}

func (w *world) work(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.jobs.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
}

func drop(m health.Metric, from, to string, value float64) health.Anomaly {
	return health.Anomaly{Metric: m, From: from, To: to, Peak: to, Value: value, Expected: 100, Low: 70, High: 130, Z: -8}
}

func (w *world) alerts(t *testing.T) []alert.Alert {
	t.Helper()
	page, err := w.List(actor.With(t.Context(), actor.Itself()), false, httpapi.Paging{Limit: 50})
	require.NoError(t, err)
	return page.Items
}

// An anomaly is told once, however often it is looked at and however it grows; another one on the other side, or later, is another.
func TestOncePerAnomaly(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		ctx := actor.With(t.Context(), actor.Itself())
		w := open(t, db)
		w.watched.set(drop(health.Orders, "2026-03-29", "2026-03-29", 30))
		for range 3 {
			require.NoError(t, w.Watch(ctx))
		}
		require.Len(t, w.alerts(t), 1)
		w.watched.set(drop(health.Orders, "2026-03-28", "2026-03-30", 20)) // it went on, and a day before has come in late
		require.NoError(t, w.Watch(ctx))
		got := w.alerts(t)
		require.Len(t, got, 1)
		require.Equal(t, []any{"2026-03-29", "2026-03-30", 20.0}, []any{got[0].From, got[0].To, got[0].Value})
		up := drop(health.Orders, "2026-03-30", "2026-03-30", 300)
		up.Up, up.Z = true, 9
		w.watched.set(drop(health.Orders, "2026-03-28", "2026-03-30", 20), up)
		require.NoError(t, w.Watch(ctx))
		require.Len(t, w.alerts(t), 2)
		w.clock.Set(now().AddDate(0, 0, 10))
		w.watched.set(drop(health.Orders, "2026-04-08", "2026-04-09", 20))
		require.NoError(t, w.Watch(ctx))
		require.Len(t, w.alerts(t), 3)
	})
}

// Each reads for himself, one alert or all up to it.
func TestReading(t *testing.T) {
	t.Parallel()
	ctx := actor.With(t.Context(), actor.Itself())
	w := open(t, statetest.SQLite(t))
	w.watched.set(drop(health.Orders, "2026-03-30", "2026-03-30", 30), drop(health.Buyers, "2026-03-30", "2026-03-30", 30))
	require.NoError(t, w.Watch(ctx))
	mei := actor.With(t.Context(), actor.Actor{Kind: actor.User, ID: 1, Role: actor.Analyst})
	li := actor.With(t.Context(), actor.Actor{Kind: actor.User, ID: 2, Role: actor.Analyst})
	unread := func(ctx context.Context) int64 {
		n, err := w.Unread(ctx)
		require.NoError(t, err)
		return n
	}
	require.NoError(t, w.Read(mei, 1, false))
	require.NoError(t, w.Read(mei, 1, false), "again changes nothing")
	require.Equal(t, []int64{1, 2}, []int64{unread(mei), unread(li)})
	require.NoError(t, w.Read(li, 2, true))
	require.Equal(t, []int64{1, 0}, []int64{unread(mei), unread(li)})
}

// What a rule leaves out is not told: off, mute, the wrong side, too small, too old, not far enough.
func TestRules(t *testing.T) {
	t.Parallel()
	yesterday := drop(health.Orders, "2026-03-30", "2026-03-30", 60)
	for name, c := range map[string]struct {
		change func(r *alert.Rule)
		found  health.Anomaly
		told   bool
	}{
		"told":              {func(*alert.Rule) {}, yesterday, true},
		"off":               {func(r *alert.Rule) { r.On = false }, yesterday, false},
		"mute":              {func(r *alert.Rule) { r.MutedUntil = "2026-03-31" }, yesterday, false},
		"mute no more":      {func(r *alert.Rule) { r.MutedUntil = "2026-03-30" }, yesterday, true},
		"only up":           {func(r *alert.Rule) { r.Side = "up" }, yesterday, false},
		"too small":         {func(r *alert.Rule) { r.MinSize = 41 }, yesterday, false},
		"too small a share": {func(r *alert.Rule) { r.MinShare = .41 }, yesterday, false},
		"just large enough": {func(r *alert.Rule) { r.MinSize, r.MinShare = 40, .4 }, yesterday, true},
		"days ago":          {func(*alert.Rule) {}, drop(health.Orders, "2026-03-27", "2026-03-28", 60), false},
		"the day before":    {func(*alert.Rule) {}, drop(health.Orders, "2026-03-27", "2026-03-29", 60), true},
		"another metric":    {func(*alert.Rule) {}, drop(health.Buyers, "2026-03-30", "2026-03-30", 60), true},
		"hardly any at all": {func(*alert.Rule) {}, drop(health.Buyers, "2026-03-30", "2026-03-30", 97), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := actor.With(t.Context(), actor.Itself())
			w := open(t, statetest.SQLite(t))
			r := alert.DefaultRule(health.Orders)
			c.change(&r)
			_, err := w.PutRule(ctx, health.Orders, r, 0)
			require.NoError(t, err)
			w.watched.set(c.found)
			require.NoError(t, w.Watch(ctx))
			require.Equal(t, c.told, len(w.alerts(t)) == 1)
		})
	}
}

// receiver is a webhook's other side.
type receiver struct {
	mu     sync.Mutex
	secret string
	status []int // answers, in order; 200 after that
	got    []alert.Payload
	ids    []string
	bad    int
}

func (s *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	stamp, sum, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Huoshui-Signature"), "t="), ",v1=")
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte(stamp + "." + string(body)))
	if sum != hex.EncodeToString(mac.Sum(nil)) {
		s.bad++
	}
	var p alert.Payload
	_ = json.Unmarshal(body, &p)
	s.got, s.ids = append(s.got, p), append(s.ids, r.Header.Get("Huoshui-Delivery"))
	if len(s.status) > 0 {
		w.WriteHeader(s.status[0])
		s.status = s.status[1:]
	}
}

func (s *receiver) seen() (got []alert.Payload, ids []string, bad int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]alert.Payload{}, s.got...), append([]string{}, s.ids...), s.bad
}

// An alert goes to its webhooks and addresses, signed and in words; a webhook that fails once gets it again under the same id; one that refuses is
// given up; the log says what came of each.
func TestDelivery(t *testing.T) {
	t.Parallel()
	ctx := actor.With(t.Context(), actor.Itself())
	w := open(t, statetest.SQLite(t, statetest.With(clock.System{})))
	shaky, wrong := &receiver{status: []int{503}}, &receiver{status: []int{400, 400}}
	rule := alert.DefaultRule(health.Revenue)
	rule.Emails, rule.Language = []string{"mei@example.com"}, "en"
	for _, to := range []*receiver{shaky, wrong} {
		srv := httptest.NewServer(to)
		t.Cleanup(srv.Close)
		h, err := w.AddWebhook(ctx, alert.WebhookInput{Title: "hook", URL: srv.URL + "/in?key=hidden", On: true})
		require.NoError(t, err)
		require.NotContains(t, h.Host, "hidden")
		to.secret = h.Secret
		rule.Webhooks = append(rule.Webhooks, h.Key)
	}
	_, err := w.PutRule(ctx, health.Revenue, rule, 0)
	require.NoError(t, err)
	w.watched.set(drop(health.Revenue, "2026-03-30", "2026-03-30", 0))
	require.NoError(t, w.Watch(ctx))
	w.work(t)
	a := w.alerts(t)[0]
	states := func() map[string]string {
		all, err := w.Deliveries(ctx, a.ID, "", "")
		require.NoError(t, err)
		out := map[string]string{}
		for _, d := range all {
			out[d.Target] = d.State
		}
		return out
	}
	want := map[string]string{rule.Webhooks[0]: alert.Delivered, rule.Webhooks[1]: alert.Failed, "mei@example.com": alert.Delivered}
	require.Eventually(t, func() bool {
		got := states()
		return got[rule.Webhooks[0]] == want[rule.Webhooks[0]] && got[rule.Webhooks[1]] == want[rule.Webhooks[1]] && got["mei@example.com"] == want["mei@example.com"]
	}, 60*time.Second, 50*time.Millisecond, "%v", states())
	got, ids, bad := shaky.seen()
	require.Zero(t, bad, "signatures")
	require.Len(t, got, 2)
	require.Equal(t, ids[0], ids[1], "the same delivery")
	require.Equal(t, "alert", got[0].Type)
	require.Equal(t, a.ID, got[0].Alert.ID)
	require.Contains(t, got[0].Text, "2026-03-30 成交额异常偏低")
	require.Contains(t, got[0].Text, "Revenue on 2026-03-30: unusually low at")
	letters := w.post.got()
	require.Len(t, letters, 1)
	require.Contains(t, letters[0].Text, "unusually low")
	require.NoError(t, letters[0].Validate())
	all, err := w.Deliveries(ctx, 0, alert.ByWebhook, rule.Webhooks[1])
	require.NoError(t, err)
	require.Equal(t, []any{400, 1}, []any{all[0].Status, all[0].Attempts})
	require.NoError(t, w.Resend(ctx, all[0].ID, "en"))
	require.Error(t, w.Resend(ctx, all[0].ID+1000, "en"))
}

// Address and secret of a webhook are shown once and kept out of history and audit; a new address gets a new secret.
func TestWebhookSecrets(t *testing.T) {
	t.Parallel()
	ctx := actor.With(t.Context(), actor.Itself())
	db := statetest.SQLite(t)
	w := open(t, db)
	for _, url := range []string{"", "ftp://example.com", "https://mei:word@example.com/", "nonsense"} {
		_, err := w.AddWebhook(ctx, alert.WebhookInput{Title: "x", URL: url, On: true})
		require.Equal(t, "alert.webhook_invalid", fault.CodeOf(err), url)
	}
	h, err := w.AddWebhook(ctx, alert.WebhookInput{Title: "robot", URL: "https://example.com/send?key=hidden", On: true})
	require.NoError(t, err)
	require.NotEmpty(t, h.Secret)
	same, err := w.ChangeWebhook(ctx, h.Key, alert.WebhookInput{Title: "Robot", On: true}, h.Version)
	require.NoError(t, err)
	require.Empty(t, same.Secret)
	moved, err := w.ChangeWebhook(ctx, h.Key, alert.WebhookInput{Title: "Robot", URL: "https://example.org/", On: true}, same.Version)
	require.NoError(t, err)
	require.NotEqual(t, h.Secret, moved.Secret)
	require.NotEmpty(t, moved.Secret)
	turned, err := w.RotateWebhook(ctx, h.Key, 0)
	require.NoError(t, err)
	require.NotEqual(t, moved.Secret, turned.Secret)
	for _, table := range []string{"SELECT count(*) FROM definition_version WHERE spec LIKE '%hidden%' OR spec LIKE '%hs_wh_%'", "SELECT count(*) FROM audit WHERE detail LIKE '%hidden%' OR detail LIKE '%hs_wh_%'"} {
		var n int
		require.NoError(t, db.QueryRow(ctx, table).Scan(&n))
		require.Zero(t, n, table)
	}
	require.NoError(t, w.RemoveWebhook(ctx, h.Key))
	all, err := w.Webhooks(ctx)
	require.NoError(t, err)
	require.Empty(t, all)
	var left int
	require.NoError(t, db.QueryRow(ctx, "SELECT count(*) FROM alert_secret").Scan(&left))
	require.Zero(t, left)
}

// The operations: reading is everybody's own, rules are the operators', webhooks the owners'.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	ctx := actor.With(t.Context(), actor.Itself())
	w := open(t, statetest.SQLite(t))
	w.watched.set(drop(health.Orders, "2026-03-30", "2026-03-30", 30))
	require.NoError(t, w.Watch(ctx))
	srv := apitest.Start(t, w.Routes)
	srv.NobodyEnters(t)
	type call = apitest.Call
	rule := alert.DefaultRule(health.Orders)
	broken := rule
	broken.Emails, broken.Webhooks, broken.MutedUntil = []string{"mei"}, []string{"none"}, "soon"
	unknown := rule
	unknown.Webhooks = []string{"none"}
	srv.Run(t, []apitest.Case{
		{Name: "list", Call: call{As: "analyst", Path: "/alerts"}, Status: 200, Has: []string{`"metric":"orders"`, `"read":false`}},
		{Name: "unread", Call: call{As: "analyst", Path: "/alerts/unread"}, Status: 200, Has: []string{`"count":1`}},
		{Name: "read", Call: call{As: "analyst", Method: "POST", Path: "/alerts/1/read", Body: map[string]any{}}, Status: 204},
		{Name: "read by me", Call: call{As: "analyst", Path: "/alerts/unread"}, Status: 200, Has: []string{`"count":0`}},
		{Name: "nothing unread", Call: call{As: "analyst", Path: "/alerts?unread=true"}, Status: 200, Has: []string{`"items":[]`}},
		{Name: "no such alert", Call: call{As: "owner", Method: "POST", Path: "/alerts/9/read", Body: map[string]any{}}, Status: 404, Has: []string{"alert.not_found"}},
		{Name: "rules are not the analyst's", Call: call{As: "analyst", Path: "/alert-rules"}, Status: 403},
		{Name: "rules", Call: call{As: "operator", Path: "/alert-rules"}, Status: 200, Has: []string{`"metric":"rejected"`, `"mail_ready":true`}},
		{Name: "broken", Call: call{As: "operator", Method: "PUT", Path: "/alert-rules/orders", Body: broken}, Status: 422, Has: []string{"body.emails[0]", "body.muted_until"}},
		{Name: "no such webhook", Call: call{As: "operator", Method: "PUT", Path: "/alert-rules/orders", Body: unknown}, Status: 422, Has: []string{"body.webhooks[0]"}},
		{Name: "no such metric", Call: call{As: "operator", Method: "PUT", Path: "/alert-rules/luck", Body: rule}, Status: 404, Has: []string{"alert.metric_unknown"}},
		{Name: "saved", Call: call{As: "operator", Method: "PUT", Path: "/alert-rules/orders", Body: rule}, Status: 200, Has: []string{`"version":1`}},
		{Name: "webhooks are the owner's", Call: call{As: "operator", Method: "POST", Path: "/webhooks", Body: map[string]any{"title": "x", "url": "https://example.com", "on": true}}, Status: 403},
		{Name: "bad address", Call: call{As: "owner", Method: "POST", Path: "/webhooks", Body: map[string]any{"title": "x", "url": "file:///etc/passwd", "on": true}}, Status: 422, Has: []string{"body.url"}},
		{Name: "added", Call: call{As: "owner", Method: "POST", Path: "/webhooks", Body: map[string]any{"title": "x", "url": "https://example.com/a/b", "on": true}}, Status: 201, Has: []string{"hs_wh_", `"host":"example.com"`}, HasNot: []string{"/a/b"}},
		{Name: "listed", Call: call{As: "operator", Path: "/webhooks"}, Status: 200, Has: []string{`"host":"example.com"`}, HasNot: []string{"hs_wh_", "/a/b"}},
	})
}
