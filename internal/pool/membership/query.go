package membership

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Members are the people in a segment or with a rule tag (level ""), or on a level of a tier. The bitmap is the caller's; nil if the engine does
// not know the definition.
func (e *Engine) Members(owner standing.Owner, key, level string) *roaring64.Bitmap {
	e.mu.RLock()
	defer e.mu.RUnlock()
	u := e.find(owner, key)
	if u == nil {
		return nil
	}
	number := uint8(1)
	if owner == standing.Tier {
		if number = u.number(level); number == 0 {
			return roaring64.New()
		}
	}
	var out *roaring64.Bitmap
	e.tl.Read(func(*timeline.Reader) { out = u.levels.Members(number) })
	return out
}

// Size is how many members there are, without naming them; as Members.
func (e *Engine) Size(owner standing.Owner, key, level string) int64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	u := e.find(owner, key)
	if u == nil {
		return 0
	}
	number := uint8(1)
	if owner == standing.Tier {
		number = u.number(level)
	}
	var n int64
	e.tl.Read(func(*timeline.Reader) { n = u.levels.Count(number) })
	return n
}

// Since says of people where they stand in one definition, and since when. Those who stand nowhere are left out.
func (e *Engine) Since(ctx context.Context, owner standing.Owner, key string, people []int64) (map[int64]standing.Held, error) {
	e.mu.RLock()
	u := e.find(owner, key)
	held := map[int64]standing.Held{}
	if u != nil {
		e.now(u, people, held)
	}
	e.mu.RUnlock()
	if len(held) == 0 {
		return held, nil
	}
	steps := map[int64]lastStep{}
	for part := range readParts(slices.Sorted(keysOf(held))) {
		if err := lastSteps(ctx, e.o.State, "person IN "+state.Marks(1, len(part))+" AND unit = ?", append(anys(part), u.id), func(person, _ int64, s lastStep) {
			steps[person] = s
		}); err != nil {
			return nil, err
		}
	}
	err := e.withBulks(ctx, u, held, steps)
	return held, err
}

// Standing is where a person stands in everything.
func (e *Engine) Standing(ctx context.Context, person int64) ([]standing.Held, error) {
	steps := map[int64]lastStep{}
	if err := lastSteps(ctx, e.o.State, "person = ?", []any{person}, func(_, unit int64, s lastStep) { steps[unit] = s }); err != nil {
		return nil, err
	}
	e.mu.RLock()
	units := e.sorted()
	at := make([]map[int64]standing.Held, len(units))
	for i, u := range units {
		at[i] = map[int64]standing.Held{}
		e.now(u, []int64{person}, at[i])
	}
	e.mu.RUnlock()
	var out []standing.Held
	for i, u := range units {
		if len(at[i]) == 0 {
			continue
		}
		mine := map[int64]lastStep{}
		if s, ok := steps[u.id]; ok {
			mine[person] = s
		}
		if err := e.withBulks(ctx, u, at[i], mine); err != nil {
			return nil, err
		}
		out = append(out, at[i][person])
	}
	slices.SortFunc(out, func(a, b standing.Held) int { return cmp.Or(cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Key, b.Key)) })
	return out, nil
}

// now fills in where people stand. e.mu is held.
func (e *Engine) now(u *unit, people []int64, into map[int64]standing.Held) {
	at := e.moment(e.o.Clock.Now())
	e.tl.Read(func(*timeline.Reader) {
		for _, p := range people {
			level := u.levels.At(p)
			if level == 0 {
				continue
			}
			h := standing.Held{Owner: u.owner, Key: u.key, Level: u.name(level)}
			if asked, waits := u.waits[p]; waits && u.spec != nil {
				stay := at.calendar.Start(at.calendar.Day(u.since.At(p)) + int64(u.spec.stay))
				grace := at.calendar.Start(at.calendar.Day(asked) + int64(u.spec.grace))
				h.HeldBy, h.Until = "stay", stay
				if grace >= stay {
					h.HeldBy, h.Until = "grace", grace
				}
			}
			into[p] = h
		}
	})
}

// lastStep is somebody's newest single change.
type lastStep struct {
	id, at int64
	cause  string
}

func lastSteps(ctx context.Context, q state.Querier, where string, args []any, yield func(person, unit int64, s lastStep)) error {
	rows, err := q.Query(ctx, "SELECT c.person, c.unit, c.id, c.at, c.cause FROM membership_change c JOIN (SELECT MAX(id) AS id FROM membership_change WHERE "+
		where+" GROUP BY person, unit) m ON m.id = c.id", args...)
	if err != nil {
		return fmt.Errorf("read changes: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var person, unit int64
		var s lastStep
		if err := rows.Scan(&person, &unit, &s.id, &s.at, &s.cause); err != nil {
			return err
		}
		yield(person, unit, s)
	}
	return rows.Err()
}

// withBulks fills in since when and why people stand there: by their newest single change, or by a newer step of many.
func (e *Engine) withBulks(ctx context.Context, u *unit, held map[int64]standing.Held, steps map[int64]lastStep) error {
	open := map[int64]bool{}
	oldest := int64(-1)
	for p := range held {
		open[p] = true
		if id := steps[p].id; oldest < 0 || id < oldest {
			oldest = id
		}
	}
	fill := func(p, at int64, cause string) {
		h := held[p]
		h.Since, h.Cause = at, cause
		held[p] = h
		delete(open, p)
	}
	if err := glance(ctx, e.o.State, u, "unit = ? AND id > ? ORDER BY id DESC", []any{u.id, oldest}, func(k *bulk) bool {
		for p := range open {
			if k.id > steps[p].id && k.members.Contains(uint64(p)) {
				fill(p, k.at, k.cause)
			}
		}
		return len(open) > 0
	}); err != nil {
		return err
	}
	for p := range open {
		fill(p, steps[p].at, steps[p].cause)
	}
	return nil
}

func keysOf(m map[int64]standing.Held) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
