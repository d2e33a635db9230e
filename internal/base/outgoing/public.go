package outgoing

import "net/netip"

// Public says whether an address may be routed on the Internet and is no service of a cloud's own. Of IPv6 only what has been given out
// (2000::/3) is public, and what carries an IPv4 address inside is as public as that one.
//
// Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its followers).
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	if a.Is4() {
		for _, p := range closed4() {
			if p.Contains(a) {
				return false
			}
		}
		return true
	}
	if inner, ok := inside(a); ok {
		return Public(inner)
	}
	if !netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20}), 3).Contains(a) {
		return false
	}
	for _, p := range closed6() {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// inside is the IPv4 address that a translating gateway would call: NAT64 (64:ff9b::/96) and 6to4 (2002::/16).
func inside(a netip.Addr) (netip.Addr, bool) {
	b := a.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(a):
		return netip.AddrFrom4([4]byte(b[12:])), true
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return netip.Addr{}, false
}

func closed4() []netip.Prefix {
	return prefixes(
		"0.0.0.0/8",                                     // this network
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
		"100.64.0.0/10",                                     // carrier-grade NAT; 100.100.100.200 is a metadata service
		"127.0.0.0/8",                                       // loopback
		"169.254.0.0/16",                                    // link-local; 169.254.169.254 is a metadata service
		"168.63.129.16/32",                                  // a cloud's own services at a public number
		"192.0.0.0/24",                                      // protocol assignments; 192.0.0.192 is a metadata service
		"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
		"192.88.99.0/24", // 6to4 relays
		"198.18.0.0/15",  // benchmarks
		"224.0.0.0/4",    // multicast
		"240.0.0.0/4",    // reserved, and broadcast
	)
}

func closed6() []netip.Prefix {
	return prefixes(
		"2001::/23",                  // protocol assignments, Teredo among them
		"2001:db8::/32", "3fff::/20", // documentation
	)
}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}
