package sheet

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/huoshui/huoshui/internal/base/fault"
)

const (
	lastXLSXRow = 1 << 20 // the most that a worksheet has
	// maxUnzipped refuses a small file that unpacks to more than a disk holds.
	maxUnzipped = 4 << 30
)

// xlsxReader streams the rows of the first worksheet that has any. Cells are the stored values: numbers are not cut to what a format
// shows, and dates are Excel's day numbers.
type xlsxReader struct {
	rows *excelize.Rows
	line int64
}

func (r *Reader) openXLSX(path string) (err error) {
	r.format = XLSX
	defer recovered(&err)
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped})
	if err != nil {
		return fault.Wrap(err, fault.Malformed, "import.xlsx", "the Excel file cannot be read; open it and save it again as .xlsx without a password")
	}
	r.closers = append(r.closers, f)
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			continue // a chart sheet has none
		}
		r.rows = &xlsxReader{rows: rows}
		err = r.readHeader()
		if err == nil {
			r.closers = append(r.closers, rows)
			return nil
		}
		if err := errors.Join(err, rows.Close()); !errors.Is(err, ErrEmpty) {
			return err
		}
	}
	return fault.Wrap(ErrEmpty, fault.Malformed, "import.empty", "the workbook has no worksheet with rows")
}

func (x *xlsxReader) next(row *Row) (err error) {
	defer recovered(&err)
	if !x.rows.Next() {
		if err := x.rows.Error(); err != nil {
			return fmt.Errorf("read the worksheet: %w", err)
		}
		return io.EOF
	}
	x.line++
	if x.line > lastXLSXRow {
		return fault.New(fault.Malformed, "import.xlsx", "the worksheet has rows beyond the last one of Excel; save it again")
	}
	row.Line = x.line
	cells, err := x.rows.Columns()
	if err != nil {
		return fault.Wrap(err, fault.Malformed, "import.xlsx", "the worksheet cannot be read from row %d on; open the file and save it again", x.line)
	}
	row.Cells = row.Cells[:0]
	for _, c := range cells {
		if len(c) > excelize.TotalCellChars*4 {
			c = Clip(c)
		}
		row.Cells = append(row.Cells, plainNumber(strings.ToValidUTF8(c, "\uFFFD")))
	}
	return nil
}

// plainNumber undoes how Excel stores numbers: binary fractions with 17 digits ("2.5499999999999998" is 2.55, Excel shows 15 digits) and
// exponents ("1.3800138E10"). Whole numbers without exponent stay: they may be texts such as order numbers.
func plainNumber(s string) string {
	if len(s) < 3 || (s[0] != '-' && (s[0] < '0' || s[0] > '9')) || !strings.ContainsAny(s, ".E") {
		return s
	}
	if len(s) < 17 && !strings.Contains(s, "E") {
		return s
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || math.Abs(v) >= 1e21 {
		return s
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64); err == nil {
		v = rounded
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// recovered turns a panic of the XLSX library over a made-up file into an error: a broken upload must not end the server.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fault.Wrap(fmt.Errorf("excelize: %v", p), fault.Malformed, "import.xlsx", "the Excel file is damaged; open it and save it again")
	}
}
