package rule

import (
	"slices"
	"strconv"
	"strings"
)

// Text is the rule in canonical CEL: the same tree, spaced and quoted one way.
func (r *Rule) Text() string { return text(r.root) }

func text(n *node) string {
	var b strings.Builder
	write(&b, n, bindOr)
	return b.String()
}

// How strongly an operator binds, weakest first.
const (
	bindOr = iota
	bindAnd
	bindRelation
	bindAdd
	bindMultiply
	bindUnary
	bindMember
)

// binding is how strongly the node's own operator binds.
func (n *node) binding() int {
	switch n.op {
	case opOr:
		return bindOr
	case opAnd:
		return bindAnd
	case opCompare:
		return bindRelation
	case opIn:
		if n.yes {
			return bindUnary // !(x in […])
		}
		return bindRelation
	case opArithmetic:
		if n.word == "+" || n.word == "-" {
			return bindAdd
		}
		return bindMultiply
	case opNot, opNegate:
		return bindUnary
	case opNumber:
		if n.num < 0 {
			return bindUnary
		}
		return bindMember
	default:
		return bindMember
	}
}

// write puts a node where an operator of the given strength, or a stronger one, may stand without brackets.
func write(b *strings.Builder, n *node, least int) {
	if n.binding() < least {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.op {
	case opConst, opBool:
		b.WriteString(strconv.FormatBool(n.yes))
	case opNumber:
		b.WriteString(number(n.num))
	case opString:
		b.WriteString(quote(n.key))
	case opAnd, opOr:
		sign, inside := " && ", bindAnd+1
		if n.op == opOr {
			sign, inside = " || ", bindOr+1
		}
		for i, k := range n.kids {
			if i > 0 {
				b.WriteString(sign)
			}
			write(b, k, inside)
		}
	case opNot:
		b.WriteByte('!')
		write(b, n.kids[0], bindMember)
	case opNegate:
		b.WriteByte('-')
		write(b, n.kids[0], bindMember)
	case opCompare:
		write(b, n.kids[0], bindRelation+1)
		b.WriteString(" " + n.word + " ")
		write(b, n.kids[1], bindRelation+1)
	case opArithmetic:
		write(b, n.kids[0], n.binding())
		b.WriteString(" " + n.word + " ")
		write(b, n.kids[1], n.binding()+1)
	case opIn:
		writeIn(b, n)
	case opTest:
		write(b, n.kids[0], bindMember)
		b.WriteString("." + n.word + "(")
		write(b, n.kids[1], bindOr)
		b.WriteByte(')')
	case opTrait:
		writeField(b, "person", n.key)
	case opProperty:
		writeField(b, "event", n.key)
	case opChannel:
		b.WriteString("channel." + n.word)
	default:
		writeCall(b, n)
	}
}

func writeIn(b *strings.Builder, n *node) {
	if n.yes {
		b.WriteString("!(")
		defer b.WriteByte(')')
	}
	write(b, n.kids[0], bindRelation+1)
	b.WriteString(" in [")
	for i, k := range n.kids[1:] {
		if i > 0 {
			b.WriteString(", ")
		}
		write(b, k, bindOr)
	}
	b.WriteByte(']')
}

func writeCall(b *strings.Builder, n *node) {
	b.WriteString(n.op.function() + "(")
	next := ""
	arg := func(s string) {
		b.WriteString(next + s)
		next = ", "
	}
	switch {
	case n.op == opHas || n.op == opHeld:
		arg(text(n.kids[0]))
	case n.op != opActiveDays:
		arg(quote(n.key))
	}
	if n.aggregate() {
		arg(quote(n.prop))
	}
	if n.window() || n.op == opHeld {
		arg(quote(window(n.days)))
	}
	if n.where != nil {
		arg(text(n.where))
	}
	b.WriteByte(')')
}

// window is how a window is written.
func window(days int) string {
	if days == 0 {
		return "all"
	}
	return strconv.Itoa(days) + "d"
}

// number is a number in the shortest form that reads back as the same.
func number(f float64) string {
	if f == 0 {
		return "0" // there is no -0
	}
	if f > -1e15 && f < 1e15 && (f >= 1e-6 || f <= -1e-6) {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	return s
}

// quote is a text in double quotes.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfeff || r == 0x2028 || r == 0x2029:
			const hex = "0123456789abcdef"
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&0xf])
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// reserved are words that CEL keeps for itself.
func reserved() []string {
	return []string{
		"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "package", "namespace",
		"null", "return", "true", "var", "void", "while",
	}
}

func writeField(b *strings.Builder, of, name string) {
	b.WriteString(of)
	if plain(name) {
		b.WriteString("." + name)
		return
	}
	b.WriteString("[" + quote(name) + "]")
}

// plain says whether a name can stand behind a dot.
func plain(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && !slices.Contains(reserved(), name)
}
