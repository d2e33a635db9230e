package httpapi

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// SecurityHeaders sets the headers that every answer to a browser carries. The policy fits the console: its own scripts only, styles
// that its components write into the page, pictures from anywhere over https (people's avatars), never inside somebody's frame.
func SecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; "+
		"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// Secured wraps the console's pages with the security headers.
func Secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}

// ClientAddr is the address that a request came from. X-Forwarded-For counts only as far as its hops are trusted proxies, read from the
// right: the rest is what the client claims.
func ClientAddr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := at.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !within(addr, trusted) {
			break
		}
		next, ok := hopAddr(strings.TrimSpace(hop))
		if !ok {
			break
		}
		addr = next
	}
	return addr
}

// hopAddr reads an entry of X-Forwarded-For: an address, or, from proxies that write it like that, address and port; IPv6 with or without
// brackets.
func hopAddr(text string) (netip.Addr, bool) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap(), true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok {
			return netip.Addr{}, false
		}
		text = inner
	}
	addr, err := netip.ParseAddr(text)
	return addr.Unmap(), err == nil
}

// Encrypted says whether the client's connection is TLS, directly or up to a trusted proxy.
func Encrypted(r *http.Request, trusted []netip.Prefix) bool {
	if r.TLS != nil {
		return true
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && within(at.Addr().Unmap(), trusted) && r.Header.Get("X-Forwarded-Proto") == "https"
}

func within(a netip.Addr, nets []netip.Prefix) bool {
	return slices.ContainsFunc(nets, func(p netip.Prefix) bool { return p.Contains(a) })
}
