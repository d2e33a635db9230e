package membership

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// lookEvery is how often Run looks whether a new day has begun or somebody is due, if nothing wakes it.
const lookEvery = 250 * time.Millisecond

// retryEvery is after how many looks rules that could not be swept are tried again.
const retryEvery = 120

// Run sweeps what waits, at once and right after each midnight of the pool, sends what big sweeps owe, and keeps snapshots, until ctx ends.
// An error means that the state store failed.
func (e *Engine) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for looks := 1; ; {
		more, err := e.Work(ctx)
		if err != nil {
			if ctx.Err() == nil {
				return fmt.Errorf("memberships: %w", err)
			}
			more = false
		}
		if more && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return e.saveAll(context.WithoutCancel(ctx))
		case <-e.wake:
		case <-tick.C:
			if looks++; looks%retryEvery == 0 {
				e.retry()
			}
		}
	}
}

// Work does one piece of what waits to be done, and says whether there may be more.
func (e *Engine) Work(ctx context.Context) (more bool, err error) {
	if !e.ready.Load() {
		return false, nil
	}
	at := e.moment(e.o.Clock.Now())
	if did, err := e.sweepOnce(ctx, at); did || err != nil {
		return did, err
	}
	if did, err := e.dueOnce(ctx, at); did || err != nil {
		return did, err
	}
	if e.owes() {
		return e.tellOwed(ctx)
	}
	if did, err := e.purge(ctx); did || err != nil {
		return did, err
	}
	return false, e.Save(ctx, saveAfter)
}

func (e *Engine) owes() bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return slices.ContainsFunc(e.sorted(), func(u *unit) bool { return len(u.bulks) > 0 })
}

// retry lets rules that could not be swept be tried again.
func (e *Engine) retry() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, u := range e.units {
		u.failed = ""
	}
}

// dueSome is how many due people are decided in one transaction.
const dueSome = 2000

// dueOnce decides, once a day (and after a start, or when the zone changes), people with an event that is dated later than it came: such an event
// counts from the beginning of its day. Those whose time has come are forgotten then.
func (e *Engine) dueOnce(ctx context.Context, at moment) (bool, error) {
	e.mu.RLock()
	today := looked{e.day, e.zone}
	var nodes []due
	for d := range e.due {
		if e.lookedDue != today && d.at < at.End() {
			nodes = append(nodes, d)
		}
	}
	e.mu.RUnlock()
	for part := range slices.Chunk(nodes, dueSome) {
		if err := e.inTx(ctx, func(_ *state.Tx, b *batch) error {
			t := newTouched(e.plan, causeTime)
			e.tl.Read(func(r *timeline.Reader) {
				for _, d := range part {
					if d.at <= b.at.Now {
						b.dueDone = append(b.dueDone, d)
					}
					if person := r.PersonOf(d.node); person != 0 {
						t.of(person).or(e.plan.all)
					}
				}
			})
			e.decide(b, t)
			return nil
		}); err != nil {
			return true, err
		}
	}
	e.mu.Lock()
	e.lookedDue = today
	e.mu.Unlock()
	return len(nodes) > 0, nil
}

// saveAfter is after how many changes a unit's snapshot is worth writing.
const saveAfter = 50_000

// Save writes snapshots of units with at least so many changes since their last.
func (e *Engine) Save(ctx context.Context, changes int64) error {
	e.mu.RLock()
	var list []*unit
	for _, u := range e.sorted() {
		if u.unsaved >= changes {
			list = append(list, u)
		}
	}
	e.mu.RUnlock()
	for _, u := range list {
		if err := e.inTx(ctx, func(tx *state.Tx, b *batch) error {
			data, err := u.levels.MarshalBinary()
			if err != nil {
				return err
			}
			b.then = append(b.then, func() { u.unsaved = 0 })
			_, err = tx.Exec(ctx, `INSERT INTO membership_snapshot (unit, upto, at, levels) VALUES (?, ?, ?, ?)
				ON CONFLICT (unit) DO UPDATE SET upto = excluded.upto, at = excluded.at, levels = excluded.levels`, u.id, b.lastID, b.at.Now, data)
			return err
		}); err != nil {
			return fmt.Errorf("keep a snapshot of %s %s: %w", u.owner, u.key, err)
		}
	}
	return nil
}

// saveAll keeps everything that makes the next start quick.
func (e *Engine) saveAll(ctx context.Context) error {
	if err := e.Save(ctx, 1); err != nil || !e.ready.Load() {
		return err
	}
	err := e.inTx(ctx, func(tx *state.Tx, b *batch) error {
		var data []byte
		e.tl.Read(func(*timeline.Reader) { data = e.roster.Save() })
		_, err := tx.Exec(ctx, `INSERT INTO membership_roster (one, seq, data) VALUES (1, ?, ?)
			ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, data = excluded.data`, b.seq, data)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the roster: %w", err)
	}
	return nil
}

// purgeSome is how many changes of a removed unit are deleted in one transaction.
const purgeSome = 2000

// purge deletes some of the history of removed units.
func (e *Engine) purge(ctx context.Context) (more bool, err error) {
	if !e.figures.removed.Load() {
		return false, nil
	}
	err = e.o.State.InTx(ctx, func(tx *state.Tx) error {
		var unit int64
		if err := tx.QueryRow(ctx, "SELECT COALESCE(MIN(id), 0) FROM membership_unit WHERE state = ?", stateRemoved).Scan(&unit); err != nil {
			return err
		}
		if more = unit != 0; !more {
			e.figures.removed.Store(false)
			return nil
		}
		done, err := tx.Exec(ctx, `DELETE FROM membership_change WHERE id IN (SELECT id FROM membership_change WHERE unit = ? ORDER BY at, id LIMIT ?)`, unit, purgeSome)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return err
		}
		for _, table := range []string{"membership_bulk", "membership_wait", "membership_snapshot"} {
			if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE unit = ?", unit); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "DELETE FROM membership_unit WHERE id = ?", unit)
		return err
	})
	return more, err
}

// figures count what the engine does.
type figures struct {
	changes, signals, unsaid, decided atomic.Int64
	sweeps, sweptPeople               atomic.Int64
	lastSweep                         atomic.Int64 // ns
	removed                           atomic.Bool  // there may be removed units to delete
}

func (f *figures) swept(took time.Duration, people int64) {
	f.sweeps.Add(1)
	f.sweptPeople.Add(people)
	f.lastSweep.Store(int64(took))
}

// Figures are what the engine has done since its start.
type Figures struct {
	Units, Owed      int           // units; signals that big sweeps still owe
	Changes, Signals int64         // steps of people; signals sent
	Unsaid           int64         // signals not sent because rules go round in them
	Decided          int64         // times that a person was decided live
	Sweeps           int64         // times that everybody was gone through
	LastSweep        time.Duration // how long the last one took
}

// Figures tells what the engine has done, for metrics.
func (e *Engine) Figures() Figures {
	e.mu.RLock()
	defer e.mu.RUnlock()
	f := Figures{
		Units: len(e.units), Changes: e.figures.changes.Load(), Signals: e.figures.signals.Load(), Unsaid: e.figures.unsaid.Load(),
		Decided: e.figures.decided.Load(), Sweeps: e.figures.sweeps.Load(), LastSweep: time.Duration(e.figures.lastSweep.Load()),
	}
	for _, u := range e.units {
		for _, k := range u.bulks {
			f.Owed += int(k.members.GetCardinality())
			if k.signalled > 0 {
				f.Owed -= int(k.members.Rank(uint64(k.signalled)))
			}
		}
	}
	return f
}
