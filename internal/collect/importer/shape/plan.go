package shape

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Plan is a preset, a mapping and options, checked against the columns of a file. It is for one goroutine.
type Plan struct {
	preset  Preset
	options Options
	kinds   identity.Kinds
	now     int64 // the moment of the import: times after it are wrong, and what has none gets it
	moments *Moments
	segment bool // JSON lines that say themselves what is what

	order, time, quantity, price, currency, status, event, id int // columns, -1 for none
	identities                                                []namedColumn
	traits, properties, product                               []namedColumn
	known                                                     map[known]resolved
	buf                                                       []byte
}

// namedColumn is a column and what its cells become. text cells stay texts even if they look like numbers.
type namedColumn struct {
	name   string
	column int
	text   bool
}

// Finder is the columns of a file, as a plan needs them.
type Finder interface {
	Index(name string) (int, bool)
	Format() sheet.Format
}

// NewPlan checks what is asked against the columns of the file. The error is a fault whose violations name the fields.
func NewPlan(p Preset, m Mapping, o Options, file Finder, kinds identity.Kinds, now int64) (*Plan, error) {
	var err error
	var check fault.Check
	pl := &Plan{preset: p, options: o, kinds: kinds, now: now, known: map[known]resolved{}}
	pl.segment = m.Empty() && file.Format() == sheet.JSONL && p != OrderLines
	if pl.moments, err = NewMoments(o.TimeLayout, o.TimeZone, file.Format() == sheet.XLSX); err != nil {
		return nil, err
	}
	if _, err := ParsePreset(string(p)); err != nil {
		return nil, err
	}
	check.That(o.Currency == "" || money.ValidCurrency(o.Currency), "options.currency", "write the currency as three capital letters, such as CNY")
	check.That(len(o.EventName) <= event.MaxName, "options.event_name", "the event name is too long")
	column := func(field, name string) int {
		if name == "" {
			return -1
		}
		i, ok := file.Index(name)
		if !ok {
			check.That(false, field, "the file has no column %q", name)
			return -1
		}
		return i
	}
	pl.fields(m, column, &check)
	if !pl.segment {
		pl.require(m, o, &check)
	}
	return pl, check.Err("import.mapping", "the mapping does not fit the file")
}

func (pl *Plan) fields(m Mapping, column func(field, name string) int, check *fault.Check) {
	at := map[string]int{}
	for _, f := range Fields(pl.preset) {
		at[f.Name] = column("mapping."+f.Name, m.Fields[f.Name])
	}
	for _, name := range sortedKeys(m.Fields) {
		_, known := at[name]
		check.That(known, "mapping."+name, "the preset %s has no field %q; map it as a trait or property", pl.preset, name)
	}
	get := func(field string) int {
		if i, ok := at[field]; ok {
			return i
		}
		return -1
	}
	pl.order, pl.time, pl.quantity, pl.price = get(fieldOrder), get(fieldTime), get(fieldQuantity), get(fieldPrice)
	pl.currency, pl.status, pl.event, pl.id = get(fieldCurrency), get(fieldStatus), get(fieldEvent), get(fieldID)
	for _, f := range Fields(pl.preset) {
		if kind, ok := fieldKind(f.Name); ok && at[f.Name] >= 0 {
			pl.identities = append(pl.identities, namedColumn{kind, at[f.Name], true})
		}
	}
	for _, kind := range sortedKeys(m.Identities) {
		check.That(len(kind) <= event.MaxKind, "mapping.identities."+kind, "the name of an identity kind is too long")
		if i := column("mapping.identities."+kind, m.Identities[kind]); i >= 0 {
			pl.identities = append(pl.identities, namedColumn{kind, i, true})
		}
	}
	check.That(len(pl.identities) <= event.MaxIdentities, "mapping.identities", "at most %d identities can be mapped", event.MaxIdentities)
	// The order must not depend on how a mapping was written down, since it decides the bytes of the events.
	slices.SortFunc(pl.identities, func(a, b namedColumn) int {
		return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.column, b.column))
	})
	group := func(key string, names map[string]string) []namedColumn {
		var out []namedColumn
		for _, name := range sortedKeys(names) {
			if i := column("mapping."+key+"."+name, names[name]); i >= 0 {
				out = append(out, namedColumn{name, i, isCode(name) || isCode(names[name])})
			}
		}
		return out
	}
	pl.traits, pl.properties = group(traitsKey, m.Traits), group(propertiesKey, m.Properties)
	for _, f := range []string{fieldProduct, fieldSKU, fieldName, fieldCategory} {
		if pl.preset == OrderLines && at[f] >= 0 {
			pl.product = append(pl.product, namedColumn{f, at[f], true})
		}
	}
}

// require checks that everything a row needs can come from somewhere.
func (pl *Plan) require(m Mapping, o Options, check *fault.Check) {
	for _, f := range Fields(pl.preset) {
		if f.Required && f.Name != fieldCustomer {
			check.That(m.Fields[f.Name] != "", "mapping."+f.Name, "choose the column with the %s", strings.ToLower(f.Title))
		}
	}
	field := "mapping.identities"
	if pl.preset == OrderLines {
		field = "mapping." + fieldCustomer
		check.That(pl.currency >= 0 || o.Currency != "", "options.currency", "say the currency of the prices")
	}
	check.That(len(pl.identities) > 0, field, "choose a column that says who it is: a user ID, phone, e-mail, member number …")
	if pl.preset == Events {
		check.That(pl.event >= 0 || o.EventName != "", "mapping."+fieldEvent, "choose the column with the event name, or give one name for all rows")
	}
}

// isCode says by its name that a column holds codes, whose leading zeros count and whose sum means nothing.
func isCode(name string) bool {
	for _, w := range []string{"号", "号码", "编码", "编号", "邮编", "电话", "手机", "证", "码"} {
		if strings.HasSuffix(squeeze(name), w) {
			return true
		}
	}
	switch lastWord(name) {
	case "id", "no", "code", "zip", "postcode", "postal", "phone", "mobile", "tel", "sku", "number", "userid", "orderid", "openid", "unionid":
		return true
	}
	return false
}

// lastWord is the last word of "customer_id", "CustomerID" or "customer id", in lower case.
func lastWord(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return ""
	}
	w := []rune(words[len(words)-1])
	for i := len(w) - 1; i > 0; i-- {
		if unicode.IsUpper(w[i]) && unicode.IsLower(w[i-1]) {
			w = w[i:]
			break
		}
	}
	return strings.ToLower(string(w))
}
