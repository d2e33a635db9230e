package person

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
)

// TimelineInput asks for a person's events, newest first.
type TimelineInput struct {
	Person int64
	Name   string // only events of this name; empty for all
	Before *At    // only what is older
	Limit  int
}

// At is a place in a timeline.
type At struct {
	Time int64  `json:"t"` // microseconds since 1970 UTC
	ID   string `json:"i"`
}

// Timeline is a page of a person's events, newest first; it may hold one more than asked, which says that there are more.
func (s *Service) Timeline(ctx context.Context, in TimelineInput) (_ []EventView, err error) {
	id, err := s.identity.PersonOf(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	of, err := s.identity.Of(ctx, id)
	if err != nil {
		return nil, err
	}
	args := make([]any, 0, len(of)+4)
	for _, v := range of {
		args = append(args, v.ID)
	}
	where := "anchor IN " + state.Marks(1, len(of))
	if in.Name != "" {
		where, args = where+" AND name = ?", append(args, in.Name)
	}
	if in.Before != nil {
		t := state.Time(in.Before.Time)
		where, args = where+" AND (time < ? OR time = ? AND id < ?)", append(args, t, t, in.Before.ID)
	}
	rows, err := s.events.Query(ctx, "SELECT "+EventColumns+" FROM event_row WHERE "+where+" ORDER BY time DESC, id DESC LIMIT ?", append(args, in.Limit+1)...)
	if err != nil {
		return nil, fmt.Errorf("read the timeline of %d: %w", id, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := []EventView{}
	for rows.Next() {
		r, err := ScanEvent(rows)
		if err != nil {
			return nil, err
		}
		r.Person = id
		out = append(out, ViewOf(ctx, &r))
	}
	return out, rows.Err()
}

// EventColumns are the columns that ScanEvent reads.
const EventColumns = "anchor, person, time, received, type, name, id, source, amount, currency, properties, traits, context"

// ScanEvent reads a row of EventColumns.
func ScanEvent(rows interface{ Scan(dest ...any) error }) (warehouse.Row, error) {
	var r warehouse.Row
	var at, received time.Time
	var amount *int64
	var currency *string
	if err := rows.Scan(&r.Anchor, &r.Person, &at, &received, &r.Type, &r.Name, &r.ID, &r.Source, &amount, &currency, &r.Properties, &r.Traits, &r.Context); err != nil {
		return r, err
	}
	r.Time, r.Received = at.UnixMicro(), received.UnixMicro()
	if amount != nil && currency != nil {
		r.Amount, r.Currency = *amount, *currency
	}
	return r, nil
}
