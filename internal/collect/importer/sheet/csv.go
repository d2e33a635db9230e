package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// csvReader reads RFC 4180 with the usual freedoms: any of the delimiters, LF or CRLF, a quote inside an unquoted cell is just a
// character. What is really broken (text after a closing quote, a quote that never closes, cells without end) costs that row only: after
// a quote that never closes, reading goes on at the line after the one where the row began.
type csvReader struct {
	in    io.Reader
	delim byte
	o     Options
	buf   []byte // buf[at:] was read and not used yet
	at    int
	eof   bool
	fail  error
	line  int64 // of buf[at]
	cells []span
}

// span is a cell inside the row's bytes, without its quotes.
type span struct {
	from, to int
	escaped  bool // has "" for "
}

func newCSV(in io.Reader, delim byte, o Options) *csvReader {
	return &csvReader{in: in, delim: delim, o: o, line: 1, buf: make([]byte, 0, 2*sample)}
}

// fill reads more behind what is there. It reports whether there is more.
func (c *csvReader) fill() bool {
	if c.eof {
		return false
	}
	if c.at > 0 && c.at >= len(c.buf)/2 {
		c.buf = c.buf[:copy(c.buf, c.buf[c.at:])]
		c.at = 0
	}
	if len(c.buf) == cap(c.buf) {
		c.buf = append(c.buf, make([]byte, cap(c.buf))...)[:len(c.buf)]
	}
	for range 100 { // a Reader may give nothing a few times
		n, err := c.in.Read(c.buf[len(c.buf):cap(c.buf)])
		c.buf = c.buf[:len(c.buf)+n]
		if err != nil {
			c.eof = true
			if err != io.EOF { //nolint:errorlint // a plain value
				c.fail = damaged(err)
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	c.eof, c.fail = true, io.ErrNoProgress
	return false
}

func (c *csvReader) next(row *Row) error {
	if c.at == len(c.buf) && !c.fill() {
		if c.fail != nil {
			return c.fail
		}
		return io.EOF
	}
	row.Line = c.line
	size, problem := c.scan()
	if c.fail != nil { // what the disk or the decompressor could not give must not pass for the end of a row
		return c.fail
	}
	raw := c.buf[c.at : c.at+size]
	c.at += size
	c.line += int64(bytes.Count(raw, []byte{'\n'}))
	if problem == nil && !utf8.Valid(raw) {
		problem = &Problem{"row.encoding", "the row is not valid text; save the file as UTF-8"}
	}
	if problem != nil {
		row.Problem = problem
		row.Cells = append(row.Cells[:0], Clip(strings.ToValidUTF8(string(raw[:min(len(raw), 4*clipped)]), "\uFFFD")))
		if problem.Code == "row.too_long" {
			c.skipLine()
		}
		return nil
	}
	text := string(raw)
	row.Cells = row.Cells[:0]
	for _, s := range c.cells {
		cell := text[s.from:s.to]
		if s.escaped {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		row.Cells = append(row.Cells, cell)
	}
	return nil
}

const clipped = 1000

// Clip shortens a text that is only shown.
func Clip(s string) string {
	s = strings.TrimRight(s, "\r\n")
	if len(s) <= clipped {
		return s
	}
	cut := clipped
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// scan finds the cells of the row at buf[at:] and says how many bytes it takes, its line end included.
func (c *csvReader) scan() (int, *Problem) {
	c.cells = c.cells[:0]
	i := 0 // relative to at, which fill may move
	var problem *Problem
	for {
		from, quoted := i, false
		if b, ok := c.peek(i); ok && b == '"' {
			quoted = true
			i++
			from = i
			end, esc, closed := c.closing(i)
			if !closed {
				return c.firstLine(), &Problem{"row.open_quote", "a quotation mark is opened here and not closed again"}
			}
			c.cells = append(c.cells, span{from, end, esc})
			i = end + 1
		}
		start := i
		var fits bool
		if i, fits = c.cellEnd(i); !fits {
			return i, &Problem{"row.too_long", "a cell or the row is too long to be data; check the delimiter"}
		}
		b, more := c.peek(i)
		end := i
		if (!more || b == '\n') && end > start && c.buf[c.at+end-1] == '\r' {
			end--
		}
		switch {
		case quoted && end > start:
			if problem == nil {
				problem = &Problem{"row.quote", "text follows a closing quotation mark; write a quotation mark inside a cell twice"}
			}
		case !quoted:
			c.cells = append(c.cells, span{from, end, false})
		}
		if !more {
			return i, problem
		}
		i++
		if b == '\n' {
			return i, problem
		}
		if len(c.cells) > 4*maxColumns {
			return i, &Problem{"row.too_long", "the row has too many cells; check the delimiter"}
		}
	}
}

// cellEnd finds the delimiter or line end at i or after it, or the end of the input. If that is further than a cell or a row may reach, it
// stops there.
func (c *csvReader) cellEnd(i int) (end int, fits bool) {
	tooFar := max(i, min(i+c.o.MaxCell, c.o.MaxRow)) + 1
	for {
		rest := c.buf[c.at+i:]
		// Both are looked for in a short piece at a time, so that neither search runs far beyond what the other would have found.
		for len(rest) > 0 {
			piece := rest[:min(len(rest), 128)]
			stop := bytes.IndexByte(piece, c.delim)
			if stop >= 0 {
				piece = piece[:stop]
			}
			if n := bytes.IndexByte(piece, '\n'); n >= 0 {
				stop = n
			}
			if stop >= 0 {
				return min(i+stop, tooFar), i+stop < tooFar
			}
			i += len(piece)
			rest = rest[len(piece):]
		}
		if i >= tooFar {
			return tooFar, false
		}
		if !c.fill() {
			return i, true
		}
	}
}

// closing finds the quotation mark that ends a cell begun before i.
func (c *csvReader) closing(i int) (end int, escaped, closed bool) {
	start := i
	for {
		rest := c.buf[c.at+i:]
		q := bytes.IndexByte(rest, '"')
		if q < 0 {
			i += len(rest)
		} else {
			i += q
		}
		if i-start > c.o.MaxCell || i > c.o.MaxRow {
			return 0, false, false
		}
		if q < 0 {
			if !c.fill() {
				return 0, false, false
			}
			continue
		}
		if b, ok := c.peek(i + 1); ok && b == '"' {
			escaped = true
			i += 2
			continue
		}
		return i, escaped, true
	}
}

func (c *csvReader) peek(i int) (byte, bool) {
	for c.at+i >= len(c.buf) {
		if !c.fill() {
			return 0, false
		}
	}
	return c.buf[c.at+i], true
}

// firstLine is the length of the line at the front, its end included.
func (c *csvReader) firstLine() int {
	if n := bytes.IndexByte(c.buf[c.at:], '\n'); n >= 0 {
		return n + 1
	}
	return len(c.buf) - c.at
}

// skipLine drops the rest of a line that is too long.
func (c *csvReader) skipLine() {
	for {
		if n := bytes.IndexByte(c.buf[c.at:], '\n'); n >= 0 {
			c.at += n + 1
			c.line++
			return
		}
		c.at = len(c.buf)
		if !c.fill() {
			return
		}
	}
}
