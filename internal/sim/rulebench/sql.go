package rulebench

import (
	"fmt"
	"slices"
	"strings"
)

// dialect is how a peer spells what its queries need.
type dialect struct {
	countIf, sumIf, maxIf, distinctIf func(what, cond string) string // cond may be empty
	moment                            func(us int64) string          // µs since 1970 UTC
	never                             string                         // what maxIf gives for a time if there is none
	noNulls                           bool                           // a LEFT JOIN fills in zeros
}

func clickhouse() dialect {
	f := func(name string) func(string, string) string {
		return func(what, cond string) string {
			if cond == "" {
				return name + "(" + what + ")"
			}
			return name + "If(" + strings.TrimPrefix(what+", ", ", ") + cond + ")"
		}
	}
	return dialect{
		countIf: f("count"), sumIf: f("sum"), maxIf: f("max"), distinctIf: f("uniqExact"), noNulls: true, never: "toDateTime64(0, 3, 'UTC')",
		moment: func(us int64) string { return fmt.Sprintf("fromUnixTimestamp64Milli(%d, 'UTC')", us/1000) },
	}
}

func duck() dialect {
	f := func(format string) func(string, string) string {
		return func(what, cond string) string {
			text := fmt.Sprintf(format, what)
			if cond != "" {
				text += " FILTER (WHERE " + cond + ")"
			}
			return text
		}
	}
	sum, most := f("sum(%s)"), f("max(%s)")
	return dialect{
		countIf: func(_, cond string) string { return f("count(%s)")("*", cond) }, distinctIf: f("count(DISTINCT %s)"), never: "TIMESTAMP '1970-01-01'",
		sumIf:  func(what, cond string) string { return "coalesce(" + sum(what, cond) + ", 0)" },
		maxIf:  func(what, cond string) string { return "coalesce(" + most(what, cond) + ", " + zeroOf(what) + ")" },
		moment: func(us int64) string { return fmt.Sprintf("make_timestamp(%d)", us) },
	}
}

func zeroOf(column string) string {
	if column == "time" {
		return "TIMESTAMP '1970-01-01'"
	}
	return "0"
}

// query counts the people for whom a question holds. since gives the moment at which a window of days begins.
//
//   - What is asked about the person filters the people first.
//   - What is asked about events is one pass over the events that can matter, grouped by person. If it holds for people without such events,
//     those for whom it does not hold are counted and taken away.
//   - Only if both are mixed in one "or" are people and groups joined.
func (d dialect) query(q question, since func(days int) int64) string {
	parts := []question{q}
	if q.op == "and" {
		parts = q.of
	}
	var who, what []question
	for _, p := range parts {
		switch {
		case p.ofPerson():
			who = append(who, p)
		case p.ofEvents():
			what = append(what, p)
		default:
			return d.joined(q, since)
		}
	}
	people := ""
	if len(who) > 0 {
		people = d.says(and(who...), d.plain)
	}
	if len(what) == 0 {
		return "SELECT count(*) FROM people WHERE " + people
	}
	e := and(what...)
	s := d.scope(e, since)
	where := s.where
	if people != "" {
		where = append(slices.Clone(where), "person IN (SELECT person FROM people WHERE "+people+")")
	}
	absent := e.onNothing()
	if absent {
		e = not(e)
	}
	text := "SELECT count(*) FROM (SELECT person FROM events" + clause(where) + " GROUP BY person HAVING " + d.says(e, s.aggregate) + ")"
	if !absent {
		return text
	}
	all := "SELECT count(*) FROM people"
	if people != "" {
		all += " WHERE " + people
	}
	return "SELECT (" + all + ") - (" + text + ")"
}

// joined asks everybody, with or without events.
func (d dialect) joined(q question, since func(days int) int64) string {
	s := d.scope(q, since)
	var columns []string
	text := d.says(q, func(a aggregate, cmp string, n float64) string {
		// The condition itself becomes a column, so that no number has to be said to be missing.
		columns = append(columns, s.aggregate(a, cmp, n))
		column := fmt.Sprintf("a%d", len(columns))
		if (question{op: "agg", agg: a, cmp: cmp, number: n}).onNothing() {
			columns[len(columns)-1] = "NOT (" + columns[len(columns)-1] + ")"
			return "NOT " + d.filled(column)
		}
		return d.filled(column)
	})
	for i := range columns {
		columns[i] += fmt.Sprintf(" AS a%d", i+1)
	}
	return "SELECT count(*) FROM people LEFT JOIN (SELECT person, " + strings.Join(columns, ", ") + " FROM events" + clause(s.where) +
		" GROUP BY person) AS groups USING (person) WHERE " + text
}

func (d dialect) filled(column string) string {
	if d.noNulls {
		return column
	}
	return "coalesce(" + column + ", false)"
}

func clause(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(where, " AND ")
}

// plain says what is asked about events where nothing may be asked about them.
func (d dialect) plain(aggregate, string, float64) string { return "false" }

// says is the condition, with the numbers about events as given.
func (d dialect) says(q question, number func(a aggregate, cmp string, n float64) string) string {
	switch q.op {
	case "and", "or":
		parts := make([]string, len(q.of))
		for i, p := range q.of {
			if parts[i] = d.says(p, number); p.op == "and" || p.op == "or" {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, " "+strings.ToUpper(q.op)+" ")
	case "not":
		return "NOT (" + d.says(q.of[0], number) + ")"
	case "trait":
		switch {
		case q.yes:
			return "vip"
		case q.text != "":
			return q.name + " " + sqlCompare(q.cmp) + " " + quoted(q.text)
		}
		return fmt.Sprintf("%s %s %v", q.name, sqlCompare(q.cmp), q.number)
	case "channel":
		return q.name + "_channel = " + quoted(q.text)
	}
	return number(q.agg, q.cmp, q.number)
}

func sqlCompare(cmp string) string {
	if cmp == "==" {
		return "="
	}
	return cmp
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
