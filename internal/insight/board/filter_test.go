package board_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/insight/board"
)

// Filters replace a query's days as a whole, add to its people, and touch nothing else.
func TestMerge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		filters     board.Filters
		query, want string
	}{
		"nothing":                     {board.Filters{}, `{"kind":"k","last":30,"x":[1.50]}`, `{"kind":"k","last":30,"x":[1.50]}`},
		"days instead of last":        {board.Filters{From: "2026-01-01", To: "2026-01-31"}, `{"kind":"k","last":30}`, `{"kind":"k","from":"2026-01-01","to":"2026-01-31"}`},
		"last instead of days":        {board.Filters{Last: 7}, `{"kind":"k","from":"2026-01-01","to":"2026-01-31"}`, `{"kind":"k","last":7}`},
		"last up to a day":            {board.Filters{Last: 7, To: "2026-02-01"}, `{"kind":"k"}`, `{"kind":"k","last":7,"to":"2026-02-01"}`},
		"people":                      {board.Filters{People: "a"}, `{"kind":"k"}`, `{"kind":"k","people":"a"}`},
		"channel":                     {board.Filters{Channel: "微信"}, `{"kind":"k"}`, `{"kind":"k","people":"channel.first == \"微信\""}`},
		"people of chart and board":   {board.Filters{People: "a || b"}, `{"kind":"k","people":"c"}`, `{"kind":"k","people":"(a || b\n) && (c\n)"}`},
		"comparison for others":       {board.Filters{Compare: true}, `{"kind":"k"}`, `{"kind":"k"}`},
		"a trend compares by itself":  {board.Filters{Compare: true}, `{"kind":"trend"}`, `{"kind":"trend","compare":"former"}`},
		"a trend that does so anyway": {board.Filters{Compare: true}, `{"kind":"trend","compare":"year"}`, `{"kind":"trend","compare":"year"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.filters.Merge(json.RawMessage(c.query))
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(got))
		})
	}
	for _, bad := range []string{``, `null`, `[]`, `7`} {
		_, err := board.Filters{}.Merge(json.RawMessage(bad))
		require.Error(t, err, "%q", bad)
	}
}

// The days before are as many, and end where the days begin.
func TestBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "first"))
		n := rapid.IntRange(1, 500).Draw(t, "days")
		last := from.AddDate(0, 0, n-1)
		got, err := board.Before(json.RawMessage(`{"kind":"k","last":3}`), from.Format(time.DateOnly), last.Format(time.DateOnly))
		require.NoError(t, err)
		var q struct{ From, To string }
		require.NoError(t, json.Unmarshal(got, &q))
		a, err := time.Parse(time.DateOnly, q.From)
		require.NoError(t, err)
		b, err := time.Parse(time.DateOnly, q.To)
		require.NoError(t, err)
		require.Equal(t, from.AddDate(0, 0, -1), b)
		require.Equal(t, n, int(b.Sub(a).Hours()/24)+1)
		require.NotContains(t, string(got), "last")
	})
	_, err := board.Before(json.RawMessage(`{}`), "", "")
	require.Error(t, err)
}

// A plan is due at its hour of the zone, also where clocks change.
func TestNext(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		plan board.Plan
		zone *time.Location
		now  string
		want string
	}{
		"later today":                 {board.Plan{Every: board.Daily, Hour: 9}, shanghai, "2026-03-10T00:59:59Z", "2026-03-10T01:00:00Z"},
		"at the hour itself tomorrow": {board.Plan{Every: board.Daily, Hour: 9}, shanghai, "2026-03-10T01:00:00Z", "2026-03-11T01:00:00Z"},
		"monday":                      {board.Plan{Every: board.Weekly, Weekday: 1, Hour: 8}, shanghai, "2026-03-10T00:00:00Z", "2026-03-16T00:00:00Z"},
		"sunday":                      {board.Plan{Every: board.Weekly, Weekday: 7, Hour: 8}, shanghai, "2026-03-10T00:00:00Z", "2026-03-15T00:00:00Z"},
		"the 31st of February":        {board.Plan{Every: board.Monthly, Day: 31, Hour: 0}, shanghai, "2026-02-01T00:00:00Z", "2026-02-27T16:00:00Z"},
		"the 30th, from the 30th on":  {board.Plan{Every: board.Monthly, Day: 30, Hour: 0}, shanghai, "2026-01-30T00:00:00Z", "2026-02-27T16:00:00Z"},
		"summer time begins":          {board.Plan{Every: board.Daily, Hour: 9}, berlin, "2026-03-28T09:00:00Z", "2026-03-29T07:00:00Z"},
		"an hour that is left out":    {board.Plan{Every: board.Daily, Hour: 2}, berlin, "2026-03-28T09:00:00Z", "2026-03-29T01:00:00Z"},
		"an hour that comes twice":    {board.Plan{Every: board.Daily, Hour: 2}, berlin, "2026-10-24T09:00:00Z", "2026-10-25T01:00:00Z"},
		"and counts once":             {board.Plan{Every: board.Daily, Hour: 2}, berlin, "2026-10-25T01:00:00Z", "2026-10-26T01:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, c.now)
			require.NoError(t, err)
			require.Equal(t, c.want, c.plan.Next(now, c.zone).Format(time.RFC3339))
		})
	}
}
