package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// act is an operator's decision: the event that does it, and what the audit says of it. It is kept as JSON under its Idempotency-Key.
type act struct {
	ID         string // of the event
	At         int64
	Name       string
	Identities []event.Identity
	Nodes      []int64 // whom it is about
	Properties CommandProperties
	Action     string
	Target     int64 // number of a person or an identity; numbers, because the audit holds nothing personal
	Detail     map[string]any
}

// command does an operator's act as an event. Its author is in the properties, so that the story can name him. The audit has the decision
// before it is done, so that there is no act without its entry; the entry names the event.
//
// With a key, an act is planned and noted once. Whoever repeats it appends the same event once more, in case that the first try did not come
// so far; the pool drops it if it did.
func (s *Service) command(ctx context.Context, operation, key string, asked any, plan func() (act, error)) (act, error) {
	a, refusal := plan() // which does not concern who repeats what was done: those people are no longer as they were
	if refusal != nil && key == "" {
		return act{}, refusal
	}
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		var err error
		a, err = once.Do(ctx, tx, operation, key, asked, func() (act, error) {
			if refusal != nil {
				return act{}, refusal
			}
			return s.note(ctx, tx, a)
		})
		return err
	})
	if err != nil {
		return act{}, err
	}
	body, err := json.Marshal(a.Properties)
	if err != nil {
		return act{}, err
	}
	return a, s.do.Do(ctx, &event.Event{
		ID: a.ID, Type: event.Command, Name: a.Name, Time: a.At, Received: a.At, Identities: a.Identities, Properties: body,
	})
}

func (s *Service) note(ctx context.Context, tx *state.Tx, a act) (act, error) {
	now := s.clock.Now()
	a.ID, a.At = "command-"+id.New(now), now.UnixMicro()
	a.Properties.Author = actor.From(ctx).Label()
	a.Detail["event_id"], a.Detail["reason"] = a.ID, a.Properties.Reason
	if a.Properties.Force {
		a.Detail["force"] = true
	}
	if err := s.trail.Record(ctx, tx, a.Action, strconv.FormatInt(a.Target, 10), a.Detail); err != nil {
		return act{}, fmt.Errorf("note the decision %s: %w", a.Action, err)
	}
	return a, nil
}
