package rule

import "encoding/json"

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
