package membership

import (
	"context"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// touched is who did or was given something in a batch, and which nodes of the plan that may concern.
type touched struct {
	plan    *plan
	words   int
	place   map[int64]int
	people  []int64
	masks   []uint64
	signals map[int64][]followed      // by person
	moved   map[int64][]int64         // who got nodes → whose they were
	gone    map[int64]string          // who is no more → cause
	hand    map[int64]map[string]bool // tags by hand that are being set
	cause   string
}

// followed is a signal among the events, and whom it may concern.
type followed struct {
	mask mask
	hops uint8
}

func newTouched(p *plan, cause string) *touched {
	return &touched{
		plan: p, words: len(p.all), place: map[int64]int{}, signals: map[int64][]followed{}, moved: map[int64][]int64{},
		gone: map[int64]string{}, cause: cause,
	}
}

// of is the mask of a person.
func (t *touched) of(person int64) mask {
	i, ok := t.place[person]
	if !ok {
		i = len(t.people)
		t.place[person] = i
		t.people = append(t.people, person)
		t.masks = append(t.masks, make([]uint64, t.words)...)
	}
	return t.masks[i*t.words : (i+1)*t.words]
}

// Follow brings timeline and roster in step with a batch and decides whom it concerns. It is called in the batch's transaction; if that fails
// afterwards, the process must end: the timeline is ahead then.
func (e *Engine) Follow(ctx context.Context, tx *state.Tx, c apply.Change) error {
	if err := e.mustBeReady(); err != nil {
		return err
	}
	b, err := e.enter(ctx, tx)
	if err != nil {
		return err
	}
	marks, err := e.marksOf(ctx, tx, c)
	if err != nil {
		return err
	}
	e.tl.Update(func(w *timeline.Writer) {
		w.Append(e.rows(c.Rows))
		for _, m := range c.Moves {
			w.Join(m.Node, m.Now)
		}
		w.Reached(c.Position)
		e.inStep(c, marks, &err)
	})
	if err != nil {
		return fmt.Errorf("bring the roster in step: %w", err)
	}
	if err := e.renew(); err != nil {
		return err
	}
	t := newTouched(e.plan, causeEvent)
	t.events(c.Rows)
	t.persons(c)
	for i := range c.Rows {
		if r := &c.Rows[i]; r.Time > b.at.Now && event.Type(r.Type) != event.Command {
			b.dueNew = append(b.dueNew, due{r.Anchor, r.Time})
		}
	}
	e.decide(b, t)
	if err := e.write(ctx, tx, b); err != nil {
		return fmt.Errorf("write memberships: %w", err)
	}
	b.follows = true
	e.leave(b)
	return nil
}

// Committed takes what Follow decided into memory.
func (e *Engine) Committed(apply.Change) {
	e.mu.RLock()
	b := e.pending
	e.mu.RUnlock()
	if b != nil && b.follows {
		e.committed(b)
	}
}

// rows are a batch's events as the timeline takes them.
func (e *Engine) rows(in []warehouse.Row) []timeline.Row {
	currency := e.o.Currency()
	out := make([]timeline.Row, 0, len(in))
	for i := range in {
		r := &in[i]
		if event.Type(r.Type) == event.Command {
			continue
		}
		out = append(out, timeline.Row{
			Node: r.Anchor, Time: r.Time, Name: r.Name, Channel: r.Channel, Amount: r.Amount, HasAmount: r.Currency != "" && r.Currency == currency,
			Properties: r.Properties,
		})
	}
	return out
}

// marksOf are the tags by hand of everybody whose nodes came or went.
func (e *Engine) marksOf(ctx context.Context, tx *state.Tx, c apply.Change) (map[int64]map[string]int64, error) {
	marks := map[int64]map[string]int64{}
	for _, m := range c.Moves {
		if m.Before != 0 {
			marks[m.Before], marks[m.Now] = map[string]int64{}, map[string]int64{}
		}
	}
	for _, id := range c.Gone {
		marks[id] = map[string]int64{}
	}
	if e.o.HandTags == nil || len(marks) == 0 {
		return marks, nil
	}
	people := make([]int64, 0, len(marks))
	for id := range marks {
		people = append(people, id)
	}
	slices.Sort(people)
	if err := e.o.HandTags.Of(ctx, tx, people, collectMarks(marks)); err != nil {
		return nil, fmt.Errorf("read tags by hand: %w", err)
	}
	return marks, nil
}

// inStep takes a batch into the roster. The timeline's lock is held.
func (e *Engine) inStep(c apply.Change, marks map[int64]map[string]int64, err *error) {
	for i := range c.People {
		p := &c.People[i]
		if p.Spoke {
			e.roster.PutTraits(p.ID, func(name string) event.Value {
				v, bad := p.Trait(name)
				if bad != nil {
					*err = bad
				}
				return v
			})
		}
		e.roster.PutChannels(p.ID, p.FirstChannel, p.LastChannel)
	}
	for _, id := range c.Gone {
		e.roster.Drop(id)
	}
	for _, n := range c.Fresh {
		e.roster.AddNode(n.ID, n.Identity.Kind)
	}
	e.setMarks(marks)
}

// renew compiles the rules again if an event happened for the first time that one of them mentions.
func (e *Engine) renew() error {
	sweep := e.sweep
	plans := []*plan{e.plan}
	if sweep != nil {
		plans = append(plans, sweep.live)
	}
	for i, p := range plans {
		var stale bool
		e.tl.Read(func(r *timeline.Reader) { stale = p.missing(r) })
		if !stale {
			continue
		}
		specs := wanted{}
		for _, n := range p.nodes {
			specs[n.unit] = n.spec
		}
		again, err := e.compile(specs)
		if err != nil {
			return err
		}
		for j, n := range again.nodes { // the order depends on the specs alone
			n.fresh = p.nodes[j].fresh
		}
		e.mu.Lock()
		if i == 0 {
			e.setPlan(again)
		} else {
			sweep.live = again
		}
		e.mu.Unlock()
	}
	return nil
}

// events touches whoever did something or was told of.
func (t *touched) events(rows []warehouse.Row) {
	for i := range rows {
		r := &rows[i]
		if event.Type(r.Type) == event.Command {
			continue
		}
		m := t.of(r.Person)
		t.plan.touching(m, r.Name)
		if isSignal(r.Type) {
			only := make(mask, t.words)
			t.plan.touching(only, r.Name)
			hops := event.Property(r.Context, "hops").Num
			t.signals[r.Person] = append(t.signals[r.Person], followed{only, uint8(min(max(hops, 0)+1, maxHops))})
		}
	}
}

// persons touches whoever is new, spoke, or got or lost identities.
func (t *touched) persons(c apply.Change) {
	for _, m := range c.Moves {
		if m.Before == 0 {
			continue
		}
		t.of(m.Now).or(t.plan.all)
		t.of(m.Before).or(t.plan.all)
		t.moved[m.Now] = append(t.moved[m.Now], m.Before)
		t.gone[m.Before] = ""
	}
	was := t.gone
	t.gone = map[int64]string{}
	for _, id := range c.Gone {
		t.of(id)
		t.gone[id] = causeErased
		if _, moved := was[id]; moved {
			t.gone[id] = causeMerged
		}
	}
	fresh := map[int64]person.Node{}
	for _, n := range c.Fresh {
		fresh[n.ID] = n
	}
	for _, m := range c.Moves {
		if m.Before != 0 {
			continue
		}
		of := t.of(m.Now)
		if _, isNew := fresh[m.Now]; isNew { // a person has the number of the least node
			of.or(t.plan.all)
		} else {
			of.or(t.plan.kinds[fresh[m.Node].Identity.Kind])
		}
	}
	for i := range c.People {
		p := &c.People[i]
		if p.Spoke {
			of := t.of(p.ID)
			for _, m := range t.plan.traits {
				of.or(m)
			}
		}
		if t.plan.wantsChannels {
			t.of(p.ID).or(t.plan.channels)
		}
	}
}
