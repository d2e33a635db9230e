package tag

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// mark is a tag on an identity.
type mark struct {
	node, person int64
	tag          string
	at, until    int64
	source       Source
	author, note string
}

// better says whether m is the mark that counts when a person has the same tag twice: the one that stays longer, then the older one.
func (m mark) better(n mark) bool {
	if (m.until == 0) != (n.until == 0) {
		return m.until == 0
	}
	if m.until != n.until {
		return m.until > n.until
	}
	return m.at < n.at
}

const markColumns = "t.node, i.person, t.tag, t.at, t.until, t.source, t.author, t.note"

func readMarks(ctx context.Context, q state.Querier, where string, args ...any) (out []mark, err error) {
	rows, err := q.Query(ctx, "SELECT "+markColumns+" FROM tag_on t JOIN identity i ON i.id = t.node "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m mark
		if err := rows.Scan(&m.node, &m.person, &m.tag, &m.at, &m.until, &m.source, &m.author, &m.note); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// peopleAtOnce bounds what a statement asks for.
const peopleAtOnce = 500

// marksOf are all marks on people, those of merged identities too, by person.
func marksOf(ctx context.Context, q state.Querier, people []int64) (map[int64][]mark, error) {
	out := make(map[int64][]mark, len(people))
	for part := range slices.Chunk(people, peopleAtOnce) {
		args := make([]any, len(part))
		for i, p := range part {
			args[i] = p
		}
		marks, err := readMarks(ctx, q, "WHERE i.person IN "+state.Marks(1, len(part)), args...)
		if err != nil {
			return nil, err
		}
		for _, m := range marks {
			out[m.person] = append(out[m.person], m)
		}
	}
	return out, nil
}

// settle gives the tags that a person has by its marks: of the same tag one, of an exclusive group the one put on last.
func (s *Service) settle(marks []mark) []mark {
	best := map[string]mark{}
	for _, m := range marks {
		if old, ok := best[m.tag]; !ok || m.better(old) {
			best[m.tag] = m
		}
	}
	last := map[string]mark{} // of each exclusive group
	for _, m := range best {
		group := s.exclusive(m.tag)
		if group == "" {
			continue
		}
		old, ok := last[group]
		if !ok || m.at > old.at || m.at == old.at && m.tag > old.tag {
			last[group] = m
		}
	}
	out := make([]mark, 0, len(best))
	for _, m := range best {
		if group := s.exclusive(m.tag); group == "" || last[group].tag == m.tag {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b mark) int {
		if a.tag < b.tag {
			return -1
		}
		return 1
	})
	return out
}

// exclusive is the exclusive group of a tag, empty if it is in none.
func (s *Service) exclusive(tag string) string {
	i, ok := s.tags.Find(tag)
	if !ok || i.Spec.Group == "" || i.Spec.State.Gone() {
		return ""
	}
	if g, ok := s.groups.Find(i.Spec.Group); !ok || !g.Spec.Exclusive {
		return ""
	}
	return i.Spec.Group
}

// Of yields the manual tags that people have, of everybody if people is nil.
func (s *Service) Of(ctx context.Context, q state.Querier, people []int64, yield func(person int64, tag string, since, until int64)) error {
	if people != nil {
		marks, err := marksOf(ctx, q, people)
		if err != nil {
			return err
		}
		for _, p := range people {
			for _, m := range s.settle(marks[p]) {
				yield(p, m.tag, m.at, m.until)
			}
		}
		return nil
	}
	const part = 50_000
	for after := int64(0); ; {
		marks, err := readMarks(ctx, q, "WHERE i.person > ? AND i.person IN (SELECT DISTINCT j.person FROM tag_on u JOIN identity j ON j.id = u.node WHERE j.person > ? ORDER BY j.person LIMIT ?) ORDER BY i.person",
			after, after, part)
		if err != nil || len(marks) == 0 {
			return err
		}
		after = marks[len(marks)-1].person
		for len(marks) > 0 {
			who := marks[0].person
			n := slices.IndexFunc(marks, func(m mark) bool { return m.person != who })
			if n < 0 {
				n = len(marks)
			}
			for _, m := range s.settle(marks[:n]) {
				yield(who, m.tag, m.at, m.until)
			}
			marks = marks[n:]
		}
	}
}

// step is one thing that happens to a person's tag.
type step struct {
	person       int64
	tag, change  string
	source       Source
	author, note string
	until        int64
}

// Changes as the history words them.
const (
	added    = "added"
	removed  = "removed"
	expired  = "expired"
	replaced = "replaced"
	extended = "extended"
)

// record writes history and events of all steps of a transaction, and tells the engine, which wants to be told once. The result is to be called
// after the commit.
func (s *Service) record(ctx context.Context, tx *state.Tx, steps []step) (func(), error) {
	if len(steps) == 0 {
		return func() {}, nil
	}
	people := make([]int64, 0, len(steps))
	for _, st := range steps {
		people = append(people, st.person)
	}
	who, err := names(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	sets := make([]standing.TagSet, 0, len(steps))
	now := state.Micros(tx.Now)
	for _, st := range steps {
		id, err := tx.Insert(ctx, "INSERT INTO tag_change (at, person, tag, change, source, author, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
			now, st.person, st.tag, st.change, string(st.source), st.author, st.note)
		if err != nil {
			return nil, err
		}
		on := st.change == added || st.change == extended
		sets = append(sets, standing.TagSet{Person: st.person, Tag: st.tag, On: on, Until: st.until})
		if st.change == extended {
			continue // the person has it as before
		}
		if err := s.emit(ctx, tx, id, st, who[st.person]); err != nil {
			return nil, err
		}
	}
	return s.o.Engine.SetTags(ctx, tx, sets)
}

// emit tells of a step as an event of the person.
func (s *Service) emit(ctx context.Context, tx *state.Tx, id int64, st step, who event.Identity) error {
	name := event.TagRemoved
	if st.change == added {
		name = event.TagAdded
	}
	title := st.tag
	if i, ok := s.tags.Find(st.tag); ok {
		title = i.Spec.Title
	}
	properties, err := told(map[string]string{"tag": st.tag, "title": title, "change": st.change, "source": string(st.source)})
	if err != nil {
		return err
	}
	e := event.Event{
		ID: "tag:" + strconv.FormatInt(id, 10), Type: event.Signal, Name: name, Time: state.Micros(tx.Now), Received: state.Micros(tx.Now),
		Identities: []event.Identity{who}, Properties: properties,
	}
	return tx.Emit(ctx, e.ID, event.Append(nil, &e))
}

// names are the identities whose numbers people have.
func names(ctx context.Context, q state.Querier, people []int64) (map[int64]event.Identity, error) {
	out := make(map[int64]event.Identity, len(people))
	for part := range slices.Chunk(people, peopleAtOnce) {
		if err := nameSome(ctx, q, part, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func nameSome(ctx context.Context, q state.Querier, people []int64, into map[int64]event.Identity) (err error) {
	args := make([]any, len(people))
	for i, p := range people {
		args[i] = p
	}
	rows, err := q.Query(ctx, "SELECT id, key FROM identity WHERE id IN "+state.Marks(1, len(people)), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id int64
		var key string
		if err := rows.Scan(&id, &key); err != nil {
			return err
		}
		into[id] = event.ParseKey(key)
	}
	return rows.Err()
}

// differ is what a person notices when marks have ended: tags that are gone, and those of merged identities that another had hidden.
func differ(who int64, before, after []mark) []step {
	var steps []step
	for _, m := range before {
		if !slices.ContainsFunc(after, func(n mark) bool { return n.tag == m.tag }) {
			steps = append(steps, step{person: who, tag: m.tag, change: expired, source: Expiry})
		}
	}
	for _, m := range after {
		if !slices.ContainsFunc(before, func(n mark) bool { return n.tag == m.tag }) {
			steps = append(steps, step{person: who, tag: m.tag, change: added, source: m.source, author: m.author, note: m.note, until: m.until})
		}
	}
	return steps
}

func sortSteps(steps []step) {
	slices.SortFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.person, b.person), -cmp.Compare(a.change, b.change), cmp.Compare(a.tag, b.tag))
	})
}
