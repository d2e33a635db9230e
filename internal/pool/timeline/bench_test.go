package timeline_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// crowd is a source of many people and events, made up as they are asked for: in the order of time over 90 days, names with a skew as
// shops have it, every tenth person with a second node, one record of the log every thousand events.
type crowd struct {
	people, events int64
}

const (
	perRecord = 1000
	ninety    = 90 * 24 * int64(time.Hour/time.Microsecond)
)

// names and how many of a thousand events have them.
func skew() []struct {
	name string
	of   int
} {
	return []struct {
		name string
		of   int
	}{
		{"Page Viewed", 380},
		{"Product Viewed", 220},
		{"Message Received", 120},
		{"Product Added", 80},
		{"Message Read", 60},
		{"Product Searched", 45},
		{"Checkout Started", 30},
		{"Order Completed", 22},
		{"Coupon Claimed", 18},
		{"Store Visited", 12},
		{"Member Joined", 8},
		{"Order Refunded", 5},
	}
}

func (c *crowd) Nodes(_ context.Context, yield func(node, person int64) error) error {
	for node := int64(1); node <= c.people+c.people/10; node++ {
		if err := yield(node, c.person(node)); err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) person(node int64) int64 {
	if node <= c.people {
		return node
	}
	return (node - c.people) * 10
}

func (c *crowd) Count(_ context.Context, from, to uint64) (int64, error) {
	return int64(to-from) * perRecord, nil
}

func (c *crowd) Cut(_ context.Context, from, to uint64, events int64) (cuts []uint64, _ error) {
	for at := from + uint64(events/perRecord); at < to; at += uint64(events / perRecord) {
		cuts = append(cuts, at)
	}
	return append(cuts, to), nil
}

func (c *crowd) Rows(_ context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	b := timeline.Batch{Words: []string{""}}
	var code [1000]uint32
	at := 0
	for i, s := range skew() {
		b.Words = append(b.Words, s.name)
		for range s.of {
			code[at] = uint32(i) + 1
			at++
		}
	}
	b.Words = append(b.Words, "wechat", "douyin", "store")
	nodes := c.people + c.people/10
	for record := q.From + 1; record <= q.To; record++ {
		rnd := rand.New(rand.NewPCG(record, 7))
		b.Node, b.Time, b.Name, b.Channel, b.Amount, b.HasAmount, b.Properties = b.Node[:0], b.Time[:0], b.Name[:0], b.Channel[:0], b.Amount[:0], b.HasAmount[:0], nil
		for i := range perRecord {
			x := rnd.Uint64()
			name := code[x%1000]
			if q.Name != "" && b.Words[name] != q.Name {
				continue
			}
			// Some people do much more than others: the product of two draws.
			node := int64(x>>10&0xfffff) * int64(x>>30&0xfffff) * nodes >> 40
			b.Node, b.Name = append(b.Node, node+1), append(b.Name, name)
			b.Time = append(b.Time, 1_700_000_000_000_000+(int64(record-1)*perRecord+int64(i))*(ninety/c.events)+int64(x>>50)*1000)
			b.Channel = append(b.Channel, uint32(len(skew())+1)+uint32(x>>60)%3)
			b.Amount, b.HasAmount = append(b.Amount, int64(x%100_000)), append(b.HasAmount, name == 8)
			if q.Properties {
				b.Properties = append(b.Properties, []byte(`{"sku":"T`+strconv.Itoa(int(x%500))+`","price":`+strconv.Itoa(int(x%977))+`}`))
			}
		}
		if err := yield(&b); err != nil {
			return err
		}
	}
	return nil
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func options(dir string, src timeline.Source) timeline.Options {
	return timeline.Options{Dir: dir, Source: src, Currency: "CNY", Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}
}

// size is of the crowd, in millions of events; set TIMELINE_EVENTS for more.
func size() int64 {
	if n, err := strconv.Atoi(os.Getenv("TIMELINE_EVENTS")); err == nil {
		return int64(n) * 1_000_000
	}
	return 5_000_000
}

func crowdOf(events int64) *crowd { return &crowd{people: events / 50, events: events} }

// BenchmarkBuild builds a store from nothing, without the time that the warehouse takes.
func BenchmarkBuild(b *testing.B) {
	c := crowdOf(size())
	for i := 0; b.Loop(); i++ {
		cpu := cpuTime()
		s, err := timeline.Open(b.Context(), options(filepath.Join(b.TempDir(), strconv.Itoa(i)), c))
		require.NoError(b, err)
		require.NoError(b, s.CatchUp(b.Context(), uint64(c.events/perRecord), nil))
		events, bytes := s.Size()
		require.Equal(b, c.events, events)
		b.ReportMetric(float64(bytes)/float64(events), "bytes/event")
		b.ReportMetric(float64(cpuTime()-cpu)/float64(events), "cpu-ns/event")
		b.ReportMetric(float64(events)/b.Elapsed().Seconds()*float64(i+1), "events/s")
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapSys)/(1<<20), "heap-MB")
		require.NoError(b, s.Close())
	}
}

func built(b *testing.B) (*timeline.Store, *crowd, string) {
	b.Helper()
	c := crowdOf(size())
	dir := b.TempDir()
	s, err := timeline.Open(b.Context(), options(dir, c))
	require.NoError(b, err)
	require.NoError(b, s.CatchUp(b.Context(), uint64(c.events/perRecord), nil))
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s, c, dir
}

// sweep goes over everybody on two cores and reads times and names.
func sweep(s *timeline.Store, look func(q *timeline.Sequence) int) (n int) {
	const workers = 2
	var wg sync.WaitGroup
	var found [workers]int
	end := int64(0)
	s.Read(func(r *timeline.Reader) { end = r.End() })
	for w := range int64(workers) {
		wg.Go(func() {
			sc := timeline.NewScratch()
			for from := w * 4096; from < end; from += workers * 4096 {
				s.Read(func(r *timeline.Reader) {
					for id := range r.Slice(from, from+4096) {
						found[w] += look(r.Sequence(sc, id, 0))
					}
				})
			}
		})
	}
	wg.Wait()
	return found[0] + found[1]
}

func timesAndNames(q *timeline.Sequence) int {
	sum := int64(0)
	for i, t := range q.Times {
		sum += t ^ int64(q.Names[i])
	}
	if sum == 1 {
		return 0
	}
	return len(q.Times)
}

// BenchmarkSweep walks everybody: the sequence, its times and names; once from one run, once with the newest events in memory and in
// small runs.
func BenchmarkSweep(b *testing.B) {
	s, c, _ := built(b)
	measure := func(b *testing.B, want int64, look func(*timeline.Sequence) int) {
		b.Helper()
		cpu := cpuTime()
		for b.Loop() {
			require.Equal(b, want, int64(sweep(s, look)))
		}
		n := float64(b.N)
		b.ReportMetric(float64(cpuTime()-cpu)/n/float64(c.people), "cpu-ns/person")
		b.ReportMetric(float64(b.Elapsed())/n/float64(c.events)*50, "ms/1M-people")
	}
	b.Run("one run", func(b *testing.B) { measure(b, c.events, timesAndNames) })
	b.Run("one run, by name", func(b *testing.B) {
		measure(b, c.events, func(q *timeline.Sequence) int {
			q.Positions(3)
			return q.Len()
		})
	})
	more := int64(0)
	tell := func(records uint64) {
		for range records {
			s.Update(func(w *timeline.Writer) {
				var rows []timeline.Row
				rnd := rand.New(rand.NewPCG(uint64(more), 9))
				for range perRecord {
					rows = append(rows, timeline.Row{Node: rnd.Int64N(c.people) + 1, Time: 1_700_000_000_000_000 + ninety + more, Name: "Page Viewed"})
					more++
				}
				w.Append(rows)
				w.Reached(uint64((c.events + more) / perRecord))
			})
		}
	}
	for range 2 {
		tell(uint64(c.people) / perRecord / 2)
		require.NoError(b, s.Flush(b.Context()))
	}
	tell(uint64(c.people) / perRecord / 2)
	b.Run("two small runs and memory", func(b *testing.B) { measure(b, c.events+more, timesAndNames) })
}

// BenchmarkOpen opens a store, checksums and all.
func BenchmarkOpen(b *testing.B) {
	s, c, dir := built(b)
	require.NoError(b, s.Close())
	cpu := cpuTime()
	for b.Loop() {
		s, err := timeline.Open(b.Context(), options(dir, c))
		require.NoError(b, err)
		require.NoError(b, s.CatchUp(b.Context(), uint64(c.events/perRecord), nil))
		require.NoError(b, s.Close())
	}
	b.ReportMetric(float64(cpuTime()-cpu)/float64(b.N)/1e6, "cpu-ms")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)*50_000_000/float64(c.events), "ms/50M-events")
}

// BenchmarkAppend is what a batch of the pipeline costs.
func BenchmarkAppend(b *testing.B) {
	s, err := timeline.Open(b.Context(), options(b.TempDir(), nil))
	require.NoError(b, err)
	rows := make([]timeline.Row, 5000)
	at := uint64(0)
	for b.Loop() {
		rnd := rand.New(rand.NewPCG(at, 3))
		for i := range rows {
			rows[i] = timeline.Row{Node: rnd.Int64N(1_000_000) + 1, Time: int64(at)*5000 + int64(i), Name: "Page Viewed", Channel: "x", Amount: 5, HasAmount: i%20 == 0}
		}
		at++
		s.Update(func(w *timeline.Writer) {
			w.Append(rows)
			w.Reached(at)
		})
		if at%200 == 0 {
			require.NoError(b, s.Flush(b.Context()))
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(len(rows)), "ns/event")
	require.NoError(b, s.Close())
}

// BenchmarkWant fills columns of a rare and a frequent event.
func BenchmarkWant(b *testing.B) {
	s, c, _ := built(b)
	for _, name := range []string{"Order Completed", "Page Viewed"} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				cpu := cpuTime()
				require.NoError(b, s.Want(b.Context(), []timeline.Column{{Event: name, Property: "sku"}, {Event: name, Property: "price"}}))
				if i == 0 {
					b.ReportMetric(float64(cpuTime()-cpu)/1e6, "cpu-ms")
				}
			}
		})
	}
	events, bytes := s.Size()
	b.Logf("%d events, %.2f bytes an event with four columns", events, float64(bytes)/float64(c.events))
}

// A hundred thousand events of one person are read in a moment, also when the newest lie in memory.
func BenchmarkLongSequence(b *testing.B) {
	s, err := timeline.Open(b.Context(), options(b.TempDir(), nil))
	require.NoError(b, err)
	at := uint64(0)
	add := func(from, n int64) {
		at++
		s.Update(func(w *timeline.Writer) {
			w.Join(1, 1)
			rows := make([]timeline.Row, n)
			for i := range rows {
				rows[i] = timeline.Row{Node: 1, Time: (from + int64(i)) * 1e6, Name: "E" + strconv.Itoa(i%12)}
			}
			w.Append(rows)
			w.Reached(at)
		})
	}
	add(0, 100_000)
	require.NoError(b, s.Flush(b.Context()))
	add(100_000, 10)
	sc := timeline.NewScratch()
	for _, from := range []int64{0, 99_000 * 1e6} {
		b.Run("from "+strconv.FormatInt(from, 10), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Read(func(r *timeline.Reader) { runtime.KeepAlive(r.Sequence(sc, 1, from)) })
			}
		})
	}
	require.NoError(b, s.Close())
}
