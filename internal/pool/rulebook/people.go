package rulebook

import (
	"context"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// Rows shows people by number.
type Rows interface {
	Rows(ctx context.Context, ids []int64) ([]person.Row, error)
}

// MembersPage is a page of the people in something.
type MembersPage[T any] struct {
	httpapi.Page[T]
	Total int64 `json:"total" doc:"How many there are in all"`
}

// PageOf gives a page of a set of people, by number: theirs, and the cursor of the next page.
func PageOf(set *roaring64.Bitmap, page httpapi.Paging) (ids []int64, next string, err error) {
	var after int64
	if _, err := httpapi.DecodeCursor(page.Cursor, &after); err != nil {
		return nil, "", err
	}
	it := set.Iterator()
	it.AdvanceIfNeeded(uint64(max(0, after)) + 1)
	for it.HasNext() && len(ids) < page.Limit {
		ids = append(ids, int64(it.Next()))
	}
	if it.HasNext() {
		next = httpapi.EncodeCursor(ids[len(ids)-1])
	}
	return ids, next, nil
}

// IDs are all people of a set.
func IDs(set *roaring64.Bitmap) []int64 {
	ids := make([]int64, 0, set.GetCardinality())
	for it := set.Iterator(); it.HasNext(); {
		ids = append(ids, int64(it.Next()))
	}
	return ids
}

// ChangesQuery are the parameters of a list of who came or went on a day.
type ChangesQuery struct {
	Change string `query:"change" enum:"entered,left" doc:"Those who came or went on a day instead of those who are in"`
	Date   string `query:"date" doc:"Day of the change, today if empty"`
}

// Changes is where changes are read.
type Changes interface {
	Changes(ctx context.Context, q standing.ChangeQuery) ([]standing.Change, error)
}

// Changed gives a page of who changed on a day, the newest first, and the cursor of the next page. q holds what else is asked.
func (q ChangesQuery) Changed(ctx context.Context, engine Changes, zone *time.Location, now time.Time, what standing.ChangeQuery, page httpapi.Paging) ([]standing.Change, string, error) {
	day := calendar.DayOf(now, zone)
	if q.Date != "" {
		var err error
		if day, err = time.Parse(time.DateOnly, q.Date); err != nil {
			return nil, "", &fault.Error{
				Kind: fault.Invalid, Code: "range.invalid", Message: "this day cannot be used", Err: err,
				Violations: []fault.Violation{{Field: "query.date", Message: "a day is written like 2026-03-31"}},
			}
		}
	}
	if _, err := httpapi.DecodeCursor(page.Cursor, &what.Before); err != nil {
		return nil, "", err
	}
	what.From, what.To = calendar.Midnight(day, zone).UnixMicro(), calendar.Midnight(day.AddDate(0, 0, 1), zone).UnixMicro()
	what.Way, what.Limit = q.Change, page.Limit+1
	changes, err := engine.Changes(ctx, what)
	if err != nil || len(changes) <= page.Limit {
		return changes, "", err
	}
	changes = changes[:page.Limit]
	return changes, httpapi.EncodeCursor(changes[page.Limit-1].ID), nil
}

// ByID are people by number; who is gone is not among them.
func ByID(ctx context.Context, people Rows, ids []int64) (map[int64]person.Row, error) {
	rows, err := people.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]person.Row, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, nil
}
