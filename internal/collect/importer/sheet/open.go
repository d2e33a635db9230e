package sheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/huoshui/huoshui/internal/base/fault"
)

const (
	defaultCell = 128 << 10
	defaultRow  = 1 << 20
	sample      = 64 << 10 // bytes by which encoding and delimiter are judged
	// maxText bounds what a compressed file may unpack to.
	maxText = 64 << 30
)

// Open finds out what the file is and reads its header.
func Open(path string, o Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "import.open", "the file cannot be opened; check its name and permissions")
	}
	r := &Reader{closers: []io.Closer{f}}
	if err := r.open(f, path, o); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Reader) open(f *os.File, path string, o Options) error {
	if o.MaxCell == 0 {
		o.MaxCell = defaultCell
	}
	if o.MaxRow == 0 {
		o.MaxRow = defaultRow
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if info.IsDir() {
		return fault.New(fault.Invalid, "import.folder", "this is a folder; name one file")
	}
	r.size = info.Size()
	counted := &counter{r: f}
	r.done = func() int64 { return counted.n }
	head := bufio.NewReaderSize(counted, sample)
	magic, _ := head.Peek(8) // a short file has a short head
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		r.done = func() int64 { return r.size }
		return r.openXLSX(path)
	case bytes.HasPrefix(magic, []byte("\xd0\xcf\x11\xe0")):
		return fault.New(fault.Malformed, "import.old_excel", "this is an Excel file of the old kind (.xls) or one with a password; save it as .xlsx without a password")
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(head)
		if err != nil {
			return fault.Wrap(err, fault.Malformed, "import.gzip", "the compressed file is damaged; compress it again")
		}
		// Closing z would only say again what reading it said.
		return r.openText(io.LimitReader(z, maxText), o)
	}
	return r.openText(head, o)
}

func (r *Reader) openText(raw io.Reader, o Options) error {
	text, err := newTextReader(raw, o.Encoding)
	if err != nil {
		return err
	}
	r.text = text
	in := bufio.NewReaderSize(text, sample)
	// One Peek gives what one Read gave, and a decoder's Read may be short: ask for the whole sample.
	start, err := in.Peek(sample)
	if err != nil && !errors.Is(err, io.EOF) {
		return damaged(err)
	}
	if bytes.IndexByte(start, 0) >= 0 {
		return fault.New(fault.Malformed, "import.binary", "this is no text file; CSV, XLSX and JSON lines can be imported")
	}
	first := bytes.TrimLeft(start, " \t\r\n")
	if len(first) > 0 && first[0] == '{' {
		r.format = JSONL
		return r.openJSON(in, o)
	}
	if len(first) > 0 && first[0] == '[' && bytes.HasPrefix(bytes.TrimLeft(first[1:], " \t\r\n"), []byte("{")) {
		return fault.New(fault.Malformed, "import.json_array", "this is one JSON array; write one object per line instead")
	}
	r.format = CSV
	r.delimiter = o.Delimiter
	if r.delimiter == 0 {
		r.delimiter = findDelimiter(start)
	}
	r.rows = newCSV(in, r.delimiter, o)
	return r.readHeader()
}

// damaged explains an error of the decompressor or the disk.
func damaged(err error) error {
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Wrap(err, fault.Malformed, "import.gzip", "the compressed file is damaged or was cut off; compress it again")
	}
	return fmt.Errorf("read the file: %w", err)
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
