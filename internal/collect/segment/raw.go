package segment

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// text is the text of a raw JSON string, or the digits of a raw number (many systems send numeric ids). ok is false for any other
// value; an absent value, null and "" are the empty text.
func text(raw []byte) (s string, ok bool) {
	if len(raw) == 0 {
		return "", true
	}
	switch c := raw[0]; {
	case c == '"':
		if bytes.IndexByte(raw, '\\') < 0 {
			return string(raw[1 : len(raw)-1]), true
		}
		b, err := jsontext.AppendUnquote(nil, raw)
		return string(b), err == nil
	case c == '-' || c >= '0' && c <= '9':
		return string(raw), true
	case c == 'n':
		return "", true
	}
	return "", false
}

// object says whether raw is an object, nothing or null.
func object(raw []byte) bool { return len(raw) == 0 || raw[0] == '{' || raw[0] == 'n' }

// present says whether raw is there and not null.
func present(raw []byte) bool { return len(raw) > 0 && raw[0] != 'n' }

// memberOf is the value of a raw object's member, nil if it has none of that name.
func memberOf(obj []byte, name string) []byte {
	for w := walk(obj); ; {
		n, value, ok := w.member()
		if !ok {
			return nil
		}
		if string(n) == name {
			return value
		}
	}
}

// has says whether a raw object has a member of that name.
func has(obj []byte, name string) bool { return memberOf(obj, name) != nil }

// builder writes an object: the members of another one, and more.
type builder struct {
	b     []byte
	start int
	any   bool
}

// build begins an object in b with all members of base (nil: none).
func build(b, base []byte) builder {
	w := builder{b: b, start: len(b)}
	if len(base) == 0 || base[0] != '{' {
		w.b = append(w.b, '{')
		return w
	}
	inside := bytes.TrimRight(base[:len(base)-1], " \t\r\n")
	w.b = append(w.b, inside...)
	w.any = len(inside) > 1
	return w
}

// member adds a member; the value is raw JSON.
func (w *builder) member(name string, value []byte) {
	w.key(name)
	w.b = append(w.b, value...)
}

// text adds a member whose value is text.
func (w *builder) text(name, value string) {
	w.key(name)
	// The only error is about broken UTF-8, which AppendQuote has replaced by then.
	w.b, _ = jsontext.AppendQuote(w.b, value)
}

func (w *builder) key(name string) {
	if w.any {
		w.b = append(w.b, ',')
	}
	w.any = true
	w.b, _ = jsontext.AppendQuote(w.b, name) // see text
	w.b = append(w.b, ':')
}

// end closes the object. The object is the second result, a part of the first.
func (w *builder) end() (all, obj []byte) {
	w.b = append(w.b, '}')
	return w.b, w.b[w.start:len(w.b):len(w.b)]
}
