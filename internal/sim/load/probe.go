package load

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
)

// probes send an event of their own now and then and look when it is to be seen on its person.
type probes struct {
	s      *server
	clock  clock.Clock
	client *http.Client
	run    string

	mu    sync.Mutex
	waits []time.Duration
	err   error
}

const (
	probePeople = 64
	probeEvery  = 50 * time.Millisecond
	probeGiveUp = 30 * time.Second
)

// loop probes until ctx ends, and waits for what is under way.
func (p *probes) loop(ctx, whole context.Context) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	var under sync.WaitGroup
	defer under.Wait()
	// As many at once as there are people: each is looked at for one event only.
	free := make(chan int, probePeople)
	for i := range probePeople {
		free <- i
	}
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case person := <-free:
			under.Go(func() {
				defer func() { free <- person }()
				wait, err := p.one(whole, person, n)
				p.mu.Lock()
				defer p.mu.Unlock()
				if err != nil && p.err == nil {
					p.err = err
				}
				p.waits = append(p.waits, wait)
			})
		default: // all wait already: the slow ones are being counted
		}
	}
}

// probeAgain is how long a probe that was not taken in waits.
const probeAgain = 20 * time.Millisecond

// send posts one event and gives the status of the answer.
func (p *probes) send(ctx context.Context, body string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.s.address+"/v1/track", strings.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("send a probe: %w", err)
	}
	req.SetBasicAuth(p.s.writeKey, "")
	req.Header.Set("Content-Type", "application/json")
	res, err := p.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send a probe: %w", err)
	}
	return res.StatusCode, res.Body.Close()
}

// one sends an event and looks until its person shows it: from before it is sent to when it has been seen.
func (p *probes) one(ctx context.Context, person, n int) (time.Duration, error) {
	message := "probe-" + p.run + "-" + strconv.Itoa(n)
	who := "probe-" + strconv.Itoa(person)
	body := fmt.Sprintf(`{"messageId":%q,"userId":%q,"event":"Product Viewed","timestamp":%q,"properties":{"product_id":"SS01"}}`,
		message, who, p.clock.Now().Format(time.RFC3339Nano))
	began := p.clock.Now()
	for {
		status, err := p.send(ctx, body)
		if err != nil {
			return 0, err
		}
		if status == http.StatusOK {
			break
		}
		if status != http.StatusTooManyRequests || p.clock.Now().Sub(began) > probeGiveUp {
			return 0, fmt.Errorf("send a probe: status %d", status)
		}
		select { // overloaded: the same again, and the waiting counts
		case <-time.After(probeAgain):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	seen := []byte(`"` + message + `"`)
	for {
		_, answer, err := get(ctx, p.client, "http://"+p.s.address+"/api/v1/people/find?kind=user_id&value="+who, p.s.apiKey)
		if err != nil {
			return 0, err
		}
		wait := p.clock.Now().Sub(began)
		if bytes.Contains(answer, seen) {
			return wait, nil
		}
		if wait > probeGiveUp {
			return wait, fmt.Errorf("probe %s is not to be seen on its person after %s; the last answer was %s", message, wait, answer[:min(len(answer), 300)])
		}
		select {
		case <-ctx.Done():
			return wait, ctx.Err()
		case <-time.After(4 * time.Millisecond):
		}
	}
}

// quantile is the smallest value that at least the share q of the values does not exceed (nearest rank), in milliseconds.
func quantile(waits []time.Duration, q float64) float64 {
	if len(waits) == 0 {
		return 0
	}
	sorted := slices.Clone(waits)
	slices.Sort(sorted)
	rank := min(max(int(math.Ceil(q*float64(len(sorted)))), 1), len(sorted))
	return float64(sorted[rank-1].Microseconds()) / 1000
}
