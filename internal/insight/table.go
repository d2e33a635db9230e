package insight

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/money"
)

// Table is an answer as rows.
type Table struct {
	Columns []string
	Rows    [][]any // cells: text, whole or broken number, yes-or-no, Money, time.Time, or nil for nothing to say; pointers to those too
}

// Money is an amount for a Table: minor units of a currency, written in major units.
type Money struct {
	Minor    int64
	Currency string
}

// WriteCSV writes a table for spreadsheets: UTF-8 with its mark, moments in a zone.
func WriteCSV(w io.Writer, t Table, zone *time.Location) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	head := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		head[i] = safe(name)
	}
	if err := c.Write(head); err != nil {
		return err
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Cell(cell, zone)
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// Cell is a cell of a Table as text, safe in a spreadsheet.
func Cell(cell any, zone *time.Location) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return safe(v)
	case Money:
		return Major(v)
	case time.Time:
		return v.In(zone).Format(time.DateTime)
	}
	switch v := reflect.ValueOf(cell); v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return Cell(v.Elem().Interface(), zone)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return number(v.Float())
	case reflect.String:
		return safe(v.String())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	default:
		return safe(fmt.Sprint(cell))
	}
}

// number is a broken number with six digits at most; what is no number is nothing.
func number(n float64) string {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return ""
	}
	text := strconv.FormatFloat(n, 'f', 6, 64)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if text == "-0" || text == "" {
		return "0"
	}
	return text
}

// Major is an amount in major units, such as 12.30.
func Major(m Money) string {
	digits := money.Digits(m.Currency)
	sign, n := "", m.Minor
	text := strconv.FormatUint(uint64(n), 10)
	if n < 0 {
		sign, text = "-", strconv.FormatUint(-uint64(n), 10)
	}
	if digits == 0 {
		return sign + text
	}
	if short := digits + 1 - len(text); short > 0 {
		text = strings.Repeat("0", short) + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}

// safe keeps a spreadsheet from running a cell as a formula. The wide signs are formulas to some as well.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
