package brand

import (
	"slices"
	"strconv"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// scene plays one visit: it keeps who is there, where, and what time it is, and turns acts into events.
type scene struct {
	b      *Brand
	d      dice
	out    func(event.Event)
	prefix string // of message ids

	p       *person
	v       visit
	at      int64
	n       int // events so far
	where   surface
	browser uint64
	known   bool // signed in on this surface
	theme   string
	props   doc
	traits  doc
	context doc
}

func (b *Brand) newScene(prefix string, out func(event.Event)) *scene {
	return &scene{b: b, d: newDice(), prefix: prefix, out: out}
}

// wait lets time go by between two acts.
func (s *scene) wait() { s.at += int64(float64(second) * (2 + 28*s.d.gamma(1.1))) }

// identities are the keys by which the present surface knows the person.
func (s *scene) identities() []event.Identity {
	ids := make([]event.Identity, 0, 5)
	if s.known {
		ids = append(ids, event.Identity{Kind: event.UserID, Value: s.p.userID()})
	}
	switch s.where {
	case site:
		ids = append(ids, s.b.browser(s.p, s.browser))
	case phone:
		ids = append(ids, s.b.device(s.p))
	case mini:
		ids = append(ids, s.b.unionid(s.p), s.b.openid(s.p, appMini, 12))
	case oa:
		ids = append(ids, s.b.unionid(s.p), s.b.openid(s.p, appOA, 14))
	case wecom:
		ids = append(ids, s.b.unionid(s.p), s.b.contact(s.p))
	case shop:
		ids = append(ids, event.Identity{Kind: event.MemberNo, Value: s.p.memberNo()})
	case tablet:
		ids = append(ids, s.b.counter(uint64(s.p.staff)/4))
	}
	return ids
}

// emit sends an event at the present moment. Properties, traits and context are whole objects or nil.
func (s *scene) emit(typ event.Type, name string, properties, traits, context []byte, more ...event.Identity) {
	s.out(event.Event{
		ID: s.id(), Type: typ, Name: name, Time: s.at, Received: s.at + 80_000, Identities: append(s.identities(), more...),
		Properties: properties, Traits: traits, Context: context,
	})
}

// later sends an event of the same person that happens on its own some time after this visit.
func (s *scene) later(after int64, name string, properties []byte) {
	now := s.at
	s.at += after
	s.emit(event.Track, name, properties, nil, s.place())
	s.at = now
}

func (s *scene) id() string {
	var b [64]byte
	id := append(b[:0], s.prefix...)
	id = strconv.AppendInt(id, s.p.no, 36)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(s.v.no), 36)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(s.n), 36)
	s.n++
	return string(id)
}

// track sends an act of the visit, with the context of an act: only where it happened.
func (s *scene) track(name string, properties []byte) {
	s.emit(event.Track, name, properties, nil, s.place())
	s.wait()
}

// place is the small context of acts after the first.
func (s *scene) place() []byte {
	c := s.context.begin()
	switch s.where {
	case site:
		c.open("library").str("name", "t.js").end('}')
	case phone:
		c.open("app").str("name", "云壑 App").end('}')
	case mini:
		c.open("app").str("name", "云壑小程序").end('}')
	case oa:
		c.open("app").str("name", "云壑茶事公众号").end('}')
	case wecom:
		c.open("app").str("name", "企业微信").end('}')
	case shop, tablet:
		c.open("app").str("name", "门店收银").end('}')
	}
	return c.str("ip", s.ip()).done()
}

// ip is the person's address, one of those kept for documentation.
func (s *scene) ip() string {
	h := s.b.hash(s.p.no, 5)
	return []string{"192.0.2.", "198.51.100.", "203.0.113."}[h%3] + strconv.FormatUint(1+h>>8%254, 10)
}

// settle decides where the visit takes place, and whether the person is signed in from its beginning.
func (s *scene) settle() {
	p := s.p
	s.where, s.browser, s.known = p.home, 0, false
	if s.v.tablet {
		s.where, s.known = tablet, true
		return
	}
	if !p.registered(s.v.no) || s.v.no == p.signs {
		return
	}
	s.known = true
	x := s.d.Float64()
	switch {
	case x < 0.42: // where they came from
	case p.inApp && x < 0.74:
		s.where = phone
	case p.weixin && x < 0.66:
		s.where = mini
	case p.weixin && x < 0.8:
		s.where = oa
	case p.weixin && s.b.hash(p.no, 3)%100 < 48:
		s.where = wecom
	case x < 0.95:
		s.where = site
	}
	if s.where == site {
		s.browser = s.d.Uint64N(3)
		s.known = !s.d.chance(0.3) // the others sign in on the way
	}
	if s.v.purpose == share && s.where == shop {
		s.where = mini
	}
}

// cross goes on in the mini-program, where one can buy, from a place where one cannot.
func (s *scene) cross() {
	if s.where == oa || s.where == wecom {
		s.where = mini
	}
}

// signIn identifies the person on the present surface, for the first time (signing up) or again.
func (s *scene) signIn(first bool) {
	p, w := s.p, &s.b.world
	s.known = true
	t := s.traits.begin()
	t.str("name", p.name)
	var more []event.Identity
	if first {
		city := w.cities[p.city]
		t.str("phone", p.telephone()).str("gender", gender(p.female)).str("birthday", p.born()).str("city", city.name).str("province", city.province)
		t.str("created_at", stamp(s.at)).str("member_no", p.memberNo()).str("tea_taste", w.names.tastes[p.taste])
		if s.d.chance(0.6) {
			t.str("skin_type", w.names.skins[p.skin])
		}
		more = append(more, event.Identity{Kind: event.Phone, Value: p.telephone()})
		if s.where != shop { // there the card says who it is anyway
			more = append(more, event.Identity{Kind: event.MemberNo, Value: p.memberNo()})
		}
		if p.mail {
			t.str("email", s.b.email(p))
			more = append(more, event.Identity{Kind: event.Email, Value: s.b.email(p)})
		}
		if p.inviter >= 0 {
			t.str("referrer_user_id", (&person{no: p.inviter}).userID())
		}
		if p.weixin {
			who := w.staff[p.staff]
			t.str("staff_id", who.id).str("staff_name", who.name)
			if !slices.Contains([]surface{mini, oa, wecom}, s.where) {
				more = append(more, s.b.unionid(p))
			}
		}
	} else if s.d.chance(0.15) {
		t.str("skin_type", w.names.skins[p.skin]) // told later
	}
	s.emit(event.Identify, event.Identified, nil, t.done(), s.place(), more...)
	s.wait()
	if !first {
		return
	}
	s.track("Signed Up", s.props.begin().str("channel", w.channels[p.channel].key).done())
	if p.inviter >= 0 {
		by := (&person{no: p.inviter}).userID()
		s.track("Invitation Accepted", s.props.begin().str("referrer_user_id", by).str("invite_code", "yq"+by[2:]).done())
	}
}

func gender(female bool) string {
	if female {
		return "female"
	}
	return "male"
}
