package apply_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// traffic makes sessions of 8 events: a visitor of before, or in one of 20 a newcomer, looks around; some log in, some order.
type traffic struct {
	dice   *rand.Rand
	people int
	n      int
}

func (f *traffic) session(out []event.Event) []event.Event {
	who := f.dice.IntN(max(1, f.people))
	if f.people == 0 || f.dice.IntN(20) == 0 {
		who = f.people
		f.people++
	}
	cookie := fmt.Sprintf("anon-%08d-%d", who, f.dice.IntN(2)) // two devices each: the second joins at its first log-in
	user := fmt.Sprintf("user-%08d", who)
	known := f.dice.IntN(3) > 0
	start := statetest.Start().UnixMicro() + int64(f.n)*1000
	for i := range 8 {
		f.n++
		e := event.Event{
			ID: fmt.Sprintf("message-%016d-%08x", f.n, f.dice.Uint32()), Type: event.Page, Name: event.PageViewed, Time: start + int64(i)*1e6, Received: start, Source: 1,
			Identities: []event.Identity{{Kind: event.AnonymousID, Value: cookie}},
			Context:    []byte(`{"page":{"url":"https://shop.example/tea/green","referrer":"https://shop.example/"},"userAgent":"Mozilla/5.0","ip":"203.0.113.9","locale":"zh-CN"}`),
			Properties: []byte(`{"sku":"T-1001","category":"green tea","price":128.5,"position":3}`),
		}
		if i == 0 {
			e.Context = []byte(`{"page":{"url":"https://shop.example/","referrer":"https://www.baidu.com/s"},"campaign":{"source":"baidu","medium":"cpc","name":"spring"},"locale":"zh-CN"}`)
		}
		if known && i > 1 {
			e.Identities = append(e.Identities, event.Identity{Kind: event.UserID, Value: user})
			e.Type, e.Name = event.Track, "Product Viewed"
		}
		if known && i == 2 && f.dice.IntN(4) == 0 {
			e.Type, e.Name, e.Traits = event.Identify, event.Identified, []byte(`{"city":"杭州","name":"林小满","level":3,"$set_once":{"origin":"spring"}}`)
		}
		if known && i == 7 && f.dice.IntN(8) == 0 {
			e.Name, e.Properties = event.OrderCompleted, []byte(`{"revenue":268.5,"currency":"CNY","order_id":"o-1","products":[{"sku":"T-1001","quantity":2,"price":134.25}]}`)
		}
		out = append(out, e)
	}
	return out
}

// batch is about 10,000 events as records of 2,000, read from the log.
func (f *traffic) batch() [][]event.Event {
	var records [][]event.Event
	for range 5 {
		var events []event.Event
		for len(events) < 2000 {
			events = f.session(events)
		}
		f.dice.Shuffle(len(events)/8, func(i, j int) { // many at once, each in order
			for k := range 8 {
				events[i*8+k], events[j*8+k] = events[j*8+k], events[i*8+k]
			}
		})
		records = append(records, apply.ReadLog(events...))
	}
	return records
}

// Applying batches of 10,000 events to a pool of 200,000 people: the state's part, and with the warehouse.
func BenchmarkApply(b *testing.B) {
	people := 200_000
	if s := os.Getenv("HUOSHUI_BENCH_PEOPLE"); s != "" {
		_, err := fmt.Sscan(s, &people)
		require.NoError(b, err)
	}
	r := &rig{t: b, dir: b.TempDir(), clk: clock.NewManual(statetest.Start()), kinds: identity.NewKinds(), limit: 3, url: statetest.SQLiteURL(b)}
	r.open()
	defer r.close()
	var err error
	o := r.options()
	o.Logger = slog.New(slog.DiscardHandler)
	r.pipe, err = apply.New(b.Context(), o)
	require.NoError(b, err)
	r.stop, r.ended = func() {}, make(chan error, 1)
	r.ended <- nil
	f := &traffic{dice: rand.New(rand.NewPCG(1, 2))}
	position := uint64(1)
	do := func(batch [][]event.Event) apply.Batch {
		done, err := r.pipe.ApplyBatch(b.Context(), position, batch...)
		require.NoError(b, err)
		position += uint64(len(batch))
		return done
	}
	for f.people < people { // newcomers only, quickly: one event each
		var events []event.Event
		for range 10_000 {
			events = append(events, f.arrival())
		}
		require.NoError(b, r.pipe.SinkAll(b.Context(), do([][]event.Event{apply.ReadLog(events...)})))
	}
	for _, house := range []bool{false, true} {
		name := "state"
		if house {
			name = "state and warehouse"
		}
		b.Run(name, func(b *testing.B) {
			events := 0
			var spent time.Duration
			var behind []apply.Batch
			for b.Loop() {
				b.StopTimer()
				batch := f.batch()
				b.StartTimer()
				before := cpu(b)
				done := do(batch)
				events += 10_000
				if house {
					require.NoError(b, r.pipe.SinkAll(b.Context(), done))
				} else {
					behind = append(behind, done)
				}
				spent += cpu(b) - before
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(events)/spent.Seconds(), "events/cpu-s") // what one core does, whoever else uses the machine
			require.NoError(b, r.pipe.SinkAll(b.Context(), behind...))
		})
	}
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// arrival is the first event of a new person with two cookies to come.
func (f *traffic) arrival() event.Event {
	f.n++
	e := event.Event{
		ID: fmt.Sprintf("arrival-%016d", f.n), Type: event.Identify, Name: event.Identified, Time: statetest.Start().UnixMicro() - 1e9, Source: 1,
		Identities: []event.Identity{
			{Kind: event.UserID, Value: fmt.Sprintf("user-%08d", f.people)}, {Kind: event.AnonymousID, Value: fmt.Sprintf("anon-%08d-0", f.people)},
		},
		Traits: []byte(`{"city":"杭州","name":"林小满","phone":"+8613800138000"}`),
	}
	f.people++
	return e
}
