package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

// The console's files are served with the caching that suits them; every other address is the page; there are no listings.
func TestConsole(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	h := console(fstest.MapFS{
		"index.html": {Data: []byte("<html>page")}, "assets/app-1a2b.js": {Data: []byte("let a")}, "assets/deep/x.css": {Data: []byte("a{}")}, "favicon.svg": {Data: []byte("<svg/>")},
	}, built)
	for _, c := range []struct {
		name, method, path string
		status             int
		cache, kind, body  string
	}{
		{"the page", "GET", "/", 200, "no-cache", "text/html; charset=utf-8", "<html>page"},
		{"by its name", "GET", "/index.html", 200, "no-cache", "text/html; charset=utf-8", "<html>page"},
		{"a route of the browser", "GET", "/people/17?tab=story", 200, "no-cache", "text/html; charset=utf-8", "<html>page"},
		{"an asset", "GET", "/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable", "text/javascript; charset=utf-8", "let a"},
		{"an asset of an older build", "GET", "/assets/app-0000.js", 404, "", "text/plain; charset=utf-8", "404 page not found\n"},
		{"a folder", "GET", "/assets/deep", 404, "", "text/plain; charset=utf-8", "404 page not found\n"},
		{"the folder of assets", "GET", "/assets/", 200, "no-cache", "text/html; charset=utf-8", "<html>page"},
		{"another file", "GET", "/favicon.svg", 200, "public, max-age=3600", "image/svg+xml", "<svg/>"},
		{"a way out", "GET", "/../../etc/passwd", 200, "no-cache", "text/html; charset=utf-8", "<html>page"},
		{"a way out through assets", "GET", "/assets/../../secret", 200, "no-cache", "text/html; charset=utf-8", "<html>page"},
		{"only the head", "HEAD", "/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable", "text/javascript; charset=utf-8", ""},
		{"the head of a route", "HEAD", "/people", 200, "no-cache", "text/html; charset=utf-8", ""},
		{"writing", "POST", "/people", 405, "", "text/plain; charset=utf-8", "only GET\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), c.method, "http://huoshui.example/", nil)
			r.URL.Path = c.path
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, c.status, w.Code)
			require.Equal(t, c.cache, w.Header().Get("Cache-Control"))
			require.Equal(t, c.kind, w.Header().Get("Content-Type"))
			require.Equal(t, c.body, w.Body.String())
			require.True(t, c.status != 405 || w.Header().Get("Allow") == "GET, HEAD")
		})
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header.Set("If-Modified-Since", built.Format(http.TimeFormat))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.Equal(t, http.StatusNotModified, w.Code)
	w = httptest.NewRecorder()
	console(fstest.MapFS{}, built).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	require.Equal(t, http.StatusNotFound, w.Code)
	require.Contains(t, w.Body.String(), "make build")
}

// The page of a shared board asks not to be found, and tells no other site where its reader came from.
func TestSharedPageIsHidden(t *testing.T) {
	t.Parallel()
	h := console(fstest.MapFS{"index.html": {Data: []byte("<html>page")}}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	for path, hidden := range map[string]bool{"/shared": true, "/": false, "/insight/boards": false} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://huoshui.example"+path, nil))
		require.Equal(t, hidden, w.Header().Get("X-Robots-Tag") != "", path)
		require.Equal(t, hidden, w.Header().Get("Referrer-Policy") == "no-referrer", path)
	}
}
