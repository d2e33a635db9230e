package obs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/obs"
)

// The log has the level and the form it was asked for, and no other level or form is taken.
func TestLogger(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"text": `level=WARN msg=seen key=1`, "json": `"level":"WARN","msg":"seen","key":1`} {
		var out bytes.Buffer
		log, err := obs.Logger(&out, "warn", format)
		require.NoError(t, err)
		log.InfoContext(t.Context(), "not seen")
		log.WarnContext(t.Context(), "seen", "key", 1)
		require.Contains(t, out.String(), want)
		require.Contains(t, out.String(), "Z", "times are UTC")
		require.NotContains(t, out.String(), "not seen")
	}
	_, err := obs.Logger(io.Discard, "loud", "text")
	require.ErrorContains(t, err, "loud")
	_, err = obs.Logger(io.Discard, "info", "xml")
	require.ErrorContains(t, err, "xml")
}

func get(t *testing.T, h http.Handler) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	return w.Code, w.Body.String()
}

// Prometheus reads the runtime's figures, the version, and the API's requests by operation.
func TestMetrics(t *testing.T) {
	t.Parallel()
	r := obs.Registry("1.2.3")
	obs.Requests(r)("get-person", 404, 20*time.Millisecond)
	code, body := get(t, obs.Metrics(r, slog.New(slog.DiscardHandler)))
	require.Equal(t, http.StatusOK, code)
	for _, want := range []string{
		"go_goroutines", "process_open_fds", `huoshui_info{version="1.2.3"} 1`,
		`huoshui_api_request_seconds_bucket{class="4xx",operation="get-person",le="0.05"} 1`,
	} {
		require.Contains(t, body, want)
	}
}

// Ready is what all checks say, the failed ones by name and without their reasons; a stop ends it; alive it is in any case.
func TestHealth(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	broken := errors.New("secret reason")
	ok := obs.Check{Name: "state", Ask: func(context.Context) error { return nil }}
	logger := slog.New(slog.NewTextHandler(&log, nil))
	h := obs.NewHealth(logger, ok, obs.Check{Name: "log", Ask: func(context.Context) error { return broken }},
		obs.Check{Name: "pipeline", Ask: func(context.Context) error { panic("also secret") }})
	code, body := get(t, http.HandlerFunc(h.Ready))
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.JSONEq(t, `{"status":"not ready","checks":{"state":"ok","log":"failed","pipeline":"failed"}}`, body)
	require.Contains(t, log.String(), "secret reason")

	h = obs.NewHealth(logger, ok)
	code, body = get(t, http.HandlerFunc(h.Ready))
	require.Equal(t, http.StatusOK, code)
	require.JSONEq(t, `{"status":"ready","checks":{"state":"ok"}}`, body)
	h.Stop()
	code, _ = get(t, http.HandlerFunc(h.Ready))
	require.Equal(t, http.StatusServiceUnavailable, code)
	code, _ = get(t, http.HandlerFunc(h.Live))
	require.Equal(t, http.StatusOK, code)
}

// A check that hangs does not hang the answer.
func TestHangingCheck(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	defer close(never)
	h := obs.NewHealth(slog.New(slog.DiscardHandler), obs.Check{Name: "stuck", Ask: func(context.Context) error { <-never; return nil }})
	code, body := get(t, http.HandlerFunc(h.Ready))
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Contains(t, body, `"stuck":"failed"`)
}
