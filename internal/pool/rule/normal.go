package rule

import (
	"math"
	"slices"
	"strings"
)

// Normal is the rule's normal form: the same text for rules that say the same in other words (order of parts, "not" outside of brackets or inside,
// "more than 2" or "at least 3"), and the same meaning. The normal form of a normal form is itself.
func (r *Rule) Normal() string { return text(normal(r.root)) }

// normal is a node in normal form.
func normal(n *node) *node {
	c := *n
	if n.where != nil {
		if c.where = normal(n.where); c.where.op == opConst && c.where.yes {
			c.where = nil
		}
	}
	c.kids = make([]*node, len(n.kids))
	for i, k := range n.kids {
		c.kids[i] = normal(k)
	}
	switch c.op {
	case opAnd, opOr:
		return junction(c.op, c.kids)
	case opNot:
		return opposed(c.kids[0])
	case opCompare:
		return normalCompare(&c)
	case opIn:
		return normalIn(&c)
	case opTest:
		return folded(&c)
	case opArithmetic:
		return normalArithmetic(&c)
	case opNegate:
		if k := c.kids[0]; k.op == opNumber {
			return &node{op: opNumber, num: 0 - k.num, typ: Number}
		}
	default:
	}
	return &c
}

func always(yes bool) *node { return &node{op: opConst, yes: yes} }

// junction joins conditions that are normal: flat, sorted, each once, and decided where they decide themselves.
func junction(o op, kids []*node) *node {
	decides := o == opOr // one true decides "or", one false decides "and"
	parts := map[string]*node{}
	var gather func([]*node) bool
	gather = func(kids []*node) bool {
		for _, k := range kids {
			switch {
			case k.op == opConst && k.yes == decides:
				return true
			case k.op == opConst:
			case k.op == o:
				if gather(k.kids) {
					return true
				}
			default:
				parts[text(k)] = k
			}
		}
		return false
	}
	if gather(kids) {
		return always(decides)
	}
	list := make([]*node, 0, len(parts))
	for _, k := range parts {
		if _, both := parts[text(opposed(k))]; both {
			return always(decides)
		}
		list = append(list, k)
	}
	switch len(list) {
	case 0:
		return always(!decides)
	case 1:
		return list[0]
	}
	slices.SortFunc(list, func(a, b *node) int { return strings.Compare(text(a), text(b)) })
	return &node{op: o, kids: list}
}

// opposed is "not n" for an n in normal form, in normal form.
func opposed(n *node) *node {
	switch n.op {
	case opConst:
		return always(!n.yes)
	case opNot:
		return n.kids[0]
	case opAnd, opOr:
		o := opAnd + opOr - n.op
		kids := make([]*node, len(n.kids))
		for i, k := range n.kids {
			kids[i] = opposed(k)
		}
		return junction(o, kids)
	case opIn:
		c := *n
		c.yes = !n.yes
		return &c
	case opCompare:
		if n.word == eq || n.word == ne || n.kids[0].present() && n.kids[1].present() {
			return normalCompare(&node{op: opCompare, word: opposite(n.word), kids: n.kids})
		}
	default:
	}
	return &node{op: opNot, kids: []*node{n}}
}

// normalCompare has what is written on the right, otherwise the sides in order.
func normalCompare(n *node) *node {
	l, r := n.kids[0], n.kids[1]
	switch {
	case l.literal() && r.literal():
		return folded(n)
	case l.literal(), !r.literal() && text(r) < text(l):
		n = &node{op: opCompare, word: flipped(n.word), kids: []*node{r, l}}
	}
	if n.kids[0].whole() && n.kids[1].op == opNumber {
		return wholeCompare(n)
	}
	return n
}

// wholeCompare compares a whole number that is not below zero with a written one: only with >=, < and, for a possible value above 0, == and !=.
func wholeCompare(n *node) *node {
	c := n.kids[1].num
	word, at := n.word, c
	switch n.word {
	case gt:
		word, at = ge, math.Floor(c)+1
	case le:
		word, at = lt, math.Floor(c)+1
	case ge, lt:
		at = math.Ceil(c)
	default:
		switch {
		case c < 0 || c != math.Trunc(c):
			return always(n.word == ne)
		case c == 0 && n.word == eq:
			word, at = lt, 1
		case c == 0:
			word, at = ge, 1
		}
	}
	if at <= 0 && (word == ge || word == lt) {
		return always(word == ge)
	}
	return &node{op: opCompare, word: word, kids: []*node{n.kids[0], {op: opNumber, num: at, typ: Number}}}
}

// normalIn has its list sorted, each once.
func normalIn(n *node) *node {
	list := slices.Clone(n.kids[1:])
	slices.SortFunc(list, func(a, b *node) int { return strings.Compare(text(a), text(b)) })
	list = slices.CompactFunc(list, func(a, b *node) bool { return text(a) == text(b) })
	switch {
	case len(list) == 0:
		return always(n.yes)
	case n.kids[0].literal():
		return folded(n)
	case len(list) == 1 && n.yes:
		return normalCompare(&node{op: opCompare, word: ne, kids: []*node{n.kids[0], list[0]}})
	case len(list) == 1:
		return normalCompare(&node{op: opCompare, word: eq, kids: []*node{n.kids[0], list[0]}})
	}
	return &node{op: opIn, yes: n.yes, kids: append([]*node{n.kids[0]}, list...)}
}

// normalArithmetic has constants computed, and the sides of + and * in order.
func normalArithmetic(n *node) *node {
	l, r := n.kids[0], n.kids[1]
	if l.op == opNumber && r.op == opNumber {
		if v, ok := calculate(n.word[0], l.num, r.num); ok {
			return &node{op: opNumber, num: v + 0, typ: Number}
		}
		return n
	}
	if (n.word == "+" || n.word == "*") && text(r) < text(l) {
		return &node{op: opArithmetic, word: n.word, kids: []*node{r, l}, typ: Number}
	}
	return n
}

// folded is the answer of a condition about written values only; others stay.
func folded(n *node) *node {
	for _, k := range n.kids {
		if !k.literal() {
			return n
		}
	}
	return always((&compiler{}).plain(n).holds(nil))
}
