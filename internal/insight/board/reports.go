package board

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// Report is a report as it is shown.
type Report struct {
	Key        string         `json:"key"`
	Title      string         `json:"title"`
	Board      string         `json:"board"`
	Plan       Plan           `json:"plan"`
	Recipients []string       `json:"recipients" nullable:"false"`
	Lang       string         `json:"lang"`
	State      rulebook.State `json:"state"`
	Owner      string         `json:"owner" doc:"Who hears when it stops"`
	NextAt     *time.Time     `json:"next_at" doc:"null unless active"`
	Failures   int64          `json:"failures" doc:"In a row; after three the report is paused"`
	Stopped    bool           `json:"stopped" doc:"It was paused because it failed"`
	rulebook.About
}

// ReportInput is a report to make, or what it becomes.
type ReportInput struct {
	Title      string   `json:"title" minLength:"1" maxLength:"200"`
	Plan       Plan     `json:"plan"`
	Recipients []string `json:"recipients" nullable:"false" minItems:"1" maxItems:"50"`
	Lang       string   `json:"lang" enum:"zh-CN,en"`
	Address    string   `json:"address,omitempty" maxLength:"300" doc:"Where the console is, for the link in the mail, such as https://pool.example.com"`
}

// Failures in a row after which a report stops.
const enough = 3

// Reports lists the reports of a board, of all boards if board is empty.
func (s *Service) Reports(ctx context.Context, board string) ([]Report, error) {
	var out []Report
	for _, i := range s.reports.All() {
		if i.Spec.State.Gone() || board != "" && i.Spec.Board != board {
			continue
		}
		r, err := s.reportView(ctx, i)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Report) int { return cmp.Compare(a.Title, b.Title) })
	return out, nil
}

func (s *Service) reportView(ctx context.Context, i shelf.Item[ReportSpec]) (Report, error) {
	r := Report{
		Key: i.Key, Title: i.Spec.Title, Board: i.Spec.Board, Plan: i.Spec.Plan, Recipients: append([]string{}, i.Spec.Recipients...), Lang: i.Spec.Lang, State: i.Spec.State,
		Owner: i.Spec.Owner, About: rulebook.About{Version: i.Version, Author: i.Author, CreatedAt: i.Created, UpdatedAt: i.Updated},
	}
	d, found, err := findDue(ctx, s.o.State, i.Key)
	if err != nil {
		return r, err
	}
	if found {
		r.Failures = d.failures
	}
	r.Stopped = i.Spec.State == rulebook.Paused && r.Failures >= enough
	if i.Spec.State == rulebook.Active {
		next := i.Spec.Next(s.o.Clock.Now(), s.o.Zone())
		if found && d.plan == s.planName(i.Spec) && d.at.After(s.o.Clock.Now()) {
			next = d.at
		}
		r.NextAt = &next
	}
	return r, nil
}

// CreateReport makes a report of a board. repeat is the idempotency key of the request, if it has one.
func (s *Service) CreateReport(ctx context.Context, board string, in ReportInput, repeat string) (Report, error) {
	if _, err := s.activeBoard(board); err != nil {
		return Report{}, err
	}
	item, err := s.reports.Create(ctx, shelf.CreateInput[ReportSpec]{
		Title: in.Title, Repeat: repeat, Request: struct {
			Board string
			ReportInput
		}{board, in},
		Make: func(_, origin string) (ReportSpec, error) {
			spec := ReportSpec{Board: board, State: rulebook.Active, Owner: actor.From(ctx).Label(), Origin: origin}
			return in.fill(spec), nil
		},
	})
	if err != nil {
		return Report{}, err
	}
	return s.reportView(ctx, item)
}

func (in ReportInput) fill(spec ReportSpec) ReportSpec {
	spec.Title, spec.Plan, spec.Lang, spec.Address = strings.TrimSpace(in.Title), in.Plan, in.Lang, in.Address
	spec.Recipients = make([]string, len(in.Recipients))
	for i, r := range in.Recipients {
		spec.Recipients[i] = strings.TrimSpace(r)
	}
	return spec
}

// UpdateReport changes a report whose version is in force (0: whichever is).
func (s *Service) UpdateReport(ctx context.Context, key string, in ReportInput, version int64) (Report, error) {
	old, err := s.activeReport(key)
	if err != nil {
		return Report{}, err
	}
	item, err := s.reports.Put(ctx, key, in.fill(old.Spec), version, "")
	if err != nil {
		return Report{}, err
	}
	return s.reportView(ctx, item)
}

func (s *Service) activeReport(key string) (shelf.Item[ReportSpec], error) {
	i, err := s.reports.Get(key)
	if err == nil && i.Spec.State.Gone() {
		err = fault.New(fault.Conflict, "report.archived", "the report %q was removed", i.Spec.Title)
	}
	return i, err
}

// SetReportState pauses, removes or resumes a report. A report that is resumed begins with no failures.
func (s *Service) SetReportState(ctx context.Context, key string, to rulebook.State, version int64) (Report, error) {
	old, err := s.reports.Get(key)
	if err != nil {
		return Report{}, err
	}
	spec := old.Spec
	spec.State = to
	item, err := s.reports.Put(ctx, key, spec, version, "")
	if err != nil {
		return Report{}, err
	}
	if to == rulebook.Active {
		if err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM board_report WHERE report = ?", key)
			return err
		}); err != nil {
			return Report{}, err
		}
	}
	return s.reportView(ctx, item)
}
