package person

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Filter is one condition of a list: a field, an operator and a value.
type Filter struct{ Field, Op, Value string }

// maxFilter is how many bytes a filter may have.
const maxFilter = 1000

// personal says whether the condition is about a value that not everybody may see: whoever may ask for its letters one by one, sees it.
func (f Filter) personal() bool {
	trait, ok := strings.CutPrefix(f.Field, "trait.")
	return f.Op != "set" && f.Op != "unset" && (identity.Personal(f.Field) || ok && identity.PersonalName(trait))
}

// ParseFilter reads "field:op:value"; the value may hold colons.
func ParseFilter(text string) (Filter, error) {
	field, rest, ok := strings.Cut(text, ":")
	op, value, _ := strings.Cut(rest, ":")
	if len(text) > maxFilter || !storable(text) {
		return Filter{}, fault.New(fault.Invalid, "people.filter", "a filter is text of at most %d bytes", maxFilter)
	}
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
		d, err := time.Parse(time.DateOnly, f.Value)
		if err != nil {
			return bad("the value is a day such as 2026-03-01")
		}
		day, next := calendar.Midnight(d, zone), calendar.Midnight(d.AddDate(0, 0, 1), zone)
		if first, last := day.UnixMicro()/lastSpan, next.UnixMicro()/lastSpan; f.Field == "last_seen" { // whose index is over last_span
			switch f.Op {
			case "eq":
				w.add("last_span >= ? AND last_span <= ?", first, last)
			case "gte":
				w.add("last_span >= ?", first)
			case "lte":
				w.add("last_span <= ?", last)
			}
		}
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
		if trait == "" {
			return bad("the trait has no name")
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
		w.add(expr+" "+like(d)+` ? ESCAPE '\'`, pattern(f.Value))
	case "set":
		w.add("(" + expr + " IS NOT NULL AND " + expr + " <> '')")
	case "unset":
		w.add("(" + expr + " IS NULL OR " + expr + " = '')")
	default:
		return bad("texts have eq, ne, contains, set and unset")
	}
	return nil
}

// trait looks for a trait whose shown value fulfils a condition, or, for ne and unset, for people without such a one.
func (w *where) trait(name string, f Filter, d state.Dialect, bad func(string) error) error {
	exists := "EXISTS"
	var condition string
	args := []any{name}
	switch f.Op {
	case "ne":
		exists = "NOT EXISTS"
		fallthrough
	case "eq":
		condition, args = "x = ?", append(args, f.Value)
	case "contains":
		condition, args = "x "+like(d)+` ? ESCAPE '\'`, append(args, pattern(f.Value))
	case "unset":
		exists = "NOT EXISTS"
		fallthrough
	case "set":
		condition = "x <> ''"
	case "gte", "lte":
		n, err := strconv.ParseFloat(f.Value, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return bad("gte and lte compare numbers")
		}
		op, _ := comparison(f.Op)
		condition, args = number(d)+" "+op+" ?", append(args, n)
	default:
		return bad("traits have eq, ne, contains, gte, lte, set and unset")
	}
	w.add(exists+" (SELECT 1 FROM (SELECT "+shown(d)+" AS x FROM "+eachTrait(d)+" WHERE t.key = ?) v WHERE "+condition+")", args...)
	return nil
}

// anyTrait is true for people with a trait whose shown value has the text in it. The text as it is written in JSON is looked for first:
// that needs no reading of the JSON, and nearly all people are done with it.
func anyTrait(q string, d state.Dialect) (string, []any) {
	text, err := jsontext.AppendQuote(nil, q)
	if err != nil {
		return "FALSE", nil
	}
	return "(traits " + like(d) + ` ? ESCAPE '\' AND EXISTS (SELECT 1 FROM (SELECT ` + shown(d) + " AS x FROM " + eachTrait(d) + ") v WHERE x " + like(d) + ` ? ESCAPE '\'))`,
		[]any{pattern(string(text[1 : len(text)-1])), pattern(q)}
}

// Traits are stored as {"city":{"v":"杭州","t":…}}; a set value is in v, a set_once value in o, and what was taken away has a v of null.

// eachTrait are a person's traits as rows t(key, value). PostgreSQL cannot read the NUL that a text may have in JSON.
func eachTrait(d state.Dialect) string {
	if d == state.Postgres {
		return `json_each(CAST(replace(NULLIF(person.traits, ''), '\u0000', '\ufffd') AS json)) t`
	}
	return `json_each(NULLIF(person.traits, '')) t`
}

// shown is the value of such a row that shows, as text: texts as they are, everything else as it is written in JSON. NULL if there is none.
func shown(d state.Dialect) string {
	if d == state.Postgres {
		return `CASE WHEN t.value -> 'v' IS NOT NULL THEN t.value ->> 'v' ELSE t.value ->> 'o' END`
	}
	slot := func(p string) string {
		return `CASE json_type(t.value, '` + p + `') WHEN 'null' THEN NULL WHEN 'text' THEN json_extract(t.value, '` + p + `') ELSE t.value -> '` + p + `' END`
	}
	return `CASE WHEN json_type(t.value, '$.v') IS NOT NULL THEN ` + slot("$.v") + ` ELSE ` + slot("$.o") + ` END`
}

// number is x as a number, NULL if it is not written like one in JSON: days, versions and phone numbers with blanks are none.
func number(d state.Dialect) string {
	if d == state.Postgres {
		return `CASE WHEN x ~ '^-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$' THEN CAST(x AS DOUBLE PRECISION) END`
	}
	return `CASE WHEN length(x) <= 64 AND x NOT GLOB '*[^0-9.eE+-]*' AND json_valid(x) AND abs(CAST(x AS REAL)) < 1e140 THEN CAST(x AS REAL) END`
}

func like(d state.Dialect) string {
	if d == state.Postgres {
		return "ILIKE"
	}
	return "LIKE"
}

// pattern finds a text anywhere inside another, whatever signs it has.
func pattern(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// storable says whether every store can hold the text: PostgreSQL takes neither NUL nor what is no UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }
