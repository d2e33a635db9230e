package membership

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// batch is what one transaction of the engine does: written in the transaction, taken into memory when it is known to be committed.
type batch struct {
	seq, lastID int64
	at          moment
	changes     []change
	told        []told
	bulks       []*bulk
	waits       []wait
	dueNew      []due
	dueDone     []due

	overrides map[int64]verdict          // for the sweep that goes on
	hand      map[int64]map[string]int64 // tags by hand of these people, all of them; 0 is off
	then      []func()                   // further acts on memory, under both locks
	follows   bool                       // it is the pipeline's
}

// change is one step of one person.
type change struct {
	id       int64
	unit     *unit
	person   int64
	from, to uint8
	cause    string
}

// told is a signal to send.
type told struct {
	change
	at   int64
	hops uint8
}

// wait is a fall that is held back since a moment, 0 if no longer.
type wait struct {
	unit   *unit
	person int64
	since  int64
}

// verdict is how a sweep's units decide for one person, by node.
type verdict struct {
	levels []uint8
	since  []int64
}

// enter begins the engine's part of a transaction. Only one is inside at a time: the row keeps others waiting until this transaction ends. What
// the one before wrote is taken into memory if it was committed, and forgotten if it was not.
func (e *Engine) enter(ctx context.Context, tx *state.Tx) (*batch, error) {
	b := &batch{overrides: map[int64]verdict{}}
	now := state.Micros(tx.Now)
	err := tx.QueryRow(ctx, `UPDATE membership_state SET seq = seq + 1, at = CASE WHEN at < ? THEN ? ELSE at END WHERE one = 1
		RETURNING seq, last_id, at`, now, now).Scan(&b.seq, &b.lastID, &now)
	if err != nil {
		return nil, fmt.Errorf("enter the memberships: %w", err)
	}
	b.at = e.moment(state.Time(now))
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.pending; p != nil && p.seq < b.seq {
		e.take(p)
	}
	e.pending = nil
	return b, nil
}

// leave keeps what was written until it is known to be committed.
func (e *Engine) leave(b *batch) {
	e.mu.Lock()
	e.pending = b
	e.mu.Unlock()
}

// committed takes a batch into memory, unless that was done already.
func (e *Engine) committed(b *batch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pending == b {
		e.take(b)
		e.pending = nil
	}
}

// inTx runs fn in a transaction of the engine's own.
func (e *Engine) inTx(ctx context.Context, fn func(tx *state.Tx, b *batch) error) error {
	var b *batch
	err := e.o.State.InTx(ctx, func(tx *state.Tx) (err error) {
		if b, err = e.enter(ctx, tx); err != nil {
			return err
		}
		if err = fn(tx, b); err != nil {
			return err
		}
		if err = e.write(ctx, tx, b); err != nil {
			return err
		}
		e.leave(b)
		return nil
	})
	if err == nil {
		e.committed(b)
	}
	return err
}

// take brings memory to where the state is. e.mu is held.
func (e *Engine) take(b *batch) {
	e.seq, e.lastID = b.seq, max(e.lastID, b.lastID)
	e.tl.Update(func(*timeline.Writer) {
		for _, c := range b.changes {
			c.unit.levels.Set(c.person, c.to)
			c.unit.unsaved++
			if c.unit.since != nil {
				c.unit.since.Put(c.person, sinceOf(c.to, b.at.Now))
			}
		}
		for _, k := range b.bulks {
			k.unit.unsaved += int64(k.members.GetCardinality())
			k.unit.levels.Put(k.members, k.to)
			if k.unit.since != nil {
				for it := k.members.Iterator(); it.HasNext(); {
					k.unit.since.Put(int64(it.Next()), sinceOf(k.to, k.at))
				}
			}
			if k.signalled >= 0 {
				k.unit.bulks = append(k.unit.bulks, k)
			}
		}
		for _, w := range b.waits {
			if w.since == 0 {
				delete(w.unit.waits, w.person)
			} else {
				w.unit.waits[w.person] = w.since
			}
		}
		e.setMarks(b.hand)
		for _, f := range b.then {
			f()
		}
	})
	if e.sweep != nil {
		maps.Copy(e.sweep.overrides, b.overrides)
	}
	for _, d := range b.dueNew {
		e.due[d] = true
	}
	for _, d := range b.dueDone {
		delete(e.due, d)
	}
	e.figures.changes.Add(int64(len(b.changes)))
	e.figures.signals.Add(int64(len(b.told)))
}

func sinceOf(level uint8, at int64) int64 {
	if level == 0 {
		return 0
	}
	return at
}

// setMarks sets which tags people have by hand. The timeline's lock is held.
func (e *Engine) setMarks(marks map[int64]map[string]int64) {
	for _, person := range slices.Sorted(maps.Keys(marks)) {
		e.roster.DropMarks(person)
		for tag, since := range marks[person] {
			e.roster.SetMark(tag, person, since)
		}
	}
}

// collectMarks gathers what HandTags yields.
func collectMarks(into map[int64]map[string]int64) func(person int64, tag string, since, until int64) {
	return func(person int64, tag string, since, _ int64) {
		if into[person] == nil {
			into[person] = map[string]int64{}
		}
		into[person][tag] = since
	}
}
