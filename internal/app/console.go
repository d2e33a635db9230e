package app

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// sharedPath is the page of a board behind a link.
const sharedPath = "/shared"

// console serves the built pages: hashed assets for a year, the page itself never from a cache, and the page for every address that is
// no file, because the routes live in the browser.
func console(dist fs.FS, built time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		body, err := fs.ReadFile(dist, name)
		switch {
		case err == nil && strings.HasPrefix(name, "assets/"):
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		case err == nil && name != "index.html":
			w.Header().Set("Cache-Control", "public, max-age=3600")
		case strings.HasPrefix(name, "assets/"):
			http.NotFound(w, r)
			return
		default:
			name = "index.html"
			w.Header().Set("Cache-Control", "no-cache")
			if r.URL.Path == sharedPath { // its token is after the "#", but the page itself is for nobody's index either
				w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
				w.Header().Set("Referrer-Policy", "no-referrer")
			}
			if body, err = fs.ReadFile(dist, name); errors.Is(err, fs.ErrNotExist) {
				http.Error(w, "This binary was built without the console; build it with `make build`.", http.StatusNotFound)
				return
			}
		}
		http.ServeContent(w, r, name, built, bytes.NewReader(body))
	})
}
