package rule

import (
	"regexp"
	"slices"
)

// op is what a node is.
type op uint8

// Conditions first, then values.
const (
	opConst    op = iota // yes
	opAnd                // kids
	opOr                 // kids
	opNot                // kids[0]
	opCompare            // word: == != < <= > >=; kids: left, right
	opIn                 // yes: negated; kids: left, then literals
	opTest               // word: contains startsWith endsWith matches; kids: left, right
	opHas                // kids[0]: trait or property
	opTag                // key
	opSegment            // key
	opIdentity           // key: kind
	opConsent            // key: purpose
	opHeld               // days; kids[0]: opTag, opSegment, or opCompare of opTier with opString

	opNumber     // num
	opString     // key
	opBool       // yes
	opCount      // key: event, days, where
	opSum        // key: event, prop, days, where
	opAvg        // as opSum
	opMin        // as opSum
	opMax        // as opSum
	opDistinct   // as opSum
	opSinceLast  // key: event, where
	opSinceFirst // key: event, where
	opActiveDays // days
	opTrait      // key
	opProperty   // key, only inside where
	opTier       // key: dimension
	opChannel    // word: first, last
	opBucket     // key: salt
	opArithmetic // word: + - * / %; kids: left, right
	opNegate     // kids[0]
)

// node is one node of a rule's tree. Nodes do not change once made, and may be shared.
type node struct {
	op    op
	word  string
	key   string
	prop  string
	days  int // of a window; 0 is "all"
	num   float64
	yes   bool
	kids  []*node
	where *node
	typ   Type // of a value
}

// Words of comparisons and of the language.
const (
	eq = "=="
	ne = "!="
	lt = "<"
	le = "<="
	gt = ">"
	ge = ">="

	zh = "zh"

	revenue = "revenue"
)

// literal says whether the node is a written number, text or truth.
func (n *node) literal() bool { return n.op == opNumber || n.op == opString || n.op == opBool }

// history says whether the node reads a person's events.
func (n *node) history() bool { return n.op >= opCount && n.op <= opActiveDays }

// aggregate says whether the node is one over a property.
func (n *node) aggregate() bool { return n.op >= opSum && n.op <= opDistinct }

// present says whether the node is a number that is never missing. Sums are not: they may have no finite result.
func (n *node) present() bool {
	switch n.op {
	case opNumber, opCount, opDistinct, opActiveDays, opBucket:
		return true
	default:
		return false
	}
}

// whole says whether the node is always a whole number, and never missing.
func (n *node) whole() bool { return n.op == opCount || n.op == opDistinct || n.op == opActiveDays }

// walk visits a node and everything in it, parents first.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.walk(visit)
	}
	if n.where != nil {
		n.where.walk(visit)
	}
}

// size is how many nodes there are, and how deep they lie.
func (n *node) size() (nodes, depth int) {
	for _, k := range slices.Concat(n.kids, []*node{n.where}) {
		if k != nil {
			m, d := k.size()
			nodes, depth = nodes+m, max(depth, d)
		}
	}
	return nodes + 1, depth + 1
}

// window says whether a function takes a window.
func (n *node) window() bool { return n.history() && n.op != opSinceLast && n.op != opSinceFirst }

// function is the name by which a value or condition is called.
func (o op) function() string {
	switch o {
	case opTag:
		return "has_tag"
	case opSegment:
		return "in_segment"
	case opIdentity:
		return "identity"
	case opConsent:
		return "consent"
	case opHeld:
		return "held"
	case opHas:
		return "has"
	case opCount:
		return "count"
	case opSum:
		return "sum"
	case opAvg:
		return "avg"
	case opMin:
		return "min"
	case opMax:
		return "max"
	case opDistinct:
		return "distinct"
	case opSinceLast:
		return "days_since_last"
	case opSinceFirst:
		return "days_since_first"
	case opActiveDays:
		return "active_days"
	case opTier:
		return "tier"
	case opBucket:
		return "bucket"
	default:
		return ""
	}
}

// functions are the ops that are called by name.
func functions() []op {
	return []op{
		opCount, opSum, opAvg, opMin, opMax, opDistinct, opSinceLast, opSinceFirst, opActiveDays,
		opTag, opSegment, opTier, opHeld, opIdentity, opConsent, opBucket, opHas,
	}
}

// functionNamed is the op with that name; opConst if there is none.
func functionNamed(name string) op {
	for _, o := range functions() {
		if o.function() == name {
			return o
		}
	}
	return opConst
}

// tests are the text tests.
func tests() []string { return []string{"contains", "startsWith", "endsWith", "matches"} }

// flipped is the comparison with its sides exchanged.
func flipped(cmp string) string {
	switch cmp {
	case lt:
		return gt
	case le:
		return ge
	case gt:
		return lt
	case ge:
		return le
	default:
		return cmp
	}
}

// opposite is the comparison that holds exactly when cmp does not, between two numbers that are there.
func opposite(cmp string) string {
	switch cmp {
	case eq:
		return ne
	case ne:
		return eq
	case lt:
		return ge
	case le:
		return gt
	case gt:
		return le
	default:
		return lt
	}
}

// compilePattern compiles the pattern of matches().
func compilePattern(pattern string) (*regexp.Regexp, error) { return regexp.Compile(pattern) }
