package person

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
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
		if err := s.write(hc.Context(), w, cols, e); err != nil {
			_, _ = w.Write([]byte("# the export broke off here; export again\n")) // the status has been sent
		}
	}}, nil
}

// Write writes people as CSV, masked for who may not see personal data.
func (s *Service) Write(ctx context.Context, w io.Writer, e Export) error {
	cols, err := columnsOf(e.Columns)
	if err != nil {
		return err
	}
	return s.write(ctx, w, cols, e)
}

func (s *Service) write(ctx context.Context, w io.Writer, cols []string, e Export) error {
	if _, err := w.Write([]byte("\ufeff")); err != nil { // spreadsheets take UTF-8 only with a mark
		return err
	}
	c := csv.NewWriter(w)
	_ = c.Write(append(slices.Clone(cols), e.More...)) // shows at the next flush
	for part := range slices.Chunk(e.IDs, rowsAtOnce) {
		if err := s.lines(ctx, c, cols, e, part); err != nil {
			c.Flush()
			return err
		}
		if c.Flush(); c.Error() != nil {
			return c.Error()
		}
	}
	c.Flush()
	return c.Error()
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
