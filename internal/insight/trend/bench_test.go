package trend_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/trend"
)

// BenchmarkPeoplePerDay counts people per day by channel; each round another range, so that no answer is kept.
func BenchmarkPeoplePerDay(b *testing.B) {
	p := insighttest.Open(b, insighttest.Options{Now: time.Date(2026, 3, 10, 12, 0, 0, 0, insighttest.Shanghai()), Workers: 1, Block: 16_384})
	trend.Register(p.Desk)
	dice := rand.New(rand.NewPCG(1, 2))
	const people, each = 10_000, 50
	events := make([]insighttest.Event, 0, people*each)
	for person := range int64(people) {
		for range each {
			at := time.Date(2025, 12, 10, 0, 0, 0, 0, time.UTC).Add(time.Duration(dice.IntN(90*24*3600)) * time.Second)
			events = append(events, insighttest.Event{Node: person + 1, Time: at, Name: "Page Viewed", Channel: fmt.Sprint("c", dice.IntN(8))})
		}
	}
	p.Add(events...)
	p.Flush()
	for round := 0; b.Loop(); round++ {
		_, err := p.Desk.Ask(b.Context(), json.RawMessage(fmt.Sprintf(`{"kind":"trend","last":90,"series":[{"event":"","measure":"people","title":"%d"}],"breakdown":{"by":"channel"}}`, round)))
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(people*each), "ns/event")
}
