// Package insight is the hall of the wing: what all kinds of questions about the pool share. A kind (funnel, retention, growth …) is a room
// beside this package; it registers here, and gets its operations, progress and cancelling, names checked, columns made, people filtered,
// and a scan over everybody's events on all cores.
//
// # Terms
//
// A query is one flat JSON object: a span of days, a rule that narrows the people, and what its kind asks. An answer is what the kind says;
// a result is the answer with when and about whom. A run is one query being answered: it can be watched and cancelled. A plan is a query
// made ready: names found, columns there, people known. A view is the plan as one worker uses it. A breakdown splits an answer into groups,
// by something of the person or of the event; the groups beyond the largest ones are one, the rest. The people behind a number are asked for
// with the query and "of", which says the number.
//
// # Invariants
//
//   - Days are calendar days in the pool's zone. A span ends today at the latest: what is dated later counts when its day has come.
//   - A person's events are ordered by time, then node, then arrival. Any activity leaves out what the system itself says about people.
//   - Whoever is in the pool throughout a scan is visited exactly once, with all events that had come by then. What happens during a scan may
//     be in or not, person by person.
//   - A name that the pool does not know is a fault that names the nearest ones, never an empty answer.
//   - Whoever asks sees people as their role may, and his own runs; an owner sees all runs.
//   - Questions never hold up the pipeline: while it lags, all scans together take one core at most, and rest as long as they work.
package insight

import (
	"time"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Span is a range of calendar days, both ends included: From to To, or the Last days up to To. To is today if empty; the last 30 days if there
// is neither From nor Last.
type Span struct {
	From string `json:"from,omitempty" doc:"First day, YYYY-MM-DD" maxLength:"10"`
	To   string `json:"to,omitempty" doc:"Last day, included; today if empty" maxLength:"10"`
	Last int    `json:"last,omitempty" doc:"Instead of from: this many days up to the last" minimum:"0" maximum:"3660"`
}

// Common is what every query has. Embed it.
type Common struct {
	Kind string `json:"kind,omitempty" doc:"Kind of question; may be left out where the address says it" maxLength:"40"`
	Span
	People string `json:"people,omitempty" doc:"CEL rule: only people for whom it holds now" maxLength:"10240"`
}

// Step is an event to look for.
type Step struct {
	Event string `json:"event,omitempty" doc:"Name of the event; empty for any activity" maxLength:"200"`
	Where string `json:"where,omitempty" doc:"CEL condition on the event's properties, such as event.category == \"tea\"" maxLength:"10240"`
	Title string `json:"title,omitempty" doc:"What to call it" maxLength:"200"`
}

// By is what a breakdown splits by.
type By string

// The ways to split. ByProperty and ByEventChannel belong to the event, the others to the person.
const (
	ByProperty     By = "property"
	ByEventChannel By = "channel"
	ByFirstChannel By = "first_channel"
	ByTrait        By = "trait"
	ByTier         By = "tier"
	BySegment      By = "segment"
	ByTag          By = "tag"
)

// Breakdown splits an answer into groups. By segment or tag, a person is in the group of each that he is in; otherwise groups do not overlap.
type Breakdown struct {
	By    By       `json:"by" enum:"property,channel,first_channel,trait,tier,segment,tag"`
	Name  string   `json:"name,omitempty" doc:"Of the property, trait or tier" maxLength:"200"`
	Names []string `json:"names,omitempty" doc:"Segments or tags to put side by side" maxItems:"20"`
	Limit int      `json:"limit,omitempty" doc:"How many groups; the others are one, the rest. 10 if empty" minimum:"0" maximum:"100"`
}

// Group is one group of a breakdown.
type Group struct {
	Key   string `json:"key" doc:"The value as text, or the key of segment, tag or level"`
	Title string `json:"title,omitempty" doc:"The pool's own name for it, if it has one"`
	None  bool   `json:"none,omitempty" doc:"Those without a value"`
	Rest  bool   `json:"rest,omitempty" doc:"All smaller groups together"`
}

// Same says whether two groups are the same, whatever their titles.
func (g Group) Same(h Group) bool { return g.Key == h.Key && g.None == h.None && g.Rest == h.Rest }

// Result is an answer with when and about whom.
type Result[A any] struct {
	Kind   string    `json:"kind"`
	From   string    `json:"from" doc:"First day that was looked at"`
	To     string    `json:"to" doc:"Last day, included"`
	People int64     `json:"people" doc:"How many people the question is about"`
	At     time.Time `json:"at" doc:"When it was asked: what was known then is in"`
	TookMS float64   `json:"took_ms" doc:"How long it took; of an answer that was kept, when it was made"`
	Kept   bool      `json:"kept,omitempty" doc:"The answer was made before and nothing has changed since"`
	Answer A         `json:"answer"`
}

// Need is what a kind needs for an answer.
type Need struct {
	Steps     []Step
	Columns   []timeline.Column // more properties than those in steps and breakdown; "revenue" needs none, it is the amount
	People    string            // rule; the query's Common.People
	Breakdown *Breakdown
	Field     string // path of the steps in the query, for faults; "steps" if empty
}
