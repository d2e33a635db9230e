package trend_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/trend"
)

// More groups than are counted in detail at once are ranked first: the largest are exact, people of the others are counted once, and more groups
// than anybody can look at are refused in words.
func TestManyGroups(t *testing.T) {
	t.Parallel()
	p := insighttest.Open(t, insighttest.Options{Now: time.Date(2026, 3, 3, 12, 0, 0, 0, insighttest.Shanghai())})
	trend.Register(p.Desk)
	var events []insighttest.Event
	view := func(person int64, sku string, hour int) {
		events = append(events, insighttest.Event{
			Node: person, At: fmt.Sprintf("2026-03-0%d %02d:00", 1+hour/24, hour%24), Name: "Product Viewed", Properties: map[string]any{"sku": sku},
		})
	}
	for person := range int64(50) {
		for i := range 20 {
			view(person+1, fmt.Sprintf("sku %d", int(person)*20+i), i) // a thousand different ones
		}
		view(person+1, "tea", 25)
		if person%2 == 0 {
			view(person+1, "cup", 26)
		}
	}
	p.Add(events...)
	for measure, want := range map[string][]float64{"people": {50, 25, 50}, "count": {50, 25, 1000}} {
		r, err := p.Desk.Ask(t.Context(), json.RawMessage(`{"kind":"trend","last":3,"series":[{"event":"Product Viewed","measure":"`+measure+`"}],"breakdown":{"by":"property","name":"sku","limit":2}}`))
		require.NoError(t, err)
		var a trend.Answer
		require.NoError(t, json.Unmarshal(r.Answer, &a))
		require.Len(t, a.Lines, 3)
		for i, line := range a.Lines {
			require.InDelta(t, want[i], *line.Total, 0, "%s %+v", measure, line.Group)
		}
		require.InDelta(t, want[2], *a.Lines[2].Values[0], 0)
		require.InDelta(t, 0, *a.Lines[0].Values[0], 0)
		require.True(t, a.Lines[2].Group.Rest)
	}
	events = events[:0]
	for i := range 12_000 {
		view(int64(i%50+1), fmt.Sprintf("other %d", i), 1)
	}
	p.Add(events...)
	_, err := p.Desk.Ask(t.Context(), json.RawMessage(`{"kind":"trend","last":3,"series":[{"event":"Product Viewed"}],"breakdown":{"by":"property","name":"sku"}}`))
	require.Equal(t, "insight.too_many_groups", fault.CodeOf(err))
}
