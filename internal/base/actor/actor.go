// Package actor says who does something and what he may do.
//
// An actor is a person who signed in, a program with a key, or the system itself. He travels in the context of a request, so that the
// audit and every definition can name him. Roles are a short ladder that an operator understands without a manual; a permission is what
// an operation asks for.
package actor

import "context"

// Role is what a person or a key is for.
type Role string

// The roles.
const (
	Owner    Role = "owner"    // everything, also the team, keys and settings
	Operator Role = "operator" // runs the pool: sees people in full, merges, imports, sends
	Analyst  Role = "analyst"  // reads numbers and people, phone numbers and e-mail addresses masked
	Service  Role = "service"  // a program: reads in full, writes events, operates
)

// Roles lists all roles, the mightiest first.
func Roles() []Role { return []Role{Owner, Operator, Analyst, Service} }

// Valid says whether r is one of the roles.
func (r Role) Valid() bool {
	switch r {
	case Owner, Operator, Analyst, Service:
		return true
	}
	return false
}

// Permission is what an operation asks of its actor.
type Permission string

// The permissions.
const (
	Public       Permission = "public"        // nothing: sign-in and first set-up only
	SignedIn     Permission = "signed_in"     // anybody with valid credentials
	Read         Permission = "read"          // see numbers, people and events
	ReadPersonal Permission = "read_personal" // see phone numbers and e-mail addresses in full
	Operate      Permission = "operate"       // merge, import, replay, edit, send
	Manage       Permission = "manage"        // team, keys, settings, audit
	Intake       Permission = "intake"        // write events
)

// Can says whether a role has a permission.
func Can(r Role, p Permission) bool {
	switch p {
	case Public:
		return true
	case SignedIn, Read:
		return r.Valid()
	case ReadPersonal, Operate:
		return r == Owner || r == Operator || r == Service
	case Intake:
		return r == Owner || r == Service
	case Manage:
		return r == Owner
	}
	return false
}

// Kind is the class of an actor.
type Kind string

// The kinds of actors.
const (
	User   Kind = "user"
	Key    Kind = "key"
	System Kind = "system"
)

// Actor is who acts. The zero Actor is nobody.
type Actor struct {
	ID    int64
	Kind  Kind
	Name  string
	Email string
	Role  Role
}

// Itself is the system: schedules, start-up, commands on the machine that holds the data.
func Itself() Actor { return Actor{Kind: System, Name: "system", Role: Owner} }

// Can says whether the actor has a permission.
func (a Actor) Can(p Permission) bool { return Can(a.Role, p) }

// Known says whether there is anybody.
func (a Actor) Known() bool { return a.Kind != "" }

// Label names the actor in histories: his e-mail address, "key: name" or "system".
func (a Actor) Label() string {
	switch a.Kind {
	case User:
		return a.Email
	case Key:
		return "key: " + a.Name
	case System:
		return "system"
	}
	return ""
}

type contextKey struct{}

// With puts the actor into the context.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From is the context's actor, nobody if there is none.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(contextKey{}).(Actor)
	return a
}
