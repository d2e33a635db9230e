package shape

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
)

// appendText adds a JSON string.
func appendText(b []byte, s string) []byte {
	out, err := jsontext.AppendQuote(b, s)
	if err != nil { // not valid UTF-8: the part that was not, is replaced
		out, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD"))
	}
	return out
}

// appendValue adds a cell as JSON: typed cells as they are, plain numbers as numbers unless their column holds codes, all else as text.
func appendValue(b []byte, cell string, kind sheet.Kind, text bool) []byte {
	if kind != sheet.Text {
		return append(b, cell...)
	}
	cell = strings.TrimSpace(cell)
	if !text && plainDecimal(cell) {
		return append(b, cell...)
	}
	return appendText(b, cell)
}

// plainDecimal knows numbers that mean the same as text and as JSON number: no leading zero, no exponent, at most 15 digits.
func plainDecimal(s string) bool {
	if s != "" && s[0] == '-' {
		s = s[1:]
	}
	whole, frac, dotted := strings.Cut(s, ".")
	if whole == "" || len(whole)+len(frac) > 15 || (dotted && frac == "") || (len(whole) > 1 && whole[0] == '0') {
		return false
	}
	return strings.Trim(whole, "0123456789") == "" && strings.Trim(frac, "0123456789") == ""
}

// appendMembers adds the mapped cells that are not empty as members of a JSON object that is open in b.
func appendMembers(b []byte, columns []namedColumn, row *sheet.Row) []byte {
	for _, c := range columns {
		cell := row.Cells[c.column]
		if strings.TrimSpace(cell) == "" {
			continue
		}
		b = appendKey(b, c.name)
		b = appendValue(b, cell, kindOf(row, c.column), c.text)
	}
	return b
}

// appendKey adds a member's name to the object that is open in b.
func appendKey(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(appendText(b, name), ':')
}

func kindOf(row *sheet.Row, column int) sheet.Kind {
	if column < len(row.Kinds) {
		return row.Kinds[column]
	}
	return sheet.Text
}
