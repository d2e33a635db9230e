package membership

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/standing"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// SetTags tells the engine, in the transaction that puts them on people or takes them off, of tags by hand, and decides whom that concerns. Call
// committed after the commit; after a roll-back do nothing. Give at most some thousand at once.
func (e *Engine) SetTags(ctx context.Context, tx *state.Tx, sets []standing.TagSet) (committed func(), err error) {
	if err := e.mustBeReady(); err != nil {
		return nil, err
	}
	b, err := e.enter(ctx, tx)
	if err != nil {
		return nil, err
	}
	t := newTouched(e.plan, causeTag)
	t.hand = map[int64]map[string]bool{}
	b.hand = map[int64]map[string]int64{}
	e.tl.Read(func(*timeline.Reader) {
		for _, s := range sets {
			on := b.hand[s.Person]
			if on == nil {
				on = e.roster.MarksOf(s.Person)
				b.hand[s.Person], t.hand[s.Person] = on, map[string]bool{}
			}
			t.hand[s.Person][s.Tag] = s.On
			if _, has := on[s.Tag]; s.On && !has {
				on[s.Tag] = b.at.Now
			} else if !s.On {
				delete(on, s.Tag)
			}
			t.of(s.Person).or(e.plan.tags[s.Tag])
		}
	})
	e.decide(b, t)
	if err := e.write(ctx, tx, b); err != nil {
		return nil, err
	}
	e.leave(b)
	return func() { e.committed(b) }, nil
}
