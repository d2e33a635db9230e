package person

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// Filter is one condition of a list: a field, an operator and a value.
type Filter struct{ Field, Op, Value string }

// ParseFilter reads "field:op:value"; the value may hold colons.
func ParseFilter(text string) (Filter, error) {
	field, rest, ok := strings.Cut(text, ":")
	op, value, _ := strings.Cut(rest, ":")
	if !ok || field == "" || op == "" {
		return Filter{}, fault.New(fault.Invalid, "people.filter", "a filter is field:op:value, such as orders:gte:2; %q is not", text)
	}
	return Filter{field, op, value}, nil
}

// where is a piece of SQL with its arguments.
type where struct {
	parts []string
	args  []any
}

func (w *where) add(sql string, args ...any) {
	w.parts = append(w.parts, sql)
	w.args = append(w.args, args...)
}

func (w *where) sql() string {
	if len(w.parts) == 0 {
		return "TRUE"
	}
	return strings.Join(w.parts, " AND ")
}

// comparisons are the SQL operators of those that compare.
func comparison(op string) (string, bool) {
	switch op {
	case "eq":
		return "=", true
	case "ne":
		return "<>", true
	case "gte":
		return ">=", true
	case "lte":
		return "<=", true
	}
	return "", false
}

// filter turns a condition into SQL. Field names come from a fixed list; values are always arguments.
func (w *where) filter(f Filter, d state.Dialect, zone *time.Location) error {
	bad := func(why string) error {
		return fault.New(fault.Invalid, "people.filter", "the filter %s:%s:%s cannot be used: %s", f.Field, f.Op, f.Value, why)
	}
	switch f.Field {
	case "first_seen", "last_seen", "last_order":
		day, err := time.ParseInLocation(time.DateOnly, f.Value, zone)
		if err != nil {
			return bad("the value is a day such as 2026-03-01")
		}
		next := day.AddDate(0, 0, 1)
		switch f.Op {
		case "eq":
			w.add(f.Field+" >= ? AND "+f.Field+" < ?", day.UnixMicro(), next.UnixMicro())
		case "gte":
			w.add(f.Field+" >= ?", day.UnixMicro())
		case "lte":
			w.add(f.Field+" > 0 AND "+f.Field+" < ?", next.UnixMicro())
		default:
			return bad("days have eq, gte and lte")
		}
	case "events", "orders", "cancelled", "revenue":
		n, err := strconv.ParseInt(f.Value, 10, 64)
		op, ok := comparison(f.Op)
		if err != nil || !ok {
			return bad("numbers have eq, ne, gte and lte, and the value is a whole number")
		}
		w.add(f.Field+" "+op+" ?", n)
	case "identified":
		if f.Op != "eq" || f.Value != "true" && f.Value != "false" {
			return bad("it is identified:eq:true or identified:eq:false")
		}
		w.add("identified = ?", f.Value == "true")
	case "channel", "class", "name", "email", "phone":
		column := f.Field
		if column == "class" {
			column = "channel_class"
		}
		return w.text(column, f, d, bad)
	default:
		trait, ok := strings.CutPrefix(f.Field, "trait.")
		if !ok {
			return bad("the field is not known")
		}
		if trait == "" || len(trait) > 100 || strings.ContainsAny(trait, `"\`) || strings.ContainsFunc(trait, unicode.IsControl) {
			return bad("the trait's name is not valid")
		}
		return w.trait(trait, f, d, bad)
	}
	return nil
}

func (w *where) text(expr string, f Filter, d state.Dialect, bad func(string) error) error {
	switch f.Op {
	case "eq":
		w.add(expr+" = ?", f.Value)
	case "ne":
		w.add("("+expr+" IS NULL OR "+expr+" <> ?)", f.Value)
	case "contains":
		w.add(expr+" "+like(d)+` ? ESCAPE '\'`, "%"+escapeLike(f.Value)+"%")
	case "set":
		w.add("(" + expr + " IS NOT NULL AND " + expr + " <> '')")
	case "unset":
		w.add("(" + expr + " IS NULL OR " + expr + " = '')")
	default:
		return bad("texts have eq, ne, contains, set and unset")
	}
	return nil
}

// trait looks into the stored traits: {"city":{"v":"杭州","t":…}}; a set value is in v, a set_once value in o.
func (w *where) trait(name string, f Filter, d state.Dialect, bad func(string) error) error {
	var expr, number string
	if d == state.Postgres {
		path := func(slot string) string {
			return `(NULLIF(traits, '')::jsonb -> '` + strings.ReplaceAll(name, "'", "''") + `' ->> '` + slot + `')`
		}
		expr = "COALESCE(" + path("v") + ", " + path("o") + ")"
		number = "CASE WHEN " + expr + ` ~ '^-?[0-9]+(\.[0-9]+)?$' THEN CAST(` + expr + " AS DOUBLE PRECISION) END"
	} else {
		path := func(slot string) string {
			return `json_extract(NULLIF(traits, ''), '$."` + strings.ReplaceAll(name, "'", "''") + `".` + slot + `')`
		}
		expr = "CAST(COALESCE(" + path("v") + ", " + path("o") + ") AS TEXT)"
		number = "CASE WHEN " + expr + " GLOB '*[0-9]*' AND " + expr + " NOT GLOB '*[^0-9.-]*' THEN CAST(" + expr + " AS REAL) END"
	}
	if f.Op == "gte" || f.Op == "lte" {
		n, err := strconv.ParseFloat(f.Value, 64)
		if err != nil {
			return bad("gte and lte compare numbers")
		}
		op, _ := comparison(f.Op)
		w.add(fmt.Sprintf("%s %s ?", number, op), n)
		return nil
	}
	return w.text(expr, f, d, bad)
}

func like(d state.Dialect) string {
	if d == state.Postgres {
		return "ILIKE"
	}
	return "LIKE"
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
