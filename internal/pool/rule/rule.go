// Package rule is the pool's one rule language: a yes-or-no question about a person, asked alike by tags, tiers, segments, triggers, goals
// and audiences.
//
//	count("Order Completed", "30d") >= 3 && sum("Order Completed", "revenue", "365d") >= 2000 && person.city == "杭州" && !has_tag("staff")
//
// The syntax is CEL's (cel.dev), and so are the meanings of its operators; docs/guides/rules.md teaches the language. A rule is parsed once
// into a tree; from the tree come its canonical text, its normal form (the same for rules that differ only in spelling), its JSON form for a
// visual builder, its sentence in Chinese and English, and a compiled evaluator.
//
// # What a rule means
//
//   - Days are calendar days in the pool's zone. The window "30d" is today and the 29 days before it; "all" is everything. Both end with today:
//     what is dated later today counts, what is dated tomorrow or later does not before its day begins. So an answer changes by an event, at
//     midnight, and when a tag expires, and at no other time.
//   - A person's events are ordered by time, then node, then arrival. Sums are added in that order, so that every way of computing them gives the
//     same bits.
//   - There are four types of value: number (one type, float64), text, yes-or-no, and everything else. Values of different types are never equal
//     and never ordered; nothing is converted.
//   - Logic has two values. A comparison with a missing trait or property is false, except "!=", which is exactly the opposite of "==" and so is
//     true. has(person.x) asks whether something is there.
//   - Over no events count, sum, distinct and active_days are 0; avg, min, max, days_since_last and days_since_first are missing. Arithmetic with
//     something missing, with something that is no number, or without a finite result, is missing.
//   - The property "revenue" is the event's base amount: exact minor units of the pool's currency, shown in major units. Amounts in other
//     currencies have none.
//   - bucket(salt) is a stable number in [0,1) from the salt and the person's id; see Bucket.
//   - held(p, "30d") is true if p (in_segment, has_tag, or tier == level) holds now and has held without a break since the window's first midnight
//     or longer.
//
// # Invariants
//
// Program.Eval, Set.Eval and Program.Explain give the same answer, whatever the order in which events arrived. Text and Tree lose nothing, Normal
// is a fixed point and keeps the meaning. Property tests hold all of these against a plain oracle.
package rule

import "slices"

// The bounds of one rule. They keep a rule readable, and its cost in check.
const (
	MaxBytes = 10 << 10 // of text
	MaxNodes = 200      // of the tree: each condition, value and literal is one
	MaxDepth = 20       // of conditions and values inside each other
	MaxDays  = 3650     // of a window
)

// Rule is a parsed rule. It does not change; all its methods may be called at once.
type Rule struct {
	source string
	root   *node
	words  Words
}

// Parse reads a rule. Names of events, traits and so on are checked against what the schema knows; a nil schema checks none. Either the rule or
// at least one problem comes back.
func Parse(text string, schema *Schema) (*Rule, []Problem) {
	p := newReader(text, schema)
	root := p.read()
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Offset - b.Offset })
		return nil, p.problems
	}
	return &Rule{source: text, root: root, words: schema.words()}, nil
}

// Source is the text as it was written.
func (r *Rule) Source() string { return r.source }

// Speaking is the same rule whose sentences use these words.
func (r *Rule) Speaking(w Words) *Rule {
	return &Rule{source: r.source, root: r.root, words: w}
}
