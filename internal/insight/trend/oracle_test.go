package trend_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/trend"
)

// life is what a random pool has seen, for counting it naively.
type life struct {
	zone   *time.Location
	now    time.Time
	events []insighttest.Event
	of     map[int64]int64
}

// hit is an event that counts for a series.
type hit struct {
	person int64
	day    time.Time // first day of its part
	value  float64
	group  string
}

// hits finds the events of a series naively.
func (l *life) hits(s trend.Series, r calendar.Range, g trend.Grain, by string) (out []hit) {
	for _, e := range l.events {
		if e.Name != s.Event && s.Event != "" || e.Time.Before(r.Start()) || !e.Time.Before(r.End()) {
			continue
		}
		h := hit{person: l.of[e.Node], day: calendar.DayOf(e.Time, l.zone), group: e.Channel}
		if g != trend.Day {
			h.day = calendar.Grain(g).Bucket(h.day)
		}
		if by == "" {
			h.group = ""
		}
		switch s.Of {
		case "revenue":
			if !e.HasAmount {
				continue
			}
			h.value = float64(e.Amount)
		case "":
		default:
			v, ok := e.Properties[s.Of].(float64)
			if !ok {
				continue
			}
			h.value = v
		}
		out = append(out, h)
	}
	return out
}

// measure takes a measure of some hits; NaN is null.
func measure(m trend.Measure, hits []hit) float64 {
	people, values, sum := map[int64]bool{}, []float64{}, new(big.Float).SetPrec(2000)
	for _, h := range hits {
		people[h.person] = true
		values = append(values, h.value)
		sum.Add(sum, big.NewFloat(h.value))
	}
	total, _ := sum.Float64()
	sort.Float64s(values)
	n := float64(len(values))
	switch {
	case m == trend.Count:
		return n
	case m == trend.People:
		return float64(len(people))
	case m == trend.Sum:
		return total
	case n == 0:
		return math.NaN()
	}
	q, percentile := map[trend.Measure]float64{trend.P50: .5, trend.P75: .75, trend.P90: .9, trend.P95: .95, trend.P99: .99}[m]
	if percentile {
		h := q * (n - 1)
		i := int(h)
		if i+1 >= len(values) {
			return values[len(values)-1]
		}
		return values[i] + (h-float64(i))*(values[i+1]-values[i])
	}
	return map[trend.Measure]float64{
		trend.PerPerson: n / float64(len(people)), trend.Average: total / n, trend.Min: values[0], trend.Max: values[len(values)-1],
	}[m]
}

func same(t *rapid.T, want float64, got *float64, what string, args ...any) {
	what = fmt.Sprintf(what, args...)
	if math.IsNaN(want) {
		require.Nil(t, got, what)
		return
	}
	require.NotNil(t, got, what)
	require.InDelta(t, want, *got, 1e-9*math.Max(1, math.Abs(want)), what)
}

// random makes a life around a change of clocks: ties in time, late events, merged people.
func random(t *rapid.T) *life {
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"Asia/Shanghai", "America/New_York", "Africa/Cairo"}).Draw(t, "zone"))
	require.NoError(t, err)
	l := &life{zone: zone, of: map[int64]int64{}, now: time.Date(2026, 5, 1, 12, 0, 0, 0, zone)}
	begin := time.Date(2026, 2, 20, 0, 0, 0, 0, zone)
	nodes := rapid.Int64Range(1, 8).Draw(t, "nodes")
	for range rapid.IntRange(1, 60).Draw(t, "events") {
		e := insighttest.Event{
			Node: rapid.Int64Range(1, nodes).Draw(t, "node"), Name: rapid.SampledFrom([]string{"View", "Buy"}).Draw(t, "name"),
			Channel: rapid.SampledFrom([]string{"", "ads", "wechat", "store"}).Draw(t, "channel"),
		}
		e.Time = begin.Add(time.Duration(rapid.IntRange(0, 75*24).Draw(t, "hour")) * time.Hour)
		if e.Name == "Buy" && rapid.Bool().Draw(t, "paid") {
			e.Amount, e.HasAmount = rapid.Int64Range(-500, 5000).Draw(t, "amount"), true
		}
		if rapid.Bool().Draw(t, "items") {
			e.Properties = map[string]any{"items": rapid.SampledFrom([]any{1.0, 2.5, 0.1, -3.0, "many", true}).Draw(t, "n")}
		}
		l.events = append(l.events, e)
		l.of[e.Node] = e.Node
	}
	return l
}

// pool opens the pool of a life. Every node of which the draw says so is joined to a lesser one.
func (l *life) pool(tb testing.TB, t *rapid.T) *insighttest.Pool {
	tb.Helper()
	p := insighttest.Open(tb, insighttest.Options{Zone: l.zone, Now: l.now, Block: 2})
	trend.Register(p.Desk)
	for i, e := range l.events {
		if p.Add(e); i == len(l.events)/2 {
			p.Flush()
		}
	}
	var nodes []int64
	for node := range l.of {
		nodes = append(nodes, node)
	}
	slices.Sort(nodes)
	for _, node := range nodes[1:] {
		if rapid.IntRange(0, 3).Draw(t, "join") == 0 {
			l.of[node] = nodes[0]
			p.Join(node, nodes[0])
		}
	}
	return p
}

// Random lives: every number is what counting one by one gives, in parts, over the whole range, running, by group and in the former range.
func TestAgainstNaive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := random(rt)
		p := l.pool(t, rt)
		from := calendar.DayOf(l.now, l.zone).AddDate(0, 0, -rapid.IntRange(0, 70).Draw(rt, "from"))
		r := calendar.Range{From: from, To: from.AddDate(0, 0, rapid.IntRange(0, 40).Draw(rt, "days")), Zone: l.zone}
		if today := calendar.DayOf(l.now, l.zone); r.To.After(today) {
			r.To = today
		}
		s := trend.Series{Measure: rapid.SampledFrom([]trend.Measure{
			trend.Count, trend.People, trend.PerPerson, trend.Sum, trend.Average, trend.Min, trend.Max, trend.P50, trend.P90,
		}).Draw(rt, "measure")}
		s.Event = rapid.SampledFrom([]string{"", l.events[0].Name}).Draw(rt, "event")
		if s.Measure != trend.Count && s.Measure != trend.People && s.Measure != trend.PerPerson {
			s.Of = "revenue"
			if s.Event != "" && slices.ContainsFunc(l.events, func(e insighttest.Event) bool { return e.Name == s.Event && e.Properties != nil }) {
				s.Of = rapid.SampledFrom([]string{"revenue", "items"}).Draw(rt, "of")
			}
		}
		q := trend.Query{Series: []trend.Series{s}, Grain: rapid.SampledFrom([]trend.Grain{trend.Day, trend.Week, trend.Month}).Draw(rt, "grain"), Compare: trend.Former}
		q.From, q.To = r.From.Format(time.DateOnly), r.To.Format(time.DateOnly)
		q.Cumulative = s.Measure != trend.P50 && s.Measure != trend.P90
		limit := rapid.IntRange(0, 3).Draw(rt, "limit")
		by := ""
		if limit > 0 {
			by, q.Breakdown = "channel", &insight.Breakdown{By: insight.ByEventChannel, Limit: limit}
		}
		q.Kind = "trend"
		raw, err := json.Marshal(q)
		require.NoError(rt, err)
		res, err := p.Desk.Ask(t.Context(), raw)
		require.NoError(rt, err)
		var a trend.Answer
		require.NoError(rt, json.Unmarshal(res.Answer, &a))
		l.compare(rt, a, q, r, by)
	})
}

// compare holds an answer against counting naively.
func (l *life) compare(t *rapid.T, a trend.Answer, q trend.Query, r calendar.Range, by string) {
	s := q.Series[0]
	var named []string
	for _, line := range a.Lines {
		if line.Group != nil && !line.Group.Rest {
			named = append(named, line.Group.Key)
		}
	}
	now := l.hits(s, r, q.Grain, by)
	then := calendar.Range{Zone: l.zone}
	var err error
	then.From, err = time.Parse(time.DateOnly, a.Former.From)
	require.NoError(t, err)
	then.To, err = time.Parse(time.DateOnly, a.Former.To)
	require.NoError(t, err)
	require.True(t, then.To.Before(r.From))
	before := l.hits(s, then, q.Grain, by)
	covered := 0
	for _, line := range a.Lines {
		in := func(h hit) bool {
			switch {
			case line.Group == nil:
				return true
			case line.Group.Rest:
				return !slices.Contains(named, h.group)
			}
			return h.group == line.Group.Key
		}
		pick := func(all []hit, day string, upTo bool) (out []hit) {
			for _, h := range all {
				d := h.day.Format(time.DateOnly)
				if in(h) && (day == "" || d == day || upTo && strings.Compare(d, day) < 0) {
					out = append(out, h)
				}
			}
			return out
		}
		mine := pick(now, "", false)
		covered += len(mine)
		same(t, measure(s.Measure, mine), line.Total, "total of %v", line.Group)
		same(t, measure(s.Measure, pick(before, "", false)), line.Former.Total, "former total of %v", line.Group)
		for i, point := range a.Points {
			same(t, measure(s.Measure, pick(now, point.At, false)), line.Values[i], "%s of %v", point.At, line.Group)
			if q.Cumulative {
				same(t, measure(s.Measure, pick(now, point.At, true)), line.Running[i], "up to %s of %v", point.At, line.Group)
			}
			if at := a.Former.At[i]; at != "" {
				same(t, measure(s.Measure, pick(before, at, false)), line.Former.Values[i], "former %s of %v", at, line.Group)
			}
		}
	}
	require.Equal(t, len(now), covered, "every event is in one line")
}
