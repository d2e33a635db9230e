package timeline_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// resign makes the checksums of a changed file right again, so that what lies behind them is tried too.
func resign(b []byte) []byte {
	if len(b) < 40 {
		return b
	}
	b = append([]byte(nil), b...)
	size := uint64(len(b))
	at, n := binary.LittleEndian.Uint64(b[size-24:]), binary.LittleEndian.Uint64(b[size-16:])
	if at < size && n < 100 && at+n*32+40 == size {
		for e := b[at : at+n*32]; len(e) > 0; e = e[32:] {
			if off, length := binary.LittleEndian.Uint64(e[8:]), binary.LittleEndian.Uint64(e[16:]); off <= at && length <= at-off {
				binary.LittleEndian.PutUint64(e[24:], xxh3.Hash(b[off:off+length]))
			}
		}
		binary.LittleEndian.PutUint64(b[size-8:], xxh3.Hash(b[at:size-8]))
	}
	return b
}

// samples are the files of a small store: a run and a column.
func samples(tb testing.TB) (run, column []byte, events uint32) {
	tb.Helper()
	c := crowdOf(1000)
	dir := tb.TempDir()
	s, err := timeline.Open(tb.Context(), options(dir, c))
	require.NoError(tb, err)
	require.NoError(tb, s.CatchUp(tb.Context(), 1, nil))
	require.NoError(tb, s.Want(tb.Context(), []timeline.Column{{Event: "Page Viewed", Property: "sku"}}))
	require.NoError(tb, s.Close())
	for pattern, into := range map[string]*[]byte{"*.run": &run, "*.column": &column} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(tb, err)
		require.Len(tb, files, 1)
		*into, err = os.ReadFile(files[0])
		require.NoError(tb, err)
	}
	return run, column, 1000
}

// No bytes, signed or not, make the reader of runs and columns panic or read outside of the file.
func FuzzOpen(f *testing.F) {
	run, column, events := samples(f)
	f.Add(run, events, false)
	f.Add(column, events, true)
	f.Add([]byte("TIMELINE"), uint32(1), true)
	f.Fuzz(func(t *testing.T, b []byte, events uint32, sign bool) {
		if sign {
			b = resign(b)
		}
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "f"), b, 0o600))
		_, _ = timeline.OpenRun(dir, "f")
		_ = timeline.OpenColumn(dir, "f", events%100_000)
	})
}

// Every cut and every flipped bit of a run is found.
func TestEveryDamageIsFound(t *testing.T) {
	t.Parallel()
	run, _, events := samples(t)
	dir := t.TempDir()
	try := func(b []byte) error {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "f"), b, 0o600))
		n, err := timeline.OpenRun(dir, "f")
		if err == nil {
			require.Equal(t, int(events), n)
		}
		return err
	}
	require.NoError(t, try(run))
	for at := 0; at < len(run); at += 41 {
		require.Error(t, try(run[:at]), "cut at %d", at)
	}
	padding := 0
	for at := 0; at < len(run); at += 7 {
		b := append([]byte(nil), run...)
		b[at] ^= 1 << (at % 8)
		if try(b) == nil {
			padding++ // between two sections nothing is kept
		}
	}
	require.Less(t, padding, 12*64/7)
}
