package load

import "strings"

// batchEvents is how many events a request carries, blockEvents how many of them belong to one person.
const (
	batchEvents = 100
	blockEvents = 4
	blocks      = batchEvents / blockEvents
)

// mark is what stands in a template where something is written for each request.
type mark uint8

const (
	message mark = iota // the running number of the event
	order               // the number of the event's order: the same
	stamp               // the moment
	user                // the user's number
	device              // the device's number
)

// The marks' texts. Each is as long as what replaces it, so that a body keeps its length.
const (
	messageMark = "MMMMMMMMMMMMMMMM"                                     // 16 digits
	orderMark   = "OOOOOOOOOOOOOOOO"                                     // 16 digits
	stampMark   = "TTTT-TT-TTTTT:TT:TT.TTTTTTT"                          // 2026-10-03T04:05:06.123456Z
	userMark    = "UUUUUUUUU"                                            // 9 digits
	deviceMark  = "DDDDDDDDDDDD"                                         // 12 digits
	deviceText  = `"anonymousId":"d0000000-0000-4000-8000-` + deviceMark // written like a UUID
	userText    = `"userId":"u` + userMark
)

type slot struct {
	mark  mark
	at    int
	event int // the event of the block in which it is
}

// template is the text of one block with the places to fill in.
type template struct {
	text  []byte
	slots []slot
}

// templates are the blocks that there are.
type templates struct {
	known     []template // signed in: user and device
	anonymous []template // device only
	join      []template // an identify call with both, then signed in
}

func newTemplates(run string) templates {
	var t templates
	for i := range variants() {
		t.known = append(t.known, newTemplate(run, i, true, false))
		t.anonymous = append(t.anonymous, newTemplate(run, i, false, false))
		t.join = append(t.join, newTemplate(run, i, true, true))
	}
	return t
}

// variants are the contents of blocks: each names four events. An order is in one block of four, so that about one event in sixteen of
// members is an order or leads to one.
func variants() [][blockEvents]string {
	return [][blockEvents]string{
		{"page", "Product Viewed", "Product Viewed", "Content Read"},
		{"page", "Content Read", "Product List Viewed", "Product Viewed"},
		{"page", "Product Viewed", "Product Added", "Order Completed"},
		{"page", "Message Read", "Product Viewed", "Product Added"},
	}
}

// newTemplate writes a block. Members' orders need a user: without one the order becomes a look.
func newTemplate(run string, variant int, known, join bool) template {
	var b strings.Builder
	for i, name := range variants()[variant] {
		if i > 0 {
			b.WriteByte(',')
		}
		switch {
		case join && i == 0:
			name = "identify"
		case !known && name == "Order Completed":
			name = "Product Viewed"
		}
		writeEvent(&b, run, name, known)
	}
	return scan(b.String())
}

func writeEvent(b *strings.Builder, run, name string, known bool) {
	b.WriteString(`{"messageId":"bench-` + run + `-` + messageMark + `","timestamp":"` + stampMark + `",`)
	if known {
		b.WriteString(userText + `",`)
	}
	b.WriteString(deviceText + `",`)
	switch name {
	case "page":
		b.WriteString(`"type":"page","name":"home","properties":{"path":"/","title":"Tea and skincare","url":"https://shop.example.com/?utm_source=wechat&utm_medium=menu"}`)
	case "identify":
		b.WriteString(`"type":"identify","traits":{"name":"Zhang San","city":"Hangzhou","gender":"female","created_at":"` + stampMark + `","member_level":"silver"}`)
	case "Order Completed":
		b.WriteString(`"type":"track","event":"Order Completed","properties":{"order_id":"` + orderMark + `","revenue":199.50,"total":207.50,"currency":"CNY","coupon":"autumn",` +
			`"products":[{"product_id":"TW05","price":55.00,"quantity":2},{"product_id":"SC01","price":89.50,"quantity":1}]}`)
	case "Content Read":
		b.WriteString(`"type":"track","event":"Content Read","properties":{"content_id":"a07","title":"A hundred scents of dancong","topic":"origin","seconds":87}`)
	case "Message Read":
		b.WriteString(`"type":"track","event":"Message Read","properties":{"message_id":"m02-autumn","title":"New tea is here","carrier":"wecom"}`)
	default:
		b.WriteString(`"type":"track","event":"` + name + `","properties":{"product_id":"SS01","name":"Tea serum 30ml","category":"serum","price":269.00,"currency":"CNY"}`)
	}
	b.WriteString(`,"context":{"library":{"name":"analytics-node","version":"2.2.0"},"ip":"203.0.113.24","page":{"path":"/p/SS01"},"locale":"zh-CN"}}`)
}

// scan finds the marks of a text. An event begins with its message mark.
func scan(text string) template {
	t := template{text: []byte(text)}
	for m, s := range []string{messageMark, orderMark, stampMark, userMark, deviceMark} {
		for from := 0; ; {
			i := strings.Index(text[from:], s)
			if i < 0 {
				break
			}
			at := from + i
			t.slots = append(t.slots, slot{mark(m), at, max(strings.Count(text[:at+len(s)], messageMark)-1, 0)})
			from = at + len(s)
		}
	}
	return t
}
