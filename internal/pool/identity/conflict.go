package identity

// Kinds of conflicts.
const (
	// DifferentPeople: two people with different values of a kind that a person has only one of share a strong identity.
	DifferentPeople = "different_user"
	// UniqueValue: a person that has one value of such a kind was seen with another, new one.
	UniqueValue = "unique_value"
	// CutBefore: the two were merged once and an operator took them apart.
	CutBefore = "cut_before"
	// SharedDevice: a weak key was seen with so many people that it no longer says who somebody is.
	SharedDevice = "shared_device"
)

// Conflict is a place where a guard said no: the identities A and B were seen together but their people were not merged. OnKind, AValue
// and BValue say what they differ in.
type Conflict struct {
	ID             int64
	Kind           string
	A, B           int64
	OnKind         string
	AValue, BValue string
	EventID        string
	At             int64
	Seen           int64 // how often
	State          string
	Author         string
}
