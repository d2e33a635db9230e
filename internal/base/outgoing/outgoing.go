// Package outgoing calls addresses that operators type in: webhooks. Whoever may write a webhook's address must not be able to make the
// server call what only the server can reach (server-side request forgery).
//
// Terms. An address is public if it may be routed on the Internet; all others (private, loopback, link-local, carrier-grade NAT, the metadata
// services of clouds, reserved) are closed, unless a network of one's own is on the list of allowed ones.
//
// Invariants. The address is judged when the connection is made, on the number that is dialled: a name that answers differently the second
// time (DNS rebinding) and a redirect into one's own network are refused like a number in the URL. Only http and https. A call ends in
// its time, and of an answer no more is read than its limit. No proxy of the environment is asked: it would do the dialling, unjudged.
package outgoing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Options of a client. Zero values have defaults.
type Options struct {
	Allow     []netip.Prefix // networks of one's own that may be called although they are closed
	Timeout   time.Duration  // of a whole call, redirects and answer included; 10 s
	MaxBytes  int64          // read of an answer's body; 64 KiB
	Redirects int            // followed at most; 3, below 0 none
	Resolver  *net.Resolver  // names to numbers; the machine's if nil
}

// Client makes guarded calls. It is safe for concurrent use.
type Client struct {
	allow    []netip.Prefix
	maxBytes int64
	http     *http.Client
}

// Answer is what came back. A body longer than the limit is cut.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Cut    bool
}

// OK says whether the other side accepted the call: a status of 200 to 299.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// New makes a client.
func New(o Options) *Client {
	c := &Client{allow: o.Allow, maxBytes: cmp.Or(o.MaxBytes, 64<<10)}
	redirects := cmp.Or(o.Redirects, 3)
	dialer := &net.Dialer{Timeout: 5 * time.Second, Resolver: o.Resolver, ControlContext: c.control}
	c.http = &http.Client{
		Timeout: cmp.Or(o.Timeout, 10*time.Second),
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 10 * time.Second,
			MaxResponseHeaderBytes: 64 << 10, MaxIdleConns: 16, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			if len(before) > redirects {
				return fault.New(fault.Invalid, "outgoing.redirects", "the address redirects too often; give the one it leads to")
			}
			return CheckURL(next.URL)
		},
	}
	return c
}

// errClosed is the cause of a refused address.
var errClosed = errors.New("the address is not public")

// control judges the number that is about to be dialled. It runs after the name was resolved, for every number that is tried.
func (c *Client) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") || !c.Open(at.Addr()) {
		return fmt.Errorf("dial %s: %w", address, errClosed)
	}
	return nil
}

// Open says whether the client calls the address.
func (c *Client) Open(a netip.Addr) bool {
	a = a.Unmap()
	for _, p := range c.allow {
		if a.Zone() == "" && p.Contains(a) {
			return true
		}
	}
	return Public(a)
}

// Parse reads an address to call. What is wrong with it is a fault "outgoing.url".
func Parse(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "outgoing.url", "this is no address; give one such as https://example.com/hook")
	}
	return u, CheckURL(u)
}

// CheckURL says as a fault why an address is not called whatever its name stands for; where it leads is judged when it is dialled.
func CheckURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fault.New(fault.Invalid, "outgoing.url", "an address begins with https:// or http://")
	case u.Hostname() == "" || u.Opaque != "":
		return fault.New(fault.Invalid, "outgoing.url", "the address names no host; give one such as https://example.com/hook")
	case u.User != nil:
		return fault.New(fault.Invalid, "outgoing.url", "leave name and password out of the address: everybody who sees it would see them")
	case strings.Contains(u.Host, "%"):
		return fault.New(fault.Invalid, "outgoing.url", "an address with a zone (%%) is not called")
	}
	return nil
}

// Do makes the call. An address that is not public is a fault "outgoing.closed", no connection "outgoing.unreachable"; any status that the
// other side gives is an answer.
func (c *Client) Do(r *http.Request) (Answer, error) {
	if err := CheckURL(r.URL); err != nil {
		return Answer{}, err
	}
	res, err := c.http.Do(r) //nolint:gosec // guarding calls to addresses from outside is what this package is for
	if err != nil {
		return Answer{}, explain(err)
	}
	defer res.Body.Close() //nolint:errcheck // reading
	body, err := io.ReadAll(io.LimitReader(res.Body, c.maxBytes+1))
	if err != nil {
		return Answer{}, explain(err)
	}
	a := Answer{Status: res.StatusCode, Header: res.Header, Body: body}
	if int64(len(body)) > c.maxBytes {
		a.Body, a.Cut = body[:c.maxBytes], true
	}
	return a, nil
}

// explain makes a fault of what stopped a call.
func explain(err error) error {
	var known *fault.Error
	var slow interface{ Timeout() bool }
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, errClosed):
		return fault.Wrap(err, fault.Invalid, "outgoing.closed", "the address lies in a private or reserved network, which is not called; allow the network with --allow-outgoing if it is yours")
	case errors.As(err, &slow) && slow.Timeout():
		return fault.Wrap(err, fault.Unavailable, "outgoing.timeout", "the other side did not answer in time")
	}
	return fault.Wrap(err, fault.Unavailable, "outgoing.unreachable", "the other side cannot be reached; check the address, its certificate and whether it is up")
}
