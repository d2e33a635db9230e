package eventlog_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/eventlog"
)

func open(t testing.TB, dir string) *eventlog.Log {
	t.Helper()
	l, err := eventlog.Open(t.Context(), eventlog.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return l
}

// What was appended is read back in order, also after the log was closed and opened again, and from any position.
func TestAppendedIsReadInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	var first uint64
	for i := range 50 {
		at, err := l.Append(t.Context(), fmt.Appendf(nil, "a%d", i), fmt.Appendf(nil, "b%d", i))
		require.NoError(t, err)
		if i == 0 {
			first = at
		}
		require.Equal(t, first+uint64(i), at)
	}
	require.NoError(t, l.Close())

	l = open(t, dir)
	defer func() { require.NoError(t, l.Close()) }()
	r, err := l.Read(t.Context(), first+9)
	require.NoError(t, err)
	defer r.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for i := 10; i < 50; i++ {
		rec, err := r.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, first+uint64(i), rec.Position)
		require.Equal(t, []string{fmt.Sprintf("a%d", i), fmt.Sprintf("b%d", i)}, []string{string(rec.Bodies[0]), string(rec.Bodies[1])})
	}
}

// Concurrent appends share records, and each caller's bodies are there exactly once.
func TestGroupCommitKeepsEveryBody(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	defer func() { require.NoError(t, l.Close()) }()
	const callers, each = 32, 20
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				_, err := l.Append(t.Context(), fmt.Appendf(nil, "%d-%d", c, i))
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	last, err := l.Last(t.Context())
	require.NoError(t, err)
	require.Less(t, last, uint64(callers*each), "some appends shared a record")
	r, err := l.Read(t.Context(), 0)
	require.NoError(t, err)
	defer r.Close()
	seen := map[string]int{}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for at := uint64(0); at < last; {
		rec, err := r.Next(ctx)
		require.NoError(t, err)
		at = rec.Position
		for _, b := range rec.Bodies {
			seen[string(b)]++
		}
	}
	require.Len(t, seen, callers*each)
	for k, n := range seen {
		require.Equal(t, 1, n, k)
	}
}

func BenchmarkAppend(b *testing.B) {
	l := open(b, b.TempDir())
	defer l.Close() //nolint:errcheck // end of the benchmark
	body := make([]byte, 45_000)
	for i := range body {
		body[i] = byte(i * i >> 3)
	}
	b.SetBytes(int64(len(body)))
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := l.Append(context.Background(), body); err != nil {
				b.Error(err)
			}
		}
	})
}
