package insight

import (
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// View is a plan as one worker uses it. Its methods are for begin and visit of a Scan.
type View struct {
	*timeline.Reader
	plan  *Plan
	steps []*Matcher
	quiet []bool
	names int // how many names there were when the matchers were made
	split *splitter
}

// Step is a step's matcher, in the order of Need.Steps.
func (v *View) Step(i int) *Matcher { return v.steps[i] }

// Activity says whether events of a name are an activity of the person: all but what the system says about people.
func (v *View) Activity(code uint16) bool { return int(code) >= len(v.quiet) || !v.quiet[code] }

// Groups are the numbers of the groups that a person is in, by a breakdown that is of people; of any other [0]. There is more than one only by
// segment or tag. The slice is good until the next call.
func (v *View) Groups(person int64) []int { return v.split.ofPerson(person) }

// EventGroup is the number of the group that an event is in, by a breakdown that is of events.
func (v *View) EventGroup(q *timeline.Sequence, i int) int { return v.split.ofEvent(q, i) }

// Value is a column's value of an event; missing also if the event is of another name.
func (v *View) Value(q *timeline.Sequence, column, i int) event.Value { return q.Value(column, i) }
