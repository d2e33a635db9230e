//go:build e2e

package segment

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// call writes through the API.
func (s *server) call(t *testing.T, method, path, body string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+"/api/v1"+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+s.apiKey)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode, string(answer))
	require.NoError(t, json.Unmarshal(answer, into))
}

// A bad event in a batch is seen with its reason, corrected, and is then on its person as if it had been right at first.
func TestRejectedEventIsMended(t *testing.T) {
	t.Parallel()
	s := start(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/v1/batch", strings.NewReader(
		`{"batch":[{"type":"track","event":"Good","userId":"u-1","messageId":"m-1"},{"type":"track","userId":"u-1","messageId":"m-2","timestamp":"2026-03-04T05:06:07Z"}]}`))
	require.NoError(t, err)
	req.SetBasicAuth(s.writeKey, "")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.JSONEq(t, `{"success":true,"rejected":1}`, string(answer))

	var list struct {
		Items []struct {
			ID                 int64
			Code, Reason, Body string
		}
		Total int
	}
	s.get(t, "/intake/rejected", &list)
	require.Equal(t, 1, list.Total)
	bad := list.Items[0]
	require.Equal(t, "event.no_name", bad.Code)
	body, err := json.Marshal(map[string]string{"body": strings.Replace(bad.Body, "{", `{"event":"Mended",`, 1)})
	require.NoError(t, err)
	var fixed struct{ Accepted bool }
	s.call(t, http.MethodPut, "/intake/rejected/"+strconv.FormatInt(bad.ID, 10), string(body), &fixed)
	require.True(t, fixed.Accepted)
	s.get(t, "/intake/rejected", &list)
	require.Zero(t, list.Total)
	s.settled(t)

	var p person
	s.get(t, "/people/find?kind=user_id&value=u-1", &p)
	events := s.timeline(t, p)
	require.Len(t, events["Good"], 1)
	require.Len(t, events["Mended"], 1)
	require.Equal(t, "m-2", events["Mended"][0].ID)
	require.Equal(t, 2026, events["Mended"][0].Time.Year())
}
