package seen_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/seen"
)

func open(t testing.TB, dir string) *seen.Index {
	t.Helper()
	x, err := seen.Open(seen.Options{Dir: dir, Memory: 1000})
	require.NoError(t, err)
	return x
}

func fill(t testing.TB, x *seen.Index, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		x.Add(seen.KeyOf(fmt.Sprint("m", i)), uint64(i))
		require.NoError(t, x.Flush(uint64(i), false))
	}
}

// Every id that was added is found with its position, also after runs were merged and the index was opened again; others are not.
func TestFindsWhatWasAdded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	fill(t, x, 1, 50_001)
	check := func(upTo int) {
		for i := 1; i <= upTo; i++ {
			at, ok, err := x.First(seen.KeyOf(fmt.Sprint("m", i)))
			require.NoError(t, err)
			require.True(t, ok, i)
			require.Equal(t, uint64(i), at)
		}
		for i := range 10_000 {
			_, ok, err := x.First(seen.KeyOf(fmt.Sprint("other", i)))
			require.NoError(t, err)
			require.False(t, ok)
		}
	}
	check(50_000)
	require.NoError(t, x.Close())
	files, err := filepath.Glob(filepath.Join(dir, "*.run"))
	require.NoError(t, err)
	require.Less(t, len(files), 25, "runs were merged")
	x = open(t, dir)
	require.Equal(t, uint64(50_000), x.Position())
	check(int(x.Position()))
	require.NoError(t, x.Close())
}

// A damaged run is dropped with everything newer, and Position says from where to read the log again.
func TestDamagedRunIsDropped(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(path string) error{
		"torn":    func(p string) error { return os.Truncate(p, 5000) },
		"missing": os.Remove,
		"empty":   func(p string) error { return os.WriteFile(p, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			x := open(t, dir)
			fill(t, x, 1, 3001)
			require.NoError(t, x.Close())
			require.NoError(t, damage(filepath.Join(dir, "00000002.run")))
			x = open(t, dir)
			require.Equal(t, uint64(1000), x.Position())
			_, ok, err := x.First(seen.KeyOf("m2500"))
			require.NoError(t, err)
			require.False(t, ok)
			fill(t, x, 1001, 4001)
			at, ok, err := x.First(seen.KeyOf("m2500"))
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, uint64(2500), at)
			require.NoError(t, x.Close())
		})
	}
}

func BenchmarkFirstAndAdd(b *testing.B) {
	x, err := seen.Open(seen.Options{Dir: b.TempDir()})
	require.NoError(b, err)
	r := rand.New(rand.NewPCG(1, 2))
	n := uint64(0)
	for b.Loop() {
		n++
		k := seen.Key{Hi: r.Uint64(), Lo: r.Uint64()}
		if _, ok, err := x.First(k); ok || err != nil {
			b.Fatal(ok, err)
		}
		x.Add(k, n)
		if err := x.Flush(n, false); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, x.Close())
}
