package membership

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Ask is what somebody wants to know of people besides their events.
type Ask struct {
	Traits                []string
	Channels              bool
	Tiers, Segments, Tags []string // keys
}

// Known tells what was asked for. Its methods are for inside timeline.Store.Read; slots are places in the lists of the Ask. It does not change,
// and may be used by many goroutines.
type Known struct {
	traits                []*roster.Column
	first, last           *roster.Column
	marks                 *roster.Roster
	tiers, segments, tags []source
	levels                [][]string // by tier: names of its levels, as they were
}

// Known makes what is asked for, which takes a moment when a trait is asked for the first time. What the engine does not know nobody has.
func (e *Engine) Known(ctx context.Context, ask Ask) (*Known, error) {
	if err := e.mustBeReady(); err != nil {
		return nil, err
	}
	w := roster.Wants{Traits: once(append([]string(nil), ask.Traits...)), Channels: ask.Channels}
	if !e.has(nil, w) {
		e.preparing.Lock()
		err := e.roster.Want(ctx, e.tl, everybody{e}, w)
		e.preparing.Unlock()
		if err != nil {
			return nil, fault.Wrap(err, fault.Unavailable, "engine.columns", "what is asked about people could not be read; try again")
		}
	}
	k := &Known{marks: e.roster}
	e.mu.RLock()
	defer e.mu.RUnlock()
	find := func(owner standing.Owner, keys []string) (found []source) {
		for _, key := range keys {
			s := source{node: -1, unit: e.find(owner, key)}
			if owner == standing.Tag {
				s.tag = key
			}
			found = append(found, s)
		}
		return found
	}
	k.tiers, k.segments, k.tags = find(standing.Tier, ask.Tiers), find(standing.Segment, ask.Segments), find(standing.Tag, ask.Tags)
	for i := range k.tiers {
		var names []string
		if u := k.tiers[i].unit; u != nil {
			names = u.names
		}
		k.levels = append(k.levels, names)
	}
	e.tl.Read(func(*timeline.Reader) {
		for _, name := range ask.Traits {
			k.traits = append(k.traits, e.roster.Trait(name))
		}
		if ask.Channels {
			k.first, k.last = e.roster.Channel(false), e.roster.Channel(true)
		}
	})
	return k, nil
}

// Trait is a person's trait.
func (k *Known) Trait(slot int, person int64) event.Value { return k.traits[slot].At(person) }

// Channel is where the person first came from, or came from last; "" if there is none.
func (k *Known) Channel(last bool, person int64) string {
	if last {
		return k.last.At(person).Text
	}
	return k.first.At(person).Text
}

// Tier is the person's level, "" if there is none.
func (k *Known) Tier(slot int, person int64) string {
	s := &k.tiers[slot]
	if s.unit == nil {
		return ""
	}
	if level := s.unit.levels.At(person); level != 0 && int(level) <= len(k.levels[slot]) {
		return k.levels[slot][level-1]
	}
	return ""
}

// Segment says whether the person is in a segment.
func (k *Known) Segment(slot int, person int64) bool {
	s := &k.segments[slot]
	return s.unit != nil && s.unit.levels.At(person) != 0
}

// Tag says whether the person has a tag, by hand or by rule.
func (k *Known) Tag(slot int, person int64) bool {
	s := &k.tags[slot]
	if _, on := k.marks.Marks(s.tag).Since(person); on {
		return true
	}
	return s.unit != nil && s.unit.levels.At(person) != 0
}

// Version changes with every change of who stands where.
func (e *Engine) Version() int64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.seq
}
