package insight

import (
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// View is a plan as one worker uses it. Its methods are for begin and visit of a Scan. It sees another Reader in each block of people: keep the
// view, not its Reader.
type View struct {
	*timeline.Reader
	plan  *Plan
	steps []*Matcher
	quiet []bool // by name: what the system says about people
	names int    // how many names there were when the matchers were made; -1 before
	split *splitter
}

// turn goes on to the next block.
func (v *View) turn(r *timeline.Reader) error {
	v.Reader = r
	if v.split == nil {
		v.split = newSplitter(v.plan)
		for range v.plan.need.Steps {
			v.steps = append(v.steps, &Matcher{})
		}
		v.names = -1
	}
	if names := r.Names(); len(names) != v.names {
		v.names = len(names)
		v.quiet = make([]bool, len(names))
		signals := rule.Signals()
		for code, name := range names {
			v.quiet[code] = slices.Contains(signals, name)
		}
		for i, m := range v.steps {
			if err := v.compile(m, i); err != nil {
				return err
			}
		}
	}
	v.split.turn(v)
	return nil
}

func (v *View) compile(m *Matcher, i int) error {
	step, where := v.plan.need.Steps[i], v.plan.wheres[i]
	*m = Matcher{any: step.Event == "", quiet: v.quiet}
	if m.any {
		return nil
	}
	m.code, _ = v.Name(step.Event)
	if m.plain = where == nil; m.plain {
		return nil
	}
	var err error
	m.filter, err = where.Compile(v.Reader, v.plan.desk.Currency())
	return err
}

// Step is a step's matcher, in the order of Need.Steps.
func (v *View) Step(i int) *Matcher { return v.steps[i] }

// Activity says whether events of a name are an activity of the person: all but what the system says about people.
func (v *View) Activity(code uint16) bool { return int(code) >= len(v.quiet) || !v.quiet[code] }

// Groups are the numbers of the groups that a person is in, by a breakdown that is of people; without one, or by one of events, [0]. There is more
// than one only by segment or tag. The slice is good until the next call.
func (v *View) Groups(person int64) []int { return v.split.ofPerson(person) }

// EventGroup is the number of the group that an event is in, by a breakdown that is of events; 0 by any other.
func (v *View) EventGroup(q *timeline.Sequence, i int) int { return v.split.ofEvent(q, i) }

// Group is the group with one of this worker's numbers, without its title.
func (v *View) Group(number int) Group { return v.split.groups[number] }

// Value is a column's value of an event; missing also if the event is of another name. Its text is good until visit returns.
func (v *View) Value(q *timeline.Sequence, column, i int) event.Value { return q.Value(column, i) }
