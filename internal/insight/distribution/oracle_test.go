package distribution_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight/distribution"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
)

// did is an event of a person in the order of the timeline.
type did struct {
	at   time.Time
	node int64
	name string
}

// lives are everybody's events, in order: by time, then node, then arrival.
func lives(events []insighttest.Event, of map[int64]int64) map[int64][]did {
	out := map[int64][]did{}
	for _, e := range events {
		who := of[e.Node]
		out[who] = append(out[who], did{e.Time, e.Node, e.Name})
	}
	for _, life := range out {
		slices.SortStableFunc(life, func(a, b did) int {
			if c := a.at.Compare(b.at); c != 0 {
				return c
			}
			return int(a.node - b.node)
		})
	}
	return out
}

// waits are the intervals of a life in seconds, and whether somebody still waits.
func waits(life []did, start, end string, pair distribution.Pairing) (out []float64, waiting bool) {
	for i, from := range life {
		if from.name != start {
			continue
		}
		next := -1
		for j := i + 1; j < len(life); j++ {
			if life[j].name == end {
				next = j
				break
			}
		}
		if next < 0 {
			waiting = true
			continue
		}
		// other starts between the end before and this one's end
		earlier, later := false, false
		for j := range next {
			if life[j].name != start || j == i {
				continue
			}
			between := j < i && !slices.ContainsFunc(life[j+1:i+1], func(d did) bool { return d.name == end })
			earlier = earlier || between
			later = later || j > i
		}
		if pair == distribution.First && earlier || pair == distribution.Last && later {
			continue
		}
		out = append(out, life[next].at.Sub(from.at).Seconds())
	}
	return out, waiting
}

// Random lives: intervals and active days are what looking at one person at a time gives.
func TestAgainstNaive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"Asia/Shanghai", "America/New_York", "Africa/Cairo"}).Draw(rt, "zone"))
		require.NoError(rt, err)
		p := insighttest.Open(t, insighttest.Options{Zone: zone, Now: time.Date(2026, 5, 20, 12, 0, 0, 0, zone), Block: 2})
		distribution.Register(p.Desk)
		begin := time.Date(2026, 2, 16, 0, 0, 0, 0, zone)
		events := []insighttest.Event{{Node: 1, Time: begin, Name: "A"}, {Node: 1, Time: begin, Name: "B"}}
		of := map[int64]int64{1: 1}
		for range rapid.IntRange(0, 60).Draw(rt, "events") {
			e := insighttest.Event{Node: rapid.Int64Range(1, 6).Draw(rt, "node"), Name: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "name")}
			e.Time = begin.Add(time.Duration(rapid.IntRange(0, 84*4-1).Draw(rt, "quarter")) * 6 * time.Hour)
			of[e.Node] = e.Node
			events = append(events, e)
		}
		for i, e := range events {
			if p.Add(e); i == len(events)/2 {
				p.Flush()
			}
		}
		for node := range of {
			if node > 1 && rapid.IntRange(0, 3).Draw(rt, "join") == 0 {
				of[node] = 1
				p.Join(node, 1)
			}
		}
		all := lives(events, of)
		ask := func(query string, into any) {
			r, err := p.Desk.Ask(t.Context(), json.RawMessage(query))
			require.NoError(rt, err, query)
			require.NoError(rt, json.Unmarshal(r.Answer, into))
		}
		end := rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "end")
		pair := rapid.SampledFrom([]distribution.Pairing{distribution.Every, distribution.First, distribution.Last}).Draw(rt, "pair")
		var got distribution.IntervalAnswer
		ask(`{"kind":"interval","from":"2026-02-16","to":"2026-05-20","start":{"event":"A"},"end":{"event":"`+end+`"},"pair":"`+string(pair)+`"}`, &got)
		var n, people, waiting int64
		sum := 0.0
		for _, life := range all {
			mine, waits := waits(life, "A", end, pair)
			for _, s := range mine {
				sum += s
			}
			n += int64(len(mine))
			if len(mine) > 0 {
				people++
			}
			if waits {
				waiting++
			}
		}
		part := got.Parts[0]
		require.Equal(rt, []int64{n, people, waiting}, []int64{part.Spread.N, part.People, part.Waiting}, "%s %s", end, pair)
		if n > 0 {
			require.InDelta(rt, sum, *part.Spread.Sum, 1e-6)
		}

		grain := rapid.SampledFrom([]calendar.Grain{calendar.ByWeek, calendar.ByMonth}).Draw(rt, "grain")
		var stick distribution.StickinessAnswer
		ask(`{"kind":"stickiness","from":"2026-02-16","to":"2026-05-20","grain":"`+string(grain)+`"}`, &stick)
		want := map[string]map[int]int64{}
		for _, life := range all {
			days := map[string]map[string]bool{}
			for _, d := range life {
				day := calendar.DayOf(d.at, zone)
				period := grain.Bucket(day).Format(time.DateOnly)
				if days[period] == nil {
					days[period] = map[string]bool{}
				}
				days[period][day.Format(time.DateOnly)] = true
			}
			for period, of := range days {
				if want[period] == nil {
					want[period] = map[int]int64{}
				}
				want[period][len(of)]++
			}
		}
		for _, period := range stick.Periods {
			for i, n := range period.Counts {
				require.Equal(rt, want[period.At][i+1], n, "%s: %d days", period.At, i+1)
			}
		}
	})
}
