package shape

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
)

const (
	completedPrefix = "order:"
	cancelledPrefix = "order-cancel:"
	maxOrder        = event.MaxID - len(cancelledPrefix)
	// cancelMark is how the numbers of cancellations begin in many shops' exports ("C536379").
	cancelMark = "C"
)

// line is one order line, checked. Its stored form is what partitions keep:
//
//	uvarint(line) | order 0x00 | cancelled | time | rest
//
// so that comparing the bytes behind the line number sorts by order, then time, then content, whatever the order of the file.
type line struct {
	number    int64 // in the file
	order     string
	cancelled bool
	time      int64
	currency  string
	quantity  Decimal
	price     Decimal
	ids       []event.Identity
	cells     []string     // of the plan's product and property columns
	kinds     []sheet.Kind // of the same
}

// line reads and checks one order line.
func (pl *Plan) line(r *sheet.Row, l *line) *Reject {
	*l = line{number: r.Line, ids: l.ids[:0], cells: l.cells[:0], kinds: l.kinds[:0]}
	order, err := wholeNumber(r.Cells[pl.order])
	switch {
	case err != nil:
		return &Reject{"order.invalid", "the order number " + quote(r.Cells[pl.order]) + " is " + err.Error()}
	case order == "":
		return &Reject{"order.missing", "the row has no order number"}
	case len(order) > maxOrder || strings.IndexByte(order, 0) >= 0:
		return &Reject{"order.invalid", "the order number " + quote(order) + " is too long to be one"}
	}
	l.order = order
	var why *Reject
	if l.ids, why = pl.who(r, l.ids); why != nil {
		return why
	}
	if l.time, why = pl.when(r); why != nil {
		return why
	}
	if l.quantity, why = number("quantity", r.Cells[pl.quantity]); why != nil {
		return why
	}
	if l.price, why = number("price", r.Cells[pl.price]); why != nil {
		return why
	}
	if l.currency, why = pl.currencyOf(r); why != nil {
		return why
	}
	l.cancelled = pl.isCancelled(r, l)
	if !l.cancelled {
		if l.quantity.Sign() <= 0 {
			return &Reject{"quantity.not_positive", "the quantity " + quote(r.Cells[pl.quantity]) + " is not above zero, and the row is no cancellation"}
		}
		if l.price.Sign() <= 0 {
			return &Reject{"price.not_positive", "the price " + quote(r.Cells[pl.price]) + " is not above zero, and the row is no cancellation"}
		}
	}
	for _, columns := range [][]namedColumn{pl.product, pl.properties} {
		for _, c := range columns {
			l.cells = append(l.cells, strings.TrimSpace(r.Cells[c.column]))
			l.kinds = append(l.kinds, kindOf(r, c.column))
		}
	}
	return nil
}

func number(what, text string) (Decimal, *Reject) {
	if strings.TrimSpace(text) == "" {
		return Decimal{}, &Reject{what + ".missing", "the row has no " + what}
	}
	d, err := ParseDecimal(text)
	if errors.Is(err, ErrNumber) {
		return d, &Reject{what + ".invalid", "the " + what + " " + quote(text) + " is not a number"}
	}
	if err != nil {
		return d, &Reject{what + ".invalid", "the " + what + " " + quote(text) + " " + err.Error()}
	}
	return d, nil
}

func (pl *Plan) currencyOf(r *sheet.Row) (string, *Reject) {
	if pl.currency >= 0 {
		if c := strings.TrimSpace(r.Cells[pl.currency]); c != "" {
			code := currencyCode(c)
			if !money.ValidCurrency(code) {
				return "", &Reject{"currency.invalid", "the currency " + quote(c) + " is no ISO code such as CNY"}
			}
			return code, nil
		}
	}
	if pl.options.Currency == "" {
		return "", &Reject{"currency.missing", "the row has no currency; choose one for the rows without"}
	}
	return pl.options.Currency, nil
}

func currencyCode(s string) string {
	switch strings.ToUpper(s) {
	case "人民币", "元", "RMB", "¥", "￥":
		return "CNY"
	case "美元", "$":
		return "USD"
	case "港币", "HK$":
		return "HKD"
	}
	return strings.ToUpper(s)
}

// isCancelled says of one line whether it is cancelled: its status says so, or its order number has the mark of cancellations and its
// quantity is negative. The mark alone is not enough, since a shop may number its orders C1001, C1002 …
func (pl *Plan) isCancelled(r *sheet.Row, l *line) bool {
	if pl.status >= 0 && cancelledStatus(r.Cells[pl.status]) {
		return true
	}
	return strings.HasPrefix(l.order, cancelMark) && l.quantity.Sign() < 0
}

func cancelledStatus(status string) bool {
	s := squeeze(status)
	switch s {
	case "cancelled", "canceled", "cancel", "closed", "refunded", "returned", "void", "voided", "已取消", "取消", "已关闭", "关闭", "交易关闭",
		"订单关闭", "已退款", "退款成功", "退款完成", "全额退款", "已退货", "退货完成", "已作废", "作废", "交易取消", "订单取消":
		return true
	}
	return false
}

// key is what is one event: an order, or what was cancelled of it.
func (l *line) key() string {
	if l.cancelled {
		return cancelledPrefix + l.order
	}
	return completedPrefix + l.order
}

// append adds the stored form.
func (l *line) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(l.number))
	b = append(append(b, l.order...), 0)
	if l.cancelled {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(l.time)^1<<63) // order of bytes is order of times
	b = appendString(b, l.currency)
	b = binary.AppendVarint(binary.AppendVarint(b, l.quantity.m), int64(l.quantity.s))
	b = binary.AppendVarint(binary.AppendVarint(b, l.price.m), int64(l.price.s))
	b = binary.AppendUvarint(b, uint64(len(l.ids)))
	for _, i := range l.ids {
		b = appendString(appendString(b, i.Kind), i.Value)
	}
	for i, c := range l.cells {
		b = appendString(append(b, byte(l.kinds[i])), c)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// read undoes append. The strings are cut from text, a copy of the record that stays.
func (l *line) read(text string) {
	*l = line{ids: l.ids[:0], cells: l.cells[:0], kinds: l.kinds[:0]}
	c := cursor(text)
	l.number = int64(c.uvarint())
	end := strings.IndexByte(string(c), 0)
	l.order, c = string(c[:end]), c[end+1:]
	l.cancelled, c = c[0] == 1, c[1:]
	l.time, c = int64(binary.BigEndian.Uint64([]byte(c[:8]))^1<<63), c[8:]
	l.currency = c.text()
	l.quantity = Decimal{c.varint(), int(c.varint())}
	l.price = Decimal{c.varint(), int(c.varint())}
	for range c.uvarint() {
		l.ids = append(l.ids, event.Identity{Kind: c.text(), Value: c.text()})
	}
	for len(c) > 0 {
		l.kinds = append(l.kinds, sheet.Kind(c[0]))
		c = c[1:]
		l.cells = append(l.cells, c.text())
	}
}

// cursor reads what append wrote.
type cursor string

func (c *cursor) uvarint() uint64 {
	var v uint64
	for i := 0; ; i++ {
		b := (*c)[i]
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			*c = (*c)[i+1:]
			return v
		}
	}
}

func (c *cursor) varint() int64 {
	u := c.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (c *cursor) text() string {
	n := c.uvarint()
	s := (*c)[:n]
	*c = (*c)[n:]
	return string(s)
}
