package rule

import (
	"slices"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Where is a condition on one event's properties, as inside count(…, where): event.category == "tea" && event.price >= 20. It does not change.
type Where struct {
	event string
	root  *node
	words Words
}

// ParseWhere reads a condition on the properties of events of one name. Names are checked against the schema; a nil schema checks none. Either
// the condition or at least one problem comes back.
func ParseWhere(event, text string, schema *Schema) (*Where, []Problem) {
	p := newReader(text, schema)
	p.inside, p.where = true, event
	root := p.read()
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Offset - b.Offset })
		return nil, p.problems
	}
	return &Where{event: event, root: root, words: schema.words()}, nil
}

// Event is the name of the events that it is about.
func (w *Where) Event() string { return w.event }

// Text is the canonical text.
func (w *Where) Text() string { return text(w.root) }

// Sentence is the condition as a person would say it, in "zh" or "en".
func (w *Where) Sentence(lang string) string { return sentence(w.root, w.words, lang) }

// Columns are the properties that it reads. "revenue" is never one: it is the amount that events carry anyway.
func (w *Where) Columns() []timeline.Column {
	g := gatherer{}
	g.gather(w.root)
	return g.refs().Columns
}

// Compile makes the condition ready to run, for one goroutine. currency is the pool's, for the unit of revenue. It fails with code rule.column
// if a column is not in the timeline: have the timeline want it first.
func (w *Where) Compile(names Names, currency string) (*Filter, error) {
	g := gatherer{}
	g.gather(w.root)
	root := normal(w.root)
	c, err := newCompiler(g.refs(), names, currency)
	if err != nil {
		return nil, err
	}
	return &Filter{root: c.plain(root), frame: c.newFrame()}, nil
}

// Filter is a compiled Where, for one goroutine.
type Filter struct {
	root  condition
	frame *frame
}

// Holds says whether an event fits. That it is of the right name is the caller's to see to.
func (f *Filter) Holds(q *timeline.Sequence, i int) bool {
	f.frame.seq, f.frame.event = q, i
	return f.root.holds(f.frame)
}

// Nearest are at most three of the known names that somebody who wrote this name may have meant, the likeliest first.
func Nearest(name string, known []string) []string { return nearest(name, known) }

// Signals are the names of events that the system says about people. They are no activity of theirs.
func Signals() []string { return signals() }
