package define

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// Change is one difference between two specs. A side that has nothing there is null.
type Change struct {
	Path string          `json:"path" doc:"Names joined by dots, places in lists in brackets" example:"rules[2].name"`
	From json.RawMessage `json:"from"`
	To   json.RawMessage `json:"to"`
}

// Diff tells how to differs from from: objects name by name, lists place by place, ordered by path as one reads it. Both are canonical specs.
func Diff(from, to json.RawMessage) []Change {
	a, errA := decode(from)
	b, errB := decode(to)
	if errA != nil || errB != nil {
		return []Change{{From: from, To: to}}
	}
	return diff(nil, "", a, b)
}

// absent stands for nothing at all, which is not the same as null.
type absent struct{}

func diff(found []Change, path string, a, b any) []Change {
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			return diffObjects(found, path, x, y)
		}
	case []any:
		if y, ok := b.([]any); ok {
			for i := range max(len(x), len(y)) {
				found = diff(found, path+"["+strconv.Itoa(i)+"]", place(x, i), place(y, i))
			}
			return found
		}
	}
	if reflect.DeepEqual(a, b) {
		return found
	}
	return append(found, Change{Path: path, From: side(a), To: side(b)})
}

func diffObjects(found []Change, path string, a, b map[string]any) []Change {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		at := name
		if path != "" {
			at = path + "." + name
		}
		found = diff(found, at, member(a, name), member(b, name))
	}
	return found
}

func member(o map[string]any, name string) any {
	if v, ok := o[name]; ok {
		return v
	}
	return absent{}
}

func place(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

func side(v any) json.RawMessage {
	if _, ok := v.(absent); ok {
		return json.RawMessage("null")
	}
	b, err := encode(v)
	if err != nil {
		return json.RawMessage("null") // cannot be: it was decoded from JSON
	}
	return b
}
