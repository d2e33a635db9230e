package brand

import (
	"slices"
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// The apps in which people are known by an openid, and the corp in which they are known by an external_userid.
const (
	appMini = "wxdemo00yunhe0mini"
	appOA   = "wxdemo000yunhe00oa"
	corp    = "wwdemo0yunhe"
)

// person is one human: what does not change, and what the plan decided.
type person struct {
	no       int64 // serial number, from which all identities are derived
	joined   int64
	ends     int64 // when the relation ends; after now for those whose story goes on
	signs    int16 // number of the visit in which the person registers, -1 for never
	signed   int64 // when that visit begins
	visits   int16
	channel  uint8
	home     surface
	city     uint8
	skin     uint8
	taste    uint8
	staff    uint8
	model    uint8
	female   bool
	mail     bool
	weixin   bool // uses WeChat: has openids and a unionid
	inApp    bool // uses the app once registered
	group    int8 // the group joined, -1 for none
	birthday int32
	inviter  int64 // serial number, -1 for none
	twin     int64 // serial number of the person with the same telephone number, -1 for none
	name     string
	tea      float64 // leaning towards tea
	spend    float64 // mean value of an order in fen
	rate     float64 // orders per day of shopping time
	drop     float64 // probability to be lost after an order
	curious  float64 // visits without an order, per day of shopping time
	advocacy float64
}

// newPerson draws a person's constant parts. The dice are rolled for this person.
func (b *Brand) newPerson(d dice, no int64, channelNo int, joined int64) person {
	w := &b.world
	c := &w.channels[channelNo]
	p := person{no: no, joined: joined, signs: -1, channel: uint8(channelNo), home: c.home, group: -1, inviter: -1, twin: -1}
	p.tea = d.beta(1.1*c.tea+0.15, 1.1*(1-c.tea)+0.15)
	p.female = d.chance(0.78 - 0.3*p.tea)
	p.name = w.names.full(d, p.female)
	p.city = uint8(w.pickCity(d, c.key))
	p.skin = uint8(d.IntN(len(w.names.skins)))
	p.taste = uint8(d.IntN(len(w.names.tastes) - 1))
	if p.tea < 0.15 && d.chance(0.5) {
		p.taste = uint8(len(w.names.tastes) - 1)
	}
	p.staff = uint8(d.IntN(len(w.staff)))
	p.model = uint8(d.IntN(len(w.names.models)))
	age := 18 + 9*d.gamma(1.9)*(0.75+0.5*p.tea)
	p.birthday = int32(b.now/day - int64(age*365.25) - d.Int64N(365))
	p.mail = d.chance(0.3)
	p.weixin = c.home != site && c.home != phone || d.chance(0.6)
	p.inApp = c.home == phone || d.chance(0.18)
	if c.home == shop && !d.chance(c.sign) {
		p.home = mini // somebody who only scans the code at the counter
	}
	// Gamma-gamma: the value of orders is gamma (see order.go) with a rate that is itself gamma over people.
	p.spend = 18500 * 4.4 / max(d.gamma(4.6), 0.9) * c.spend
	// BG/NBD: Poisson with gamma rates, lost after each order with a beta probability.
	p.rate = d.gamma(0.95) / 42 * c.pace
	p.drop = d.beta(0.85, 2.1*c.loyal)
	p.curious = d.gamma(1.3) / 20 * c.pace
	p.advocacy = d.gamma(0.35)
	return p
}

// pickCity draws a city; a shop's people mostly live around it.
func (w *world) pickCity(d dice, key string) int {
	near := map[string]string{"store-hangzhou": "杭州", "store-shanghai": "上海", "store-chengdu": "成都"}[key]
	if near != "" && d.chance(0.8) {
		return slices.IndexFunc(w.cities, func(c city) bool { return c.name == near })
	}
	return d.pick(w.citySum)
}

// registered says whether the person has an account at a visit's end.
func (p *person) registered(visit int16) bool { return p.signs >= 0 && visit >= p.signs }

func (p *person) userID() string { return "yh" + digits(10_000_000+p.no, 8) }

func (p *person) memberNo() string { return "8860" + digits(p.no, 8) }

// telephone is the person's number within +86 199 0000 0000 to +86 199 0999 9999.
func (p *person) telephone() string {
	no := p.no
	if p.twin >= 0 {
		no = p.twin
	}
	return "+86199" + digits(no%10_000_000, 8)
}

func (b *Brand) email(p *person) string {
	h, m := b.hash(p.no, 11), b.world.names.mail
	return m[h%16] + m[h>>8%16] + "." + strconv.FormatInt(p.no, 10) + "@example.com"
}

func (p *person) born() string {
	return time.Unix(int64(p.birthday)*86400, 0).UTC().Format(time.DateOnly)
}

// hash is a number that belongs to a person and a purpose.
func (b *Brand) hash(no int64, purpose uint64) uint64 {
	return mix(b.seed ^ mix(uint64(no)<<8|purpose))
}

// browser is the anonymous id of the person's k-th browser, written like a UUID.
func (b *Brand) browser(p *person, k uint64) event.Identity {
	return event.Identity{Kind: event.AnonymousID, Value: uuid(b.hash(p.no, 32+2*k), b.hash(p.no, 33+2*k))}
}

func (b *Brand) device(p *person) event.Identity {
	return event.Identity{Kind: event.DeviceID, Value: uuid(b.hash(p.no, 20), b.hash(p.no, 21))}
}

func (b *Brand) openid(p *person, app string, purpose uint64) event.Identity {
	return event.Identity{Kind: event.OpenID, Scope: app, Value: "oDemo" + letters(b.hash(p.no, purpose), b.hash(p.no, purpose+1), 23)}
}

func (b *Brand) unionid(p *person) event.Identity {
	return event.Identity{Kind: event.UnionID, Value: "o6Demo" + letters(b.hash(p.no, 16), b.hash(p.no, 17), 22)}
}

func (b *Brand) contact(p *person) event.Identity {
	return event.Identity{Kind: event.ExternalUserID, Scope: corp, Value: "wmDemo" + letters(b.hash(p.no, 18), b.hash(p.no, 19), 26)}
}

// counter is the anonymous id of a shop's tablet, which many people share.
func (b *Brand) counter(k uint64) event.Identity {
	return event.Identity{Kind: event.AnonymousID, Value: uuid(mix(b.seed^0x7ab1e7+k), mix(k))}
}

// digits writes n with leading zeros.
func digits(n int64, width int) string {
	var b [20]byte
	for i := width - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[:width])
}

func uuid(h, l uint64) string {
	const hex = "0123456789abcdef"
	var b [36]byte
	for i := range b {
		switch i {
		case 8, 13, 18, 23:
			b[i] = '-'
		case 14:
			b[i] = '4'
		case 19:
			b[i] = "89ab"[l&3]
			l >>= 2
		default:
			b[i] = hex[h&15]
			h = h>>4 | l<<60
			l >>= 4
		}
	}
	return string(b[:])
}

func letters(h, l uint64, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var b [32]byte
	for i := range n {
		b[i] = alphabet[h&63]
		h = h>>6 | l<<58
		l >>= 6
	}
	return string(b[:n])
}
