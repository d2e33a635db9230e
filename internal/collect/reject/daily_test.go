package reject_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/reject"
)

// Every refused event counts on its day, the first moment of a day included, with its repeats; what lies outside does not.
func TestDaily(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		w := newWorld(t, db, reject.Limits{})
		start := w.clock.Now()
		put := func(at time.Time, body string) {
			require.NoError(t, w.store.Put(t.Context(), []reject.Item{{Source: 1, At: at, Reason: reject.Reason{Code: "x"}, Body: []byte(body), Envelope: []byte("{}")}}))
		}
		put(start.Add(-time.Microsecond), "before")
		put(start, "a")
		put(start.Add(23*time.Hour), "b")
		put(start.Add(23*time.Hour), "b")
		put(start.Add(24*time.Hour), "c")
		put(start.Add(72*time.Hour), "after")
		var starts []int64
		for d := range 4 {
			starts = append(starts, start.Add(time.Duration(d)*24*time.Hour).UnixMicro())
		}
		got, err := w.store.Daily(t.Context(), starts)
		require.NoError(t, err)
		require.Equal(t, []int64{3, 1, 0}, got)
		got, err = w.store.Daily(t.Context(), starts[:1])
		require.NoError(t, err)
		require.Empty(t, got)
	})
}
