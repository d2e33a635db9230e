package timeline_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// A person with many events in one run: few and many different values, of texts alone, of numbers alone, and of everything.
func TestDistinct(t *testing.T) {
	t.Parallel()
	texts, numbers, mixed := timeline.Column{Event: "A", Property: "text"}, timeline.Column{Event: "A", Property: "number"}, timeline.Column{Event: "A", Property: "mixed"}
	s, err := timeline.Open(t.Context(), timeline.Options{
		Dir: t.TempDir(), Currency: "CNY", Columns: []timeline.Column{texts, numbers, mixed}, Clock: clock.NewManual(statetest.Start()),
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	kinds := []string{`"x"`, `7`, `-0.0`, `0`, `true`, `[1]`, `"7"`, `null`}
	s.Update(func(w *timeline.Writer) {
		w.Join(1, 1)
		var rows []timeline.Row
		for i := range 400 {
			properties := fmt.Sprintf(`{"text":"t%d","number":%d,"mixed":%s}`, i%90, i%5, kinds[i%len(kinds)])
			if i%7 == 0 {
				properties = `{}`
			}
			rows = append(rows, timeline.Row{Node: 1, Time: int64(i), Name: "A", Properties: []byte(properties)})
		}
		w.Append(rows)
		w.Reached(1)
	})
	require.NoError(t, s.Flush(t.Context()))
	s.Read(func(r *timeline.Reader) {
		q := r.Sequence(timeline.NewScratch(), 1, 0)
		code, _ := r.Name("A")
		all := q.Positions(code)
		for _, c := range []timeline.Column{texts, numbers, mixed} {
			col, ok := r.Col(c)
			require.True(t, ok)
			for _, events := range [][]uint32{nil, all[:3], all[:30], all[100:], all} {
				_, ok := q.Distinct(col, events)
				require.True(t, ok, "all lie in one run")
				requireDistinct(t, q, col, events)
			}
		}
	})
}
