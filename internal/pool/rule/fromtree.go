package rule

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// FromTree is the canonical text of a tree. It fails with code rule.tree if the tree is no rule by its form; names are checked by Parse.
func FromTree(t Tree) (string, error) {
	b := builder{left: MaxNodes}
	n := b.condition(t, "tree", 0)
	if b.err != nil {
		return "", b.err
	}
	return text(n), nil
}

// builder makes nodes of a tree and keeps the first thing that is wrong.
type builder struct {
	left int // how many nodes may still come
	err  error
}

func (b *builder) fail(path, format string, args ...any) *node {
	if b.err == nil {
		e := fault.New(fault.Invalid, "rule.tree", "this is no rule")
		e.Violations = []fault.Violation{{Field: path, Message: fmt.Sprintf(format, args...)}}
		b.err = e
	}
	return always(false)
}

// enter counts a node.
func (b *builder) enter(path string, depth int) bool {
	b.left--
	if b.left < 0 || depth > MaxDepth {
		b.fail(path, "the rule is too large: at most %d parts, %d deep", MaxNodes, MaxDepth)
		return false
	}
	return b.err == nil
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
			return b.fail(path+".of", "needs one condition")
		}
		return negation(b.condition(t.Of[0], path+".of[0]", depth+1))
	case "const":
		if t.Value == nil {
			return b.fail(path+".value", "needs true or false")
		}
		return always(*t.Value)
	case "compare":
		if !slices.Contains([]string{eq, ne, lt, le, gt, ge}, t.Cmp) {
			return b.fail(path+".cmp", "%q compares nothing", t.Cmp)
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
			return b.fail(path+".test", "%q tests nothing", t.Test)
		}
		return &node{op: opTest, word: t.Test, kids: []*node{b.value(t.Left, path+".left", depth+1), b.value(t.Right, path+".right", depth+1)}}
	case "has":
		v := b.value(t.Left, path+".left", depth+1)
		if v.op != opTrait && v.op != opProperty {
			return b.fail(path+".left", "needs a trait or property")
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
		return b.fail(path+".of", "needs a condition")
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
		return b.fail(path+".op", "%q is no condition", t.Op)
	}
	if n.key == "" {
		return b.fail(path+field, "needs a name")
	}
	return n
}

func (b *builder) held(t Tree, path string, depth int) *node {
	if len(t.Of) != 1 {
		return b.fail(path+".of", "needs one condition")
	}
	days := b.days(t.Window, path+".window")
	if b.err == nil && days == 0 {
		return b.fail(path+".window", "needs days, like 30d")
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
		b.fail(path, `a window is written in days, like "30d", or "all"`)
	}
	return days
}

func (b *builder) value(v *Value, path string, depth int) *node {
	if v == nil {
		return b.fail(path, "needs a value")
	}
	if !b.enter(path, depth) {
		return always(false)
	}
	named := func(o op, name, field string) *node {
		if name == "" {
			return b.fail(path+field, "needs a name")
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
			return b.fail(path+".which", "is first or last")
		}
		return &node{op: opChannel, word: v.Which}
	case "raw":
		return b.raw(v.Text, path+".text", false)
	}
	o := functionNamed(v.Fn)
	n := &node{op: o, key: v.Event, prop: v.Property}
	if !n.history() {
		return b.fail(path+".fn", "%q is no value", v.Fn)
	}
	if o != opActiveDays && n.key == "" {
		return b.fail(path+".event", "needs a name")
	}
	if n.aggregate() && n.prop == "" {
		return b.fail(path+".property", "needs a name")
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
		return b.fail(path, "needs a number, a text, true or false")
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
	return b.fail(path, "needs a number, a text, true or false")
}

// raw reads a piece of text on its own, so that it cannot reach into what is around it.
func (b *builder) raw(piece, path string, condition bool) *node {
	p := newReader(piece, nil)
	p.inside, p.anywhere = true, true // what a piece may mention depends on where it stands; Parse looks at that
	n := p.piece(condition)
	if n == nil || len(p.problems) > 0 {
		message := "cannot be read"
		if len(p.problems) > 0 {
			message = p.problems[0].Message
		}
		return b.fail(path, "%s", message)
	}
	return n
}
