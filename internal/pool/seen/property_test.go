package seen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/seen"
)

// Whatever is added, looked up, flushed, merged, crashed and damaged in whatever order: the index knows exactly what a map knows, once
// what came after Position was added again from the log.
func TestIndexIsAMap(t *testing.T) {
	t.Parallel()
	root, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(root, fmt.Sprint("index-", n))
		open := func() *seen.Index {
			x, err := seen.Open(seen.Options{Dir: dir, Memory: 8})
			require.NoError(t, err)
			return x
		}
		x := open()
		var log []string // message ids; the position is the index + 1
		first := map[string]uint64{}
		again := func() {
			for at := int(x.Position()) + 1; at <= len(log); at++ {
				k := seen.KeyOf(log[at-1])
				_, known, err := x.First(k)
				require.NoError(t, err)
				if !known {
					x.Add(k, uint64(at))
				}
			}
		}
		crash := func(harm func()) {
			require.NoError(t, x.Close())
			harm()
			x = open()
			require.LessOrEqual(t, x.Position(), uint64(len(log)))
			again()
		}
		check := func(id string) {
			at, known, err := x.First(seen.KeyOf(id))
			require.NoError(t, err)
			require.Equal(t, first[id], at, id)
			require.Equal(t, first[id] != 0, known, id)
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				for range rapid.IntRange(1, 30).Draw(t, "n") {
					id := fmt.Sprint("m", rapid.IntRange(0, 400).Draw(t, "id"))
					log = append(log, id)
					check(id)
					if first[id] == 0 {
						first[id] = uint64(len(log))
						x.Add(seen.KeyOf(id), uint64(len(log)))
					}
					require.NoError(t, x.Flush(uint64(len(log)), rapid.IntRange(0, 4).Draw(t, "force") == 0))
				}
			},
			"look up": func(t *rapid.T) { check(fmt.Sprint("m", rapid.IntRange(0, 400).Draw(t, "id"))) },
			"crash":   func(*rapid.T) { crash(func() {}) },
			"damage": func(t *rapid.T) {
				crash(func() {
					runs, err := filepath.Glob(filepath.Join(dir, "*.run"))
					require.NoError(t, err)
					if len(runs) > 0 {
						which := rapid.SampledFrom(runs).Draw(t, "run")
						require.NoError(t, os.Truncate(which, rapid.Int64Range(0, 40).Draw(t, "size")))
					}
				})
			},
			"lose": func(*rapid.T) { crash(func() { require.NoError(t, os.RemoveAll(dir)) }) },
			"": func(t *rapid.T) {
				entries, _ := x.Size()
				require.Equal(t, int64(len(first)), entries, "no id is in two runs")
			},
		})
		for i := range 401 {
			check(fmt.Sprint("m", i))
		}
		require.NoError(t, x.Close())
	})
}
