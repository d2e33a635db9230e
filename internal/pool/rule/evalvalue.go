package rule

import (
	"math"

	"github.com/zeebo/xxh3"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// value is what runs of a value. number is quicker where only a number will do; it is not ok for what is missing or no number.
type value interface {
	value(*frame) event.Value
	number(*frame) (float64, bool)
}

// numeral makes a value of a number that may be missing.
func numeral(n float64, ok bool) event.Value {
	if !ok {
		return event.Value{}
	}
	return event.NumberValue(n)
}

// numeric is the number in a value.
func numeric(v event.Value) (float64, bool) { return v.Num, v.Kind == event.Number }

// sharedValue is a value of several rules; it is asked once for each person. It is a number: only those are worth it.
type sharedValue struct {
	slot int
	of   value
}

func (v *sharedValue) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *sharedValue) number(x *frame) (float64, bool) {
	if r := &x.numbers[v.slot]; r.person == x.person {
		return r.num, r.ok
	}
	n, ok := v.of.number(x)
	x.numbers[v.slot] = remembered{x.person, n, ok}
	return n, ok
}

type literal struct{ is event.Value }

func (v literal) value(*frame) event.Value      { return v.is }
func (v literal) number(*frame) (float64, bool) { return numeric(v.is) }

type trait int

func (v trait) value(x *frame) event.Value      { return x.facts.Trait(int(v)) }
func (v trait) number(x *frame) (float64, bool) { return numeric(x.facts.Trait(int(v))) }

// property is a property of the event at which a where looks.
type property int

func (v property) value(x *frame) event.Value      { return x.seq.Value(int(v), x.event) }
func (v property) number(x *frame) (float64, bool) { return x.seq.Number(int(v), x.event) }

// amount is the revenue of the event at which a where looks.
type amount struct{ scale float64 }

func (v amount) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v amount) number(x *frame) (float64, bool) {
	minor, ok := x.seq.Amount(x.event)
	return float64(minor) / v.scale, ok
}

type tier int

func (v tier) value(x *frame) event.Value    { return said(x.facts.Tier(int(v))) }
func (v tier) number(*frame) (float64, bool) { return 0, false }

type channel bool

func (v channel) value(x *frame) event.Value    { return said(x.facts.Channel(bool(v))) }
func (v channel) number(*frame) (float64, bool) { return 0, false }

// said is a text that is missing when it is empty.
func said(s string) event.Value {
	if s == "" {
		return event.Value{}
	}
	return event.TextValue(s)
}

type bucket string

func (v bucket) value(x *frame) event.Value      { return numeral(v.number(x)) }
func (v bucket) number(x *frame) (float64, bool) { return Bucket(string(v), x.facts.Person()), true }

// Bucket is a number in [0,1), the same for ever for a salt and a person's id: XXH3-64 of the salt with the id as seed, of which the upper 53
// bits are a fraction. Different salts part people in unrelated ways.
func Bucket(salt string, person int64) float64 {
	return float64(xxh3.HashStringSeed(salt, uint64(person))>>11) / (1 << 53)
}

type negate struct{ of value }

func (v negate) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v negate) number(x *frame) (float64, bool) {
	n, ok := v.of.number(x)
	return 0 - n, ok
}

type arithmetic struct {
	sign        byte
	left, right value
}

func (v *arithmetic) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *arithmetic) number(x *frame) (float64, bool) {
	l, ok := v.left.number(x)
	if !ok {
		return 0, false
	}
	r, ok := v.right.number(x)
	if !ok {
		return 0, false
	}
	return calculate(v.sign, l, r)
}

// calculate is arithmetic whose results are finite or missing.
func calculate(sign byte, l, r float64) (float64, bool) {
	var n float64
	switch sign {
	case '+':
		n = l + r
	case '-':
		n = l - r
	case '*':
		n = l * r
	case '/':
		n = l / r
	default:
		n = math.Mod(l, r)
	}
	return n, finite(n)
}

func finite(n float64) bool { return !math.IsInf(n, 0) && !math.IsNaN(n) }
