package rule

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/parser"
)

// reader turns a rule's text into its tree. CEL's parser gives the syntax and the places; types and names are checked here, where there is one
// type of number, and a word to say in two languages about each mistake.
type reader struct {
	text     string
	runes    []rune
	schema   *Schema
	info     *ast.SourceInfo
	where    string // the event whose properties may be used, inside a where
	inside   bool   // inside a where
	anywhere bool   // a piece whose place is not known yet
	problems []Problem
}

func newReader(text string, schema *Schema) *reader {
	return &reader{text: text, schema: schema}
}

// read reads the whole text. Without problems the node is a condition; with problems it is nothing.
func (p *reader) read() *node { return p.piece(true) }

// piece reads the whole text as a condition or a value.
func (p *reader) piece(condition bool) *node {
	if len(p.text) > MaxBytes {
		p.report(span{0, 0}, tooLong(len(p.text)))
		return nil
	}
	if !utf8.ValidString(p.text) {
		p.report(span{0, 0}, badEncoding())
		return nil
	}
	p.runes = []rune(p.text)
	if strings.TrimSpace(p.text) == "" {
		p.report(span{0, len(p.runes)}, empty())
		return nil
	}
	tree, err := parseCEL(p.text)
	if err != nil {
		p.syntax(err)
		return nil
	}
	p.info = tree.SourceInfo()
	var root *node
	if condition {
		root = p.condition(tree.Expr())
	} else {
		root = p.value(tree.Expr())
	}
	if root == nil {
		return nil
	}
	if nodes, depth := root.size(); nodes > MaxNodes {
		p.report(span{0, len(p.runes)}, tooMany(nodes))
	} else if depth > MaxDepth {
		p.report(span{0, len(p.runes)}, tooDeep())
	}
	return root
}

// parseCEL parses within the bounds of a rule. There are no macros: has() is a function here, and there is nothing to loop over.
func parseCEL(text string) (*ast.AST, *common.Error) {
	cel, err := parser.NewParser(parser.Macros(), parser.MaxRecursionDepth(4*MaxDepth), parser.ErrorReportingLimit(1), parser.ErrorRecoveryLimit(1))
	if err != nil {
		return nil, &common.Error{Message: err.Error(), Location: common.NewLocation(1, 0)}
	}
	tree, errs := cel.Parse(common.NewTextSource(text))
	if found := errs.GetErrors(); len(found) > 0 {
		return nil, found[0]
	}
	return tree, nil
}

// condition reads what must answer yes or no; nil after a problem.
func (p *reader) condition(e ast.Expr) *node {
	if e.Kind() == ast.LiteralKind {
		if yes, ok := e.AsLiteral().Value().(bool); ok {
			return &node{op: opConst, yes: yes}
		}
	}
	if e.Kind() == ast.CallKind {
		if n, done := p.conditionCall(e); done {
			return n
		}
	}
	v := p.value(e)
	switch {
	case v == nil:
		return nil
	case (v.op == opTrait || v.op == opProperty) && (v.typ == Any || v.typ == Bool):
		return &node{op: opCompare, word: eq, kids: []*node{v, {op: opBool, yes: true, typ: Bool}}}
	}
	p.report(p.span(e), notCondition(p.slice(e), v))
	return nil
}

// conditionCall reads a call that answers yes or no; done is false for other calls.
func (p *reader) conditionCall(e ast.Expr) (n *node, done bool) {
	call := e.AsCall()
	name, args := call.FunctionName(), call.Args()
	if call.IsMemberFunction() {
		if slices.Contains(tests(), name) {
			return p.textTest(e), true
		}
		return nil, false
	}
	switch name {
	case "_&&_":
		return p.junction(opAnd, name, e), true
	case "_||_":
		return p.junction(opOr, name, e), true
	case "!_":
		k := p.condition(args[0])
		if k == nil {
			return nil, true
		}
		return negation(k), true
	case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_":
		return p.compare(e, strings.Trim(name, "_")), true
	case "@in":
		return p.in(e), true
	}
	switch o := functionNamed(name); o {
	case opTag, opSegment, opIdentity, opConsent, opHas, opHeld:
		if p.inside && !p.anywhere && o != opHas {
			p.report(p.span(e), nested(name))
			return nil, true
		}
		return p.question(e, o), true
	default:
		return nil, false
	}
}

// negation is "not k". The opposite of "in" is a form of its own, for people say it as one.
func negation(k *node) *node {
	if k.op == opIn && !k.yes {
		c := *k
		c.yes = true
		return &c
	}
	return &node{op: opNot, kids: []*node{k}}
}

// junction reads && and ||, which the parser nests, as one list.
func (p *reader) junction(o op, name string, e ast.Expr) *node {
	n := &node{op: o}
	failed := false
	var gather func(ast.Expr)
	gather = func(e ast.Expr) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == name {
			for _, a := range e.AsCall().Args() {
				gather(a)
			}
			return
		}
		k := p.condition(e)
		failed = failed || k == nil
		n.kids = append(n.kids, k)
	}
	gather(e)
	if failed {
		return nil
	}
	return n
}

// compare reads a comparison of two values, or of a condition with true or false.
func (p *reader) compare(e ast.Expr, cmp string) *node {
	args := e.AsCall().Args()
	for i, a := range args {
		yes, ok := truth(args[1-i])
		if !ok || cmp != eq && cmp != ne || !p.answers(a) {
			continue
		}
		k := p.condition(a)
		if k == nil || yes == (cmp == eq) {
			return k
		}
		return negation(k)
	}
	l, r := p.value(args[0]), p.value(args[1])
	if l == nil || r == nil {
		return nil
	}
	ordered := cmp != eq && cmp != ne
	switch {
	case ordered && (l.typ == Bool || r.typ == Bool):
		p.report(p.span(e), notOrdered())
		return nil
	case l.typ != r.typ && l.typ != Any && r.typ != Any:
		p.report(p.span(e), p.mismatch(l, r, args[0], args[1], cmp))
		return nil
	}
	if l.op == opTier && r.op == opString {
		p.level(l.key, r.key, args[1])
	} else if r.op == opTier && l.op == opString {
		p.level(r.key, l.key, args[0])
	}
	return &node{op: opCompare, word: cmp, kids: []*node{l, r}}
}

// truth is the value of a literal true or false.
func truth(e ast.Expr) (yes, ok bool) {
	if e.Kind() != ast.LiteralKind {
		return false, false
	}
	yes, ok = e.AsLiteral().Value().(bool)
	return yes, ok
}

// answers says whether an expression is a condition by its form.
func (p *reader) answers(e ast.Expr) bool {
	if e.Kind() != ast.CallKind {
		return false
	}
	call := e.AsCall()
	if call.IsMemberFunction() {
		return slices.Contains(tests(), call.FunctionName())
	}
	switch call.FunctionName() {
	case "_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in":
		return true
	}
	o := functionNamed(call.FunctionName())
	return o != opConst && o.condition()
}

// condition says whether a function answers yes or no.
func (o op) condition() bool { return o < opNumber }

// in reads "value in [literals]".
func (p *reader) in(e ast.Expr) *node {
	args := e.AsCall().Args()
	l := p.value(args[0])
	if args[1].Kind() != ast.ListKind {
		p.report(p.span(args[1]), wantsList())
		return nil
	}
	n := &node{op: opIn, kids: []*node{l}}
	for _, item := range args[1].AsList().Elements() {
		v := p.value(item)
		switch {
		case v == nil:
			return nil
		case !v.literal():
			p.report(p.span(item), wantsLiterals())
			return nil
		case l != nil && l.typ != Any && l.typ != v.typ:
			p.report(p.span(item), p.mismatch(l, v, args[0], item, eq))
			return nil
		case l != nil && l.op == opTier:
			p.level(l.key, v.key, item)
		}
		n.kids = append(n.kids, v)
	}
	if l == nil {
		return nil
	}
	return n
}

// textTest reads value.contains(value) and the like.
func (p *reader) textTest(e ast.Expr) *node {
	call := e.AsCall()
	name := call.FunctionName()
	if len(call.Args()) != 1 {
		p.report(p.span(e), wrongArguments(name, "value."+name+"(\"…\")"))
		return nil
	}
	l, r := p.value(call.Target()), p.value(call.Args()[0])
	if l == nil || r == nil {
		return nil
	}
	for i, v := range []*node{l, r} {
		if v.typ != Text && v.typ != Any {
			p.report(p.span([]ast.Expr{call.Target(), call.Args()[0]}[i]), wantsText(name))
			return nil
		}
	}
	if name == "matches" {
		if r.op != opString {
			p.report(p.span(call.Args()[0]), wantsPattern())
			return nil
		}
		if _, err := compilePattern(r.key); err != nil {
			p.report(p.span(call.Args()[0]), badPattern(err))
			return nil
		}
	}
	return &node{op: opTest, word: name, kids: []*node{l, r}}
}

// value reads what is a value; nil after a problem.
func (p *reader) value(e ast.Expr) *node {
	switch e.Kind() {
	case ast.LiteralKind:
		return p.literal(e)
	case ast.SelectKind:
		s := e.AsSelect()
		return p.field(e, s.Operand(), s.FieldName())
	case ast.CallKind:
		return p.valueCall(e)
	case ast.IdentKind:
		p.report(p.span(e), unknownName(e.AsIdent()))
	case ast.ListKind, ast.MapKind, ast.StructKind, ast.ComprehensionKind, ast.UnspecifiedExprKind:
		p.report(p.span(e), notSupported(p.slice(e)))
	}
	return nil
}

func (p *reader) literal(e ast.Expr) *node {
	switch v := e.AsLiteral().Value().(type) {
	case bool:
		return &node{op: opBool, yes: v, typ: Bool}
	case string:
		return &node{op: opString, key: v, typ: Text}
	case int64:
		if v > 1<<53 || v < -(1<<53) {
			p.report(p.span(e), tooLargeNumber(p.slice(e)))
			return nil
		}
		return &node{op: opNumber, num: float64(v), typ: Number}
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			p.report(p.span(e), tooLargeNumber(p.slice(e)))
			return nil
		}
		return &node{op: opNumber, num: v + 0, typ: Number}
	default:
		p.report(p.span(e), notSupported(p.slice(e)))
		return nil
	}
}

// field reads person.x, event.x, channel.x.
func (p *reader) field(e, of ast.Expr, name string) *node {
	if of.Kind() != ast.IdentKind {
		inner := p.slice(of)
		if of.Kind() == ast.SelectKind && of.AsSelect().Operand().Kind() == ast.IdentKind {
			inner = of.AsSelect().Operand().AsIdent() + "[" + quote(of.AsSelect().FieldName()+"."+name) + "]"
		}
		p.report(p.span(e), nestedField(inner))
		return nil
	}
	switch of.AsIdent() {
	case "person":
		return &node{op: opTrait, key: name, typ: p.trait(e, name)}
	case "event":
		if !p.inside {
			p.report(p.span(e), eventOutside(name))
			return nil
		}
		return &node{op: opProperty, key: name, prop: p.where, typ: p.property(e, p.where, name)}
	case "channel":
		if p.inside && !p.anywhere {
			p.report(p.span(e), nested("channel"))
			return nil
		}
		if name != "first" && name != "last" {
			p.report(p.span(e), unknownChannel(name))
			return nil
		}
		return &node{op: opChannel, word: name, typ: Text}
	}
	p.report(p.span(of), unknownName(of.AsIdent()))
	return nil
}

func (p *reader) valueCall(e ast.Expr) *node {
	call := e.AsCall()
	name, args := call.FunctionName(), call.Args()
	if call.IsMemberFunction() {
		if slices.Contains(tests(), name) {
			p.report(p.span(e), notValue(p.slice(e)))
		} else {
			p.report(p.span(e), unknownMethod(name))
		}
		return nil
	}
	switch name {
	case "_+_", "_-_", "_*_", "_/_", "_%_":
		l, r := p.operand(args[0]), p.operand(args[1])
		if l == nil || r == nil {
			return nil
		}
		return &node{op: opArithmetic, word: strings.Trim(name, "_"), kids: []*node{l, r}, typ: Number}
	case "-_":
		k := p.operand(args[0])
		if k == nil {
			return nil
		}
		if k.op == opNumber {
			return &node{op: opNumber, num: 0 - k.num, typ: Number}
		}
		return &node{op: opNegate, kids: []*node{k}, typ: Number}
	case "_[_]":
		if args[1].Kind() == ast.LiteralKind {
			if field, ok := args[1].AsLiteral().Value().(string); ok {
				return p.field(e, args[0], field)
			}
		}
		p.report(p.span(e), notSupported(p.slice(e)))
		return nil
	case "_?_:_":
		p.report(p.span(e), ternary())
		return nil
	}
	if p.answers(e) {
		p.report(p.span(e), notValue(p.slice(e)))
		return nil
	}
	o := functionNamed(name)
	if o == opConst {
		p.report(p.nameSpan(e), unknownFunction(name))
		return nil
	}
	if p.inside && !p.anywhere {
		p.report(p.span(e), nested(name))
		return nil
	}
	return p.function(e, o)
}

// operand reads one side of arithmetic.
func (p *reader) operand(e ast.Expr) *node {
	v := p.value(e)
	if v != nil && v.typ != Number && v.typ != Any {
		p.report(p.span(e), wantsNumber(p.slice(e)))
		return nil
	}
	return v
}

// days reads a window.
func (p *reader) days(e ast.Expr, all bool) (int, bool) {
	var written string
	if e.Kind() == ast.LiteralKind {
		if s, ok := e.AsLiteral().Value().(string); ok {
			written = s
			if s == "all" && all {
				return 0, true
			}
			if n, ok := daysOf(s); ok {
				return n, true
			}
		} else {
			written = p.slice(e)
		}
	}
	p.report(p.span(e), badWindow(written, all))
	return 0, false
}

// daysOf reads a window of days, like "30d".
func daysOf(s string) (int, bool) {
	digits, ok := strings.CutSuffix(s, "d")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 1 && n <= MaxDays && window(n) == s
}
