package rulebench

import (
	"fmt"
	"slices"
	"strings"
)

// scope is the events that one query reads, and what needs not be said again of each of them.
type scope struct {
	d     dialect
	since func(days int) int64
	where []string

	event string // all are of this name
	days  int    // all are within so many days
	only  string // all fit this condition on a property
}

// scope finds the events that can matter to a question.
func (d dialect) scope(q question, since func(days int) int64) *scope {
	s := &scope{d: d, since: since, event: "-", only: "-"}
	var events []string
	every, always := false, false
	for _, a := range q.aggregates() {
		if a.event == "" {
			every = true
		} else if !slices.Contains(events, a.event) {
			events = append(events, a.event)
		}
		always = always || a.days == 0
		s.days = max(s.days, a.days)
		if condition := a.where.says(); s.only == "-" || s.only == condition {
			s.only = condition
		} else {
			s.only = ""
		}
	}
	slices.Sort(events)
	switch {
	case every:
		s.event = ""
	case len(events) == 1:
		s.event = events[0]
		s.where = append(s.where, "name = "+quoted(s.event))
	default:
		for i := range events {
			events[i] = quoted(events[i])
		}
		s.where = append(s.where, "name IN ("+strings.Join(events, ", ")+")")
	}
	if every || len(events) > 1 {
		s.only = ""
	}
	if always {
		s.days = 0
	} else {
		s.where = append(s.where, "time >= "+d.moment(since(s.days)))
	}
	if s.only != "" {
		s.where = append(s.where, s.only)
	}
	return s
}

func (f *filter) says() string {
	switch {
	case f == nil:
		return ""
	case f.text != "":
		return f.property + " " + sqlCompare(f.cmp) + " " + quoted(f.text)
	}
	return fmt.Sprintf("%s %s %v", f.property, sqlCompare(f.cmp), f.number)
}

// fits is what has to be said of an event to belong to an aggregate.
func (s *scope) fits(a aggregate) string {
	var parts []string
	if a.event != "" && a.event != s.event {
		parts = append(parts, "name = "+quoted(a.event))
	}
	if a.days != 0 && a.days != s.days {
		parts = append(parts, "time >= "+s.d.moment(s.since(a.days)))
	}
	if condition := a.where.says(); condition != s.only {
		parts = append(parts, condition)
	}
	return strings.Join(parts, " AND ")
}

// aggregate is the condition on a number about events. Money is compared in minor units.
func (s *scope) aggregate(a aggregate, cmp string, n float64) string {
	d, fits, column := s.d, s.fits(a), a.property
	if column == "revenue" {
		column, n = "amount", n*100
	}
	compare := func(what string) string { return fmt.Sprintf("%s %s %v", what, sqlCompare(cmp), n) }
	switch a.fn {
	case "sum":
		return compare(d.sumIf(column, fits))
	case "max":
		return compare(d.maxIf(column, fits))
	case "avg": // as a product, which is exact
		count := d.countIf("", fits)
		return count + " > 0 AND " + fmt.Sprintf("%s %s %v * %s", d.sumIf(column, fits), sqlCompare(cmp), n, count)
	case "distinct":
		return compare(d.distinctIf(column, fits))
	case "active_days":
		return compare(d.distinctIf("day", fits))
	case "days_since_last":
		last := d.maxIf("time", fits)
		if cmp == "<=" { // n days ago is in the window of n+1 days
			return last + " >= " + d.moment(s.since(int(n)+1))
		}
		return last + " < " + d.moment(s.since(int(n))) + " AND " + last + " > " + d.never
	}
	return compare(d.countIf("", fits))
}
