//go:build e2e

package segment

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// post sends a body as a page of another origin does.
func (s *server) post(t *testing.T, path, body string, headers map[string]string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "text/plain")
	req.Header.Set("Origin", "https://shop.example.com")
	req.Header.Set("User-Agent", "Mozilla/5.0 (Test)")
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode, string(answer))
	require.JSONEq(t, `{"success":true}`, string(answer))
	require.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
}

// The browser library's requests, as @segment/analytics-next 1.84 makes them: one event to the first letter of its type, batches to
// /b, as text/plain with the key in header and body, after a preflight because of the header; and a beacon, which has no header.
func TestBrowserLibrary(t *testing.T) {
	t.Parallel()
	s := start(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, s.url+"/v1/t", nil)
	require.NoError(t, err)
	req.Header.Set("Origin", "https://shop.example.com")
	req.Header.Set("Access-Control-Request-Method", "POST")
	req.Header.Set("Access-Control-Request-Headers", "authorization")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusNoContent, resp.StatusCode)
	require.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "authorization", resp.Header.Get("Access-Control-Allow-Headers"))
	require.Contains(t, resp.Header.Get("Access-Control-Allow-Methods"), "POST")

	// The page's clock is two hours slow.
	now := time.Now().UTC()
	sent := now.Add(-2 * time.Hour)
	at := func(d time.Duration) string { return sent.Add(d).Format("2006-01-02T15:04:05.000Z") }
	common := func(id string, age time.Duration) string {
		return `"messageId":"ajs-next-` + id + `","timestamp":"` + at(-age) + `","integrations":{},"_metadata":{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]},"writeKey":"` + s.writeKey + `",` +
			`"anonymousId":"browser-visitor","context":{"page":{"path":"/tea","referrer":"https://example.org/","search":"?utm_source=wechat","title":"茶","url":"https://shop.example.com/tea?utm_source=wechat"},` +
			`"userAgent":"Mozilla/5.0 (Test)","locale":"zh-CN","library":{"name":"analytics.js","version":"npm:next-1.84.3"},"timezone":"Asia/Shanghai","campaign":{"source":"wechat"}}`
	}
	basic := map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(s.writeKey+":"))}
	single := `,"sentAt":"` + at(0) + `"}`
	s.post(t, "/v1/p", `{"type":"page","properties":{"path":"/tea","title":"茶"},"userId":null,`+common("1", 9*time.Second)+single, basic)
	s.post(t, "/v1/t", `{"type":"track","event":"Product Viewed","properties":{"sku":"T-1"},"userId":null,`+common("2", 8*time.Second)+single, basic)
	s.post(t, "/v1/i", `{"type":"identify","traits":{"name":"陈一"},"userId":"browser-member",`+common("3", 7*time.Second)+single, basic)
	s.post(t, "/t", `{"type":"track","event":"Cart Viewed","properties":{},"userId":"browser-member",`+common("4", 6*time.Second)+single, basic)
	s.post(t, "/v1/b", `{"writeKey":"`+s.writeKey+`","batch":[{"type":"track","event":"In Batch","properties":{},"userId":"browser-member",`+common("5", 5*time.Second)+
		`},{"type":"track","event":"In Batch","properties":{},"userId":"browser-member",`+common("6", 4*time.Second)+`}],"sentAt":"`+at(0)+`"}`, basic)
	s.post(t, "/v1/batch", `{"batch":[{"type":"track","event":"On Leave","userId":"browser-member",`+common("7", time.Second)+`}],"sentAt":"`+at(0)+`","writeKey":"`+s.writeKey+`"}`, nil)
	s.settled(t)

	var p person
	s.get(t, "/people/find?kind=anonymous_id&value=browser-visitor", &p)
	require.ElementsMatch(t, []string{"anonymous_id browser-visitor", "user_id browser-member"}, p.identities())
	require.Equal(t, "陈一", p.Name)
	events := s.timeline(t, p)
	for name, n := range map[string]int{"Page Viewed": 1, "Product Viewed": 1, "Identified": 1, "Cart Viewed": 1, "In Batch": 2, "On Leave": 1} {
		require.Len(t, events[name], n, name)
	}
	viewed := events["Product Viewed"][0]
	require.WithinDuration(t, now.Add(-8*time.Second), viewed.Time, 3*time.Second, "the slow clock is corrected")
	require.Equal(t, "127.0.0.1", viewed.Context["ip"])
	require.Equal(t, "Mozilla/5.0 (Test)", viewed.Context["userAgent"])
	require.Equal(t, map[string]any{"source": "wechat"}, viewed.Context["campaign"])
	require.Subset(t, viewed.Context["page"], map[string]any{"path": "/tea", "title": "茶"})
}
