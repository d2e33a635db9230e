package membership

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// send puts signals into the outbox. Whoever is still owed the signal of an earlier big sweep gets that first.
func (e *Engine) send(ctx context.Context, tx *state.Tx, b *batch, list []told) error {
	if len(list) == 0 {
		return nil
	}
	out := make([]told, 0, len(list))
	people := make([]int64, 0, len(list))
	for _, t := range list {
		if t.hops >= maxHops {
			e.figures.unsaid.Add(1)
			e.o.Logger.WarnContext(ctx, "a signal is not sent: rules go round in signals", "owner", string(t.unit.owner), "key", t.unit.key, "person", t.person)
			continue
		}
		for _, k := range t.unit.bulks {
			if k.owes(t.person) && k.idOf(t.person) < t.id {
				k.early[t.person] = true
				out = append(out, k.told(t.person))
			}
		}
		out = append(out, t)
		people = append(people, t.person)
	}
	return e.emit(ctx, tx, b, out, people)
}

// emit writes signals about people into the outbox, many into one message: each has an id of its own, by which the pool drops repeats.
func (e *Engine) emit(ctx context.Context, tx *state.Tx, b *batch, list []told, people []int64) error {
	who, err := e.identities(ctx, tx, people)
	if err != nil {
		return err
	}
	said := map[saying][]byte{}
	var body []byte
	n, parts := 0, 0
	flush := func() error {
		if n == 0 {
			return nil
		}
		err := tx.Emit(ctx, fmt.Sprintf("signals-%d-%d", b.seq, parts), body) // whose transaction it is, so that none stands for another
		body, n, parts = nil, 0, parts+1
		return err
	}
	for _, t := range list {
		id, ok := who[t.person]
		if !ok {
			continue // erased meanwhile
		}
		signal, err := t.event(id, said)
		if err != nil {
			return err
		}
		body = event.Append(body, &signal)
		if n++; n == together {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// together is how many signals leave as one message.
const together = 200

// saying is what signals of one kind have in common.
type saying struct {
	unit     *unit
	from, to uint8
	cause    string
}

// said is what a signal says.
type said struct {
	Segment   string `json:"segment,omitempty"`
	Tag       string `json:"tag,omitempty"`
	Source    string `json:"source,omitempty"`
	Dimension string `json:"dimension,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Cause     string `json:"cause"`
}

// event is the signal as an event about a person. known are properties that were written before.
func (t told) event(who event.Identity, known map[saying][]byte) (event.Event, error) {
	e := event.Event{
		ID: fmt.Sprintf("s-%d-%d", t.unit.id, t.id), Type: event.Signal, Time: t.at, Received: t.at, Identities: []event.Identity{who},
	}
	says := said{Cause: t.cause}
	in := t.to != 0
	switch t.unit.owner {
	case standing.Segment:
		says.Segment, e.Name = t.unit.key, event.SegmentExited
		if in {
			e.Name = event.SegmentEntered
		}
	case standing.Tag:
		says.Tag, says.Source, e.Name = t.unit.key, "rule", event.TagRemoved
		if in {
			e.Name = event.TagAdded
		}
	case standing.Tier:
		says.Dimension, says.From, says.To, e.Name = t.unit.key, t.unit.name(t.from), t.unit.name(t.to), event.TierChanged
	}
	kind := saying{t.unit, t.from, t.to, t.cause}
	if e.Properties = known[kind]; e.Properties == nil {
		var err error
		if e.Properties, err = json.Marshal(says); err != nil {
			return e, err
		}
		known[kind] = e.Properties
	}
	if t.hops > 0 {
		e.Context = fmt.Appendf(nil, `{"hops":%d}`, t.hops)
	}
	return e, nil
}

// identities gives the identity by which each person is told of.
func (e *Engine) identities(ctx context.Context, q state.Querier, people []int64) (map[int64]event.Identity, error) {
	return identity.Strongest(ctx, q, e.o.Kinds(), people)
}

func anys(in []int64) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}

// tellSome is how many of a big sweep's people are told in one transaction.
const tellSome = 500

// tellOwed sends some of the signals that big sweeps still owe, and says whether there are more.
func (e *Engine) tellOwed(ctx context.Context) (more bool, err error) {
	err = e.inTx(ctx, func(tx *state.Tx, b *batch) error {
		var k *bulk
		for _, u := range e.sorted() {
			if len(u.bulks) > 0 && (k == nil || u.bulks[0].id < k.id) {
				k = u.bulks[0]
			}
		}
		if k == nil {
			return nil
		}
		it := k.members.Iterator()
		it.AdvanceIfNeeded(uint64(k.signalled + 1))
		var list []told
		var people []int64
		last := k.signalled
		for it.HasNext() && len(list) < tellSome {
			last = int64(it.Next())
			if !k.early[last] {
				list, people = append(list, k.told(last)), append(people, last)
			}
		}
		done := !it.HasNext()
		if done {
			last = -1
		}
		more = true
		if err := e.emit(ctx, tx, b, list, people); err != nil {
			return err
		}
		b.then = append(b.then, func() {
			k.signalled = last
			if done {
				k.unit.bulks = k.unit.bulks[1:]
			}
			e.figures.signals.Add(int64(len(list)))
		})
		_, err := tx.Exec(ctx, "UPDATE membership_bulk SET signalled = ? WHERE id = ?", last, k.id)
		return err
	})
	return more, err
}
