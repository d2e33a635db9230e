package rule

import (
	"cmp"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// HeldRef is what a held() asks about: "segment" or "tag" with its key, or "tier" with its dimension and level.
type HeldRef struct {
	Owner string
	Key   string
	Level string
}

// Refs are the things that a rule mentions, each list without repeats and in order. The place of a thing in its list is its slot: Facts are asked
// for slots of the Refs of the Program or Set that runs.
type Refs struct {
	Events     []string
	Columns    []timeline.Column // "revenue" is never one: it is the amount that events carry anyway
	Traits     []string
	Tags       []string
	Tiers      []string // dimensions
	Segments   []string
	Kinds      []string
	Purposes   []string
	Held       []HeldRef
	Channels   bool // channel.first or channel.last
	AnyEvent   bool // active_days: every event may change the answer
	Days       int  // the longest window of days, held() not counted; days_since_* needs All
	All        bool // needs events from the beginning
	TimeDriven bool // the answer may change at a midnight without an event
}

// On is every owner and key on which a rule stands: "segment/…", "tag/…" and "tier/…", for Cycle.
func (r Refs) On() []string {
	var on []string
	for _, k := range r.Segments {
		on = append(on, "segment/"+k)
	}
	for _, k := range r.Tags {
		on = append(on, "tag/"+k)
	}
	for _, k := range r.Tiers {
		on = append(on, "tier/"+k)
	}
	for _, h := range r.Held {
		on = append(on, h.Owner+"/"+h.Key)
	}
	slices.Sort(on)
	return slices.Compact(on)
}

// From is the moment from which a person's events are needed at an instant; 0 for all.
func (r Refs) From(at Instant) int64 {
	if r.All || r.Days == 0 {
		return 0
	}
	return at.Window(r.Days)
}

// NeedsEvents says whether a person's events are needed at all.
func (r Refs) NeedsEvents() bool { return r.All || r.Days > 0 }

// Refs are what the rule mentions.
func (r *Rule) Refs() Refs {
	g := gatherer{}
	g.gather(r.root)
	return g.refs()
}

// gatherer collects what nodes mention.
type gatherer struct {
	Refs
}

func (g *gatherer) gather(root *node) {
	root.walk(func(n *node) {
		switch n.op {
		case opTrait:
			g.Traits = append(g.Traits, n.key)
		case opTag:
			g.Tags = append(g.Tags, n.key)
		case opSegment:
			g.Segments = append(g.Segments, n.key)
		case opTier:
			g.Tiers = append(g.Tiers, n.key)
		case opIdentity:
			g.Kinds = append(g.Kinds, n.key)
		case opConsent:
			g.Purposes = append(g.Purposes, n.key)
		case opChannel:
			g.Channels = true
		case opHeld:
			g.Held = append(g.Held, heldRef(n))
			g.TimeDriven = true
		case opActiveDays:
			g.AnyEvent = true
			g.span(n)
		case opProperty:
			g.column(n.prop, n.key)
		case opSum, opAvg, opMin, opMax, opDistinct:
			g.column(n.key, n.prop)
			g.event(n)
		case opCount, opSinceLast, opSinceFirst:
			g.event(n)
		default:
		}
	})
}

func (g *gatherer) event(n *node) {
	g.Events = append(g.Events, n.key)
	g.span(n)
}

func (g *gatherer) span(n *node) {
	g.All = g.All || n.days == 0
	g.Days = max(g.Days, n.days)
	g.TimeDriven = g.TimeDriven || n.days > 0 || n.op == opSinceLast || n.op == opSinceFirst
}

func (g *gatherer) column(of, property string) {
	if property != revenue {
		g.Columns = append(g.Columns, timeline.Column{Event: of, Property: property})
	}
}

// heldRef is what a held() asks about.
func heldRef(n *node) HeldRef {
	switch k := n.kids[0]; k.op {
	case opTag:
		return HeldRef{Owner: "tag", Key: k.key}
	case opSegment:
		return HeldRef{Owner: "segment", Key: k.key}
	default:
		return HeldRef{Owner: "tier", Key: k.kids[0].key, Level: k.kids[1].key}
	}
}

// refs are the lists in order, without repeats.
func (g *gatherer) refs() Refs {
	r := g.Refs
	for _, list := range []*[]string{&r.Events, &r.Traits, &r.Tags, &r.Tiers, &r.Segments, &r.Kinds, &r.Purposes} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.SortFunc(r.Columns, func(a, b timeline.Column) int {
		return cmp.Or(strings.Compare(a.Event, b.Event), strings.Compare(a.Property, b.Property))
	})
	r.Columns = slices.Compact(r.Columns)
	slices.SortFunc(r.Held, func(a, b HeldRef) int {
		return cmp.Or(strings.Compare(a.Owner, b.Owner), strings.Compare(a.Key, b.Key), strings.Compare(a.Level, b.Level))
	})
	r.Held = slices.Compact(r.Held)
	return r
}
