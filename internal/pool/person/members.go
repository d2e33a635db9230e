package person

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// rowsAtOnce is how many people are read in one query.
const rowsAtOnce = 100

// Rows are the people with these numbers, in this order, masked for who may not see personal data. Who is gone is left out.
func (s *Service) Rows(ctx context.Context, ids []int64) ([]Row, error) {
	out := make([]Row, 0, len(ids))
	for part := range slices.Chunk(ids, rowsAtOnce) {
		rows, err := s.rows(ctx, part)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// Export is a list of people as CSV, with what the list knows of each.
type Export struct {
	File    string  // such as "vip.csv"
	IDs     []int64 // in their order
	Columns string  // as for the list of people, empty for the usual ones
	More    []string
	// Tell gives the values of More for some of the people, by number; nil if there is nothing more.
	Tell func(ctx context.Context, ids []int64) (map[int64][]string, error)
}

// Export streams people as CSV, masked for who may not see personal data.
func (s *Service) Export(e Export) (*huma.StreamResponse, error) {
	cols, err := columnsOf(e.Columns)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) { //nolint:contextcheck // the stream lives with its request
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", fmt.Sprintf("attachment; filename=%q", e.File))
		w := hc.BodyWriter()
		_, _ = w.Write([]byte("\ufeff")) // spreadsheets take UTF-8 only with a mark; a broken connection shows at the next write
		c := csv.NewWriter(w)
		_ = c.Write(append(slices.Clone(cols), e.More...))
		for part := range slices.Chunk(e.IDs, rowsAtOnce) {
			if err := s.lines(hc.Context(), c, cols, e, part); err != nil {
				_ = c.Write([]string{"# the export broke off here; export again"}) // the status has been sent
				break
			}
			if c.Flush(); c.Error() != nil {
				return
			}
		}
		c.Flush()
	}}, nil
}

func (s *Service) lines(ctx context.Context, c *csv.Writer, cols []string, e Export, ids []int64) error {
	rows, err := s.rows(ctx, ids)
	if err != nil {
		return err
	}
	var more map[int64][]string
	if e.Tell != nil {
		if more, err = e.Tell(ctx, ids); err != nil {
			return err
		}
	}
	for i := range rows {
		cells := rows[i].cells(cols, s.location())
		for j := range e.More {
			v := ""
			if told := more[rows[i].ID]; j < len(told) {
				v = safe(told[j])
			}
			cells = append(cells, v)
		}
		_ = c.Write(cells) // shows at the next flush
	}
	return nil
}
