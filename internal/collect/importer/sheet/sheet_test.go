package sheet_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
)

func write(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// all reads a file; a row is "line: cell|cell", one that cannot be read "line: !code".
func all(t testing.TB, content []byte, o sheet.Options) (*sheet.Reader, []string) {
	t.Helper()
	r, err := sheet.Open(write(t, content), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	var rows []string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			require.Equal(t, r.Size(), r.Done())
			return r, rows
		}
		require.NoError(t, err)
		if row.Problem != nil {
			rows = append(rows, fmt.Sprintf("%d: !%s", row.Line, row.Problem.Code))
			continue
		}
		rows = append(rows, fmt.Sprintf("%d: %s", row.Line, strings.Join(row.Cells, "|")))
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200)
	for name, c := range map[string]struct {
		in   string
		o    sheet.Options
		cols []string
		rows []string
	}{
		"plain":                 {"a,b\n1,2\n3,4\n", sheet.Options{}, []string{"a", "b"}, []string{"2: 1|2", "3: 3|4"}},
		"no line end at end":    {"a,b\r\n1,2", sheet.Options{}, []string{"a", "b"}, []string{"2: 1|2"}},
		"quotes":                {"a,b\n\"1,\"\"x\"\"\",\"\"\n", sheet.Options{}, []string{"a", "b"}, []string{`2: 1,"x"|`}},
		"line breaks in quotes": {"a,b\n\"1\n\n2\",x\r\n3,\"4\r\n\"\n5,6", sheet.Options{}, []string{"a", "b"}, []string{"2: 1\n\n2|x", "5: 3|4\r\n", "7: 5|6"}},
		"quote inside a cell":   {"a,b\n5\" pipe,x\"y\n", sheet.Options{}, []string{"a", "b"}, []string{`2: 5" pipe|x"y`}},
		"text after a quote":    {"a,b\n\"1\"2,3\n4,5\n", sheet.Options{}, []string{"a", "b"}, []string{"2: !row.quote", "3: 4|5"}},
		"open quote":            {"a,b\n1,\"2\n3,4\n5,6\n", sheet.Options{}, []string{"a", "b"}, []string{"2: !row.open_quote", "3: 3|4", "4: 5|6"}},
		"open quote at the end": {"a,b\n1,2\n3,\"4", sheet.Options{}, []string{"a", "b"}, []string{"2: 1|2", "3: !row.open_quote"}},
		"endless quote":         {"a,b\n1,\"" + long + "\n" + long + "\n3,4\n", sheet.Options{MaxCell: 300}, []string{"a", "b"}, []string{"2: !row.open_quote", "3: !row.columns", "4: 3|4"}},
		"endless cell":          {"a,b\n1," + long + long + "\n3,4\n", sheet.Options{MaxCell: 300}, []string{"a", "b"}, []string{"2: !row.too_long", "3: 3|4"}},
		"endless row":           {"a,b\n1," + strings.Repeat(long+",", 9) + "\n3,4\n", sheet.Options{MaxRow: 1000}, []string{"a", "b"}, []string{"2: !row.too_long", "3: 3|4"}},
		"ragged":                {"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n", sheet.Options{}, []string{"a", "b", "c"}, []string{"2: !row.columns", "3: !row.columns", "4: 1|2|3"}},
		"blank rows":            {"\n\na,b\n\n1,2\n , \n\r\n3,4\n", sheet.Options{}, []string{"a", "b"}, []string{"5: 1|2", "8: 3|4"}},
		"header":                {" a ,a,,\" x\n y\",,\n1,2,3,4,,\n", sheet.Options{}, []string{"a", "a (2)", "column 3", "x y"}, []string{"3: 1|2|3|4"}},
		"tab":                   {"a\tb\n1,5\t2\n", sheet.Options{}, []string{"a", "b"}, []string{"2: 1,5|2"}},
		"semicolon":             {"a;b\n1,5;2,5\n3,5;4\n", sheet.Options{}, []string{"a", "b"}, []string{"2: 1,5|2,5", "3: 3,5|4"}},
		"bar":                   {"a|b|c\n1|2|3\n", sheet.Options{}, []string{"a", "b", "c"}, []string{"2: 1|2|3"}},
		"delimiter in quotes":   {"a,b\n\"1;2;3;4\",5\n\"1;2;3;4\",6\n", sheet.Options{}, []string{"a", "b"}, []string{"2: 1;2;3;4|5", "3: 1;2;3;4|6"}},
		"one column":            {"a\n1\n2\n", sheet.Options{}, []string{"a"}, []string{"2: 1", "3: 2"}},
		"given delimiter":       {"a;b,c\n1;2,3\n", sheet.Options{Delimiter: ';'}, []string{"a", "b,c"}, []string{"2: 1|2,3"}},
		"stray byte":            {"a,b\n中文,中文中文中文中文中文中文中文中文中文中文中文中文\nx\xff,2\n3,4\n", sheet.Options{}, []string{"a", "b"}, []string{"2: 中文|中文中文中文中文中文中文中文中文中文中文中文中文", "3: !row.encoding", "4: 3|4"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, rows := all(t, []byte(c.in), c.o)
			require.Equal(t, c.cols, r.Columns())
			require.Equal(t, c.rows, rows)
		})
	}
}

// TestEncodings proves that the same text is read the same in every encoding, compressed or not, also when its first Chinese word comes late.
func TestEncodings(t *testing.T) {
	t.Parallel()
	short := "订单号,客户\nA1,李雷\nA2,韩梅梅 €\n"
	late := "no,name\n" + strings.Repeat("1,plain\n", 50_000) + "2,韩梅梅\n"
	for name, text := range map[string]string{"short": short, "late": late} {
		want := strings.Split(strings.TrimSpace(text), "\n")
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		require.NoError(t, err)
		le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
		require.NoError(t, err)
		be, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
		require.NoError(t, err)
		for encoding, content := range map[string]string{
			sheet.UTF8: text, sheet.UTF8 + " with mark": "\ufeff" + text, sheet.GB18030: gb, sheet.UTF16LE: le, sheet.UTF16BE: be,
		} {
			for _, compressed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/gzip %v", name, encoding, compressed), func(t *testing.T) {
					t.Parallel()
					body := []byte(content)
					if compressed {
						body = zip(t, body)
					}
					r, rows := all(t, body, sheet.Options{})
					word, _, _ := strings.Cut(encoding, " ")
					require.Equal(t, word, r.Encoding())
					require.Equal(t, strings.Split(want[0], ","), r.Columns())
					require.Len(t, rows, len(want)-1)
					require.Equal(t, fmt.Sprintf("%d: %s", len(want), strings.ReplaceAll(want[len(want)-1], ",", "|")), rows[len(rows)-1])
				})
			}
		}
	}
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	_, err := z.Write(b)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return buf.Bytes()
}

// TestXLSX reads a workbook as Excel writes it: an empty sheet first, dates as numbers, binary fractions, gaps, cells of other types.
func TestXLSX(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	_, err := f.NewSheet("数据")
	require.NoError(t, err)
	for cell, v := range map[string]any{
		"A2": "订单号", "B2": "下单时间", "C2": "单价", "D2": "手机号", "E2": "备注",
		"A3": "2024010112345678901", "B3": 45123.5, "C3": 2.55, "D3": 13800138000, "E3": "x",
		"A5": "2", "C5": 0.1 + 0.2, "D5": 1.38e10,
	} {
		require.NoError(t, f.SetCellValue("数据", cell, v))
	}
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	require.NoError(t, f.SaveAs(path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	r, rows := all(t, content, sheet.Options{})
	require.Equal(t, sheet.XLSX, r.Format())
	require.Equal(t, []string{"订单号", "下单时间", "单价", "手机号", "备注"}, r.Columns())
	require.Equal(t, []string{"3: 2024010112345678901|45123.5|2.55|13800138000|x", "5: 2||0.3|13800000000|"}, rows)
}

func TestJSONL(t *testing.T) {
	t.Parallel()
	in := "\n{\"a\":1,\"b\":{\"c\":\"x\",\"d\":{\"e\":{\"f\":1}}},\"n\":null}\n" +
		"{\"a\":\"two\",\"z\":true}\n{\"a\":}\n[1]\n{\"a\":1,\"a\":2}\n{\"a\":3} {}\n" +
		"{\"a\":\"" + strings.Repeat("x", 300) + "\"}\n{\"z\":[1, 2]}"
	r, rows := all(t, zip(t, []byte(in)), sheet.Options{MaxRow: 200})
	require.Equal(t, sheet.JSONL, r.Format())
	require.Equal(t, []string{"a", "b.c", "b.d.e", "n", "z"}, r.Columns())
	require.Equal(t, []string{
		`2: 1|x|{"f":1}||`, "3: two||||true", "4: !row.json", "5: !row.json", "6: !row.json", "7: !row.json", "8: !row.too_long", "9: ||||[1, 2]",
	}, rows)
}

// TestJSONLColumns: a column that appears after the first rows is there for who asks for it before reading.
func TestJSONLColumns(t *testing.T) {
	t.Parallel()
	in := strings.Repeat("{\"a\":1}\n", 500) + "{\"a\":1,\"late\":{\"x\":\"here\"}}\n"
	r, err := sheet.Open(write(t, []byte(in)), sheet.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	require.Equal(t, []string{"a"}, r.Columns())
	at, ok := r.Index("late.x")
	require.True(t, ok)
	var last []string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		last = slices.Clone(row.Cells)
	}
	require.Equal(t, "here", last[at])
}

// TestRefused: what is no file of rows is refused with a code and words that help.
func TestRefused(t *testing.T) {
	t.Parallel()
	cut := zip(t, []byte(strings.Repeat("a,b\n1,2\n", 100_000)))
	for code, content := range map[string][]byte{
		"import.empty":      {},
		"import.binary":     []byte("a,b\x00\x01\n1,2\n"),
		"import.old_excel":  []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
		"import.xlsx":       []byte("PK\x03\x04 and nothing that follows"),
		"import.gzip":       []byte("\x1f\x8b\x08 broken"),
		"import.json_array": []byte(" [\n {\"a\":1}]"),
		"import.header":     []byte("\"a\nb,c\n"),
	} {
		_, err := sheet.Open(write(t, content), sheet.Options{})
		require.Error(t, err, code)
		require.Equal(t, code, fault.CodeOf(err), "%v", err)
	}
	_, err := sheet.Open(write(t, []byte("a")), sheet.Options{Encoding: "latin-1"})
	require.Equal(t, "import.encoding", fault.CodeOf(err))
	_, err = sheet.Open(filepath.Join(t.TempDir(), "none"), sheet.Options{})
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = sheet.Open(t.TempDir(), sheet.Options{})
	require.Equal(t, "import.folder", fault.CodeOf(err))

	r, err := sheet.Open(write(t, cut[:len(cut)/2]), sheet.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	for err == nil {
		_, err = r.Next()
	}
	require.Equal(t, "import.gzip", fault.CodeOf(err), "a file that was cut off must not pass for a whole one")
}
