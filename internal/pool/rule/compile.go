package rule

import (
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// compiler turns trees into what runs.
type compiler struct {
	refs    Refs
	codes   map[string]uint16 // of the events that have happened
	columns map[timeline.Column]int
	signals []uint16 // what the system says about people is no activity of theirs
	scale   float64  // minor units in a unit of the currency

	windows []int // in use
	grouped bool
	uses    map[string]int       // how often a part occurs in all rules
	shared  map[string]condition // by text
	values  map[string]value
	truths  int
	numbers int
}

// manyQuestions is from how many different questions about events on it pays to index a person's events by name first.
const manyQuestions = 4

func newCompiler(refs Refs, names Names, currency string) (*compiler, error) {
	c := &compiler{
		refs: refs, codes: map[string]uint16{}, columns: map[timeline.Column]int{}, uses: map[string]int{}, shared: map[string]condition{}, values: map[string]value{},
		scale: math.Pow10(money.Digits(currency)),
	}
	for _, name := range refs.Events {
		if code, ok := names.Name(name); ok {
			c.codes[name] = code
		}
	}
	for _, column := range refs.Columns {
		at, ok := names.Col(column)
		if !ok {
			return nil, fault.New(fault.Unavailable, "rule.column", "property %q of %q is not in the timeline yet", column.Property, column.Event)
		}
		c.columns[column] = at
	}
	for _, name := range signals() {
		if code, ok := names.Name(name); ok {
			c.signals = append(c.signals, code)
		}
	}
	return c, nil
}

// share counts what the rules have in common, so that condition and value make it once.
func (c *compiler) share(roots []*node) {
	questions := 0
	for _, root := range roots {
		for n := range outside(root) {
			t := text(n)
			if c.uses[t]++; n.history() && c.uses[t] == 1 {
				questions++
			}
		}
	}
	c.grouped = questions >= manyQuestions
}

// outside are a node and all in it, but not what is inside a where: that is asked of events, not of the person.
func outside(n *node) func(func(*node) bool) {
	return func(yield func(*node) bool) {
		var visit func(*node) bool
		visit = func(n *node) bool {
			if !yield(n) {
				return false
			}
			for _, k := range n.kids {
				if !visit(k) {
					return false
				}
			}
			return true
		}
		visit(n)
	}
}

func (c *compiler) newFrame() *frame {
	return &frame{
		days: c.windows, starts: make([]int, len(c.windows)), grouped: c.grouped,
		numbers: make([]remembered, c.numbers), truths: make([]remembered, c.truths),
	}
}

// window is the slot of a window.
func (c *compiler) window(days int) int {
	if i := slices.Index(c.windows, days); i >= 0 {
		return i
	}
	c.windows = append(c.windows, days)
	return len(c.windows) - 1
}

// condition makes what runs of a condition, once for all that are the same.
func (c *compiler) condition(n *node) condition {
	if c.uses[text(n)] < 2 || cost(n) < costEvents {
		return c.plain(n)
	}
	t := text(n)
	if found, ok := c.shared[t]; ok {
		return found
	}
	made := &sharedCondition{slot: c.truths, of: c.plain(n)}
	c.truths++
	c.shared[t] = made
	return made
}

func (c *compiler) conditions(kids []*node) []condition {
	ordered := slices.Clone(kids)
	slices.SortStableFunc(ordered, func(a, b *node) int { return cost(a) - cost(b) }) // whatever decides cheaply goes first
	list := make([]condition, 0, len(kids))
	for _, k := range ordered {
		list = append(list, c.condition(k))
	}
	return list
}

func (c *compiler) plain(n *node) condition {
	switch n.op {
	case opConst:
		return constant(n.yes)
	case opAnd:
		return every(c.conditions(n.kids))
	case opOr:
		return either(c.conditions(n.kids))
	case opNot:
		return not{c.condition(n.kids[0])}
	case opCompare:
		return c.compare(n)
	case opIn:
		return c.in(n)
	case opTest:
		return c.test(n)
	case opHas:
		return has{c.value(n.kids[0])}
	case opTag:
		return tag(slices.Index(c.refs.Tags, n.key))
	case opSegment:
		return segment(slices.Index(c.refs.Segments, n.key))
	case opIdentity:
		return identity(slices.Index(c.refs.Kinds, n.key))
	case opConsent:
		return consent(slices.Index(c.refs.Purposes, n.key))
	default: // opHeld
		return held{slot: slices.Index(c.refs.Held, heldRef(n)), days: n.days}
	}
}

func (c *compiler) compare(n *node) condition {
	l, r := n.kids[0], n.kids[1]
	if l.literal() && !r.literal() {
		l, r = r, l
		n = &node{op: opCompare, word: flipped(n.word), kids: []*node{l, r}}
	}
	v, negated := c.value(l), n.word == ne
	switch {
	case r.op == opNumber && l.typ == Number:
		return &compareNumber{v, sign(n.word), negated, r.num}
	case r.op == opString && n.word == eq:
		return textIs(v, r.key)
	case r.op == opString && negated:
		return not{textIs(v, r.key)}
	case l.typ == Number && r.typ == Number:
		return &compareNumbers{v, c.value(r), sign(n.word), negated}
	default:
		return &compareValues{v, c.value(r), sign(n.word), negated}
	}
}

func textIs(v value, text string) condition {
	if p, ok := v.(property); ok {
		return &isPropertyText{int(p), text}
	}
	return &isText{v, text}
}

func (c *compiler) in(n *node) condition {
	list := make([]event.Value, 0, len(n.kids)-1)
	for _, k := range n.kids[1:] {
		list = append(list, written(k))
	}
	if n.yes {
		return not{&in{c.value(n.kids[0]), list}}
	}
	return &in{c.value(n.kids[0]), list}
}

func (c *compiler) test(n *node) condition {
	l, r := c.value(n.kids[0]), c.value(n.kids[1])
	if n.word != "matches" {
		return &textTest{l, r, n.word}
	}
	pattern, err := compilePattern(n.kids[1].key)
	if err != nil { // refused by Parse
		return constant(false)
	}
	return &matches{l, pattern}
}

// value makes what runs of a value, once for all that are the same.
func (c *compiler) value(n *node) value {
	if !n.history() {
		return c.plainValue(n)
	}
	t := text(n)
	if found, ok := c.values[t]; ok {
		return found
	}
	v := c.plainValue(n)
	if c.uses[t] > 1 {
		v = &sharedValue{slot: c.numbers, of: v}
		c.numbers++
	}
	c.values[t] = v
	return v
}

func (c *compiler) plainValue(n *node) value {
	switch n.op {
	case opNumber, opString, opBool:
		return literal{written(n)}
	case opTrait:
		return trait(slices.Index(c.refs.Traits, n.key))
	case opProperty:
		if n.key == revenue {
			return amount{c.scale}
		}
		return property(c.columns[timeline.Column{Event: n.prop, Property: n.key}])
	case opTier:
		return tier(slices.Index(c.refs.Tiers, n.key))
	case opChannel:
		return channel(n.word == "last")
	case opBucket:
		return bucket(n.key)
	case opNegate:
		return negate{c.value(n.kids[0])}
	case opArithmetic:
		return &arithmetic{n.word[0], c.value(n.kids[0]), c.value(n.kids[1])}
	case opActiveDays:
		return &activeDays{c.window(n.days), c.signals}
	default:
		return c.past(n)
	}
}

// past makes a question about a person's events.
func (c *compiler) past(n *node) value {
	code, happened := c.codes[n.key]
	p := past{code: code, happened: happened, window: c.window(n.days)}
	if n.where != nil {
		p.where = c.condition(n.where)
	}
	if n.aggregate() {
		p.revenue, p.scale = n.prop == revenue, c.scale
		if !p.revenue {
			p.column = c.columns[timeline.Column{Event: n.key, Property: n.prop}]
		}
	}
	switch n.op {
	case opCount:
		return &count{p}
	case opSum:
		return &sum{p}
	case opAvg:
		return &average{p}
	case opMin:
		return &extreme{p, -1}
	case opMax:
		return &extreme{p, 1}
	case opDistinct:
		return &distinct{p}
	case opSinceFirst:
		return &since{p, false}
	default: // opSinceLast
		return &since{p, true}
	}
}

// written is the value of a literal.
func written(n *node) event.Value {
	switch n.op {
	case opString:
		return event.TextValue(n.key)
	case opBool:
		return event.BoolValue(n.yes)
	default:
		return event.NumberValue(n.num)
	}
}

// What parts cost, roughly. Only the order matters.
const (
	costFact   = 1
	costTrait  = 3
	costText   = 6
	costEvents = 20
	costWhere  = 60
)

// cost is how dear it is to ask a node.
func cost(n *node) int {
	total := costFact
	switch {
	case n.history() && n.where != nil:
		total = costWhere
	case n.history():
		total = costEvents
	case n.op == opTest && n.word == "matches":
		total = costEvents
	case n.op == opTest || n.op == opIn:
		total = costText
	case n.op == opTrait:
		total = costTrait
	}
	for _, k := range n.kids {
		total += cost(k)
	}
	return total
}

// signals are the names of events that the system says about people. They are no activity of theirs.
func signals() []string {
	return []string{event.SegmentEntered, event.SegmentExited, event.TierChanged, event.TagAdded, event.TagRemoved, event.PersonCleaned, event.ValuePredicted}
}
