package rule

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Small choices, so that rules and histories meet.
var (
	eventNames = []string{"Order Completed", "Page Viewed", "签到 \"ok\"", "Tag Added"}
	properties = []string{"sku", "n", "revenue", "odd name"}
	traitNames = []string{"city", "age", "odd name", "城市", "in"}
	keyNames   = []string{"vip", "staff"}
	texts      = []string{"", "a", "ab", "杭州", "b\"\\\n"}
	numbers    = []float64{0, 1, 2, 3, -1, 0.5, 19.99, 1e300}
	spans      = []int{0, 1, 2, 7, 30, 365}
	zones      = []string{"Asia/Shanghai", "UTC", "America/New_York", "Africa/Cairo", "America/Havana", "Pacific/Auckland", "Asia/Kolkata"}
)

func pick[T any](t *rapid.T, from []T) T { return rapid.SampledFrom(from).Draw(t, "pick") }

// genCondition draws a condition; where is the event of the where it is in, "" outside.
func genCondition(t *rapid.T, depth int, where string) *node {
	inside := where != ""
	kind := rapid.IntRange(0, 12).Draw(t, "condition")
	if depth <= 0 && kind < 5 {
		kind += 5
	}
	switch kind {
	case 0, 1:
		n := &node{op: opAnd}
		if kind == 1 {
			n.op = opOr
		}
		for range rapid.IntRange(2, 3).Draw(t, "parts") {
			k := genCondition(t, depth-1, where)
			if k.op == n.op {
				n.kids = append(n.kids, k.kids...)
			} else {
				n.kids = append(n.kids, k)
			}
		}
		return n
	case 2, 3:
		return negation(genCondition(t, depth-1, where))
	case 4, 5, 6, 7:
		return &node{op: opCompare, word: pick(t, []string{eq, ne, lt, le, gt, ge}), kids: []*node{genValue(t, depth, where), genValue(t, depth, where)}}
	case 8:
		n := &node{op: opIn, yes: rapid.Bool().Draw(t, "not"), kids: []*node{genValue(t, 0, where)}}
		for range rapid.IntRange(0, 3).Draw(t, "list") {
			n.kids = append(n.kids, genLiteral(t))
		}
		return n
	case 9:
		n := &node{op: opTest, word: pick(t, tests()), kids: []*node{genField(t, where), {op: opString, key: pick(t, texts), typ: Text}}}
		if n.word == "matches" {
			n.kids[1] = &node{op: opString, key: pick(t, []string{"^a", "b$", "杭.", ""}), typ: Text}
		}
		return n
	case 10:
		return &node{op: opHas, kids: []*node{genField(t, where)}}
	case 11:
		return &node{op: opConst, yes: rapid.Bool().Draw(t, "const")}
	}
	if inside {
		return &node{op: opHas, kids: []*node{genField(t, where)}}
	}
	switch o := pick(t, []op{opTag, opSegment, opIdentity, opConsent, opHeld}); o {
	case opHeld:
		k := &node{op: pick(t, []op{opTag, opSegment}), key: pick(t, keyNames)}
		if rapid.Bool().Draw(t, "tier") {
			k = &node{op: opCompare, word: eq, kids: []*node{{op: opTier, key: pick(t, keyNames), typ: Text}, {op: opString, key: pick(t, texts), typ: Text}}}
		}
		return &node{op: opHeld, days: pick(t, spans[1:]), kids: []*node{k}}
	default:
		return &node{op: o, key: pick(t, keyNames)}
	}
}

func genField(t *rapid.T, where string) *node {
	if where != "" && rapid.IntRange(0, 3).Draw(t, "of") > 0 {
		n := &node{op: opProperty, key: pick(t, properties), prop: where}
		if n.key == revenue {
			n.typ = Number
			return &node{op: opProperty, key: "sku", prop: where}
		}
		return n
	}
	return &node{op: opTrait, key: pick(t, traitNames)}
}

func genLiteral(t *rapid.T) *node {
	switch rapid.IntRange(0, 4).Draw(t, "literal") {
	case 0, 1:
		return &node{op: opString, key: pick(t, texts), typ: Text}
	case 2:
		return &node{op: opBool, yes: rapid.Bool().Draw(t, "truth"), typ: Bool}
	default:
		return &node{op: opNumber, num: pick(t, numbers), typ: Number}
	}
}

func genValue(t *rapid.T, depth int, where string) *node {
	kind := rapid.IntRange(0, 9).Draw(t, "value")
	switch {
	case kind < 2:
		return genLiteral(t)
	case kind < 4 || where != "" && kind < 8:
		if where != "" && kind == 7 {
			return &node{op: opProperty, key: revenue, prop: where, typ: Number}
		}
		return genField(t, where)
	case kind == 8 && depth > 0:
		n := &node{op: opArithmetic, word: pick(t, []string{"+", "-", "*", "/", "%"}), typ: Number}
		for range 2 {
			n.kids = append(n.kids, genNumber(t, depth-1, where))
		}
		return n
	case kind == 9 && depth > 0:
		k := genNumber(t, depth-1, where)
		if k.op == opNumber {
			return k
		}
		return &node{op: opNegate, kids: []*node{k}, typ: Number}
	case where != "":
		return genLiteral(t)
	}
	return genPast(t, depth)
}

// genNumber draws a value with which one may calculate.
func genNumber(t *rapid.T, depth int, where string) *node {
	for {
		if n := genValue(t, depth, where); n.typ == Number || n.typ == Any {
			return n
		}
	}
}

func genPast(t *rapid.T, depth int) *node {
	o := pick(t, []op{opCount, opCount, opSum, opAvg, opMin, opMax, opDistinct, opSinceLast, opSinceFirst, opActiveDays, opTier, opChannel, opBucket})
	n := &node{op: o, key: pick(t, eventNames), typ: Number}
	switch o {
	case opTier:
		return &node{op: o, key: pick(t, keyNames), typ: Text}
	case opChannel:
		return &node{op: o, word: pick(t, []string{"first", "last"}), typ: Text}
	case opBucket:
		return &node{op: o, key: pick(t, keyNames), typ: Number}
	case opActiveDays:
		n.key = ""
	}
	if n.window() {
		n.days = pick(t, spans)
	}
	if n.aggregate() {
		n.prop = pick(t, properties)
	}
	if o != opActiveDays && rapid.IntRange(0, 2).Draw(t, "where") == 0 {
		n.where = genCondition(t, min(depth, 1), n.key)
	}
	return n
}

// sound makes a drawn tree one that the language allows: comparisons of types that can meet.
func sound(n *node) bool {
	good := true
	n.walk(func(n *node) {
		switch n.op {
		case opCompare:
			l, r := n.kids[0], n.kids[1]
			ordered := n.word != eq && n.word != ne
			if ordered && (l.typ == Bool || r.typ == Bool) || l.typ != Any && r.typ != Any && l.typ != r.typ {
				good = false
			}
		case opIn:
			for _, k := range n.kids[1:] {
				good = good && (n.kids[0].typ == Any || n.kids[0].typ == k.typ)
			}
		default:
		}
	})
	nodes, depth := n.size()
	return good && nodes <= MaxNodes && depth <= MaxDepth
}

func genRule(t *rapid.T) *node {
	return rapid.Custom(func(t *rapid.T) *node { return genCondition(t, 3, "") }).Filter(sound).Draw(t, "rule")
}

func genEventValue(t *rapid.T) event.Value {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return event.Value{}
	case 1:
		return event.BoolValue(rapid.Bool().Draw(t, "truth"))
	case 2, 3:
		return event.NumberValue(pick(t, numbers))
	case 4:
		return event.Value{Kind: event.Other, Text: "[1]"}
	default:
		return event.TextValue(pick(t, texts))
	}
}

// genMoment draws a moment near now, and often one at the edge of a day.
func genMoment(t *rapid.T, at Instant) int64 {
	days := rapid.IntRange(-3, 40).Draw(t, "days ago")
	midnight := at.calendar.Start(at.today - int64(days))
	switch rapid.IntRange(0, 3).Draw(t, "edge") {
	case 0:
		return midnight
	case 1:
		return midnight - 1
	default:
		return midnight + rapid.Int64Range(0, dayMicros).Draw(t, "time of day")
	}
}

func genHuman(t *rapid.T, at Instant) *human {
	h := newHuman(rapid.Int64Range(1, 1000).Draw(t, "id"))
	for i := range rapid.IntRange(0, 25).Draw(t, "events") {
		e := happened{
			time: genMoment(t, at), node: rapid.Int64Range(1, 2).Draw(t, "node"), arrival: int64(i), name: pick(t, eventNames),
			properties: map[string]event.Value{},
		}
		if rapid.Bool().Draw(t, "paid") {
			minor := rapid.Int64Range(-100, 300000).Draw(t, "amount")
			e.amount = &minor
		}
		for _, p := range properties {
			if p != revenue {
				e.properties[p] = genEventValue(t)
			}
		}
		h.events = append(h.events, e)
	}
	for _, name := range traitNames {
		h.traits[name] = genEventValue(t)
	}
	for _, k := range keyNames {
		since := genMoment(t, at)
		switch rapid.IntRange(0, 3).Draw(t, "key") {
		case 0:
			h.tags[k], h.consents[k] = since, true
		case 1:
			h.segments[k], h.tiers[k] = since, stand{pick(t, texts), since}
		case 2:
			h.identities[k], h.first = true, pick(t, texts)
		default:
			h.tags[k], h.segments[k], h.tiers[k], h.last = since, since, stand{pick(t, texts), since}, pick(t, texts)
		}
	}
	return h
}

// Every way of asking gives the oracle's answer, and every form of a rule is that rule.
func TestEveryWayAgrees(t *testing.T) {
	t.Parallel()
	known := &calendars{}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(pick(t, zones))
		require.NoError(t, err)
		cal := known.in(zone)
		now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).UnixMicro() + rapid.Int64Range(0, 365*dayMicros).Draw(t, "now")
		at := cal.At(now)
		var rules []*Rule
		for range rapid.IntRange(1, 4).Draw(t, "rules") {
			drawn := genRule(t)
			written := text(drawn)
			r, problems := Parse(written, nil)
			require.Empty(t, problems, written)
			require.Equal(t, drawn, r.root, "text loses something: %s", written)
			require.Equal(t, written, r.Text())
			back, problems := FromTree(r.Tree())
			require.Empty(t, problems)
			require.Equal(t, written, back)
			rules = append(rules, r)
			again, problems := Parse(r.Normal(), nil)
			if len(problems) == 0 { // a normal form may be longer than a rule may be
				require.Equal(t, r.Normal(), again.Normal(), "no fixed point of %s", written)
				rules = append(rules, again)
			}
			for _, lang := range []string{"zh", "en"} {
				require.NotEmpty(t, r.Sentence(lang))
			}
		}
		var people []*human
		for range rapid.IntRange(1, 3).Draw(t, "people") {
			people = append(people, genHuman(t, at))
		}
		for _, got := range answers(t, people, rules, at, pick(t, []string{"CNY", "JPY"})) {
			for i, r := range rules[1:] {
				if r.Text() == rules[i].Normal() {
					require.Equal(t, got[i], got[i+1], "the normal form means something else: %s, %s", rules[i].Text(), r.Text())
				}
			}
		}
	})
}

// The tests would not notice a tree that reflect cannot compare.
func TestNodesCompare(t *testing.T) {
	t.Parallel()
	require.True(t, reflect.DeepEqual(must(t, "has_tag('a') && person.x > 3").root, must(t, `has_tag("a")&&person["x"]>3.0`).root))
}

// A set may run in many goroutines at once.
func TestSetInParallel(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, zone).UnixMicro()
	at := NewCalendar(zone).At(now)
	rules := mixedRules(t)
	answer := func(set *Set, c *crowd) (all []bool) {
		out := make([]bool, set.Len())
		for c.at = range 200 {
			set.Eval(c, at, out)
			all = append(all, out...)
		}
		return all
	}
	c := newCrowd(200, 50, now)
	set, err := CompileAll(rules, c, "CNY")
	require.NoError(t, err)
	want := answer(set, c)
	require.Contains(t, want, true)
	require.Contains(t, want, false)
	var all [4][]bool
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() { all[i] = answer(set, newCrowd(200, 50, now)) })
	}
	wait.Wait()
	for _, got := range all {
		require.Equal(t, want, got)
	}
}
