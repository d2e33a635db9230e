package brand

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Client sends events to a pool through its public API, like any tracker. Its Send fits Live.
type Client struct {
	URL      string       // of the server, such as http://127.0.0.1:8080
	WriteKey string       // of the source
	HTTP     *http.Client // http.DefaultClient if nil
}

// attempts is how often one batch is tried.
const attempts = 6

// Send posts one batch and returns when it is stored. Overload (429, 503) and a server that does not answer are tried again after the
// time that the server asks for, or after a growing pause; message ids keep the events single. Any other answer is an error.
func (c *Client) Send(ctx context.Context, events []event.Event) error {
	body := AppendBatch(make([]byte, 0, 800*len(events)), events)
	pause := 200 * time.Millisecond
	for attempt := 1; ; attempt++ {
		wait, err := c.post(ctx, body)
		if err == nil || ctx.Err() != nil || attempt == attempts {
			return err
		}
		if kind := fault.KindOf(err); kind != fault.TooMany && kind != fault.Unavailable {
			return err
		}
		timer := time.NewTimer(max(wait, pause))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause *= 2
	}
}

// post tries once. The duration is what a Retry-After asks for.
func (c *Client) post(ctx context.Context, body []byte) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/v1/batch", bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("post events: %w", err)
	}
	req.SetBasicAuth(c.WriteKey, "")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "") // people's devices speak, not this client
	res, err := cmp.Or(c.HTTP, http.DefaultClient).Do(req)
	if err != nil {
		return 0, fault.Wrap(err, fault.Unavailable, "demo.unreachable", "the server at %s does not answer", c.URL)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil {
		return 0, fault.Wrap(err, fault.Unavailable, "demo.unreachable", "the server at %s broke off its answer", c.URL)
	}
	seconds, _ := strconv.Atoi(res.Header.Get("Retry-After")) //nolint:errcheck // without a number: no wish
	wait := time.Duration(max(seconds, 0)) * time.Second
	switch res.StatusCode {
	case http.StatusOK:
		return 0, nil
	case http.StatusTooManyRequests:
		return wait, fault.New(fault.TooMany, "demo.overload", "the server at %s is overloaded", c.URL)
	case http.StatusServiceUnavailable, http.StatusBadGateway:
		return wait, fault.New(fault.Unavailable, "demo.unreachable", "the server at %s is not available", c.URL)
	}
	return 0, fault.New(fault.Invalid, "demo.refused", "the server at %s refused the events with status %d: %s", c.URL, res.StatusCode, answer)
}
