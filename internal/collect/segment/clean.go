package segment

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// clean makes text from outside safe to store: bytes that are no UTF-8 become U+FFFD, and so do the escapes of NUL (which PostgreSQL
// cannot hold in text) and of half a surrogate pair (which strict readers refuse). It changes body in place where lengths allow.
func clean(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	for i := 0; i < len(body); {
		j := bytes.IndexByte(body[i:], '\\')
		if j < 0 {
			break
		}
		i += j
		c, ok := codeUnit(body[i:])
		switch {
		case !ok:
			i += 2 // an escape of two characters
		case isHigh(c):
			if low, ok := codeUnit(body[i+6:]); ok && isLow(low) {
				i += 12
				continue
			}
			copy(body[i:], `\ufffd`)
			i += 6
		case isLow(c), c == 0:
			copy(body[i:], `\ufffd`)
			i += 6
		default:
			i += 6
		}
	}
	return body
}

// codeUnit reads \uXXXX at the start of b.
func codeUnit(b []byte) (uint16, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var n uint16
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		n = n<<4 | uint16(c)
	}
	return n, true
}

func isHigh(c uint16) bool { return c >= 0xd800 && c < 0xdc00 }
func isLow(c uint16) bool  { return c >= 0xdc00 && c < 0xe000 }

// node is a JSON value on its way through withoutRepeats: a literal, an array or an object.
type node struct {
	kind    jsontext.Kind
	literal []byte
	names   [][]byte
	values  []node
}

// withoutRepeats writes a JSON text again so that no object names a member twice: the last value wins, at the place of the first.
func withoutRepeats(text []byte) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true))
	n, err := readNode(dec)
	if err != nil {
		return nil, err
	}
	// Whatever follows is kept, so that a body with something behind its value is still refused for that.
	out := n.appendTo(make([]byte, 0, len(text)))
	return append(out, text[dec.InputOffset():]...), nil
}

func readNode(dec *jsontext.Decoder) (node, error) {
	n := node{kind: dec.PeekKind()}
	if n.kind != '{' && n.kind != '[' {
		v, err := dec.ReadValue()
		n.literal = bytes.Clone(v)
		return n, err
	}
	if _, err := dec.ReadToken(); err != nil {
		return n, err
	}
	var at map[string]int
	if n.kind == '{' {
		at = map[string]int{}
	}
	for {
		if k := dec.PeekKind(); k == '}' || k == ']' {
			_, err := dec.ReadToken()
			return n, err
		}
		var name []byte
		if n.kind == '{' {
			v, err := dec.ReadValue()
			if err != nil {
				return n, err
			}
			name = bytes.Clone(v)
		}
		child, err := readNode(dec)
		if err != nil {
			return n, err
		}
		if n.kind == '{' {
			plain, err := jsontext.AppendUnquote(nil, name)
			if err != nil {
				return n, fmt.Errorf("member name: %w", err)
			}
			if i, twice := at[string(plain)]; twice {
				n.values[i] = child
				continue
			}
			at[string(plain)] = len(n.values)
			n.names = append(n.names, name)
		}
		n.values = append(n.values, child)
	}
}

func (n *node) appendTo(b []byte) []byte {
	if n.kind != '{' && n.kind != '[' {
		return append(b, n.literal...)
	}
	b = append(b, byte(n.kind))
	for i := range n.values {
		if i > 0 {
			b = append(b, ',')
		}
		if n.names != nil {
			b = append(append(b, n.names[i]...), ':')
		}
		b = n.values[i].appendTo(b)
	}
	return append(b, byte(n.kind)+2) // ']' and '}' are two after their openings
}

func isRepeat(err error) bool { return errors.Is(err, jsontext.ErrDuplicateName) }
