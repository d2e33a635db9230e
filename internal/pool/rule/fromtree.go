package rule

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// FromTree is the canonical text of a tree. There is a problem, with its Path in the tree, if the tree is no rule by its form; names are checked by
// Parse.
func FromTree(t Tree) (string, []Problem) {
	b := builder{left: MaxNodes}
	n := b.condition(t, "tree", 0)
	if b.problem != nil {
		return "", []Problem{*b.problem}
	}
	return text(n), nil
}

// builder makes nodes of a tree and keeps the first thing that is wrong.
type builder struct {
	left    int // how many nodes may still come
	problem *Problem
}

// fail notes what is wrong. The node that comes back is to be thrown away.
func (b *builder) fail(path, en, zh string) *node {
	if b.problem == nil {
		b.problem = &Problem{Line: 1, Column: 1, Code: "rule.tree", Path: path, Message: en, MessageZH: zh}
	}
	return always(false)
}

// enter counts a node.
func (b *builder) enter(path string, depth int) bool {
	b.left--
	if b.left < 0 || depth > MaxDepth {
		b.fail(path, fmt.Sprintf("The rule is too large: at most %d parts, %d deep.", MaxNodes, MaxDepth), fmt.Sprintf("规则太大：最多 %d 个部分、%d 层。", MaxNodes, MaxDepth))
		return false
	}
	return b.problem == nil
}

func (b *builder) condition(t Tree, path string, depth int) *node {
	if !b.enter(path, depth) {
		return always(false)
	}
	switch t.Op {
	case "and", "or":
		return b.junction(t, path, depth)
	case "not":
		if len(t.Of) != 1 {
			return b.fail(path+".of", "A condition is missing here.", "这里缺一个条件。")
		}
		return negation(b.condition(t.Of[0], path+".of[0]", depth+1))
	case "const":
		if t.Value == nil {
			return b.fail(path+".value", "Choose true or false.", "请选择真或假。")
		}
		return always(*t.Value)
	case "compare":
		if !slices.Contains([]string{eq, ne, lt, le, gt, ge}, t.Cmp) {
			return b.fail(path+".cmp", "Choose how to compare.", "请选择比较方式。")
		}
		return &node{op: opCompare, word: t.Cmp, kids: []*node{b.value(t.Left, path+".left", depth+1), b.value(t.Right, path+".right", depth+1)}}
	case "in":
		n := &node{op: opIn, yes: t.Not, kids: []*node{b.value(t.Left, path+".left", depth+1)}}
		for i, raw := range t.List {
			n.kids = append(n.kids, b.literal(raw, fmt.Sprintf("%s.list[%d]", path, i)))
		}
		return n
	case "text":
		if !slices.Contains(tests(), t.Test) {
			return b.fail(path+".test", "Choose how to test the text.", "请选择文字的判断方式。")
		}
		return &node{op: opTest, word: t.Test, kids: []*node{b.value(t.Left, path+".left", depth+1), b.value(t.Right, path+".right", depth+1)}}
	case "has":
		v := b.value(t.Left, path+".left", depth+1)
		if v.op != opTrait && v.op != opProperty {
			return b.fail(path+".left", "Choose a trait or property.", "请选择一个属性。")
		}
		return &node{op: opHas, kids: []*node{v}}
	case "held":
		return b.held(t, path, depth)
	case "raw":
		return b.raw(t.Text, path+".text", true)
	default:
		return b.keyed(t, path)
	}
}

func (b *builder) junction(t Tree, path string, depth int) *node {
	n := &node{op: opAnd}
	if t.Op == "or" {
		n.op = opOr
	}
	for i, k := range t.Of {
		n.kids = append(n.kids, b.condition(k, fmt.Sprintf("%s.of[%d]", path, i), depth+1))
	}
	switch len(n.kids) {
	case 0:
		return b.fail(path+".of", "A condition is missing here.", "这里缺一个条件。")
	case 1:
		return n.kids[0]
	}
	return n
}

// keyed are the conditions about one name.
func (b *builder) keyed(t Tree, path string) *node {
	n, field := &node{key: t.Key}, ".key"
	switch t.Op {
	case "has_tag":
		n.op = opTag
	case "in_segment":
		n.op = opSegment
	case "identity":
		n.op, n.key, field = opIdentity, t.Kind, ".kind"
	case "consent":
		n.op, n.key, field = opConsent, t.Purpose, ".purpose"
	default:
		return b.fail(path+".op", fmt.Sprintf("%q is no condition.", clip(t.Op)), fmt.Sprintf("“%s”不是条件。", clip(t.Op)))
	}
	if n.key == "" {
		return b.fail(path+field, "A name is missing here.", "这里缺一个名称。")
	}
	return n
}

func (b *builder) held(t Tree, path string, depth int) *node {
	if len(t.Of) != 1 {
		return b.fail(path+".of", "A condition is missing here.", "这里缺一个条件。")
	}
	days := b.days(t.Window, path+".window")
	if b.problem == nil && days == 0 {
		return b.fail(path+".window", "How long is written in days, like 30d.", "时长按天写，如 30d。")
	}
	return &node{op: opHeld, days: days, kids: []*node{b.condition(t.Of[0], path+".of[0]", depth+1)}}
}

// days reads a window.
func (b *builder) days(w, path string) int {
	if w == "all" {
		return 0
	}
	days, ok := daysOf(w)
	if !ok {
		b.fail(path, `A window is written in days, like "30d", or "all".`, `时间窗口按天写，如 "30d"，或 "all"。`)
	}
	return days
}

func (b *builder) value(v *Value, path string, depth int) *node {
	if v == nil {
		return b.fail(path, "A value is missing here.", "这里缺一个值。")
	}
	if !b.enter(path, depth) {
		return always(false)
	}
	named := func(o op, name, field string) *node {
		if name == "" {
			return b.fail(path+field, "A name is missing here.", "这里缺一个名称。")
		}
		return &node{op: o, key: name}
	}
	switch v.Fn {
	case "lit":
		return b.literal(v.Value, path+".value")
	case "trait":
		return named(opTrait, v.Name, ".name")
	case "property":
		return named(opProperty, v.Name, ".name")
	case "tier":
		return named(opTier, v.Dimension, ".dimension")
	case "bucket":
		return named(opBucket, v.Salt, ".salt")
	case "channel":
		if v.Which != "first" && v.Which != "last" {
			return b.fail(path+".which", "Choose the first or the last channel.", "请选择首次或最近渠道。")
		}
		return &node{op: opChannel, word: v.Which}
	case "raw":
		return b.raw(v.Text, path+".text", false)
	}
	o := functionNamed(v.Fn)
	n := &node{op: o, key: v.Event, prop: v.Property}
	if !n.history() {
		return b.fail(path+".fn", fmt.Sprintf("%q is no value.", clip(v.Fn)), fmt.Sprintf("“%s”不是值。", clip(v.Fn)))
	}
	if o != opActiveDays && n.key == "" {
		return b.fail(path+".event", "A name is missing here.", "这里缺一个名称。")
	}
	if n.aggregate() && n.prop == "" {
		return b.fail(path+".property", "A name is missing here.", "这里缺一个名称。")
	}
	if n.window() {
		n.days = b.days(v.Window, path+".window")
	}
	if v.Where != nil && o != opActiveDays {
		n.where = b.condition(*v.Where, path+".where", depth+1)
	}
	return n
}

func (b *builder) literal(raw json.RawMessage, path string) *node {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return b.fail(path, "A number, a text, true or false is missing here.", "这里缺一个数、文字或真假值。")
	}
	switch v := v.(type) {
	case string:
		return &node{op: opString, key: v}
	case bool:
		return &node{op: opBool, yes: v}
	case float64:
		if !math.IsInf(v, 0) {
			return &node{op: opNumber, num: v}
		}
	}
	return b.fail(path, "A number, a text, true or false is missing here.", "这里缺一个数、文字或真假值。")
}

// raw reads a piece of text on its own, so that it cannot reach into what is around it.
func (b *builder) raw(piece, path string, condition bool) *node {
	p := newReader(piece, nil)
	p.inside, p.anywhere = true, true // what a piece may mention depends on where it stands; Parse looks at that
	n := p.piece(condition)
	if n == nil || len(p.problems) > 0 {
		if len(p.problems) == 0 {
			return b.fail(path, "This cannot be read.", "这里读不懂。")
		}
		return b.fail(path, p.problems[0].Message, p.problems[0].MessageZH)
	}
	return n
}
