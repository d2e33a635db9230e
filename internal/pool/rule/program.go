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
	// Events are at least those since Refs.From; none if none are needed.
	Events() Events
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

// Events are a person's events in order. A *timeline.Sequence q is Events{q.Times, q.Names, q}.
type Events struct {
	Times []int64  // µs since 1970 UTC, ascending
	Names []uint16 // codes, see Names
	Rows  Rows     // may be nil if there are no events
}

// Rows is what else is known of a person's events; *timeline.Sequence is one.
type Rows interface {
	Positions(name uint16) []uint32 // the events of one name, ascending
	Amount(i int) (int64, bool)     // minor units
	Value(col, i int) event.Value
	Number(col, i int) (float64, bool)
	// IsText says whether a value is a certain text.
	IsText(col, i int, text string) bool
	// Distinct is how many different values there are over some of the events; not ok if only comparing them one by one tells.
	Distinct(col int, events []uint32) (n int, ok bool)
}

// Program is a rule, ready to run. It does not change, and may run in many goroutines.
type Program struct {
	rule     *Rule
	compiler *compiler // for Explain
	set      *Set
}

// Compile makes a rule ready to run. currency is the pool's, for the unit of revenue. It fails with code rule.column if a column of Refs is not
// in the timeline: have the timeline want it first.
func (r *Rule) Compile(names Names, currency string) (*Program, error) {
	set, err := CompileAll([]*Rule{r}, names, currency)
	if err != nil {
		return nil, err
	}
	return &Program{rule: r, compiler: set.compiler, set: set}, nil
}

// Rule is what was compiled.
func (p *Program) Rule() *Rule { return p.rule }

// Refs are what the program asks its facts for.
func (p *Program) Refs() Refs { return p.set.refs }

// Eval says whether the rule holds for a person.
func (p *Program) Eval(f Facts, at Instant) bool {
	x := p.set.frame(f, at)
	yes := p.set.roots[0].holds(x)
	p.set.release(x)
	return yes
}
