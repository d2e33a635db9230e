package brand

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// batchSize is how many events are handed on at once at most.
const batchSize = 100

// Live goes on with the story from the clock's present: people of the history come back, newcomers arrive, orders happen, at about rate
// events a second round the clock (0: at the Pace of the history, so that today is a day like those before). It calls send with batches of at most 100 events in order of time, and ends with ctx (then without an
// error) or with the first error of send.
//
// Message ids begin with the moment of the start, so that another run later in the same pool brings new events.
func (b *Brand) Live(ctx context.Context, clk clock.Clock, rate float64, send func(context.Context, []event.Event) error) error {
	if rate <= 0 {
		rate = b.Pace()
	}
	t := b.newTraffic(clk.Now().UnixMicro(), rate)
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		for events := t.until(clk.Now().UnixMicro()); len(events) > 0; {
			n := min(batchSize, len(events))
			if err := send(ctx, events[:n]); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return fmt.Errorf("send live events of the demo brand: %w", err)
			}
			events = events[n:]
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// traffic makes live events up to any moment it is asked for.
type traffic struct {
	b       *Brand
	s       *scene
	d       dice
	due     agenda
	rate    float64
	start   int64
	next    int64 // when the next visit begins
	visits  int64
	events  int64
	serial  int64 // of the last newcomer
	sums    []float64
	again   map[int64]int16 // visits since the start of people from the history
	circle  []person        // the latest newcomers, who may come back
	arrived int
}

// circleSize is how many newcomers are remembered.
const circleSize = 400

func (b *Brand) newTraffic(start int64, rate float64) *traffic {
	t := &traffic{b: b, d: newDice(), rate: max(rate, 1e-5), start: start, next: start - 90*second, again: map[int64]int16{}}
	t.d.roll(b.seed, 3, uint64(start))
	t.sums = cumulate(len(b.world.channels), func(i int) float64 { return b.world.channels[i].volume })
	t.s = b.newScene(fmt.Sprintf("demo-live-%x-", start/1000), func(e event.Event) {
		e.Received = e.Time
		t.events++
		t.due.push(e)
	})
	return t
}

// until gives everything that happens up to now and has not been given yet. After a long pause it does not catch up: the gap stays.
func (t *traffic) until(now int64) []event.Event {
	if now-t.next > 5*minute {
		t.next = now - minute
	}
	for t.next <= now {
		at := t.next
		t.visit(at)
		mean := 4.8 // events of a visit, until we know better
		if t.visits > 100 {
			mean = float64(t.events) / float64(t.visits)
		}
		swell := 1 + 0.25*math.Sin(float64(at)/float64(7*minute)) // real traffic breathes
		t.next = at + int64(float64(second)*t.d.ExpFloat64()*mean/(t.rate*swell))
	}
	var events []event.Event
	for t.due.before(now) {
		events = append(events, t.due.pop())
	}
	return events
}

func (t *traffic) visit(at int64) {
	b := t.b
	t.visits++
	t.s.d.roll(b.seed, uint64(t.start), uint64(t.visits))
	if x := t.d.Float64(); x < 0.11 || len(b.active) == 0 {
		if p, ok := t.newcomer(at); ok {
			v := visit{start: at}
			if p.signs == 0 && t.d.chance(0.22) {
				v.purpose = order
			}
			t.s.play(p, v)
			return
		}
	} else if x < 0.16 && len(t.circle) > 0 {
		p := &t.circle[t.d.IntN(len(t.circle))]
		p.visits++
		t.s.play(p, visit{start: at, no: p.visits - 1, purpose: t.intent(p)})
		return
	}
	if len(b.active) == 0 {
		return
	}
	p := &b.people[b.active[t.d.pick(b.weights)]]
	no := p.visits + t.again[p.no]
	t.again[p.no]++
	t.s.play(p, visit{start: at, no: no, purpose: t.intent(p)})
}

// intent is what a returning person comes for.
func (t *traffic) intent(p *person) purpose {
	switch x := t.d.Float64(); {
	case p.signs < 0:
		return look
	case x < 0.17:
		return order
	case x < 0.185:
		return share
	}
	return look
}

// newcomer makes a person who has never been there. Serial numbers count seconds, so that they do not repeat after a new start; there is
// at most one newcomer a second.
func (t *traffic) newcomer(at int64) (*person, bool) {
	const from, low, span = 1_767_225_600, 1_000_000, 80_000_000 // from 2026 on, above the people of any history
	serial := low + max(at/second-from, 0)%span
	if serial <= t.serial {
		return nil, false
	}
	t.serial = serial
	b := t.b
	k := t.d.pick(t.sums)
	p := b.newPerson(t.d, serial, k, at)
	p.ends, p.visits = math.MaxInt64, 1
	if c := &b.world.channels[k]; p.home == shop || t.d.chance(c.sign) {
		p.signs, p.signed = 0, at
		if c.key == "invite" && len(b.active) > 0 {
			if q := &b.people[b.active[t.d.IntN(len(b.active))]]; q.signs >= 0 {
				p.inviter = q.no
			}
		}
	}
	if len(t.circle) < circleSize {
		t.circle = append(t.circle, p)
	} else {
		t.circle[t.arrived%circleSize] = p
	}
	t.arrived++
	return &t.circle[(t.arrived-1)%circleSize], true
}
