package board_test

import (
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/insight/board"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

func (r *rig) share(t testing.TB, in board.ShareInput) board.NewShare {
	t.Helper()
	if in.ExpiresAt.IsZero() {
		in.ExpiresAt = r.clock.Now().Add(24 * time.Hour)
	}
	made, err := r.CreateShare(mei(t), "daily", in)
	require.NoError(t, err)
	return made
}

// A link shows the board's titles, texts and answers under its own filters, says nothing of rules about people, and is no way to anything else.
func TestShare(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *rig) {
		r.shown(t)
		link := r.share(t, board.ShareInput{Title: "给老板", Filters: board.Filters{Last: 7, People: "has_tag(\"secret\")"}})
		srv := apitest.Start(t, r.routes)
		post := func(path string, more map[string]any) call {
			body := map[string]any{"token": link.Token}
			maps.Copy(body, more)
			return call{Method: "POST", Path: path, Body: body}
		}
		srv.Run(t, []apitest.Case{
			{Name: "the board", Call: post("/shared/board", nil), Status: 200, Has: []string{"山野茶", "每天看", `"title":"每日下单"`, `"kind":"trend"`}, HasNot: []string{"secret", `"chart":"orders"`, "mei@"}},
			{Name: "a chart", Call: post("/shared/chart", map[string]any{"item": "a"}), Status: 200, Has: []string{`"last":7`}, HasNot: []string{`secret","query`}},
			{Name: "a text is no chart", Call: post("/shared/chart", map[string]any{"item": "t"}), Status: 404, Has: []string{"share.item_not_found"}},
			{Name: "nor is a chart's key", Call: post("/shared/chart", map[string]any{"item": "orders"}), Status: 404},
			{Name: "another token", Call: post("/shared/board", map[string]any{"token": "hs_sh_" + strings.Repeat("0", 44)}), Status: 404, Has: []string{"share.not_found"}},
			{Name: "a token with another end", Call: post("/shared/board", map[string]any{"token": link.Token[:len(link.Token)-1] + "z"}), Status: 404},
			{Name: "analysts see no links", Call: call{As: "analyst", Path: "/insight/boards/daily/shares"}, Status: 403},
			{Name: "operators do, without the token", Call: call{As: "operator", Path: "/insight/boards/daily/shares"}, Status: 200, Has: []string{"给老板", `"opened":1`, "mei@example.com"}, HasNot: []string{link.Token}},
			{Name: "revoked", Call: to("operator", "DELETE", "/insight/shares/1", nil), Status: 204},
			{Name: "and over", Call: post("/shared/board", nil), Status: 404, Has: []string{"share.not_found"}},
			{Name: "for charts, too", Call: post("/shared/chart", map[string]any{"item": "a"}), Status: 404, Has: []string{"share.not_found"}},
			{Name: "revoked again", Call: to("operator", "DELETE", "/insight/shares/1", nil), Status: 204},
			{Name: "one that is not there", Call: to("operator", "DELETE", "/insight/shares/9", nil), Status: 404},
			{Name: "in the audit", Call: call{As: "owner", Path: "/audit"}, Status: 200, Has: []string{"board.share", "board.unshare", "share.open"}, HasNot: []string{link.Token}},
		})
		reply := srv.Do(t, post("/shared/board", map[string]any{"token": r.share(t, board.ShareInput{}).Token}))
		require.Equal(t, 200, reply.Status)
		require.Equal(t, "noindex, nofollow, noarchive", reply.Header.Get("X-Robots-Tag"))
		// The question of the chart "stock" narrows people; an outsider is told neither by which rule of the chart nor by which of the link.
		d, err := r.AskShared(t.Context(), board.Visit{Token: r.share(t, board.ShareInput{}).Token}, "b", board.Ask{}, home)
		require.NoError(t, err)
		require.NotContains(t, string(d.Query), "杭州")
	})
}

// A link ends at its moment, with its board, and by another's answer is not kept alive.
func TestShareEnds(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	link := r.share(t, board.ShareInput{ExpiresAt: r.clock.Now().Add(time.Hour)})
	visit := board.Visit{Token: link.Token}
	_, err := r.Open(t.Context(), visit, home)
	require.NoError(t, err)
	_, err = r.SetBoardState(mei(t), "daily", rulebook.Archived, 0)
	require.NoError(t, err)
	_, err = r.Open(t.Context(), visit, home)
	require.Equal(t, "share.not_found", fault.CodeOf(err))
	_, err = r.SetBoardState(mei(t), "daily", rulebook.Active, 0)
	require.NoError(t, err)
	r.clock.Add(time.Hour - time.Microsecond)
	_, err = r.Open(t.Context(), visit, home)
	require.NoError(t, err)
	r.clock.Add(time.Microsecond)
	_, err = r.Open(t.Context(), visit, home)
	require.Equal(t, "share.not_found", fault.CodeOf(err))
	for name, in := range map[string]board.ShareInput{
		"in the past":      {ExpiresAt: r.clock.Now()},
		"for ever":         {ExpiresAt: r.clock.Now().AddDate(2, 0, 0)},
		"a short password": {ExpiresAt: r.clock.Now().Add(time.Hour), Password: "short"},
	} {
		_, err := r.CreateShare(mei(t), "daily", in)
		require.Equal(t, "share.invalid", fault.CodeOf(err), name)
	}
}

// A password is asked for once; the pass that stands for it is good for its link and half a day only, and guessing must wait.
func TestSharePassword(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	link := r.share(t, board.ShareInput{Password: "tea and water", ExpiresAt: r.clock.Now().AddDate(0, 1, 0)})
	other := r.share(t, board.ShareInput{Password: "tea and water", ExpiresAt: r.clock.Now().AddDate(0, 1, 0)})
	enter := func(token, password, pass string) (board.Shared, string) {
		t.Helper()
		s, err := r.Open(t.Context(), board.Visit{Token: token, Password: password, Pass: pass}, home)
		if err == nil {
			return s, ""
		}
		require.Empty(t, s.Items)
		return s, fault.CodeOf(err)
	}
	_, code := enter(link.Token, "", "")
	require.Equal(t, "share.password_needed", code)
	_, err := r.AskShared(t.Context(), board.Visit{Token: link.Token}, "a", board.Ask{}, home)
	require.Equal(t, "share.password_needed", fault.CodeOf(err))
	_, code = enter(link.Token, "tea and wine", "")
	require.Equal(t, "share.wrong_password", code)
	s, code := enter(link.Token, "tea and water", "")
	require.Empty(t, code)
	require.NotEmpty(t, s.Pass)
	_, err = r.AskShared(t.Context(), board.Visit{Token: link.Token, Pass: s.Pass}, "a", board.Ask{}, home)
	require.NoError(t, err)
	_, code = enter(other.Token, "", s.Pass)
	require.Equal(t, "share.password_needed", code)
	_, code = enter(link.Token, "", "zzzzzz"+s.Pass[strings.Index(s.Pass, "."):])
	require.Equal(t, "share.password_needed", code)
	r.clock.Add(12 * time.Hour)
	_, code = enter(link.Token, "", s.Pass)
	require.Equal(t, "share.password_needed", code)
	for range 5 {
		_, code = enter(link.Token, "guess it so", "")
		require.Equal(t, "share.wrong_password", code)
	}
	_, _ = enter(link.Token, "guess it so", "")
	_, code = enter(link.Token, "tea and water", "")
	require.Equal(t, "auth.throttled", code, "also the right one waits")
	r.clock.Add(time.Hour)
	_, code = enter(link.Token, "tea and water", "")
	require.Empty(t, code)
}

// Many who look at the same time cost one question a minute; who asks too often waits; what failed is asked again.
func TestSharedAnswers(t *testing.T) {
	t.Parallel()
	r := single(t)
	r.shown(t)
	visit := board.Visit{Token: r.share(t, board.ShareInput{}).Token}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			_, err := r.AskShared(t.Context(), visit, "a", board.Ask{}, home)
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	require.Len(t, r.desk.asked, 1)
	r.clock.Add(time.Minute)
	r.desk.fail = fault.New(fault.Unavailable, "insight.busy", "come back")
	_, err := r.AskShared(t.Context(), visit, "a", board.Ask{}, home)
	require.Error(t, err)
	r.desk.fail = nil
	_, err = r.AskShared(t.Context(), visit, "a", board.Ask{}, home)
	require.NoError(t, err)
	require.Len(t, r.desk.asked, 3)
	for range 300 {
		_, err = r.AskShared(t.Context(), visit, "a", board.Ask{}, home)
	}
	require.Equal(t, "share.throttled", fault.CodeOf(err))
	r.clock.Add(time.Minute)
	_, err = r.AskShared(t.Context(), visit, "a", board.Ask{}, home)
	require.NoError(t, err)
}
