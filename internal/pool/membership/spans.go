package membership

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// of are the units of an owner with a key, all of them if the key is empty.
func (e *Engine) of(owner standing.Owner, key string) map[int64]*unit {
	e.mu.RLock()
	defer e.mu.RUnlock()
	units := map[int64]*unit{}
	for _, u := range e.units {
		if u.owner == owner && (key == "" || u.key == key) {
			units[u.id] = u
		}
	}
	return units
}

// Spans counts the steps of a definition's people, of all definitions of the owner if key is empty, by span of time, levels and cause. Span
// number i begins at cuts[i] and ends before cuts[i+1].
func (e *Engine) Spans(ctx context.Context, owner standing.Owner, key string, cuts []int64) ([]standing.Moved, error) {
	units := e.of(owner, key)
	if len(units) == 0 || len(cuts) < 2 {
		return nil, nil
	}
	sums := map[standing.Moved]int64{}
	for _, from := range []string{"count(*) FROM membership_change", "CAST(SUM(people) AS BIGINT) FROM membership_bulk"} {
		if err := e.spans(ctx, units, cuts, from, sums); err != nil {
			return nil, fmt.Errorf("count changes: %w", err)
		}
	}
	out := make([]standing.Moved, 0, len(sums))
	for m, n := range sums {
		m.People = n
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b standing.Moved) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Cause, b.Cause))
	})
	return out, nil
}

func (e *Engine) spans(ctx context.Context, units map[int64]*unit, cuts []int64, from string, sums map[standing.Moved]int64) error {
	slot, args := "0", []any{}
	if len(cuts) > 2 {
		var b strings.Builder
		b.WriteString("CASE")
		for i, cut := range cuts[1 : len(cuts)-1] {
			fmt.Fprintf(&b, " WHEN at < ? THEN %d", i)
			args = append(args, cut)
		}
		fmt.Fprintf(&b, " ELSE %d END", len(cuts)-2)
		slot = b.String()
	}
	for id := range units {
		args = append(args, id)
	}
	args = append(args, cuts[0], cuts[len(cuts)-1])
	rows, err := e.o.State.Query(ctx, "SELECT unit, slot, from_level, to_level, cause, CAST(sum(n) AS BIGINT) FROM (SELECT unit, "+slot+" AS slot, from_level, to_level, cause, "+
		strings.Replace(from, " FROM", " AS n FROM", 1)+" WHERE unit IN "+state.Marks(1, len(units))+
		" AND at >= ? AND at < ? GROUP BY unit, at, from_level, to_level, cause) x GROUP BY unit, slot, from_level, to_level, cause", args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var id, n int64
		var a, b uint8
		var m standing.Moved
		if err := rows.Scan(&id, &m.Slot, &a, &b, &m.Cause, &n); err != nil {
			return err
		}
		u := units[id]
		m.Key, m.From, m.To = u.key, u.name(a), u.name(b)
		sums[m] += n
	}
	return rows.Err()
}

// way is from where to where somebody went in a span of time.
type way struct{ from, to uint8 }

// leg is one person's part of it.
type leg struct {
	id int64
	way
}

// Net counts the people of a definition who took steps in [from, to) by where they were before the first and after the last of them.
func (e *Engine) Net(ctx context.Context, owner standing.Owner, key string, from, to int64) ([]standing.Moved, error) {
	e.mu.RLock()
	u := e.find(owner, key)
	e.mu.RUnlock()
	if u == nil {
		return nil, nil
	}
	// Steps of many are taken together, as sets; then those who also took steps of their own are looked at one by one.
	sets := map[way]*roaring64.Bitmap{}
	var all []*bulk
	err := bulks(ctx, e.o.State, u, "unit = ? AND at >= ? AND at < ? ORDER BY id", []any{u.id, from, to}, func(k *bulk) bool {
		all = append(all, k)
		rest := k.members.Clone()
		next := map[way]*roaring64.Bitmap{}
		for w, set := range sets {
			both := roaring64.And(set, k.members)
			if both.IsEmpty() {
				continue
			}
			set.AndNot(both)
			rest.AndNot(both)
			join(next, way{w.from, k.to}, both)
		}
		join(next, way{k.from, k.to}, rest)
		for w, set := range next {
			join(sets, w, set)
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read changes of many: %w", err)
	}
	own, err := e.steps(ctx, u, from, to)
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	for person, steps := range own {
		for _, set := range sets {
			set.Remove(uint64(person))
		}
		for _, k := range all {
			if k.members.Contains(uint64(person)) {
				steps = append(steps, leg{k.idOf(person), way{k.from, k.to}})
			}
		}
		first := slices.MinFunc(steps, func(a, b leg) int { return cmp.Compare(a.id, b.id) })
		last := slices.MaxFunc(steps, func(a, b leg) int { return cmp.Compare(a.id, b.id) })
		join(sets, way{first.from, last.to}, roaring64.BitmapOf(uint64(person)))
	}
	var out []standing.Moved
	for w, set := range sets {
		if n := int64(set.GetCardinality()); n > 0 {
			out = append(out, standing.Moved{Key: key, From: u.name(w.from), To: u.name(w.to), People: n})
		}
	}
	slices.SortFunc(out, func(a, b standing.Moved) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out, nil
}

func join(sets map[way]*roaring64.Bitmap, w way, set *roaring64.Bitmap) {
	if sets[w] == nil {
		sets[w] = roaring64.New()
	}
	sets[w].Or(set)
}

// steps are the single steps of people in a span of time.
func (e *Engine) steps(ctx context.Context, u *unit, from, to int64) (map[int64][]leg, error) {
	rows, err := e.o.State.Query(ctx, "SELECT id, person, from_level, to_level FROM membership_change WHERE unit = ? AND at >= ? AND at < ?", u.id, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	out := map[int64][]leg{}
	for rows.Next() {
		var person int64
		var s leg
		if err := rows.Scan(&s.id, &person, &s.from, &s.to); err != nil {
			return nil, err
		}
		out[person] = append(out[person], s)
	}
	return out, rows.Err()
}
