package rule

import (
	"fmt"
	"strings"
)

// english says rules in English.
type english struct{ words Words }

const en = "en"

func (s english) condition(n *node, not bool) string {
	no := func(yes, no string) string {
		if not {
			return no
		}
		return yes
	}
	switch n.op {
	case opConst:
		if n.yes != not {
			return "everybody"
		}
		return "nobody"
	case opAnd, opOr:
		return no("", "it is not so that ") + s.list(n, not)
	case opNot:
		return s.condition(n.kids[0], !not)
	case opCompare:
		return s.compare(n, not)
	case opIn:
		return s.in(n, n.yes != not)
	case opTest:
		return s.test(n, not)
	case opHas:
		return s.field(n.kids[0]) + no(" is known", " is not known")
	case opTag:
		return no("has", "does not have") + " the tag " + s.words.marked(TagWord, n.key, en)
	case opSegment:
		return no("is", "is not") + " in the segment " + s.words.marked(SegmentWord, n.key, en)
	case opIdentity:
		return no("has "+article(s.words.called(KindWord, n.key, en)), "has no") + " " + s.words.called(KindWord, n.key, en)
	case opConsent:
		return no("has consented", "has not consented") + " to " + s.words.marked(PurposeWord, n.key, en)
	default: // opHeld
		return s.held(n, not)
	}
}

// article is "an" before the sound of a vowel; a "u" begins like "you" in the names there are.
func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeioAEIO", rune(noun[0])) {
		return "an"
	}
	return "a"
}

// held says how long something has been so.
func (s english) held(n *node, not bool) string {
	span := fmt.Sprintf(" for all of the last %d days", n.days)
	if n.days == 1 {
		span = " since before today"
	}
	has := "has"
	if not {
		has = "has not"
	}
	switch k := n.kids[0]; k.op {
	case opTag:
		return has + " had the tag " + s.words.marked(TagWord, k.key, en) + span
	case opSegment:
		return has + " been in the segment " + s.words.marked(SegmentWord, k.key, en) + span
	default:
		return s.value(k.kids[0]) + " " + has + " been " + quoted(s.level(k.kids[0].key, k.kids[1].key)) + span
	}
}

// list joins conditions. What is joined the other way, or denied as a whole, stands in brackets.
func (s english) list(n *node, bracket bool) string {
	sign := ", and "
	if n.op == opOr {
		sign = ", or "
	}
	parts := make([]string, 0, len(n.kids))
	for _, k := range n.kids {
		t := s.condition(k, false)
		if k.op == opAnd || k.op == opOr {
			t = "(" + t + ")"
		}
		parts = append(parts, t)
	}
	t := strings.Join(parts, sign)
	if bracket {
		return "(" + t + ")"
	}
	return t
}

func (s english) compare(n *node, not bool) string {
	n = withSubject(n)
	n, still := turned(n, not)
	t := s.comparison(n)
	if still {
		return "it is not so that " + t
	}
	return t
}

func (s english) comparison(n *node) string {
	l, r := n.kids[0], n.kids[1]
	if r.op == opNumber {
		if t := s.amount(l, n.word, r.num, none(n)); t != "" {
			return t
		}
	}
	switch {
	case l.op == opTier && r.op == opString:
		return s.value(l) + " " + s.is(n.word, r) + " " + quoted(s.level(l.key, r.key))
	case l.op == opChannel && r.op == opString:
		return s.value(l) + " " + s.is(n.word, r) + " " + s.words.marked(ChannelWord, r.key, en)
	case l.op == opBucket && r.op == opNumber && n.word == lt && r.num > 0 && r.num <= 1:
		return "is in the first " + number(r.num*100) + "% of the random split " + quoted(l.key)
	}
	return s.value(l) + " " + s.is(n.word, r) + " " + s.value(r)
}

func (s english) level(dimension, level string) string {
	if t := s.words.title(LevelWord, dimension+"/"+level, en); t != "" {
		return t
	}
	return level
}

// amount says how often, how much, how long; "" if it is about something else.
func (s english) amount(l *node, cmp string, c float64, none bool) string {
	switch l.op {
	case opCount:
		if none {
			return s.never(l) + s.within(l)
		}
		return s.did(l) + " " + s.much(cmp) + number(c) + plural(c, " time", " times") + s.within(l)
	case opSum, opAvg, opMin, opMax:
		unit := ""
		if l.prop == revenue {
			unit = s.unit()
		}
		if l.op == opSum && spending(l) {
			return "spent " + s.much(cmp) + number(c) + unit + s.where(l) + s.within(l)
		}
		return s.value(l) + " is " + s.much(cmp) + number(c) + unit
	case opDistinct:
		return s.did(l) + " with " + s.much(cmp) + number(c) + " different " + plural(c, "value", "values") + " of " + s.property(l) + s.within(l)
	case opSinceLast, opSinceFirst:
		last := "last "
		if l.op == opSinceFirst {
			last = "first "
		}
		return last + s.did(l) + " " + s.much(cmp) + number(c) + plural(c, " day", " days") + " ago"
	case opActiveDays:
		if none {
			return "was not active" + s.within(l)
		}
		return "was active on " + s.much(cmp) + number(c) + plural(c, " day", " days") + s.within(l)
	case opProperty:
		if l.key == revenue {
			return s.value(l) + " is " + s.much(cmp) + number(c) + s.unit()
		}
	default:
	}
	return ""
}

// unit is the currency, with a space before it.
func (s english) unit() string {
	if s.words.Currency == "" {
		return ""
	}
	return " " + s.words.Currency
}

func plural(c float64, one, many string) string {
	if c == 1 {
		return one
	}
	return many
}

// much is a comparison of amounts, with a space behind it.
func (s english) much(cmp string) string {
	switch cmp {
	case ge:
		return "at least "
	case gt:
		return "more than "
	case le:
		return "at most "
	case lt:
		return "less than "
	case eq:
		return "exactly "
	default:
		return "not exactly "
	}
}

// is is a comparison with any value.
func (s english) is(cmp string, r *node) string {
	if r.op == opString && dateLike(r.key) {
		switch cmp {
		case lt:
			return "is before"
		case le:
			return "is not after"
		case gt:
			return "is after"
		case ge:
			return "is not before"
		}
	}
	switch cmp {
	case eq:
		return "is"
	case ne:
		return "is not"
	case lt:
		return "is less than"
	case le:
		return "is at most"
	case gt:
		return "is more than"
	default:
		return "is at least"
	}
}

func (s english) in(n *node, not bool) string {
	var list []string
	for _, k := range n.kids[1:] {
		switch n.kids[0].op {
		case opTier:
			list = append(list, quoted(s.level(n.kids[0].key, k.key)))
		case opChannel:
			list = append(list, s.words.marked(ChannelWord, k.key, en))
		default:
			list = append(list, s.value(k))
		}
	}
	of := s.value(n.kids[0])
	switch {
	case len(list) == 0 && not:
		return of + " is anything"
	case len(list) == 0:
		return of + " is one of nothing"
	}
	all := list[0]
	if last := len(list) - 1; last > 0 {
		or := " or "
		if not {
			or = " nor "
		}
		all = strings.Join(list[:last], ", ") + or + list[last]
	}
	switch {
	case not && len(list) > 1:
		return of + " is neither " + all
	case not:
		return of + " is not " + all
	}
	return of + " is " + all
}

func (s english) test(n *node, not bool) string {
	l, r := s.value(n.kids[0]), s.value(n.kids[1])
	word := map[bool]map[string]string{
		false: {"contains": " contains ", "startsWith": " begins with ", "endsWith": " ends with ", "matches": " matches the regular expression "},
		true: {
			"contains": " does not contain ", "startsWith": " does not begin with ", "endsWith": " does not end with ", "matches": " does not match the regular expression ",
		},
	}[not][n.word]
	return l + word + r
}

// within is the time that a question spans, with a space before it.
func (s english) within(n *node) string {
	switch n.days {
	case 0:
		return " so far"
	case 1:
		return " today"
	default:
		return fmt.Sprintf(" in the last %d days", n.days)
	}
}

// did is what somebody did, with what it is narrowed to.
func (s english) did(n *node) string { return s.act(n) + s.where(n) }

func (s english) act(n *node) string {
	if t := s.words.title(EventWord, n.key, en); t != "" {
		return "did " + quoted(t)
	}
	if p, ok := phrases(n.key); ok {
		return p.en
	}
	return "did " + quoted(n.key)
}

// never is that somebody did not.
func (s english) never(n *node) string {
	act := s.act(n)
	if rest, ok := strings.CutPrefix(act, "did "); ok {
		act = "done " + rest
	}
	if rest, ok := strings.CutPrefix(act, "was "); ok {
		act = "been " + rest
	}
	return "has not " + act + s.where(n)
}

func (s english) where(n *node) string {
	if n.where == nil {
		return ""
	}
	return " (where " + s.condition(n.where, false) + ")"
}

func (s english) property(n *node) string { return s.words.called(PropertyWord, n.prop, en) }

func (s english) field(n *node) string {
	if n.op == opTrait {
		return s.words.called(TraitWord, n.key, en)
	}
	return s.words.called(PropertyWord, n.key, en)
}

func (s english) value(n *node) string {
	switch n.op {
	case opNumber:
		return number(n.num)
	case opBool:
		if n.yes {
			return "yes"
		}
		return "no"
	case opString:
		return quoted(n.key)
	case opTrait, opProperty:
		return s.field(n)
	case opTier:
		if t := s.words.title(DimensionWord, n.key, en); t != "" {
			return t
		}
		return "the tier " + quoted(n.key)
	case opChannel:
		return "the " + n.word + " channel"
	case opBucket:
		return "the place in the random split " + quoted(n.key)
	case opNegate:
		return "minus (" + s.value(n.kids[0]) + ")"
	case opArithmetic:
		word := map[string]string{"+": "plus", "-": "minus", "*": "times", "/": "divided by", "%": "modulo"}[n.word]
		return "(" + s.value(n.kids[0]) + " " + word + " " + s.value(n.kids[1]) + ")"
	default:
		return s.past(n)
	}
}

func (s english) past(n *node) string {
	switch n.op {
	case opCount:
		return "how often somebody " + s.did(n) + s.within(n)
	case opSum:
		if spending(n) {
			return "the money spent" + s.where(n) + s.within(n)
		}
		return s.over("total", n)
	case opAvg:
		return s.over("average", n)
	case opMin:
		return s.over("least", n)
	case opMax:
		return s.over("greatest", n)
	case opDistinct:
		return "the number of different values of " + s.property(n) + s.of(n)
	case opSinceLast:
		return "the days since somebody last " + s.did(n)
	case opSinceFirst:
		return "the days since somebody first " + s.did(n)
	default: // opActiveDays
		return "the number of active days" + s.within(n)
	}
}

// over is an aggregate: the average amount of “Order Completed” in the last 30 days.
func (s english) over(word string, n *node) string {
	return "the " + word + " " + s.property(n) + s.of(n)
}

func (s english) of(n *node) string {
	return " of " + s.words.marked(EventWord, n.key, en) + s.where(n) + s.within(n)
}
