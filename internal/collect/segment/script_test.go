package segment_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/collect/segment"
)

// The tracker is served packed to whom accepts it, is kept for an hour, and is not sent again to whom has it.
func TestScript(t *testing.T) {
	t.Parallel()
	plain := []byte(strings.Repeat("hs.track('x');", 100))
	for _, c := range []struct {
		name, method, accept, match string
		brotli                      []byte
		status                      int
		encoding                    string
	}{
		{name: "plain", status: 200},
		{name: "gzip", accept: "deflate, gzip;q=0.8", status: 200, encoding: "gzip"},
		{name: "gzip refused", accept: "gzip;q=0", status: 200},
		{name: "brotli before gzip", accept: "gzip, br", brotli: []byte("packed"), status: 200, encoding: "br"},
		{name: "no brotli here", accept: "br", status: 200},
		{name: "head", method: http.MethodHead, accept: "gzip", status: 200, encoding: "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, err := segment.Script(plain, c.brotli)
			require.NoError(t, err)
			get := func(match string) *httptest.ResponseRecorder {
				if c.method == "" {
					c.method = http.MethodGet
				}
				req := httptest.NewRequestWithContext(t.Context(), c.method, "/t.js", nil)
				req.Header.Set("Accept-Encoding", c.accept)
				if match != "" {
					req.Header.Set("If-None-Match", match)
				}
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, req)
				return rec
			}
			rec := get("")
			require.Equal(t, c.status, rec.Code)
			require.Equal(t, c.encoding, rec.Header().Get("Content-Encoding"))
			require.Equal(t, "public, max-age=3600", rec.Header().Get("Cache-Control"))
			require.Equal(t, "Accept-Encoding", rec.Header().Get("Vary"))
			require.Contains(t, rec.Header().Get("Content-Type"), "javascript")
			switch {
			case c.method == http.MethodHead:
				require.Zero(t, rec.Body.Len())
			case c.encoding == "gzip":
				require.Less(t, rec.Body.Len(), len(plain)/4)
				zr, err := gzip.NewReader(bytes.NewReader(rec.Body.Bytes()))
				require.NoError(t, err)
				got, err := io.ReadAll(zr)
				require.NoError(t, err)
				require.Equal(t, plain, got)
			case c.encoding == "br":
				require.Equal(t, c.brotli, rec.Body.Bytes())
			default:
				require.Equal(t, plain, rec.Body.Bytes())
			}
			again := get(rec.Header().Get("ETag"))
			require.Equal(t, http.StatusNotModified, again.Code)
			require.Zero(t, again.Body.Len())
			require.Equal(t, http.StatusOK, get(`"older"`).Code)
		})
	}
}
