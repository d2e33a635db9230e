package distribution

import (
	"context"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
)

// Distribution: how many times people did an event, on how many days, with how much in all; or which values a property or a trait has.
//
//   - times, days, sum are figures of people with at least one event in the range; sum is of a number that the events carry, and only of people
//     who have one. Who never did it is counted beside.
//   - property is a figure of each event in the range. What is no number is counted value by value.
//   - trait is a figure of each person, as of now, whatever the range.

// Figure is what is spread.
type Figure string

// The figures.
const (
	OfTimes    Figure = "times"
	OfDays     Figure = "days"
	OfSum      Figure = "sum"
	OfProperty Figure = "property"
	OfTrait    Figure = "trait"
)

// Query asks for a distribution.
type Query struct {
	insight.Common
	Figure    Figure             `json:"figure,omitempty" enum:"times,days,sum,property,trait" doc:"times unless said"`
	Step      insight.Step       `json:"step,omitzero" doc:"The event; not of traits"`
	Name      string             `json:"name,omitempty" maxLength:"200" doc:"Of the property (\"revenue\" is the event's amount) or the trait"`
	Edges     []float64          `json:"edges,omitempty" maxItems:"100" doc:"Bounds between bins, rising; chosen from the figures if empty"`
	Values    int                `json:"values,omitempty" minimum:"0" maximum:"100" doc:"How many different values of what is no number; 20 unless said"`
	Breakdown *insight.Breakdown `json:"breakdown,omitempty"`
}

// Value is a value that is no number.
type Value struct {
	Value string `json:"value"`
	Rest  bool   `json:"rest,omitempty" doc:"All other values together"`
}

// Part is the distribution in one group.
type Part struct {
	Group  *insight.Group `json:"group,omitempty" doc:"Of a breakdown"`
	Spread Spread         `json:"spread"`
	Counts []int64        `json:"counts" nullable:"false" doc:"By bin: people, or events if the figure is of a property"`
	Values []int64        `json:"values" nullable:"false" doc:"By value"`
	None   *int64         `json:"none" doc:"People without a figure: who never did it, or lack the trait; null with a breakdown"`
}

// Answer is a distribution.
type Answer struct {
	Unit     Unit    `json:"unit" enum:"times,days,money,number"`
	Counted  string  `json:"counted" enum:"people,events" doc:"What bins count"`
	Currency string  `json:"currency"`
	Bins     []Bin   `json:"bins" nullable:"false"`
	Values   []Value `json:"values" nullable:"false" doc:"Values that are no numbers, the most frequent first"`
	Parts    []Part  `json:"parts" nullable:"false" doc:"One, or one for each group"`
}

// Of is a bar: its bin or its value, and its group.
type Of struct {
	From  *float64       `json:"from,omitempty"`
	To    *float64       `json:"to,omitempty"`
	Value *Value         `json:"value,omitempty"`
	None  bool           `json:"none,omitempty" doc:"Those without a figure"`
	Group *insight.Group `json:"group,omitempty"`
}

func checkQuery(_ context.Context, q *Query) error {
	var c fault.Check
	if q.Figure == "" {
		q.Figure = OfTimes
	}
	if q.Values == 0 {
		q.Values = 20
	}
	switch q.Figure {
	case OfTimes, OfDays:
		q.Name = ""
	case OfTrait:
		c.That(q.Name != "", "body.name", "name the trait")
		q.Step = insight.Step{}
	case OfSum, OfProperty:
		c.That(q.Name != "", "body.name", "name the property")
		c.That(q.Step.Event != "" || q.Name == Revenue, "body.name", "any activity has no property of its own; choose an event, or revenue")
	default:
		c.That(false, "body.figure", "there is no figure %q", string(q.Figure))
	}
	checkEdges(&c, "body.edges", q.Edges)
	return c.Err("distribution.invalid", "this distribution cannot be asked for; see errors")
}

// unit is what the figures are.
func (q *Query) unit() Unit {
	switch {
	case q.Figure == OfTimes:
		return Times
	case q.Figure == OfDays:
		return Days
	case q.Name == Revenue && q.Figure != OfTrait:
		return Money
	}
	return Number
}

// tally is what one worker, or all, found in one group.
type tally struct {
	numbers map[float64]int64
	texts   map[string]int64
}

func (t *tally) add(from *tally) {
	if t.numbers == nil {
		t.numbers, t.texts = map[float64]int64{}, map[string]int64{}
	}
	mergeCounts(t.numbers, from.numbers)
	mergeCounts(t.texts, from.texts)
}

// Distribution answers a query.
func (s *Service) Distribution(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	look, err := s.look(ctx, r, q)
	if err != nil {
		return Answer{}, err
	}
	workers, err := look.scan(ctx, r, nil)
	if err != nil {
		return Answer{}, err
	}
	g := look.plan.Groups(func(worker, group int) int64 { return workers[worker].n(group) })
	parts := make([]tally, len(g.List))
	people := int64(0)
	for w, worker := range workers {
		people += worker.people
		for group := range worker.groups {
			parts[g.At(w, group)].add(&worker.groups[group])
		}
	}
	a := Answer{Unit: q.unit(), Counted: "people", Currency: s.desk.Currency(), Bins: []Bin{}, Values: []Value{}, Parts: []Part{}}
	if q.Figure == OfProperty {
		a.Counted = "events"
	}
	var all tally
	for i := range parts {
		all.add(&parts[i])
	}
	edges := q.Edges
	numbers := sorted(all.numbers)
	if len(edges) == 0 {
		edges = edgesOf(a.Unit, numbers)
	}
	if numbers.n() > 0 {
		a.Bins = binsOf(edges)
	}
	a.Values = topValues(all.texts, q.Values)
	for i := range parts {
		a.Parts = append(a.Parts, part(&parts[i], a, edges))
		if q.Breakdown != nil {
			a.Parts[i].Group = &g.List[i]
		}
	}
	if q.Breakdown == nil && q.Figure != OfProperty {
		none := look.plan.Count() - people
		a.Parts[0].None = &none
	}
	return a, nil
}

func part(t *tally, a Answer, edges []float64) Part {
	f := sorted(t.numbers)
	p := Part{Spread: f.spread(), Counts: []int64{}, Values: make([]int64, len(a.Values))}
	if len(a.Bins) > 0 {
		p.Counts = f.counts(edges)
	}
	place := map[string]int{}
	rest := -1
	for i, v := range a.Values {
		if v.Rest {
			rest = i
			continue
		}
		place[v.Value] = i
	}
	for text, n := range t.texts {
		if at, ok := place[text]; ok {
			p.Values[at] += n
		} else if rest >= 0 {
			p.Values[rest] += n
		}
	}
	return p
}

// topValues are the most frequent values, and the rest if there are more.
func topValues(texts map[string]int64, most int) []Value {
	all := make([]string, 0, len(texts))
	for text := range texts {
		all = append(all, text)
	}
	slices.SortFunc(all, func(a, b string) int {
		if texts[a] != texts[b] {
			if texts[a] > texts[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	out := []Value{}
	for i, text := range all {
		if i == most {
			return append(out, Value{Rest: true})
		}
		out = append(out, Value{Value: text})
	}
	return out
}

// DistributionPeople are those in a bar.
func (s *Service) DistributionPeople(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	look, err := s.look(ctx, r, q)
	if err != nil {
		return nil, err
	}
	want := &wanted{of: of}
	needsRest := of.Value != nil && of.Value.Rest || of.Group != nil && of.Group.Rest
	if needsRest {
		a, err := s.Distribution(ctx, r, q)
		if err != nil {
			return nil, err
		}
		want.named = a
	}
	workers, err := look.scan(ctx, r, want)
	if err != nil {
		return nil, err
	}
	out := roaring64.New()
	for _, w := range workers {
		out.Or(w.found)
	}
	return out, nil
}

// wanted is a bar that people are looked for.
type wanted struct {
	of    Of
	named Answer // whose groups and values the rest is not
}

// figure says whether a figure is in the bar.
func (w *wanted) number(v float64) bool {
	return w.of.Value == nil && !w.of.None && in(v, w.of.From, w.of.To)
}

func (w *wanted) text(text string) bool {
	switch {
	case w.of.None || w.of.Value == nil:
		// of a whole group: everything counts
		return !w.of.None && w.of.From == nil && w.of.To == nil
	case !w.of.Value.Rest:
		return text == w.of.Value.Value
	}
	return !slices.Contains(w.named.Values, Value{Value: text})
}

func (w *wanted) group(g insight.Group) bool {
	switch {
	case w.of.Group == nil:
		return true
	case !w.of.Group.Rest:
		return g.Same(*w.of.Group)
	}
	for _, p := range w.named.Parts {
		if p.Group != nil && p.Group.Same(g) {
			return false
		}
	}
	return true
}
