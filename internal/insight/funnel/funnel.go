// Package funnel answers how many people do one thing after another, where they fall out, how long they take and who they are.
//
// # Terms
//
// A funnel is two or more steps. An attempt is a choice of different events of one person that fit step 1, 2, 3 … in order of time, all within the
// window: an event at exactly the end of the window is in. A person's level is the greatest number of steps that any attempt takes. The attempt
// that is measured is one of that level: the one that reaches it first; of those the one that began last; and in it every step as early as possible.
// Its times give the waits, its first event the day of the trend and, for a breakdown by something of the event, the group.
//
// # Invariants
//
//   - The first step lies in the range. Later steps may come after its end, as long as their window runs, and not after today.
//   - An event is one step of an attempt at most, even if it fits several.
//   - Events at the same instant have no order: they count in the order of the funnel, whatever order they came in.
//   - Where no event fits two steps, the level is what ClickHouse's windowFunnel(window)(time, step1, step2, …) gives for the same events; where events
//     fit several, it is that of windowFunnel(window, 'strict_once').
//   - People of level k+1 are among those of level k; people dropped at a step and people who came there are together those of the step before.
//
// # Example
//
// Steps view → cart → order, window 7 days.
//
//	day 1 view, day 2 cart, day 9 order                    level 2: the order is 8 days after the view
//	day 1 view, day 2 cart, day 3 view, day 9 order        level 2: the second view has no cart after it
//	day 1 view, day 3 view, day 4 cart, day 9 order        level 3: the attempt from day 3 is within 7 days
//	day 1 cart, day 2 view, day 3 order                    level 1: there is no cart after the view
//	day 1 view, cart and order at the same second          level 3
//
// # Orders
//
// Ordered is the above. Other events may lie between the steps.
//
// Strict: between the steps lies no other activity of the person; the next thing he does after a step must be the next step. Doing a step again is
// another activity: view, view, cart is an attempt that ends at level 1 and one that begins with the second view. Signals of the system
// are no activity. Events at the same instant have the order of the timeline here (time, node, arrival), for "next" needs one. ClickHouse's
// strict_order differs in two ways: it gives up for good at the first other event after the first step, and it forgives repeated steps;
// here everybody may try again.
//
// Any: the steps in any order, within the window from whichever comes first. The level is how many of the steps. An event may count
// for several different steps that it fits; equal steps need as many events as there are of them. The measured attempt is the one that reaches
// the level first; of those the one that began last.
//
// # Exclusions
//
// An exclusion is an event that must not happen after step "from" and before step "to" of an attempt; only in order. It ends an attempt
// that stands between the two: a new attempt may convert, and so may the same first event with later ones. View, cart, remove, cart, order
// converts with remove excluded between cart and order. An exclusion at the same instant as a step counts as before it.
package funnel

import (
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
)

// Order is how steps must follow each other.
type Order string

// The orders; the package comment says what they mean.
const (
	Ordered Order = "ordered"
	Strict  Order = "strict"
	Any     Order = "any"
)

// Exclusion is an event that must not happen between two steps.
type Exclusion struct {
	insight.Step
	From int `json:"from,omitempty" doc:"After this step, from 1; the first if empty" minimum:"0" maximum:"20"`
	To   int `json:"to,omitempty" doc:"Before this step; the last if empty" minimum:"0" maximum:"20"`
}

// Query asks for a funnel.
type Query struct {
	insight.Common
	Steps     []insight.Step     `json:"steps" doc:"Two to twenty steps" maxItems:"50" nullable:"false"`
	Window    string             `json:"window,omitempty" doc:"From the first step: minutes, hours or days of 24 hours, such as 30m, 12h, 7d (if empty); a year at most" maxLength:"10"`
	Order     Order              `json:"order,omitempty" doc:"ordered if empty" enum:"ordered,strict,any"`
	Exclude   []Exclusion        `json:"exclude,omitempty" doc:"Events that must not happen between two steps; only in order" maxItems:"5"`
	Breakdown *insight.Breakdown `json:"breakdown,omitempty" doc:"By property or channel: of the first step's event; otherwise of the person"`
	Grain     calendar.Grain     `json:"grain,omitempty" doc:"Of the conversion over time; by the length of the range if empty" enum:"day,week,month"`
}

// Answer is a funnel.
type Answer struct {
	Steps    []Level        `json:"steps" nullable:"false" doc:"One for each step; in any order, step k means k of the steps"`
	Groups   []Group        `json:"groups" nullable:"false" doc:"The breakdown"`
	OverTime []Point        `json:"over_time" nullable:"false" doc:"By the day, week or month of the first step"`
	Times    Times          `json:"times" doc:"From the first to the last step, of those who converted"`
	Grain    calendar.Grain `json:"grain" doc:"Of the conversion over time"`
}

// Level is a step and who came there.
type Level struct {
	People       int64    `json:"people"`
	Rate         *float64 `json:"rate" doc:"Of those of the first step, 0…1; null if that is nobody"`
	RatePrevious *float64 `json:"rate_previous" doc:"Of those of the step before; null for the first"`
	Dropped      int64    `json:"dropped" doc:"Came to the step before and not to this one"`
	Median       *float64 `json:"median_s" doc:"Half took at most so many seconds from the step before; null for the first, or if nobody came"`
	P90          *float64 `json:"p90_s" doc:"Nine of ten took at most so long"`
	Bins         []Bin    `json:"bins" nullable:"false" doc:"How long people took from the step before; of the whole funnel only"`
}

// Times is how long people took.
type Times struct {
	People int64    `json:"people"`
	Median *float64 `json:"median_s" doc:"Seconds; half of the people took at most so long; null if there is nobody"`
	P25    *float64 `json:"p25_s"`
	P75    *float64 `json:"p75_s"`
	P90    *float64 `json:"p90_s"`
	Bins   []Bin    `json:"bins" nullable:"false"`
}

// Bin is a bar of a histogram of waits: from ≤ wait < to.
type Bin struct {
	From   float64 `json:"from_s" minimum:"0"`
	To     float64 `json:"to_s" minimum:"0"`
	People int64   `json:"people,omitempty"`
}

// Group is the funnel of one group of the breakdown.
type Group struct {
	Group insight.Group `json:"group"`
	Steps []Level       `json:"steps" nullable:"false"`
}

// Point is a bucket of the conversion over time.
type Point struct {
	Date      string   `json:"date" doc:"First day of the bucket"`
	Open      bool     `json:"open" doc:"Windows of people in this bucket still run: its numbers may grow"`
	People    int64    `json:"people" doc:"Who did the first step"`
	Converted int64    `json:"converted" doc:"Of these, who did the last"`
	Reached   []int64  `json:"reached" nullable:"false" doc:"People by step"`
	Rate      *float64 `json:"rate" doc:"Converted of people; null if there is nobody"`
}

// Who tells the people of a step apart.
type Who string

// Who came to a step, and who came to the one before and no further.
const (
	Reached Who = "reached"
	Dropped Who = "dropped"
)

// Of says a number of the answer: all people who reached a step or dropped there, or those of a group, of a bucket, or of a bar.
type Of struct {
	Step  int            `json:"step" doc:"From 1" minimum:"1" maximum:"20"`
	Who   Who            `json:"who,omitempty" doc:"reached if empty" enum:"reached,dropped"`
	Group *insight.Group `json:"group,omitempty" doc:"Of one group of the breakdown"`
	Date  string         `json:"date,omitempty" doc:"Of one bucket of the conversion over time" maxLength:"10"`
	Wait  *Bin           `json:"wait,omitempty" doc:"Who took as long as a bar says, from the step before; its people are not looked at"`
	Whole bool           `json:"whole,omitempty" doc:"The bar is of the whole way, from the first step"`
}
