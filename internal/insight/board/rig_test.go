package board_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/board"
)

// desk knows the kinds "trend" and "growth" and answers with the query that it was asked.
type desk struct {
	mu    sync.Mutex
	asked []string
	fail  error
	table insight.Table
}

func (d *desk) Check(_ context.Context, q json.RawMessage) error {
	var head struct{ Kind string }
	if err := json.Unmarshal(q, &head); err != nil {
		return err
	}
	if head.Kind != "trend" && head.Kind != "growth" {
		return fault.New(fault.Invalid, "insight.kind_unknown", "there is no kind %q", head.Kind)
	}
	return nil
}

func (d *desk) Ask(_ context.Context, q json.RawMessage) (board.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, string(q))
	if d.fail != nil {
		return board.Answer{}, d.fail
	}
	var head struct{ Kind, From, To string }
	if err := json.Unmarshal(q, &head); err != nil {
		return board.Answer{}, err
	}
	return board.Answer{Kind: head.Kind, From: head.From, To: head.To, People: 7, Answer: q}, nil
}

func (d *desk) Tabulate(ctx context.Context, q json.RawMessage, say insight.Say) (board.Answer, insight.Table, error) {
	a, err := d.Ask(ctx, q)
	t := d.table
	if len(t.Columns) == 0 {
		t = insight.Table{Columns: []string{say("日期", "Day"), say("下单人数", "Buyers")}, Rows: [][]any{{"2026-03-01", int64(1200)}, {"2026-03-02", int64(1500)}}}
	}
	return a, t, err
}

// post takes mail; it refuses the addresses in refused, and everything while down.
type post struct {
	sent    []mail.Message
	down    error
	refused []string
	off     bool
}

func (p *post) Ready() bool { return !p.off }

func (p *post) Send(_ context.Context, m mail.Message) error {
	if p.down != nil {
		return p.down
	}
	if slices.Contains(p.refused, m.To[0]) {
		return fault.New(fault.Invalid, "mail.refused", "the server does not take mail for %s", m.To[0])
	}
	p.sent = append(p.sent, m)
	return nil
}

func (p *post) to() []string {
	all := make([]string, len(p.sent))
	for i, m := range p.sent {
		all[i] = m.To[0]
	}
	return all
}

type rig struct {
	*board.Service
	clock *clock.Manual
	desk  *desk
	post  *post
	jobs  *job.Queue
	defs  *define.Service
	trail *audit.Log
	state *state.DB
	opts  board.Options
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func open(t testing.TB, clk *clock.Manual, db *state.DB) *rig {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	r := &rig{clock: clk, desk: &desk{}, post: &post{}, state: db}
	var err error
	r.trail, err = audit.New(t.Context(), db)
	require.NoError(t, err)
	r.defs, err = define.New(t.Context(), db, r.trail, quiet)
	require.NoError(t, err)
	door, err := auth.New(t.Context(), db, r.trail, clk, quiet)
	require.NoError(t, err)
	r.jobs, err = job.New(t.Context(), db, quiet)
	require.NoError(t, err)
	r.opts = board.Options{
		State: db, Definitions: r.defs, Desk: r.desk, Mail: r.post, Guard: door.Guard(), Trail: r.trail, Jobs: r.jobs,
		CheckPeople: func(_ context.Context, rule string) error {
			if strings.Count(rule, "(") != strings.Count(rule, ")") || strings.HasPrefix(rule, "true)") {
				return fault.New(fault.Invalid, "rule.invalid", "the rule cannot be understood")
			}
			return nil
		},
		Pool: func() board.Pool { return board.Pool{Name: "山野茶", TimeZone: "Asia/Shanghai", Currency: "CNY"} },
		Zone: func() *time.Location { return shanghai }, Clock: clk, Logger: quiet,
	}
	r.Service, err = board.New(t.Context(), r.opts)
	require.NoError(t, err)
	return r
}

func each(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	for name, make := range map[string]func(testing.TB, ...statetest.Option) *state.DB{"sqlite": statetest.SQLite, "postgres": statetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(statetest.Start())
			test(t, open(t, clk, make(t, statetest.With(clk))))
		})
	}
}

func single(t *testing.T) *rig {
	t.Helper()
	clk := clock.NewManual(statetest.Start())
	return open(t, clk, statetest.SQLite(t, statetest.With(clk)))
}

func mei(t testing.TB) context.Context {
	t.Helper()
	return actor.With(t.Context(), actor.Actor{ID: 1, Kind: actor.User, Email: "mei@example.com", Role: actor.Operator})
}

var home = netip.MustParseAddr("192.0.2.7")

func (r *rig) routes(api *httpapi.API) {
	r.Routes(api)
	r.defs.Routes(api)
	r.trail.Routes(api)
}

// shown makes two charts and a board with both and a text.
func (r *rig) shown(t testing.TB) board.Board {
	t.Helper()
	for _, c := range []board.ChartInput{
		{Key: "orders", Title: "每日下单", Query: json.RawMessage(`{"kind":"trend","last":30,"series":[{"event":"Order Completed"}]}`)},
		{Key: "stock", Title: "存量", Query: json.RawMessage(`{"kind":"growth","people":"person.city == \"杭州\""}`)},
	} {
		_, err := r.CreateChart(mei(t), c, "")
		require.NoError(t, err)
	}
	b, err := r.CreateBoard(mei(t), board.Input{Key: "daily", Title: "日常", Items: []board.Item{
		{ID: "t", W: 12, H: 2, Text: "# 每天看\n- 先看**下单**"}, {ID: "a", Y: 2, W: 6, H: 8, Chart: "orders"}, {ID: "b", X: 6, Y: 2, W: 6, H: 8, Chart: "stock"},
	}}, "")
	require.NoError(t, err)
	return b
}
