package rule

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// An explanation tells the person's own values, and how far they are from what is asked.
func TestExplain(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	at := NewCalendar(zone).At(time.Date(2026, 3, 30, 12, 0, 0, 0, zone).UnixMicro())
	day := func(month time.Month, d int) int64 { return time.Date(2026, month, d, 10, 0, 0, 0, zone).UnixMicro() }
	h := newHuman(7)
	spent := int64(150_050)
	h.events = []happened{
		{time: day(3, 1), name: "Order Completed", amount: &spent}, {time: day(3, 20), name: "Order Completed"}, {time: day(2, 28), name: "Order Completed"},
	}
	h.traits["city"], h.traits["age"], h.traits["vip"] = event.TextValue("上海"), event.NumberValue(17), event.BoolValue(false)
	h.tiers["activity"] = stand{"core", day(3, 10)}
	h.tags["vip"] = day(3, 1)
	w := worldOf(h)
	words := Words{Currency: "CNY"}
	for _, c := range []struct {
		text, found, missing string
		actual               any
		holds                bool
	}{
		{`count("Order Completed", "30d") >= 3`, "实际 2 次 / actually 2 times", "还差 1 次 / 1 more time needed", 2.0, false},
		{`count("Order Completed", "30d") > 2.5`, "实际 2 次 / actually 2 times", "还差 1 次 / 1 more time needed", 2.0, false},
		{`count("Order Completed", "30d") < 2`, "实际 2 次 / actually 2 times", "多了 1 次 / 1 time too many", 2.0, false},
		{`3 <= count("Order Completed", "all")`, "实际 3 次 / actually 3 times", "", 3.0, true},
		{`sum("Order Completed", "revenue", "365d") >= 2000`, "实际 1500.5 元 / actually 1500.5 CNY", "还差 499.5 元 / 499.5 CNY more needed", 1500.5, false},
		{`days_since_last("Order Completed") > 30`, "实际 10 天 / actually 10 days", "还要过 20 天 / 20 more days to pass", 10.0, false},
		{`days_since_last("Page Viewed") > 30`, "实际没有记录 / nothing is known", "还没有浏览页面 / never yet viewed a page", nil, false},
		{`avg("Order Completed", "n", "30d") > 3`, "实际没有记录 / nothing is known", "", nil, false},
		{`active_days("30d") == 2`, "实际 2 天 / actually 2 days", "", 2.0, true},
		{`person.city == "杭州"`, "实际是“上海” / actually “上海”", "", "上海", false},
		{`person.city in ["杭州"]`, "实际是“上海” / actually “上海”", "", "上海", false},
		{`person.age >= 18`, "实际 17 / actually 17", "还差 1 / 1 more needed", 17.0, false},
		{`person.age > 17`, "实际 17 / actually 17", "刚好相等，还不够 / just equal, which is not enough", 17.0, false},
		{`person.vip`, "实际为“否” / actually no", "", false, false},
		{`person.gender == "f"`, "实际没有记录 / nothing is known", "", nil, false},
		{`tier("activity") == "active"`, "实际是“core” / actually “core”", "", "core", false},
		{`held(has_tag("vip"), "30d")`, "自 2026-03-01 起 / since 2026-03-01", "还要再过 1 天 / 1 more day to pass", "2026-03-01", false},
		{`held(has_tag("vip"), "29d")`, "自 2026-03-01 起 / since 2026-03-01", "", "2026-03-01", true},
		{`held(in_segment("x"), "30d")`, "目前并非如此 / not so at present", "先要满足：在人群“x”中 / first: Is in the segment “x”", nil, false},
	} {
		p, err := must(t, c.text).Speaking(words).Compile(w, "CNY")
		require.NoError(t, err)
		e := p.Explain(w.about(h, p.Refs(), at), at)
		both := func(s *Said) string {
			if s == nil {
				return ""
			}
			return s.ZH + " / " + s.EN
		}
		require.Equal(t, c.holds, e.Result, c.text)
		require.Equal(t, c.found, both(e.Found), c.text)
		require.Equal(t, c.missing, both(e.Missing), c.text)
		require.Equal(t, c.actual, e.Actual, c.text)
	}
}

// An explanation has the parts of its rule, each with its answer and its days.
func TestExplainParts(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	at := NewCalendar(zone).At(time.Date(2026, 3, 30, 12, 0, 0, 0, zone).UnixMicro())
	h := newHuman(1)
	w := worldOf(h)
	p, err := must(t, `count("Order Completed", "30d") >= 3 && (has_tag("a") || !has_tag("b"))`).Compile(w, "CNY")
	require.NoError(t, err)
	var lines []string
	var show func(e Explanation, depth int)
	show = func(e Explanation, depth int) {
		lines = append(lines, fmt.Sprintf("%s%s %t %s %s", strings.Repeat(" ", depth), e.Op, e.Result, e.From, e.To))
		for _, k := range e.Of {
			show(k, depth+1)
		}
	}
	show(p.Explain(w.about(h, p.Refs(), at), at), 0)
	require.Equal(t, []string{
		"and false  ", " compare false 2026-03-01 2026-03-30", " or true  ", "  has_tag false  ", "  not true  ", "   has_tag false  ",
	}, lines)
}

// What is said to be missing is what is missing: the person who waits or does as told is in.
func TestMissingIsEnough(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := NewCalendar(zone)
	h := newHuman(7)
	h.tags["vip"] = time.Date(2026, 3, 1, 10, 0, 0, 0, zone).UnixMicro()
	w := worldOf(h)
	p, err := must(t, `held(has_tag("vip"), "30d")`).Compile(w, "CNY")
	require.NoError(t, err)
	at := cal.At(time.Date(2026, 3, 12, 10, 0, 0, 0, zone).UnixMicro())
	require.Equal(t, "还要再过 19 天", p.Explain(w.about(h, p.Refs(), at), at).Missing.ZH)
	later := func(days int64) bool {
		at := cal.At(at.Now + days*dayMicros)
		return p.Eval(w.about(h, p.Refs(), at), at)
	}
	require.False(t, later(18))
	require.True(t, later(19))
}

// A terminal shows a problem with its place, also behind characters that are two columns wide.
func TestShow(t *testing.T) {
	t.Parallel()
	text := "has_tag(\"标签\") &&\nhas_tags(\"a\")"
	_, problems := Parse(text, nil)
	require.Equal(t, "2:1 没有名为“has_tags”的函数。 (rule.unknown_function)\n  has_tags(\"a\")\n  ^^^^^^^^\n  可改为: has_tag\n", problems[0].Show(text, "zh"))
	text = `person.name == "标签" & true`
	_, problems = Parse(text, nil)
	require.Equal(t, "1:21 Write && instead of &. (rule.single_sign)\n  "+text+"\n                        ^\n  instead: &&\n", problems[0].Show(text, "en"))
}
