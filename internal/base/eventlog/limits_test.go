package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// More appends than may wait are refused at once, and exactly the others are in the log.
func TestOverload(t *testing.T) {
	t.Parallel()
	l, err := eventlog.Open(t.Context(), eventlog.Options{Dir: t.TempDir(), MaxWaiting: 2, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	var stored, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			_, err := l.Append(t.Context(), fmt.Appendf(make([]byte, 0, 200_000), "%0200000d", i))
			switch {
			case err == nil:
				stored.Add(1)
			case fault.KindOf(err) == fault.TooMany:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Positive(t, stored.Load())
	require.Positive(t, refused.Load())
	require.Equal(t, int(stored.Load()), len(all(t, l)))
}

// all are the bodies in the log.
func all(t *testing.T, l *eventlog.Log) map[string]int {
	t.Helper()
	last, err := l.Last(t.Context())
	require.NoError(t, err)
	r, err := l.Read(t.Context(), 0)
	require.NoError(t, err)
	defer r.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	bodies := map[string]int{}
	for at := uint64(0); at < last; {
		rec, err := r.Next(ctx)
		require.NoError(t, err)
		at = rec.Position
		for _, b := range rec.Bodies {
			bodies[string(b)]++
		}
	}
	return bodies
}

// The largest append is taken, one byte more is refused, and so is nothing at all; empty bodies are kept.
func TestSizes(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	defer func() { require.NoError(t, l.Close()) }()
	const most = 6 << 20
	noise := make([]byte, most+1)
	for i, x := 0, uint32(1); i < len(noise); i++ { // cannot be compressed
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		noise[i] = byte(x)
	}
	_, err := l.Append(t.Context(), noise[:most/2], noise[:most/2])
	require.NoError(t, err)
	_, err = l.Append(t.Context(), noise)
	require.Equal(t, fault.TooLarge, fault.KindOf(err))
	_, err = l.Append(t.Context(), nil, []byte("x"), nil)
	require.NoError(t, err)
	bodies := all(t, l)
	require.Equal(t, map[string]int{string(noise[:most/2]): 2, "": 2, "x": 1}, bodies)
}

// While the log closes, each append is either stored and answered or refused; after it, all are refused. Nothing hangs.
func TestCloseWhileAppending(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	var stored atomic.Int64
	var wg sync.WaitGroup
	half := make(chan struct{})
	var once sync.Once
	for c := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				_, err := l.Append(t.Context(), fmt.Appendf(nil, "%d-%d", c, i))
				if err != nil {
					if !errors.Is(err, eventlog.ErrClosed) || fault.KindOf(err) != fault.Unavailable {
						t.Error(err)
					}
					return
				}
				if stored.Add(1) == 50 {
					once.Do(func() { close(half) })
				}
			}
		})
	}
	<-half
	require.NoError(t, l.Close())
	wg.Wait()
	_, err := l.Append(t.Context(), []byte("late"))
	require.ErrorIs(t, err, eventlog.ErrClosed)
	l = open(t, dir)
	defer func() { require.NoError(t, l.Close()) }()
	bodies := all(t, l)
	require.GreaterOrEqual(t, len(bodies), int(stored.Load()), "every acknowledged append is there")
	for b, n := range bodies {
		require.Equal(t, 1, n, b)
	}
}

// A closed reader and a reader whose context ends give up.
func TestReaderEnds(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	defer func() { require.NoError(t, l.Close()) }()
	r, err := l.Read(t.Context(), 0)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = r.Next(ctx)
	require.ErrorIs(t, err, context.Canceled)
	r.Close()
	_, err = r.Next(t.Context())
	require.ErrorIs(t, err, eventlog.ErrClosed)
}
