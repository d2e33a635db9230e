package board_test

import (
	"encoding/json"
	"errors"
	"html"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/insight/board"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

func (r *rig) report(t testing.TB, recipients ...string) board.Report {
	t.Helper()
	made, err := r.CreateReport(mei(t), "daily", board.ReportInput{
		Title: "日报", Plan: board.Plan{Every: board.Daily, Hour: 9}, Recipients: recipients, Lang: "zh-CN", Address: "https://pool.example.com",
	}, "")
	require.NoError(t, err)
	return made
}

// due lets the next time come at which the report is due, and gives the delivery that was made for it.
func (r *rig) due(t testing.TB, report string) board.Delivery {
	t.Helper()
	require.NoError(t, r.Look(t.Context()))
	all, err := r.Reports(t.Context(), "daily")
	require.NoError(t, err)
	require.NotNil(t, all[0].NextAt)
	r.clock.Set(*all[0].NextAt)
	require.NoError(t, r.Look(t.Context()))
	return r.last(t, report)
}

func (r *rig) last(t testing.TB, report string) board.Delivery {
	t.Helper()
	all, err := r.Deliveries(t.Context(), report, 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	return all[0]
}

// A report is due once at its hour, however often one looks; whoever has it gets none again; who was refused is named.
func TestReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.shown(t)
		rep := r.report(t, "a@example.com", "b@example.com", "gone@example.com")
		require.NoError(t, r.Look(t.Context()))
		none, err := r.Deliveries(t.Context(), rep.Key, 10)
		require.NoError(t, err)
		require.Empty(t, none, "nothing is due yet")
		d := r.due(t, rep.Key)
		for range 3 {
			require.NoError(t, r.Look(t.Context()))
		}
		require.Equal(t, d.ID, r.last(t, rep.Key).ID)
		require.Equal(t, 9, d.DueAt.In(shanghai).Hour())

		r.post.refused = []string{"gone@example.com"}
		require.NoError(t, r.Deliver(t.Context(), d.ID, 1))
		got := r.last(t, rep.Key)
		require.Equal(t, board.Partly, got.State)
		require.Equal(t, []string{"a@example.com", "b@example.com"}, r.post.to())
		require.Equal(t, board.Failed, got.Recipients[2].State)
		require.Contains(t, got.Recipients[2].Error, "gone@example.com")
		require.NoError(t, r.Deliver(t.Context(), d.ID, 2), "the queue may do a job twice")
		require.Len(t, r.post.sent, 2)

		m := r.post.sent[0]
		require.Contains(t, m.Subject, "日报 · 山野茶")
		for _, text := range []string{html.UnescapeString(m.HTML), m.Text} {
			for _, want := range []string{"每日下单", "下单人数", "1,500", "较前一期 +25.0%", "每天看", "https://pool.example.com/insight/boards/daily", "mei@example.com"} {
				require.Contains(t, text, want)
			}
		}
		require.NotEqual(t, m.Key, r.post.sent[1].Key)
		for _, q := range r.desk.asked {
			require.Contains(t, q, `"to":"`+r.clock.Now().In(shanghai).AddDate(0, 0, -1).Format(time.DateOnly)+`"`, "of finished days")
		}
		r.clock.Add(5 * 24 * time.Hour)
		require.NoError(t, r.Look(t.Context()))
		again, err := r.Deliveries(t.Context(), rep.Key, 10)
		require.NoError(t, err)
		require.Len(t, again, 2, "five days without anybody looking are one report")
	})
}

// A server that is away is tried again, and only those get the letter who have not had it; in the end it is a failure with its cause.
func TestReportRetries(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	rep := r.report(t, "a@example.com")
	d := r.due(t, rep.Key)
	r.post.down = fault.New(fault.Unavailable, "mail.unreachable", "the mail server does not answer")
	for attempt := 1; attempt < 5; attempt++ {
		require.Error(t, r.Deliver(t.Context(), d.ID, attempt))
		got := r.last(t, rep.Key)
		require.Equal(t, board.Sending, got.State)
		require.EqualValues(t, attempt, got.Attempts)
	}
	r.post.down = nil
	require.NoError(t, r.Deliver(t.Context(), d.ID, 5))
	require.Equal(t, board.Sent, r.last(t, rep.Key).State)

	d = r.due(t, rep.Key)
	r.desk.fail = errors.New("dial warehouse: secret detail")
	require.Error(t, r.Deliver(t.Context(), d.ID, 1), "no chart could be asked: no letter")
	require.NoError(t, r.Deliver(t.Context(), d.ID, 5))
	got := r.last(t, rep.Key)
	require.Equal(t, board.Failed, got.State)
	require.NotContains(t, got.Error, "secret")
	require.Len(t, r.post.sent, 1)
}

// After three failures in a row a report stops and its owner is told; resumed, it begins anew. A success in between forgives.
func TestReportStops(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	rep := r.report(t, "gone@example.com")
	fail := func() {
		t.Helper()
		r.post.refused = []string{"gone@example.com"}
		require.NoError(t, r.Deliver(t.Context(), r.due(t, rep.Key).ID, 1))
	}
	fail()
	fail()
	r.post.refused = nil
	require.NoError(t, r.Deliver(t.Context(), r.due(t, rep.Key).ID, 1))
	r.post.sent = nil
	fail()
	fail()
	require.Empty(t, r.post.sent)
	fail()
	all, err := r.Reports(t.Context(), "daily")
	require.NoError(t, err)
	require.Equal(t, rulebook.Paused, all[0].State)
	require.True(t, all[0].Stopped)
	require.Nil(t, all[0].NextAt)
	require.Equal(t, []string{"mei@example.com"}, r.post.to())
	require.Contains(t, r.post.sent[0].Text, "does not take mail")
	versions, err := r.defs.Versions(t.Context(), board.ReportKind, rep.Key)
	require.NoError(t, err)
	require.Contains(t, versions[0].Note, "stopped after 3 failures")
	r.clock.Add(48 * time.Hour)
	require.NoError(t, r.Look(t.Context()))
	before := r.last(t, rep.Key).ID
	back, err := r.SetReportState(mei(t), rep.Key, rulebook.Active, 0)
	require.NoError(t, err)
	require.False(t, back.Stopped)
	require.Zero(t, back.Failures)
	require.NoError(t, r.Look(t.Context()))
	require.Equal(t, before, r.last(t, rep.Key).ID, "it is due at its next hour, not for the days that it rested")
}

// Over HTTP: what is refused, sending at once, preview, and that the reports of an archived board rest.
func TestReportsOverHTTP(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	srv := apitest.Start(t, r.routes)
	in := func(change map[string]any) map[string]any {
		body := map[string]any{"title": "Daily", "plan": map[string]any{"every": "daily", "hour": 9}, "recipients": []string{"a@example.com"}, "lang": "en"}
		maps.Copy(body, change)
		return body
	}
	at := "/insight/boards/daily/reports"
	srv.Run(t, []apitest.Case{
		{Name: "analyst", Call: to("analyst", "POST", at, in(nil)), Status: 403},
		{Name: "no address", Call: to("operator", "POST", at, in(map[string]any{"recipients": []string{"x"}})), Status: 422, Has: []string{"report.invalid", "body.recipients[0]"}},
		{Name: "one with a name and a trick", Call: to("operator", "POST", at, in(map[string]any{"recipients": []string{"a@example.com\r\nBcc: b@example.com"}})), Status: 422},
		{Name: "twice", Call: to("operator", "POST", at, in(map[string]any{"recipients": []string{"a@example.com", "a@example.com"}})), Status: 422, Has: []string{"named twice"}},
		{Name: "no day of the week", Call: to("operator", "POST", at, in(map[string]any{"plan": map[string]any{"every": "weekly", "hour": 9}})), Status: 422, Has: []string{"body.weekday"}},
		{Name: "a script for an address", Call: to("operator", "POST", at, in(map[string]any{"address": "javascript:alert(1)"})), Status: 422, Has: []string{"body.address"}},
		{Name: "another board", Call: to("operator", "POST", "/insight/boards/none/reports", in(nil)), Status: 404, Has: []string{"board.not_found"}},
		{Name: "made", Call: to("operator", "POST", at, in(nil)), Status: 201, Has: []string{`"next_at":"20`, `"owner":"operator@example.com"`}},
		{Name: "listed", Call: call{As: "operator", Path: at}, Status: 200, Has: []string{`"mail_ready":true`, `"key":"daily"`}},
		{Name: "preview", Call: call{As: "operator", Path: "/insight/reports/daily/preview"}, Status: 200, Has: []string{"Daily · 山野茶", "+25.0% on the one before"}},
		{Name: "sent at once", Call: to("operator", "POST", "/insight/reports/daily/send", nil), Status: 202, Has: []string{`"cause":"now"`, `"state":"sending"`}},
		{Name: "changed", Call: to("operator", "PUT", "/insight/reports/daily", in(map[string]any{"plan": map[string]any{"every": "monthly", "day": 31, "hour": 0}})), Status: 200, Has: []string{`"day":31`}},
		{Name: "removed", Call: to("operator", "POST", "/insight/reports/daily/state", map[string]any{"state": "archived"}), Status: 200},
		{Name: "gone", Call: call{As: "operator", Path: at}, Status: 200, Has: []string{`"items":[]`}},
		{Name: "not sent any more", Call: to("operator", "POST", "/insight/reports/daily/send", nil), Status: 409, Has: []string{"report.archived"}},
	})
	d := r.last(t, "daily")
	require.NoError(t, r.Deliver(t.Context(), d.ID, 1))
	require.Equal(t, board.Failed, r.last(t, "daily").State, "it was removed before it went out")
	require.Empty(t, r.post.sent)
	r.post.off = true
	rep := r.report(t, "a@example.com")
	_, err := r.SendNow(mei(t), rep.Key)
	require.Equal(t, "mail.not_set_up", fault.CodeOf(err))
	_, err = r.SetBoardState(mei(t), "daily", rulebook.Archived, 0)
	require.NoError(t, err)
	r.clock.Add(48 * time.Hour)
	require.NoError(t, r.Look(t.Context()))
	none, err := r.Deliveries(t.Context(), rep.Key, 10)
	require.NoError(t, err)
	require.Empty(t, none)
}

// What people write cannot become markup in a letter.
func TestLetterIsSafe(t *testing.T) {
	t.Parallel()
	r := single(t)
	_, err := r.CreateChart(mei(t), board.ChartInput{Key: "c", Title: `<img src=x onerror="1">`, Query: json.RawMessage(`{"kind":"trend"}`)}, "")
	require.NoError(t, err)
	_, err = r.CreateBoard(mei(t), board.Input{Key: "daily", Title: "<b>x</b>", Items: []board.Item{{ID: "a", W: 6, H: 8, Chart: "c"}, {ID: "t", X: 6, W: 6, H: 2, Text: "<script>1</script>"}}}, "")
	require.NoError(t, err)
	l, err := r.Preview(mei(t), r.report(t, "a@example.com").Key)
	require.NoError(t, err)
	for _, bad := range []string{"<script>", "<img", "<b>x"} {
		require.NotContains(t, l.HTML, bad)
	}
	require.Less(t, len(l.HTML), 100_000)
	require.NotContains(t, strings.ToLower(l.HTML), "<svg")
}
