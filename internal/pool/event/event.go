// Package event is the one shape of everything that happens: a page view, a scan, an order, a message read, a merge by hand.
//
// Terms: the type says how it was sent (track, identify, page …), the name what happened ("Order Completed"), the time when it
// happened at the sender (corrected for its clock), the received time when the log got it. Identities say whom it is about; the anchor
// is the strongest of them, and the event belongs to the anchor for ever (people are made of anchors, so merging and unmerging people
// moves events with them). Properties, traits and context stay raw JSON until somebody needs them.
package event

import (
	"cmp"
	"slices"
	"strings"
)

// Type says how an event was sent, with the words of the Segment specification.
type Type uint8

// The types. Values are stored in the log: never renumber.
const (
	Track    Type = 1
	Identify Type = 2
	Page     Type = 3
	Screen   Type = 4
	Group    Type = 5
	Alias    Type = 6
	// Command is an operator's act on people (merge, unmerge …), kept in the same log so that a replay does it again.
	Command Type = 7
	// Signal is what the pool itself says about somebody (entered a segment, moved to another tier). It is no activity of the person.
	Signal Type = 8
)

func names() []string {
	return []string{"", "track", "identify", "page", "screen", "group", "alias", "command", "signal"}
}

// String is the type's word in lower case.
func (t Type) String() string {
	if n := names(); int(t) < len(n) {
		return n[t]
	}
	return ""
}

// Own says whether an event of this type is something that the person did: all but operators' commands and the pool's signals.
func (t Type) Own() bool { return t < Command }

// ParseType reads a type's word; 0 if it is none.
func ParseType(s string) Type {
	i := slices.Index(names(), s)
	if i <= 0 {
		return 0
	}
	return Type(i) //nolint:gosec // at most 8
}

// Names that the system gives or understands itself. Others are the brand's own.
const (
	PageViewed     = "Page Viewed"
	ScreenViewed   = "Screen Viewed"
	Identified     = "Identified"
	Grouped        = "Grouped"
	Aliased        = "Aliased"
	OrderCompleted = "Order Completed"
	OrderCancelled = "Order Cancelled"
	PeopleMerged   = "People Merged"
	PeopleUnmerged = "People Unmerged"
	SegmentEntered = "Segment Entered"
	SegmentExited  = "Segment Exited"
	TierChanged    = "Tier Changed"
	TagAdded       = "Tag Added"
	TagRemoved     = "Tag Removed"
	ValuePredicted = "Value Predicted"
	Quarantined    = "Identity Quarantined"
	Released       = "Identity Released"
	PersonCleaned  = "Person Cleaned" // a signal: taken out of the pool's stock; nothing of the person is erased
)

// Identity is a typed key of a person. Scope tells apart spaces of one kind (the app of an openid, the corp of an external_userid);
// it is empty for most kinds.
type Identity struct {
	Kind  string `json:"kind"`
	Scope string `json:"scope"`
	Value string `json:"value"`
}

// The identity kinds that come with the system.
const (
	UserID         = "user_id"
	MemberNo       = "member_no"
	UnionID        = "unionid"
	OpenID         = "openid"
	ExternalUserID = "external_userid"
	Phone          = "phone"
	Email          = "email"
	DeviceID       = "device_id"
	AnonymousID    = "anonymous_id"
)

// separator parts a key; kinds and scopes have none (Validate), values may.
const separator = "\x1f"

// Key is the identity as one text, unique among all identities.
func (i Identity) Key() string { return i.Kind + separator + i.Scope + separator + i.Value }

// ParseKey undoes Key.
func ParseKey(key string) Identity {
	kind, rest, _ := strings.Cut(key, separator)
	scope, value, _ := strings.Cut(rest, separator)
	return Identity{Kind: kind, Scope: scope, Value: value}
}

// Compare orders identities by kind, scope and value.
func (i Identity) Compare(j Identity) int {
	return cmp.Or(strings.Compare(i.Kind, j.Kind), strings.Compare(i.Scope, j.Scope), strings.Compare(i.Value, j.Value))
}

// Event is one thing that happened. The zero Time means "not known" only in tests; intake always sets it.
type Event struct {
	ID         string // message id, at most 100 bytes; the same id is the same event
	Type       Type
	Name       string
	Time       int64 // microseconds since 1970 UTC, when it happened
	Received   int64 // microseconds since 1970 UTC, when it was taken in
	Source     int64 // id of the write key, 0 for the system itself
	Import     int64 // id of the import that brought it, 0 for none
	Rows       int64 // how many rows of the imported file it stands for
	Identities []Identity
	Properties []byte // raw JSON object or nil
	Traits     []byte // raw JSON object or nil
	Context    []byte // raw JSON object or nil
}

// MaxID is the longest message id in bytes.
const MaxID = 100
