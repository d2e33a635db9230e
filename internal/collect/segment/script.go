package segment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Script serves the tracker t.js. brotli is its packed form if the build made one, else nil; gzip is packed here, once.
func Script(plain, brotli []byte) (http.Handler, error) {
	var packed bytes.Buffer
	zw, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack t.js: %w", err)
	}
	if _, err := zw.Write(plain); err != nil {
		return nil, fmt.Errorf("pack t.js: %w", err)
	}
	if err := zw.Close(); err != nil {
		return nil, fmt.Errorf("pack t.js: %w", err)
	}
	sum := sha256.Sum256(plain)
	return &script{tag: hex.EncodeToString(sum[:8]), plain: plain, gzip: packed.Bytes(), brotli: brotli}, nil
}

type script struct {
	tag                 string
	plain, gzip, brotli []byte
}

// ServeHTTP answers GET and HEAD, with 304 for a copy that is still good.
func (s *script) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	body, encoding := s.plain, ""
	switch accepted := req.Header.Get("Accept-Encoding"); {
	case s.brotli != nil && accepts(accepted, "br"):
		body, encoding = s.brotli, "br"
	case accepts(accepted, "gzip"):
		body, encoding = s.gzip, "gzip"
	}
	tag := `"` + s.tag + `"`
	if encoding != "" {
		tag = `"` + s.tag + "-" + encoding + `"`
	}
	h := rw.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding")
	if matches(req.Header.Get("If-None-Match"), tag) {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if req.Method != http.MethodHead {
		_, _ = rw.Write(body) // nobody is left to tell
	}
}

// accepts says whether an Accept-Encoding header allows an encoding.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q = strings.ReplaceAll(strings.TrimSpace(q), " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// matches says whether If-None-Match names the tag.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if p := strings.TrimSpace(part); p == "*" || strings.TrimPrefix(p, "W/") == tag {
			return true
		}
	}
	return false
}
