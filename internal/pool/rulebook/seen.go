package rulebook

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// The bounds of what is remembered of what was seen. Beyond them names are still accepted by nobody: a pool with more than so many is sent
// something that is no name.
const (
	maxNames    = 2000 // events, traits
	maxFields   = 300  // properties of an event
	maxExamples = 200  // different values that are counted
	maxShown    = 20   // of them shown
	maxExample  = 60   // characters of a value that is an example
)

// seen is everything that events have named so far.
type seen struct {
	position uint64
	events   map[string]*eventSeen
	traits   map[string]*fieldSeen
	channels map[string]bool
}

func newSeen() *seen {
	return &seen{events: map[string]*eventSeen{}, traits: map[string]*fieldSeen{}, channels: map[string]bool{}}
}

// eventSeen is an event name with what was seen of it.
type eventSeen struct {
	Events int64                 `json:"events"`
	Last   int64                 `json:"last"` // µs
	Fields map[string]*fieldSeen `json:"fields"`
}

// fieldSeen is a property or trait: how often it had which type, and examples of its values with their counts.
type fieldSeen struct {
	Texts   int64            `json:"texts,omitempty"`
	Numbers int64            `json:"numbers,omitempty"`
	Bools   int64            `json:"bools,omitempty"`
	Others  int64            `json:"others,omitempty"`
	Values  map[string]int64 `json:"values,omitempty"` // scalars as JSON
}

func (f *fieldSeen) add(value jsontext.Value, examples bool) {
	switch value.Kind() {
	case '"':
		f.Texts++
	case '0':
		f.Numbers++
	case 't', 'f':
		f.Bools++
	case 'n':
		return // nothing is no value
	default:
		f.Others++
		return
	}
	if !examples || len(value) > maxExample {
		return
	}
	text := string(bytes.TrimSpace(value))
	if _, known := f.Values[text]; !known && len(f.Values) >= maxExamples {
		return
	}
	if f.Values == nil {
		f.Values = map[string]int64{}
	}
	f.Values[text]++
}

func (f *fieldSeen) of() rule.Type {
	switch {
	case f.Texts > 0 && f.Numbers == 0 && f.Bools == 0 && f.Others == 0:
		return rule.Text
	case f.Numbers > 0 && f.Texts == 0 && f.Bools == 0 && f.Others == 0:
		return rule.Number
	case f.Bools > 0 && f.Texts == 0 && f.Numbers == 0 && f.Others == 0:
		return rule.Bool
	}
	return rule.Any
}

// word is the type for people.
func (f *fieldSeen) word() string {
	switch f.of() {
	case rule.Text:
		return "text"
	case rule.Number:
		return "number"
	case rule.Bool:
		return "bool"
	case rule.Any:
	}
	return "mixed"
}

func (f *fieldSeen) times() int64 { return f.Texts + f.Numbers + f.Bools + f.Others }

// examples are the most frequent values.
func (f *fieldSeen) examples() []jsontext.Value {
	texts := slices.SortedFunc(maps.Keys(f.Values), func(a, b string) int {
		return cmp.Or(cmp.Compare(f.Values[b], f.Values[a]), cmp.Compare(a, b))
	})
	out := make([]jsontext.Value, 0, maxShown)
	for _, t := range texts[:min(len(texts), maxShown)] {
		out = append(out, jsontext.Value(t))
	}
	return out
}

// addObject counts the members of a JSON object.
func addObject(into map[string]*fieldSeen, most int, text string) {
	if text == "" {
		return
	}
	var members map[string]jsontext.Value
	if json.Unmarshal([]byte(text), &members) != nil {
		return
	}
	for name, value := range members {
		field := into[name]
		if field == nil {
			if len(into) >= most {
				continue
			}
			field = &fieldSeen{}
			into[name] = field
		}
		field.add(value, !identity.PersonalName(name))
	}
}

// event is what was seen of a name, made if it is new; nil if there are too many.
func (s *seen) event(name string) *eventSeen {
	e := s.events[name]
	if e == nil && len(s.events) < maxNames {
		e = &eventSeen{Fields: map[string]*fieldSeen{}}
		s.events[name] = e
	}
	return e
}

// clone copies deeply enough that the copy can grow while others read the original.
func (s *seen) clone() *seen {
	c := newSeen()
	c.position = s.position
	for name, e := range s.events {
		c.events[name] = &eventSeen{Events: e.Events, Last: e.Last, Fields: cloneFields(e.Fields)}
	}
	c.traits = cloneFields(s.traits)
	maps.Copy(c.channels, s.channels)
	return c
}

func cloneFields(in map[string]*fieldSeen) map[string]*fieldSeen {
	out := make(map[string]*fieldSeen, len(in))
	for name, f := range in {
		copied := *f
		copied.Values = maps.Clone(f.Values)
		out[name] = &copied
	}
	return out
}
