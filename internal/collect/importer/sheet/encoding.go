package sheet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// The encodings that are read.
const (
	UTF8    = "UTF-8"
	GB18030 = "GB18030" // and so GBK and GB2312, which it contains
	UTF16LE = "UTF-16LE"
	UTF16BE = "UTF-16BE"
)

// textReader gives a file as UTF-8. A byte order mark decides; without one everything up to the first byte that is not ASCII passes
// as it is (all our encodings agree on it), and the bytes that follow there decide between UTF-8 and GB18030. So a file whose first
// Chinese word comes after a million rows is read right, in one pass.
type textReader struct {
	in      *bufio.Reader
	decided io.Reader // nil while all was ASCII
	name    string
}

func newTextReader(raw io.Reader, encoding string) (*textReader, error) {
	t := &textReader{in: bufio.NewReaderSize(raw, sample), name: UTF8}
	head, err := t.in.Peek(4)
	if err != nil && err != io.EOF { //nolint:errorlint // Peek gives io.EOF itself
		return nil, damaged(err)
	}
	mark := 0
	if encoding == "" {
		encoding, mark = byMark(head)
	}
	_, _ = t.in.Discard(mark) // was peeked
	switch encoding {
	case "":
		return t, nil
	case UTF8, GB18030, UTF16LE, UTF16BE:
		t.decide(encoding)
		return t, nil
	}
	return nil, fault.New(fault.Invalid, "import.encoding", "the encoding %q is not known; use UTF-8, GB18030, UTF-16LE or UTF-16BE", encoding)
}

// byMark reads a byte order mark and says how long it is.
func byMark(head []byte) (string, int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return UTF8, 3
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return UTF16BE, 2
	case bytes.HasPrefix(head, []byte{0x84, 0x31, 0x95, 0x33}):
		return GB18030, 4
	}
	return "", 0
}

func (t *textReader) encoding() string { return t.name }

func (t *textReader) decide(encoding string) {
	t.name = encoding
	switch encoding {
	case GB18030:
		t.decided = transform.NewReader(t.in, simplifiedchinese.GB18030.NewDecoder())
	case UTF16LE:
		t.decided = transform.NewReader(t.in, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder())
	case UTF16BE:
		t.decided = transform.NewReader(t.in, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder())
	default:
		t.decided = t.in
	}
}

// Read gives UTF-8, or bytes that are no valid UTF-8 where the file is broken; the row they are in is then refused.
func (t *textReader) Read(p []byte) (int, error) {
	if t.decided != nil {
		return t.decided.Read(p)
	}
	if _, err := t.in.Peek(1); err != nil {
		return 0, err
	}
	ready, _ := t.in.Peek(min(t.in.Buffered(), len(p))) // no more than is there
	n := ascii(ready)
	if n > 0 || len(p) == 0 {
		copy(p, ready[:n])
		_, err := t.in.Discard(n)
		return n, err
	}
	window, err := t.in.Peek(sample)
	if err != nil && err != io.EOF { //nolint:errorlint // Peek gives io.EOF itself
		return 0, err
	}
	t.decide(Judge(window))
	return t.decided.Read(p)
}

// ascii is the length of the ASCII text at the front.
func ascii(b []byte) int {
	n := 0
	for ; len(b)-n >= 8; n += 8 { // eight at a time: a whole file may go through here
		if binary.LittleEndian.Uint64(b[n:])&0x8080808080808080 != 0 {
			break
		}
	}
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// Judge says whether text without a byte order mark is UTF-8 or GB18030. The text may end inside a character. Text that is neither
// counts as UTF-8, so that its broken rows are refused rather than read as wrong words.
func Judge(text []byte) string {
	good, bad := 0, 0
	for b := text; len(b) > 0; {
		n := ascii(b)
		b = b[n:]
		if len(b) == 0 || (len(b) < utf8.UTFMax && !utf8.FullRune(b)) {
			break
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		b = b[size:]
	}
	if bad == 0 || bad*20 < good { // a stray byte in a UTF-8 file does not make it GB18030
		return UTF8
	}
	if brokenGB(text) == 0 {
		return GB18030
	}
	return UTF8
}

// brokenGB counts what is no GB18030, a character cut off at the end left out.
func brokenGB(text []byte) int {
	dst := make([]byte, 4096)
	d := simplifiedchinese.GB18030.NewDecoder()
	broken := 0
	for len(text) > 0 {
		nDst, nSrc, err := d.Transform(dst, text, false)
		broken += bytes.Count(dst[:nDst], []byte("\uFFFD"))
		if nSrc == 0 || (err != nil && err != transform.ErrShortDst) { //nolint:errorlint // a plain value
			break
		}
		text = text[nSrc:]
	}
	return broken
}
