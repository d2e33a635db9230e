//go:build e2e

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The crowd of the crash test. Every event follows from its number alone, so what the pool must hold follows from the numbers of the
// events that it has.
const (
	members   = 1500
	devices   = 4 // of each member
	batchSize = 100
)

// deed is one event of the crowd.
type deed struct {
	number  int
	kind    string // view, visit, identify or order
	member  int
	device  int // of view and identify
	revenue int64
}

// deedOf is the event with a number.
func deedOf(number int) deed {
	x := uint64(number)*0x9e3779b97f4a7c15 + 0x632be59bd9b4e019
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 32
	d := deed{number: number, member: int(x % members), device: int(x >> 16 % devices), revenue: int64(x>>24%50_000) + 1}
	switch n := x >> 48 % 100; {
	case n < 60:
		d.kind = "view"
	case n < 85:
		d.kind = "visit"
	case n < 90:
		d.kind = "identify"
	default:
		d.kind = "order"
	}
	return d
}

func (d deed) id() string { return "c-" + strconv.Itoa(d.number) }

// numberOf reads an id.
func numberOf(id string) (int, error) { return strconv.Atoi(strings.TrimPrefix(id, "c-")) }

func (d deed) user() string    { return fmt.Sprintf("m-%d", d.member) }
func (d deed) visitor() string { return fmt.Sprintf("v-%d-%d", d.member, d.device) }

// began is when the crowd's first event happened.
var began = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// append writes the event as a tracker sends it.
func (d deed) append(b []byte) []byte {
	at := began.Add(time.Duration(d.number) * time.Millisecond).Format("2006-01-02T15:04:05.000Z")
	b = fmt.Appendf(b, `{"messageId":%q,"timestamp":%q,"context":{"library":{"name":"crowd","version":"1"},"locale":"zh-CN"},`, d.id(), at)
	switch d.kind {
	case "view":
		b = fmt.Appendf(b, `"type":"track","event":"Product Viewed","anonymousId":%q,"properties":{"sku":"T-%d","list":"春茶","position":%d}}`, d.visitor(), d.revenue%97, d.number%20)
	case "visit":
		b = fmt.Appendf(b, `"type":"track","event":"Store Visited","userId":%q,"properties":{"store":"西湖店","minutes":%d}}`, d.user(), d.number%60)
	case "identify":
		b = fmt.Appendf(b, `"type":"identify","userId":%q,"anonymousId":%q,"traits":{"city":"杭州","visits":%d}}`, d.user(), d.visitor(), d.number)
	case "order":
		b = fmt.Appendf(b, `"type":"track","event":"Order Completed","userId":%q,"properties":{"order_id":"o-%d","revenue":%d.%02d,"currency":"CNY"}}`, d.user(), d.number, d.revenue/100, d.revenue%100)
	}
	return b
}

// batch is the body of a request with the events of a batch, in order or backwards: a resend need not look like what it repeats.
func batch(k int, backwards bool) []byte {
	b := append(make([]byte, 0, batchSize*260), `{"batch":[`...)
	for i := range batchSize {
		if i > 0 {
			b = append(b, ',')
		}
		if backwards {
			i = batchSize - 1 - i
		}
		b = deedOf(k*batchSize + i).append(b)
	}
	return append(b, `]}`...)
}

// sum is what counts of a person.
type sum struct {
	events, orders, revenue int64
}

// people says who is there after the events with these numbers, by name: a member, and every visitor that no identify tied to one.
func people(numbers []int) map[string]sum {
	tied := map[string]bool{}
	for _, n := range numbers {
		if d := deedOf(n); d.kind == "identify" {
			tied[d.visitor()] = true
		}
	}
	all := map[string]sum{}
	for _, n := range numbers {
		d := deedOf(n)
		name := d.user()
		if d.kind == "view" && !tied[d.visitor()] {
			name = d.visitor()
		}
		s := all[name]
		s.events++
		if d.kind == "order" {
			s.orders++
			s.revenue += d.revenue
		}
		all[name] = s
	}
	return all
}
