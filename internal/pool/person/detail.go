package person

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// appendTo writes the detail as JSON: what json.Marshal gives, for a fifth of its price. It is written with every row of a person.
func (d *Detail) appendTo(b []byte) []byte {
	start := len(b)
	b = append(b, '{')
	if d.FirstTouch != nil {
		b = d.FirstTouch.appendTo(append(b, `"first":`...))
	}
	if d.LastTouch != nil {
		b = d.LastTouch.appendTo(append(comma(b, start), `"last":`...))
	}
	if e := d.LastEvent; e != nil {
		b = appendText(append(comma(b, start), `"event":{"id":`...), e.ID)
		b = appendText(append(b, `,"name":`...), e.Name)
		b = append(strconv.AppendInt(append(b, `,"time":`...), e.Time, 10), '}')
	}
	return append(b, '}')
}

func (t *Touch) appendTo(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"time":`...), t.Time, 10)
	b = appendText(append(b, `,"channel":`...), t.Channel)
	b = appendText(append(b, `,"class":`...), t.Class)
	for _, f := range [...]struct{ name, value string }{
		{`,"source":`, t.Source},
		{`,"medium":`, t.Medium},
		{`,"campaign":`, t.Campaign},
		{`,"referrer":`, t.Referrer},
		{`,"landing":`, t.Landing},
		{`,"click_id":`, t.ClickID},
	} {
		if f.value != "" {
			b = appendText(append(b, f.name...), f.value)
		}
	}
	return append(b, '}')
}

func comma(b []byte, start int) []byte {
	if len(b) == start+1 {
		return b
	}
	return append(b, ',')
}

func appendText(b []byte, s string) []byte {
	quoted, err := jsontext.AppendQuote(b, s)
	if err != nil { // no UTF-8
		quoted, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD")) // which cannot fail
	}
	return quoted
}
