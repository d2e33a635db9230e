//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // driver "duckdb"
	"github.com/stretchr/testify/require"
)

const (
	lives       = 20 // that take in events before they are killed
	connections = 6
)

// sender drives the intake and knows what was acknowledged.
type sender struct {
	key  string
	http *http.Client

	mu      sync.Mutex
	next    int   // the first batch that was never sent
	acked   []int // batches answered with 200
	unknown []int // batches sent and not answered
	resent  int
}

// life sends at full speed until ctx ends or the server is gone.
func (s *sender) life(ctx context.Context, url string) {
	var all sync.WaitGroup
	for c := range connections {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(c), rand.Uint64()))
			for ctx.Err() == nil {
				k, again := s.take(dice)
				for {
					status, err := s.send(ctx, url, batch(k, again))
					if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
						time.Sleep(5 * time.Millisecond)
						continue
					}
					s.note(k, again, err == nil && status == http.StatusOK)
					if err != nil {
						return
					}
					break
				}
			}
		})
	}
	all.Wait()
}

// take picks what to send: mostly a new batch, sometimes one that nobody answered, sometimes one that was acknowledged.
func (s *sender) take(dice *rand.Rand) (k int, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch n := dice.IntN(100); {
	case n < 10 && len(s.unknown) > 0:
		i := dice.IntN(len(s.unknown))
		k = s.unknown[i]
		s.unknown = slices.Delete(s.unknown, i, i+1)
		s.resent++
		return k, true
	case n < 13 && len(s.acked) > 0:
		s.resent++
		return s.acked[dice.IntN(len(s.acked))], true
	}
	s.next++
	return s.next - 1, false
}

func (s *sender) note(k int, again, acknowledged bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case acknowledged:
		s.acked = append(s.acked, k) // maybe twice
	case again && slices.Contains(s.acked, k): // known already
	default:
		s.unknown = append(s.unknown, k)
	}
}

func (s *sender) send(ctx context.Context, url string, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/batch", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.SetBasicAuth(s.key, "")
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // reading
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err // the status came, the answer did not: not acknowledged
	}
	if resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnauthorized {
		return 0, fmt.Errorf("refused: %s", b)
	}
	return resp.StatusCode, nil
}

// Under load at full speed the server is killed at random moments, in its life and while it starts, more than twenty times. In the end
// every acknowledged event is there exactly once: in the warehouse, in the totals and with its person; what was not acknowledged is there
// once or not at all.
func TestKilledAtAnyMoment(t *testing.T) {
	p := newPool(t)
	key, s := p.apiKey(t, "owner"), &sender{key: p.writeKey(t), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}, Timeout: patience}}
	kills := 0
	for life := range lives {
		if life%4 == 3 { // killed while it catches up
			unborn := p.launch(t)
			time.Sleep(time.Duration(20+rand.IntN(400)) * time.Millisecond)
			unborn.kill()
			kills++
		}
		srv := p.start(t, key)
		length := time.Duration(300+rand.IntN(900)) * time.Millisecond
		sending, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { s.life(sending, srv.url) })
		time.Sleep(length)
		srv.kill()
		kills++
		stop()
		done.Wait()
		s.http.CloseIdleConnections()
	}
	slices.Sort(s.acked)
	s.acked = slices.Compact(s.acked)
	t.Logf("%d kills, %d events acknowledged, %d unanswered, %d batches sent again", kills, len(s.acked)*batchSize, len(s.unknown)*batchSize, s.resent)
	require.GreaterOrEqual(t, kills, 20)
	require.Greater(t, len(s.acked), 20*lives, "the load was no load")

	last := p.start(t, key)
	last.settled(t)
	var online totals
	last.get(t, "/totals", &online)
	last.stop(t)

	numbers := p.stored(t)
	s.check(t, numbers)
	want := people(numbers)
	wanted := totals{People: int64(len(want)), Events: int64(len(numbers)), Revenue: money{Currency: "CNY"}}
	for _, w := range want {
		wanted.Orders += w.orders
		wanted.Revenue.Amount += w.revenue
		if w.orders > 0 {
			wanted.Buyers++
		}
	}
	require.Equal(t, wanted, online)
	require.Equal(t, wanted, p.totals(t), "from the stopped folder")

	last = p.start(t, key)
	last.everybody(t, want)
	last.sample(t, numbers, want)
	last.stop(t)
}

// stored are the numbers of the events in the warehouse of a stopped pool. None may be there twice.
func (p *pool) stored(t *testing.T) []int {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(p.dir, "warehouse.duckdb")+"?access_mode=READ_ONLY")
	require.NoError(t, err)
	defer db.Close() //nolint:errcheck // read only
	rows, err := db.QueryContext(t.Context(), "SELECT id FROM events WHERE id LIKE 'c-%'")
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // reading
	var numbers []int
	for rows.Next() {
		var id string
		require.NoError(t, rows.Scan(&id))
		n, err := numberOf(id)
		require.NoError(t, err)
		numbers = append(numbers, n)
	}
	require.NoError(t, rows.Err())
	slices.Sort(numbers)
	for i := 1; i < len(numbers); i++ {
		require.NotEqual(t, numbers[i-1], numbers[i], "the warehouse has an event twice")
	}
	return numbers
}

// check holds the events that are there against those that were sent and acknowledged.
func (s *sender) check(t *testing.T, numbers []int) {
	t.Helper()
	there := make([]bool, s.next*batchSize)
	for _, n := range numbers {
		require.Less(t, n, len(there), "an event that nobody sent")
		there[n] = true
	}
	lost := 0
	for _, k := range s.acked {
		for i := range batchSize {
			if !there[k*batchSize+i] {
				lost++
			}
		}
	}
	require.Zero(t, lost, "acknowledged events are not there")
	maybe := 0
	for _, k := range s.unknown {
		n := 0
		for i := range batchSize {
			if there[k*batchSize+i] {
				n++
			}
		}
		require.Contains(t, []int{0, batchSize}, n, "a request was stored in part")
		maybe += n
	}
	require.Len(t, numbers, len(s.acked)*batchSize+maybe)
}

// row is a person of the list.
type row struct {
	ID      int64 `json:"id"`
	Events  int64 `json:"events"`
	Orders  int64 `json:"orders"`
	Revenue int64 `json:"revenue"`
}

func (r row) sum() sum { return sum{r.Events, r.Orders, r.Revenue} }

// listed reads the whole list of people.
func (c *client) listed(t *testing.T) []row {
	t.Helper()
	var all []row
	for cursor := ""; ; {
		var page struct {
			Items []row
			Next  string
			Total int64
		}
		c.get(t, "/people?sort=events&limit=500&cursor="+cursor, &page)
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			require.Len(t, all, int(page.Total))
			return all
		}
	}
}

// everybody compares the list of people, as a bag: the list does not say who is who.
func (c *client) everybody(t *testing.T, want map[string]sum) {
	t.Helper()
	bag := map[sum]int{}
	for _, w := range want {
		bag[w]++
	}
	for _, r := range c.listed(t) {
		bag[r.sum()]--
	}
	for s, n := range bag {
		require.Zero(t, n, "people with %+v: positive are missing, negative too many", s)
	}
}

// sample looks every tenth member up, and reads the whole timeline of some.
func (c *client) sample(t *testing.T, numbers []int, want map[string]sum) {
	t.Helper()
	for m := 0; m < members; m += 10 {
		name := deed{member: m}.user()
		if want[name].events == 0 {
			continue
		}
		var got row
		c.get(t, "/people/find?kind=user_id&value="+name, &got)
		require.Equal(t, want[name], got.sum(), name)
		if m%150 != 0 {
			continue
		}
		var ids, expected []string
		for _, n := range numbers {
			if d := deedOf(n); d.member == m && (d.kind != "view" || want[d.visitor()].events == 0) {
				expected = append(expected, d.id())
			}
		}
		for cursor := ""; ; {
			var page struct {
				Items []struct{ ID string }
				Next  string
			}
			c.get(t, "/people/"+strconv.FormatInt(got.ID, 10)+"/timeline?limit=500&cursor="+cursor, &page)
			for _, e := range page.Items {
				ids = append(ids, e.ID)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		slices.Sort(expected)
		slices.Sort(ids)
		require.Equal(t, expected, ids, name)
	}
}
