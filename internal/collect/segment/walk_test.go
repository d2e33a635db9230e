package segment

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// On any valid JSON the walker finds what the decoder finds; on anything else it ends without a panic.
func FuzzWalk(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":[1,{"c":"}"}],"d":"\"x\\","\u0065":null}`, ` {"a" : { } , "b" : "" }`, `[1 ,"a",[],{},true]`, `{"a`, `{"a":"\`, `{"a":{"b`, `[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := walk(raw)
		var names, values []string
		for i := 0; i <= len(raw); i++ {
			var name, value []byte
			var ok bool
			if len(raw) > 0 && raw[0] == '{' {
				name, value, ok = w.member()
			} else {
				value, ok = w.element()
			}
			if !ok {
				break
			}
			names, values = append(names, string(name)), append(values, string(value))
		}
		v := jsontext.Value(raw)
		if !v.IsValid() || len(raw) < 2 || raw[0] != '{' && raw[0] != '[' {
			return
		}
		dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
		_, err := dec.ReadToken()
		require.NoError(t, err)
		n := 0
		for k := dec.PeekKind(); k != '}' && k != ']'; k = dec.PeekKind() {
			require.Less(t, n, len(values))
			if raw[0] == '{' {
				token, err := dec.ReadToken()
				require.NoError(t, err)
				require.Equal(t, token.String(), names[n])
			}
			value, err := dec.ReadValue()
			require.NoError(t, err)
			require.Equal(t, string(value), values[n])
			n++
		}
		require.Len(t, values, n)
	})
}

// clean leaves valid text alone but for what it is there to replace, and always gives what a strict decoder takes if a lenient one does.
func FuzzClean(f *testing.F) {
	for _, s := range []string{`{"a":"\ud83d\ude00\ud800\u0000\\ud800\\\udc00"}`, "\"\xff\"", "\ufeff{}", `"\ud83d\u0041"`, `"\`, `"\ud8`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		lenient := jsontext.Value(bytes.TrimPrefix(bytes.Clone(raw), []byte("\ufeff")))
		was := lenient.IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
		got := clean(bytes.Clone(raw))
		require.Equal(t, was, jsontext.Value(got).IsValid(jsontext.AllowDuplicateNames(true)), "%q → %q", raw, got)
		if !was {
			return
		}
		once, err := withoutRepeats(got)
		require.NoError(t, err)
		require.True(t, jsontext.Value(once).IsValid(), "%q → %q", raw, once)
	})
}
