package rulebench

import (
	"fmt"
	"math/rand/v2"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// traffic is what goes on while rules are in force: sessions of eight events of people who are there, as often as in the pool's past, with one
// newcomer in twenty, some log-ins on a second device, and orders.
type traffic struct {
	c       crowd
	dice    *rand.Rand
	at      int64 // of the next event, µs
	pause   int64 // between events
	n       int
	arrived int64
	tag     string // tells its events and newcomers from other traffic's
	spare   func(person int64) bool
}

// session adds the next eight events, all of one person.
func (t *traffic) session(out []event.Event) []event.Event {
	who := t.somebody()
	ids := []event.Identity{userID(who)}
	switch {
	case t.dice.IntN(20) == 0:
		t.arrived++
		ids = []event.Identity{{Kind: event.AnonymousID, Value: fmt.Sprintf("new-%s-%d", t.tag, t.arrived)}}
	case t.dice.IntN(30) == 0:
		ids = append(ids, cookie(who))
	}
	for i := range 8 {
		t.n++
		e := event.Event{
			ID: fmt.Sprintf("%s-%012d", t.tag, t.n), Type: event.Track, Time: t.at, Received: t.at, Source: 1, Identities: ids,
			Context: []byte(`{"page":{"url":"https://shop.example/tea/green"},"userAgent":"Mozilla/5.0","ip":"203.0.113.9","locale":"zh-CN"}`),
		}
		t.at += t.pause
		t.what(&e, i)
		out = append(out, e)
	}
	return out
}

// what says what an event is about, with the shares of the past.
func (t *traffic) what(e *event.Event, i int) {
	x, below := t.dice.IntN(1000), 0
	for _, n := range names() {
		if below += n.of; x < below {
			e.Name = n.name
			break
		}
	}
	k := int(float64(products) * square(t.dice.Float64()))
	goods := fmt.Sprintf(`"sku":"%s","category":"%s"`, sku(k), pick(categories(), k))
	switch e.Name {
	case event.PageViewed:
		e.Type, e.Properties = event.Page, fmt.Appendf(nil, `{"url":"https://shop.example/tea/%d"}`, k)
		if i == 0 {
			e.Context = []byte(`{"page":{"url":"https://shop.example/","referrer":"https://www.baidu.com/s"},"campaign":{"source":"baidu","medium":"cpc","name":"spring"},"locale":"zh-CN"}`)
		}
	case "Product Viewed":
		e.Properties = fmt.Appendf(nil, `{%s}`, goods)
	case "Product Added":
		e.Properties = fmt.Appendf(nil, `{%s,"quantity":%d}`, goods, 1+t.dice.IntN(3))
	case event.OrderCompleted:
		e.Properties = fmt.Appendf(nil, `{%s,"quantity":%d,"revenue":%d.50}`, goods, 1+t.dice.IntN(3), 29+t.dice.IntN(600))
	case "Review Written":
		e.Properties = fmt.Appendf(nil, `{%s,"rating":%d}`, goods, 2+t.dice.IntN(4))
	case "Product Searched":
		e.Properties = fmt.Appendf(nil, `{"keyword":"%s"}`, pick(keywords(), t.dice.IntN(100)))
	case "Checkout Started":
		if t.dice.IntN(4) == 0 {
			e.Type, e.Traits = event.Identify, fmt.Appendf(nil, `{"city":"%s","level":%d}`, pick(cities(), t.dice.IntN(100)), 1+t.dice.IntN(5))
			e.Name = event.Identified
		}
	}
}

func square(x float64) float64 { return x * x }

// somebody is a person, drawn as in the past, but nobody who is spared.
func (t *traffic) somebody() int64 {
	for {
		p := float64(t.c.people)
		var rank int64
		switch x, u := t.dice.IntN(64), t.dice.Float64(); {
		case x < 3:
			rank = int64(p*0.6 + p*0.4*u)
		case x < 19:
			rank = int64(p*0.2 + p*0.4*u)
		default:
			rank = int64(p * 0.2 * u * u)
		}
		if person := 1 + rank*t.c.scatter()%t.c.people; t.spare == nil || !t.spare(person) {
			return person
		}
	}
}

// record is about n events as one record's body; sessions of many people lie mixed in it.
func (t *traffic) record(n int) (body []byte, events int) {
	var list []event.Event
	for len(list) < n {
		list = t.session(list)
	}
	for i := range 8 { // the first of each session, then the second …
		for s := i; s < len(list); s += 8 {
			body = event.Append(body, &list[s])
		}
	}
	return body, len(list)
}
