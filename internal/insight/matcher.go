package insight

import (
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Matcher says which events are a step. It belongs to one worker; keep the pointer, for it learns of names that come during a scan.
type Matcher struct {
	code   uint16 // 0: the event never happened
	plain  bool   // the name decides
	any    bool
	quiet  []bool // by name: what the system says about people
	filter *rule.Filter
}

// Matches says whether the i-th event of a sequence is the step. Where a name decides, it is one comparison and is inlined.
func (m *Matcher) Matches(q *timeline.Sequence, i int) bool {
	if m.plain {
		return q.Names[i] == m.code
	}
	return m.ask(q, i)
}

// Name says whether an event of that name may be the step, whatever its properties.
func (m *Matcher) Name(code uint16) bool {
	if m.any {
		return int(code) >= len(m.quiet) || !m.quiet[code]
	}
	return code == m.code
}

// ask looks closer. A step without a name has no filter.
func (m *Matcher) ask(q *timeline.Sequence, i int) bool {
	if m.any {
		return m.Name(q.Names[i])
	}
	return q.Names[i] == m.code && m.filter.Holds(q, i)
}

// Code is the number of the step's event name, and whether it ever happened; 0 of any activity, too.
func (m *Matcher) Code() (code uint16, happened bool) { return m.code, m.code != 0 }

// Any says whether the step is any activity of the person.
func (m *Matcher) Any() bool { return m.any }

// Filter says whether there is a condition on the event's properties.
func (m *Matcher) Filter() bool { return m.filter != nil }
