package rule

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the case files say comes true, in every way of asking.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	titles := map[string]bool{}
	known := &calendars{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(t, err)
		checks, err := parseCases(string(body))
		require.NoError(t, err, file)
		for _, c := range checks {
			titles[file+c.title] = true
			t.Run(fmt.Sprintf("%s/%s/line %d", strings.TrimSuffix(filepath.Base(file), ".txt"), c.title, c.line), func(t *testing.T) {
				t.Parallel()
				c.run(t, known)
			})
		}
	}
	require.GreaterOrEqual(t, len(titles), 60)
}

func (c check) run(t *testing.T, known *calendars) {
	r, problems := Parse(c.rule, schemaOfCases(c.currency))
	if c.word == "refused" {
		require.NotEmpty(t, problems, "a rule after all: %s", c.rule)
		p := problems[0]
		got := fmt.Sprintf("%s at %d:%d", p.Code, p.Line, p.Column)
		if strings.Contains(c.want, " try ") && len(p.Suggestions) > 0 {
			got += " try " + p.Suggestions[0]
		}
		require.Equal(t, c.want, got, "%s", p.Message)
		require.NotEmpty(t, p.Message)
		require.NotEmpty(t, p.MessageZH)
		return
	}
	require.Empty(t, problems, c.rule)
	switch c.word {
	case "says":
		lang, want, _ := strings.Cut(c.want, " ")
		require.Equal(t, want, r.Sentence(lang))
	case "normal":
		require.Equal(t, c.want, r.Normal())
	case "text":
		require.Equal(t, c.want, r.Text())
	default:
		c.expect(t, r, known)
	}
}

func (c check) expect(t *testing.T, r *Rule, known *calendars) {
	at := known.in(c.zone).At(c.at)
	var got []string
	names := slices.Sorted(maps.Keys(c.people))
	people := make([]*human, 0, len(names))
	for _, name := range names {
		people = append(people, c.people[name])
	}
	for i, in := range answers(t, people, []*Rule{r}, at, c.currency) {
		if in[0] {
			got = append(got, names[i])
		}
	}
	want := strings.Fields(c.want)
	slices.Sort(want)
	if c.want == "nobody" {
		want = nil
	}
	require.Equal(t, want, got, "%s", c.rule)
}

// schemaOfCases is what the pool of the case files knows, for the cases about refusals. It knows any event's properties.
func schemaOfCases(currency string) *Schema {
	return &Schema{
		Events:   []string{"Order Completed", "Order Cancelled", "Page Viewed", "Product Viewed", "Signed Up", "抽奖", "Segment Entered", "Tag Added"},
		Tags:     []string{"staff", "vip", "new"},
		Segments: []string{"loyal", "sleepers"},
		Tiers:    []Dimension{{"activity", []string{"core", "active", "ordinary"}}, {"value", []string{"high", "low"}}},
		Kinds:    []string{"phone", "email", "unionid"}, Purposes: []string{"sms", "email"},
		Traits: []Field{
			{"city", Text}, {"age", Number}, {"vip", Bool}, {"odd name", Any}, {"birthday", Text}, {"interests", Any}, {"score", Any}, {"城市", Text}, {"name", Text}, {"in", Any},
		},
		Words: Words{Currency: currency},
	}
}

// FuzzCases: whatever stands in a case file, reading it ends, and what it asks can be asked.
func FuzzCases(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(f, err)
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(body))
	}
	f.Add("case x\nload\n a 2026-01-01 00:00 \"E\" a=1\nat 2026-01-01 00:00\nrule true\nexpect a")
	f.Fuzz(func(t *testing.T, text string) {
		checks, err := parseCases(text)
		if err != nil {
			return
		}
		for _, c := range checks {
			require.NotEmpty(t, c.rule)
			require.NotEmpty(t, c.title)
		}
	})
}
