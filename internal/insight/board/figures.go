package board

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/insight"
)

// How much of an answer a letter shows.
const (
	letterRows    = 10
	letterColumns = 6
	letterFigures = 4
	letterBars    = 60
	barHeight     = 36 // px
)

// Cell is a value in a table, as people read it.
type Cell struct {
	Value string `json:"value"`
	Bar   int    `json:"bar,omitempty" doc:"Its share of the column's largest value, in percent, in the first column of numbers"`
}

// Figure is a number over time: its last value, how that changed, and a bar for each moment.
type Figure struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Change string `json:"change" doc:"Against the moment before; empty if nothing can be said"`
	Rises  bool   `json:"rises"`
	Bars   []int  `json:"bars" nullable:"false" doc:"Heights from 1 to 36, the newest last"`
}

// Rows is an answer as a table.
type Rows struct {
	Columns []string `json:"columns" nullable:"false"`
	Numeric []bool   `json:"numeric" nullable:"false" doc:"By column: it holds numbers"`
	Rows    [][]Cell `json:"rows" nullable:"false"`
	More    int      `json:"more" doc:"Rows that are not shown"`
}

// lay puts rows into a block: those over time as figures, others as a table.
func (b *block) lay(t insight.Table, lang string) {
	if len(t.Rows) == 0 || len(t.Columns) == 0 {
		b.Error = words(lang)("这几天没有数据。", "There is nothing in these days.")
		return
	}
	if b.Figures = figuresOf(t, lang); len(b.Figures) > 0 {
		return
	}
	b.Rows = rowsOf(t, letterColumns, letterRows, lang)
	if b.Rows.More > 0 {
		b.More = fmt.Sprintf(words(lang)("还有 %d 行，见看板。", "%d more rows are on the board."), b.Rows.More)
	}
}

// figuresOf are the first columns of numbers of rows over time; none of other rows.
func figuresOf(t insight.Table, lang string) []Figure {
	if !overTime(t) {
		if len(t.Rows) < 2 {
			return nil
		}
		if t.Rows = t.Rows[:len(t.Rows)-1]; !overTime(t) { // the last row may be the sum of all
			return nil
		}
	}
	var all []Figure
	for c := 1; c < len(t.Columns) && len(all) < letterFigures; c++ {
		if _, ok := column(t, c); ok {
			all = append(all, figureOf(t, c, lang))
		}
	}
	return all
}

// rowsOf is the upper left of a table, with bars in its first column of numbers.
func rowsOf(t insight.Table, columns, rows int, lang string) *Rows {
	wide := min(len(t.Columns), columns)
	out := &Rows{Columns: append([]string{}, t.Columns[:wide]...), Numeric: make([]bool, wide), Rows: [][]Cell{}, More: max(0, len(t.Rows)-rows)}
	barred, top := -1, 0.0
	for c := range wide {
		values, ok := column(t, c)
		out.Numeric[c] = ok
		if ok && c > 0 && barred < 0 {
			barred = c
			for _, v := range values {
				top = math.Max(top, v)
			}
		}
	}
	for _, row := range t.Rows[:min(len(t.Rows), rows)] {
		cells := make([]Cell, wide)
		for c := range cells {
			cells[c].Value = shown(at(row, c), rate(t, c), lang)
			if v, ok := number(at(row, c)); ok && c == barred && top > 0 && v > 0 {
				cells[c].Bar = max(1, int(math.Round(v/top*100)))
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

func at(row []any, c int) any {
	if c < len(row) {
		return plain(row[c])
	}
	return nil
}

// plain follows a pointer; one to nothing says nothing.
func plain(v any) any {
	if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer {
		if p.IsNil() {
			return nil
		}
		return p.Elem().Interface()
	}
	return v
}

// number is a cell as a number; amounts are in minor units.
func number(v any) (float64, bool) {
	if m, ok := v.(insight.Money); ok {
		return float64(m.Minor), true
	}
	switch n := reflect.ValueOf(v); n.Kind() { //nolint:exhaustive // the kinds of numbers; others are none
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(n.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(n.Uint()), true
	case reflect.Float32, reflect.Float64:
		return n.Float(), !math.IsNaN(n.Float()) && !math.IsInf(n.Float(), 0)
	}
	return 0, false
}

// column gives the numbers of a column, 0 where there is none, and whether it is one of numbers.
func column(t insight.Table, c int) ([]float64, bool) {
	values, some := make([]float64, len(t.Rows)), false
	for r, row := range t.Rows {
		cell := at(row, c)
		v, ok := number(cell)
		if cell != nil && !ok {
			return nil, false
		}
		values[r], some = v, some || ok
	}
	return values, some
}

// overTime says whether the rows are moments in order: days, weeks or months in the first column, each once.
func overTime(t insight.Table) bool {
	if len(t.Rows) < 2 {
		return false
	}
	moment := regexp.MustCompile(`^\d{4}-\d{2}(-\d{2})?([ T]\d{2}:\d{2})?$`)
	before := ""
	for _, row := range t.Rows {
		now := ""
		switch v := at(row, 0).(type) {
		case time.Time:
			now = v.Format("2006-01-02T15:04:05")
		case string:
			if moment.MatchString(v) {
				now = v
			}
		}
		if now == "" || now <= before {
			return false
		}
		before = now
	}
	return true
}

// rate says whether a column holds shares of one: broken numbers from 0 to 1 under a head that says so.
func rate(t insight.Table, c int) bool {
	if !regexp.MustCompile(`(?i)率|占比|份额|黏性|rate|share|stickiness|%`).MatchString(t.Columns[c]) {
		return false
	}
	values, ok := column(t, c)
	for _, v := range values {
		ok = ok && v >= 0 && v <= 1
	}
	return ok
}

func figureOf(t insight.Table, c int, lang string) Figure {
	values, _ := column(t, c)
	last := len(values) - 1
	isRate := rate(t, c)
	f := Figure{Bars: []int{}, Name: t.Columns[c], Value: shown(at(t.Rows[last], c), isRate, lang)}
	now, okNow := number(at(t.Rows[last], c))
	before, okBefore := number(at(t.Rows[last-1], c))
	if okNow && okBefore {
		f.Change, f.Rises = change(now, before, isRate, lang)
	}
	values = values[max(0, len(values)-letterBars):]
	top := 0.0
	for _, v := range values {
		top = math.Max(top, v)
	}
	for _, v := range values {
		h := 1
		if top > 0 && v > 0 {
			h = max(1, int(math.Round(v/top*barHeight)))
		}
		f.Bars = append(f.Bars, h)
	}
	return f
}

// change says how a number stands against the one before: in percent, rates in points.
func change(now, before float64, isRate bool, lang string) (said string, rises bool) {
	say := words(lang)
	switch {
	case now == before:
		return say("与前一期相同", "as before"), false
	case isRate:
		return fmt.Sprintf(say("较前一期 %+.1f 个百分点", "%+.1f points on the one before"), (now-before)*100), now > before
	case before == 0:
		return say("前一期为 0", "0 before"), now > before
	}
	return fmt.Sprintf(say("较前一期 %+.1f%%", "%+.1f%% on the one before"), (now-before)/math.Abs(before)*100), now > before
}

// shown is a value as people read it.
func shown(v any, isRate bool, lang string) string {
	switch x := v.(type) {
	case nil:
		return "–"
	case string:
		return x
	case time.Time:
		return x.Format("2006-01-02 15:04")
	case bool:
		if x {
			return words(lang)("是", "yes")
		}
		return words(lang)("否", "no")
	case insight.Money:
		digits, minus := strings.CutPrefix(grouped(money.Amount{Minor: x.Minor, Currency: x.Currency}.Major()), "-")
		if minus {
			return "-" + symbol(x.Currency) + digits
		}
		return symbol(x.Currency) + digits
	}
	n, ok := number(v)
	switch {
	case !ok:
		return fmt.Sprint(v)
	case isRate:
		return strconv.FormatFloat(n*100, 'f', 1, 64) + "%"
	case n == math.Trunc(n) && math.Abs(n) < 1e15:
		return grouped(strconv.FormatFloat(n, 'f', 0, 64))
	}
	return grouped(strconv.FormatFloat(n, 'f', 2, 64))
}

// symbol is what stands before an amount.
func symbol(currency string) string {
	if s, ok := map[string]string{"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "": ""}[currency]; ok {
		return s
	}
	return currency + " "
}

// grouped puts a comma between thousands.
func grouped(digits string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	whole, broken, dot := strings.Cut(digits, ".")
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	if dot {
		b.WriteString("." + broken)
	}
	return sign + b.String()
}
