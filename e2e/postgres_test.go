//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

// The whole binary with PostgreSQL as its state: an import, live events under load, two kills, and everything is there once.
func TestPostgres(t *testing.T) {
	t.Parallel()
	p := newPool(t, "HUOSHUI_STATE_URL="+statetest.PostgresURL(t))
	var lines strings.Builder
	lines.WriteString("InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n")
	for i := range 3000 { // orders of three lines; every tenth without a customer
		customer := strconv.Itoa(10_000 + i/3%200)
		if i/3%10 == 9 {
			customer = ""
		}
		fmt.Fprintf(&lines, "P%d,%d,2026-02-%02d 10:00:00,0.%02d,%s\n", i/3, 1+i%3, 1+i/3%28, 10+i%3, customer)
	}
	file := filepath.Join(t.TempDir(), "lines.csv")
	require.NoError(t, os.WriteFile(file, []byte(lines.String()), 0o600))
	rows := imported{Rows: 3000, Accepted: 2700, Rejected: 300}
	same(t, rows, p.load(t, file, "order-lines"))
	same(t, again(rows), p.load(t, file, "order-lines"))
	want := totals{People: 180, Buyers: 180, Events: 900, Orders: 900, Revenue: money{900 * (1*10 + 2*11 + 3*12), "CNY"}}
	require.Equal(t, want, p.totals(t))
	require.NoFileExists(t, filepath.Join(p.dir, "state.db"))

	key, send := p.apiKey(t, "owner"), &sender{key: p.writeKey(t), http: &http.Client{Timeout: patience}}
	for range 2 {
		s := p.start(t, key)
		sending, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { send.life(sending, s.url) })
		time.Sleep(700 * time.Millisecond)
		s.kill()
		stop()
		done.Wait()
	}
	slices.Sort(send.acked)
	send.acked = slices.Compact(send.acked)
	s := p.start(t, key)
	var system struct{ State struct{ Dialect string } }
	s.get(t, "/system", &system)
	require.Equal(t, "postgres", system.State.Dialect)
	s.settled(t)
	var online totals
	s.get(t, "/totals", &online)
	s.stop(t)
	numbers := p.stored(t)
	send.check(t, numbers)
	for _, w := range people(numbers) {
		want.People++
		want.Events += w.events
		want.Orders += w.orders
		want.Revenue.Amount += w.revenue
		if w.orders > 0 {
			want.Buyers++
		}
	}
	require.Equal(t, want, online)
	t.Logf("%d events acknowledged", len(send.acked)*batchSize)
}
