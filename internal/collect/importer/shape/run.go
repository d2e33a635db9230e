package shape

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Source opens the file from its beginning; it is called once, and again if rows must be looked up.
type Source func() (*sheet.Reader, error)

// Limits of a run.
type Limits struct {
	Memory  int    // bytes of order lines in memory; DefaultMemory if 0
	TempDir string // for what does not fit
	Rows    int64  // reads no more than so many rows, for a preview; 0 for all
}

// Run reads the whole file and gives its events and refused rows to the sink. make checks the plan against the opened file. Events come in
// an order that is the same each time, so that a run can be resumed by counting.
func Run(ctx context.Context, open Source, plan func(*sheet.Reader) (*Plan, error), limits Limits, sink Sink) (rows int64, err error) {
	r, err := open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	pl, err := plan(r)
	if err != nil {
		return 0, err
	}
	if pl.preset == OrderLines {
		return pl.runOrders(ctx, r, open, limits, sink)
	}
	var e event.Event
	seen := newOccurrences()
	return pl.scan(ctx, r, limits.Rows, sink, func(row *sheet.Row) (*Reject, error) {
		if why := pl.row(row, &e, seen); why != nil {
			return why, nil
		}
		return nil, sink.Event(&e)
	})
}

// scan goes through the rows; the ones that cannot be read or that do refuses go to the sink.
func (pl *Plan) scan(ctx context.Context, r *sheet.Reader, limit int64, sink Sink, do func(*sheet.Row) (*Reject, error)) (rows int64, err error) {
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, sink.Read(rows)
		}
		if err != nil {
			return rows, err
		}
		if rows == limit && limit > 0 {
			return rows, nil
		}
		rows++
		var why *Reject
		if row.Problem != nil {
			why = &Reject{row.Problem.Code, row.Problem.Message}
		} else if why, err = do(row); err != nil {
			return rows, err
		}
		if why != nil {
			if err := sink.Reject(row.Line, *why, row.Cells); err != nil {
				return rows, err
			}
		}
		if rows&0x3ff == 0 {
			if err := errors.Join(ctx.Err(), sink.Read(rows)); err != nil {
				return rows, err
			}
		}
	}
}

func (pl *Plan) runOrders(ctx context.Context, r *sheet.Reader, open Source, limits Limits, sink Sink) (rows int64, err error) {
	parts := newPartitions(limits.TempDir, limits.Memory)
	defer func() { err = errors.Join(err, parts.close()) }()
	var l line
	rows, err = pl.scan(ctx, r, limits.Rows, sink, func(row *sheet.Row) (*Reject, error) {
		if why := pl.line(row, &l); why != nil {
			return why, nil
		}
		return nil, parts.add(l.key(), l.append)
	})
	if err != nil {
		return rows, err
	}
	g := &groups{pl: pl}
	var late []lateReject
	for i := range partitionCount {
		if err := ctx.Err(); err != nil {
			return rows, err
		}
		refused, err := g.partition(parts, i, sink.Event)
		if err != nil {
			return rows, err
		}
		late = append(late, refused...)
	}
	return rows, lookUp(late, open, sink)
}

// lookUp reads the file again for the cells of rows that were refused after they had been read.
func lookUp(late []lateReject, open Source, sink Sink) (err error) {
	if len(late) == 0 {
		return nil
	}
	slices.SortFunc(late, func(a, b lateReject) int { return cmp.Compare(a.line, b.line) })
	r, err := open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for len(late) > 0 {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return errors.New("the file changed while it was read")
		}
		if err != nil {
			return err
		}
		if row.Line == late[0].line {
			if err := sink.Reject(row.Line, *late[0].why, row.Cells); err != nil {
				return err
			}
			late = late[1:]
		}
	}
	return nil
}
