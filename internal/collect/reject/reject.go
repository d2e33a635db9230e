// Package reject keeps the events that intake refused, so that nothing a brand sends is lost because of a mistake: an operator sees
// what was wrong, sets it right (in the tracker, a rule or the event itself) and plays the events again.
//
// Terms: the code is the stable name of the rule that was broken, the reason says it in words, the hint what to do. A rejected event is
// open until it is replayed (accepted at last) or dropped.
//
// Invariants: a rejected event is on disk before its sender is answered. No event is replayed twice, however many people press the
// button: a replay claims its events first, and an event without a messageId of its own gets one from its number here. What one source
// can store is bounded in rate, in size and in total; what is beyond is counted, not kept.
package reject

import (
	"context"
	"strings"
	"time"
)

// Reason is why an event was refused.
type Reason struct {
	Code string // stable, e.g. "event.no_identity"
	Text string
	Hint string // what to do, may be empty
}

// String is the reason in one sentence.
func (r *Reason) String() string {
	if r.Hint == "" {
		return r.Text
	}
	return r.Text + "; " + r.Hint
}

// Because makes a reason of a message such as "the name is missing; send one": what is wrong, and what to do behind the semicolon.
func Because(code, message string) *Reason {
	text, hint, _ := strings.Cut(message, "; ")
	return &Reason{Code: code, Text: text, Hint: hint}
}

// Item is an event as it was refused.
type Item struct {
	Source   int64 // whose write key brought it
	At       time.Time
	Reason   Reason
	Body     []byte // as it was sent
	Envelope []byte // what intake needs beside the body to take it in again
}

// State is what became of a rejected event.
type State string

// The states. A claimed event is being replayed at this moment.
const (
	Waiting  State = "open"
	Claimed  State = "claimed"
	Replayed State = "replayed"
	Dropped  State = "dropped"
)

// Rejected is a stored event.
type Rejected struct {
	Item
	ID      int64
	State   State
	Replays int // how often it was tried again
	Times   int // how often exactly this was sent
	Cut     bool
}

// Intake takes rejected events in again, through the same checks and the same log as live ones. reasons has one entry per item, nil
// where it was accepted; those are durable when it returns. With an error nothing was accepted.
type Intake interface {
	Again(ctx context.Context, items []Rejected) (reasons []*Reason, err error)
}
