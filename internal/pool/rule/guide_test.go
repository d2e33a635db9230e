package rule

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every example of the guide is a rule, the same in both languages, and every code that a problem may have is in it.
func TestGuide(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("problem.go")
	require.NoError(t, err)
	codes := map[string]bool{"rule.tree": true, "rule.column": true}
	for _, found := range regexp.MustCompile(`says\("(rule\.[a-z_]+)",`).FindAllStringSubmatch(string(source), -1) {
		codes[found[1]] = true
	}
	for _, what := range []What{EventWord, PropertyWord, TraitWord, TagWord, SegmentWord, DimensionWord, LevelWord, KindWord, PurposeWord} {
		codes["rule.unknown_"+string(what)] = true
	}
	var examples [2][]string
	for i, file := range []string{"rules.md", "rules.zh-CN.md"} {
		body, err := os.ReadFile("../../../docs/guides/" + file)
		require.NoError(t, err)
		text := string(body)
		for _, block := range regexp.MustCompile("(?s)```cel\n(.*?)```").FindAllStringSubmatch(text, -1) {
			examples[i] = append(examples[i], strings.TrimSpace(block[1]))
		}
		for line := range strings.SplitSeq(text, "\n") { // the last cell of a row of three is an example
			cells := strings.Split(line, " | ")
			if found := regexp.MustCompile("^`([^`]+)` \\|$").FindStringSubmatch(cells[len(cells)-1]); len(cells) == 3 && found != nil {
				examples[i] = append(examples[i], found[1])
			}
		}
		listed := map[string]bool{}
		for _, found := range regexp.MustCompile("`(rule\\.[a-z_]+)`").FindAllStringSubmatch(text, -1) {
			listed[found[1]] = true
		}
		require.Equal(t, slices.Sorted(maps.Keys(codes)), slices.Sorted(maps.Keys(listed)), file)
	}
	require.Equal(t, examples[0], examples[1])
	require.Len(t, examples[0], 23)
	mentioned := map[string]bool{}
	for _, e := range examples[0] {
		r := must(t, e)
		r.root.walk(func(n *node) { mentioned[n.op.function()] = true })
	}
	for _, o := range functions() {
		require.True(t, mentioned[o.function()], "no example of %s", o.function())
	}
}
