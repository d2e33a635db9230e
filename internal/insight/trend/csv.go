package trend

import (
	"math"

	"github.com/huoshui/huoshui/internal/insight"
)

// tabulate gives a row for each point and a column for each line, with what was asked for beside it; the last row is the whole range.
func tabulate(q Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{say("时间", "Time")}, Rows: make([][]any, len(a.Points)+1)}
	for i, p := range a.Points {
		t.Rows[i] = []any{p.At}
	}
	whole := len(a.Points)
	t.Rows[whole] = []any{say("合计", "Whole range")}
	add := func(name string, unit Unit, values []*float64, total *float64) {
		t.Columns = append(t.Columns, name)
		for i := range a.Points {
			t.Rows[i] = append(t.Rows[i], cellOf(unit, values[i], a.Currency))
		}
		t.Rows[whole] = append(t.Rows[whole], cellOf(unit, total, a.Currency))
	}
	for _, l := range a.Lines {
		name := lineName(q, l, say)
		add(name, l.Unit, l.Values, l.Total)
		if l.Running != nil {
			add(name+say("·累计", " · running"), l.Unit, l.Running, nil)
		}
		if l.Smooth != nil {
			unit := l.Unit
			if unit == Events || unit == Persons {
				unit = Number // means are no whole numbers
			}
			add(name+say("·移动平均", " · moving average"), unit, l.Smooth, nil)
		}
		if l.Former != nil {
			add(name+say("·对比期", " · former"), l.Unit, l.Former.Values, l.Former.Total)
		}
	}
	return t
}

func lineName(q Query, l Line, say insight.Say) string {
	name := l.Title
	if i := int(l.Key[0]) - 'A'; name == "" && len(l.Key) == 1 && i < len(q.Series) {
		if name = q.Series[i].Event; name == "" {
			name = say("任意行为", "Any activity")
		}
		name = l.Key + " " + name
	} else if name == "" {
		name = l.Key
	}
	if g := l.Group; g != nil {
		name += " · " + groupName(*g, say)
	}
	return name
}

func groupName(g insight.Group, say insight.Say) string {
	switch {
	case g.Rest:
		return say("其他", "Others")
	case g.None:
		return say("无", "None")
	case g.Title != "":
		return g.Title
	}
	return g.Key
}

// cellOf is a value as a table has it: counts are whole, amounts are in minor units.
func cellOf(unit Unit, v *float64, currency string) any {
	switch {
	case v == nil:
		return nil
	case unit == Money:
		return insight.Money{Minor: int64(math.Round(*v)), Currency: currency}
	case unit == Events || unit == Persons:
		return int64(*v)
	}
	return *v
}
