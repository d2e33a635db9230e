package insight_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
)

// world is everything that happened, told to the oracle one by one.
type world struct {
	events []insighttest.Event
	of     map[int64]int64
	is     map[int64]insighttest.Person
	zone   *time.Location
	now    time.Time
}

// people are whose events are whose.
func (w *world) person(node int64) int64 { return w.of[node] }

func generate(t *rapid.T) *world {
	zones := []string{"Asia/Shanghai", "America/New_York", "Europe/London", "Africa/Cairo"}
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	require.NoError(t, err)
	w := &world{of: map[int64]int64{}, is: map[int64]insighttest.Person{}, zone: zone, now: time.Date(2026, 4, 2, 12, 0, 0, 0, zone)}
	begin := time.Date(2026, 3, 5, 0, 0, 0, 0, zone)
	nodes := rapid.Int64Range(1, 30).Draw(t, "nodes")
	for node := int64(1); node <= nodes; node++ {
		w.of[node] = node
	}
	for range rapid.IntRange(0, 120).Draw(t, "events") {
		e := insighttest.Event{
			Node: rapid.Int64Range(1, nodes).Draw(t, "node"),
			// few moments, so that there are ties, many near midnight, some in the future
			Time:    begin.Add(time.Duration(rapid.IntRange(0, 31*24*4).Draw(t, "quarter")) * 15 * time.Minute),
			Name:    rapid.SampledFrom([]string{"View", "Buy", "Share", "Segment Entered"}).Draw(t, "name"),
			Channel: rapid.SampledFrom([]string{"", "wechat", "ads"}).Draw(t, "channel"),
		}
		if e.Name == "Buy" {
			e.Amount, e.HasAmount = rapid.Int64Range(-100, 1000).Draw(t, "amount"), true
			e.Properties = map[string]any{"sku": rapid.SampledFrom([]any{"a", "b", "", 3, nil, true}).Draw(t, "sku")}
		}
		w.events = append(w.events, e)
	}
	for range rapid.IntRange(0, 8).Draw(t, "merges") {
		a, b := w.of[rapid.Int64Range(1, nodes).Draw(t, "a")], w.of[rapid.Int64Range(1, nodes).Draw(t, "b")]
		for node, person := range w.of {
			if person == max(a, b) {
				w.of[node] = min(a, b)
			}
		}
	}
	for node := range nodes {
		w.is[node+1] = insighttest.Person{
			Traits:   map[string]any{"city": rapid.SampledFrom([]any{nil, "x", "y", "z"}).Draw(t, "city")},
			Segments: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"s1", "s2"}), 0, 2, rapid.ID).Draw(t, "segments"),
		}
	}
	return w
}

// pool makes a pool of it: part on disk, part in memory, merged at the end.
func (w *world) pool(t *testing.T, rt *rapid.T) *insighttest.Pool {
	p := insighttest.Open(t, insighttest.Options{Zone: w.zone, Now: w.now, Workers: 3, Block: 4})
	insight.Register(p.Desk, tally(p.Desk, nil))
	for node := range w.of {
		p.Join(node, node)
	}
	flushAt := rapid.IntRange(0, len(w.events)).Draw(rt, "flush at")
	for i, e := range w.events {
		if i == flushAt {
			p.Flush()
		}
		p.Add(e)
	}
	for _, node := range slices.Sorted(maps.Keys(w.of)) {
		p.Join(node, w.of[node])
	}
	for node, is := range w.is {
		p.Know(node, is)
	}
	return p
}

// matches says whether an event is a step, said as plainly as can be.
func matches(step insight.Step, e insighttest.Event) bool {
	if step.Event == "" {
		return e.Name != "Segment Entered"
	}
	if e.Name != step.Event {
		return false
	}
	switch step.Where {
	case "":
		return true
	case `event.sku == "a"`:
		return e.Properties["sku"] == "a"
	default: // event.revenue >= 5
		return e.HasAmount && e.Amount >= 500
	}
}

// groups are the keys of the groups that an event of a person is in.
func (w *world) groups(b *insight.Breakdown, e insighttest.Event) []insight.Group {
	key := ""
	switch {
	case b == nil:
		return []insight.Group{{}}
	case b.By == insight.ByEventChannel:
		key = e.Channel
	case b.By == insight.ByProperty:
		switch v := e.Properties["sku"].(type) {
		case string:
			key = v
		case int:
			key = strconv.Itoa(v)
		case bool:
			key = strconv.FormatBool(v)
		}
	case b.By == insight.ByTrait:
		key, _ = w.is[w.person(e.Node)].Traits["city"].(string)
	default:
		var all []insight.Group
		for _, name := range b.Names {
			if slices.Contains(w.is[w.person(e.Node)].Segments, name) {
				all = append(all, insight.Group{Key: name})
			}
		}
		if len(all) == 0 {
			all = []insight.Group{{None: true}}
		}
		return all
	}
	return []insight.Group{{Key: key, None: key == ""}}
}

type seenRow struct {
	people         map[int64]bool
	events, amount int64
}

// A tally by the hall is what one gets by going through all events with pencil and paper: late events, ties, merged people, zones with daylight
// saving, people filters and every breakdown.
func TestScanAgainstOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := generate(rt)
		q := tallyQuery{}
		q.Kind = "tally"
		q.From = rapid.SampledFrom([]string{"2026-03-01", "2026-03-08", "2026-03-29"}).Draw(rt, "from")
		q.To = rapid.SampledFrom([]string{"", "2026-03-29", "2026-04-30"}).Draw(rt, "to")
		known := map[string]bool{}
		for _, e := range w.events {
			known[e.Name] = true
		}
		for range rapid.IntRange(1, 3).Draw(rt, "steps") {
			s := rapid.SampledFrom([]insight.Step{{}, {Event: "View"}, {Event: "Buy"}, {Event: "Buy", Where: `event.sku == "a"`}, {Event: "Buy", Where: `event.revenue >= 5.0`}, {Event: "Share"}}).Draw(rt, "step")
			if s.Event == "" || known[s.Event] {
				q.Steps = append(q.Steps, s)
			}
		}
		if len(q.Steps) == 0 {
			q.Steps = []insight.Step{{}}
		}
		q.Breakdown = rapid.SampledFrom([]*insight.Breakdown{
			nil,
			{By: insight.ByEventChannel, Limit: 100},
			{By: insight.ByTrait, Name: "city", Limit: 100},
			{By: insight.BySegment, Names: []string{"s2", "s1"}},
			{By: insight.ByProperty, Name: "sku", Limit: 100},
		}).Draw(rt, "breakdown")
		buys := slices.ContainsFunc(q.Steps, func(s insight.Step) bool { return s.Event == "Buy" })
		if q.Breakdown != nil && (q.Breakdown.By == insight.ByProperty && !buys || q.Breakdown.By == insight.BySegment && !w.bothSegments()) {
			q.Breakdown = nil
		}
		filtered := rapid.Bool().Draw(rt, "filtered")
		if filtered {
			q.People = `person.city == "x" || count("Buy", "all") >= 2`
			if !known["Buy"] {
				q.People = `person.city == "x"`
			}
		}
		p := w.pool(t, rt)
		raw, err := json.Marshal(q)
		require.NoError(rt, err)
		got, err := p.Desk.Ask(t.Context(), raw)
		require.NoError(rt, err, string(raw))
		var answer tallyAnswer
		require.NoError(rt, json.Unmarshal(got.Answer, &answer))
		want, people := w.answer(q, filtered)
		require.Equal(rt, people, got.People)
		look := rapid.IntRange(0, 5).Draw(rt, "whose people")
		for i, row := range answer.Rows {
			key := row.Group
			key.Title = ""
			have := want[key]
			if have == nil {
				require.Zero(rt, row.Events, "%+v", row)
				continue
			}
			require.Equal(rt, [3]int64{int64(len(have[row.Step-1].people)), have[row.Step-1].events, have[row.Step-1].amount}, [3]int64{row.People, row.Events, row.Amount}, "%+v of %s", row, raw)
			if i == look {
				of, err := json.Marshal(tallyOf{Group: &row.Group, Step: row.Step})
				require.NoError(rt, err)
				behind, err := p.Desk.Behind(t.Context(), raw, of)
				require.NoError(rt, err)
				require.Equal(rt, slices.Sorted(maps.Keys(have[row.Step-1].people)), list(behind.ToArray()))
			}
			have[row.Step-1] = &seenRow{}
		}
		for group, rows := range want {
			for step, row := range rows {
				require.Zero(rt, row.events, "group %+v step %d is not told", group, step+1)
			}
		}
	})
}

func list(ids []uint64) []int64 {
	var out []int64
	for _, id := range ids {
		out = append(out, int64(id))
	}
	return out
}

func (w *world) bothSegments() bool {
	all := map[string]bool{}
	for _, is := range w.is {
		for _, s := range is.Segments {
			all[s] = true
		}
	}
	return len(all) == 2
}

// answer counts naively.
func (w *world) answer(q tallyQuery, filtered bool) (map[insight.Group][]*seenRow, int64) {
	in := map[int64]bool{}
	for _, person := range w.of {
		if !filtered {
			in[person] = true
			continue
		}
		buys := 0
		for _, e := range w.events {
			if w.person(e.Node) == person && e.Name == "Buy" && before(e.Time, w.now, w.zone) {
				buys++
			}
		}
		city, _ := w.is[person].Traits["city"].(string)
		in[person] = city == "x" || buys >= 2
	}
	var people int64
	for _, yes := range in {
		if yes {
			people++
		}
	}
	to := q.To
	if today := w.now.Format(time.DateOnly); to == "" || to > today {
		to = today
	}
	out := map[insight.Group][]*seenRow{}
	for _, e := range w.events {
		date := e.Time.In(w.zone).Format(time.DateOnly)
		if !in[w.person(e.Node)] || date < q.From || date > to {
			continue
		}
		for i, step := range q.Steps {
			if !matches(step, e) {
				continue
			}
			for _, g := range w.groups(q.Breakdown, e) {
				if out[g] == nil {
					for range q.Steps {
						out[g] = append(out[g], &seenRow{people: map[int64]bool{}})
					}
				}
				row := out[g][i]
				row.people[w.person(e.Node)] = true
				row.events++
				row.amount += e.Amount
			}
		}
	}
	return out, people
}

// before says whether a moment's day has come.
func before(at, now time.Time, zone *time.Location) bool {
	return at.In(zone).Format(time.DateOnly) <= now.In(zone).Format(time.DateOnly)
}
