package segment

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// walker goes through the members of an object, or the elements of an array, that is known to be valid JSON: the parser has checked
// every byte, so here it is enough to find where values end. That is several times faster than reading tokens again.
type walker struct {
	b []byte
	i int
}

// walk starts at a raw object or array; anything else has no members and no elements.
func walk(raw []byte) walker {
	if len(raw) < 2 || raw[0] != '{' && raw[0] != '[' {
		return walker{}
	}
	return walker{b: raw, i: 1}
}

// member is the next member: its name unquoted, its value raw. ok is false at the end.
func (w *walker) member() (name, value []byte, ok bool) {
	if name, ok = w.name(); ok {
		value, ok = w.element()
	}
	return name, value, ok
}

// name is the next member's name, unquoted. The member's value must be taken next.
func (w *walker) name() (name []byte, ok bool) {
	w.gap()
	if w.i >= len(w.b) || w.b[w.i] != '"' {
		return nil, false
	}
	start := w.i
	for i := start + 1; i < len(w.b); i++ { // names are short, and hardly any is escaped
		switch w.b[i] {
		case '"':
			w.i = i + 1
			return w.b[start+1 : i], true
		case '\\':
			w.i = endOfString(w.b, start)
			name, _ = jsontext.AppendUnquote(nil, w.b[start:w.i]) // valid, so there is no error
			return name, true
		}
	}
	return nil, false
}

// inner is a walker through the object that is the next value; leave goes on behind it. ok is false if that value is no object.
func (w *walker) inner() (in walker, ok bool) {
	w.gap()
	if w.i >= len(w.b) || w.b[w.i] != '{' {
		return walker{}, false
	}
	return walker{b: w.b, i: w.i + 1}, true
}

// leave ends a walk through an inner object that has come to its end, and gives it raw.
func (w *walker) leave(in walker) []byte {
	start := w.i
	w.i = min(in.i+1, len(w.b))
	return w.b[start:w.i:w.i]
}

// element is the next element, raw.
func (w *walker) element() (value []byte, ok bool) {
	w.gap()
	if w.i >= len(w.b) || w.b[w.i] == ']' || w.b[w.i] == '}' {
		return nil, false
	}
	start := w.i
	w.i = endOfValue(w.b, start)
	return w.b[start:w.i:w.i], true
}

// gap skips what is between values.
func (w *walker) gap() {
	for w.i < len(w.b) {
		switch w.b[w.i] {
		case ' ', '\t', '\r', '\n', ',', ':':
			w.i++
		default:
			return
		}
	}
}

// endOfString is the place behind the string that begins at i.
func endOfString(b []byte, i int) int {
	for at := i + 1; ; {
		n := bytes.IndexByte(b[at:], '"')
		if n < 0 {
			return len(b)
		}
		at += n + 1
		slashes := 0
		for j := at - 2; j > i && b[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return at
		}
	}
}

// endOfValue is the place behind the value that begins at i.
func endOfValue(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = endOfString(b, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // behind a number or word
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return len(b)
}
