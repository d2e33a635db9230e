package rule

import (
	"fmt"
	"strings"
)

// Problem says why a text is no rule, where, and what to write instead. Line and Column count from 1, Offset from 0; all count characters (code
// points), not bytes.
type Problem struct {
	Line        int      `json:"line"`
	Column      int      `json:"column"`
	Offset      int      `json:"offset"`
	Length      int      `json:"length"`
	Path        string   `json:"path,omitempty" doc:"the member of a tree that is meant, like tree.of[1].left.event; then there is no place in a text"`
	Code        string   `json:"code"`
	Message     string   `json:"message"`
	MessageZH   string   `json:"message_zh"`
	Suggestions []string `json:"suggestions,omitempty"` // to be put in place of the marked characters, best first
}

// String is the English message with its place.
func (p Problem) String() string { return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Message) }

// mistake is a problem without its place.
type mistake struct {
	code, en, zh string
	suggestions  []string
}

func says(code, en, zh string, suggestions ...string) mistake {
	return mistake{code, en, zh, suggestions}
}

// The codes of problems are stable; the guide lists them.

func empty() mistake {
	return says("rule.empty", "The rule is empty. Write a condition.", "规则是空的，请写一个条件。", `count("Order Completed", "30d") >= 1`)
}

func tooLong(bytes int) mistake {
	return says("rule.too_long", fmt.Sprintf("The rule has %d bytes, at most %d are read. Split it into segments and join them with in_segment.", bytes, MaxBytes),
		fmt.Sprintf("规则有 %d 字节，最多 %d 字节。请拆成几个人群，再用 in_segment 组合。", bytes, MaxBytes))
}

func tooMany(nodes int) mistake {
	return says("rule.too_many", fmt.Sprintf("The rule has %d parts, at most %d are allowed. Split it into segments and join them with in_segment.", nodes, MaxNodes),
		fmt.Sprintf("规则有 %d 个部分，最多 %d 个。请拆成几个人群，再用 in_segment 组合。", nodes, MaxNodes))
}

func tooDeep() mistake {
	return says("rule.too_deep", fmt.Sprintf("The rule is nested more than %d deep. Make a segment of an inner part and ask in_segment.", MaxDepth),
		fmt.Sprintf("规则嵌套超过 %d 层。请把内层做成人群，再用 in_segment 引用。", MaxDepth))
}

func badEncoding() mistake {
	return says("rule.encoding", "The rule is not UTF-8 text.", "规则不是 UTF-8 文本。")
}

func syntax(detail string) mistake {
	return says("rule.syntax", "This cannot be read: "+detail+".", "这里读不懂，请检查括号、引号和运算符。")
}

func unfinished() mistake {
	return says("rule.unfinished", "The rule ends too early: something is missing here.", "规则没写完，这里还缺内容。")
}

func unclosed() mistake {
	return says("rule.unclosed_text", "This text has no closing quotation mark.", "这段文字缺少结尾的引号。")
}

func singleEquals() mistake {
	return says("rule.single_equals", "Equality is written with two signs: ==.", "判断相等要写两个等号：==。", "==")
}

func singleSign(sign string) mistake {
	return says("rule.single_sign", fmt.Sprintf("Write %s%s instead of %s.", sign, sign, sign), fmt.Sprintf("请写 %s%s，而不是 %s。", sign, sign, sign), sign+sign)
}

func wordOperator(word, sign string) mistake {
	return says("rule.word_operator", fmt.Sprintf("Write %s instead of %q.", sign, word), fmt.Sprintf("请写 %s，而不是“%s”。", sign, word), sign)
}

func wideSign(found, sign string) mistake {
	return says("rule.wide_sign", fmt.Sprintf("Write %s instead of %s.", sign, found), fmt.Sprintf("请写半角的 %s，而不是 %s。", sign, found), sign)
}

func bareName(name, field string) mistake {
	return says("rule.bare_name", "Names that are not plain letters, digits and underscores are written in brackets and quotation marks.",
		"含中文或符号的名称要写在方括号和引号里。", field+"["+quote(name)+"]")
}

func bareText(word string) mistake {
	return says("rule.bare_text", "Text is written in quotation marks.", "文字要写在引号里。", quote(word))
}

func notSupported(what string) mistake {
	return says("rule.not_supported", fmt.Sprintf("%s has no place in rules.", clip(what)), fmt.Sprintf("规则里不能用 %s。", clip(what)))
}

func ternary() mistake {
	return says("rule.not_supported", "“a ? b : c” has no place in rules. Write it with && and ||.", "规则里不能用“a ? b : c”，请用 && 和 || 来写。")
}

func unknownName(name string) mistake {
	m := says("rule.unknown_name", fmt.Sprintf("%q is not known here. Rules know person.…, event.… (in a where), channel.first, channel.last and functions.", name),
		fmt.Sprintf("这里不认识“%s”。规则里可以用 person.…、event.…（只在筛选条件里）、channel.first、channel.last 和函数。", name))
	m.suggestions = nearest(name, []string{"person", "event", "channel"})
	if len(m.suggestions) == 0 {
		m.suggestions = []string{"person." + name, quote(name)}
	}
	return m
}

func unknownFunction(name string) mistake {
	var known []string
	for _, o := range functions() {
		known = append(known, o.function())
	}
	return says("rule.unknown_function", fmt.Sprintf("There is no function %q.", name), fmt.Sprintf("没有名为“%s”的函数。", name), nearest(name, known)...)
}

func unknownMethod(name string) mistake {
	return says("rule.unknown_function", fmt.Sprintf("There is no text test %q. There are: %s.", name, strings.Join(tests(), ", ")),
		fmt.Sprintf("没有名为“%s”的文字判断，可用的有：%s。", name, strings.Join(tests(), "、")), nearest(name, tests())...)
}

func unknownChannel(name string) mistake {
	return says("rule.unknown_name", fmt.Sprintf("channel has no %q, only first and last.", name), fmt.Sprintf("channel 没有“%s”，只有 first（首次）和 last（最近）。", name),
		"channel.first", "channel.last")
}

func wrongArguments(name, form string) mistake {
	return says("rule.arguments", fmt.Sprintf("%s is called like this: %s.", name, form), fmt.Sprintf("%s 的写法是：%s。", name, form))
}

func wantsName(form string) mistake {
	return says("rule.arguments", fmt.Sprintf("Here stands a name in quotation marks: %s.", form), fmt.Sprintf("这里要写带引号的名称：%s。", form))
}

func badWindow(written string, all bool) mistake {
	m := says("rule.window", fmt.Sprintf(`A window is written in days, like "30d" (1 to %d, today included), or "all".`, MaxDays),
		fmt.Sprintf(`时间窗口按天写，如 "30d"（1 到 %d 天，含今天），或 "all"。`, MaxDays))
	if !all {
		m.en, m.zh = fmt.Sprintf(`How long is written in days, like "30d" (1 to %d, today included).`, MaxDays), fmt.Sprintf(`时长按天写，如 "30d"（1 到 %d 天，含今天）。`, MaxDays)
	}
	if w := windowMeant(written, all); w != "" {
		m.suggestions = []string{quote(w)}
	}
	return m
}

func notCondition(written string, v *node) mistake {
	switch v.typ {
	case Number:
		return says("rule.not_condition", "This is a number, and a rule asks yes or no: compare it.", "这是一个数，规则要的是“是或否”：请拿它来比较。", written+" > 0", written+" >= 1")
	case Text:
		return says("rule.not_condition", "This is a text, and a rule asks yes or no: compare it.", "这是文字，规则要的是“是或否”：请拿它来比较。", written+` == "…"`)
	case Any, Bool:
	}
	return says("rule.not_condition", "A rule asks yes or no: compare this.", "规则要的是“是或否”：请拿它来比较。", written+" == true")
}

func notValue(written string) mistake {
	return says("rule.not_value", fmt.Sprintf("%s answers yes or no; it cannot be compared or counted with. Join conditions with && and ||.", clip(written)),
		fmt.Sprintf("%s 的结果是“是或否”，不能拿来比大小或计算。请用 && 和 || 连接条件。", clip(written)))
}

func notOrdered() mistake {
	return says("rule.type", "true and false have no order; compare them with == or !=.", "true 和 false 没有大小之分，请用 == 或 != 比较。")
}

func mismatch(left, right string, l, r Type, suggestions ...string) mistake {
	return says("rule.type", fmt.Sprintf("%s is %s and %s is %s; they are never equal.", clip(left), l.en(), clip(right), r.en()),
		fmt.Sprintf("%s 是%s，%s 是%s，永远不会相等。", clip(left), l.zh(), clip(right), r.zh()), suggestions...)
}

func wantsText(test string) mistake {
	return says("rule.type", test+" is a question about texts.", test+" 只能用来判断文字。")
}

func wantsNumber(written string) mistake {
	return says("rule.type", fmt.Sprintf("%s is no number, and cannot be calculated with.", clip(written)), fmt.Sprintf("%s 不是数，不能计算。", clip(written)))
}

func wantsList() mistake {
	return says("rule.list", `“in” is followed by a list: in ["a", "b"].`, `in 后面要写一个列表：in ["a", "b"]。`)
}

func wantsLiterals() mistake {
	return says("rule.list", "A list holds texts, numbers, true or false, nothing else.", "列表里只能写文字、数、true 或 false。")
}

func wantsPattern() mistake {
	return says("rule.pattern", `A pattern is a text in quotation marks: matches("^A.*").`, `模式要写成带引号的文字：matches("^A.*")。`)
}

func badPattern(err error) mistake {
	return says("rule.pattern", fmt.Sprintf("This is no regular expression (RE2): %v.", err), "这不是合法的正则表达式（RE2 语法）。")
}

func tooLargeNumber(written string) mistake {
	return says("rule.number", fmt.Sprintf("%s is too large to be exact. If it is a number like an order's or a member's, write it as text.", clip(written)),
		fmt.Sprintf("%s 太大，无法精确表示。如果它是编号，请写成文字。", clip(written)), quote(written))
}

func nestedField(suggestion string) mistake {
	return says("rule.nested_field", "There are no fields inside fields.", "属性里面不能再取属性。", suggestion)
}

func eventOutside(name string) mistake {
	return says("rule.event_outside_where", fmt.Sprintf("event.%s can only stand inside the last argument of count, sum and so on, where it filters events.", name),
		fmt.Sprintf("event.%s 只能写在 count、sum 等函数的最后一个参数里，用来筛选事件。", name), fmt.Sprintf(`count("…", "30d", event.%s == "…") >= 1`, name))
}

func nested(name string) mistake {
	return says("rule.nested", fmt.Sprintf("%s cannot stand inside a filter of events; there, compare event.… and person.….", name),
		fmt.Sprintf("筛选事件的条件里不能用 %s，只能比较 event.… 和 person.…。", name))
}

func wantsField() mistake {
	return says("rule.arguments", "has asks for a trait or property: has(person.city).", "has 用来判断有没有某个属性：has(person.city)。")
}

func wantsHeld() mistake {
	return says("rule.held", `held asks how long someone has been in a segment, a tag or a level: held(in_segment("vip"), "30d"), held(has_tag("a"), "30d"), held(tier("activity") == "core", "30d").`,
		`held 用来问在某人群、标签或层级里待了多久：held(in_segment("vip"), "30d")、held(has_tag("a"), "30d")、held(tier("activity") == "core", "30d")。`)
}

func unseen(what What, name string, known []string) mistake {
	en, zh := what.words()
	near := nearest(name, known)
	m := says("rule.unknown_"+string(what), fmt.Sprintf("The pool knows no %s %q.", en, name), fmt.Sprintf("没有名为“%s”的%s。", name, zh))
	if len(near) > 0 {
		m.en += " Did you mean " + quote(near[0]) + "?"
		m.zh += fmt.Sprintf("是不是“%s”？", near[0])
	}
	m.suggestions = append(m.suggestions, near...)
	return m
}

// words are what a kind of thing is called.
func (w What) words() (en, zh string) {
	switch w {
	case EventWord:
		return "event", "事件"
	case PropertyWord:
		return "property", "事件属性"
	case TraitWord:
		return "trait", "用户属性"
	case TagWord:
		return "tag", "标签"
	case SegmentWord:
		return "segment", "人群"
	case DimensionWord:
		return "tier dimension", "分层维度"
	case LevelWord:
		return "level", "层级"
	case KindWord:
		return "identity kind", "身份类型"
	case PurposeWord:
		return "purpose", "授权用途"
	case ChannelWord:
		return "channel", "渠道"
	}
	return "name", "名称"
}

func (t Type) en() string {
	switch t {
	case Number:
		return "a number"
	case Text:
		return "a text"
	case Bool:
		return "true or false"
	case Any:
	}
	return "anything"
}

func (t Type) zh() string {
	switch t {
	case Number:
		return "数"
	case Text:
		return "文字"
	case Bool:
		return "真假值"
	case Any:
	}
	return "任意值"
}

// clip shortens what a message repeats.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
