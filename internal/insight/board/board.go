// Package board keeps questions worth asking again: saved charts, boards of charts, reports by mail and links for outsiders.
//
// Terms. A chart is a question (the JSON query of any kind) with a title and how it is drawn. A board lays charts and texts on a grid of
// twelve columns and has filters: days, comparison, people, channel. A report mails a board again and again. A share is a link that shows a
// board to whoever holds it, until it expires.
//
// Invariants. Charts, boards and reports are versioned definitions: nothing is lost by editing. A board's filters narrow every chart on it and
// widen none. A link shows numbers and texts, never people, never a question that is not on its board, and stops at the moment it is revoked or
// expires. A link's token is kept as a hash and shown once. A report reaches each recipient at most once for each time it was due, tried again
// only where it failed; after three failures in a row it stops and its author is told.
package board

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"log/slog"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Kinds of the definitions.
const (
	ChartKind  = "chart"
	BoardKind  = "board"
	ReportKind = "report"
)

// Answer is what a question came to.
type Answer = insight.Result[json.RawMessage]

// Desk answers questions of every kind.
type Desk interface {
	// Check says what is wrong with a query, without asking it.
	Check(ctx context.Context, query json.RawMessage) error
	Ask(ctx context.Context, query json.RawMessage) (Answer, error)
	// Tabulate asks, and gives the answer as rows, too.
	Tabulate(ctx context.Context, query json.RawMessage, say insight.Say) (Answer, insight.Table, error)
}

// Mailer sends mail.
type Mailer interface {
	Ready() bool // somebody has set it up
	Send(ctx context.Context, m mail.Message) error
}

// Guard protects what has a password of its own.
type Guard interface {
	Seal(ctx context.Context, password string) (string, error)
	Fits(ctx context.Context, sealed, password string) (bool, error)
	// Attempt counts an attempt before it is made and refuses it if there were too many; Forgive forgets them after one that was right.
	Attempt(ctx context.Context, subject string, free int64) error
	Forgive(ctx context.Context, subject string) error
}

// Trail remembers who did what.
type Trail interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Pool is what mails and shared pages say of the pool.
type Pool struct{ Name, TimeZone, Currency string }

// Options are what the room needs.
type Options struct {
	State       *state.DB
	Definitions *define.Service
	Desk        Desk
	// CheckPeople says what is wrong with a rule about people.
	CheckPeople func(ctx context.Context, rule string) error
	Mail        Mailer
	Guard       Guard
	Trail       Trail
	Jobs        *job.Queue
	Pool        func() Pool
	Zone        func() *time.Location
	Clock       clock.Clock
	Logger      *slog.Logger
}

// Service is the room's rules.
type Service struct {
	o       Options
	charts  *shelf.Shelf[ChartSpec]
	boards  *shelf.Shelf[Spec]
	reports *shelf.Shelf[ReportSpec]
	secret  []byte // signs links
	shown   answers
	asking  chan struct{} // turns of those who come by a link
	callers callers
}

// New opens the room.
func New(ctx context.Context, o Options) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := o.State.Migrate(ctx, "board", files); err != nil {
		return nil, err
	}
	s := &Service{o: o, asking: make(chan struct{}, sharedTurns), shown: answers{kept: map[string]*shownAnswer{}}, callers: callers{seen: map[string]calls{}}}
	if s.secret, err = s.ownSecret(ctx); err != nil {
		return nil, err
	}
	if s.charts, err = shelf.Open[ChartSpec](ctx, o.Definitions, define.Kind{Name: ChartKind, Edit: actor.Operate, Check: checkChart, Fits: s.chartFits}, o.Logger, nil); err != nil {
		return nil, err
	}
	if s.boards, err = shelf.Open[Spec](ctx, o.Definitions, define.Kind{Name: BoardKind, Edit: actor.Operate, Check: checkBoard, Fits: s.boardFits}, o.Logger, nil); err != nil {
		return nil, err
	}
	s.reports, err = shelf.Open[ReportSpec](ctx, o.Definitions, define.Kind{Name: ReportKind, Edit: actor.Operate, Check: checkReport, Fits: s.reportFits}, o.Logger, nil)
	if err != nil {
		return nil, err
	}
	s.work()
	return s, nil
}
