package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/fault"
)

const (
	learned = 200 // rows from which the columns are found
	deepest = 3   // levels of objects that become columns ("a.b.c")
)

// jsonReader reads one object per line. Members become cells of the columns that are their paths.
type jsonReader struct {
	in      *bufio.Reader
	o       Options
	line    int64
	columns []string
	index   map[string]int
	ahead   []aheadLine // read while learning the columns
	learn   bool
	buf     []byte
}

type aheadLine struct {
	text    []byte
	line    int64
	problem *Problem
}

func (r *Reader) openJSON(in *bufio.Reader, o Options) error {
	j := &jsonReader{in: in, o: o, index: map[string]int{}}
	var row Row
	var ahead []aheadLine
	j.learn = true
	for range learned {
		text, problem, err := j.readLine()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		a := aheadLine{bytes.Clone(text), j.line, problem}
		ahead = append(ahead, a)
		if problem == nil {
			j.parse(&row, a)
		}
	}
	j.learn, j.ahead = false, ahead
	if len(ahead) == 0 {
		return fault.Wrap(ErrEmpty, fault.Malformed, "import.empty", "the file has no rows; write one JSON object per line")
	}
	r.rows, r.jsonl, r.columns, r.index = j, j, j.columns, j.index
	return nil
}

func (j *jsonReader) add(name string) int {
	i := len(j.columns)
	j.columns = append(j.columns, name)
	j.index[name] = i
	return i
}

func (j *jsonReader) next(row *Row) error {
	var a aheadLine
	if len(j.ahead) > 0 {
		a, j.ahead = j.ahead[0], j.ahead[1:]
	} else {
		text, problem, err := j.readLine()
		if err != nil {
			return err
		}
		a = aheadLine{text, j.line, problem}
	}
	row.Line = a.line
	if a.problem == nil {
		a.problem = j.parse(row, a)
	}
	if a.problem != nil {
		row.Problem, row.Raw = a.problem, nil
		row.Cells = append(row.Cells[:0], Clip(strings.ToValidUTF8(string(a.text[:min(len(a.text), 4*clipped)]), "\uFFFD")))
	}
	return nil
}

// readLine gives the next line that is not blank, without its end.
func (j *jsonReader) readLine() ([]byte, *Problem, error) {
	for {
		j.buf = j.buf[:0]
		j.line++
		for {
			part, err := j.in.ReadSlice('\n')
			if len(j.buf) <= j.o.MaxRow { // the rest of an endless line is read and dropped
				j.buf = append(j.buf, part...)
			}
			if err == nil {
				break
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if !errors.Is(err, io.EOF) {
				return nil, nil, damaged(err)
			}
			if len(j.buf) == 0 {
				return nil, nil, io.EOF
			}
			break
		}
		text := bytes.TrimSpace(j.buf)
		switch {
		case len(text) == 0:
			continue
		case len(text) > j.o.MaxRow:
			return text, &Problem{"row.too_long", "the object is too long"}, nil
		case !utf8.Valid(text):
			return text, &Problem{"row.encoding", "the row is not valid text; save the file as UTF-8"}, nil
		}
		return text, nil, nil
	}
}

func (j *jsonReader) parse(row *Row, a aheadLine) *Problem {
	j.widen(row)
	for i := range row.Cells {
		row.Cells[i], row.Kinds[i] = "", Text
	}
	row.Raw = a.text
	if a.text[0] != '{' {
		return &Problem{"row.json", "the line is no JSON object"}
	}
	d := jsontext.NewDecoder(bytes.NewReader(a.text))
	if err := j.object(d, row, "", 1); err != nil {
		return &Problem{"row.json", "the line is not valid JSON: " + firstLineOf(err)}
	}
	if _, err := d.ReadToken(); err != io.EOF { //nolint:errorlint // the decoder gives io.EOF itself
		return &Problem{"row.json", "something follows the JSON object on its line"}
	}
	return nil
}

func firstLineOf(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return Clip(strings.TrimPrefix(s, "jsontext: "))
}

func (j *jsonReader) widen(row *Row) {
	row.Cells = row.Cells[:min(len(row.Cells), len(row.Kinds))]
	row.Kinds = row.Kinds[:len(row.Cells)]
	for len(row.Cells) < len(j.columns) {
		row.Cells, row.Kinds = append(row.Cells, ""), append(row.Kinds, Text)
	}
}

// object reads the members of an object into the row.
func (j *jsonReader) object(d *jsontext.Decoder, row *Row, prefix string, depth int) error {
	if _, err := d.ReadToken(); err != nil { // {
		return err
	}
	for d.PeekKind() != '}' {
		key, err := d.ReadToken()
		if err != nil {
			return err
		}
		path := key.String()
		if prefix != "" {
			path = prefix + "." + path
		}
		kind := d.PeekKind()
		if kind == '{' && depth < deepest {
			if err := j.object(d, row, path, depth+1); err != nil {
				return err
			}
			continue
		}
		at, ok := j.index[path]
		if !ok && j.learn && len(j.columns) < maxColumns {
			at, ok = j.add(path), true
			j.widen(row)
		}
		if !ok {
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := j.value(d, kind, &row.Cells[at], &row.Kinds[at]); err != nil {
			return err
		}
	}
	_, err := d.ReadToken() // }
	return err
}

func (j *jsonReader) value(d *jsontext.Decoder, kind jsontext.Kind, cell *string, is *Kind) error {
	switch kind {
	case '"':
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		*cell, *is = t.String(), Text
		return nil
	case 'n':
		return d.SkipValue() // null is an empty cell
	}
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	*cell = string(v)
	switch kind {
	case '0':
		*is = Number
	case 't', 'f':
		*is = Bool
	default:
		*is = Nested
	}
	return nil
}
