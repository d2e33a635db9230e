package segment

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// Member is a person in a segment, or one who came or went.
type Member struct {
	rulebook.Member
	At *time.Time `json:"at,omitempty" doc:"When the change was"`
}

// PeopleIn gives a page of the people in a segment, by number.
func (s *Service) PeopleIn(ctx context.Context, key string, page httpapi.Paging) (rulebook.MembersPage[Member], error) {
	var out rulebook.MembersPage[Member]
	set, err := s.members(key)
	if err != nil {
		return out, err
	}
	ids, next, err := rulebook.PageOf(set, page)
	if err != nil {
		return out, err
	}
	rows, err := s.o.People.Rows(ctx, ids)
	if err != nil {
		return out, err
	}
	since, err := s.o.Engine.Since(ctx, standing.Segment, key, ids)
	if err != nil {
		return out, err
	}
	out.Items, out.Next, out.Total = make([]Member, 0, len(rows)), next, int64(set.GetCardinality())
	for _, r := range rows {
		out.Items = append(out.Items, Member{Member: rulebook.Member{Row: r, Since: state.Time(since[r.ID].Since)}})
	}
	return out, nil
}

// Changed gives a page of who came or went on a day, the newest first. The total is that of the day.
func (s *Service) Changed(ctx context.Context, key string, q rulebook.ChangesQuery, page httpapi.Paging) (rulebook.MembersPage[Member], error) {
	var out rulebook.MembersPage[Member]
	if _, err := s.members(key); err != nil {
		return out, err
	}
	changes, next, err := q.Changed(ctx, s.o.Engine, s.o.Zone(), s.o.Clock.Now(), standing.ChangeQuery{Owner: standing.Segment, Key: key}, page)
	if err != nil {
		return out, err
	}
	ids := make([]int64, len(changes))
	for i, c := range changes {
		ids[i] = c.Person
	}
	rows, err := rulebook.ByID(ctx, s.o.People, ids)
	if err != nil {
		return out, err
	}
	out.Items, out.Next = []Member{}, next
	for _, c := range changes {
		r, ok := rows[c.Person]
		if !ok {
			r = person.Row{ID: c.Person} // has become one with somebody since
		}
		at := state.Time(c.At)
		out.Items = append(out.Items, Member{rulebook.Member{Row: r, Since: at}, &at})
	}
	out.Total, err = s.changedOn(ctx, key, q)
	return out, err
}

func (s *Service) changedOn(ctx context.Context, key string, q rulebook.ChangesQuery) (int64, error) {
	day, _ := time.Parse(time.DateOnly, q.Date) // was read before; empty is today
	if q.Date == "" {
		day = s.o.Clock.Now().In(s.o.Zone())
	}
	from, to := rulebook.Today(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, s.o.Zone()), s.o.Zone())
	moved, err := s.o.Engine.Spans(ctx, standing.Segment, key, []int64{from, to})
	var n int64
	for _, m := range moved {
		if q.Change == "entered" && !in(m.From) && in(m.To) || q.Change == "left" && in(m.From) && !in(m.To) {
			n += m.People
		}
	}
	return n, err
}

// Export streams the people in a segment as CSV, with the moment since when.
func (s *Service) Export(ctx context.Context, key, columns string) (*huma.StreamResponse, error) {
	e, err := s.export(key, columns)
	if err != nil {
		return nil, err
	}
	out, err := s.o.People.Export(e)
	if err != nil {
		return nil, err
	}
	return out, s.exported(ctx, key, e)
}

// Write writes what Export streams.
func (s *Service) Write(ctx context.Context, w io.Writer, key, columns string) error {
	e, err := s.export(key, columns)
	if err != nil {
		return err
	}
	if err := s.o.People.Write(ctx, w, e); err != nil {
		return err
	}
	return s.exported(ctx, key, e)
}

func (s *Service) export(key, columns string) (person.Export, error) {
	set, err := s.members(key)
	if err != nil {
		return person.Export{}, err
	}
	return person.Export{
		File: "segment-" + key + ".csv", IDs: rulebook.IDs(set), Columns: columns, More: []string{"since"},
		Tell: func(ctx context.Context, ids []int64) (map[int64][]string, error) {
			since, err := s.o.Engine.Since(ctx, standing.Segment, key, ids)
			more := make(map[int64][]string, len(since))
			for id, h := range since {
				more[id] = []string{state.Time(h.Since).In(s.o.Zone()).Format(time.DateTime)}
			}
			return more, err
		},
	}, nil
}

// exported notes who took whom out.
func (s *Service) exported(ctx context.Context, key string, e person.Export) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		return s.o.Trail.Record(ctx, tx, "segment.export", key, map[string]any{"people": len(e.IDs), "columns": e.Columns})
	})
}

// Reason is why somebody is in a segment or not.
type Reason struct {
	rulebook.Explained
	In    bool          `json:"in" doc:"What is in force"`
	Since *time.Time    `json:"since"`
	Note  *rulebook.Two `json:"note" doc:"Why the two may differ"`
}

// Why explains a segment for a person, by any number that the person ever had.
func (s *Service) Why(ctx context.Context, key string, who int64) (Reason, error) {
	set, err := s.members(key)
	if err != nil {
		return Reason{}, err
	}
	item, err := s.shelf.Get(key)
	if err != nil {
		return Reason{}, err
	}
	r, err := s.o.Book.InForce(ctx, cmp.Or(item.Spec.Rule, "true")) // people that no rule describes fitted by being chosen
	if err != nil {
		return Reason{}, err
	}
	var out Reason
	if out.Explained, err = s.o.Book.ExplainRule(ctx, r, who); err != nil {
		return Reason{}, err
	}
	out.In = set.Contains(uint64(out.Person))
	since, err := s.o.Engine.Since(ctx, standing.Segment, key, []int64{out.Person})
	if err != nil {
		return Reason{}, err
	}
	if h, ok := since[out.Person]; ok && out.In {
		at := state.Time(h.Since)
		out.Since = &at
	}
	out.Note = s.note(item.Key, item.Spec)
	return out, nil
}

// note says why who is in a segment may not be whom its rule fits.
func (s *Service) note(key string, spec Spec) *rulebook.Two {
	switch {
	case spec.Mode == Static:
		day := state.Time(spec.Taken).In(s.o.Zone()).Format(time.DateOnly)
		return &rulebook.Two{ZH: fmt.Sprintf("这是 %s 的快照：当时符合条件的人一直在内，下面是现在的情况。", day), EN: fmt.Sprintf("This is a snapshot of %s: who fitted then stays in; below is how things are now.", day)}
	case spec.State == rulebook.Paused:
		return &rulebook.Two{ZH: "人群已暂停：没有人进出，下面是规则现在的结果。", EN: "The segment is paused: nobody comes or goes; below is what the rule says now."}
	case s.o.Engine.Progress(standing.Segment, key).State != standing.Ready:
		return &rulebook.Two{ZH: "新规则正在生效，完成前仍按原来的规则。", EN: "The new rule is coming into force; until then the one before counts."}
	}
	return nil
}
