package rule

import (
	"regexp"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// condition is what runs of a condition.
type condition interface{ holds(*frame) bool }

// sharedCondition is a condition of several rules; it is asked once for each person.
type sharedCondition struct {
	slot int
	of   condition
}

func (c *sharedCondition) holds(x *frame) bool {
	if r := &x.truths[c.slot]; r.person == x.person {
		return r.ok
	}
	ok := c.of.holds(x)
	x.truths[c.slot] = remembered{person: x.person, ok: ok}
	return ok
}

type constant bool

func (c constant) holds(*frame) bool { return bool(c) }

type every []condition

func (c every) holds(x *frame) bool {
	for _, k := range c {
		if !k.holds(x) {
			return false
		}
	}
	return true
}

type either []condition

func (c either) holds(x *frame) bool {
	for _, k := range c {
		if k.holds(x) {
			return true
		}
	}
	return false
}

type not struct{ of condition }

func (c not) holds(x *frame) bool { return !c.of.holds(x) }

type tag int

func (c tag) holds(x *frame) bool { return x.facts.Tag(int(c)) }

type segment int

func (c segment) holds(x *frame) bool { return x.facts.Segment(int(c)) }

type identity int

func (c identity) holds(x *frame) bool { return x.facts.Identity(int(c)) }

type consent int

func (c consent) holds(x *frame) bool { return x.facts.Consent(int(c)) }

type held struct{ slot, days int }

func (c held) holds(x *frame) bool {
	since, ok := x.facts.Since(c.slot)
	return ok && since <= x.at.Window(c.days)
}

type has struct{ of value }

func (c has) holds(x *frame) bool { return c.of.value(x).Kind != event.Missing }

// sign is a comparison as a mask over the results less, equal, greater: 1, 2, 4. Not equal has no bits: it is said to be "not ==".
type signs uint8

func sign(cmp string) signs {
	switch cmp {
	case lt:
		return 1
	case le:
		return 1 | 2
	case eq, ne:
		return 2
	case ge:
		return 2 | 4
	default:
		return 4
	}
}

// allows says whether a result (-1, 0, 1) is wanted.
func (s signs) allows(order int) bool { return s>>(order+1)&1 != 0 }

func between(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareNumber compares a number with a written one.
type compareNumber struct {
	of   value
	want signs
	not  bool
	with float64
}

func (c *compareNumber) holds(x *frame) bool {
	n, ok := c.of.number(x)
	return (ok && c.want.allows(between(n, c.with))) != c.not
}

// compareNumbers compares two numbers.
type compareNumbers struct {
	left, right value
	want        signs
	not         bool
}

func (c *compareNumbers) holds(x *frame) bool {
	l, ok := c.left.number(x)
	if !ok {
		return c.not
	}
	r, ok := c.right.number(x)
	return (ok && c.want.allows(between(l, r))) != c.not
}

// compareValues compares values whose types are known only when they are seen.
type compareValues struct {
	left, right value
	want        signs
	not         bool
}

func (c *compareValues) holds(x *frame) bool {
	l, r := c.left.value(x), c.right.value(x)
	if c.want == sign(eq) {
		return l.Equal(r) != c.not
	}
	order, ok := l.Compare(r)
	return ok && c.want.allows(order)
}

// isText says whether a value is a certain text.
type isText struct {
	of   value
	text string
}

func (c *isText) holds(x *frame) bool {
	v := c.of.value(x)
	return v.Kind == event.Text && v.Text == c.text
}

// isPropertyText says whether a property of the event at which a where looks is a certain text.
type isPropertyText struct {
	column int
	text   string
}

func (c *isPropertyText) holds(x *frame) bool { return x.seq.IsText(c.column, x.event, c.text) }

type in struct {
	of   value
	list []event.Value
}

func (c *in) holds(x *frame) bool {
	v := c.of.value(x)
	return slices.ContainsFunc(c.list, v.Equal)
}

type textTest struct {
	left, right value
	test        string
}

func (c *textTest) holds(x *frame) bool {
	l, r := c.left.value(x), c.right.value(x)
	if l.Kind != event.Text || r.Kind != event.Text {
		return false
	}
	switch c.test {
	case "contains":
		return strings.Contains(l.Text, r.Text)
	case "startsWith":
		return strings.HasPrefix(l.Text, r.Text)
	default:
		return strings.HasSuffix(l.Text, r.Text)
	}
}

type matches struct {
	of      value
	pattern *regexp.Regexp
}

func (c *matches) holds(x *frame) bool {
	v := c.of.value(x)
	return v.Kind == event.Text && c.pattern.MatchString(v.Text)
}
