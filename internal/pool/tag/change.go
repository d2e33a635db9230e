package tag

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

func told(v any) ([]byte, error) { return json.Marshal(v) }

// Action is what is done with a tag.
type Action string

// The actions.
const (
	Add    Action = "add"
	Remove Action = "remove"
)

// order is one act with one tag on some people.
type order struct {
	tag          shelf.Item[Spec]
	action       Action
	until        int64 // µs; 0 never, -1: by the tag's own rule
	source       Source
	author, note string
}

// tally is what an order came to.
type tally struct{ changed, already, replaced int64 }

// manual gives a tag that can be put on and taken off.
func (s *Service) manual(key string) (shelf.Item[Spec], error) {
	i, err := s.tags.Get(key)
	switch {
	case err != nil:
		return i, err
	case i.Spec.Mode == ByRule:
		return i, fault.New(fault.Conflict, "tag.by_rule", "the tag %q is put on by its rule; change the rule instead", key)
	case i.Spec.State == rulebook.Archived:
		return i, fault.New(fault.Conflict, "tag.archived", "the tag %q is archived; bring it back first", key)
	}
	return i, nil
}

// untilOf is when a mark ends.
func (s *Service) untilOf(o order, now time.Time) int64 {
	if o.until >= 0 {
		return o.until
	}
	if o.tag.Spec.ExpiresDays == 0 {
		return 0
	}
	zone := s.o.Zone()
	return calendar.Midnight(calendar.DayOf(now, zone).AddDate(0, 0, o.tag.Spec.ExpiresDays), zone).UnixMicro()
}

// carry does an order for some people, by their present numbers, within a transaction, and gives the steps to be recorded.
func (s *Service) carry(ctx context.Context, tx *state.Tx, o order, people []int64) (tally, []step, error) {
	var n tally
	marks, err := marksOf(ctx, tx, people)
	if err != nil {
		return n, nil, err
	}
	var steps []step
	for _, p := range people {
		more, err := s.one(ctx, tx, o, p, marks[p], &n)
		if err != nil {
			return n, nil, err
		}
		steps = append(steps, more...)
	}
	return n, steps, nil
}

// one does an order for one person.
func (s *Service) one(ctx context.Context, tx *state.Tx, o order, person int64, marks []mark, n *tally) ([]step, error) {
	st := step{person: person, tag: o.tag.Key, source: o.source, author: o.author, note: o.note}
	same := slices.IndexFunc(marks, func(m mark) bool { return m.tag == o.tag.Key })
	if o.action == Remove {
		if same < 0 {
			n.already++
			return nil, nil
		}
		n.changed++
		st.change = removed
		return []step{st}, s.wipe(ctx, tx, marks, o.tag.Key)
	}
	st.until = s.untilOf(o, tx.Now)
	has := slices.IndexFunc(s.settle(marks), func(m mark) bool { return m.tag == o.tag.Key })
	if has >= 0 {
		if m := s.settle(marks)[has]; m.until == st.until || o.until < 0 && m.until == 0 {
			n.already++
			return nil, nil
		}
		n.changed++
		st.change = extended
		if err := s.wipe(ctx, tx, marks, o.tag.Key); err != nil {
			return nil, err
		}
		return []step{st}, s.put(ctx, tx, st, s.settle(marks)[has].at)
	}
	var steps []step
	if group := s.exclusive(o.tag.Key); group != "" {
		for _, m := range s.settle(marks) {
			if s.exclusive(m.tag) != group {
				continue
			}
			n.replaced++
			steps = append(steps, step{person: person, tag: m.tag, change: replaced, source: o.source, author: o.author, note: o.note})
		}
		for _, t := range s.in(group) { // hidden ones of merged people too
			if err := s.wipe(ctx, tx, marks, t); err != nil {
				return nil, err
			}
		}
	}
	n.changed++
	st.change = added
	return append(steps, st), s.put(ctx, tx, st, state.Micros(tx.Now))
}

// wipe takes a tag off all identities of a person.
func (s *Service) wipe(ctx context.Context, tx *state.Tx, marks []mark, tag string) error {
	for _, m := range marks {
		if m.tag != tag {
			continue
		}
		if _, err := tx.Exec(ctx, "DELETE FROM tag_on WHERE node = ? AND tag = ?", m.node, tag); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) put(ctx context.Context, tx *state.Tx, st step, at int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO tag_on (node, tag, at, until, source, author, note) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (node, tag) DO UPDATE SET at = excluded.at, until = excluded.until, source = excluded.source, author = excluded.author, note = excluded.note`,
		st.person, st.tag, at, st.until, string(st.source), st.author, st.note)
	return err
}

// present are the present numbers of people, without those that nobody has or had, and how many those are.
func present(ctx context.Context, q state.Querier, numbers []int64) ([]int64, int64, error) {
	found := map[int64]int64{}
	for part := range slices.Chunk(numbers, peopleAtOnce) {
		if err := presentSome(ctx, q, part, found); err != nil {
			return nil, 0, err
		}
	}
	var out []int64
	var unknown int64
	for _, n := range numbers {
		if p, ok := found[n]; ok {
			out = append(out, p)
		} else {
			unknown++
		}
	}
	slices.Sort(out)
	return slices.Compact(out), unknown, nil
}

func presentSome(ctx context.Context, q state.Querier, numbers []int64, into map[int64]int64) error {
	args := make([]any, len(numbers))
	for i, n := range numbers {
		args[i] = n
	}
	rows, err := q.Query(ctx, "SELECT id, person FROM identity WHERE id IN "+state.Marks(1, len(numbers)), args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var id, who int64
		if err := rows.Scan(&id, &who); err != nil {
			return err
		}
		into[id] = who
	}
	return rows.Err()
}

// PersonInput is what is done with the tags of one person.
type PersonInput struct {
	Add    []string   `json:"add,omitempty" maxItems:"100"`
	Remove []string   `json:"remove,omitempty" maxItems:"100"`
	Until  *time.Time `json:"until,omitempty" doc:"When the added ones end; by each tag's own days if it is not said"`
	Note   string     `json:"note,omitempty" maxLength:"1000"`
}

// sourceOf is how a mark came to be that the context's actor makes on one person.
func sourceOf(ctx context.Context, many bool) Source {
	switch {
	case actor.From(ctx).Kind == actor.Key:
		return API
	case many:
		return Bulk
	}
	return Hand
}

func (s *Service) until(at *time.Time) (int64, error) {
	if at == nil {
		return -1, nil
	}
	if !at.After(s.o.Clock.Now()) {
		return 0, fault.New(fault.Invalid, "tag.until", "the tag would end before it begins; take a moment to come")
	}
	return state.Micros(*at), nil
}

// Change puts tags on a person, by any number it ever had, and takes others off, and gives the present number.
func (s *Service) Change(ctx context.Context, who int64, in PersonInput) (int64, error) {
	until, err := s.until(in.Until)
	if err != nil {
		return 0, err
	}
	var orders []order
	for action, keys := range map[Action][]string{Remove: in.Remove, Add: in.Add} {
		for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
			i, err := s.manual(key)
			if err != nil {
				return 0, err
			}
			if action == Add && slices.Contains(in.Remove, key) {
				return 0, fault.New(fault.Invalid, "tag.invalid", "the tag %q cannot be put on and taken off at once", key)
			}
			orders = append(orders, order{tag: i, action: action, until: until, source: sourceOf(ctx, false), author: actor.From(ctx).Label(), note: in.Note})
		}
	}
	slices.SortStableFunc(orders, func(a, b order) int { // first off, then on
		return int(b.action[0]) - int(a.action[0])
	})
	var person int64
	var done func()
	err = s.o.State.InTx(ctx, func(tx *state.Tx) error {
		people, _, err := present(ctx, tx, []int64{who})
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return fault.New(fault.NotFound, "person.not_found", "there is nobody with the number %d", who)
		}
		person = people[0]
		var steps []step
		for _, o := range orders {
			n, more, err := s.carry(ctx, tx, o, people)
			if err != nil {
				return err
			}
			steps = append(steps, more...)
			if n.changed == 0 {
				continue
			}
			if err := s.o.Trail.Record(ctx, tx, "tag."+string(o.action), o.tag.Key, map[string]any{"people": people, "source": o.source, "note": o.note}); err != nil {
				return err
			}
		}
		done, err = s.record(ctx, tx, steps)
		return err
	})
	if err != nil {
		return 0, err
	}
	done()
	return person, nil
}
