package person

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
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
	query := "SELECT id, email, phone, identified, " + foldColumns + " FROM person WHERE " + w.sql() +
		" ORDER BY " + column + " " + way + ", id " + way + " LIMIT ?"
	rows, err := s.db.Query(ctx, query, append(w.args, in.Limit+1)...)
	if err != nil {
		return nil, nil, fmt.Errorf("list people: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	personal := actor.From(ctx).Can(actor.ReadPersonal)
	out, keys := []Row{}, []Key{}
	for rows.Next() {
		var p record
		if err := scanFold(rows, &p.Fold, &p.id, &p.email, &p.phone, &p.identified); err != nil {
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
	for _, f := range in.Filters {
		if err := w.filter(f, s.db.Dialect(), s.location()); err != nil {
			return nil, err
		}
	}
	q := strings.TrimSpace(in.Query)
	if q == "" {
		return w, nil
	}
	if len(q) > 200 || !utf8.ValidString(q) {
		return nil, fault.New(fault.Invalid, "people.query", "search for at most 200 bytes of text")
	}
	found, err := s.byIdentity(ctx, q)
	if err != nil {
		return nil, err
	}
	if !actor.From(ctx).Can(actor.ReadPersonal) {
		w.add(`name `+like(s.db.Dialect())+` ? ESCAPE '\'`, "%"+escapeLike(q)+"%")
		return w, nil
	}
	pattern := "%" + escapeLike(q) + "%"
	op := like(s.db.Dialect())
	if len(found) == 0 {
		w.add(`(name `+op+` ? ESCAPE '\' OR traits `+op+` ? ESCAPE '\')`, pattern, pattern)
		return w, nil
	}
	args := anys(found)
	is := "id IN " + state.Marks(1, len(found))
	if strings.ContainsAny(q, "@0123456789") { // somebody has this number or address: that is who was meant
		w.add(is, args...)
		return w, nil
	}
	w.add(`(`+is+` OR name `+op+` ? ESCAPE '\')`, append(args, pattern)...)
	return w, nil
}

// maxFound bounds the people that one beginning of an identity finds.
const maxFound = 200

// byIdentity finds the people with an identity that equals q in any spelling, or begins with it.
func (s *Service) byIdentity(ctx context.Context, q string) ([]int64, error) {
	var keys []string
	for _, kind := range []string{event.Phone, event.Email} {
		if v, err := identity.Normalize(kind, q, s.region()); err == nil {
			keys = append(keys, event.Identity{Kind: kind, Value: v}.Key())
		}
	}
	var parts []string
	var args []any
	for _, k := range keys {
		parts, args = append(parts, "key = ?"), append(args, k)
	}
	if len(q) >= 2 {
		for _, prefix := range s.identity.Prefixes() {
			from := prefix + q
			parts, args = append(parts, "(key >= ? AND key < ?)"), append(args, from, from+"\U0010ffff")
			if !strings.HasPrefix(q, "+") && strings.HasPrefix(prefix, event.Phone) { // 138… finds +86138…
				from = prefix + "+" + strconv.Itoa(phonenumbers.GetCountryCodeForRegion(s.region())) + q
				parts, args = append(parts, "(key >= ? AND key < ?)"), append(args, from, from+"\U0010ffff")
			}
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	rows, err := s.db.Query(ctx, "SELECT DISTINCT person FROM identity WHERE "+strings.Join(parts, " OR ")+" LIMIT ?", append(args, maxFound)...)
	if err != nil {
		return nil, fmt.Errorf("search identities: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
