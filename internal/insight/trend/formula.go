package trend

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A formula reckons with the letters of series: "A / B * 100", "(A - B) / (A + B)", "-A + 3.5". The four operations, brackets, a leading minus and
// plain numbers are all there is; * and / bind tighter than + and -, and equals go from left to right.
//
// What cannot be said is null: a series that has no value, a division by zero, a result that is not finite; and so is everything reckoned with it.

// The bounds of a formula.
const (
	maxFormulaBytes = 500
	maxFormulaDepth = 50
)

// formula is a parsed formula. It does not change.
type formula struct{ root *term }

// term is a number, a letter, or an operation on terms.
type term struct {
	op          byte // '0' a number, 'A' a letter, 'n' a minus before, or + - * /
	number      float64
	letter      int // 0 for A
	left, right *term
}

// syntaxError says what is wrong with a formula and where.
type syntaxError struct {
	At      int // byte
	Message string
}

func (e *syntaxError) Error() string { return e.Message }

// parseFormula reads a formula over so many series.
func parseFormula(text string, series int) (*formula, error) {
	if len(text) > maxFormulaBytes {
		return nil, &syntaxError{0, fmt.Sprintf("a formula has at most %d characters", maxFormulaBytes)}
	}
	p := &parser{text: text, series: series}
	root, err := p.sum(0)
	if err != nil {
		return nil, err
	}
	if p.blank(); p.at < len(text) {
		return nil, p.fail("an operator such as + - * / is missing before %q", text[p.at:min(len(text), p.at+8)])
	}
	return &formula{root}, nil
}

// parser reads from left to right.
type parser struct {
	text   string
	at     int
	series int
}

func (p *parser) fail(format string, args ...any) error {
	return &syntaxError{p.at, fmt.Sprintf(format, args...)}
}

func (p *parser) blank() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// next is the next character that is no blank, 0 at the end.
func (p *parser) next() byte {
	p.blank()
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) sum(depth int) (*term, error) {
	left, err := p.product(depth)
	for err == nil && (p.next() == '+' || p.next() == '-') {
		op := p.text[p.at]
		p.at++
		var right *term
		if right, err = p.product(depth); err == nil {
			left = &term{op: op, left: left, right: right}
		}
	}
	return left, err
}

func (p *parser) product(depth int) (*term, error) {
	left, err := p.factor(depth)
	for err == nil && (p.next() == '*' || p.next() == '/') {
		op := p.text[p.at]
		p.at++
		var right *term
		if right, err = p.factor(depth); err == nil {
			left = &term{op: op, left: left, right: right}
		}
	}
	return left, err
}

func (p *parser) factor(depth int) (*term, error) {
	if depth > maxFormulaDepth {
		return nil, p.fail("the brackets are too deep")
	}
	switch c := p.next(); {
	case c == 0:
		return nil, p.fail("the formula ends too early")
	case c == '-':
		p.at++
		of, err := p.factor(depth + 1)
		return &term{op: 'n', left: of}, err
	case c == '(':
		p.at++
		inner, err := p.sum(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.next() != ')' {
			return nil, p.fail("a bracket is not closed")
		}
		p.at++
		return inner, nil
	case c >= '0' && c <= '9' || c == '.':
		return p.literal()
	case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
		return p.name()
	default:
		return nil, p.fail("%q is no part of a formula", []rune(p.text[p.at:])[0])
	}
}

func (p *parser) literal() (*term, error) {
	from := p.at
	for p.at < len(p.text) && (p.text[p.at] >= '0' && p.text[p.at] <= '9' || p.text[p.at] == '.') {
		p.at++
	}
	n, err := strconv.ParseFloat(p.text[from:p.at], 64)
	if err != nil || math.IsInf(n, 0) {
		p.at = from
		return nil, p.fail("this is no number")
	}
	return &term{op: '0', number: n}, nil
}

func (p *parser) name() (*term, error) {
	letter := int(p.text[p.at]|0x20) - 'a'
	if p.at+1 < len(p.text) {
		if c := p.text[p.at+1] | 0x20; c >= 'a' && c <= 'z' {
			return nil, p.fail("series have one letter each, from A on")
		}
	}
	if letter >= p.series {
		return nil, p.fail("there is no series %c", 'A'+letter)
	}
	p.at++
	return &term{op: 'A', letter: letter}, nil
}

// eval reckons with the values of the series. NaN stands for null, in and out.
func (f *formula) eval(values []float64) float64 { return f.root.eval(values) }

func (t *term) eval(values []float64) float64 {
	switch t.op {
	case '0':
		return t.number
	case 'A':
		return values[t.letter]
	case 'n':
		return 0 - t.left.eval(values)
	}
	a, b := t.left.eval(values), t.right.eval(values)
	switch t.op {
	case '+':
		a += b
	case '-':
		a -= b
	case '*':
		a *= b
	default:
		if b == 0 {
			return math.NaN()
		}
		a /= b
	}
	if math.IsInf(a, 0) {
		return math.NaN()
	}
	return a
}

// letters are the series that the formula names, each once, ascending.
func (f *formula) letters() []int {
	var seen [26]bool
	f.root.each(func(t *term) {
		if t.op == 'A' {
			seen[t.letter] = true
		}
	})
	var out []int
	for i, yes := range seen {
		if yes {
			out = append(out, i)
		}
	}
	return out
}

func (t *term) each(visit func(*term)) {
	visit(t)
	if t.left != nil {
		t.left.each(visit)
	}
	if t.right != nil {
		t.right.each(visit)
	}
}

// money says whether the result is an amount, given which series are: amounts by numbers are amounts, amounts by amounts are numbers, and what
// adds amounts to numbers that are no constants is a number.
func (f *formula) money(series []bool) bool {
	power, _ := f.root.power(series)
	return power == 1
}

// power is how often money is in a term; constant says that there are only numbers in it.
func (t *term) power(series []bool) (power int, constant bool) {
	switch t.op {
	case '0':
		return 0, true
	case 'A':
		if series[t.letter] {
			return 1, false
		}
		return 0, false
	case 'n':
		return t.left.power(series)
	}
	a, ca := t.left.power(series)
	b, cb := t.right.power(series)
	switch t.op {
	case '*':
		return a + b, ca && cb
	case '/':
		return a - b, ca && cb
	}
	switch {
	case ca:
		return b, cb
	case cb, a == b:
		return a, false
	}
	return 0, false
}
