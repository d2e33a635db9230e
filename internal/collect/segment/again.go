package segment

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Again takes rejected events in once more, with the rules as they are now and everything else as it was when they came. The reasons
// are in the order of the items, nil for an accepted one. With an error nothing was accepted.
func (in *Intake) Again(ctx context.Context, items []reject.Rejected) ([]*reject.Reason, error) {
	w := in.works.Get().(*work) //nolint:errcheck,forcetypeassert // only works are put
	defer in.put(w)
	w.out, w.tally = w.out[:0], w.tally[:0]
	w.convert.kinds, w.convert.maxEvent, w.convert.problems = in.o.Kinds(), in.o.MaxEvent, w.convert.problems[:0]
	reasons := make([]*reject.Reason, len(items))
	for i := range items {
		reason, err := w.again(&items[i])
		if err != nil {
			return nil, err
		}
		if reasons[i] = reason; reason != nil {
			continue
		}
		w.out = event.Append(w.out, &w.event)
		w.count(items[i].Source, 1, 0)
	}
	if err := in.append(ctx, w); err != nil {
		return nil, err
	}
	in.rates.add(in.o.Clock.Now(), w.tally)
	for _, t := range w.tally {
		in.meter.events.WithLabelValues("replayed").Add(float64(t.accepted))
	}
	return reasons, nil
}

func (w *work) again(item *reject.Rejected) (*reject.Reason, error) {
	env := Envelope{}
	if err := json.Unmarshal(item.Envelope, &env); err != nil {
		return nil, fmt.Errorf("read envelope of rejected event %d: %w", item.ID, err)
	}
	env.Source, env.Received = item.Source, item.At.UnixMicro()
	env.FallbackID = fmt.Sprintf("rejected-%d-%d", item.ID, env.Received)
	if item.Cut {
		return because("event.cut", "only the beginning of the event was kept because it is very large; paste the whole event, made smaller"), nil
	}
	if err := w.parser.parse(clean(bytes.Clone(item.Body)), false, 1); err != nil {
		return because("event.malformed", "the event is not a JSON object; correct it"), nil //nolint:nilerr // the error is the reason
	}
	return w.convert.convert(&w.parser.top, &env, &w.event), nil
}
