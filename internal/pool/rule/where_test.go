package rule_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// A condition on one event's properties reads like one inside count, knows its columns, and is refused with its place and what may be meant.
func TestParseWhere(t *testing.T) {
	t.Parallel()
	schema := &rule.Schema{
		Events: []string{"Order Completed"},
		Properties: func(string) []rule.Field {
			return []rule.Field{{Name: "category", Type: rule.Text}, {Name: "quantity", Type: rule.Number}}
		},
	}
	w, problems := rule.ParseWhere("Order Completed", `event.category=="tea"&&event.quantity>=2&&event.revenue>20`, schema)
	require.Empty(t, problems)
	require.Equal(t, "Order Completed", w.Event())
	require.Equal(t, `event.category == "tea" && event.quantity >= 2 && event.revenue > 20`, w.Text())
	require.Equal(t, []timeline.Column{{Event: "Order Completed", Property: "category"}, {Event: "Order Completed", Property: "quantity"}}, w.Columns(), "revenue is no column")
	require.NotEmpty(t, w.Sentence("zh"))
	require.NotEmpty(t, w.Sentence("en"))
	for text, code := range map[string]string{
		``:                                  "rule.empty",
		`event.categroy == "tea"`:           "rule.unknown_property",
		`event.category == 3`:               "rule.type",
		`event.category = "tea"`:            "rule.single_equals",
		`has_tag("vip")`:                    "rule.nested",
		`count("Order Completed","7d") > 1`: "rule.nested",
	} {
		w, problems := rule.ParseWhere("Order Completed", text, schema)
		require.Nil(t, w, text)
		require.Equal(t, code, problems[0].Code, text)
	}
	_, problems = rule.ParseWhere("Order Completed", `event.categroy == "tea"`, schema)
	require.Equal(t, []string{"event.category"}, problems[0].Suggestions)
	require.Equal(t, []string{"category"}, rule.Nearest("categroy", []string{"quantity", "category"}))
}
