package rule

import (
	"fmt"
	"math"
	"strings"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Said is a text in both languages.
type Said struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Explanation says of a condition whether it holds for a person, and why. And, or and not have the explanations of their parts.
type Explanation struct {
	Op      string        `json:"op" doc:"as in the rule's tree"`
	Text    string        `json:"text" doc:"the condition in canonical form"`
	Said    Said          `json:"said" doc:"the condition as a sentence"`
	Result  bool          `json:"result"`
	Actual  any           `json:"actual,omitempty" doc:"the person's own value: a number, a text, true or false; absent if missing"`
	Found   *Said         `json:"found,omitempty" doc:"the person's own value in words: 实际 2 次"`
	Missing *Said         `json:"missing,omitempty" doc:"what would have to change, where the condition does not hold: 还差 1 次"`
	From    string        `json:"from,omitempty" doc:"first day of the window"`
	To      string        `json:"to,omitempty" doc:"last day of the window: today"`
	Of      []Explanation `json:"of,omitempty"`
}

// Explain gives the answer of Eval with its reasons.
func (p *Program) Explain(f Facts, at Instant) Explanation {
	c := p.compiler.again()
	root := p.rule.root
	e := &explainer{words: p.rule.words, compiler: c}
	e.prepare(root)
	e.frame = c.newFrame()
	e.frame.begin(f, at, p.set.events)
	return e.explain(root)
}

// again is a compiler of the same names that shares nothing with the first.
func (c *compiler) again() *compiler {
	return &compiler{
		refs: c.refs, codes: c.codes, columns: c.columns, signals: c.signals, scale: c.scale,
		uses: map[string]int{}, shared: map[string]condition{}, values: map[string]value{},
	}
}

// explainer explains one rule for one person.
type explainer struct {
	words    Words
	compiler *compiler
	frame    *frame
}

// prepare compiles all, so that the frame has room for all windows.
func (e *explainer) prepare(n *node) { e.compiler.condition(n) }

func (e *explainer) explain(n *node) Explanation {
	out := Explanation{
		Op: treeOf(n).Op, Text: text(n), Said: Said{sentence(n, e.words, zh), sentence(n, e.words, en)},
		Result: e.compiler.plain(n).holds(e.frame),
	}
	switch n.op {
	case opAnd, opOr, opNot:
		for _, k := range n.kids {
			out.Of = append(out.Of, e.explain(k))
		}
	case opCompare:
		e.compare(&out, n)
	case opIn, opTest, opHas:
		e.found(&out, n.kids[0])
	case opHeld:
		e.held(&out, n)
	default:
	}
	return out
}

// found notes the person's value.
func (e *explainer) found(out *Explanation, n *node) event.Value {
	v := e.compiler.value(n).value(e.frame)
	if n.literal() {
		return v
	}
	if n.history() {
		at := e.frame.at
		out.To = at.Date(at.Now)
		if n.days > 0 {
			out.From = date(at.today - int64(n.days) + 1)
		}
	}
	u := e.unit(n)
	switch v.Kind {
	case event.Missing:
		out.Found = &Said{"实际没有记录", "nothing is known"}
	case event.Number:
		out.Actual = v.Num
		out.Found = &Said{"实际 " + round(v.Num) + u.zh, "actually " + round(v.Num) + u.english(v.Num)}
	case event.Bool:
		out.Actual = v.Num != 0
		out.Found = &Said{"实际为" + chinese{e.words}.value(&node{op: opBool, yes: v.Num != 0}), "actually " + english{e.words}.value(&node{op: opBool, yes: v.Num != 0})}
	case event.Text, event.Other:
		out.Actual = strings.Clone(v.Text) // values may lie in memory that is the timeline's
		s := v.Text
		switch n.op {
		case opTier:
			out.Found = &Said{"实际是" + quoted(chinese{e.words}.level(n.key, s)), "actually " + quoted(english{e.words}.level(n.key, s))}
		case opChannel:
			out.Found = &Said{"实际是" + e.words.marked(ChannelWord, s, zh), "actually " + e.words.marked(ChannelWord, s, en)}
		default:
			out.Found = &Said{"实际是" + quoted(s), "actually " + quoted(s)}
		}
	}
	return v
}

// compare explains a comparison: the value, and how far it is from what is asked.
func (e *explainer) compare(out *Explanation, n *node) {
	n = withSubject(n)
	l, r := n.kids[0], n.kids[1]
	v := e.found(out, l)
	want := e.compiler.value(r).value(e.frame)
	if out.Result || want.Kind != event.Number || n.word == ne {
		return
	}
	if v.Kind == event.Missing && (l.op == opSinceLast || l.op == opSinceFirst) {
		did := chinese{e.words}.did(l)
		out.Missing = &Said{spaced("还没有" + did), "never yet " + english{e.words}.did(l)}
		return
	}
	if v.Kind != event.Number {
		return
	}
	lack := want.Num - v.Num // to reach it
	if n.word == gt && l.whole() {
		lack = math.Floor(want.Num) + 1 - v.Num
	}
	if n.word == lt && l.whole() {
		lack = math.Ceil(want.Num) - 1 - v.Num
	}
	short, u := round(math.Abs(lack)), e.unit(l)
	many := u.english(math.Abs(lack))
	money := l.op == opSum || l.op == opAvg || l.op == opMin || l.op == opMax
	switch {
	case lack > 0 && (l.op == opSinceLast || l.op == opSinceFirst):
		out.Missing = &Said{"还要过 " + short + u.zh, short + " more" + many + " to pass"}
	case lack > 0 && money:
		out.Missing = &Said{"还差 " + short + u.zh, short + many + " more needed"}
	case lack > 0:
		out.Missing = &Said{"还差 " + short + u.zh, short + " more" + many + " needed"}
	case lack < 0 && money:
		out.Missing = &Said{"多了 " + short + u.zh, short + many + " too much"}
	case lack < 0:
		out.Missing = &Said{"多了 " + short + u.zh, short + many + " too many"}
	case n.word == gt || n.word == lt:
		out.Missing = &Said{"刚好相等，还不够", "just equal, which is not enough"}
	}
}

// held explains since when.
func (e *explainer) held(out *Explanation, n *node) {
	c, ok := e.compiler.plain(n).(held)
	if !ok {
		return
	}
	at := e.frame.at
	out.From, out.To = date(at.today-int64(n.days)+1), date(at.today)
	since, holds := e.frame.facts.Since(c.slot)
	if !holds {
		out.Found = &Said{"目前并非如此", "not so at present"}
		out.Missing = &Said{"先要满足：" + sentence(n.kids[0], e.words, zh), "first: " + sentence(n.kids[0], e.words, en)}
		return
	}
	day := at.Date(since)
	out.Actual = day
	out.Found = &Said{"自 " + day + " 起", "since " + day}
	if out.Result {
		return
	}
	first := at.calendar.Day(since)
	if since > at.calendar.Start(first) {
		first++ // the first whole day
	}
	days := first + int64(n.days) - 1 - at.today
	out.Missing = &Said{fmt.Sprintf("还要再过 %d 天", days), fmt.Sprintf("%d more %s to pass", days, plural(float64(days), "day", "days"))}
}

// unit is in what a value is counted, with a space before it.
type unit struct{ zh, one, many string }

func (u unit) english(n float64) string { return plural(n, u.one, u.many) }

func (e *explainer) unit(n *node) unit {
	switch n.op {
	case opCount:
		return unit{" 次", " time", " times"}
	case opActiveDays, opSinceLast, opSinceFirst:
		return unit{" 天", " day", " days"}
	case opDistinct:
		return unit{" 种", " value", " values"}
	case opSum, opAvg, opMin, opMax:
		if n.prop == revenue && e.words.Currency != "" {
			return unit{" " + strings.TrimSpace(chinese{e.words}.unit()), " " + e.words.Currency, " " + e.words.Currency}
		}
	default:
	}
	return unit{}
}

// round is a number as people read it: at most four digits behind the point.
func round(n float64) string {
	if r := math.Round(n*1e4) / 1e4; finite(r) && (r != 0 || n == 0) {
		return number(r)
	}
	return number(n)
}
