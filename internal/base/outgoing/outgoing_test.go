package outgoing_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/outgoing"
)

func get(t testing.TB, c *outgoing.Client, url string) (outgoing.Answer, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	return c.Do(r)
}

// Addresses by name: what the Internet can reach is public, and nothing else.
func TestPublic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1.1.1.1": true, "8.8.8.8": true, "223.5.5.5": true, "2606:4700:4700::1111": true, "2400:3200::1": true,
		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"172.32.0.1": true, "192.168.1.1": false, "169.254.169.254": false, "100.100.100.200": false, "100.128.0.1": true, "168.63.129.16": false,
		"192.0.0.192": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false, "fe80::1": false, "fe80::1%eth0": false, "fd00:ec2::254": false,
		"fc00::1": false, "ff02::1": false, "fec0::1": false, "64:ff9b::7f00:1": false, "64:ff9b::808:808": true, "64:ff9b:1::1": false,
		"2002:7f00:1::": false, "2002:a00:1::1": false, "2002:808:808::1": true, "2001:0:4136:e378:8000:63bf:3fff:fdd2": false, "2001:db8::1": false, "3fff::1": false,
	} {
		require.Equal(t, want, outgoing.Public(netip.MustParseAddr(text)), text)
	}
	require.False(t, outgoing.Public(netip.Addr{}))
}

// Whatever the standard library calls private, loopback, link-local, multicast or unspecified is never public, wrapped in IPv6 or not.
func TestPublicIsNarrower(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var four [4]byte
		binary.BigEndian.PutUint32(four[:], rapid.Uint32().Draw(t, "address"))
		if rapid.Bool().Draw(t, "near a border") {
			four[0] = rapid.SampledFrom([]byte{0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 255}).Draw(t, "first")
		}
		a := netip.AddrFrom4(four)
		closed := a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified()
		require.False(t, closed && outgoing.Public(a), "%s", a)
		mapped := netip.AddrFrom16(a.As16())
		nat64, to4 := [16]byte{0, 0x64, 0xff, 0x9b}, [16]byte{0x20, 0x02}
		copy(nat64[12:], four[:])
		copy(to4[2:], four[:])
		for _, wrapped := range []netip.Addr{mapped, netip.AddrFrom16(nat64), netip.AddrFrom16(to4)} {
			require.Equal(t, outgoing.Public(a), outgoing.Public(wrapped), "%s", wrapped)
		}
	})
}

// The machine itself is not called: not by number, in whatever spelling, not by name, not through a redirect.
func TestClosedAddresses(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer srv.Close()
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	require.NoError(t, err)
	c := outgoing.New(outgoing.Options{})
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1", "2130706433", "0x7f000001"} {
		_, err := get(t, c, "http://"+host+":"+port+"/")
		require.Error(t, err, host)
		require.Contains(t, []string{"outgoing.closed", "outgoing.unreachable"}, fault.CodeOf(err), host) // some spellings are no address at all
	}
	_, err = get(t, c, srv.URL)
	require.Equal(t, "outgoing.closed", fault.CodeOf(err))
	require.Zero(t, calls.Load())
}

// One's own network can be allowed; a redirect out of it into another closed one is refused all the same.
func TestAllowedNetworkAndRedirects(t *testing.T) {
	t.Parallel()
	var inner atomic.Int32
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inner.Add(1) }))
	defer secret.Close()
	_, port, err := net.SplitHostPort(secret.Listener.Addr().String())
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/in", http.RedirectHandler("http://127.0.0.2:"+port+"/", http.StatusTemporaryRedirect))
	mux.Handle("/file", http.RedirectHandler("file:///etc/passwd", http.StatusFound))
	mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusFound))
	mux.Handle("/once", http.RedirectHandler("/big", http.StatusFound))
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("x"), 1000)) })
	mux.HandleFunc("/no", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	c := outgoing.New(outgoing.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, MaxBytes: 100})
	got, err := get(t, c, srv.URL+"/once")
	require.NoError(t, err)
	require.True(t, got.OK())
	require.True(t, got.Cut)
	require.Len(t, got.Body, 100)
	got, err = get(t, c, srv.URL+"/no")
	require.NoError(t, err)
	require.False(t, got.OK())
	for path, code := range map[string]string{"/in": "outgoing.closed", "/file": "outgoing.url", "/loop": "outgoing.redirects"} {
		_, err := get(t, c, srv.URL+path)
		require.Equal(t, code, fault.CodeOf(err), path)
	}
	require.Zero(t, inner.Load())
}

// A name that is public when it is looked at and private when it is dialled is refused: the number that is dialled is the one judged.
func TestRebinding(t *testing.T) {
	t.Parallel()
	var calls, asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer srv.Close()
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	require.NoError(t, err)
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go answerDNS(there, func() [4]byte { asked.Add(1); return [4]byte{127, 0, 0, 1} })
		return here, nil
	}}
	_, err = get(t, outgoing.New(outgoing.Options{Resolver: resolver}), "http://public.example.com:"+port+"/")
	require.Equal(t, "outgoing.closed", fault.CodeOf(err), "%v", err)
	require.Positive(t, asked.Load())
	require.Zero(t, calls.Load())
}

// answerDNS answers one question over a stream (two bytes of length first): A with the address, anything else with nothing.
func answerDNS(c net.Conn, address func() [4]byte) {
	defer c.Close() //nolint:errcheck // a test
	var size [2]byte
	if _, err := c.Read(size[:]); err != nil {
		return
	}
	q := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := c.Read(q); err != nil {
		return
	}
	end := 12
	for q[end] != 0 {
		end += int(q[end]) + 1
	}
	end += 5
	isA := q[end-3] == 1
	out := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:end]...)
	if isA {
		out[7] = 1
		a := address()
		out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, a[0], a[1], a[2], a[3])
	}
	_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
}

// Who does not answer is left after the time limit.
func TestTimeout(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	c := outgoing.New(outgoing.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 50 * time.Millisecond})
	_, err := get(t, c, srv.URL)
	require.Equal(t, "outgoing.timeout", fault.CodeOf(err))
}

// Addresses that are refused before anybody is called.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "example.com", "ftp://example.com/", "file:///etc/passwd", "http://", "https://name:word@example.com/", "gopher://x", "http:example.com", "http://[fe80::1%25eth0]/", "http://a b/"} {
		_, err := outgoing.Parse(text)
		require.Equal(t, "outgoing.url", fault.CodeOf(err), text)
	}
	u, err := outgoing.Parse(" https://example.com/hook?a=b ")
	require.NoError(t, err)
	require.Equal(t, "https://example.com/hook?a=b", u.String())
}

// No text makes Parse panic, and what it takes is http or https, with a host and without a password.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"https://example.com", "http://[::1]:80/", "http://a@b", "//x", "http://%31", "http://１２７.0.0.1/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := outgoing.Parse(text)
		if err != nil {
			var e *fault.Error
			require.True(t, errors.As(err, &e))
			return
		}
		require.True(t, strings.HasPrefix(u.Scheme, "http"))
		require.NotEmpty(t, u.Hostname())
		require.Nil(t, u.User)
	})
}
