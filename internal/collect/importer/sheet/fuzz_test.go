package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
)

// FuzzOpen: no bytes are a panic or an endless loop; rows that are read have a cell per column, are valid text and come in the order of
// their lines.
func FuzzOpen(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a;b\n\"1\n\";2", "\xff\xfea\x00,\x00b\x00\n\x00", "\xfe\xff\x00a", "{\"a\":{\"b\":1}}\n{", "\x1f\x8b\x08", "PK\x03\x04",
		"a,b\n\"\n\"\"\"x,\r\n", "\xd6\xd0\xce\xc4,b\n\xc0\xee\xc0\xd7,1\n", "a\r\rb", "\xef\xbb\xbfa\tb",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := sheet.Open(write(t, content), sheet.Options{MaxCell: 1000, MaxRow: 5000})
		if err != nil {
			return
		}
		defer func() { require.NoError(t, r.Close()) }()
		for line := int64(0); ; {
			row, err := r.Next()
			if err != nil {
				return
			}
			require.Greater(t, row.Line, line)
			line = row.Line
			for _, c := range row.Cells {
				require.True(t, utf8.ValidString(c))
			}
			if row.Problem == nil {
				require.Len(t, row.Cells, len(r.Columns()))
			}
		}
	})
}

// FuzzCSV holds the reader against encoding/csv on files that the latter writes, and so are right by definition.
func FuzzCSV(f *testing.F) {
	f.Add("a", "b", "1", "2\n3", "x\"y", " ")
	f.Add("号", ",", "\"", "\"\"", "\r\n", "z")
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g string) {
		want := [][]string{{"h1", "h2", "h3"}, {a, b, "end"}, {c, d, "end"}, {e, g, "end"}}
		var buf bytes.Buffer
		w := csv.NewWriter(&buf)
		require.NoError(t, w.WriteAll(want))
		if !utf8.Valid(buf.Bytes()) || bytes.IndexByte(buf.Bytes(), 0) >= 0 || buf.Len() > 50_000 {
			return
		}
		theirs := csv.NewReader(bytes.NewReader(buf.Bytes()))
		r, err := sheet.Open(write(t, buf.Bytes()), sheet.Options{Delimiter: ',', Encoding: sheet.UTF8})
		require.NoError(t, err)
		defer func() { require.NoError(t, r.Close()) }()
		_, err = theirs.Read()
		require.NoError(t, err)
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				_, err = theirs.Read()
				require.ErrorIs(t, err, io.EOF)
				return
			}
			require.NoError(t, err)
			record, err := theirs.Read()
			require.NoError(t, err)
			for i := range record { // encoding/csv makes \r\n in a cell \n; we keep what is there
				record[i] = string(bytes.ReplaceAll([]byte(record[i]), []byte("\r\n"), []byte("\n")))
			}
			cells := slices.Clone(row.Cells)
			for i := range cells {
				cells[i] = string(bytes.ReplaceAll([]byte(cells[i]), []byte("\r\n"), []byte("\n")))
			}
			require.Nil(t, row.Problem)
			require.Equal(t, record, cells)
			line, _ := theirs.FieldPos(0)
			require.EqualValues(t, line, row.Line)
		}
	})
}

// FuzzJudge: text in UTF-8 is never taken for anything else, wherever it is cut; Chinese in GB18030 is known as such.
func FuzzJudge(f *testing.F) {
	f.Add("订单号,客户", 4)
	f.Add("联通", 2)
	f.Add("plain", 9)
	f.Fuzz(func(t *testing.T, s string, at int) {
		if !utf8.ValidString(s) {
			return
		}
		require.Equal(t, sheet.UTF8, sheet.Judge([]byte(s)[:min(len(s), max(0, at))]))
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err == nil && !utf8.ValidString(gb) {
			require.NotPanics(t, func() { sheet.Judge([]byte(gb)) })
		}
	})
}
