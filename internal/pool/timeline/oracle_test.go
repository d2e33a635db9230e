package timeline_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// told is an event as the world knows it.
type told struct {
	timeline.Row
	position uint64
}

// world is the naive truth: all events in the order in which they came, and whose every node is. It is also the store's source.
type world struct {
	rows     []told
	of       map[int64]int64
	position uint64
	asked    int // how often Rows was called
}

func (w *world) Nodes(_ context.Context, yield func(node, person int64) error) error {
	for node, person := range w.of {
		if err := yield(node, person); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Count(_ context.Context, from, to uint64) (n int64, _ error) {
	for i := range w.rows {
		if w.rows[i].position > from && w.rows[i].position <= to {
			n++
		}
	}
	return n, nil
}

// Cut cuts in the middle, so that building a range in parts is tried too.
func (w *world) Cut(_ context.Context, from, to uint64, _ int64) ([]uint64, error) {
	if to-from < 2 {
		return []uint64{to}, nil
	}
	return []uint64{from + (to-from)/2, to}, nil
}

func (w *world) Rows(_ context.Context, q timeline.Query, yield func(*timeline.Batch) error) error {
	w.asked++
	codes := map[string]uint32{}
	b := timeline.Batch{}
	code := func(s string) uint32 {
		if _, ok := codes[s]; !ok {
			codes[s] = uint32(len(b.Words))
			b.Words = append(b.Words, s)
		}
		return codes[s]
	}
	flush := func() error {
		err := yield(&b)
		b = timeline.Batch{Words: b.Words}
		return err
	}
	for i := range w.rows {
		r := &w.rows[i]
		if r.position <= q.From || r.position > q.To || q.Name != "" && q.Name != r.Name {
			continue
		}
		b.Node, b.Time = append(b.Node, r.Node), append(b.Time, r.Time)
		b.Name, b.Channel = append(b.Name, code(r.Name)), append(b.Channel, code(r.Channel))
		b.Amount, b.HasAmount = append(b.Amount, r.Amount), append(b.HasAmount, r.HasAmount)
		if q.Properties {
			b.Properties = append(b.Properties, r.Properties)
		}
		if len(b.Node) == 7 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// nodes are a person's nodes, ascending.
func (w *world) nodes(person int64) (nodes []int64) {
	for node, p := range w.of {
		if p == person {
			nodes = append(nodes, node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

func (w *world) people() []int64 {
	return slices.Compact(slices.Sorted(maps.Values(w.of)))
}

// sequence is a person's events in order.
func (w *world) sequence(person, from int64) (rows []told) {
	for _, r := range w.rows {
		if w.of[r.Node] == person && r.Time >= from {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b told) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Node, b.Node)) })
	return rows
}

// machine does the same to the world and to a store, and compares them.
type machine struct {
	t       *rapid.T
	dir     string
	w       *world
	s       *timeline.Store
	clk     *clock.Manual
	next    int64 // node
	columns []timeline.Column
}

func columnsOf() []timeline.Column {
	return []timeline.Column{{Event: "A", Property: "p"}, {Event: "A", Property: "odd \"name\""}, {Event: "B", Property: "p"}, {Event: "never", Property: "x"}}
}

func (m *machine) open() {
	s, err := timeline.Open(context.Background(), timeline.Options{
		Dir: m.dir, Source: m.w, Currency: "CNY", Clock: m.clk, Logger: slog.New(slog.DiscardHandler), FlushEvents: 1 << 30,
	})
	require.NoError(m.t, err)
	m.s = s
	require.NoError(m.t, s.CatchUp(context.Background(), m.w.position, nil))
	require.Equal(m.t, m.w.position, s.Reached())
	require.False(m.t, s.NeedsRebuild())
}

func (m *machine) properties(t *rapid.T) []byte {
	return rapid.SampledFrom([][]byte{
		nil, []byte(`{}`), []byte(`{"p":1}`), []byte(`{"p":-2.5e3}`), []byte(`{"p":"杭州"}`), []byte(`{"p":"x","odd \"name\"":true}`), []byte(`{"p":null}`),
		[]byte(`{"p":false}`), []byte(`{"p":[1, 2]}`), []byte(`{"q":7,"odd \"name\"":"y"}`), []byte(`{"p":"a long text that lies outside"}`), []byte(`{"p":""}`),
	}).Draw(t, "properties")
}

// Batch is what the pipeline does with one batch of the log: nodes and people change, events come, late ones too.
func (m *machine) Batch(t *rapid.T) {
	m.s.Update(func(u *timeline.Writer) {
		set := func(node, person int64) {
			m.w.of[node] = person
			u.Join(node, person)
		}
		for range rapid.IntRange(0, 3).Draw(t, "fresh") {
			m.next += rapid.SampledFrom([]int64{1, 1, 1, 1, 1, 1, 5000}).Draw(t, "apart") // far apart nodes are kept as a list
			set(m.next, m.next)
		}
		if p := m.w.people(); len(p) > 1 && rapid.Bool().Draw(t, "merge") {
			a, b := rapid.SampledFrom(p).Draw(t, "a"), rapid.SampledFrom(p).Draw(t, "b")
			a, b = min(a, b), max(a, b)
			for _, node := range m.w.nodes(b) {
				set(node, a)
			}
		}
		if p := m.w.people(); len(p) > 0 && rapid.Bool().Draw(t, "unmerge") {
			nodes := m.w.nodes(rapid.SampledFrom(p).Draw(t, "whom"))
			if at := rapid.IntRange(0, len(nodes)-1).Draw(t, "apart"); at > 0 {
				apart := slices.Clone(nodes[at:])
				least := slices.Min(apart)
				for _, node := range rapid.Permutation(apart).Draw(t, "order") {
					set(node, least)
				}
			}
		}
		m.w.position += uint64(rapid.IntRange(1, 3).Draw(t, "positions"))
		var rows []timeline.Row
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			if len(m.w.of) == 0 {
				break
			}
			r := timeline.Row{
				Node: rapid.SampledFrom(slices.Sorted(maps.Keys(m.w.of))).Draw(t, "node"), Time: rapid.Int64Range(0, 30).Draw(t, "time") * 1_000_000,
				Name: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "name"), Channel: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "channel"),
				Properties: m.properties(t),
			}
			if r.HasAmount = rapid.Bool().Draw(t, "has"); r.HasAmount {
				r.Amount = rapid.Int64Range(-5, 1<<40).Draw(t, "amount")
			}
			rows = append(rows, r)
			m.w.rows = append(m.w.rows, told{r, m.w.position})
		}
		u.Append(rows)
		u.Reached(m.w.position)
		if rapid.Bool().Draw(t, "look") {
			m.compare(t, u.Reader())
		}
	})
}

// Erase forgets a person, in the source too or not yet.
func (m *machine) Erase(t *rapid.T) {
	p := m.w.people()
	if len(p) == 0 || rapid.IntRange(0, 3).Draw(t, "seldom") > 0 {
		t.Skip("nobody to erase")
	}
	who := rapid.SampledFrom(p).Draw(t, "who")
	at := rapid.Bool().Draw(t, "at once")
	m.w.position++
	m.s.Update(func(u *timeline.Writer) {
		for _, node := range m.w.nodes(who) {
			delete(m.w.of, node)
			if at {
				m.w.rows = slices.DeleteFunc(m.w.rows, func(r told) bool { return r.Node == node })
			}
		}
		u.Erase(who)
		u.Reached(m.w.position)
	})
}

func (m *machine) Flush(t *rapid.T) {
	require.NoError(t, m.s.Flush(context.Background()))
	require.Equal(t, m.w.position, m.s.Durable())
}

// FullDisk is a flush that fails: what was on its way to disk stays in memory, and can still be erased.
func (m *machine) FullDisk(t *rapid.T) {
	clear, err := timeline.Obstruct(m.s)
	require.NoError(t, err)
	_ = m.s.Flush(context.Background()) // no error if there were no events
	require.NoError(t, clear())
}

func (m *machine) Tend(t *rapid.T) {
	m.clk.Add(time.Minute)
	require.NoError(t, timeline.Tend(context.Background(), m.s))
}

func (m *machine) Purge(t *rapid.T) { require.NoError(t, m.s.Purge(context.Background())) }

func (m *machine) Want(t *rapid.T) {
	c := rapid.SampledFrom(columnsOf()).Draw(t, "column")
	require.NoError(t, m.s.Want(context.Background(), []timeline.Column{c}))
	if !slices.Contains(m.columns, c) {
		m.columns = append(m.columns, c)
	}
}

// Keep drops some columns.
func (m *machine) Keep(t *rapid.T) {
	m.columns = slices.DeleteFunc(m.columns, func(timeline.Column) bool { return rapid.Bool().Draw(t, "drop") })
	require.NoError(t, m.s.Keep(context.Background(), m.columns))
	require.ElementsMatch(t, m.columns, timeline.ColumnsOf(m.s))
	m.s.Read(func(r *timeline.Reader) {
		for _, c := range columnsOf() {
			_, ok := r.Col(c)
			require.Equal(t, slices.Contains(m.columns, c), ok)
		}
	})
}

// Stop is a stop in good order: nothing has to be read again.
func (m *machine) Stop(t *rapid.T) {
	require.NoError(t, m.s.Flush(context.Background()))
	require.NoError(t, m.s.Close())
	asked := m.w.asked
	m.open()
	require.Equal(t, asked, m.w.asked, "nothing was read from the source")
}

// Crash loses what is in memory, and sometimes a file is torn or changed.
func (m *machine) Crash(t *rapid.T) {
	require.NoError(t, m.s.Close())
	files, err := filepath.Glob(filepath.Join(m.dir, "*"))
	require.NoError(t, err)
	if len(files) > 0 && rapid.Bool().Draw(t, "damage") {
		damage(t, rapid.SampledFrom(files).Draw(t, "file"))
	}
	if rapid.IntRange(0, 4).Draw(t, "torn leftover") == 0 {
		require.NoError(t, os.WriteFile(filepath.Join(m.dir, "99999999.run.tmp"), []byte("half a run"), 0o600))
	}
	m.open()
	known := timeline.ColumnsOf(m.s) // a damaged manifest forgets them
	m.columns = slices.DeleteFunc(m.columns, func(c timeline.Column) bool { return !slices.Contains(known, c) })
}

func damage(t *rapid.T, file string) {
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	switch rapid.SampledFrom([]string{"cut", "flip", "gone", "longer"}).Draw(t, "how") {
	case "cut":
		b = b[:rapid.IntRange(0, max(0, len(b)-1)).Draw(t, "at")]
	case "flip":
		if len(b) > 0 {
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			b[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
	case "longer":
		b = append(b, 0)
	case "gone":
		require.NoError(t, os.Remove(file))
		return
	}
	require.NoError(t, os.WriteFile(file, b, 0o600))
}

// Check compares everything.
func (m *machine) Check(t *rapid.T) {
	m.s.Read(func(r *timeline.Reader) { m.compare(t, r) })
}

func (m *machine) compare(t *rapid.T, r *timeline.Reader) {
	people := m.w.people()
	require.Equal(t, len(people), r.Count())
	require.Equal(t, people, slices.Collect(r.People()))
	sc := timeline.NewScratch()
	for _, who := range people {
		require.Equal(t, m.w.nodes(who), r.Nodes(who))
		from := rapid.SampledFrom([]int64{0, 0, 5_000_000, 20_000_000}).Draw(t, "from")
		compareSequence(t, r, r.Sequence(sc, who, from), m.w.sequence(who, from), m.columns)
	}
	for node, who := range m.w.of {
		require.Equal(t, who, r.PersonOf(node))
	}
}

func compareSequence(t require.TestingT, r *timeline.Reader, q *timeline.Sequence, want []told, columns []timeline.Column) {
	require.Equal(t, len(want), q.Len())
	positions := map[string][]uint32{}
	for i, w := range want {
		at := fmt.Sprintf("event %d of %d", i, len(want))
		require.Equal(t, w.Time, q.Times[i], at)
		require.Equal(t, w.Name, r.Names()[q.Names[i]], at)
		require.Equal(t, w.Channel, r.Channels()[q.Channel(i)], at)
		amount, has := q.Amount(i)
		require.Equal(t, w.HasAmount, has, at)
		if has {
			require.Equal(t, w.Amount, amount, at)
		}
		for _, c := range columns {
			col, ok := r.Col(c)
			require.True(t, ok, "column %v is complete", c)
			wantValue := event.Value{}
			if w.Name == c.Event {
				wantValue = event.Property(w.Properties, c.Property)
			}
			require.Equal(t, wantValue, q.Value(col, i), "%s, column %v", at, c)
			number, ok := q.Number(col, i)
			require.Equal(t, wantValue.Kind == event.Number, ok)
			require.Equal(t, wantValue.Kind == event.Text, q.IsText(col, i, wantValue.Text))
			require.False(t, q.IsText(col, i, wantValue.Text+"!"))
			if ok {
				require.InDelta(t, wantValue.Num, number, 0)
			}
		}
		positions[w.Name] = append(positions[w.Name], uint32(i))
		require.Equal(t, slices.IndexFunc(want, func(o told) bool { return o.Time >= w.Time }), q.From(w.Time))
	}
	require.Equal(t, len(want), q.From(1<<60))
	for _, name := range []string{"A", "B", "C", "never"} {
		if code, ok := r.Name(name); ok {
			for _, c := range columns {
				if col, _ := r.Col(c); c.Event == name {
					requireDistinct(t, q, col, positions[name])
				}
			}
			require.Equal(t, positions[name], slices.Clone(q.Positions(code)))
		}
	}
}

// Whatever happens, in whatever order, the store says what the naive truth says: late events, equal times, merged and unmerged and erased
// people, columns that come later, flushes, merges, crashes, torn and changed files.
func TestStoreIsTheWorld(t *testing.T) {
	t.Parallel()
	top, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(top, strconv.Itoa(n))
		m := &machine{t: t, dir: dir, w: &world{of: map[int64]int64{}}, clk: clock.NewManual(time.UnixMicro(0))}
		m.open()
		defer func() { require.NoError(t, m.s.Close()) }()
		t.Repeat(map[string]func(*rapid.T){
			"": m.Check, "batch": m.Batch, "batch2": m.Batch, "erase": m.Erase, "flush": m.Flush, "tend": m.Tend, "purge": m.Purge, "full disk": m.FullDisk,
			"want": m.Want, "want again": m.Want, "keep": m.Keep, "stop": m.Stop, "crash": m.Crash,
		})
	})
}

// requireDistinct compares the quick count with comparing value by value.
func requireDistinct(t require.TestingT, q *timeline.Sequence, col int, events []uint32) {
	n, ok := q.Distinct(col, events)
	if !ok {
		return
	}
	different := map[event.Value]bool{}
	for _, i := range events {
		if v := q.Value(col, int(i)); v.Kind != event.Missing {
			different[v] = true
		}
	}
	require.Len(t, different, n)
}
