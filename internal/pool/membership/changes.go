package membership

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// mostChanges is how many changes one question gives at most.
const mostChanges = 1000

// Changes lists steps of people, the newest first, or the oldest first after q.After. Steps of many at once are listed one by one.
func (e *Engine) Changes(ctx context.Context, q standing.ChangeQuery) ([]standing.Change, error) {
	if q.Limit <= 0 || q.Limit > mostChanges {
		q.Limit = mostChanges
	}
	units := map[int64]*unit{}
	e.mu.RLock()
	for _, u := range e.units {
		if (q.Owner == "" || u.owner == q.Owner) && (q.Key == "" || u.key == q.Key) {
			units[u.id] = u
		}
	}
	e.mu.RUnlock()
	var out []standing.Change
	for _, u := range units {
		single, err := e.single(ctx, u, q)
		if err != nil {
			return nil, err
		}
		many, err := e.many(ctx, u, q)
		if err != nil {
			return nil, err
		}
		out = append(append(out, single...), many...)
	}
	slices.SortFunc(out, func(a, b standing.Change) int {
		if q.After > 0 {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Compare(b.ID, a.ID)
	})
	return out[:min(len(out), q.Limit)], nil
}

// asked is what a question says about levels and times, as SQL on a table with from_level, to_level and at.
func (u *unit) asked(q standing.ChangeQuery) (where []string, args []any) {
	add := func(text string, arg ...any) { where, args = append(where, text), append(args, arg...) }
	add("unit = ?", u.id)
	if q.From != 0 {
		add("at >= ?", q.From)
	}
	if q.To != 0 {
		add("at < ?", q.To)
	}
	level := uint8(1)
	if u.owner == standing.Tier {
		level = u.number(q.Level)
	}
	switch any := u.owner == standing.Tier && q.Level == ""; {
	case q.Way == "" && (any || u.owner != standing.Tier):
	case q.Way == "":
		add("(from_level = ? OR to_level = ?)", level, level)
	case q.Way == "entered" && any:
		add("to_level > 0")
	case q.Way == "entered":
		add("to_level = ?", level)
	case any:
		add("from_level > 0")
	default:
		add("from_level = ?", level)
	}
	return where, args
}

func (e *Engine) single(ctx context.Context, u *unit, q standing.ChangeQuery) ([]standing.Change, error) {
	where, args := u.asked(q)
	add := func(text string, arg any) { where, args = append(where, text), append(args, arg) }
	order := "at DESC, id DESC"
	if q.Person != 0 {
		add("person = ?", q.Person)
		order = "id DESC"
	}
	if q.Before > 0 {
		add("id < ?", q.Before)
	}
	if q.After > 0 {
		add("id > ?", q.After)
		order = strings.ReplaceAll(order, " DESC", "")
	}
	if err := e.bound(ctx, q, add); err != nil {
		return nil, err
	}
	rows, err := e.o.State.Query(ctx, "SELECT id, at, person, from_level, to_level, cause FROM membership_change WHERE "+
		strings.Join(where, " AND ")+" ORDER BY "+order+" LIMIT ?", append(args, q.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("list changes: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []standing.Change
	for rows.Next() {
		c := standing.Change{Owner: u.owner, Key: u.key}
		var from, to uint8
		if err := rows.Scan(&c.ID, &c.At, &c.Person, &from, &to, &c.Cause); err != nil {
			return nil, err
		}
		c.From, c.To = u.name(from), u.name(to)
		out = append(out, c)
	}
	return out, rows.Err()
}

// bound spares a page from beginning at the newest change again: moments ascend with ids.
func (e *Engine) bound(ctx context.Context, q standing.ChangeQuery, add func(text string, arg any)) error {
	id, text := q.Before, "at <= ?"
	if q.After > 0 {
		id, text = q.After, "at >= ?"
	}
	if id == 0 || q.Person != 0 {
		return nil
	}
	var at int64
	err := e.o.State.QueryRow(ctx, `SELECT COALESCE(MAX(at), 0) FROM (SELECT at FROM membership_change WHERE id = ?
		UNION ALL SELECT at FROM membership_bulk WHERE id <= ? AND id + people > ?) x`, id, id, id).Scan(&at)
	if err == nil && at != 0 {
		add(text, at)
	}
	return err
}

// many lists the steps of many at once, person by person.
func (e *Engine) many(ctx context.Context, u *unit, q standing.ChangeQuery) ([]standing.Change, error) {
	where, args := u.asked(q)
	order := " ORDER BY id DESC"
	if q.Before > 0 {
		where, args = append(where, "id < ?"), append(args, q.Before)
	}
	if q.After > 0 {
		where, args, order = append(where, "id + people > ?"), append(args, q.After), " ORDER BY id"
	}
	var out []standing.Change
	err := glance(ctx, e.o.State, u, strings.Join(where, " AND ")+order, args, func(k *bulk) bool {
		out = k.list(out, q)
		return len(out) < q.Limit
	})
	if err != nil {
		return nil, fmt.Errorf("list changes of many: %w", err)
	}
	return out, nil
}

// list appends a bulk's steps that a question asks for.
func (k *bulk) list(out []standing.Change, q standing.ChangeQuery) []standing.Change {
	one := func(person, id int64) standing.Change {
		return standing.Change{
			ID: id, At: k.at, Person: person, Owner: k.unit.owner, Key: k.unit.key, From: k.unit.name(k.from), To: k.unit.name(k.to), Cause: k.cause,
		}
	}
	before := q.Before
	if before == 0 {
		before = math.MaxInt64
	}
	if q.Person != 0 {
		if k.members.Contains(uint64(q.Person)) {
			if id := k.idOf(q.Person); id < before && id > q.After {
				out = append(out, one(q.Person, id))
			}
		}
		return out
	}
	n := int64(k.members.GetCardinality())
	if q.After > 0 {
		for i := max(q.After+1-k.id, 0); i < n && len(out) < q.Limit; i++ {
			person, _ := k.members.Select(uint64(i)) //nolint:errcheck // i is below the number of members
			out = append(out, one(int64(person), k.id+i))
		}
		return out
	}
	for i := min(before-k.id, n) - 1; i >= 0 && len(out) < q.Limit; i-- {
		person, _ := k.members.Select(uint64(i)) //nolint:errcheck // i is below the number of members
		out = append(out, one(int64(person), k.id+i))
	}
	return out
}

// Tally counts the steps of a definition's people in a span of time [from, to), by levels and cause.
func (e *Engine) Tally(ctx context.Context, owner standing.Owner, key string, from, to int64) ([]standing.Moved, error) {
	e.mu.RLock()
	u := e.find(owner, key)
	e.mu.RUnlock()
	if u == nil {
		return nil, nil
	}
	const each = " WHERE unit = ? AND at >= ? AND at < ? GROUP BY from_level, to_level, cause"
	sums := map[standing.Moved]int64{}
	for _, query := range []string{
		"SELECT from_level, to_level, cause, COUNT(*) FROM membership_change" + each,
		"SELECT from_level, to_level, cause, CAST(SUM(people) AS BIGINT) FROM membership_bulk" + each,
	} {
		if err := u.tally(ctx, e.o.State, query, []any{u.id, from, to}, sums); err != nil {
			return nil, fmt.Errorf("count changes: %w", err)
		}
	}
	out := make([]standing.Moved, 0, len(sums))
	for m, n := range sums {
		m.People = n
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b standing.Moved) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Cause, b.Cause))
	})
	return out, nil
}

func (u *unit) tally(ctx context.Context, q state.Querier, query string, args []any, sums map[standing.Moved]int64) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var from, to uint8
		var n int64
		var m standing.Moved
		if err := rows.Scan(&from, &to, &m.Cause, &n); err != nil {
			return err
		}
		m.From, m.To = u.name(from), u.name(to)
		sums[m] += n
	}
	return rows.Err()
}
