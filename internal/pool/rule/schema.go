package rule

// Type is what kind of value a trait or property holds.
type Type uint8

// The types. Any is for what has not been seen, or has been seen with several types.
const (
	Any Type = iota
	Number
	Text
	Bool
)

// Field is a trait or property that the pool has seen.
type Field struct {
	Name string
	Type Type
}

// Dimension is a tier dimension with its levels in order.
type Dimension struct {
	Key    string
	Levels []string
}

// Schema is what the pool knows, for checking names. A nil list or function is not known and checks nothing; an empty one knows that there are
// none. A nil schema checks nothing.
type Schema struct {
	Events     []string
	Properties func(event string) []Field // of one event; nil for an event about which nothing is known
	Traits     []Field
	Tags       []string
	Tiers      []Dimension
	Segments   []string
	Kinds      []string // identity kinds
	Purposes   []string // consent purposes
	Words      Words
}

func (s *Schema) words() Words {
	if s == nil {
		return Words{}
	}
	return s.Words
}

// What is a kind of thing that has a title.
type What string

// The things with titles.
const (
	EventWord     What = "event"
	PropertyWord  What = "property"
	TraitWord     What = "trait"
	TagWord       What = "tag"
	SegmentWord   What = "segment"
	DimensionWord What = "tier"
	LevelWord     What = "level" // its key is dimension/level
	KindWord      What = "kind"
	PurposeWord   What = "purpose"
	ChannelWord   What = "channel"
)

// Words are the pool's own names for things, for sentences. The zero value knows none.
type Words struct {
	Currency string                                   // of revenue, ISO 4217; empty: amounts are said without one
	Title    func(what What, key, lang string) string // "" if there is none; lang is "zh" or "en"
}

func (s *Schema) events() []string {
	if s == nil {
		return nil
	}
	return s.Events
}

func (s *Schema) tags() []string {
	if s == nil {
		return nil
	}
	return s.Tags
}

func (s *Schema) segments() []string {
	if s == nil {
		return nil
	}
	return s.Segments
}

func (s *Schema) kinds() []string {
	if s == nil {
		return nil
	}
	return s.Kinds
}

func (s *Schema) purposes() []string {
	if s == nil {
		return nil
	}
	return s.Purposes
}

func (s *Schema) dimensions() []string {
	if s == nil || s.Tiers == nil {
		return nil
	}
	keys := make([]string, 0, len(s.Tiers))
	for _, d := range s.Tiers {
		keys = append(keys, d.Key)
	}
	return keys
}
