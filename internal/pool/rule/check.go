package rule

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// question reads has_tag(key), in_segment(key), identity(kind), consent(purpose), has(field), held(question, window).
func (p *reader) question(e ast.Expr, o op) *node {
	args := e.AsCall().Args()
	switch o {
	case opHeld:
		return p.held(e, args)
	case opHas:
		if len(args) != 1 {
			p.report(p.span(e), wrongArguments("has", "has(person.city)"))
			return nil
		}
		v := p.value(args[0])
		if v == nil {
			return nil
		}
		if v.op != opTrait && v.op != opProperty {
			p.report(p.span(args[0]), wantsField())
			return nil
		}
		return &node{op: opHas, kids: []*node{v}}
	default:
	}
	form := o.function() + `("…")`
	if len(args) != 1 {
		p.report(p.span(e), wrongArguments(o.function(), form))
		return nil
	}
	key, ok := p.name(args[0], form)
	if !ok {
		return nil
	}
	switch o {
	case opTag:
		p.known(args[0], TagWord, key, p.schema.tags())
	case opSegment:
		p.known(args[0], SegmentWord, key, p.schema.segments())
	case opIdentity:
		p.known(args[0], KindWord, key, p.schema.kinds())
	case opConsent:
		p.known(args[0], PurposeWord, key, p.schema.purposes())
	default:
	}
	return &node{op: o, key: key}
}

func (p *reader) held(e ast.Expr, args []ast.Expr) *node {
	if len(args) != 2 {
		p.report(p.span(e), wantsHeld())
		return nil
	}
	k := p.condition(args[0])
	if k == nil {
		return nil
	}
	if k.op == opCompare && k.kids[0].op == opString { // "core" == tier("activity")
		k = &node{op: opCompare, word: k.word, kids: []*node{k.kids[1], k.kids[0]}}
	}
	if k.op != opTag && k.op != opSegment && (k.op != opCompare || k.word != eq || k.kids[0].op != opTier || k.kids[1].op != opString) {
		p.report(p.span(args[0]), wantsHeld())
		return nil
	}
	days, ok := p.days(args[1], false)
	if !ok {
		return nil
	}
	return &node{op: opHeld, days: days, kids: []*node{k}}
}

// function reads a call that gives a value.
func (p *reader) function(e ast.Expr, o op) *node {
	args := e.AsCall().Args()
	form, least, most := signature(o)
	if len(args) < least || len(args) > most {
		p.report(p.span(e), wrongArguments(o.function(), form))
		return nil
	}
	n := &node{op: o, typ: Number}
	ok := true
	rest := args
	take := func() ast.Expr { a := rest[0]; rest = rest[1:]; return a }
	read := func(a ast.Expr) string { s, good := p.name(a, form); ok = ok && good; return s }
	if o != opActiveDays {
		a := take()
		n.key = read(a)
		switch {
		case !ok:
		case o == opTier:
			n.typ = Text
			p.known(a, DimensionWord, n.key, p.schema.dimensions())
		case o != opBucket:
			p.known(a, EventWord, n.key, p.schema.events())
		}
	}
	if n.aggregate() {
		a := take()
		if n.prop = read(a); ok {
			t := p.property(a, n.key, n.prop)
			if o != opDistinct && t != Any && t != Number {
				p.report(p.span(a), wantsNumber(n.prop))
			}
		}
	}
	if n.window() {
		days, good := p.days(take(), true)
		n.days, ok = days, ok && good
	}
	if len(rest) > 0 {
		inside, where := p.inside, p.where
		p.inside, p.where = true, n.key
		n.where = p.condition(rest[0])
		p.inside, p.where = inside, where
		ok = ok && n.where != nil
	}
	if !ok {
		return nil
	}
	return n
}

// signature is how a function is called, and how many arguments it takes.
func signature(o op) (form string, least, most int) {
	f := o.function()
	switch o {
	case opCount:
		return f + `("Order Completed", "30d")`, 2, 3
	case opSum, opAvg, opMin, opMax, opDistinct:
		return f + `("Order Completed", "revenue", "30d")`, 3, 4
	case opSinceLast, opSinceFirst:
		return f + `("Order Completed")`, 1, 2
	case opActiveDays:
		return f + `("30d")`, 1, 1
	default:
		return f + `("…")`, 1, 1
	}
}

// name reads a name in quotation marks.
func (p *reader) name(e ast.Expr, form string) (string, bool) {
	if e.Kind() == ast.LiteralKind {
		if s, ok := e.AsLiteral().Value().(string); ok && s != "" {
			return s, true
		}
	}
	m := wantsName(form)
	if e.Kind() == ast.IdentKind {
		m.suggestions = []string{quote(e.AsIdent())}
	}
	p.report(p.span(e), m)
	return "", false
}

// known reports a name that the pool does not know. A nil list knows nothing and reports nothing.
func (p *reader) known(e ast.Expr, what What, name string, list []string) {
	if list == nil || slices.Contains(list, name) {
		return
	}
	m := unseen(what, name, list)
	for i, s := range m.suggestions {
		m.suggestions[i] = p.asWritten(e, s)
	}
	p.report(p.span(e), m)
}

// asWritten puts another name into the place of one: quoted where it was quoted, behind the dot where it was a field.
func (p *reader) asWritten(e ast.Expr, name string) string {
	of := ""
	switch {
	case e.Kind() == ast.SelectKind && e.AsSelect().Operand().Kind() == ast.IdentKind:
		of = e.AsSelect().Operand().AsIdent()
	case e.Kind() == ast.CallKind && len(e.AsCall().Args()) > 0 && e.AsCall().Args()[0].Kind() == ast.IdentKind:
		of = e.AsCall().Args()[0].AsIdent()
	}
	if of == "" {
		return quote(name)
	}
	var b strings.Builder
	writeField(&b, of, name)
	return b.String()
}

func (p *reader) trait(e ast.Expr, name string) Type {
	if p.schema == nil || p.schema.Traits == nil {
		return Any
	}
	return p.fieldType(e, TraitWord, name, p.schema.Traits)
}

// property is the type of an event's property; revenue is a number wherever it stands.
func (p *reader) property(e ast.Expr, of, name string) Type {
	if name == revenue {
		return Number
	}
	if p.schema == nil || p.schema.Properties == nil {
		return Any
	}
	fields := p.schema.Properties(of)
	if fields == nil {
		return Any
	}
	return p.fieldType(e, PropertyWord, name, fields)
}

func (p *reader) fieldType(e ast.Expr, what What, name string, fields []Field) Type {
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		if f.Name == name {
			return f.Type
		}
		names = append(names, f.Name)
	}
	p.known(e, what, name, names)
	return Any
}

// level checks the name of a tier's level.
func (p *reader) level(dimension, level string, e ast.Expr) {
	if p.schema == nil {
		return
	}
	for _, d := range p.schema.Tiers {
		if d.Key == dimension && d.Levels != nil {
			p.known(e, LevelWord, level, d.Levels)
		}
	}
}

// mismatch says that two types never meet, and how a literal could be written so that they do.
func (p *reader) mismatch(l, r *node, le, re ast.Expr, cmp string) mistake {
	var suggestions []string
	for i, v := range []*node{l, r} {
		other := []*node{r, l}[i]
		if !v.literal() {
			continue
		}
		lit := ""
		switch {
		case v.op == opString && other.typ == Number:
			if f, err := strconv.ParseFloat(strings.TrimSpace(v.key), 64); err == nil {
				lit = number(f)
			}
		case v.op == opString && other.typ == Bool && (v.key == "true" || v.key == "false"):
			lit = v.key
		case v.op == opNumber && other.typ == Text:
			lit = quote(number(v.num))
		}
		if lit == "" {
			continue
		}
		if i == 0 {
			suggestions = append(suggestions, lit+" "+cmp+" "+p.slice(re))
		} else {
			suggestions = append(suggestions, p.slice(le)+" "+cmp+" "+lit)
		}
	}
	return mismatch(p.slice(le), p.slice(re), l.typ, r.typ, suggestions...)
}

// windowMeant is the window that someone probably meant.
func windowMeant(written string, all bool) string {
	found := regexp.MustCompile(`(?i)^\s*(\d+)\s*([a-z\p{Han}]*)\s*$`).FindStringSubmatch(written)
	if found == nil {
		switch strings.ToLower(strings.TrimSpace(written)) {
		case "all", "ever", "all time", "全部", "所有", "一直":
			if all {
				return "all"
			}
		case "today", "今天":
			return "1d"
		}
		return ""
	}
	n, err := strconv.Atoi(found[1])
	if err != nil || n == 0 {
		return ""
	}
	switch strings.ToLower(found[2]) {
	case "", "d", "day", "days", "天", "日":
	case "w", "week", "weeks", "周", "星期":
		n *= 7
	case "m", "mo", "month", "months", "月", "个月":
		n *= 30
	case "y", "year", "years", "年":
		n *= 365
	case "h", "hour", "hours", "小时":
		n = (n + 23) / 24
	default:
		return ""
	}
	if n > MaxDays {
		if !all {
			return window(MaxDays)
		}
		return "all"
	}
	return window(n)
}
