package funnel

import (
	"math/rand/v2"
	"testing"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// BenchmarkPerson is one person of 50 events in a funnel of three steps, told by name alone and with a look at each event.
func BenchmarkPerson(b *testing.B) {
	const events = 50
	day := int64(86_400_000_000)
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // always the same people
	people := make([]*timeline.Sequence, 1000)
	for i := range people {
		q := &timeline.Sequence{}
		at := int64(0)
		for range events {
			at += rng.Int64N(4 * day)
			q.Times, q.Names = append(q.Times, at), append(q.Names, uint16(1+rng.IntN(12))) //nolint:gosec // small
		}
		people[i] = q
	}
	masks := make([]uint32, 13)
	for code := range masks {
		masks[code] = activityBit
	}
	masks[1], masks[2], masks[3] = activityBit|1, activityBit|2, activityBit|4
	for _, order := range []Order{Ordered, Strict, Any} {
		b.Run(string(order), func(b *testing.B) {
			w := newWalker(frame{n: 3, window: 7 * day, end: 90 * day, until: 97 * day, order: order, twins: []int{-1, -1, -1}})
			w.know(masks)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				w.person(people[i%len(people)])
			}
		})
	}
}
