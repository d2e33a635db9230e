package insight_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
)

// While events pour in, people are merged and parted, the pipeline lags now and then, and questions are cancelled, every answer is right for those
// who stand still: each is counted exactly once, with all events.
func TestTogether(t *testing.T) {
	t.Parallel()
	var behind atomic.Bool
	p := insighttest.Open(t, insighttest.Options{Block: 8, Behind: behind.Load})
	insight.Register(p.Desk, tally(p.Desk, nil))
	const still, moving = 100, 100
	for node := int64(1); node <= still; node++ {
		p.Add(
			insighttest.Event{Node: node, At: "2026-03-01 10:00", Name: "Still", Properties: map[string]any{"city": "x"}},
			insighttest.Event{Node: node, At: "2026-03-02 10:00", Name: "Still", Properties: map[string]any{"city": "y"}},
		)
	}
	p.Flush()
	var done atomic.Bool
	var writers sync.WaitGroup
	writers.Go(func() {
		rnd := rand.New(rand.NewPCG(1, 2))
		for i := int64(0); !done.Load(); i++ {
			node := still + 1 + rnd.Int64N(moving)
			p.Add(insighttest.Event{Node: node, Time: p.Clock.Now().Add(-time.Duration(rnd.IntN(100)) * time.Hour), Name: []string{"Move", "Buy"}[rnd.IntN(2)], Properties: map[string]any{"n": rnd.IntN(9)}})
			if i%3 == 0 {
				p.Join(node, still+1+rnd.Int64N(node-still))
			}
			if i%5 == 0 {
				p.Join(node, node)
			}
			if i%50 == 0 {
				behind.Store(i%100 == 0)
			}
		}
	})
	var g errgroup.Group
	for worker := range 3 {
		g.Go(func() error {
			for round := range 15 {
				ctx, cancel := context.WithCancel(t.Context())
				if (round+worker)%4 == 0 {
					time.AfterFunc(time.Duration(round)*100*time.Microsecond, cancel)
				}
				r, err := p.Desk.Ask(ctx, json.RawMessage(`{"kind":"tally","steps":[{"event":"Still"},{"event":"Still","where":"event.city == \"x\""},{}]}`))
				cancel()
				if errors.Is(err, context.Canceled) {
					continue
				}
				if err != nil {
					return err
				}
				var a tallyAnswer
				if err := json.Unmarshal(r.Answer, &a); err != nil {
					return err
				}
				if a.Rows[0].People != still || a.Rows[0].Events != 2*still || a.Rows[1].People != still || a.Rows[1].Events != still || a.Rows[2].People < still {
					return fault.New(fault.Internal, "test", "%+v", a.Rows)
				}
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
	done.Store(true)
	writers.Wait()
}
