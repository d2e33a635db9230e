package event

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// ValueKind says what a Value is.
type ValueKind uint8

// The kinds of values. They are stored by the timeline: never renumber.
const (
	Missing ValueKind = 0 // absent, or null
	Bool    ValueKind = 1
	Number  ValueKind = 2
	Text    ValueKind = 3
	Other   ValueKind = 4 // an array, an object, or a number that no float64 can hold
)

// Value is a JSON scalar as rules see it. Numbers are float64, whether written as integers or not. The zero Value is missing.
type Value struct {
	Kind ValueKind
	Num  float64 // of a Number; of a Bool 0 or 1
	Text string  // of a Text; of an Other its JSON, spaces removed
}

// TextValue is a text as a value.
func TextValue(s string) Value { return Value{Kind: Text, Text: s} }

// NumberValue is a number as a value.
func NumberValue(f float64) Value { return Value{Kind: Number, Num: f} }

// BoolValue is a truth value as a value.
func BoolValue(b bool) Value {
	if b {
		return Value{Kind: Bool, Num: 1}
	}
	return Value{Kind: Bool}
}

// Equal says whether two values are the same. Values of different kinds never are, and a missing one equals nothing.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind {
		return false
	}
	switch v.Kind {
	case Bool, Number:
		return v.Num == w.Num
	case Text, Other:
		return v.Text == w.Text
	case Missing:
	}
	return false
}

// Compare orders two values of one kind: false before true, numbers by size, texts by their bytes. Anything else has no order.
func (v Value) Compare(w Value) (order int, ok bool) {
	if v.Kind != w.Kind {
		return 0, false
	}
	switch v.Kind {
	case Bool, Number:
		return cmp.Compare(v.Num, w.Num), true
	case Text:
		return strings.Compare(v.Text, w.Text), true
	case Missing, Other:
	}
	return 0, false
}

// ValueOf reads one JSON value; what is no JSON is missing.
func ValueOf(raw []byte) Value {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return Value{}
	}
	switch c := raw[0]; {
	case c == '"':
		if s, ok := unquote(raw); ok {
			return TextValue(s)
		}
	case c == '-' || '0' <= c && c <= '9':
		return number(raw)
	case c == 't' && string(raw) == "true":
		return BoolValue(true)
	case c == 'f' && string(raw) == "false":
		return BoolValue(false)
	case c == '{' || c == '[':
		var b bytes.Buffer
		if json.Compact(&b, raw) == nil {
			return Value{Kind: Other, Text: b.String()}
		}
	}
	return Value{}
}

func number(raw []byte) Value {
	f, err := strconv.ParseFloat(unsafe.String(&raw[0], len(raw)), 64) //nolint:gosec // ParseFloat keeps nothing of it
	switch {
	case err == nil:
		return NumberValue(f)
	case math.IsInf(f, 0):
		return Value{Kind: Other, Text: string(raw)}
	}
	return Value{}
}

// unquote reads a JSON string with its quotation marks.
func unquote(raw []byte) (string, bool) {
	if n := len(raw); n >= 2 && raw[n-1] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : n-1]), true
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// Property is one field of a raw JSON object, found without decoding the rest. If a name is there twice, the first counts; intake keeps
// the last one only. What cannot be read is missing.
func Property(properties []byte, name string) Value {
	raw := field(properties, name)
	if raw == nil {
		return Value{}
	}
	return ValueOf(raw)
}

// field is the raw value of a name in a JSON object, or nil.
func field(b []byte, name string) []byte {
	i := space(b, 0)
	if i >= len(b) || b[i] != '{' {
		return nil
	}
	for i++; ; i++ {
		i = space(b, i)
		end := quoted(b, i)
		if end < 0 {
			return nil
		}
		key := b[i:end]
		if i = space(b, end); i >= len(b) || b[i] != ':' {
			return nil
		}
		from := space(b, i+1)
		to := skip(b, from)
		if to < 0 {
			return nil
		}
		if named(key, name) {
			return b[from:to]
		}
		if i = space(b, to); i >= len(b) || b[i] != ',' {
			return nil
		}
	}
}

func named(key []byte, name string) bool {
	if bytes.IndexByte(key, '\\') < 0 {
		return string(key[1:len(key)-1]) == name
	}
	s, ok := unquote(key)
	return ok && s == name
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// quoted is where the string that begins at i ends, or -1.
func quoted(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

// skip is where the value that begins at i ends, or -1.
func skip(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return quoted(b, i)
	case '{', '[':
		for depth := 0; i < len(b); i++ {
			switch b[i] {
			case '"':
				end := quoted(b, i)
				if end < 0 {
					return -1
				}
				i = end - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return -1
	}
	from := i
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	if i == from {
		return -1
	}
	return i
}
