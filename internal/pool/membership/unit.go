package membership

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// unit is one thing that rules decide. Its levels, since and waits are guarded by the timeline's lock, the rest by the engine's.
type unit struct {
	id     int64
	owner  standing.Owner
	key    string
	names  []string // of the levels it ever had; level n is names[n-1]
	paused bool
	spec   *spec // in force, nil if none is yet
	next   *spec // waits for its sweep
	cause  string
	failed string // why next could not be swept, for people

	levels  *roster.Levels
	since   *roster.Since   // nil unless somebody asks for it
	waits   map[int64]int64 // whose fall is held back → since when the rules ask for it
	at      int             // place in the plan, -1 if it has none
	unsaved int64           // changes since the last snapshot
	bulks   []*bulk         // those with people who were not told of yet, the oldest first
}

// spec is one version of a unit's rules.
type spec struct {
	version     int64
	rules       []*rule.Rule
	levels      []string // of a tier, the best first
	numbers     []uint8  // of these levels in the unit's names
	stay, grace int
	static      *roaring64.Bitmap
}

// Causes of changes.
const (
	causeActivated = "activated" // first fill
	causeEvent     = "event"
	causeTime      = "time" // a new day
	causeEdited    = "edited"
	causeResumed   = "resumed"
	causeTag       = "tag"
	causeMerged    = "merged"
	causeUnmerged  = "unmerged"
	causeErased    = "erased"
)

func ref(owner standing.Owner, key string) string { return string(owner) + "/" + key }

func newUnit(owner standing.Owner, key string) *unit {
	u := &unit{owner: owner, key: key, at: -1, waits: map[int64]int64{}}
	u.levels = roster.NewLevels(owner == standing.Tier)
	if owner != standing.Tier {
		u.names = []string{standing.In}
	}
	return u
}

// name is a level's key, empty for 0.
func (u *unit) name(level uint8) string {
	if level == 0 || int(level) > len(u.names) {
		return ""
	}
	return u.names[level-1]
}

// number is a level's number, 0 if the unit never had it.
func (u *unit) number(name string) uint8 { return uint8(slices.Index(u.names, name) + 1) }

// with gives the unit's names with those of a spec among them, and numbers the spec's levels.
func (u *unit) with(s *spec) ([]string, error) {
	names := slices.Clone(u.names)
	s.numbers = s.numbers[:0]
	for _, level := range s.levels {
		if !slices.Contains(names, level) {
			names = append(names, level)
		}
		s.numbers = append(s.numbers, uint8(slices.Index(names, level)+1))
	}
	if len(names) > 255 {
		return nil, fault.New(fault.Invalid, "membership.levels", "tier %s has had more than 255 different levels; make a new one", u.key)
	}
	return names, nil
}

func newSpec(in standing.Spec) (*spec, error) {
	var c fault.Check
	switch in.Owner {
	case standing.Tier:
		c.That(len(in.Levels) >= 1 && len(in.Rules) == len(in.Levels)-1, "levels", "a tier has one level more than rules")
		c.That(len(in.Levels) <= 100, "levels", "a tier has at most 100 levels")
	case standing.Segment, standing.Tag:
		c.That(len(in.Levels) == 0, "levels", "only tiers have levels")
		c.That(len(in.Rules) == 1 != (in.Static != nil), "rules", "give one rule, or the people of a snapshot")
	default:
		c.That(false, "owner", "%q owns no rules", in.Owner)
	}
	c.That(in.Key != "", "key", "give it a key")
	c.That(in.Version > 0, "version", "versions begin at 1")
	c.That(in.StayDays >= 0 && in.GraceDays >= 0 && in.StayDays <= rule.MaxDays && in.GraceDays <= rule.MaxDays, "days", "days lie between 0 and %d", rule.MaxDays)
	if err := c.Err("membership.invalid", "these rules cannot be put in force"); err != nil {
		return nil, err
	}
	s := &spec{version: in.Version, rules: in.Rules, levels: in.Levels, stay: in.StayDays, grace: in.GraceDays}
	if in.Static != nil {
		s.static = in.Static.Clone()
	}
	return s, nil
}

func (s *spec) holdsBack() bool { return s.stay > 0 || s.grace > 0 }

// timed says whether a new day may change what the rules say.
func (s *spec) timed() bool {
	return s.holdsBack() || slices.ContainsFunc(s.rules, func(r *rule.Rule) bool { return r.Refs().TimeDriven })
}

// on is everything that the rules ask about: "segment/…", "tag/…", "tier/…".
func (s *spec) on() []string {
	var on []string
	for _, r := range s.rules {
		on = append(on, r.Refs().On()...)
	}
	return on
}

// same says whether two specs decide alike, but for holding back falls.
func (s *spec) same(o *spec) bool {
	if s.static != nil || o.static != nil {
		return s.static != nil && o.static != nil && s.static.Equals(o.static)
	}
	return slices.Equal(s.levels, o.levels) && slices.EqualFunc(s.rules, o.rules, func(a, b *rule.Rule) bool { return a.Text() == b.Text() })
}

// stored is a spec as the state has it; a static one's people are beside it.
type stored struct {
	Version int64    `json:"version"`
	Rules   []string `json:"rules"`
	Levels  []string `json:"levels,omitempty"`
	Stay    int      `json:"stay,omitempty"`
	Grace   int      `json:"grace,omitempty"`
	Cause   string   `json:"cause,omitempty"` // of the changes that a waiting spec will make
}

// encode gives what is stored of a spec, "" of none.
func (s *spec) encode(cause string) (text string, static []byte, err error) {
	if s == nil {
		return "", nil, nil
	}
	st := stored{Version: s.version, Levels: s.levels, Stay: s.stay, Grace: s.grace, Cause: cause}
	for _, r := range s.rules {
		st.Rules = append(st.Rules, r.Text())
	}
	data, err := json.Marshal(st)
	if err == nil && s.static != nil {
		static, err = s.static.ToBytes()
	}
	return string(data), static, err
}

func decodeSpec(text string, static []byte) (s *spec, cause string, err error) {
	if text == "" {
		return nil, "", nil
	}
	var st stored
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		return nil, "", fmt.Errorf("read rules: %w", err)
	}
	s = &spec{version: st.Version, levels: st.Levels, stay: st.Stay, grace: st.Grace}
	for _, text := range st.Rules {
		r, problems := rule.Parse(text, nil)
		if r == nil {
			return nil, "", fmt.Errorf("rule %q: %s", text, problems[0].Message)
		}
		s.rules = append(s.rules, r)
	}
	if static != nil {
		if s.static, err = roster.ReadBitmap(static); err != nil {
			return nil, "", err
		}
	}
	return s, st.Cause, nil
}
