package ladder

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Kind of the definition; there is one, with the key Key.
const (
	Kind = "ladder"
	Key  = "main"
)

// Options are what the room works with.
type Options struct {
	Desk        *insight.Desk
	Definitions *define.Service
	Logger      *slog.Logger
}

// Service answers.
type Service struct {
	o     Options
	shelf *shelf.Shelf[Definition]
}

// New makes the room and registers its kind of question.
func New(ctx context.Context, o Options) (*Service, error) {
	s := &Service{o: o}
	var err error
	s.shelf, err = shelf.Open[Definition](ctx, o.Definitions, define.Kind{Name: Kind, Edit: actor.Operate, Check: func(_ string, raw json.RawMessage) error {
		var d Definition
		if err := json.Unmarshal(raw, &d); err != nil {
			return fault.Wrap(err, fault.Invalid, "ladder.invalid", "the ladder cannot be read")
		}
		return d.check()
	}}, o.Logger, nil)
	if err != nil {
		return nil, err
	}
	insight.Register(o.Desk, insight.Kind[Query, Answer, Of]{
		Name: "ladder", Summary: "Where people stand between interest and the step that costs something, and what moves them up",
		Common: func(q *Query) *insight.Common {
			if q.From == "" && q.Last == 0 {
				q.Last = 90
			}
			return &q.Common
		},
		Check: s.settle, Run: s.run, People: s.people, Table: table,
	})
	return s, nil
}

// check looks at a ladder by itself.
func (d Definition) check() error {
	var c fault.Check
	c.That(len(d.Rungs) == Rungs, "rungs", "a ladder has four rungs")
	for i, r := range d.Rungs {
		c.That(i < Rungs && r.Key == keys()[i], "rungs", "the rungs are interest, demand, trust and cost, in this order")
		c.That(strings.TrimSpace(r.Title) != "" && len(r.Title) <= 200, "rungs", "give each rung a name")
		c.That(len(r.Steps) <= 12, "rungs", "a rung has at most 12 steps")
		for _, s := range r.Steps {
			c.That(s.Event != "", "rungs", "choose an event for each step")
		}
	}
	return c.Err("ladder.invalid", "this is no ladder; see errors")
}

// settle puts the brand's own ladder in if the query brings none.
func (s *Service) settle(_ context.Context, q *Query) error {
	if len(q.Rungs) == 0 {
		q.Rungs = s.Get().Rungs
	}
	return Definition{q.Rungs}.check()
}

// known is the query's ladder without the steps whose event the pool has never seen, which are named by rung.
func (s *Service) known(ctx context.Context, rungs []Rung) (need insight.Need, of []int, unknown [Rungs][]string, err error) {
	schema, err := s.o.Desk.Schema(ctx)
	if err != nil {
		return need, nil, unknown, err
	}
	for k, r := range rungs {
		unknown[k] = []string{}
		for _, step := range r.Steps {
			if schema.Events != nil && !slices.Contains(schema.Events, step.Event) {
				unknown[k] = append(unknown[k], step.Event)
				continue
			}
			need.Steps, of = append(need.Steps, step), append(of, k)
		}
	}
	return need, of, unknown, nil
}

func (s *Service) scan(ctx context.Context, r *insight.Run, q Query, visit func(t *tally, v *insight.View, person int64, seq *timeline.Sequence)) ([]*tally, [Rungs][]string, error) {
	need, of, unknown, err := s.known(ctx, q.Rungs)
	if err != nil {
		return nil, unknown, err
	}
	days, err := s.o.Desk.Range(q.Span)
	if err != nil {
		return nil, unknown, err
	}
	need.People = q.People
	p, err := s.o.Desk.Plan(ctx, r, need)
	if err != nil {
		return nil, unknown, err
	}
	f := &frame{rung: of, from: days.Start().UnixMicro(), until: days.End().UnixMicro()}
	days.From = days.To.AddDate(0, 0, 1-min(recent, days.Days()))
	f.lastFrom = days.Start().UnixMicro()
	tallies, err := insight.Scan(ctx, r, p, f.from, func(*insight.View) *tally { return &tally{f: f, found: roaring64.New()} }, visit)
	return tallies, unknown, err
}

func (s *Service) run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	tallies, unknown, err := s.scan(ctx, r, q, func(t *tally, v *insight.View, _ int64, seq *timeline.Sequence) { t.visit(v, seq) })
	if err != nil {
		return Answer{}, err
	}
	all := &tally{}
	for _, t := range tallies {
		all.add(t)
	}
	days, err := s.o.Desk.Range(q.Span)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{From: days.From.Format(time.DateOnly), To: days.To.Format(time.DateOnly), People: all.people, Below: all.people - all.reached[0]}
	var names []string
	s.o.Desk.Timeline().Read(func(r *timeline.Reader) { names = append(names, r.Names()...) })
	for k, rung := range q.Rungs {
		step := Step{
			Rung: rung, Suggested: means(rung.Key), Unknown: unknown[k], Reached: all.reached[k], Standing: all.stood[k], Direct: all.direct[k], Rose: all.rose[k],
			Last: all.last[k], Wait: waitOf(all.waits[k]), Movers: []Mover{},
		}
		if step.Means == nil {
			step.Means = []string{}
		}
		if k > 0 {
			step.Stayed = all.stood[k-1]
			if all.reached[k-1] > 0 {
				step.Conversion = new(float64(all.reached[k]) / float64(all.reached[k-1]))
			}
			step.Movers = movers(names, all.risers[k], all.last[k], all.stayers[k-1], step.Stayed)
		}
		a.Rungs = append(a.Rungs, step)
	}
	return a, nil
}

func waitOf(list []int64) *Wait {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	at := func(q float64) float64 { // linear between the two nearest (Hyndman & Fan 1996, type 7)
		x := q * float64(len(list)-1)
		low := int(x)
		high := min(low+1, len(list)-1)
		return (float64(list[low]) + (x-float64(low))*float64(list[high]-list[low])) / float64(time.Hour/time.Microsecond)
	}
	return &Wait{Median: at(0.5), Low: at(0.25), High: at(0.75)}
}

// Fewer people than this, and nothing is said of what moved them.
const (
	fewest = 5
	shown  = 6
)

// movers are the events that were likelier among those who rose, the surest first.
func movers(names []string, risers []int64, rose int64, stayers []int64, stayed int64) []Mover {
	out := []Mover{}
	for code, n := range risers {
		if n < fewest || float64(n) < 0.01*float64(rose) || code >= len(names) {
			continue
		}
		other := int64(0)
		if code < len(stayers) {
			other = stayers[code]
		}
		a, all, b, rest := float64(n)+0.5, float64(rose)+1, float64(other)+0.5, float64(stayed)+1
		lift := a / all / (b / rest)
		m := Mover{Event: names[code], People: n, Share: float64(n) / float64(rose), Lift: lift, Low: lift * math.Exp(-1.96*math.Sqrt(1/a-1/all+1/b-1/rest))}
		if stayed > 0 {
			m.Stayed = float64(other) / float64(stayed)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Mover) int { return cmp.Or(cmp.Compare(b.Low, a.Low), cmp.Compare(a.Event, b.Event)) })
	return out[:min(len(out), shown)]
}

// people are those behind a number.
func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	k := of.Rung
	if k < 0 || k >= Rungs {
		return nil, insight.Invalid("ladder.invalid", "of.rung", "a ladder has four rungs, 0 to 3")
	}
	tallies, _, err := s.scan(ctx, r, q, func(t *tally, v *insight.View, person int64, seq *timeline.Sequence) {
		c, from, _ := t.f.climbOf(v, seq)
		in := false
		switch of.Who {
		case "reached":
			in = c.top >= k
		case "standing":
			in = c.top == k
		case "direct":
			in = c.top >= k && !c.rises(k)
		case "rose":
			in = c.rises(k)
		case "last":
			in = t.f.isLast(&c, k)
		case "did":
			name, ok := v.Name(of.Event)
			in = ok && t.f.isLast(&c, k) && did(seq, &c, k, from, name)
		case "below":
			in = c.top < 0
		}
		if in {
			t.found.Add(uint64(person))
		}
	})
	if err != nil {
		return nil, err
	}
	found := roaring64.New()
	for _, t := range tallies {
		found.Or(t.found)
	}
	return found, nil
}

// table is one row for each rung.
func table(_ Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{
		say("阶梯", "Rung"), say("到达", "Reached"), say("停留", "Standing"), say("直接到达", "Direct"), say("升上来", "Rose"), say("转化率", "Conversion"),
		say("等待中位数（小时）", "Median wait (hours)"), say("最近升上来", "Rose lately"), say("推动事件", "Moved by"), say("提升倍数", "Lift"),
	}}
	for _, r := range a.Rungs {
		row := []any{r.Title, r.Reached, r.Standing, r.Direct, r.Rose, r.Conversion, nil, r.Last, nil, nil}
		if r.Wait != nil {
			row[6] = r.Wait.Median
		}
		if len(r.Movers) > 0 {
			row[8], row[9] = r.Movers[0].Event, r.Movers[0].Lift
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
