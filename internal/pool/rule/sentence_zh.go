package rule

import (
	"fmt"
	"strconv"
	"strings"
)

// chinese says rules in Chinese.
type chinese struct{ words Words }

func (s chinese) condition(n *node, not bool) string {
	no := func(yes, no string) string {
		if not {
			return no
		}
		return yes
	}
	switch n.op {
	case opConst:
		if n.yes != not {
			return "所有人"
		}
		return "没有人"
	case opAnd, opOr:
		return no("", "并非") + s.list(n, not)
	case opNot:
		return s.condition(n.kids[0], !not)
	case opCompare:
		return s.compare(n, not)
	case opIn:
		return s.in(n, n.yes != not)
	case opTest:
		return s.test(n, not)
	case opHas:
		return no("有", "没有") + s.field(n.kids[0]) + "这项资料"
	case opTag:
		return no("有", "没有") + "标签" + s.words.marked(TagWord, n.key, zh)
	case opSegment:
		return no("在", "不在") + "人群" + s.words.marked(SegmentWord, n.key, zh) + "中"
	case opIdentity:
		return no("有", "没有") + s.words.called(KindWord, n.key, zh)
	case opConsent:
		return no("已授权", "未授权") + s.words.marked(PurposeWord, n.key, zh)
	default: // opHeld
		return no("", "并非") + fmt.Sprintf("近%d天一直", n.days) + s.condition(n.kids[0], false)
	}
}

// list joins conditions. What is joined the other way, or denied as a whole, stands in brackets.
func (s chinese) list(n *node, bracket bool) string {
	sign := "，且"
	if n.op == opOr {
		sign = "，或"
	}
	parts := make([]string, 0, len(n.kids))
	for _, k := range n.kids {
		t := s.condition(k, false)
		if k.op == opAnd || k.op == opOr {
			t = "（" + t + "）"
		}
		parts = append(parts, t)
	}
	t := strings.Join(parts, sign)
	if bracket {
		return "（" + t + "）"
	}
	return t
}

func (s chinese) compare(n *node, not bool) string {
	n = withSubject(n)
	n, still := turned(n, not)
	t := s.comparison(n)
	if still {
		return "并非" + t
	}
	return t
}

func (s chinese) comparison(n *node) string {
	l, r := n.kids[0], n.kids[1]
	if r.op == opNumber {
		if t := s.amount(l, n.word, r.num, none(n)); t != "" {
			return t
		}
	}
	switch {
	case l.op == opTier && r.op == opString:
		r = &node{op: opString, key: s.level(l.key, r.key)}
		return s.value(l) + s.is(n.word, r) + quoted(r.key)
	case l.op == opChannel && r.op == opString:
		return s.value(l) + s.is(n.word, r) + s.words.marked(ChannelWord, r.key, zh)
	case l.op == opBucket && r.op == opNumber && n.word == lt && r.num > 0 && r.num <= 1:
		return "在" + quoted(l.key) + "随机分组的前" + number(r.num*100) + "%里"
	}
	return s.value(l) + s.is(n.word, r) + s.value(r)
}

func (s chinese) level(dimension, level string) string {
	if t := s.words.title(LevelWord, dimension+"/"+level, zh); t != "" {
		return t
	}
	return level
}

// amount says how often, how much, how long; "" if it is about something else.
func (s chinese) amount(l *node, cmp string, c float64, none bool) string {
	switch l.op {
	case opCount:
		if none {
			return s.window(l) + "没有" + s.did(l)
		}
		return s.window(l) + s.did(l) + s.times(cmp, c)
	case opSum, opAvg, opMin, opMax:
		unit := ""
		if l.prop == revenue {
			unit = s.unit()
		}
		if l.op == opSum && spending(l) && cmp == ge {
			return s.value(l) + "满" + number(c) + unit
		}
		return s.value(l) + s.much(cmp) + number(c) + unit
	case opDistinct:
		if none {
			return s.window(l) + s.did(l) + "没有涉及任何" + s.property(l)
		}
		return s.window(l) + s.did(l) + "涉及" + s.much(cmp) + number(c) + "种不同的" + s.property(l)
	case opSinceLast, opSinceFirst:
		return s.value(l) + s.passed(cmp) + number(c) + "天"
	case opActiveDays:
		if none {
			return s.window(l) + "没有活跃"
		}
		return s.window(l) + "活跃" + s.much(cmp) + number(c) + "天"
	case opProperty:
		if l.key == revenue {
			return s.value(l) + s.much(cmp) + number(c) + s.unit()
		}
	default:
	}
	return ""
}

func (s chinese) times(cmp string, c float64) string {
	switch cmp {
	case eq:
		return "正好" + number(c) + "次"
	case ne:
		return "的次数不是" + number(c)
	default:
		return s.much(cmp) + number(c) + "次"
	}
}

// much is a comparison of amounts.
func (s chinese) much(cmp string) string {
	switch cmp {
	case ge:
		return "至少"
	case gt:
		return "超过"
	case le:
		return "最多"
	case lt:
		return "少于"
	case eq:
		return "正好"
	default:
		return "不等于"
	}
}

// passed is a comparison of days gone by.
func (s chinese) passed(cmp string) string {
	switch cmp {
	case ge:
		return "已至少"
	case gt:
		return "已超过"
	case le:
		return "不超过"
	case lt:
		return "不到"
	case eq:
		return "正好"
	default:
		return "不是"
	}
}

// is is a comparison with any value.
func (s chinese) is(cmp string, r *node) string {
	if r.op == opString && dateLike(r.key) {
		switch cmp {
		case lt:
			return "早于"
		case le:
			return "不晚于"
		case gt:
			return "晚于"
		case ge:
			return "不早于"
		}
	}
	switch cmp {
	case eq:
		if r.op == opBool {
			return "为"
		}
		return "是"
	case ne:
		if r.op == opBool {
			return "不为"
		}
		return "不是"
	case lt:
		return "小于"
	case le:
		return "不大于"
	case gt:
		return "大于"
	default:
		return "不小于"
	}
}

func (s chinese) in(n *node, not bool) string {
	var list []string
	for _, k := range n.kids[1:] {
		switch n.kids[0].op {
		case opTier:
			list = append(list, quoted(s.level(n.kids[0].key, k.key)))
		case opChannel:
			list = append(list, s.words.marked(ChannelWord, k.key, zh))
		default:
			list = append(list, s.value(k))
		}
	}
	of := s.value(n.kids[0])
	switch {
	case len(list) == 0 && not:
		return of + "是什么都行"
	case len(list) == 0:
		return of + "什么都不是"
	case len(list) == 1 && not:
		return of + "不是" + list[0]
	case len(list) == 1:
		return of + "是" + list[0]
	}
	if not {
		return of + "不是" + strings.Join(list, "、") + "中的任何一个"
	}
	return of + "是" + strings.Join(list[:len(list)-1], "、") + "或" + list[len(list)-1]
}

func (s chinese) test(n *node, not bool) string {
	l, r := s.value(n.kids[0]), s.value(n.kids[1])
	if n.kids[1].op == opString {
		r = quoted(n.kids[1].key)
	}
	no := ""
	if not {
		no = "不"
	}
	switch n.word {
	case "contains":
		return l + no + "包含" + r
	case "startsWith":
		return l + no + "以" + r + "开头"
	case "endsWith":
		return l + no + "以" + r + "结尾"
	default:
		return l + no + "符合正则表达式" + r
	}
}

// window is the time that a question spans.
func (s chinese) window(n *node) string {
	switch n.days {
	case 0:
		return "累计"
	case 1:
		return "今天"
	default:
		return "近" + strconv.Itoa(n.days) + "天内"
	}
}

// did is what somebody did, with what it is narrowed to.
func (s chinese) did(n *node) string {
	t := "发生" + quoted(n.key)
	if title := s.words.title(EventWord, n.key, zh); title != "" {
		t = "发生" + quoted(title)
	} else if p, ok := phrases(n.key); ok {
		t = p.zh
	}
	return t + s.where(n)
}

func (s chinese) where(n *node) string {
	if n.where == nil {
		return ""
	}
	return "（其中" + s.condition(n.where, false) + "）"
}

func (s chinese) property(n *node) string { return s.words.called(PropertyWord, n.prop, zh) }

func (s chinese) field(n *node) string {
	if n.op == opTrait {
		return s.words.called(TraitWord, n.key, zh)
	}
	return s.words.called(PropertyWord, n.key, zh)
}

func (s chinese) unit() string {
	switch s.words.Currency {
	case "":
		return ""
	case "CNY":
		return "元"
	default:
		return " " + s.words.Currency
	}
}

func (s chinese) value(n *node) string {
	switch n.op {
	case opNumber:
		return number(n.num)
	case opBool:
		if n.yes {
			return "“是”"
		}
		return "“否”"
	case opString:
		if han(n.key) {
			return n.key
		}
		return quoted(n.key)
	case opTrait, opProperty:
		return s.field(n)
	case opTier:
		if t := s.words.title(DimensionWord, n.key, zh); t != "" {
			return t
		}
		return "分层" + quoted(n.key)
	case opChannel:
		if n.word == "last" {
			return "最近来源渠道"
		}
		return "首次来源渠道"
	case opBucket:
		return quoted(n.key) + "随机分组的取值"
	case opNegate:
		return "负的（" + s.value(n.kids[0]) + "）"
	case opArithmetic:
		return "（" + s.value(n.kids[0]) + map[string]string{"+": "加", "-": "减", "*": "乘以", "/": "除以", "%": "除以"}[n.word] + s.value(n.kids[1]) +
			map[string]string{"%": "的余数"}[n.word] + "）"
	default:
		return s.past(n)
	}
}

func (s chinese) past(n *node) string {
	switch n.op {
	case opCount:
		return s.window(n) + s.did(n) + "的次数"
	case opSum:
		if spending(n) {
			return strings.TrimSuffix(s.window(n), "累计") + "累计消费" + s.where(n)
		}
		return s.window(n) + s.did(n) + "的" + s.property(n) + "合计"
	case opAvg:
		if spending(n) {
			return strings.TrimSuffix(s.window(n), "累计") + "平均每单金额" + s.where(n)
		}
		return s.window(n) + s.did(n) + "的平均" + s.property(n)
	case opMin:
		return s.window(n) + s.did(n) + "的最小" + s.property(n)
	case opMax:
		return s.window(n) + s.did(n) + "的最大" + s.property(n)
	case opDistinct:
		return s.window(n) + s.did(n) + "涉及的不同" + s.property(n) + "数"
	case opSinceLast:
		return "距上次" + s.did(n)
	case opSinceFirst:
		return "距首次" + s.did(n)
	default: // opActiveDays
		return s.window(n) + "活跃的天数"
	}
}
