package person

import (
	"database/sql"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// record is a row of person: a fold, the parts it is made of, and what lists show and sort by.
type record struct {
	id int64
	Fold
	name, email, phone string
	identified         bool
	// sole is the node that brought the whole fold; if several did, it is 0 and parts has them.
	sole  int64
	parts parts
	was   *sorted // as the store has it, nil for a new row
	// spoke says that traits may have changed since the row was read.
	spoke bool
}

// sorted are the columns with an index. Rows in which they stay as they were, nearly all, are written without touching the indexes.
type sorted struct{ first, orders, revenue, span int64 }

// lastSpan is how many microseconds are one in last_span, by which lists are sorted first.
const lastSpan = 600_000_000

func (p *record) sorted() sorted { return sorted{p.First, p.Orders, p.Revenue, p.Last / lastSpan} }

const (
	viewColumns   = "id, email, phone, identified, " + foldColumns
	recordColumns = viewColumns + ", name, sole, parts"
)

// scanView reads viewColumns, for those who show people.
func scanView(rows *sql.Rows, p *record) error {
	var traits, detail []byte
	if err := rows.Scan(append([]any{&p.id, &p.email, &p.phone, &p.identified}, p.dest(&traits, &detail)...)...); err != nil {
		return err
	}
	if err := p.keep(traits, detail); err != nil {
		return err
	}
	return p.open()
}

// scanRecord reads recordColumns.
func scanRecord(rows *sql.Rows, p *record) error {
	var traits, detail, stored []byte
	dest := append([]any{&p.id, &p.email, &p.phone, &p.identified}, p.dest(&traits, &detail)...)
	if err := rows.Scan(append(dest, &p.name, &p.sole, &stored)...); err != nil {
		return err
	}
	was := p.sorted()
	p.was = &was
	var err error
	if p.parts, err = decodeParts(stored); err != nil {
		return err
	}
	return p.keep(traits, detail)
}

// grow adds what a node brought. f is not kept.
func (p *record) grow(node int64, f *Fold) error {
	if f.Empty() {
		return nil // a command, which is no activity
	}
	p.spoke = p.spoke || len(f.Traits) > 0 || f.stored != nil
	switch {
	case p.sole == node:
	case p.sole == 0 && len(p.parts) == 0 && p.First == 0 && p.Last == 0:
		p.sole = node
	default:
		p.split()
		var err error
		if p.parts, err = p.parts.add(node, f); err != nil {
			return err
		}
	}
	return p.Sum(f)
}

// split turns the only part into a list of one.
func (p *record) split() {
	if p.sole == 0 {
		return
	}
	f := p.Fold
	p.parts, p.sole = parts{{node: p.sole, fold: &f}}, 0
}

// learn takes in a new identity. Phone and e-mail are the ones seen first. A person that never did anything is "seen" when its first
// identity was.
func (p *record) learn(i event.Identity, strong bool, at int64) {
	p.identified = p.identified || strong
	switch {
	case i.Kind == event.Email && p.email == "":
		p.email = i.Value
	case i.Kind == event.Phone && p.phone == "":
		p.phone = i.Value
	}
	if first, last := least(p.First, at), max(p.Last, at); first != p.First || last != p.Last {
		p.split() // the only part was seen later or earlier than the person
		p.First, p.Last = first, last
	}
}

// brought are the parts by node, also of a person with only one.
func (p *record) brought() (map[int64]*Fold, error) {
	p.split()
	out := make(map[int64]*Fold, len(p.parts))
	for i := range p.parts {
		f, err := p.parts[i].open()
		if err != nil {
			return nil, err
		}
		out[p.parts[i].node] = f
	}
	return out, nil
}

// settle chooses the shortest form of the parts, so that the row depends on what the person is and not on how it came about.
func (p *record) settle() error {
	if len(p.parts) != 1 {
		return nil
	}
	f, err := p.parts[0].open()
	if err != nil {
		return err
	}
	if f.First == p.First && f.Last == p.Last {
		p.sole, p.parts = p.parts[0].node, nil
	}
	return nil
}

// values are the row in the order of personColumns.
func (p *record) values() ([]any, error) {
	if err := p.settle(); err != nil {
		return nil, err
	}
	if p.spoke {
		if err := p.open(); err != nil {
			return nil, err
		}
		p.name = withoutNUL(nameOf(p.Traits))
	}
	traits, detail, err := p.texts()
	if err != nil {
		return nil, err
	}
	stored, err := p.parts.encode()
	if err != nil {
		return nil, err
	}
	channel, class := "", ""
	if p.FirstTouch != nil {
		channel, class = withoutNUL(p.FirstTouch.Channel), p.FirstTouch.Class
	}
	return slices.Concat([]any{p.id, p.First, p.Last, p.Events, p.Orders, p.Cancelled, p.Revenue, p.FirstOrder, p.LastOrder, string(traits), string(detail)},
		[]any{p.name, p.email, p.phone, p.identified, channel, class, p.sole, stored, p.Last / lastSpan}), nil
}
