// Package sheet reads files of rows: CSV (also tab, semicolon or bar between cells), XLSX and JSON lines; CSV and JSON lines also
// compressed with gzip. What a file is, is found from its bytes, never from its name.
//
// Terms: a row is one record of the file, its line the line (XLSX: row number) on which it begins, also when quoted cells hold line
// breaks. A row that cannot be read carries a Problem instead of ending the file: one bad row never costs the others. Every cell and
// row is bounded, so a broken file cannot fill the memory.
package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Format is what a file is.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	JSONL Format = "jsonl"
)

// Kind is the JSON type of a cell; cells of CSV and XLSX are all Text.
type Kind byte

// The kinds of cells.
const (
	Text   Kind = iota
	Number      // the cell holds a JSON number
	Bool        // the cell holds true or false
	Nested      // the cell holds a JSON array, or an object that is nested too deep to be columns
)

// Problem says why a row cannot be read. Code is stable, Message is for people.
type Problem struct {
	Code    string
	Message string
}

// Row is one record. Its strings stay valid; the row itself and its slices only until the next one is read.
type Row struct {
	Line    int64
	Cells   []string // one per column, as in the file; the text of the row alone if there is a Problem
	Kinds   []Kind   // JSON lines only
	Raw     []byte   // JSON lines only: the whole object
	Problem *Problem
}

// Options overrule what is found from the bytes.
type Options struct {
	Encoding  string // UTF8, GB18030, UTF16LE or UTF16BE
	Delimiter byte
	MaxCell   int // bytes of one cell, 128 KiB if 0
	MaxRow    int // bytes of one row, 1 MiB if 0
}

// ErrEmpty is the cause when a file has no header.
var ErrEmpty = errors.New("no rows")

// source is one format's reader of rows. It fills row and returns io.EOF after the last.
type source interface {
	next(row *Row) error
}

// Reader goes through a file once. It is for one goroutine.
type Reader struct {
	format    Format
	text      *textReader // nil for XLSX
	delimiter byte
	columns   []string
	index     map[string]int
	rows      source
	row       Row
	done      func() int64
	size      int64
	closers   []io.Closer
	jsonl     *jsonReader
}

// Format of the file.
func (r *Reader) Format() Format { return r.format }

// Delimiter between the cells of a CSV file; 0 for other formats.
func (r *Reader) Delimiter() byte { return r.delimiter }

// Encoding of the file as far as it was read: pure ASCII counts as UTF-8.
func (r *Reader) Encoding() string {
	if r.text == nil {
		return UTF8
	}
	return r.text.encoding()
}

// Columns are the names in the header, made unique; for JSON lines the paths found in the first rows ("traits.city").
func (r *Reader) Columns() []string { return r.columns }

// Index finds a column by name. JSON lines have every column: what was not seen in the first rows may come later.
func (r *Reader) Index(name string) (int, bool) {
	i, ok := r.index[name]
	if !ok && r.jsonl != nil {
		i, ok = r.jsonl.add(name), true
		r.columns = r.jsonl.columns
	}
	return i, ok
}

// Size of the file in bytes, and how many of them were read.
func (r *Reader) Size() int64 { return r.size }

// Done is how many of the file's bytes were read. XLSX counts them when the file is opened.
func (r *Reader) Done() int64 { return min(r.done(), r.size) }

// Next gives the next row that is not blank, or io.EOF.
func (r *Reader) Next() (*Row, error) {
	for {
		r.row.Problem = nil
		if err := r.rows.next(&r.row); err != nil {
			return nil, err
		}
		if r.row.Problem != nil {
			return &r.row, nil
		}
		if r.jsonl == nil {
			if blank(r.row.Cells) {
				continue
			}
			r.fit()
		}
		return &r.row, nil
	}
}

// fit makes the row as wide as the header: empty cells too many are dropped; XLSX leaves out empty cells at the end.
func (r *Reader) fit() {
	row, want := &r.row, len(r.columns)
	for len(row.Cells) > want && row.Cells[len(row.Cells)-1] == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	for r.format == XLSX && len(row.Cells) < want {
		row.Cells = append(row.Cells, "")
	}
	if len(row.Cells) != want {
		row.Problem = &Problem{"row.columns", fmt.Sprintf("the row has %d cells, the header %d", len(row.Cells), want)}
	}
}

// Close closes the file.
func (r *Reader) Close() error {
	var errs []error
	for _, c := range slices.Backward(r.closers) {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// readHeader takes the first row that is not blank as the names of the columns.
func (r *Reader) readHeader() error {
	for {
		r.row.Problem = nil
		err := r.rows.next(&r.row)
		switch {
		case errors.Is(err, io.EOF):
			return fault.Wrap(ErrEmpty, fault.Malformed, "import.empty", "the file has no rows; the first row names the columns, the others hold the data")
		case err != nil:
			return err
		case r.row.Problem != nil:
			return fault.New(fault.Malformed, "import.header", "the first row cannot be read as names of columns: %s", r.row.Problem.Message)
		case !blank(r.row.Cells):
			r.columns = uniqueNames(r.row.Cells)
			r.index = map[string]int{}
			for i, name := range r.columns {
				r.index[name] = i
			}
			return nil
		}
	}
}

// maxColumns bounds what a header can ask of memory.
const maxColumns = 2000

// uniqueNames cleans a header: no blanks around, a name for the nameless, "name (2)" for the second of a name.
func uniqueNames(cells []string) []string {
	for len(cells) > 1 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	cells = cells[:min(len(cells), maxColumns)]
	names := make([]string, 0, len(cells))
	seen := map[string]bool{}
	for i, c := range cells {
		name := strings.Join(strings.Fields(strings.Trim(c, "\ufeff\u200b")), " ")
		if name == "" {
			name = "column " + strconv.Itoa(i+1)
		}
		unique := name
		for n := 2; seen[unique]; n++ {
			unique = name + " (" + strconv.Itoa(n) + ")"
		}
		seen[unique] = true
		names = append(names, unique)
	}
	return names
}
