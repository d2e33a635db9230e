package rule

import (
	"cmp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// happened is an event of a test person.
type happened struct {
	time, node, arrival int64
	name                string
	amount              *int64 // minor units
	properties          map[string]event.Value
}

// human is a test person: everything that a rule can ask about.
type human struct {
	id         int64
	events     []happened
	traits     map[string]event.Value
	tags       map[string]int64 // since when, µs
	tiers      map[string]stand
	segments   map[string]int64
	first      string
	last       string
	identities map[string]bool
	consents   map[string]bool
}

// stand is a level and since when.
type stand struct {
	level string
	since int64
}

func newHuman(id int64) *human {
	return &human{
		id: id, traits: map[string]event.Value{}, tags: map[string]int64{}, tiers: map[string]stand{}, segments: map[string]int64{},
		identities: map[string]bool{}, consents: map[string]bool{},
	}
}

// inOrder are the events by (time, node, arrival).
func (h *human) inOrder() []happened {
	return slices.SortedFunc(slices.Values(h.events), func(a, b happened) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.node, b.node), cmp.Compare(a.arrival, b.arrival))
	})
}

// world numbers names as a timeline does. It knows the names and columns that it was told.
type world struct {
	codes   map[string]uint16
	columns []timeline.Column
}

func worldOf(people ...*human) *world {
	w := &world{codes: map[string]uint16{}}
	for _, p := range people {
		for _, e := range p.events {
			if _, ok := w.codes[e.name]; !ok {
				w.codes[e.name] = uint16(len(w.codes))
			}
		}
	}
	return w
}

func (w *world) Name(name string) (uint16, bool) {
	code, ok := w.codes[name]
	return code, ok
}

func (w *world) Col(c timeline.Column) (int, bool) {
	i := slices.Index(w.columns, c)
	if i < 0 {
		i = len(w.columns)
		w.columns = append(w.columns, c)
	}
	return i, true
}

// about are the facts of a person for what has these refs.
func (w *world) about(h *human, refs Refs, at Instant) *testFacts {
	f := &testFacts{human: h, refs: refs, world: w}
	for _, e := range h.inOrder() {
		if e.time < refs.From(at) || !refs.NeedsEvents() {
			continue
		}
		f.rows.events = append(f.rows.events, e)
		f.events.Times = append(f.events.Times, e.time)
		f.events.Names = append(f.events.Names, w.codes[e.name])
	}
	f.rows.world = w
	f.events.Rows = &f.rows
	return f
}

type testFacts struct {
	*human
	world  *world
	refs   Refs
	events Events
	rows   testRows
}

func (f *testFacts) Person() int64              { return f.id }
func (f *testFacts) Events() Events             { return f.events }
func (f *testFacts) Trait(slot int) event.Value { return f.traits[f.refs.Traits[slot]] }
func (f *testFacts) Tier(slot int) string       { return f.tiers[f.refs.Tiers[slot]].level }
func (f *testFacts) Identity(slot int) bool     { return f.identities[f.refs.Kinds[slot]] }
func (f *testFacts) Consent(slot int) bool      { return f.consents[f.refs.Purposes[slot]] }

func (f *testFacts) Tag(slot int) bool {
	_, ok := f.tags[f.refs.Tags[slot]]
	return ok
}

func (f *testFacts) Segment(slot int) bool {
	_, ok := f.segments[f.refs.Segments[slot]]
	return ok
}

func (f *testFacts) Since(slot int) (since int64, ok bool) {
	switch h := f.refs.Held[slot]; h.Owner {
	case "tag":
		since, ok = f.tags[h.Key]
	case "segment":
		since, ok = f.segments[h.Key]
	default:
		s := f.tiers[h.Key]
		since, ok = s.since, s.level != "" && s.level == h.Level
	}
	return since, ok
}

func (f *testFacts) Channel(last bool) string {
	if last {
		return f.last
	}
	return f.first
}

type testRows struct {
	world  *world
	events []happened
}

func (r *testRows) Positions(name uint16) (found []uint32) {
	for i, e := range r.events {
		if r.world.codes[e.name] == name {
			found = append(found, uint32(i))
		}
	}
	return found
}

func (r *testRows) Amount(i int) (int64, bool) {
	if a := r.events[i].amount; a != nil {
		return *a, true
	}
	return 0, false
}

func (r *testRows) Value(col, i int) event.Value {
	if c := r.world.columns[col]; c.Event == r.events[i].name {
		return r.events[i].properties[c.Property]
	}
	return event.Value{}
}

func (r *testRows) Number(col, i int) (float64, bool) { return numeric(r.Value(col, i)) }

func must(t testing.TB, text string) *Rule {
	t.Helper()
	r, problems := Parse(text, nil)
	require.Empty(t, problems, text)
	return r
}

// calendars makes each zone's calendar once.
type calendars struct {
	mu   sync.Mutex
	made map[string]*Calendar
}

func (c *calendars) in(zone *time.Location) *Calendar {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made[zone.String()] == nil {
		if c.made == nil {
			c.made = map[string]*Calendar{}
		}
		c.made[zone.String()] = NewCalendar(zone)
	}
	return c.made[zone.String()]
}

// answers runs rules over people in every way there is, and requires that they agree. With several rules the set shares their parts; with
// several people what is remembered of one must not be taken for another.
func answers(t require.TestingT, people []*human, rules []*Rule, at Instant, currency string) [][]bool {
	w := worldOf(people...)
	set, err := CompileAll(rules, w, currency)
	require.NoError(t, err)
	var runners []*Runner
	for _, grouped := range []bool{!set.compiler.grouped, set.compiler.grouped} { // both ways of finding events, whichever the set would take
		set.compiler.grouped = grouped
		runners = append(runners, set.Runner())
	}
	programs := make([]*Program, len(rules))
	for i, r := range rules {
		programs[i], err = r.Compile(w, currency)
		require.NoError(t, err)
	}
	var all [][]bool
	for _, h := range people {
		o := oracle{h, at.Now, at.calendar.zone, currency}
		inSet, want := make([]bool, len(rules)), make([]bool, len(rules))
		f := w.about(h, set.Refs(), at)
		set.Eval(f, at, inSet)
		for i, r := range rules {
			p := programs[i]
			f := w.about(h, p.Refs(), at)
			want[i] = o.holds(r.root, nil)
			require.Equal(t, want[i], p.Eval(f, at), "Eval of %s", r.Text())
			require.Equal(t, want[i], p.Eval(f, at), "Eval again of %s", r.Text())
			require.Equal(t, want[i], inSet[i], "Set.Eval of %s", r.Text())
			require.Equal(t, want[i], p.Explain(f, at).Result, "Explain of %s", r.Text())
		}
		for _, runner := range runners {
			runner.Eval(f, at, inSet)
			require.Equal(t, want, inSet, "Runner.Eval")
		}
		all = append(all, want)
	}
	return all
}

func (r *testRows) IsText(col, i int, text string) bool {
	is := r.Value(col, i)
	return is.Kind == event.Text && is.Text == text
}

func (r *testRows) Distinct(int, []uint32) (int, bool) { return 0, false }
