package importer

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
)

const (
	sampleRows  = 1000 // read to judge a file
	previewRows = 20   // shown of it
	tryRows     = 5000 // turned into events for a preview
)

// Inspection is what a file seems to be.
type Inspection struct {
	Format   sheet.Format
	Encoding string
	Columns  []string
	Preview  [][]string // the first rows
	Guess    shape.Guess
	rows     [][]string
}

// Inspect reads the beginning of a file on this machine.
func (s *Service) Inspect(path string, o shape.Options) (Inspection, error) { return inspect(path, o) }

func inspect(path string, o shape.Options) (seen Inspection, err error) {
	r, err := sheet.Open(path, sheetOptions(o))
	if err != nil {
		return seen, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for len(seen.rows) < sampleRows {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return seen, err
		}
		if row.Problem == nil || len(seen.rows) < previewRows {
			seen.rows = append(seen.rows, slices.Clone(row.Cells))
		}
	}
	seen.Format, seen.Encoding, seen.Columns = r.Format(), r.Encoding(), r.Columns()
	seen.Preview = make([][]string, 0, previewRows)
	for _, cells := range seen.rows[:min(len(seen.rows), previewRows)] {
		short := make([]string, len(cells))
		for i, c := range cells {
			short[i] = sheet.Clip(c)
		}
		seen.Preview = append(seen.Preview, short)
	}
	seen.Guess = shape.GuessFrom(seen.Columns, seen.rows)
	return seen, nil
}

// Trial is what the first rows of a file would become.
type Trial struct {
	Events   []event.Event
	Rejects  []TrialReject
	Problems []fault.Violation // of the mapping and the options
	Mapping  shape.Mapping     // as it was given, or guessed
}

// TrialReject is a row that would be refused.
type TrialReject struct {
	Line   int64  `json:"line"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Try turns the first rows of an upload into events without keeping them.
func (s *Service) Try(ctx context.Context, in StartInput) (Trial, error) {
	f, err := getFile(ctx, s.o.State, in.FileID)
	if err != nil {
		return Trial{}, err
	}
	path := s.filePath(f.ID)
	seen, err := inspect(path, in.Options)
	if err != nil {
		return Trial{}, err
	}
	mapping, options := s.resolve(in, seen)
	t := &trial{out: Trial{Mapping: mapping}}
	open := func() (*sheet.Reader, error) { return sheet.Open(path, sheetOptions(options)) }
	_, err = shape.Run(ctx, open, func(r *sheet.Reader) (*shape.Plan, error) {
		return shape.NewPlan(in.Preset, mapping, options, r, s.o.Kinds(), state.Micros(s.o.Clock.Now()))
	}, shape.Limits{Rows: tryRows, TempDir: s.o.Dir}, t)
	var problem *fault.Error
	if errors.As(err, &problem) && problem.Kind == fault.Invalid {
		if len(problem.Violations) == 0 {
			problem.Violations = []fault.Violation{{Field: "options", Message: problem.Message}}
		}
		return Trial{Problems: problem.Violations, Mapping: mapping}, nil
	}
	if err != nil {
		return Trial{}, err
	}
	if in.Preset == shape.OrderLines { // orders come by hash; people expect them by time
		slices.SortStableFunc(t.out.Events, func(a, b event.Event) int { return int(min(1, max(-1, a.Time-b.Time))) })
	}
	t.out.Events = t.out.Events[:min(len(t.out.Events), previewRows)]
	return t.out, nil
}

// trial is a sink that keeps what is shown.
type trial struct {
	out   Trial
	bytes int
}

// maxTrial bounds the events that a preview keeps until it can choose the first ones.
const maxTrial = 32 << 20

func (t *trial) Event(e *event.Event) error {
	if t.bytes > maxTrial {
		return nil
	}
	body := event.Append(nil, e)
	t.bytes += len(body)
	var err error
	t.out.Events, err = event.Decode(t.out.Events, body)
	return err
}

func (t *trial) Reject(line int64, why shape.Reject, _ []string) error {
	if len(t.out.Rejects) < previewRows {
		t.out.Rejects = append(t.out.Rejects, TrialReject{line, why.Code, why.Reason})
	}
	return nil
}

func (t *trial) Read(int64) error { return nil }
