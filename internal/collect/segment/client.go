package segment

import (
	"net/http"
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// maxAgent bounds the user agent that is kept, in bytes.
const maxAgent = 1024

// clientIP is the address that a request comes from, "" if it cannot be known.
func clientIP(req *http.Request, trusted []netip.Prefix) string {
	addr := httpapi.ClientAddr(req, trusted)
	if !addr.IsValid() {
		return ""
	}
	return addr.WithZone("").String()
}

// clip cuts text to at most n bytes, between characters, and makes it valid.
func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
	}
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}
