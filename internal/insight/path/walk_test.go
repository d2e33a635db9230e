package path

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// did is an event of a test person. Name 0 is none.
type did struct {
	at   int64
	name uint16
}

// Names of the tests: the anchor, three others, one that is left out, and a signal.
const (
	anchor     uint16 = 1
	leftOut    uint16 = 5
	signal     uint16 = 6
	mostOfName        = 7
)

// naive answers from the words of the package comment. It makes the list of a person's events as they are seen, looking in the direction of the paths,
// and reads paths off it.
func naive(f frame, events []did) [][]uint16 {
	var seen []did
	for _, e := range events {
		if e.name != signal && e.at < f.until {
			seen = append(seen, e)
		}
	}
	if f.before {
		slices.Reverse(seen)
	}
	inRange := func(e did) bool { return e.at >= f.start && e.at < f.end }
	var begins []int
	for i, e := range seen {
		if e.name == anchor && inRange(e) {
			begins = append(begins, i)
		}
	}
	if len(begins) > 0 && f.which != Every {
		i := begins[0]
		if (f.which == Last) != f.before { // the last in time is the first when looking back
			i = begins[len(begins)-1]
		}
		begins = []int{i}
	}
	var paths [][]uint16
	for _, i := range begins {
		if f.which == Every && f.collapse && continues(f, seen, i, inRange) {
			continue
		}
		path := []uint16{}
		for j := i + 1; j < len(seen) && len(path) < f.steps; j++ {
			if f.paused(seen[j-1], seen[j]) {
				break
			}
			if seen[j].name == leftOut {
				continue
			}
			last := anchor
			if len(path) > 0 {
				last = path[len(path)-1]
			}
			if !f.collapse || seen[j].name != last {
				path = append(path, seen[j].name)
			}
		}
		paths = append(paths, path)
	}
	return paths
}

func (f frame) paused(a, b did) bool { return f.gap > 0 && max(a.at-b.at, b.at-a.at) > f.gap }

// continues says whether an anchor only goes on with a row of anchors.
func continues(f frame, seen []did, i int, inRange func(did) bool) bool {
	for j := i - 1; j >= 0; j-- {
		if f.paused(seen[j+1], seen[j]) {
			return false
		}
		if seen[j].name != leftOut {
			return seen[j].name == anchor && inRange(seen[j])
		}
	}
	return false
}

func drawFrame(t *rapid.T) frame {
	return frame{
		steps: rapid.IntRange(1, maxSteps).Draw(t, "steps"), before: rapid.Bool().Draw(t, "before"), which: rapid.SampledFrom([]Which{First, Last, Every}).Draw(t, "which"),
		collapse: rapid.Bool().Draw(t, "collapse"), gap: rapid.SampledFrom([]int64{0, 0, 1, 3}).Draw(t, "gap"),
		start: 10, end: rapid.Int64Range(11, 40).Draw(t, "end"), until: rapid.Int64Range(40, 50).Draw(t, "until"),
	}
}

func drawEvents(t *rapid.T) []did {
	events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) did {
		return did{rapid.Int64Range(0, 48).Draw(t, "at"), rapid.SampledFrom([]uint16{anchor, anchor, 2, 2, 3, 4, leftOut, signal}).Draw(t, "name")}
	}), 0, 30).Draw(t, "events")
	slices.SortStableFunc(events, func(a, b did) int { return cmp.Compare(a.at, b.at) })
	return events
}

// walkerOf is a walker that knows the names of the tests.
func walkerOf(f frame) *walker {
	w := newWalker(f)
	w.plain, w.code, w.kinds = true, anchor, make([]uint8, mostOfName)
	w.kinds[leftOut], w.kinds[signal] = hidden, silent
	return w
}

func sequenceOf(events []did) *timeline.Sequence {
	q := &timeline.Sequence{}
	for _, e := range events {
		q.Times, q.Names = append(q.Times, e.at), append(q.Names, e.name)
	}
	return q
}

// The walker finds the paths that reading them off finds; tables count them, and the chart loses none.
func TestPathsAgainstOracle(t *testing.T) {
	t.Parallel()
	names := []string{"", "anchor", "b", "c", "d", "out", "signal"}
	rapid.Check(t, func(t *rapid.T) {
		f := drawFrame(t)
		w := walkerOf(f)
		tables := []*table{newTable(f.steps, 3), newTable(f.steps, mostOfName)}
		tables[0].grow(mostOfName) // names that came during the scan
		if rapid.Bool().Draw(t, "sparse") {
			tables[1].dense, tables[1].sparse = nil, map[link]int64{}
		}
		var want []string
		for i := range rapid.IntRange(1, 6).Draw(t, "people") {
			events := drawEvents(t)
			var got [][]uint16
			w.person(sequenceOf(events), func(p *trail) {
				got = append(got, slices.Clone(p.codes[:p.n]))
				tables[i%2].count(p)
			})
			paths := naive(f, events)
			if f.before && f.which == Every {
				slices.Reverse(paths)
			}
			require.Len(t, got, len(paths))
			for k := range paths {
				require.Equal(t, paths[k], append([]uint16{}, got[k]...))
				want = append(want, fmt.Sprint(paths[k]))
			}
		}
		c := gather(tables, f.steps, names, rapid.SampledFrom([]float64{0, 0.1, 0.3}).Draw(t, "share"))
		checkChart(t, c, f.steps, want, names)
	})
}

// checkChart holds an answer against the paths themselves.
func checkChart(t *rapid.T, c *chart, steps int, paths, names []string) {
	a := c.answer("anchor")
	require.Equal(t, int64(len(paths)), a.Paths)
	require.True(t, a.AllRoutes)
	counted := map[string]int64{}
	for _, p := range paths {
		counted[p]++
	}
	var routes int64
	for _, r := range a.Routes {
		codes := []uint16{}
		for _, name := range r.Events {
			codes = append(codes, uint16(slices.Index(names, name)))
		}
		require.Equal(t, counted[fmt.Sprint(codes)], r.Paths)
		require.Equal(t, len(codes) < steps, r.Ended)
		routes += r.Paths
	}
	if len(counted) <= topRoutes {
		require.Equal(t, a.Paths, routes)
	}
	if len(paths) == 0 {
		return
	}
	in, out := make([]int64, len(a.Nodes)), make([]int64, len(a.Nodes))
	for _, l := range a.Links {
		out[l.From] += l.Paths
		in[l.To] += l.Paths
	}
	ended := int64(0)
	for step := 0; step <= steps; step++ {
		here := ended
		for i, n := range a.Nodes {
			if n.Step != step {
				continue
			}
			here += n.Paths
			if step > 0 {
				require.Equal(t, n.Paths, in[i], "into %+v", n)
			}
			if n.What == End {
				ended += n.Paths
			} else if step < steps {
				require.Equal(t, n.Paths, out[i], "out of %+v", n)
			}
			if n.What == Event && step > 0 {
				var passing int64
				for p, times := range counted {
					if codes := strings.Fields(strings.Trim(p, "[]")); len(codes) >= step && codes[step-1] == strconv.Itoa(slices.Index(names, n.Event)) {
						passing += times
					}
				}
				require.Equal(t, passing, n.Paths)
			}
		}
		require.Equal(t, a.Paths, here, "step %d", step)
	}
}

// Following a person's paths needs no memory.
func TestWalkerAllocates(t *testing.T) {
	f := frame{steps: 5, which: Every, collapse: true, gap: 5, end: 50, until: 50}
	q := sequenceOf([]did{{1, anchor}, {2, 2}, {3, anchor}, {3, anchor}, {4, 3}, {5, leftOut}, {6, 4}})
	w, table := walkerOf(f), newTable(f.steps, mostOfName)
	each := func(p *trail) { table.count(p) }
	w.person(q, each)
	require.Zero(t, testing.AllocsPerRun(10, func() { w.person(q, each) }))
}
