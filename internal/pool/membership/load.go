package membership

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

func encodeNames(names []string) (string, error) {
	data, err := json.Marshal(names)
	return string(data), err
}

// load reads everything that the state has. Nobody else uses the engine yet.
func (e *Engine) load(ctx context.Context) error {
	db := e.o.State
	if err := db.QueryRow(ctx, "SELECT seq, last_id, day, zone FROM membership_state WHERE one = 1").Scan(&e.seq, &e.lastID, &e.day, &e.zone); err != nil {
		return err
	}
	if err := e.loadUnits(ctx); err != nil {
		return err
	}
	e.loadRoster(ctx)
	for _, u := range e.sorted() {
		if err := u.load(ctx, db); err != nil {
			return fmt.Errorf("%s %s: %w", u.owner, u.key, err)
		}
	}
	rows, err := db.Query(ctx, "SELECT node, at FROM membership_due")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var d due
		if err := rows.Scan(&d.node, &d.at); err != nil {
			return err
		}
		e.due[d] = true
	}
	return rows.Err()
}

func (e *Engine) loadUnits(ctx context.Context) error {
	rows, err := e.o.State.Query(ctx, "SELECT id, owner, key, state, names, spec, static, next_spec, next_static FROM membership_unit WHERE state <> ? ORDER BY id", stateRemoved)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var id int64
		var owner, key, st, names, text, nextText string
		var static, nextStatic []byte
		if err := rows.Scan(&id, &owner, &key, &st, &names, &text, &static, &nextText, &nextStatic); err != nil {
			return err
		}
		u := newUnit(standing.Owner(owner), key)
		u.id, u.paused = id, st == statePaused
		if err := json.Unmarshal([]byte(names), &u.names); err != nil {
			return fmt.Errorf("levels of %s %s: %w", owner, key, err)
		}
		if u.spec, _, err = decodeSpec(text, static); err != nil {
			return fmt.Errorf("%s %s: %w", owner, key, err)
		}
		if u.next, u.cause, err = decodeSpec(nextText, nextStatic); err != nil {
			return fmt.Errorf("%s %s: %w", owner, key, err)
		}
		for _, s := range []*spec{u.spec, u.next} {
			if s != nil {
				if u.names, err = u.with(s); err != nil {
					return err
				}
			}
		}
		e.units[ref(u.owner, u.key)] = u
	}
	return rows.Err()
}

// load reads where everybody stands: the snapshot, and what came after it.
func (u *unit) load(ctx context.Context, db *state.DB) error {
	upto, at, err := u.loadSnapshot(ctx, db)
	if err != nil {
		return err
	}
	if err := u.replay(ctx, db, upto, at, func(k *bulk) {
		u.levels.Put(k.members, k.to)
		u.unsaved += int64(k.members.GetCardinality())
	}, func(c change, _ int64) {
		u.levels.Set(c.person, c.to)
		u.unsaved++
	}); err != nil {
		return err
	}
	if err := bulks(ctx, db, u, "unit = ? AND signalled >= 0 ORDER BY id", []any{u.id}, func(k *bulk) bool {
		u.bulks = append(u.bulks, k)
		return true
	}); err != nil {
		return err
	}
	rows, err := db.Query(ctx, "SELECT person, since FROM membership_wait WHERE unit = ?", u.id)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var person, since int64
		if err := rows.Scan(&person, &since); err != nil {
			return err
		}
		u.waits[person] = since
	}
	return rows.Err()
}

func (u *unit) loadSnapshot(ctx context.Context, db *state.DB) (upto, at int64, err error) {
	rows, err := db.Query(ctx, "SELECT upto, at, levels FROM membership_snapshot WHERE unit = ?", u.id)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close() //nolint:errcheck // reading
	if rows.Next() {
		var data []byte
		if err := rows.Scan(&upto, &at, &data); err != nil {
			return 0, 0, err
		}
		if err := u.levels.UnmarshalBinary(data); err != nil {
			return 0, 0, err
		}
	}
	return upto, at, rows.Err()
}

// replay goes through a unit's history after a change and its moment, the oldest first.
func (u *unit) replay(ctx context.Context, db *state.DB, after, at int64, many func(*bulk), one func(c change, at int64)) error {
	var big []*bulk
	if err := bulks(ctx, db, u, "unit = ? AND id > ? ORDER BY id", []any{u.id, after}, func(k *bulk) bool {
		big = append(big, k)
		return true
	}); err != nil {
		return err
	}
	rows, err := db.Query(ctx, "SELECT id, person, at, from_level, to_level FROM membership_change WHERE unit = ? AND at >= ? AND id > ? ORDER BY at, id",
		u.id, at, after)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		c := change{unit: u}
		var at int64
		if err := rows.Scan(&c.id, &c.person, &at, &c.from, &c.to); err != nil {
			return err
		}
		for len(big) > 0 && big[0].id < c.id {
			many(big[0])
			big = big[1:]
		}
		one(c, at)
	}
	for _, k := range big {
		many(k)
	}
	return rows.Err()
}

// loadRoster takes in the roster as it was when the process stopped, if nothing has happened since. Without it everybody is gone through.
func (e *Engine) loadRoster(ctx context.Context) {
	rows, err := e.o.State.Query(ctx, "SELECT data FROM membership_roster WHERE seq = ?", e.seq)
	if err == nil {
		defer rows.Close() //nolint:errcheck // reading
		var data []byte
		if rows.Next() {
			if err = rows.Scan(&data); err == nil {
				err = e.roster.Restore(data, e.wants())
			}
		} else {
			err = rows.Err()
		}
	}
	if err != nil {
		e.o.Logger.WarnContext(ctx, "the saved roster is not used", "err", err)
	}
}

// wants are the columns of the roster that rules in force or on the way ask for.
func (e *Engine) wants() roster.Wants {
	var rules []*rule.Rule
	for _, u := range e.units {
		for _, s := range []*spec{u.spec, u.next} {
			if s != nil {
				rules = append(rules, s.rules...)
			}
		}
	}
	return rosterWants(rules)
}
