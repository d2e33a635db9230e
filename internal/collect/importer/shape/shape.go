// Package shape turns the rows of a file into events.
//
// Terms: a preset says what a row stands for. People: a row is what is known of one person ("Identified"). Events: a row is something
// that happened. Order lines: rows with the same order number are one "Order Completed", and the cancelled ones among them one
// "Order Cancelled". A mapping says which column is which field, trait, property or identity. A plan is preset, mapping and options
// checked against the columns of one file.
//
// Invariants: the events depend on the rows, never on their order, so a shuffled file gives the same set; every event carries an id
// that comes from its content or its order number, so a file may be read any number of times; every row is in exactly one event
// (Event.Rows adds up) or refused with a reason.
package shape

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Preset says what a row of a file stands for.
type Preset string

// The presets.
const (
	People     Preset = "people"
	Events     Preset = "events"
	OrderLines Preset = "order-lines"
)

// ParsePreset reads a preset's name.
func ParsePreset(s string) (Preset, error) {
	switch p := Preset(s); p {
	case People, Events, OrderLines:
		return p, nil
	}
	return "", fault.New(fault.Invalid, "import.preset", "%q is no preset; use people, events or order-lines", s)
}

// Mapping says which column is what. Keys are names of ours, values names of columns.
type Mapping struct {
	Fields     map[string]string // fields of the preset
	Traits     map[string]string
	Properties map[string]string
	Identities map[string]string // by identity kind
}

// The groups of a mapping beside its fields, as they are named in JSON.
const (
	traitsKey, propertiesKey, identitiesKey = "traits", "properties", "identities"
)

// MarshalJSON writes {"<field>": "<column>", …, "traits": {…}, "properties": {…}, "identities": {…}} with sorted keys.
func (m Mapping) MarshalJSON() ([]byte, error) {
	all := map[string]any{}
	for field, column := range m.Fields {
		all[field] = column
	}
	for key, group := range map[string]map[string]string{traitsKey: m.Traits, propertiesKey: m.Properties, identitiesKey: m.Identities} {
		if len(group) > 0 {
			all[key] = group
		}
	}
	return json.Marshal(all)
}

// UnmarshalJSON undoes MarshalJSON. Fields and names without a column are left out.
func (m *Mapping) UnmarshalJSON(text []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	*m = Mapping{Fields: map[string]string{}}
	for key, value := range raw {
		var err error
		switch key {
		case traitsKey:
			err = json.Unmarshal(value, &m.Traits)
		case propertiesKey:
			err = json.Unmarshal(value, &m.Properties)
		case identitiesKey:
			err = json.Unmarshal(value, &m.Identities)
		default:
			var column *string
			if err = json.Unmarshal(value, &column); err == nil && column != nil {
				m.Fields[key] = *column
			}
		}
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "import.mapping", "the mapping of %q cannot be read; give the name of a column", key)
		}
	}
	for _, group := range []map[string]string{m.Fields, m.Traits, m.Properties, m.Identities} {
		maps.DeleteFunc(group, func(name, column string) bool { return name == "" || column == "" })
	}
	return nil
}

// Empty says that nothing is mapped.
func (m Mapping) Empty() bool {
	return len(m.Fields)+len(m.Traits)+len(m.Properties)+len(m.Identities) == 0
}

// Options are what a file does not say of itself. They are stored with an import, so that it is read the same way if it is resumed.
type Options struct {
	Currency   string `json:"currency,omitempty"`    // ISO 4217, for rows that name none
	TimeZone   string `json:"time_zone,omitempty"`   // of times without one, e.g. "Asia/Shanghai"
	TimeLayout string `json:"time_layout,omitempty"` // see NewMoments
	EventName  string `json:"event_name,omitempty"`  // for files of events without a column for it
	Region     string `json:"region,omitempty"`      // of phone numbers without a country code, e.g. "CN"
	Encoding   string `json:"encoding,omitempty"`    // overrules what is detected
	Delimiter  string `json:"delimiter,omitempty"`   // overrules what is detected
}

// Reject says why a row is refused. Code is stable; Reason is for people and says what to do.
type Reject struct {
	Code   string
	Reason string
}

// Sink takes what a file gives, in an order that is the same each time the same file is read.
type Sink interface {
	// Event takes an event; it and what it points to are only valid during the call.
	Event(e *event.Event) error
	// Reject takes a refused row.
	Reject(line int64, why Reject, cells []string) error
	// Read says how many rows were read so far.
	Read(rows int64) error
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
