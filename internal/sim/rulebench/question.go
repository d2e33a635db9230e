package rulebench

import (
	"strconv"
	"strings"
)

// question is a condition as this benchmark makes them: it can be said in the rule language and in the SQL of the peers.
type question struct {
	op  string // "and", "or", "not", "agg", "trait", "channel"
	of  []question
	cmp string // ">=" "<=" "==" "!=" "<" ">"

	agg    aggregate
	number float64

	name string // of a trait; "first" or "last" of a channel
	text string // what a channel or a text trait is
	yes  bool   // the trait is a yes-or-no and shall be true
}

// aggregate is a number about somebody's events.
type aggregate struct {
	fn       string // count, sum, avg, max, distinct, days_since_last, active_days
	event    string
	property string
	days     int
	where    *filter
}

// filter is a condition on a property of an event.
type filter struct {
	property string
	cmp      string
	text     string
	number   float64
}

func and(of ...question) question { return question{op: "and", of: of} }
func or(of ...question) question  { return question{op: "or", of: of} }
func not(q question) question     { return question{op: "not", of: []question{q}} }

func is(a aggregate, cmp string, n float64) question {
	return question{op: "agg", agg: a, cmp: cmp, number: n}
}

func count(event string, days int, where ...filter) aggregate {
	return aggregate{fn: "count", event: event, days: days, where: first(where)}
}

func of(fn, event, property string, days int, where ...filter) aggregate {
	return aggregate{fn: fn, event: event, property: property, days: days, where: first(where)}
}

func daysSince(event string) aggregate { return aggregate{fn: "days_since_last", event: event} }
func activeDays(days int) aggregate    { return aggregate{fn: "active_days", days: days} }

func first(where []filter) *filter {
	if len(where) == 0 {
		return nil
	}
	return &where[0]
}

func with(property, text string) filter { return filter{property: property, cmp: "==", text: text} }

func livesIn(city string) question { return question{op: "trait", name: "city", cmp: "==", text: city} }

func isVIP() question { return question{op: "trait", name: "vip", cmp: "==", yes: true} }

func level(cmp string, n int) question {
	return question{op: "trait", name: "level", cmp: cmp, number: float64(n)}
}

func cameBy(which, channel string) question {
	return question{op: "channel", name: which, text: channel}
}

// rule is the question in the rule language.
func (q question) rule() string {
	switch q.op {
	case "and", "or":
		word := map[string]string{"and": " && ", "or": " || "}[q.op]
		parts := make([]string, len(q.of))
		for i, p := range q.of {
			if parts[i] = p.rule(); p.op == "or" || p.op == "and" {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, word)
	case "not":
		return "!(" + q.of[0].rule() + ")"
	case "trait":
		switch {
		case q.yes:
			return "person." + q.name + " == true"
		case q.text != "":
			return "person." + q.name + " " + q.cmp + " " + strconv.Quote(q.text)
		}
		return "person." + q.name + " " + q.cmp + " " + number(q.number)
	case "channel":
		return "channel." + q.name + " == " + strconv.Quote(q.text)
	}
	return q.agg.rule() + " " + q.cmp + " " + number(q.number)
}

func (a aggregate) rule() string {
	var args []string
	if a.event != "" {
		args = append(args, strconv.Quote(a.event))
	}
	if a.property != "" {
		args = append(args, strconv.Quote(a.property))
	}
	if a.days > 0 {
		args = append(args, `"`+strconv.Itoa(a.days)+`d"`)
	}
	if f := a.where; f != nil {
		value := strconv.Quote(f.text)
		if f.text == "" {
			value = number(f.number)
		}
		args = append(args, "event."+f.property+" "+f.cmp+" "+value)
	}
	return a.fn + "(" + strings.Join(args, ", ") + ")"
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// ofPerson says whether the question is about traits and channels only, ofEvents whether it is about events only.
func (q question) ofPerson() bool { return q.all(func(q question) bool { return q.op != "agg" }) }
func (q question) ofEvents() bool { return q.all(func(q question) bool { return q.op == "agg" }) }

func (q question) all(leaf func(question) bool) bool {
	if len(q.of) == 0 {
		return leaf(q)
	}
	for _, p := range q.of {
		if !p.all(leaf) {
			return false
		}
	}
	return true
}

// aggregates are all numbers that the question is about.
func (q question) aggregates() (out []aggregate) {
	if q.op == "agg" {
		return []aggregate{q.agg}
	}
	for _, p := range q.of {
		out = append(out, p.aggregates()...)
	}
	return out
}

// onNothing answers a question about events for somebody who has none.
func (q question) onNothing() bool {
	switch q.op {
	case "and":
		for _, p := range q.of {
			if !p.onNothing() {
				return false
			}
		}
		return true
	case "or":
		for _, p := range q.of {
			if p.onNothing() {
				return true
			}
		}
		return false
	case "not":
		return !q.of[0].onNothing()
	}
	switch q.agg.fn {
	case "avg", "max", "days_since_last":
		return false // missing
	}
	switch q.cmp {
	case "<=", "<":
		return true
	case "==":
		return q.number == 0
	case ">=":
		return q.number <= 0
	}
	return false
}
