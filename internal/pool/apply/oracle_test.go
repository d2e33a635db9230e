package apply_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// oracle is the pool as its rules say it, as naively as can be: lists, and everything worked out anew for every question. It shares no code
// with the pool.
type oracle struct {
	limit   int // with so many people a weak key is a shared device
	nodes   []*thing
	byName  map[string]*thing
	links   []*joint
	with    map[*thing][]*thing // weak → strong ones it was seen with while it was somebody else's
	ids     map[string]bool     // message ids
	doubts  map[string]int      // "a b" → how often a guard objected
	imports int64
}

type thing struct {
	number int
	event.Identity
	first       int64
	quarantined bool
	events      []event.Event
}

type joint struct {
	a, b *thing
	cut  string // what cut it
}

func newOracle() *oracle {
	return &oracle{limit: 3, byName: map[string]*thing{}, with: map[*thing][]*thing{}, ids: map[string]bool{}, doubts: map[string]int{}}
}

// order says how strong kinds are, the strongest first.
func order() []string {
	return []string{"user_id", "member_no", "unionid", "external_userid", "openid", "phone", "email", "crm_id", "device_id", "anonymous_id"}
}

func onlyOne(kind string) bool { return slices.Index(order(), kind) <= 4 }
func weak(kind string) bool    { return kind == "device_id" || kind == "anonymous_id" }
func merges(kind string) bool  { return kind != "crm_id" }

func name(i event.Identity) string { return i.Kind + ":" + i.Scope + ":" + i.Value }

func (o *oracle) take(e event.Event) {
	if o.ids[e.ID] {
		return
	}
	o.ids[e.ID] = true
	who := slices.Clone(e.Identities)
	slices.SortFunc(who, func(x, y event.Identity) int {
		return cmp.Or(cmp.Compare(slices.Index(order(), x.Kind), slices.Index(order(), y.Kind)), cmp.Compare(x.Scope, y.Scope), cmp.Compare(x.Value, y.Value))
	})
	who = slices.Compact(who)
	known := len(o.nodes)
	var things []*thing
	for _, i := range who {
		x := o.byName[name(i)]
		if x == nil {
			x = &thing{number: len(o.nodes), Identity: i, first: e.Time}
			o.nodes, o.byName[name(i)] = append(o.nodes, x), x
		}
		things = append(things, x)
	}
	anchor := things[0]
	anchor.events = append(anchor.events, e)
	if e.Import != 0 {
		o.imports += max(1, e.Rows)
	}
	if e.Type == event.Command {
		o.obey(e, things)
		return
	}
	for _, x := range things[1:] {
		o.meet(anchor, x, known)
	}
}

func (o *oracle) meet(anchor, x *thing, known int) {
	mine, theirs := o.person(anchor), o.person(x)
	if slices.Contains(mine, x) || anchor.quarantined || x.quarantined {
		return
	}
	if x.number < known { // it was somebody before this event
		newcomer := anchor.number >= known && len(mine) == 1
		if !merges(x.Kind) || !newcomer && !merges(anchor.Kind) {
			return
		}
		if o.takenApart(mine, theirs) {
			o.doubt(anchor, x)
			return
		}
	}
	if !differ(mine, theirs) {
		o.links = append(o.links, &joint{a: anchor, b: x})
		return
	}
	if !weak(x.Kind) {
		o.doubt(anchor, x)
		return
	}
	if weak(anchor.Kind) {
		return
	}
	if !slices.Contains(o.with[x], anchor) {
		o.with[x] = append(o.with[x], anchor)
	}
	behind := map[int]bool{o.least(x).number: true}
	for _, s := range o.with[x] {
		behind[o.least(s).number] = true
	}
	if len(behind) >= o.limit {
		o.doubt(anchor, x)
		o.isolate(x)
	}
}

func (o *oracle) obey(e event.Event, things []*thing) {
	switch e.Name {
	case event.PeopleMerged:
		for _, x := range things[1:] {
			mine, theirs := o.person(things[0]), o.person(x)
			if !slices.Contains(mine, x) && differ(mine, theirs) && !strings.Contains(string(e.Properties), "force") {
				o.doubt(things[0], x)
				continue
			}
			o.links = append(o.links, &joint{a: things[0], b: x})
		}
	case event.PeopleUnmerged:
		var people [][]*thing
		for _, x := range things {
			if !slices.ContainsFunc(people, func(p []*thing) bool { return slices.Contains(p, x) }) {
				people = append(people, o.person(x))
			}
		}
		for _, l := range o.links {
			if l.cut == "" && slices.Contains(things, l.a) != slices.Contains(things, l.b) {
				l.cut = "unmerge"
			}
		}
		for _, p := range people {
			o.reunite(slices.DeleteFunc(slices.Clone(p), func(x *thing) bool { return slices.Contains(things, x) }))
			o.reunite(slices.DeleteFunc(slices.Clone(p), func(x *thing) bool { return !slices.Contains(things, x) }))
		}
	case event.Quarantined:
		if !things[0].quarantined {
			o.isolate(things[0])
		}
	case event.Released:
		if things[0].quarantined {
			things[0].quarantined = false
			delete(o.with, things[0])
		}
	}
}

// reunite makes one person of what was one before the identities that held it together were taken out, as far as nobody ever took the
// pieces apart.
func (o *oracle) reunite(side []*thing) {
	for i, x := range side {
		if o.least(x) != x {
			continue // of a piece that has had its turn
		}
		for _, y := range side[:i] {
			if o.least(y) == y && !o.takenApart(o.person(y), o.person(x)) {
				o.links = append(o.links, &joint{a: y, b: x})
				break
			}
		}
	}
}

// takenApart says whether a link between two people was ever cut by hand.
func (o *oracle) takenApart(mine, theirs []*thing) bool {
	return slices.ContainsFunc(o.links, func(l *joint) bool {
		across := slices.Contains(mine, l.a) && slices.Contains(theirs, l.b) || slices.Contains(mine, l.b) && slices.Contains(theirs, l.a)
		return across && l.cut == "unmerge"
	})
}

func (o *oracle) isolate(x *thing) {
	x.quarantined = true
	for _, l := range o.links {
		if l.cut == "" && (l.a == x || l.b == x) {
			l.cut = "quarantine"
		}
	}
}

func (o *oracle) doubt(a, b *thing) {
	if a.number > b.number {
		a, b = b, a
	}
	o.doubts[name(a.Identity)+" "+name(b.Identity)]++
}

// person is everything that holds together with x, by number.
func (o *oracle) person(x *thing) []*thing {
	in := []*thing{x}
	for grown := true; grown; {
		grown = false
		for _, l := range o.links {
			if l.cut == "" && slices.Contains(in, l.a) != slices.Contains(in, l.b) {
				grown = true
				if slices.Contains(in, l.a) {
					in = append(in, l.b)
				} else {
					in = append(in, l.a)
				}
			}
		}
	}
	slices.SortFunc(in, func(x, y *thing) int { return cmp.Compare(x.number, y.number) })
	return in
}

func (o *oracle) least(x *thing) *thing { return o.person(x)[0] }

// differ says whether two people have different values of a kind that a person has only one of.
func differ(mine, theirs []*thing) bool {
	for _, x := range mine {
		for _, y := range theirs {
			if onlyOne(x.Kind) && x.Kind == y.Kind && x.Scope == y.Scope && x.Value != y.Value {
				return true
			}
		}
	}
	return false
}

// portrait is what is known of one person, as text.
func (o *oracle) portrait(of []*thing) string {
	var events, orders, cancelled, revenue, first, last, firstOrder, lastOrder int64
	var email, phone string
	var traits strings.Builder
	var identified bool
	var firstTouch, lastTouch, lastEvent string
	earliest := func(t *int64, at int64) {
		if *t == 0 || at < *t {
			*t = at
		}
	}
	type said struct {
		at          int64
		name, value string
	}
	var set, once []said
	for _, x := range of {
		earliest(&first, x.first)
		last = max(last, x.first)
		identified = identified || !weak(x.Kind)
		if x.Kind == event.Email && email == "" {
			email = x.Value
		}
		if x.Kind == event.Phone && phone == "" {
			phone = x.Value
		}
		for _, e := range x.events {
			if e.Type == event.Command {
				continue
			}
			events++
			earliest(&first, e.Time)
			last = max(last, e.Time)
			lastEvent = max(lastEvent, fmt.Sprintf("%07d %s", e.Time, e.ID))
			switch e.Name {
			case event.OrderCompleted:
				var p struct{ Revenue float64 }
				if err := json.Unmarshal(e.Properties, &p); err != nil {
					panic(err)
				}
				orders, revenue = orders+1, revenue+int64(p.Revenue*100)
				earliest(&firstOrder, e.Time)
				lastOrder = max(lastOrder, e.Time)
			case event.OrderCancelled:
				cancelled++
			}
			if e.Type == event.Page {
				touch := fmt.Sprintf("%07d %s", e.Time, channelBehind(string(e.Context)))
				if firstTouch == "" || touch < firstTouch {
					firstTouch = touch
				}
				lastTouch = max(lastTouch, touch)
			}
			for k, v := range object(e.Traits) {
				if k != "$set_once" {
					set = append(set, said{e.Time, k, v})
					continue
				}
				for k, v := range object([]byte(v)) {
					once = append(once, said{e.Time, k, v})
				}
			}
		}
	}
	for _, k := range []string{"city", "level", "name", "origin", "tags"} {
		var shown *said
		for _, s := range set {
			if s.name == k && (shown == nil || s.at > shown.at || s.at == shown.at && s.value > shown.value) {
				shown = &s
			}
		}
		if shown == nil {
			for _, s := range once {
				if s.name == k && (shown == nil || s.at < shown.at || s.at == shown.at && s.value < shown.value) {
					shown = &s
				}
			}
		}
		if shown != nil && shown.value != "null" {
			fmt.Fprintf(&traits, " %s=%s@%d", k, shown.value, shown.at)
		}
	}
	return fmt.Sprint("events ", events, " orders ", orders, " cancelled ", cancelled, " revenue ", revenue, " seen ", first, "-", last,
		" bought ", firstOrder, "-", lastOrder, " mail ", email, " phone ", phone, " known ", identified,
		" from ", firstTouch, " lately ", lastTouch, " last ", lastEvent, " traits", traits.String())
}

// object is a JSON object's members as texts without spaces and escapes.
func object(raw []byte) map[string]string {
	out := map[string]string{}
	if len(raw) == 0 {
		return out
	}
	var members map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&members); err != nil {
		panic(err)
	}
	for k, v := range members {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		out[k] = string(b)
	}
	return out
}

// channelBehind knows the contexts that the streams draw.
func channelBehind(context string) string {
	switch {
	case strings.Contains(context, "baidu"):
		return "sem-baidu"
	case strings.Contains(context, "store-1"):
		return "store-1"
	case strings.Contains(context, "zhihu"):
		return "social-zhihu.com"
	case strings.Contains(context, "gclid"):
		return "paid-gclid"
	}
	return "direct"
}
