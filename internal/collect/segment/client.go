package segment

import (
	"net/http"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// maxAgent bounds the user agent that is kept, in bytes.
const maxAgent = 1024

// clientIP is the address that a request comes from. Proxies may name whom they speak for only if they are trusted; the last one
// named by a trusted proxy that is not trusted itself is the client.
func clientIP(req *http.Request, trusted []netip.Prefix) string {
	at, err := netip.ParseAddrPort(req.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := at.Addr().Unmap().WithZone("")
	if len(trusted) == 0 || !within(addr, trusted) {
		return addr.String()
	}
	hops := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := parseHop(strings.TrimSpace(hops[i]))
		if err != nil {
			break // nothing before a broken entry can be believed
		}
		addr = hop
		if !within(addr, trusted) {
			break
		}
	}
	return addr.String()
}

// parseHop reads an address, with or without a port.
func parseHop(s string) (netip.Addr, error) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), nil
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap().WithZone(""), err
}

func within(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
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
