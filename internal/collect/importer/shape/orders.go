package shape

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/event"
)

const (
	// maxLines of one order; a file with more has something else in the column of order numbers.
	maxLines = 100_000
	// maxProducts bounds the products of one event in bytes; the amount counts all lines, the products beyond are counted only.
	maxProducts = 256 << 10
)

// grouped are the lines of one event, as they are stored.
type grouped struct {
	records []string // without their line numbers
	numbers []int64
}

// lateReject is a line that only its order could refuse.
type lateReject struct {
	line int64
	why  *Reject
}

// groups is what becomes of a partition: orders by key, in the order of their keys.
type groups struct {
	pl    *Plan
	lines []line
	body  []byte
}

// partition emits the events of one partition and gives the lines that their orders refuse.
func (g *groups) partition(p *partitions, i int, emit func(*event.Event) error) ([]lateReject, error) {
	orders := map[string]*grouped{}
	err := p.each(i, func(record []byte) error {
		number, n := binary.Uvarint(record)
		rest := string(record[n:])
		end := bytes.IndexByte(record[n:], 0)
		key := rest[:end+2] // order, 0x00, cancelled
		o := orders[key]
		if o == nil {
			o = &grouped{}
			orders[key] = o
		}
		o.numbers = append(o.numbers, int64(number))
		if len(o.records) <= maxLines {
			o.records = append(o.records, rest)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.drop(i)
	keys := make([]string, 0, len(orders))
	for key := range orders {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var late []lateReject
	for _, key := range keys {
		o := orders[key]
		var e event.Event
		why := g.order(o, &e)
		if why == nil {
			if err := emit(&e); err != nil {
				return nil, err
			}
			continue
		}
		for _, n := range o.numbers {
			late = append(late, lateReject{n, why})
		}
	}
	return late, nil
}

// order makes the event of an order. Its lines are sorted by time and content, so that it is the same for every order of the file.
func (g *groups) order(o *grouped, e *event.Event) *Reject {
	if len(o.records) > maxLines {
		return &Reject{"order.too_many_lines", "more than " + strconv.Itoa(maxLines) + " rows have this order number; check which column it is"}
	}
	slices.Sort(o.records)
	g.lines = slices.Grow(g.lines[:0], len(o.records))[:len(o.records)]
	for i, r := range o.records {
		g.lines[i].read("\x00" + r) // the line number does not matter here
	}
	first := &g.lines[0]
	var sum total
	*e = event.Event{
		ID: first.key(), Type: event.Track, Name: event.OrderCompleted, Time: first.time, Received: g.pl.now, Rows: int64(len(g.lines)),
	}
	if first.cancelled {
		e.Name = event.OrderCancelled
	}
	for i := range g.lines {
		l := &g.lines[i]
		if l.currency != first.currency {
			return &Reject{"order.currencies", "the rows of order " + quote(l.order) + " have different currencies"}
		}
		if why := sameCustomer(&e.Identities, l); why != nil {
			return why
		}
		sum.add(l.quantity, l.price)
	}
	amount, err := money.Round(sum.rat(), first.currency)
	if err != nil {
		return &Reject{"order.amount", "the amount of order " + quote(first.order) + " is too large"}
	}
	back := amount.Minor < 0 // a cancellation's amount is what goes back, as a positive number
	if back {
		amount.Minor = -amount.Minor
	}
	e.Identities = g.pl.kinds.Sort(e.Identities)
	e.Properties = g.properties(first.order, amount, back)
	return validate(e, g.pl.now)
}

// sameCustomer adds the line's identities. Lines may leave out a kind, but where two lines have one they must agree: an order belongs to
// one person, and an event with the identities of two would make them one.
func sameCustomer(ids *[]event.Identity, l *line) *Reject {
	kind := func(list []event.Identity, kind string) []event.Identity {
		var out []event.Identity
		for _, i := range list {
			if i.Kind == kind {
				out = append(out, i)
			}
		}
		return out
	}
	if len(*ids) == 0 || slices.Equal(*ids, l.ids) {
		if len(*ids) == 0 {
			*ids = slices.Clone(l.ids)
		}
		return nil
	}
	known := slices.Clone(*ids)
	for _, i := range l.ids {
		had := kind(known, i.Kind)
		if len(had) == 0 {
			*ids = append(*ids, i)
			continue
		}
		if !slices.Equal(had, kind(l.ids, i.Kind)) {
			return &Reject{"order.customers", "the rows of order " + quote(l.order) + " name different customers; an order belongs to one"}
		}
	}
	return nil
}

func (g *groups) properties(order string, amount money.Amount, back bool) []byte {
	pl := g.pl
	b := append(g.body[:0], `{"order_id":`...)
	b = appendText(b, order)
	b = append(b, `,"revenue":`...)
	b = append(b, amount.Major()...)
	b = append(b, `,"currency":"`...)
	b = append(append(b, amount.Currency...), `","products":[`...)
	start, left := len(b), 0
	for i := range g.lines {
		if len(b)-start > maxProducts {
			left = len(g.lines) - i
			break
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		l := &g.lines[i]
		for k, c := range pl.product {
			if l.cells[k] != "" {
				b = appendText(appendKey(b, c.name), l.cells[k])
			}
		}
		q := l.quantity
		if back {
			q = q.Neg()
		}
		b = l.price.AppendJSON(appendKey(b, "price"))
		b = q.AppendJSON(appendKey(b, "quantity"))
		b = append(b, '}')
	}
	b = append(b, ']')
	if left > 0 {
		b = strconv.AppendInt(append(b, `,"products_left_out":`...), int64(left), 10)
	}
	for k, c := range pl.properties {
		at := len(pl.product) + k
		for i := range g.lines { // the first line that says it
			if l := &g.lines[i]; l.cells[at] != "" {
				b = appendValue(appendKey(b, c.name), l.cells[at], l.kinds[at], c.text)
				break
			}
		}
	}
	b = append(b, '}')
	g.body = b
	return b
}
