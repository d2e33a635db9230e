package load

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// town is what all connections share: who exists, and the running number of events.
type town struct {
	templates templates
	people    atomic.Int64 // numbers below are taken
	devices   atomic.Int64 // second devices taken
	sent      atomic.Int64 // number of the next event
}

// member says whether the person with this number has an account: seven of ten.
func member(person int64) bool { return person%10 < 7 }

// secondDevices are numbered from here on, above everybody's first.
const secondDevices = 500_000_000_000

// mix says what sessions there are.
type mix struct {
	newcomers, merges float64
}

func filling() mix { return mix{newcomers: 1} }
func steady() mix  { return mix{newcomers: 0.05, merges: 0.01} }

// session is one person's sitting.
type session struct {
	user, device int64
	left         int  // blocks still to come
	join         int  // the block in which the person signs in, counted from the end; -1 for never
	known        bool // signed in
}

// crowd is the sessions that one connection carries, a block of each in a request. It is not safe for concurrent use.
type crowd struct {
	town  *town
	mix   mix
	dice  *rand.Rand
	seats [blocks]session
}

func newCrowd(t *town, m mix, seed uint64) *crowd {
	return &crowd{town: t, mix: m, dice: rand.New(rand.NewPCG(seed, 0x10ad))}
}

// next seats a new session: one, two or three blocks long, two on average.
func (c *crowd) next() session {
	s := session{left: []int{1, 2, 2, 3}[c.dice.IntN(4)], join: -1}
	x := c.dice.Float64()
	present := c.town.people.Load()
	switch {
	case x < c.mix.newcomers || present == 0:
		s.user = c.town.people.Add(1) - 1
		s.device = s.user
		if member(s.user) {
			s.join = 1
		}
	case x < c.mix.newcomers+c.mix.merges:
		s.user = c.dice.Int64N(present)
		s.user -= s.user % 10 // a member
		s.device = secondDevices + c.town.devices.Add(1)
		s.left, s.join = 2, 1
	default:
		s.user = c.dice.Int64N(present)
		s.device = s.user
		s.known = member(s.user)
	}
	return s
}

const (
	opening = `{"batch":[`
	closing = `]}`
)

// body writes the next request into b, which it grows once and uses again.
func (c *crowd) body(b []byte, now time.Time) []byte {
	number := c.town.sent.Add(batchEvents) - batchEvents
	var room [40]byte // AppendFormat needs more than it returns
	moment := now.UTC().AppendFormat(room[:0], "2006-01-02T15:04:05.000000Z")
	b = append(b[:0], opening...)
	for k := range c.seats {
		s := &c.seats[k]
		if s.left == 0 {
			*s = c.next()
		}
		kind := c.town.templates.anonymous
		switch {
		case s.join == s.left:
			kind, s.known = c.town.templates.join, true
		case s.known:
			kind = c.town.templates.known
		}
		s.left--
		if k > 0 {
			b = append(b, ',')
		}
		b = fill(b, &kind[c.dice.IntN(len(kind))], s, number+int64(k*blockEvents), moment)
	}
	return append(b, closing...)
}

// fill appends a block and writes the numbers into it. Events of one request differ in the last digits of their moment.
func fill(b []byte, t *template, s *session, number int64, moment []byte) []byte {
	from := len(b)
	b = append(b, t.text...)
	for _, slot := range t.slots {
		at, n := b[from+slot.at:], number+int64(slot.event)
		switch slot.mark {
		case message, order:
			write(at[:len(messageMark)], n)
		case stamp:
			copy(at[:len(stampMark)], moment)
			write(at[len(stampMark)-4:len(stampMark)-1], n%batchEvents)
		case user:
			write(at[:len(userMark)], s.user)
		case device:
			write(at[:len(deviceMark)], s.device)
		}
	}
	return b
}

// write puts n with leading zeros into all of b.
func write(b []byte, n int64) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}
