package event_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Every kind of JSON value becomes the value that rules see.
func TestValueOf(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]event.Value{
		"":               {},
		"null":           {},
		" null ":         {},
		"nul":            {},
		"true":           event.BoolValue(true),
		"\tfalse\n":      event.BoolValue(false),
		"tru":            {},
		"0":              event.NumberValue(0),
		"-12.50":         event.NumberValue(-12.5),
		"1e3":            event.NumberValue(1000),
		"1e400":          {Kind: event.Other, Text: "1e400"},
		"1x":             {},
		`"杭州"`:           event.TextValue("杭州"),
		`"a\"b\u676d"`:   event.TextValue("a\"b杭"),
		`""`:             event.TextValue(""),
		`"open`:          {},
		`"\x"`:           {},
		`[1, "a" ]`:      {Kind: event.Other, Text: `[1,"a"]`},
		`{ "b" : [ ] }`:  {Kind: event.Other, Text: `{"b":[]}`},
		`[1`:             {},
		`123456789012.5`: event.NumberValue(123456789012.5),
	} {
		require.Equal(t, want, event.ValueOf([]byte(raw)), "raw %q", raw)
	}
}

// Values of different kinds are never equal and have no order; a missing one equals nothing.
func TestEqualAndCompare(t *testing.T) {
	t.Parallel()
	all := []event.Value{
		{},
		event.BoolValue(false),
		event.BoolValue(true),
		event.NumberValue(-1),
		event.NumberValue(0),
		event.NumberValue(1),
		event.TextValue(""),
		event.TextValue("1"),
		event.TextValue("a"),
		{Kind: event.Other, Text: "[1]"},
		{Kind: event.Other, Text: "[2]"},
	}
	for i, a := range all {
		for j, b := range all {
			require.Equal(t, i == j && a.Kind != event.Missing, a.Equal(b), "%v == %v", a, b)
			order, ok := a.Compare(b)
			require.Equal(t, a.Kind == b.Kind && a.Kind != event.Missing && a.Kind != event.Other, ok, "%v <> %v", a, b)
			if ok {
				require.Equal(t, i < j, order < 0, "%v < %v", a, b)
				require.Equal(t, i == j, order == 0, "%v = %v", a, b)
			}
		}
	}
}

// A field is found behind whatever else an object holds, and nowhere else.
func TestProperty(t *testing.T) {
	t.Parallel()
	object := []byte(` { "a\"}" : "{\"p\":1}", "n":{"p":[1,{"p":2}],"q":"]}"}, "e\u0041" : -1.5 , "p":"found","p":"twice","last":[] } `)
	require.Equal(t, event.TextValue("found"), event.Property(object, "p"))
	require.Equal(t, event.TextValue(`{"p":1}`), event.Property(object, `a"}`))
	require.Equal(t, event.NumberValue(-1.5), event.Property(object, "eA"))
	require.Equal(t, event.Value{Kind: event.Other, Text: "[]"}, event.Property(object, "last"))
	require.Equal(t, event.Value{Kind: event.Other, Text: `{"p":[1,{"p":2}],"q":"]}"}`}, event.Property(object, "n"))
	require.Equal(t, event.Value{}, event.Property(object, "q"))
	for _, broken := range []string{"", "null", "[]", "{", `{"p"`, `{"p":`, `{"p" 1}`, `{p:1}`, `{"q":1 "p":2}`, `{"q":[1,"p":2}`} {
		require.Equal(t, event.Value{}, event.Property([]byte(broken), "p"), "object %q", broken)
	}
}

// What the standard library finds in an object, Property finds too.
func TestPropertyAgreesWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab\"\\{}[]:, \n杭\u2028")), 0, 6, -1)
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		kinds := []*rapid.Generator[any]{
			rapid.Just(any(nil)), rapid.Bool().AsAny(), rapid.Float64().AsAny(), rapid.Int64().AsAny(), text.AsAny(),
		}
		if depth > 0 {
			kinds = append(kinds, rapid.SliceOfN(value(depth-1), 0, 3).AsAny(), rapid.MapOfN(text, value(depth-1), 0, 3).AsAny())
		}
		return rapid.OneOf(kinds...)
	}
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOfN(text, value(2), 0, 5).Draw(t, "object")
		b, err := json.MarshalIndent(object, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
		require.NoError(t, err)
		for name, v := range object {
			got := event.Property(b, name)
			switch v := v.(type) {
			case nil:
				require.Equal(t, event.Value{}, got)
			case bool:
				require.Equal(t, event.BoolValue(v), got)
			case float64:
				require.Equal(t, math.Float64bits(v), math.Float64bits(got.Num))
			case int64:
				require.Equal(t, event.NumberValue(float64(v)), got)
			case string:
				require.Equal(t, event.TextValue(strings.ToValidUTF8(v, "\ufffd")), got)
			default:
				require.Equal(t, event.Other, got.Kind)
				plain, err := json.Marshal(v)
				require.NoError(t, err)
				require.JSONEq(t, string(plain), got.Text)
			}
		}
		require.Equal(t, event.Value{}, event.Property(b, "not there"))
	})
}

// No bytes make Property panic or read outside of them.
func FuzzProperty(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,2,"}"]},"p":1.5}`), "p")
	f.Add([]byte(`{"\u0070":"x`), "p")
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		v := event.Property(b, name)
		var object map[string]json.RawMessage
		if json.Unmarshal(b, &object) == nil && len(object) == 1 {
			for key, raw := range object {
				if key == name {
					require.Equal(t, event.ValueOf(raw), v)
				}
			}
		}
	})
}

func BenchmarkProperty(b *testing.B) {
	object := []byte(`{"order_id":"O-2024-000123","products":[{"sku":"T1","price":12.5,"quantity":2},{"sku":"T2","price":7,"quantity":1}],"revenue":32,"currency":"CNY","coupon":"SPRING"}`)
	b.ReportAllocs()
	for b.Loop() {
		_ = event.Property(object, "coupon")
	}
}
