package rulebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/huoshui/huoshui/internal/base/state"
)

// load reads what was seen before the program was started.
func load(ctx context.Context, q state.Querier) (_ *seen, err error) {
	rows, err := q.Query(ctx, "SELECT kind, name, spec FROM rulebook_seen")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	s := newSeen()
	for rows.Next() {
		var kind, name, spec string
		if err := rows.Scan(&kind, &name, &spec); err != nil {
			return nil, err
		}
		switch kind {
		case "event":
			e := &eventSeen{}
			err = json.Unmarshal([]byte(spec), e)
			if e.Fields == nil {
				e.Fields = map[string]*fieldSeen{}
			}
			s.events[name] = e
		case "trait":
			f := &fieldSeen{}
			err = json.Unmarshal([]byte(spec), f)
			s.traits[name] = f
		case "channel":
			s.channels[name] = true
		case "position":
			s.position, err = strconv.ParseUint(spec, 10, 64)
		}
		if err != nil {
			return nil, fmt.Errorf("what was seen of %s %q: %w", kind, name, err)
		}
	}
	return s, rows.Err()
}

// store keeps what has changed since before.
func (s *seen) store(ctx context.Context, tx *state.Tx, before *seen) error {
	for name, e := range s.events {
		if old := before.events[name]; old == nil || old.Events != e.Events {
			if err := put(ctx, tx, "event", name, e); err != nil {
				return err
			}
		}
	}
	for name, f := range s.traits {
		if old := before.traits[name]; old == nil || old.times() != f.times() {
			if err := put(ctx, tx, "trait", name, f); err != nil {
				return err
			}
		}
	}
	for name := range s.channels {
		if !before.channels[name] {
			if err := put(ctx, tx, "channel", name, struct{}{}); err != nil {
				return err
			}
		}
	}
	return put(ctx, tx, "position", "", s.position)
}

func put(ctx context.Context, tx *state.Tx, kind, name string, spec any) error {
	if strings.IndexByte(name, 0) >= 0 {
		return nil // PostgreSQL cannot hold it; it is seen again after the next start
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO rulebook_seen (kind, name, spec) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET spec = excluded.spec",
		kind, name, string(text))
	return err
}
