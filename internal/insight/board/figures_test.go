package board

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/insight"
)

// Rows over time become figures, others a table with bars; values are written as people read them.
func TestLay(t *testing.T) {
	t.Parallel()
	var over block
	over.lay(insight.Table{Columns: []string{"日期", "成交额", "转化率", "城市"}, Rows: [][]any{
		{"2026-03-01", insight.Money{Minor: 123456, Currency: "CNY"}, 0.25, "杭州"},
		{"2026-03-02", insight.Money{Minor: 246912, Currency: "CNY"}, new(0.5), "上海"},
	}}, "zh-CN")
	require.Nil(t, over.Rows)
	require.Len(t, over.Figures, 2, "a column of texts is no figure")
	require.Equal(t, Figure{Name: "成交额", Value: "¥2,469.12", Change: "较前一期 +100.0%", Rises: true, Bars: []int{18, 36}}, over.Figures[0])
	require.Equal(t, Figure{Name: "转化率", Value: "50.0%", Change: "较前一期 +25.0 个百分点", Rises: true, Bars: []int{18, 36}}, over.Figures[1])

	total := figuresOf(insight.Table{Columns: []string{"日期", "下单"}, Rows: [][]any{{"2026-03-01", 1}, {"2026-03-02", 2}, {"合计", 3}}}, "zh-CN")
	require.Len(t, total, 1)
	require.Equal(t, "2", total[0].Value, "the sum below is no moment")

	var other block
	rows := [][]any{}
	for i := range 12 {
		rows = append(rows, []any{"x", int64(1000 - i), (*int64)(nil), 0.5})
	}
	other.lay(insight.Table{Columns: []string{"step", "people", "median", "value"}, Rows: rows}, "en")
	require.Empty(t, other.Figures)
	require.Len(t, other.Rows.Rows, 10)
	require.Equal(t, "2 more rows are on the board.", other.More)
	require.Equal(t, []Cell{{Value: "x"}, {Value: "1,000", Bar: 100}, {Value: "–"}, {Value: "0.50"}}, other.Rows.Rows[0])
	require.Equal(t, []bool{false, true, false, true}, other.Rows.Numeric)

	var nothing block
	nothing.lay(insight.Table{Columns: []string{"a"}}, "en")
	require.NotEmpty(t, nothing.Error)
}

// Moments must be in order and each its own, or they are no course.
func TestOverTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first []any
		want  bool
	}{
		{[]any{"2026-01", "2026-02"}, true},
		{[]any{"2026-01-31", "2026-02-01", "2026-02-02"}, true},
		{[]any{"2026-01-31"}, false},
		{[]any{"2026-02-02", "2026-02-01"}, false},
		{[]any{"2026-02-02", "2026-02-02"}, false},
		{[]any{"杭州", "上海"}, false},
		{[]any{nil, "2026-02-02"}, false},
	} {
		table := insight.Table{Columns: []string{"day", "n"}}
		for _, f := range c.first {
			table.Rows = append(table.Rows, []any{f, 1})
		}
		require.Equal(t, c.want, overTime(table), "%v", c.first)
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    any
		rate bool
		want string
	}{
		{nil, false, "–"},
		{int64(-1234567), false, "-1,234,567"},
		{999, false, "999"},
		{0.123, true, "12.3%"},
		{1234.5, false, "1,234.50"},
		{insight.Money{Minor: -5, Currency: "USD"}, false, "-$0.05"},
		{insight.Money{Minor: 500, Currency: "KRW"}, false, "KRW 500"},
		{true, false, "yes"},
		{"x", true, "x"},
	} {
		require.Equal(t, c.want, shown(c.v, c.rate, "en"), "%v", c.v)
	}
}

// The few signs of a text block; everything else is text.
func TestParagraphs(t *testing.T) {
	t.Parallel()
	require.Equal(t, []paragraph{
		{Heading: 1, Runs: []run{{Text: "标题"}}},
		{Runs: []run{{Text: "a "}, {Text: "b", Bold: true}, {Text: " c"}, {Text: "\n"}, {Text: "d"}}},
		{Point: true, Runs: []run{{Text: "one"}}},
		{Runs: []run{{Text: "** alone"}}},
	}, paragraphs("# 标题\r\na **b** c\nd\n- one\n\n** alone\n"))
	require.Empty(t, paragraphs(" \n\n"))
}
