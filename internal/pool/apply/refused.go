package apply

import (
	"context"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/eventlog"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Refused is what the log holds and the pool cannot take: it came past the intake's checks, or it is damaged. It is set aside, so that it
// stops nothing behind it.
type Refused struct {
	Position uint64
	Raw      []byte       // as the log has it
	Event    *event.Event // as far as it could be read; nil if its bytes are no event
	Why      error        // a fault with a code "event.…"
}

// decode reads a record's events, those that can be taken. Whether an event can depends on nothing but the event, so that a replay drops
// the same ones.
func decode(rec eventlog.Record) (in input, refused []Refused) {
	in.position = rec.Position
	for _, b := range rec.Bodies {
		in.events = event.DecodeEach(in.events, b, identity.Check, func(raw []byte, e *event.Event, why error) {
			refused = append(refused, Refused{Position: rec.Position, Raw: raw, Event: e, Why: why})
		})
	}
	return in, refused
}

// setAside hands on what cannot be taken before anything behind it is applied. After a crash it may be handed on again.
func (p *Pipeline) setAside(ctx context.Context, refused []Refused) error {
	if len(refused) == 0 {
		return nil
	}
	for _, r := range refused {
		p.o.Logger.WarnContext(ctx, "an event in the log cannot be taken and is set aside with the rejected ones", "position", r.Position, "err", r.Why)
	}
	if p.o.Refuse == nil {
		return nil
	}
	if err := p.o.Refuse(ctx, refused); err != nil {
		return fmt.Errorf("set aside what cannot be taken: %w", err)
	}
	return nil
}
