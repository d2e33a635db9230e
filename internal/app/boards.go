package app

import (
	"context"

	"github.com/huoshui/huoshui/internal/insight/board"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

// openBoards opens saved charts and boards, once all kinds of questions are known.
func (a *App) openBoards(ctx context.Context) (err error) {
	a.Boards, err = board.New(ctx, board.Options{
		State: a.state, Definitions: a.Define, Desk: a.Desk, Mail: a.Mail, Guard: a.Auth.Guard(), Trail: a.Audit, Jobs: a.Jobs,
		CheckPeople: func(ctx context.Context, rule string) error {
			_, err := a.Book.Parse(ctx, rulebook.Whose{}, "body.filters.people", rule)
			return err
		},
		Pool: func() board.Pool {
			s := a.Settings.Get()
			return board.Pool{Name: s.Name, TimeZone: s.TimeZone, Currency: s.Currency}
		},
		Zone: a.Settings.Location, Clock: a.o.Clock, Logger: a.o.Logger,
	})
	return err
}
