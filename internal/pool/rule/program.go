package rule

import (
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Names turns names into the timeline's numbers; *timeline.Reader does. A name without a number has never happened: compile again when the
// timeline has new names.
type Names interface {
	Name(name string) (code uint16, ok bool)
	Col(c timeline.Column) (col int, ok bool)
}

// Facts are what is known of one person. Slots are places in the lists of the Refs of the Program or Set that asks. An implementation is for one
// goroutine at a time, and is meant to be used again for the next person.
type Facts interface {
	Person() int64
	// Sequence has at least the events since Refs.From; nil if there are none, or none are needed.
	Sequence() *timeline.Sequence
	Trait(slot int) event.Value
	Tag(slot int) bool
	Tier(slot int) string // "" if the person has no level
	Segment(slot int) bool
	// Since is the moment since when a HeldRef holds without a break, if it holds.
	Since(slot int) (since int64, holds bool)
	Channel(last bool) string // "" if there is none
	Identity(slot int) bool
	Consent(slot int) bool
}

// Program is a rule, ready to run. It does not change, and may run in many goroutines.
type Program struct {
	rule *Rule
	refs Refs
}

// Refs are what the program asks its facts for.
func (p *Program) Refs() Refs { return p.refs }

// Compile makes a rule ready to run. currency is the pool's, for the unit of revenue. It fails with code rule.column if a column of Refs is not
// in the timeline: have the timeline want it first.
func (r *Rule) Compile(names Names, currency string) (*Program, error) {
	return &Program{rule: r, refs: r.Refs()}, nil
}

// Eval says whether the rule holds for a person.
func (p *Program) Eval(f Facts, at Instant) bool { return false }

// Set is several rules that run together. It does not change, and may run in many goroutines.
type Set struct {
	refs Refs
	size int
}

// CompileAll makes rules ready to run together: what they have in common is computed once for each person.
func CompileAll(rules []*Rule, names Names, currency string) (*Set, error) {
	return &Set{size: len(rules)}, nil
}

// Refs are what the set asks its facts for: everything that any of its rules mentions.
func (s *Set) Refs() Refs { return s.refs }

// Len is the number of rules.
func (s *Set) Len() int { return s.size }

// Eval answers all rules for a person, in the order in which they were compiled. out has Len places.
func (s *Set) Eval(f Facts, at Instant, out []bool) {}
