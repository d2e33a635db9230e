package person

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// personal says whether a trait or property holds personal data by its name, and the form its name takes for masking.
func personal(name string) (form string, yes bool) {
	form = strings.ToLower(name)
	switch form {
	case "phone", "mobile", "email", "id_card", "idcard", "address", "birthday":
		return form, true
	}
	return form, false
}

// mask hides personal data from roles that work with numbers: enough is left to tell two people apart.
func (r *Row) mask() {
	r.Email, r.Phone = identity.Mask(event.Email, r.Email), identity.Mask(event.Phone, r.Phone)
	for k, v := range r.Traits {
		if m := masked(v); m != nil {
			r.Traits[k] = m
		}
		form, yes := personal(k)
		if !yes {
			continue
		}
		delete(r.Traits, k)
		if text := scalar(v); text != "" {
			if b, err := json.Marshal(identity.Mask(form, text)); err == nil {
				r.Traits[k] = b
			}
		}
	}
}

func scalar(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(v, &n) == nil {
		return n.String()
	}
	return ""
}

// masked hides the personal members of an event's JSON, at any depth, and values of personal kinds among a tracker's externalIds. What
// cannot be read is hidden as a whole.
func masked(text json.RawMessage) json.RawMessage {
	if len(text) == 0 {
		return text
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return json.RawMessage("{}")
	}
	b, err := json.Marshal(maskedValue(v))
	if err != nil {
		return json.RawMessage("{}")
	}
	return b
}

func maskedValue(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = maskedValue(v[i])
		}
	case map[string]any:
		if kind, ok := v["type"].(string); ok && identity.Personal(kind) {
			if id, ok := v["id"].(string); ok {
				v["id"] = identity.Mask(kind, id)
			}
		}
		for k := range v {
			form, yes := personal(k)
			switch member := v[k].(type) {
			case string:
				if yes {
					v[k] = identity.Mask(form, member)
				}
			case json.Number:
				if yes {
					v[k] = identity.Mask(form, member.String())
				}
			case map[string]any, []any:
				if yes {
					delete(v, k)
				} else {
					v[k] = maskedValue(member)
				}
			}
		}
	}
	return v
}
