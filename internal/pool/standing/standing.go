// Package standing is what the rooms that own rules (tag, tier, segment) and the engine that keeps them true say to each other.
//
// Terms. An owner is a kind of definition with rules; its key names one definition. A level is where a person stands: "in" for segments and
// tags, a level's key for tiers, empty for out. A person is held to be at a level since a moment, for a cause. A change is a step from one
// level to another.
//
// Invariants. There is one level per person, owner and key. Changes of one person, owner and key follow each other without a gap: each begins
// where the one before it ended.
package standing

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/pool/rule"
)

// Owner is a kind of definition that has rules.
type Owner string

// The owners.
const (
	Segment Owner = "segment"
	Tag     Owner = "tag"
	Tier    Owner = "tier"
)

// In is the level of those who are in a segment or have a tag.
const In = "in"

// Spec is what the engine is to keep true.
type Spec struct {
	Owner   Owner
	Key     string
	Version int64
	// Rules: one of a segment or tag; of a tier one for each level but the last, of which the first that holds decides.
	Rules []*rule.Rule
	// Levels of a tier, the best first; the last is everyone else's.
	Levels []string
	// StayDays and GraceDays hold back falls in a tier, steps to a later level: not before StayDays calendar days in the level, nor before its
	// rule has failed for GraceDays days on end.
	StayDays, GraceDays int
	// Static are the identity nodes of a snapshot, which has no rules: a person is in if one of its nodes is.
	Static *roaring64.Bitmap
}

// Phase is how far a definition has come into force.
type Phase string

// The phases. Until it is Ready, what was in force before stays so.
const (
	Ready     Phase = "ready"
	Waiting   Phase = "waiting"
	Sweeping  Phase = "sweeping"
	Switching Phase = "switching"
	Failed    Phase = "failed"
)

// Progress of a definition.
type Progress struct {
	State       Phase
	Done, Total int64  // people
	Error       string // of the phase Failed, for people
	Version     int64  // in force; 0 if none is yet
}

// Held is where a person stands.
type Held struct {
	Owner  Owner
	Key    string
	Level  string
	Since  int64  // µs
	Cause  string // of the change that led here
	HeldBy string // "stay" or "grace" if the rules of a tier say a lower level already
	Until  int64  // µs; when that fall comes if nothing changes
}

// Change is one step.
type Change struct {
	ID       int64
	At       int64 // µs
	Person   int64
	Owner    Owner
	Key      string
	From, To string
	Cause    string
}

// ChangeQuery asks for changes. Zero fields ask nothing.
type ChangeQuery struct {
	Owner    Owner
	Key      string
	Person   int64
	From, To int64  // µs; From is included, To is not
	Way      string // "entered" or "left": a tier's Level, or a segment or tag
	Level    string
	Before   int64 // id; changes older than this, the newest first
	After    int64 // id; changes newer than this, the oldest first
	Limit    int
}

// Moved counts changes, or people who changed.
type Moved struct {
	Key      string
	Slot     int // which of the spans asked for
	From, To string
	Cause    string // empty where changes of several causes are one
	People   int64
}

// Counted is how many people a rule fits now.
type Counted struct {
	Count, Total int64
	Sample       []int64 // some of them
	At           int64   // µs
	Took         time.Duration
}

// TagSet puts a tag on a person by hand, or takes it off.
type TagSet struct {
	Person int64
	Tag    string
	On     bool
	Until  int64 // µs; 0 for ever
}
