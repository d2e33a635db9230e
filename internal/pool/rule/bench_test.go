package rule

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// crowd is many people in columns, as a timeline has them: fifty events a person over ninety days, twelve names of which few are frequent.
type crowd struct {
	world
	starts  []int
	times   []int64
	names   []uint16
	amounts []int64
	skus    []event.Value
	at      int // whose turn it is
	index   []uint32
	bounds  [13]int
	indexed int
}

func newCrowd(people, each int, now int64) *crowd {
	dice := rand.New(rand.NewPCG(1, 2))
	c := &crowd{world: world{codes: map[string]uint16{}}, indexed: -1}
	for i := range 12 {
		c.codes[fmt.Sprintf("Event %d", i)] = uint16(i)
	}
	for range people {
		c.starts = append(c.starts, len(c.times))
		at := now - 90*dayMicros
		for range each {
			at += dice.Int64N(2 * 90 * dayMicros / int64(each))
			c.times = append(c.times, at)
			c.names = append(c.names, uint16(min(11, int(dice.ExpFloat64()*2))))
			c.amounts = append(c.amounts, dice.Int64N(50000))
			c.skus = append(c.skus, event.TextValue(fmt.Sprint("T", dice.IntN(50))))
		}
	}
	c.starts = append(c.starts, len(c.times))
	return c
}

func (c *crowd) Person() int64 { return int64(c.at + 1) }

func (c *crowd) Events() Events {
	from, to := c.starts[c.at], c.starts[c.at+1]
	return Events{Times: c.times[from:to], Names: c.names[from:to], Rows: c}
}

func (c *crowd) Trait(slot int) event.Value { return c.skus[c.starts[c.at]+slot] }
func (c *crowd) Tag(slot int) bool          { return (c.at+slot)%7 == 0 }
func (c *crowd) Tier(slot int) string       { return []string{"a", "b", "c"}[(c.at+slot)%3] }
func (c *crowd) Segment(slot int) bool      { return (c.at+slot)%5 == 0 }
func (c *crowd) Since(int) (int64, bool)    { return 0, c.at%2 == 0 }
func (c *crowd) Channel(bool) string        { return "wechat" }
func (c *crowd) Identity(int) bool          { return c.at%3 == 0 }
func (c *crowd) Consent(int) bool           { return c.at%4 == 0 }

// Positions sorts a person's events by name once, when first asked.
func (c *crowd) Positions(name uint16) []uint32 {
	if c.indexed != c.at {
		from, to := c.starts[c.at], c.starts[c.at+1]
		names := c.names[from:to]
		c.bounds = [13]int{}
		for _, n := range names {
			c.bounds[n+1]++
		}
		for i := 1; i < 13; i++ {
			c.bounds[i] += c.bounds[i-1]
		}
		if cap(c.index) < len(names) {
			c.index = make([]uint32, len(names))
		}
		c.index = c.index[:len(names)]
		next := c.bounds
		for i, n := range names {
			c.index[next[n]] = uint32(i)
			next[n]++
		}
		c.indexed = c.at
	}
	return c.index[c.bounds[name]:c.bounds[name+1]]
}

func (c *crowd) Amount(i int) (int64, bool)        { return c.amounts[c.starts[c.at]+i], true }
func (c *crowd) Value(_, i int) event.Value        { return c.skus[c.starts[c.at]+i] }
func (c *crowd) Number(col, i int) (float64, bool) { return numeric(c.Value(col, i)) }

// mixedRules are a hundred different rules of the kinds that people write.
func mixedRules(tb testing.TB) []*Rule {
	tb.Helper()
	windows := []string{"7d", "14d", "30d", "60d", "90d", "all"}
	var rules []*Rule
	for i := range 100 {
		e, w := fmt.Sprintf("Event %d", i%12), windows[i%len(windows)]
		rules = append(rules, must(tb, []string{
			fmt.Sprintf(`count(%q, %q) >= %d`, e, w, i%5+1),
			fmt.Sprintf(`sum(%q, "revenue", %q) >= %d && !has_tag("staff")`, e, w, i*20),
			fmt.Sprintf(`days_since_last(%q) > %d && count(%q, "90d") >= 2`, e, i%40, e),
			fmt.Sprintf(`count(%q, %q, event.sku == "T%d") >= 1`, e, w, i%50),
			fmt.Sprintf(`person.city == "T%d" || avg(%q, "revenue", %q) > %d`, i%50, e, w, i),
			fmt.Sprintf(`active_days(%q) >= %d && tier("activity") == "a"`, w, i%20),
			fmt.Sprintf(`distinct(%q, "sku", %q) >= 3 || in_segment("s%d")`, e, w, i%4),
			fmt.Sprintf(`count(%q, %q) == 0 && count("Event 0", "30d") >= 3`, e, w),
		}[i%8]))
	}
	return rules
}

func benchmark(b *testing.B, rules []*Rule, people, each int) {
	b.Helper()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, zone).UnixMicro()
	at := NewCalendar(zone).At(now)
	c := newCrowd(people, each, now)
	set, err := CompileAll(rules, c, "CNY")
	require.NoError(b, err)
	out := make([]bool, len(rules))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		c.at = i % people
		set.Eval(c, at, out)
	}
}

func BenchmarkHundredRules(b *testing.B) { benchmark(b, mixedRules(b), 20_000, 50) }

func BenchmarkOneRule(b *testing.B) {
	for _, text := range []string{
		`count("Event 2", "30d") >= 3`,
		`count("Event 2", "30d") >= 3 && sum("Event 1", "revenue", "90d") >= 200 && person.city == "T1" && !has_tag("staff")`,
		`sum("Event 1", "revenue", "90d") >= 200`,
		`days_since_last("Event 3") > 30`,
	} {
		b.Run(text, func(b *testing.B) { benchmark(b, []*Rule{must(b, text)}, 20_000, 50) })
	}
}

// One person with a hundred thousand events.
func BenchmarkLongHistory(b *testing.B) {
	for _, text := range []string{
		`count("Event 0", "30d") >= 3`, `count("Event 0", "all", event.sku == "T1") >= 100000`, `sum("Event 0", "revenue", "all") < 0`, `distinct("Event 0", "sku", "all") > 100`,
	} {
		b.Run(text, func(b *testing.B) { benchmark(b, []*Rule{must(b, text)}, 1, 100_000) })
	}
}

func BenchmarkParse(b *testing.B) {
	for range b.N {
		must(b, `count("Order Completed", "30d") >= 3 && sum("Order Completed", "revenue", "365d") >= 2000 && person.city == "杭州" && !has_tag("staff")`)
	}
}

// Asking allocates nothing.
func TestNoAllocation(t *testing.T) { //nolint:paralleltest // allocations are counted for the whole process
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, zone).UnixMicro()
	at := NewCalendar(zone).At(now)
	c := newCrowd(50, 50, now)
	rules := mixedRules(t)
	set, err := CompileAll(rules, c, "CNY")
	require.NoError(t, err)
	out := make([]bool, len(rules))
	f := set.frame(c, at) // the pool of frames may be emptied at any time; this is what it gives
	ask := func() {
		for c.at = range 50 {
			f.begin(c, at, true)
			for i, root := range set.roots {
				out[i] = root.holds(f)
			}
		}
	}
	ask()
	require.Zero(t, testing.AllocsPerRun(3, ask))
}

func (c *crowd) IsText(col, i int, text string) bool {
	is := c.Value(col, i)
	return is.Kind == event.Text && is.Text == text
}

func (c *crowd) Distinct(int, []uint32) (int, bool) { return 0, false }
