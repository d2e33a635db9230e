package reject

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// Query chooses rejected events, newest first.
type Query struct {
	State  State  // "" for any
	Code   string // "" for any
	Source int64  // 0 for any
	Before int64  // only smaller ids; 0 for the newest
	Limit  int
}

// List is a page of rejected events.
type List struct {
	Items  []Rejected
	Total  int // all that the query chooses, whatever the page
	ByCode []CodeCount
}

// CodeCount is how many events have a code, over all codes and pages of a query.
type CodeCount struct {
	Code string
	N    int
}

const columns = "id, at, source, code, reason, hint, body, envelope, cut, state, replays, times"

// where is the condition of a query, without its code and page.
func (q Query) where() (string, []any) {
	text, args := "WHERE 1 = 1", []any(nil)
	switch q.State {
	case "":
	case Waiting: // a claim is over in a moment, and a forgotten one is as good as none
		text += " AND state IN (?, ?)"
		args = append(args, string(Waiting), string(Claimed))
	case Claimed, Replayed, Dropped:
		text += " AND state = ?"
		args = append(args, string(q.State))
	}
	if q.Source != 0 {
		text += " AND source = ?"
		args = append(args, q.Source)
	}
	return text, args
}

// List gives a page and the counts.
func (s *Store) List(ctx context.Context, q Query) (List, error) {
	where, args := q.where()
	var l List
	var err error
	if l.ByCode, err = s.byCode(ctx, where, args); err != nil {
		return List{}, fmt.Errorf("count rejected events: %w", err)
	}
	for _, c := range l.ByCode {
		if q.Code == "" || q.Code == c.Code {
			l.Total += c.N
		}
	}
	if q.Code != "" {
		where += " AND code = ?"
		args = append(args, q.Code)
	}
	if q.Before > 0 {
		where += " AND id < ?"
		args = append(args, q.Before)
	}
	if l.Items, err = scan(s.db.Query(ctx, "SELECT "+columns+" FROM rejected "+where+" ORDER BY id DESC LIMIT ?", append(args, q.Limit)...)); err != nil {
		return List{}, fmt.Errorf("list rejected events: %w", err)
	}
	return l, nil
}

func (s *Store) byCode(ctx context.Context, where string, args []any) ([]CodeCount, error) {
	rows, err := s.db.Query(ctx, "SELECT code, COUNT(*) FROM rejected "+where+" GROUP BY code ORDER BY COUNT(*) DESC, code", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var all []CodeCount
	for rows.Next() {
		var c CodeCount
		if err := rows.Scan(&c.Code, &c.N); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Since counts the events rejected since a moment, as often as they were sent. What has been mended and accepted is rejected no more.
func (s *Store) Since(ctx context.Context, t time.Time) (n int64, err error) {
	err = s.db.QueryRow(ctx, "SELECT COALESCE(SUM(times), 0) FROM rejected WHERE at >= ? AND state <> ?", state.Micros(t), string(Replayed)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count rejected events: %w", err)
	}
	return n, nil
}

// Get gives one rejected event.
func (s *Store) Get(ctx context.Context, id int64) (Rejected, error) {
	items, err := scan(s.db.Query(ctx, "SELECT "+columns+" FROM rejected WHERE id = ?", id))
	if err != nil {
		return Rejected{}, fmt.Errorf("get rejected event %d: %w", id, err)
	}
	if len(items) == 0 {
		return Rejected{}, fault.New(fault.NotFound, "reject.not_found", "there is no rejected event %d; it may have been cleaned away by now", id)
	}
	return items[0], nil
}

func scan(rows *sql.Rows, err error) (items []Rejected, _ error) {
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r Rejected
		var at int64
		var kept string
		if err := rows.Scan(&r.ID, &at, &r.Source, &r.Reason.Code, &r.Reason.Text, &r.Reason.Hint, &r.Body, &r.Envelope, &r.Cut, &kept, &r.Replays, &r.Times); err != nil {
			return nil, err
		}
		r.At, r.State = state.Time(at), State(kept)
		if r.State == Claimed {
			r.State = Waiting
		}
		items = append(items, r)
	}
	return items, rows.Err()
}
