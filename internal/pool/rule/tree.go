package rule

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Tree is a rule as JSON, for builders. Op says which members are used:
//
//	and, or, not                       of
//	compare                            cmp (== != < <= > >=), left, right
//	in                                 left, list (scalars), not
//	text                               test (contains startsWith endsWith matches), left, right
//	has                                left (a trait or property)
//	has_tag, in_segment                key
//	identity                           kind
//	consent                            purpose
//	held                               of (one: in_segment, has_tag, or compare tier == level), window
//	const                              value
//	raw                                text: any rule, for what a builder has no form for
type Tree struct {
	Op      string            `json:"op" enum:"and,or,not,compare,in,text,has,has_tag,in_segment,identity,consent,held,const,raw"`
	Of      []Tree            `json:"of,omitempty"`
	Cmp     string            `json:"cmp,omitempty"`
	Left    *Value            `json:"left,omitempty"`
	Right   *Value            `json:"right,omitempty"`
	List    []json.RawMessage `json:"list,omitempty"`
	Not     bool              `json:"not,omitempty"`
	Test    string            `json:"test,omitempty"`
	Key     string            `json:"key,omitempty"`
	Kind    string            `json:"kind,omitempty"`
	Purpose string            `json:"purpose,omitempty"`
	Window  string            `json:"window,omitempty"`
	Value   *bool             `json:"value,omitempty"`
	Text    string            `json:"text,omitempty"`
}

// Value is a value in a Tree. Fn says which members are used:
//
//	count                              event, window, where
//	sum, avg, min, max, distinct       event, property, window, where
//	days_since_last, days_since_first  event, where
//	active_days                        window
//	trait, property                    name (property only inside where)
//	tier                               dimension
//	channel                            which (first, last)
//	bucket                             salt
//	lit                                value (number, text or true/false)
//	raw                                text: any value, such as arithmetic
type Value struct {
	Fn        string          `json:"fn" enum:"count,sum,avg,min,max,distinct,days_since_last,days_since_first,active_days,trait,property,tier,channel,bucket,lit,raw"`
	Event     string          `json:"event,omitempty"`
	Property  string          `json:"property,omitempty"`
	Window    string          `json:"window,omitempty"`
	Where     *Tree           `json:"where,omitempty"`
	Name      string          `json:"name,omitempty"`
	Dimension string          `json:"dimension,omitempty"`
	Which     string          `json:"which,omitempty"`
	Salt      string          `json:"salt,omitempty"`
	Value     json.RawMessage `json:"value,omitempty"`
	Text      string          `json:"text,omitempty"`
}

// Tree is the rule as JSON.
func (r *Rule) Tree() Tree { return treeOf(r.root) }

func treeOf(n *node) Tree {
	switch n.op {
	case opConst:
		return Tree{Op: "const", Value: &n.yes}
	case opAnd, opOr:
		t := Tree{Op: "and"}
		if n.op == opOr {
			t.Op = "or"
		}
		for _, k := range n.kids {
			t.Of = append(t.Of, treeOf(k))
		}
		return t
	case opNot:
		return Tree{Op: "not", Of: []Tree{treeOf(n.kids[0])}}
	case opCompare:
		return Tree{Op: "compare", Cmp: n.word, Left: valueOf(n.kids[0]), Right: valueOf(n.kids[1])}
	case opIn:
		t := Tree{Op: "in", Left: valueOf(n.kids[0]), Not: n.yes, List: []json.RawMessage{}}
		for _, k := range n.kids[1:] {
			t.List = append(t.List, scalar(k))
		}
		return t
	case opTest:
		return Tree{Op: "text", Test: n.word, Left: valueOf(n.kids[0]), Right: valueOf(n.kids[1])}
	case opHas:
		return Tree{Op: "has", Left: valueOf(n.kids[0])}
	case opTag:
		return Tree{Op: "has_tag", Key: n.key}
	case opSegment:
		return Tree{Op: "in_segment", Key: n.key}
	case opIdentity:
		return Tree{Op: "identity", Kind: n.key}
	case opConsent:
		return Tree{Op: "consent", Purpose: n.key}
	default: // opHeld
		return Tree{Op: "held", Of: []Tree{treeOf(n.kids[0])}, Window: window(n.days)}
	}
}

func valueOf(n *node) *Value {
	v := &Value{Fn: n.op.function()}
	switch n.op {
	case opNumber, opString, opBool:
		v.Fn, v.Value = "lit", scalar(n)
	case opTrait:
		v.Fn, v.Name = "trait", n.key
	case opProperty:
		v.Fn, v.Name = "property", n.key
	case opTier:
		v.Dimension = n.key
	case opChannel:
		v.Fn, v.Which = "channel", n.word
	case opBucket:
		v.Salt = n.key
	case opActiveDays:
		v.Window = window(n.days)
	case opArithmetic, opNegate:
		v.Fn, v.Text = "raw", text(n)
	default:
		v.Event, v.Property = n.key, n.prop
		if n.window() {
			v.Window = window(n.days)
		}
		if n.where != nil {
			where := treeOf(n.where)
			v.Where = &where
		}
	}
	return v
}

// scalar is a literal as JSON.
func scalar(n *node) json.RawMessage {
	switch n.op {
	case opString:
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(n.key); err != nil { // a string always encodes
			return json.RawMessage(`""`)
		}
		return bytes.TrimSpace(b.Bytes())
	case opBool:
		return json.RawMessage(strconv.FormatBool(n.yes))
	default:
		return json.RawMessage(number(n.num))
	}
}
