package rulebook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/state"
)

const (
	// closely is how many events of a name are looked at with all their properties at a time: all of them in daily business, the newest
	// after a large import.
	closely = 5_000
	// every is how often the schema is read without being asked for; a name that is not known is looked for at once.
	every = 15 * time.Second
)

// Run keeps the schema in step with the warehouse until ctx ends.
func (b *Book) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := b.Look(ctx); err != nil && ctx.Err() == nil {
			b.o.Logger.WarnContext(ctx, "the schema of rules could not be read, trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Look reads what the warehouse has got since the last look, and says whether there was anything.
func (b *Book) Look(ctx context.Context) (bool, error) {
	b.reading.Lock()
	defer b.reading.Unlock()
	upTo, err := b.o.Events.Position(ctx)
	if err != nil {
		return false, err
	}
	b.mu.RLock()
	now := b.seen
	b.mu.RUnlock()
	if upTo <= now.position {
		return false, nil
	}
	next := now.clone()
	if err := b.names(ctx, next, now.position, upTo); err != nil {
		return false, fmt.Errorf("read the schema of rules: %w", err)
	}
	next.position = upTo
	if err := b.o.State.InTx(ctx, func(tx *state.Tx) error { return next.store(ctx, tx, now) }); err != nil {
		return false, fmt.Errorf("keep the schema of rules: %w", err)
	}
	b.mu.Lock()
	b.seen = next
	b.mu.Unlock()
	return true, nil
}

// part is the events of one name in what is new.
type part struct {
	name  string
	count int64
}

// names counts the new events, then looks at the newest of each name.
func (b *Book) names(ctx context.Context, into *seen, after, upTo uint64) error {
	parts, err := b.counted(ctx, into, after, upTo)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := b.closer(ctx, into, p, after, upTo); err != nil {
			return err
		}
	}
	if err := b.texts(ctx, func(name string) {
		if into.traits[name] == nil && len(into.traits) < maxNames && name != setOnce {
			into.traits[name] = &fieldSeen{}
		}
	}, "SELECT DISTINCT unnest(json_keys(traits)) FROM event_row WHERE position > ? AND position <= ? AND traits IS NOT NULL AND type <> 5", after, upTo); err != nil {
		return err
	}
	return b.texts(ctx, func(name string) {
		if name != "" && len(into.channels) < maxNames {
			into.channels[name] = true
		}
	}, "SELECT DISTINCT channel FROM event_row WHERE position > ? AND position <= ?", after, upTo)
}

func (b *Book) counted(ctx context.Context, into *seen, after, upTo uint64) (parts []part, err error) {
	rows, err := b.o.Events.Query(ctx, `SELECT name, count(*), max(time) FROM event_row WHERE position > ? AND position <= ? AND type <> 7 GROUP BY name`, after, upTo)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p part
		var last time.Time
		if err := rows.Scan(&p.name, &p.count, &last); err != nil {
			return nil, err
		}
		if e := into.event(p.name); e != nil {
			e.Events += p.count
			e.Last = max(e.Last, last.UnixMicro())
			parts = append(parts, p)
		}
	}
	return parts, rows.Err()
}

// setOnce is the member of traits whose members are traits that keep their first value.
const setOnce = "$set_once"

// closer looks at properties and traits.
func (b *Book) closer(ctx context.Context, into *seen, p part, after, upTo uint64) (err error) {
	since := after + 1
	if p.count > closely {
		since = upTo - min(upTo-after-1, (upTo-after)*2*closely/uint64(p.count)) //nolint:gosec // positive
		looked, err := b.look(ctx, into, p, since, upTo)
		if looked || err != nil {
			return err
		}
		err = b.o.Events.QueryRow(ctx, `SELECT min(position) FROM (SELECT position FROM event_row WHERE name = ? AND position > ? AND position <= ?
			AND type <> 7 ORDER BY position DESC LIMIT ?)`, p.name, after, upTo, closely).Scan(&since)
		if err != nil {
			return err
		}
	}
	_, err = b.look(ctx, into, p, since, upTo)
	return err
}

// look reads events of a name from a position on, and says whether there were any.
func (b *Book) look(ctx context.Context, into *seen, p part, since, upTo uint64) (any bool, err error) {
	rows, err := b.o.Events.Query(ctx, `SELECT COALESCE(properties, ''), COALESCE(traits, ''), type FROM event_row
		WHERE name = ? AND position >= ? AND position <= ? AND type <> 7 LIMIT ?`, p.name, since, upTo, 2*closely)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	fields := into.events[p.name].Fields
	for rows.Next() {
		any = true
		var properties, traits string
		var kind uint8
		if err := rows.Scan(&properties, &traits, &kind); err != nil {
			return false, err
		}
		addObject(fields, maxFields, properties)
		if traits == "" || kind == 5 { // a group's traits are not the person's
			continue
		}
		addObject(into.traits, maxNames, traits)
		if once := into.traits[setOnce]; once != nil {
			delete(into.traits, setOnce)
			var outer map[string]jsontext.Value
			if json.Unmarshal([]byte(traits), &outer) == nil {
				addObject(into.traits, maxNames, string(outer[setOnce]))
			}
		}
	}
	return any, rows.Err()
}

// texts gives every text that a question answers with.
func (b *Book) texts(ctx context.Context, take func(string), query string, args ...any) (err error) {
	rows, err := b.o.Events.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		take(text)
	}
	return rows.Err()
}
