package person

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// ListInput asks for people.
type ListInput struct {
	Query   string // an identity's value, exact or its beginning, or part of a name or trait
	Filters []Filter
	Sort    string // a column of sorts, with "-" for descending; "-last_seen" if empty
	After   *Key
	Limit   int
}

// Key is a place in a sorted list.
type Key struct {
	Value int64 `json:"v"`
	ID    int64 `json:"i"`
}

// Sorts are the columns that lists can be sorted by.
func Sorts() []string { return []string{"last_seen", "first_seen", "events", "orders", "revenue"} }

func (in *ListInput) order() (column string, desc bool, err error) {
	column, desc = strings.CutPrefix(in.Sort, "-")
	if in.Sort == "" {
		return "last_seen", true, nil
	}
	if !slices.Contains(Sorts(), column) {
		return "", false, fault.New(fault.Invalid, "people.sort", "people can be sorted by %s", strings.Join(Sorts(), ", "))
	}
	return column, desc, nil
}

// List is a page of people; it may hold one more than asked, which says that there are more.
func (s *Service) List(ctx context.Context, in ListInput) ([]Row, []Key, error) {
	w, err := s.condition(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	column, desc, err := in.order()
	if err != nil {
		return nil, nil, err
	}
	way, sign := "ASC", ">"
	if desc {
		way, sign = "DESC", "<"
	}
	if in.After != nil {
		w.add("("+column+", id) "+sign+" (?, ?)", in.After.Value, in.After.ID)
	}
	order := column + " " + way + ", id " + way
	if column == "last_seen" { // whose index is over last_span
		if order = "last_span " + way + ", " + order; in.After != nil {
			w.add("last_span "+sign+"= ?", in.After.Value/lastSpan)
		}
	}
	query := "SELECT " + viewColumns + " FROM person WHERE " + w.sql() + " ORDER BY " + order + " LIMIT ?"
	rows, err := s.db.Query(ctx, query, append(w.args, in.Limit+1)...)
	if err != nil {
		return nil, nil, fmt.Errorf("list people: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	personal := actor.From(ctx).Can(actor.ReadPersonal)
	out, keys := []Row{}, []Key{}
	for rows.Next() {
		var p record
		if err := scanView(rows, &p); err != nil {
			return nil, nil, err
		}
		r := p.row()
		if !personal {
			r.mask()
		}
		out, keys = append(out, r), append(keys, Key{sortValue(&p, column), p.id})
	}
	return out, keys, rows.Err()
}

func sortValue(p *record, column string) int64 {
	switch column {
	case "first_seen":
		return p.First
	case "events":
		return p.Events
	case "orders":
		return p.Orders
	case "revenue":
		return p.Revenue
	}
	return p.Last
}

// countLimit is up to where filtered lists are counted exactly.
const countLimit = 10_000

// Count is how many people a list has in all; exact says whether it stopped counting.
func (s *Service) Count(ctx context.Context, in ListInput) (n int64, exact bool, err error) {
	w, err := s.condition(ctx, in)
	if err != nil {
		return 0, false, err
	}
	if len(w.parts) == 0 {
		err = s.db.QueryRow(ctx, "SELECT COUNT(*) FROM person").Scan(&n)
		return n, true, err
	}
	err = s.db.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM person WHERE "+w.sql()+" LIMIT ?) found", append(w.args, countLimit+1)...).Scan(&n)
	return min(n, countLimit), n <= countLimit, err
}

func (s *Service) condition(ctx context.Context, in ListInput) (*where, error) {
	w := &where{}
	personal := actor.From(ctx).Can(actor.ReadPersonal)
	for _, f := range in.Filters {
		if !personal && f.personal() {
			return nil, fault.New(fault.Forbidden, "people.personal", "your role does not see %s, so it cannot filter by it; ask an owner", f.Field)
		}
		if err := w.filter(f, s.db.Dialect(), s.location()); err != nil {
			return nil, err
		}
	}
	q := strings.TrimSpace(in.Query)
	if q == "" {
		return w, nil
	}
	if len(q) > 200 || !storable(q) {
		return nil, fault.New(fault.Invalid, "people.query", "search for at most 200 bytes of text")
	}
	return w, s.search(ctx, w, q, personal)
}
