package sheet

import (
	"bytes"
	"io"
)

// findDelimiter judges by the first rows: the right one cuts them all into the same number of cells, more than one.
func findDelimiter(start []byte) byte {
	if i := bytes.LastIndexByte(start, '\n'); i > 0 && len(start) >= sample {
		start = start[:i+1] // the last row of a full sample is cut
	}
	best, bestScore := byte(','), 0
	for _, d := range []byte{',', '\t', ';', '|'} {
		r := newCSV(bytes.NewReader(start), d, Options{MaxCell: defaultCell, MaxRow: defaultRow})
		var row Row
		width, same, rows := 0, 0, 0
		for rows < 30 {
			row.Problem = nil
			if err := r.next(&row); err == io.EOF { //nolint:errorlint // our own reader gives io.EOF itself
				break
			}
			if row.Problem == nil && blank(row.Cells) {
				continue
			}
			rows++
			if rows == 1 {
				width = len(row.Cells)
			}
			if row.Problem == nil && len(row.Cells) == width {
				same++
			}
		}
		if width < 2 {
			continue
		}
		// Rows that agree count most; among equals the one with more cells.
		if score := same*10000/max(rows, 1)*1000 + min(width, 999); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}
