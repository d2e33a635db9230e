package membership

import (
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// unknown says that a node of a plan was not decided (again) for the present person.
const unknown = -1

// facts tell rules about one person at a time. They are used inside timeline.Store.Read, by one goroutine.
type facts struct {
	r       *timeline.Reader
	scratch *timeline.Scratch
	asks    *asking
	roster  *roster.Roster
	at      int64

	person int64
	nodes  []int64
	noded  bool
	seq    *timeline.Sequence
	from   int64 // the sequence begins here
	need   int64 // the rules about to be asked need it from here
	read   bool

	now  []int16         // level by node of the plan that is being decided
	base []int16         // level by node of the plan in force, where this batch has decided it; nil for none
	hand map[string]bool // tags by hand that are being set
}

func newFacts(r *roster.Roster) *facts {
	return &facts{scratch: timeline.NewScratch(), roster: r}
}

// turn goes on to the next person.
func (f *facts) turn(r *timeline.Reader, person int64) {
	f.r, f.person, f.noded, f.read = r, person, false, false
	f.hand, f.base = nil, nil
}

// wants says from when on the rules about to be asked need events.
func (f *facts) wants(from int64) {
	f.need = from
	if f.read && from < f.from {
		f.read = false
	}
}

func (f *facts) Person() int64 { return f.person }

func (f *facts) Events() rule.Events {
	if !f.read {
		f.seq, f.from, f.read = f.r.Sequence(f.scratch, f.person, f.need), f.need, true
	}
	return rule.Events{Times: f.seq.Times, Names: f.seq.Names, Rows: f.seq}
}

func (f *facts) ofPerson() []int64 {
	if !f.noded {
		f.nodes, f.noded = f.r.Nodes(f.person), true
	}
	return f.nodes
}

func (f *facts) Trait(slot int) event.Value { return f.asks.traits[slot].At(f.person) }

func (f *facts) Channel(last bool) string {
	if last {
		return f.asks.last.At(f.person).Text
	}
	return f.asks.first.At(f.person).Text
}

func (f *facts) Identity(slot int) bool { return f.asks.kinds[slot].Any(f.ofPerson()) }

func (f *facts) Consent(slot int) bool { return f.asks.purposes[slot].Any(f.ofPerson()) }

func (f *facts) Segment(slot int) bool { return f.level(&f.asks.segments[slot]) != 0 }

func (f *facts) Tier(slot int) string {
	s := &f.asks.tiers[slot]
	if s.unit == nil {
		return ""
	}
	return s.unit.name(f.level(s))
}

func (f *facts) Tag(slot int) bool {
	s := &f.asks.tags[slot]
	if _, on := f.byHand(s.tag); on {
		return true
	}
	return f.level(s) != 0
}

// byHand says since when the person has a tag by hand, and whether.
func (f *facts) byHand(tag string) (since int64, on bool) {
	since, on = f.roster.Marks(tag).Since(f.person)
	if set, ok := f.hand[tag]; ok {
		if set && !on {
			since = f.at
		}
		return since, set
	}
	return since, on
}

// Since is the earliest since when one of the ways to have it has held.
func (f *facts) Since(slot int) (since int64, holds bool) {
	s := &f.asks.held[slot]
	if s.tag != "" {
		since, holds = f.byHand(s.tag)
	}
	if s.level == 0 || f.level(s) != s.level {
		return since, holds
	}
	at := f.at // it has only just become so
	if s.unit.levels.At(f.person) == s.level {
		at = s.unit.since.At(f.person)
	}
	if !holds || at < since {
		since = at
	}
	return since, true
}

// level is where the person stands: as decided just now, or as it was.
func (f *facts) level(s *source) uint8 {
	if s.unit == nil {
		return 0
	}
	if s.node >= 0 && f.now[s.node] != unknown {
		return uint8(f.now[s.node])
	}
	if f.base != nil && s.unit.at >= 0 && f.base[s.unit.at] != unknown {
		return uint8(f.base[s.unit.at])
	}
	return s.unit.levels.At(f.person)
}
