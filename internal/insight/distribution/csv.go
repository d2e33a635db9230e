package distribution

import (
	"math"

	"github.com/huoshui/huoshui/internal/insight"
)

// tabulate gives a row for each bin and value, and a column for each group.
func tabulate(q Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{say("从（含）", "From"), say("到（不含）", "To, not included"), say("取值", "Value")}}
	for _, p := range a.Parts {
		name := say("人数", "People")
		if a.Counted == "events" {
			name = say("事件数", "Events")
		}
		if p.Group != nil {
			name = groupName(*p.Group, say)
		}
		t.Columns = append(t.Columns, name)
	}
	for i, b := range a.Bins {
		row := []any{figureOf(a.Unit, b.From, a.Currency), figureOf(a.Unit, b.To, a.Currency), nil}
		for _, p := range a.Parts {
			row = append(row, p.Counts[i])
		}
		t.Rows = append(t.Rows, row)
	}
	for i, v := range a.Values {
		name := v.Value
		if v.Rest {
			name = say("其他", "Others")
		}
		row := []any{nil, nil, name}
		for _, p := range a.Parts {
			row = append(row, p.Values[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// figureOf is a figure as a table has it.
func figureOf(unit Unit, v *float64, currency string) any {
	switch {
	case v == nil:
		return nil
	case unit == Money:
		return insight.Money{Minor: int64(math.Round(*v)), Currency: currency}
	case *v == math.Trunc(*v) && math.Abs(*v) < 1e15:
		return int64(*v)
	}
	return *v
}
