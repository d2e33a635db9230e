package rule

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
)

// span is a stretch of characters, the end not included.
type span struct{ from, to int }

// report notes a problem at a place.
func (p *reader) report(at span, m mistake) {
	line, column := 1, 1
	for _, r := range p.runes[:min(at.from, len(p.runes))] {
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	p.problems = append(p.problems, Problem{
		Line: line, Column: column, Offset: at.from, Length: max(0, at.to-at.from),
		Code: m.code, Message: m.en, MessageZH: m.zh, Suggestions: m.suggestions,
	})
}

// slice is the text of an expression.
func (p *reader) slice(e ast.Expr) string {
	s := p.span(e)
	return string(p.runes[s.from:s.to])
}

// span is where an expression stands, with all its parts. The parser keeps only the place of each operator and literal.
func (p *reader) span(e ast.Expr) span {
	r, ok := p.info.GetOffsetRange(e.ID())
	if !ok {
		return span{0, len(p.runes)}
	}
	s := span{int(r.Start), int(r.Stop)}
	join := func(t span) { s = span{min(s.from, t.from), max(s.to, t.to)} }
	switch e.Kind() {
	case ast.SelectKind:
		join(p.span(e.AsSelect().Operand()))
		s.to = p.fieldEnd(s.to)
	case ast.CallKind:
		call := e.AsCall()
		if call.IsMemberFunction() {
			join(p.span(call.Target()))
		}
		for _, a := range call.Args() {
			join(p.span(a))
		}
		switch open := int(r.Start); {
		case p.at(open) == '(':
			if !call.IsMemberFunction() {
				s.from = min(s.from, p.nameSpan(e).from)
			}
			s.to = p.closing(s.to, ')')
		case p.at(open) == '[':
			s.to = p.closing(s.to, ']')
		}
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			join(p.span(x))
		}
		s.to = p.closing(s.to, ']')
	case ast.MapKind, ast.StructKind, ast.ComprehensionKind, ast.IdentKind, ast.LiteralKind, ast.UnspecifiedExprKind:
	}
	return span{max(0, s.from), min(s.to, len(p.runes))}
}

func (p *reader) at(i int) rune {
	if i < 0 || i >= len(p.runes) {
		return 0
	}
	return p.runes[i]
}

// nameSpan is where the name of a called function stands: before its bracket.
func (p *reader) nameSpan(e ast.Expr) span {
	r, _ := p.info.GetOffsetRange(e.ID())
	to := int(r.Start)
	for to > 0 && unicode.IsSpace(p.at(to-1)) {
		to--
	}
	from := max(0, to-len([]rune(e.AsCall().FunctionName())))
	return span{from, to}
}

// closing is the place behind the next closing bracket, if only spaces, commas and brackets that close arguments come before it.
func (p *reader) closing(from int, bracket rune) int {
	for i := from; i < len(p.runes); i++ {
		switch r := p.runes[i]; {
		case r == bracket:
			return i + 1
		case unicode.IsSpace(r) || r == ',':
		default:
			return from
		}
	}
	return from
}

// fieldEnd is the place behind the name that follows a dot.
func (p *reader) fieldEnd(from int) int {
	i := from
	for unicode.IsSpace(p.at(i)) {
		i++
	}
	if p.at(i) == '`' {
		for i++; i < len(p.runes) && p.runes[i] != '`'; i++ { //nolint:revive // the loop moves i
		}
		return min(i+1, len(p.runes))
	}
	for r := p.at(i); r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r); r = p.at(i) {
		i++
	}
	return i
}

// syntax explains why the text is no CEL. What people commonly write instead is found first, for the parser's own words speak of tokens.
func (p *reader) syntax(err *common.Error) {
	if strings.Contains(err.Message, "recursion limit") {
		p.report(span{0, len(p.runes)}, tooDeep())
		return
	}
	if strings.Contains(err.Message, "invalid int literal") || strings.Contains(err.Message, "invalid double literal") {
		from := p.offset(err)
		to := from
		for unicode.IsDigit(p.at(to)) || strings.ContainsRune(".eE+-", p.at(to)) && p.at(to) != 0 {
			to++
		}
		p.report(span{from, to}, tooLargeNumber(string(p.runes[from:to])))
		return
	}
	if p.common() {
		return
	}
	at := p.offset(err)
	if strings.TrimSpace(string(p.runes[min(at, len(p.runes)):])) == "" {
		end := len([]rune(strings.TrimRight(p.text, " \t\r\n")))
		p.report(span{end, end}, unfinished())
		return
	}
	detail := strings.TrimPrefix(err.Message, "Syntax error: ")
	if i := strings.Index(detail, " expecting "); i > 0 {
		detail = detail[:i]
	}
	p.report(span{at, min(at+1, len(p.runes))}, syntax(strings.TrimSuffix(detail, ".")))
}

// offset is the place of a parser's error.
func (p *reader) offset(err *common.Error) int {
	line, at := 1, 0
	for i, r := range p.runes {
		if line == err.Location.Line() {
			break
		}
		if r == '\n' {
			line, at = line+1, i+1
		}
	}
	return min(at+err.Location.Column(), len(p.runes))
}

// common finds a mistake that many make, outside of texts in quotation marks.
func (p *reader) common() bool {
	for i := 0; i < len(p.runes); {
		r := p.runes[i]
		switch {
		case r == '"' || r == '\'':
			end := p.quoted(i)
			if end < 0 {
				p.report(span{i, len(p.runes)}, unclosed())
				return true
			}
			i = end
			continue
		case r == '/' && p.at(i+1) == '/':
			for i < len(p.runes) && p.runes[i] != '\n' {
				i++
			}
			continue
		case strings.ContainsRune("=!<>", r) && p.at(i+1) == '=':
			if p.at(i+2) == '=' {
				p.report(span{i, i + 3}, says("rule.syntax", "Write two signs, not three.", "写两个等号就够了。", string(p.runes[i:i+2])))
				return true
			}
			i += 2
			continue
		case r == '=':
			to := i + 1
			m := singleEquals()
			if next := p.at(to); next == '>' || next == '<' {
				to++
				m = says("rule.syntax", fmt.Sprintf("Write %c= here.", next), fmt.Sprintf("这里请写 %c=。", next), string(next)+"=")
			}
			p.report(span{i, to}, m)
			return true
		case (r == '&' || r == '|') && p.at(i+1) == r:
			i += 2
			continue
		case r == '&' || r == '|':
			p.report(span{i, i + 1}, singleSign(string(r)))
			return true
		case r == '<' && p.at(i+1) == '>':
			p.report(span{i, i + 2}, says("rule.syntax", "“Not equal” is written !=.", "“不等于”写作 !=。", "!="))
			return true
		}
		if sign := narrow(r); sign != "" {
			p.report(span{i, i + 1}, wideSign(string(r), sign))
			return true
		}
		if r == '_' || unicode.IsLetter(r) {
			to := p.fieldEnd(i)
			if p.word(i, to) {
				return true
			}
			i = to
			continue
		}
		i++
	}
	return false
}

// word finds mistakes with a word: "and" for &&, Chinese without quotation marks.
func (p *reader) word(from, to int) bool {
	w := string(p.runes[from:to])
	before := strings.TrimRight(string(p.runes[:from]), " \t\r\n")
	if !strings.HasSuffix(before, ".") {
		for word, sign := range map[string]string{"and": "&&", "or": "||", "not": "!", "且": "&&", "并且": "&&", "或": "||", "或者": "||", "非": "!"} {
			if strings.EqualFold(w, word) {
				p.report(span{from, to}, wordOperator(w, sign))
				return true
			}
		}
	}
	if regexp.MustCompile(`^[\x00-\x7f]*$`).MatchString(w) {
		return false
	}
	if field := regexp.MustCompile(`\b(person|event)\s*\.$`).FindStringSubmatch(before); field != nil {
		start := len([]rune(strings.TrimRight(strings.TrimSuffix(before, "."), " \t\r\n"))) - len(field[1])
		p.report(span{start, to}, bareName(w, field[1]))
		return true
	}
	p.report(span{from, to}, bareText(w))
	return true
}

// quoted is the place behind the text that begins at i, or -1.
func (p *reader) quoted(i int) int {
	mark := p.runes[i]
	if p.at(i+1) == mark && p.at(i+2) == mark {
		for j := i + 3; j < len(p.runes); j++ {
			if p.runes[j] == '\\' {
				j++
			} else if p.runes[j] == mark && p.at(j+1) == mark && p.at(j+2) == mark {
				return j + 3
			}
		}
		return -1
	}
	raw := p.at(i-1) == 'r' || p.at(i-1) == 'R'
	for j := i + 1; j < len(p.runes); j++ {
		switch {
		case p.runes[j] == '\\' && !raw:
			j++
		case p.runes[j] == '\n':
			return -1
		case p.runes[j] == mark:
			return j + 1
		}
	}
	return -1
}

// narrow is the sign that stands for a full-width or curly one; "" for others.
func narrow(r rune) string {
	switch r {
	case '“', '”', '„', '‟', '＂', '「', '」', '«', '»', '‘', '’', '＇':
		return `"`
	case '，', '、':
		return ","
	case '（':
		return "("
	case '）':
		return ")"
	case '【', '［':
		return "["
	case '】', '］':
		return "]"
	case '＝':
		return "=="
	case '≠':
		return "!="
	case '≥', '≧':
		return ">="
	case '≤', '≦':
		return "<="
	case '＞', '》':
		return ">"
	case '＜', '《':
		return "<"
	case '！':
		return "!"
	case '＆':
		return "&&"
	case '｜':
		return "||"
	case '。', '．':
		return "."
	case '×':
		return "*"
	case '÷':
		return "/"
	case '－', '–', '—', '−':
		return "-"
	case '＋':
		return "+"
	}
	return ""
}
