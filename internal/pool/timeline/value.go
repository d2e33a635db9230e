package timeline

import (
	"math"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// A value is kept in 64 bits: a number as itself; anything else as a NaN that no arithmetic makes, with its kind and 32 bits more (0 or 1,
// or the number of a text). JSON has no NaN, so nothing is lost.
const boxed = 0x7ffc << 48

func box(kind event.ValueKind, payload uint32) uint64 {
	return boxed | uint64(kind)<<32 | uint64(payload)
}

func isBoxed(bits uint64) bool { return bits>>48 == boxed>>48 }

func unbox(bits uint64) (event.ValueKind, uint32) {
	return event.ValueKind(bits >> 32 & 0xff), uint32(bits)
}

// hasText says whether the 32 bits are the number of a text.
func hasText(kind event.ValueKind) bool { return kind == event.Text || kind == event.Other }

// pack is a value in 64 bits; its text gets a number of t.
func pack(v event.Value, t *texts) uint64 {
	switch v.Kind {
	case event.Number:
		return math.Float64bits(v.Num)
	case event.Bool:
		return box(event.Bool, uint32(v.Num))
	case event.Text, event.Other:
		return box(v.Kind, t.code(v.Text))
	case event.Missing:
	}
	return box(event.Missing, 0)
}

// unpack undoes pack.
func unpack(bits uint64, text func(uint32) string) event.Value {
	if !isBoxed(bits) {
		return event.NumberValue(math.Float64frombits(bits))
	}
	kind, payload := unbox(bits)
	switch kind {
	case event.Bool:
		return event.BoolValue(payload != 0)
	case event.Text, event.Other:
		return event.Value{Kind: kind, Text: text(payload)}
	case event.Missing, event.Number:
	}
	return event.Value{}
}
