package brand

import (
	"cmp"
	"math"
	"slices"
)

// purpose is what a visit is for.
type purpose uint8

const (
	look  purpose = iota // look around, read, watch
	order                // buy
	share                // invite somebody
)

// visit is one sitting of a person.
type visit struct {
	start   int64
	person  int32 // index into the people
	no      int16 // the person's how manieth, from 0
	purpose purpose
	tablet  bool // at a shop's tablet
}

// populate draws the people in the order in which they join, and plans their visits.
func (b *Brand) populate(n int) {
	d := newDice()
	b.people = make([]person, 0, n)
	b.visits = make([]visit, 0, n*8)
	var members []int32 // registered so far, candidates for inviting
	for i, a := range b.arrivals(d, n) {
		d.roll(b.seed, 1, uint64(i))
		p := b.newPerson(d, int64(i), a.channel, a.at)
		b.quirks(d, &p, members)
		if b.world.channels[a.channel].key == "invite" {
			b.invite(d, &p, members)
		}
		b.life(d, &p, int32(i))
		if p.signs >= 0 {
			members = append(members, int32(i))
		}
		b.people = append(b.people, p)
	}
	slices.SortFunc(b.visits, func(x, y visit) int {
		return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.person, y.person), cmp.Compare(x.no, y.no))
	})
	b.follow()
}

// follow gathers the people whose story goes on after the history.
func (b *Brand) follow() {
	total := 0.0
	for i := range b.people {
		p := &b.people[i]
		if p.ends > b.now {
			total += p.curious + p.rate
			b.active, b.weights = append(b.active, int32(i)), append(b.weights, total)
		}
	}
}

type arrival struct {
	at      int64
	channel int
}

// arrivals draws when n people come, and by which channel, in order of time.
func (b *Brand) arrivals(d dice, n int) []arrival {
	w, days := &b.world, b.world.calendar.days()
	sum := make([]float64, 0, days*len(w.channels))
	total := 0.0
	for i := range w.channels {
		c := &w.channels[i]
		all := 0.0
		for k := range days {
			all += c.day[k]
		}
		for k := range days {
			growing := 1 + 0.7*float64(k)/float64(days) // the brand as a whole grows
			total += c.volume * c.day[k] / all * math.Pow(w.calendar.eager[k], c.season) * growing
			sum = append(sum, total)
		}
	}
	list := make([]arrival, n)
	d.roll(b.seed, 2, 0)
	for i := range list {
		k := d.pick(sum)
		at := w.at(d, w.calendar.start+int64(k%days)*day)
		if at > b.now-minute {
			at = b.now - minute - d.Int64N(6*hour)
		}
		list[i] = arrival{at: at, channel: k / days}
	}
	slices.SortFunc(list, func(x, y arrival) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.channel, y.channel)) })
	return list
}

// quirks gives a few people what makes identities hard: the telephone of somebody else.
func (b *Brand) quirks(d dice, p *person, members []int32) {
	if len(members) > 50 && d.chance(0.0025) {
		other := &b.people[members[d.IntN(len(members))]]
		if other.twin < 0 {
			p.twin = other.no
			p.name = string([]rune(other.name)[:1]) + string([]rune(p.name)[1:])
		}
	}
	if b.world.channels[p.channel].home == shop || d.chance(0.12) {
		p.group = int8(d.IntN(len(b.world.stories.groups)))
	}
}

// invite finds who invited the person: somebody registered and still around, the keener the likelier; and plans the act of sharing.
func (b *Brand) invite(d dice, p *person, members []int32) {
	best := int32(-1)
	for range 12 {
		if len(members) == 0 {
			return
		}
		i := members[d.IntN(len(members))]
		q := &b.people[i]
		if q.ends < p.joined || q.signed > p.joined-2*hour {
			continue
		}
		if best < 0 || q.advocacy > b.people[best].advocacy {
			best = i
		}
	}
	if best < 0 {
		return
	}
	q := &b.people[best]
	p.inviter = q.no
	at := p.joined - 10*minute - int64(float64(6*hour)*d.ExpFloat64())
	if at > q.signed+hour {
		b.visits = append(b.visits, visit{start: at, person: best, no: q.visits, purpose: share})
		q.visits++
	}
}

// life plans a person's visits from joining to the end of the relation or of the history.
func (b *Brand) life(d dice, p *person, index int32) {
	c, cal := &b.world.channels[p.channel], &b.world.calendar
	type sitting struct {
		at  int64
		buy bool
	}
	list := []sitting{{at: p.joined}}
	signs := p.home == shop || d.chance(c.sign)
	buys := signs && d.chance(c.buy)
	p.ends = p.joined + int64(float64(24*day)*d.ExpFloat64()*c.loyal)
	if buys {
		p.ends = math.MaxInt64
		at := cal.shopping(p.joined)
		if d.chance(0.38) {
			list[0].buy = true
		} else {
			at += 7 * d.ExpFloat64()
		}
		for first := true; ; first = false {
			if t, ok := cal.when(at); ok && (!first || !list[0].buy) {
				list = append(list, sitting{b.world.at(d, t), true})
			} else if !ok {
				break
			}
			if d.chance(p.drop) {
				t, _ := cal.when(at)
				p.ends = max(t, p.joined) + int64(float64(14*day)*d.ExpFloat64())
				break
			}
			at += d.ExpFloat64() / p.rate
		}
	}
	for at := cal.shopping(p.joined); len(list) < 150; {
		at += d.ExpFloat64() / p.curious
		t, ok := cal.when(at)
		if !ok || t > p.ends {
			break
		}
		list = append(list, sitting{b.world.at(d, t), false})
	}
	slices.SortStableFunc(list[1:], func(x, y sitting) int { return cmp.Compare(x.at, y.at) })
	bought := slices.IndexFunc(list, func(s sitting) bool { return s.buy })
	last := p.joined - hour
	for i, s := range list {
		s.at = max(s.at, last+hour)
		if s.at > b.now-10*minute && i > 0 {
			break
		}
		last = s.at
		v := visit{start: s.at, person: index, no: int16(i)}
		if s.buy {
			v.purpose = order
		}
		b.visits = append(b.visits, v)
		p.visits++
	}
	if signs {
		at := min(int(d.ExpFloat64()*1.1), int(p.visits)-1)
		if bought >= 0 && at > bought {
			at = bought
		}
		if p.home == shop {
			at = 0
		}
		p.signs = int16(at)
		p.signed = b.visits[len(b.visits)-int(p.visits)+at].start
	}
	if n := int(p.visits); p.home == shop && n > 1 && d.chance(0.12) {
		b.visits[len(b.visits)-1-d.IntN(n-1)].tablet = true
	}
}
