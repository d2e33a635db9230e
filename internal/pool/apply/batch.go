package apply

import (
	"context"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/seen"
)

// output is one applied batch on its way to the warehouse.
type output struct {
	rows     []warehouse.Row
	moves    []warehouse.Move
	position uint64
	change   Change
}

// accepted is an event that counts, with its log position.
type accepted struct {
	*event.Event
	position uint64
	fold     *person.Fold // what it adds to its person; belongs to the batch
	amount   money.Amount // the money it is about; no currency: none
}

// apply does one batch: one transaction for identities, people, import counts and the log position.
func (p *Pipeline) apply(ctx context.Context, b *batch) (output, error) {
	// A batch that has begun is finished. (With a context that can end, SQLite's driver also watches it in a goroutine per statement.)
	ctx = context.WithoutCancel(ctx)
	out := output{position: b.last}
	b.people.Forget(p.written)
	var graph *identity.Batch
	err := p.o.State.InTx(ctx, func(tx *state.Tx) error {
		var err error
		if graph, err = p.applyTx(ctx, tx, b, &out); err != nil {
			return err
		}
		if p.moved.Swap(false) {
			if err := forgetMoves(ctx, tx, p.stored.Load()); err != nil {
				return err
			}
		}
		if b.first <= p.sinkFrom && p.sinkFrom < out.position {
			// The warehouse is ahead of a state that was put back from an older copy, and this batch begins in what it has and ends in what it
			// lacks. The batch's moves begin where the state was, not where the warehouse is.
			if out.moves, err = everybody(ctx, tx); err != nil {
				return err
			}
		}
		return tx.SetPosition(ctx, reader, out.position)
	})
	if err != nil {
		return output{}, err
	}
	graph.Done()
	p.written = person.Result{People: out.change.People, Gone: out.change.Gone}
	p.events.Add(int64(len(b.events)))
	p.repeats.Add(int64(b.repeats))
	p.recent.add(out.rows)
	if p.o.Follower != nil {
		p.o.Follower.Committed(out.change)
	}
	p.advance(&p.applied, out.position)
	return out, nil
}

// firsts are the events of one record that are the first with their id. An id that is known with this very position is the event itself
// being replayed. add puts new ids into the index.
func (p *Pipeline) firsts(in input, add bool) ([]accepted, error) {
	kept := make([]accepted, 0, len(in.events))
	here := make(map[seen.Key]bool, len(in.events))
	for i := range in.events {
		k := seen.KeyOf(in.events[i].ID)
		if here[k] {
			continue
		}
		at, known, err := p.seen.First(k)
		if err != nil {
			return nil, err
		}
		if known && at != in.position {
			continue
		}
		if !known && add {
			p.seen.Add(k, in.position)
		}
		here[k] = true
		a := accepted{Event: &in.events[i], position: in.position}
		if in.folds != nil {
			a.fold, a.amount = in.folds[i], in.amounts[i]
		}
		kept = append(kept, a)
	}
	return kept, nil
}

func (p *Pipeline) applyTx(ctx context.Context, tx *state.Tx, b *batch, out *output) (*identity.Batch, error) {
	events := b.events
	plain := make([]*event.Event, len(events))
	for i, e := range events {
		plain[i] = e.Event
	}
	graph, err := p.resolver.Begin(ctx, tx, plain, b.nodes)
	if err != nil {
		return nil, err
	}
	change := person.Change{Folds: map[int64]*person.Fold{}, Person: map[int64]int64{}}
	anchors := make([]*identity.Node, len(events))
	touches := make([]*person.Touch, len(events))
	imports := map[int64]int64{}
	for i, e := range events {
		anchor, err := graph.Resolve(ctx, e.Event)
		if err != nil {
			return nil, fmt.Errorf("event %s at log position %d: %w", e.ID, e.position, err)
		}
		anchors[i] = anchor
		f := e.fold
		touches[i] = f.FirstTouch
		switch sum := change.Folds[anchor.ID]; {
		case f.Empty(): // a command or a signal, which is nothing that the person did
		case sum != nil:
			sum.Add(f)
		default:
			change.Folds[anchor.ID] = f
		}
		if e.Import != 0 {
			imports[e.Import] += max(1, e.Rows)
		}
	}
	moves, err := graph.Commit(ctx, out.position)
	if err != nil {
		return nil, err
	}
	change.Moves = moves
	for _, n := range graph.Fresh() {
		k, _ := graph.Kinds().Find(n.Identity.Kind)
		change.Fresh = append(change.Fresh, person.Node{ID: n.ID, Identity: n.Identity, Strong: k.Strong, At: n.At})
		change.Person[n.ID] = n.Person
	}
	for _, m := range moves {
		if m.Before != 0 {
			out.moves = append(out.moves, warehouse.Move{Anchor: m.Node, Person: m.Now})
		}
	}
	out.rows = make([]warehouse.Row, len(events))
	for i, e := range events {
		change.Person[anchors[i].ID] = anchors[i].Person
		out.rows[i] = row(e, anchors[i].ID, anchors[i].Person, touches[i])
	}
	people, err := person.Store(ctx, tx, change, graph.Kinds(), b.people)
	if err != nil {
		return nil, err
	}
	out.change = Change{Rows: out.rows, Moves: moves, Fresh: change.Fresh, People: people.People, Gone: people.Gone, Position: out.position}
	if p.o.Follower != nil {
		if err := p.o.Follower.Follow(ctx, tx, out.change); err != nil {
			return nil, fmt.Errorf("follow events: %w", err)
		}
	}
	for id, rows := range imports {
		if _, err := tx.Exec(ctx, `INSERT INTO import_rows (import, accepted) VALUES (?, ?)
			ON CONFLICT (import) DO UPDATE SET accepted = import_rows.accepted + excluded.accepted`, id, rows); err != nil {
			return nil, fmt.Errorf("count the rows of import %d: %w", id, err)
		}
	}
	return graph, nil
}

func row(e accepted, anchor, who int64, touch *person.Touch) warehouse.Row {
	r := warehouse.Row{
		Anchor: anchor, Person: who, Time: e.Time, Received: e.Received, Type: uint8(e.Type), Name: e.Name, ID: e.ID, Source: e.Source,
		Import: e.Import, Properties: e.Properties, Traits: e.Traits, Context: e.Context, Position: e.position,
	}
	if touch != nil {
		r.Channel, r.Class = touch.Channel, touch.Class
	}
	r.Amount, r.Currency = e.amount.Minor, e.amount.Currency
	return r
}
