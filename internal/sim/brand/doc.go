package brand

import (
	"bytes"
	"strconv"
)

// doc writes one JSON object into a buffer that is used again and again. Texts come from our own tables and need no escaping; a test
// reads every event back to prove it.
type doc struct{ b []byte }

func (d *doc) begin() *doc {
	d.b = append(d.b[:0], '{')
	return d
}

// done closes the object and gives a copy of it.
func (d *doc) done() []byte { return bytes.Clone(append(d.b, '}')) }

func (d *doc) comma() {
	if last := d.b[len(d.b)-1]; last != '{' && last != '[' {
		d.b = append(d.b, ',')
	}
}

func (d *doc) key(k string) {
	d.comma()
	d.b = append(append(append(d.b, '"'), k...), '"', ':')
}

func (d *doc) str(k, v string) *doc {
	if v == "" {
		return d
	}
	d.key(k)
	d.b = append(append(append(d.b, '"'), v...), '"')
	return d
}

func (d *doc) num(k string, v int64) *doc {
	d.key(k)
	d.b = strconv.AppendInt(d.b, v, 10)
	return d
}

// fen writes an amount in yuan with two decimals.
func (d *doc) fen(k string, v int64) *doc {
	d.key(k)
	d.b = strconv.AppendInt(d.b, v/100, 10)
	d.b = append(d.b, '.', byte('0'+v/10%10), byte('0'+v%10))
	return d
}

func (d *doc) open(k string) *doc {
	d.key(k)
	d.b = append(d.b, '{')
	return d
}

func (d *doc) list(k string) *doc {
	d.key(k)
	d.b = append(d.b, '[')
	return d
}

func (d *doc) item() *doc {
	d.comma()
	d.b = append(d.b, '{')
	return d
}

func (d *doc) end(bracket byte) *doc {
	d.b = append(d.b, bracket)
	return d
}
