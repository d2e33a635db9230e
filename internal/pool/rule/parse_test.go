package rule

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// A rule is bounded, however it is written.
func TestBounds(t *testing.T) {
	t.Parallel()
	code := func(text string) string {
		_, problems := Parse(text, nil)
		if len(problems) == 0 {
			return ""
		}
		return problems[0].Code
	}
	many := func(n int) string { return strings.TrimSuffix(strings.Repeat(`has_tag("a") || `, n), " || ") }
	deep := func(n int) string { return strings.Repeat("!(has_tag(\"a\") && ", n) + "true" + strings.Repeat(")", n) }
	require.Equal(t, "rule.too_long", code(strings.Repeat(" ", MaxBytes)+"true"))
	require.Empty(t, code(many(MaxNodes-1)))
	require.Equal(t, "rule.too_many", code(many(MaxNodes)))
	require.Empty(t, code(deep(9)))
	require.Equal(t, "rule.too_deep", code(deep(10)))
	require.Equal(t, "rule.too_deep", code(strings.Repeat("(", 5000)+"true"+strings.Repeat(")", 5000)))
	require.Empty(t, code(strings.Repeat("!", 5000)+"true")) // an even number of them is none
	require.Equal(t, "rule.encoding", code("has_tag(\"\xff\")"))
	require.Equal(t, "rule.empty", code(" \n"))
}

// All problems of names and types come at once, in order, with their places.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	text := "has_tag(\"x\") &&\n  person.nope == 1 && count(\"Nope\", \"30\") > 1"
	_, problems := Parse(text, schemaOfCases("CNY"))
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d:%d+%d %s %q", p.Line, p.Column, p.Length, p.Code, string([]rune(text)[p.Offset:p.Offset+p.Length])))
	}
	require.Equal(t, []string{
		`1:9+3 rule.unknown_tag "\"x\""`, `2:3+11 rule.unknown_trait "person.nope"`, `2:29+6 rule.unknown_event "\"Nope\""`, `2:37+4 rule.window "\"30\""`,
	}, got)
}

// A property is checked against the event that has it.
func TestProperties(t *testing.T) {
	t.Parallel()
	schema := &Schema{Properties: func(event string) []Field {
		return map[string][]Field{"Order Completed": {{"sku", Text}, {"n", Number}}, "Empty": {}}[event]
	}}
	for text, want := range map[string]string{
		`count("Order Completed", "1d", event.sku == "a") > 0`:            "",
		`count("Order Completed", "1d", event.skus == "a") > 0`:           `rule.unknown_property event.sku`,
		`count("Order Completed", "1d", event["s k u"] == "a") > 0`:       `rule.unknown_property event.sku`,
		`sum("Order Completed", "m", "1d") > 0`:                           `rule.unknown_property "n"`,
		`sum("Order Completed", "sku", "1d") > 0`:                         `rule.type`,
		`distinct("Order Completed", "sku", "1d") > 0`:                    "",
		`sum("Order Completed", "revenue", "1d") > 0`:                     "",
		`sum("Empty", "x", "1d") > 0`:                                     `rule.unknown_property`,
		`sum("Unknown", "x", "1d") > 0`:                                   "",
		`count("Order Completed", "1d", event.revenue.contains("a")) > 0`: `rule.type`,
	} {
		_, problems := Parse(text, schema)
		got := ""
		if len(problems) > 0 {
			got = strings.TrimSpace(problems[0].Code + " " + strings.Join(problems[0].Suggestions, " "))
		}
		require.Equal(t, want, got, text)
	}
}

// The suggestion, put in the marked place, is right.
func TestSuggestionsWork(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`person.city = "杭州"`, `has_tag("vip") and has_tag("new")`, `count("order completed", "30d") >= 1`, `person.ctiy == "a"`, `person.age >= "18"`, `count("Page Viewed", "30 days") >= 1`,
		`person.城市 == "a"`, `person.city == 杭州`, `has_tag（"vip")`, `hasTag("vip")`, `count("Page Viewed", "7d")`, `tier("activty") == "core"`, `"5" == count("Page Viewed", "7d")`, `has_tag("vip") | has_tag("new")`,
		`person.city <> "a"`, `person.age => 3`, `person.vip === true`, `person.age == 9007199254740993`, `city == "x"`,
	} {
		_, problems := Parse(text, schemaOfCases("CNY"))
		require.NotEmpty(t, problems, text)
		p := problems[0]
		require.NotEmpty(t, p.Suggestions, text)
		runes := []rune(text)
		mended := string(runes[:p.Offset]) + p.Suggestions[0] + string(runes[p.Offset+p.Length:])
		_, problems = Parse(mended, schemaOfCases("CNY"))
		if p.Code != "rule.number" { // there the types differ then
			require.Empty(t, problems, mended)
		}
	}
}

// What a rule mentions.
func TestRefs(t *testing.T) {
	t.Parallel()
	r := must(t, `count("B", "30d", event.x == person.y) > 1 && sum("A", "revenue", "7d") > 0 && distinct("A", "z", "all") > 1 && person.y == "" && has_tag("t")
		&& held(tier("d") == "l", "90d") && in_segment("s") && identity("phone") && consent("sms") && channel.last == "x" && active_days("3d") > 0`)
	require.Empty(t, cmp.Diff(Refs{
		Events: []string{"A", "B"}, Columns: []timeline.Column{{Event: "A", Property: "z"}, {Event: "B", Property: "x"}}, Traits: []string{"y"}, Tags: []string{"t"}, Tiers: []string{"d"},
		Segments: []string{"s"}, Kinds: []string{"phone"}, Purposes: []string{"sms"}, Held: []HeldRef{{"tier", "d", "l"}}, Channels: true, AnyEvent: true, Days: 30, All: true, TimeDriven: true,
	}, r.Refs()))
	require.Equal(t, []string{"segment/s", "tag/t", "tier/d"}, r.Refs().On())
	for text, driven := range map[string]bool{
		`has_tag("a")`: false, `count("A", "all") > 1`: false, `count("A", "1d") > 1`: true, `days_since_first("A") > 1`: true, `held(has_tag("a"), "1d")`: true, `active_days("all") > 1`: false,
		`bucket("x") < 0.5`: false,
	} {
		require.Equal(t, driven, must(t, text).Refs().TimeDriven, text)
	}
	require.False(t, must(t, `person.x == 1`).Refs().NeedsEvents())
	require.True(t, must(t, `days_since_last("A") == 1`).Refs().All)
}

// A circle of rules is found, with its path.
func TestCycle(t *testing.T) {
	t.Parallel()
	require.Nil(t, Cycle(map[string][]string{"a": {"b", "c"}, "b": {"c"}, "d": {"a"}}))
	require.Equal(t, []string{"a", "a"}, Cycle(map[string][]string{"a": {"a"}}))
	require.Equal(t, []string{"b", "c", "d", "b"}, Cycle(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"e", "d"}, "d": {"b"}}))
}

// A tree as a builder makes it becomes text; what is no rule is refused with its place.
func TestFromTree(t *testing.T) {
	t.Parallel()
	for tree, want := range map[string]string{
		`{"op":"and","of":[{"op":"has_tag","key":"a\"b"},{"op":"or","of":[{"op":"const","value":true},{"op":"in_segment","key":"s"}]}]}`:                                                                                             `has_tag("a\"b") && (true || in_segment("s"))`,
		`{"op":"compare","cmp":">=","left":{"fn":"count","event":"E","window":"30d","where":{"op":"text","test":"contains","left":{"fn":"property","name":"p q"},"right":{"fn":"lit","value":"x"}}},"right":{"fn":"lit","value":3}}`: `count("E", "30d", event["p q"].contains("x")) >= 3`,
		`{"op":"in","not":true,"left":{"fn":"trait","name":"city"},"list":["a",1,true]}`:                                                                                                                                             `!(person.city in ["a", 1, true])`,
		`{"op":"compare","cmp":"<","left":{"fn":"raw","text":"count('A','7d') + 1"},"right":{"fn":"active_days","window":"all"}}`:                                                                                                    `count("A", "7d") + 1 < active_days("all")`,
		`{"op":"and","of":[{"op":"raw","text":"has_tag('a') || has_tag('b')"},{"op":"not","of":[{"op":"identity","kind":"phone"}]}]}`:                                                                                                `(has_tag("a") || has_tag("b")) && !identity("phone")`,
		`{"op":"held","window":"30d","of":[{"op":"compare","cmp":"==","left":{"fn":"tier","dimension":"d"},"right":{"fn":"lit","value":"l"}}]}`:                                                                                      `held(tier("d") == "l", "30d")`,
		`{"op":"compare","cmp":"==","left":{"fn":"channel","which":"last"},"right":{"fn":"lit","value":"x"}}`:                                                                                                                        `channel.last == "x"`,
		`{"op":"and","of":[{"op":"consent","purpose":"sms"}]}`:                                                                                                                                                                       `consent("sms")`,
		`{"op":"compare","cmp":"<","left":{"fn":"bucket","salt":"s"},"right":{"fn":"lit","value":0.1}}`:                                                                                                                              `bucket("s") < 0.1`,
		`{"op":"and","of":[]}`:                                         "tree.of",
		`{"op":"has_tag"}`:                                             "tree.key",
		`{"op":"sql","text":"1=1"}`:                                    "tree.op",
		`{"op":"raw","text":"true) || (true"}`:                         "tree.text",
		`{"op":"compare","cmp":"like"}`:                                "tree.cmp",
		`{"op":"compare","cmp":"==","left":{"fn":"trait","name":"x"}}`: "tree.right",
		`{"op":"compare","cmp":"==","left":{"fn":"count","event":"E","window":"3 days"},"right":{"fn":"lit","value":1}}`: "tree.left.window",
		`{"op":"in","left":{"fn":"trait","name":"x"},"list":[null]}`:                                                     "tree.list[0]",
		`{"op":"held","window":"all","of":[{"op":"has_tag","key":"a"}]}`:                                                 "tree.window",
		`{"op":"has","left":{"fn":"tier","dimension":"d"}}`:                                                              "tree.left",
	} {
		var v Tree
		require.NoError(t, json.Unmarshal([]byte(tree), &v))
		got, problems := FromTree(v)
		if strings.HasPrefix(want, "tree.") {
			require.Len(t, problems, 1, tree)
			require.Equal(t, "rule.tree", problems[0].Code)
			require.Equal(t, want, problems[0].Path)
			require.NotEmpty(t, problems[0].Message)
			require.NotEmpty(t, problems[0].MessageZH)
			continue
		}
		require.Empty(t, problems, tree)
		require.Equal(t, want, got)
		must(t, got)
	}
	deep := Tree{Op: "has_tag", Key: "a"}
	for range 1000 {
		deep = Tree{Op: "not", Of: []Tree{deep}}
	}
	_, problems := FromTree(deep)
	require.Len(t, problems, 1)
}

// FuzzParse: whatever the text, reading it ends with a rule all of whose forms are that rule, or with problems that lie in the text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`count("Order Completed", "30d", event.sku == "T1") >= 3 && !has_tag("staff")`, `person["odd name"] in ["a", 1, true] || held(tier("a") == "b", "30d")`,
		`-sum("A", "revenue", "all") * 2 % 3 < 1e3`, `person.x = 1`, `has_tag("`, `(((`, "person.城市 == “杭州”", `a ? b : c`, `r"\d" == b'x'`, "has_tag(\"a\\u0000\\n\") // x", `person.x.matches("(a")`,
		`[1][0] > {"a": 1}.a`, `x{y: 1}`, `"""a""" == person.x`, "person.`a b` == 1", `0x1f == 1u`,
	} {
		f.Add(text)
	}
	schema := schemaOfCases("CNY")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []*Schema{nil, schema} {
			r, problems := Parse(text, s)
			require.Equal(t, r == nil, len(problems) > 0)
			for _, p := range problems {
				require.NotEmpty(t, p.Code)
				require.NotEmpty(t, p.Message)
				require.NotEmpty(t, p.MessageZH)
				require.GreaterOrEqual(t, p.Line, 1)
				require.GreaterOrEqual(t, p.Column, 1)
				require.GreaterOrEqual(t, p.Offset, 0)
				require.LessOrEqual(t, p.Offset+p.Length, utf8.RuneCountInString(text))
				require.NotEmpty(t, p.Show(text, "zh"))
			}
			if r == nil {
				continue
			}
			again, problems := Parse(r.Text(), s)
			require.Empty(t, problems, r.Text())
			require.Equal(t, r.Text(), again.Text())
			require.Equal(t, r.root, again.root)
			body, err := json.Marshal(r.Tree())
			require.NoError(t, err)
			var tree Tree
			require.NoError(t, json.Unmarshal(body, &tree))
			back, problems := FromTree(tree)
			require.Empty(t, problems)
			require.Equal(t, r.Text(), back)
			require.True(t, utf8.ValidString(r.Sentence("zh")+r.Sentence("en")))
			if normal, problems := Parse(r.Normal(), s); len(problems) == 0 {
				require.Equal(t, r.Normal(), normal.Normal())
			}
		}
	})
}
