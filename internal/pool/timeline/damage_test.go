package timeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// A store of another format or another currency, or with a damaged manifest, is built again from the source.
func TestAnotherFormat(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"format", "currency", "damaged"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := crowdOf(20_000)
			o := options(t.TempDir(), c)
			s, err := timeline.Open(t.Context(), o)
			require.NoError(t, err)
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			require.NoError(t, s.Close())
			switch how {
			case "format":
				require.NoError(t, timeline.Reformat(o.Dir))
			case "currency":
				o.Currency = "USD"
			case "damaged":
				require.NoError(t, os.WriteFile(filepath.Join(o.Dir, "MANIFEST"), []byte("?"), 0o600))
			}
			s = start(t, o)
			require.True(t, s.NeedsRebuild())
			require.Zero(t, s.Durable())
			require.Empty(t, lengths(s))
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			require.False(t, s.NeedsRebuild())
			require.Equal(t, 20_000, sweep(s, timesAndNames))
		})
	}
}

// A store that is ahead of the state steps back to it, and reads the part of a run that remains.
func TestStepBack(t *testing.T) {
	t.Parallel()
	c := crowdOf(50_000)
	o := options(t.TempDir(), c)
	s, err := timeline.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, s.CatchUp(t.Context(), 50, nil))
	require.NoError(t, s.Close())
	s = start(t, o)
	require.NoError(t, s.CatchUp(t.Context(), 30, nil))
	require.Equal(t, uint64(30), s.Reached())
	require.Equal(t, 30_000, sweep(s, timesAndNames))
	require.NoError(t, s.CatchUp(t.Context(), 40, nil))
	require.Equal(t, 40_000, sweep(s, timesAndNames))
}

// Without a source, what is lost cannot come back, and the store says so.
func TestWithoutASource(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir(), nil)
	s, err := timeline.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, s.CatchUp(t.Context(), 0, nil))
	tell(s, 1, 3, 5)
	require.NoError(t, s.Flush(t.Context()))
	err = s.Want(t.Context(), []timeline.Column{{Event: "A", Property: "p"}})
	require.Equal(t, "timeline.no_source", fault.CodeOf(err))
	require.NoError(t, s.Close())
	s = start(t, o)
	require.NoError(t, s.CatchUp(t.Context(), 1, nil))
	require.Equal(t, []int{1, 1, 1}, lengths(s))
	require.Equal(t, "timeline.no_source", fault.CodeOf(s.CatchUp(t.Context(), 2, nil)))
}

// A changed byte in the values of a column or in the times of a run is found when the store is opened, or, if there was no time, in the
// background; the part is built again while readers go on.
func TestDamage(t *testing.T) {
	t.Parallel()
	for _, place := range []struct {
		pattern    string
		at         int
		background bool
	}{{"*.column", 3000, false}, {"*.column", 3000, true}, {"*.run", 200_000, false}, {"*.run", 200_000, true}} {
		t.Run(fmt.Sprint(place.pattern, place.background), func(t *testing.T) {
			t.Parallel()
			c := crowdOf(20_000)
			o := options(t.TempDir(), c)
			s, err := timeline.Open(t.Context(), o)
			require.NoError(t, err)
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			require.NoError(t, s.Want(t.Context(), []timeline.Column{{Event: "Order Completed", Property: "sku"}}))
			before := dump(s)
			require.NoError(t, s.Close())
			files, err := filepath.Glob(filepath.Join(o.Dir, place.pattern))
			require.NoError(t, err)
			require.Len(t, files, 1)
			b, err := os.ReadFile(files[0])
			require.NoError(t, err)
			b[place.at] ^= 1
			require.NoError(t, os.WriteFile(files[0], b, 0o600))
			if place.background {
				o.Clock = &hurried{}
			}
			s = start(t, o)
			require.Equal(t, !place.background, s.NeedsRebuild())
			require.NoError(t, s.CatchUp(t.Context(), 20, nil))
			if place.background {
				require.NotEqual(t, before, dump(s))
				require.ErrorIs(t, timeline.Tend(t.Context(), s), timeline.ErrDamaged)
			}
			require.NoError(t, timeline.Tend(t.Context(), s))
			require.Equal(t, before, dump(s))
		})
	}
}

// hurried is a clock on which every look takes an hour.
type hurried struct{ hours atomic.Int64 }

func (h *hurried) Now() time.Time {
	return time.UnixMicro(h.hours.Add(1) * int64(time.Hour/time.Microsecond))
}

func dump(s *timeline.Store) (all []string) {
	sc := timeline.NewScratch()
	s.Read(func(r *timeline.Reader) {
		col, _ := r.Col(timeline.Column{Event: "Order Completed", Property: "sku"})
		for who := range r.People() {
			q := r.Sequence(sc, who, 0)
			for i := range q.Times {
				amount, has := q.Amount(i)
				all = append(all, fmt.Sprint(who, q.Times[i], r.Names()[q.Names[i]], r.Channels()[q.Channel(i)], amount, has, q.Value(col, i)))
			}
		}
	})
	return all
}
