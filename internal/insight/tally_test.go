package insight_test

import (
	"cmp"
	"context"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// The tally is the simplest kind of question, for these tests: how many people did each step, how often, and for how much, by group.
type (
	tallyQuery struct {
		insight.Common
		Steps     []insight.Step     `json:"steps" minItems:"1"`
		Breakdown *insight.Breakdown `json:"breakdown,omitempty"`
	}
	tallyOf struct {
		Group *insight.Group `json:"group,omitempty"`
		Step  int            `json:"step"`
	}
	tallyRow struct {
		Group  insight.Group `json:"group"`
		Step   int           `json:"step"`
		People int64         `json:"people"`
		Events int64         `json:"events"`
		Amount int64         `json:"amount"`
	}
	tallyAnswer struct {
		Rows []tallyRow `json:"rows" nullable:"false"`
	}
)

type tallyCell struct {
	people *roaring64.Bitmap
	events int64
	amount int64
}

// tallyTable is a worker's: by group, then step.
type tallyTable struct{ groups [][]tallyCell }

func (t *tallyTable) cell(group, step, steps int) *tallyCell {
	for len(t.groups) <= group {
		cells := make([]tallyCell, steps)
		for i := range cells {
			cells[i].people = roaring64.New()
		}
		t.groups = append(t.groups, cells)
	}
	return &t.groups[group][step]
}

func tally(d *insight.Desk, before func(ctx context.Context, r *insight.Run) error) insight.Kind[tallyQuery, tallyAnswer, tallyOf] {
	count := func(ctx context.Context, r *insight.Run, q tallyQuery) (*insight.Grouping, [][]tallyCell, error) {
		if before != nil {
			if err := before(ctx, r); err != nil {
				return nil, nil, err
			}
		}
		days, err := d.Range(q.Span)
		if err != nil {
			return nil, nil, err
		}
		plan, err := d.Plan(ctx, r, insight.Need{Steps: q.Steps, People: q.People, Breakdown: q.Breakdown})
		if err != nil {
			return nil, nil, err
		}
		from, end, n := days.Start().UnixMicro(), days.End().UnixMicro(), len(q.Steps)
		tables, err := insight.Scan(ctx, r, plan, from, func(*insight.View) *tallyTable { return &tallyTable{} },
			func(t *tallyTable, v *insight.View, person int64, s *timeline.Sequence) {
				for i := range insight.Upto(s, end) {
					for step := range n {
						if !v.Step(step).Matches(s, i) {
							continue
						}
						groups := v.Groups(person)
						if q.Breakdown.EventBreakdown() {
							groups = []int{v.EventGroup(s, i)}
						}
						for _, g := range groups {
							c := t.cell(g, step, n)
							c.people.Add(uint64(person))
							c.events++
							amount, _ := s.Amount(i)
							c.amount += amount
						}
					}
				}
			})
		if err != nil {
			return nil, nil, err
		}
		groups := plan.Groups(func(worker, group int) int64 {
			if group >= len(tables[worker].groups) {
				return 0
			}
			return tables[worker].groups[group][0].events
		})
		sum := tallyTable{}
		sum.cell(max(0, len(groups.List)-1), 0, n)
		for w, t := range tables {
			for g, cells := range t.groups {
				for step, c := range cells {
					into := sum.cell(groups.At(w, g), step, n)
					into.people.Or(c.people)
					into.events += c.events
					into.amount += c.amount
				}
			}
		}
		return groups, sum.groups, nil
	}
	return insight.Kind[tallyQuery, tallyAnswer, tallyOf]{
		Name: "tally", Summary: "How many people did each step", Common: func(q *tallyQuery) *insight.Common { return &q.Common },
		Run: func(ctx context.Context, r *insight.Run, q tallyQuery) (tallyAnswer, error) {
			groups, cells, err := count(ctx, r, q)
			if err != nil {
				return tallyAnswer{}, err
			}
			out := tallyAnswer{Rows: []tallyRow{}}
			for g, group := range groups.List {
				for step, c := range cells[g] {
					out.Rows = append(out.Rows, tallyRow{group, step + 1, int64(c.people.GetCardinality()), c.events, c.amount})
				}
			}
			return out, nil
		},
		People: func(ctx context.Context, r *insight.Run, q tallyQuery, of tallyOf) (*roaring64.Bitmap, error) {
			groups, cells, err := count(ctx, r, q)
			if err != nil {
				return nil, err
			}
			if of.Step < 1 || of.Step > len(q.Steps) {
				return nil, insight.Invalid("tally.step", "of.step", "there are %d steps", len(q.Steps))
			}
			all := roaring64.New()
			for g, group := range groups.List {
				if of.Group == nil || of.Group.Same(group) {
					all.Or(cells[g][of.Step-1].people)
				}
			}
			return all, nil
		},
		Table: func(_ tallyQuery, a tallyAnswer, say insight.Say) insight.Table {
			t := insight.Table{Columns: []string{say("分组", "group"), say("步骤", "step"), say("人数", "people"), say("次数", "events"), say("金额", "amount")}}
			for _, row := range a.Rows {
				name := cmp.Or(row.Group.Title, row.Group.Key)
				switch {
				case row.Group.None:
					name = say("（无）", "(none)")
				case row.Group.Rest:
					name = say("其他", "(rest)")
				}
				t.Rows = append(t.Rows, []any{name, row.Step, row.People, row.Events, insight.Money{Minor: row.Amount, Currency: d.Currency()}})
			}
			return t
		},
	}
}
