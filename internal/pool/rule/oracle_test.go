package rule

import (
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// oracle answers rules in the plainest way: it reads a tree and goes through a person's events one by one, with dates from package time.
type oracle struct {
	*human
	now      int64
	zone     *time.Location
	currency string
}

// day numbers calendar days.
func (o oracle) day(at int64) int {
	y, m, d := time.UnixMicro(at).In(o.zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (o oracle) holds(n *node, e *happened) bool {
	switch n.op {
	case opConst:
		return n.yes
	case opAnd:
		for _, k := range n.kids {
			if !o.holds(k, e) {
				return false
			}
		}
		return true
	case opOr:
		for _, k := range n.kids {
			if o.holds(k, e) {
				return true
			}
		}
		return false
	case opNot:
		return !o.holds(n.kids[0], e)
	case opCompare:
		return o.compare(n.word, o.value(n.kids[0], e), o.value(n.kids[1], e))
	case opIn:
		found := false
		for _, k := range n.kids[1:] {
			found = found || o.compare(eq, o.value(n.kids[0], e), o.value(k, e))
		}
		return found != n.yes
	case opTest:
		l, r := o.value(n.kids[0], e), o.value(n.kids[1], e)
		if l.Kind != event.Text || r.Kind != event.Text {
			return false
		}
		switch n.word {
		case "contains":
			return strings.Contains(l.Text, r.Text)
		case "startsWith":
			return strings.HasPrefix(l.Text, r.Text)
		case "endsWith":
			return strings.HasSuffix(l.Text, r.Text)
		default:
			return regexp.MustCompile(r.Text).MatchString(l.Text)
		}
	case opHas:
		return o.value(n.kids[0], e).Kind != event.Missing
	case opTag:
		_, ok := o.tags[n.key]
		return ok
	case opSegment:
		_, ok := o.segments[n.key]
		return ok
	case opIdentity:
		return o.identities[n.key]
	case opConsent:
		return o.consents[n.key]
	case opHeld:
		return o.held(n)
	default:
		panic("no condition")
	}
}

func (o oracle) held(n *node) bool {
	k := n.kids[0]
	var since int64
	switch k.op {
	case opTag:
		since = o.tags[k.key]
	case opSegment:
		since = o.segments[k.key]
	default:
		since = o.tiers[k.kids[0].key].since
	}
	// Since before the window's first midnight: on an earlier day, or at that very moment.
	first := o.day(o.now) - n.days + 1
	return o.holds(k, nil) && (o.day(since) < first || o.day(since) == first && o.day(since-1) < first)
}

func (o oracle) compare(cmp string, l, r event.Value) bool {
	if cmp == ne {
		return !o.compare(eq, l, r)
	}
	if l.Kind == event.Missing || l.Kind != r.Kind {
		return false
	}
	order := 0
	switch {
	case l.Kind == event.Text || l.Kind == event.Other:
		order = strings.Compare(l.Text, r.Text)
	case l.Num < r.Num:
		order = -1
	case l.Num > r.Num:
		order = 1
	}
	if l.Kind == event.Other && cmp != eq {
		return false
	}
	switch cmp {
	case eq:
		return order == 0
	case lt:
		return order < 0
	case le:
		return order <= 0
	case gt:
		return order > 0
	default:
		return order >= 0
	}
}

func (o oracle) value(n *node, e *happened) event.Value {
	switch n.op {
	case opNumber:
		return event.NumberValue(n.num)
	case opString:
		return event.TextValue(n.key)
	case opBool:
		return event.BoolValue(n.yes)
	case opTrait:
		return o.traits[n.key]
	case opProperty:
		return o.property(e, n.key)
	case opTier:
		return o.word(o.tiers[n.key].level)
	case opChannel:
		if n.word == "first" {
			return o.word(o.first)
		}
		return o.word(o.last)
	case opBucket:
		return event.NumberValue(Bucket(n.key, o.id))
	case opNegate:
		return o.calculate("-", event.NumberValue(0), o.value(n.kids[0], e))
	case opArithmetic:
		return o.calculate(n.word, o.value(n.kids[0], e), o.value(n.kids[1], e))
	default:
		return o.past(n)
	}
}

func (o oracle) word(s string) event.Value {
	if s == "" {
		return event.Value{}
	}
	return event.TextValue(s)
}

func (o oracle) property(e *happened, name string) event.Value {
	if name != "revenue" {
		return e.properties[name]
	}
	if e.amount == nil {
		return event.Value{}
	}
	return event.NumberValue(float64(*e.amount) / math.Pow10(money.Digits(o.currency)))
}

func (o oracle) finite(n float64) event.Value {
	if math.IsInf(n, 0) || math.IsNaN(n) {
		return event.Value{}
	}
	return event.NumberValue(n)
}

func (o oracle) calculate(sign string, l, r event.Value) event.Value {
	if l.Kind != event.Number || r.Kind != event.Number {
		return event.Value{}
	}
	switch sign {
	case "+":
		return o.finite(l.Num + r.Num)
	case "-":
		return o.finite(l.Num - r.Num)
	case "*":
		return o.finite(l.Num * r.Num)
	case "/":
		return o.finite(l.Num / r.Num)
	default:
		return o.finite(math.Mod(l.Num, r.Num))
	}
}

// past answers a question about events.
func (o oracle) past(n *node) event.Value {
	today := o.day(o.now)
	var found []happened
	days := map[int]bool{}
	for _, e := range o.inOrder() {
		d := o.day(e.time)
		if d > today || n.days > 0 && d <= today-n.days {
			continue
		}
		switch e.name {
		case "Segment Entered", "Segment Exited", "Tier Changed", "Tag Added", "Tag Removed":
		default:
			days[d] = true
		}
		if e.name == n.key && (n.where == nil || o.holds(n.where, &e)) {
			found = append(found, e)
		}
	}
	switch n.op {
	case opActiveDays:
		return event.NumberValue(float64(len(days)))
	case opCount:
		return event.NumberValue(float64(len(found)))
	case opSinceFirst, opSinceLast:
		if len(found) == 0 {
			return event.Value{}
		}
		e := found[0]
		if n.op == opSinceLast {
			e = found[len(found)-1]
		}
		return event.NumberValue(float64(today - o.day(e.time)))
	case opDistinct:
		different := map[event.Value]bool{}
		for _, e := range found {
			if v := o.property(&e, n.prop); v.Kind != event.Missing {
				different[v] = true
			}
		}
		return event.NumberValue(float64(len(different)))
	default:
		return o.aggregate(n, found)
	}
}

func (o oracle) aggregate(n *node, found []happened) event.Value {
	var numbers []float64
	total, minors := 0.0, int64(0)
	for _, e := range found {
		if v := o.property(&e, n.prop); v.Kind == event.Number {
			numbers = append(numbers, v.Num)
			total += v.Num
			if n.prop == "revenue" {
				minors += *e.amount
			}
		}
	}
	if n.prop == "revenue" {
		total = float64(minors) / math.Pow10(money.Digits(o.currency))
	}
	if n.op == opSum {
		return o.finite(total)
	}
	if len(numbers) == 0 {
		return event.Value{}
	}
	best := numbers[0]
	for _, v := range numbers {
		if n.op == opMin && v < best || n.op == opMax && v > best {
			best = v
		}
	}
	if n.op == opAvg {
		return o.finite(total / float64(len(numbers)))
	}
	return event.NumberValue(best)
}
