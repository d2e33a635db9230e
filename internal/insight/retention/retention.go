// Package retention shows who comes back: of the people who did one thing, how many did another (or the same again) so many days, weeks or
// months later, and what they were worth.
//
// # Terms
//
// A period is a calendar day, week (from Monday) or month in the pool's zone. The start is the event that puts a person into a cohort, the
// return the one that says that they are back; both may have a condition on their properties, and either may be any activity. Starts are the
// first ever, so that a person is in one cohort at most, or recurring: a person is in the cohort of every period in which they started, and is
// then a member of several cohorts. Period k is the k-th one after that of the start; the start's own is period 0. A member returned
//
//   - nth: in exactly period k,
//   - after: in period k or any later one,
//   - bracket: in any of the periods from a to b,
//
// with a return event that is the start itself or comes after it in the person's order of events. So if both are the same event, everybody
// returned in period 0, and if they differ, period 0 are those who went on to the return within the period of the start.
//
// Cohorts are told by the period of the start, or by what the breakdown says: then people who started in different periods are in one row.
// The value of a cohort in a period is the sum of the amounts of its members' returns, in minor units of the pool's currency.
//
// # Invariants
//
// The range is made of whole periods: its first day is moved to the beginning of its period and its last day to the end, but not beyond
// today. Nothing after the last day is looked at. A period counts once it is over: a cell whose last period is not over has null for its
// people, and what is known so far beside it. A cell of several cohorts (a group, or all) is about those members for whom its period is over
// (of), so that a young cohort cannot lower it. A rate is people / of.
package retention

import (
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
)

// Starts says which start events make cohorts.
type Starts string

// The ways to start.
const (
	First     Starts = "first"
	Recurring Starts = "recurring"
)

// Mode says when somebody counts as returned.
type Mode string

// The modes.
const (
	Nth     Mode = "nth"
	After   Mode = "after"
	Bracket Mode = "bracket"
)

// Query asks for a triangle.
type Query struct {
	insight.Common
	Start     insight.Step       `json:"start,omitzero" doc:"What puts a person into a cohort; any activity if empty"`
	Return    *insight.Step      `json:"return,omitempty" doc:"What says that a person is back; the same as the start if empty"`
	Starts    Starts             `json:"starts,omitempty" enum:"first,recurring" doc:"Only the first start ever, or every period with a start; first if empty"`
	Grain     calendar.Grain     `json:"grain,omitempty" enum:"day,week,month" doc:"Length of a period; day if empty"`
	Mode      Mode               `json:"mode,omitempty" enum:"nth,after,bracket" doc:"Returned in exactly period k, in k or later, or within brackets; nth if empty"`
	Periods   int                `json:"periods,omitempty" minimum:"0" maximum:"366" doc:"Up to which period to look; the range's, and at most 30 days, 52 weeks or 60 months, if empty"`
	Brackets  []Stretch          `json:"brackets,omitempty" maxItems:"50" doc:"For mode bracket: periods from and to, ascending"`
	Until     string             `json:"until,omitempty" maxLength:"10" doc:"Up to which day returns count, if later than the range's last day"`
	Value     bool               `json:"value,omitempty" doc:"Also what the returns were worth"`
	Breakdown *insight.Breakdown `json:"breakdown,omitempty" doc:"Rows by this instead of by the period of the start"`
}

// Stretch is periods after the start, both ends included.
type Stretch struct {
	From int `json:"from" minimum:"0" maximum:"366"`
	To   int `json:"to" minimum:"0" maximum:"366"`
}

// Cell is one column of a row. People, Rate, Amount and Each are null while the column's last period is not over.
type Cell struct {
	Of     int64    `json:"of" doc:"Members for whom the column's periods are over"`
	People *int64   `json:"people" doc:"Of these, who returned"`
	Rate   *float64 `json:"rate" doc:"people / of; null if there is nobody"`
	SoFar  *int64   `json:"so_far,omitempty" doc:"While the column's last period is not over: who has returned so far"`
	Amount *int64   `json:"amount,omitempty" doc:"What the returns were worth, minor units; with value only"`
	Each   *float64 `json:"each,omitempty" doc:"amount / of: what a member was worth, minor units"`
}

// Row is a cohort. Cells are by column; columns that have not begun for the row are left out.
type Row struct {
	Cohort string         `json:"cohort,omitempty" doc:"First day of the period of the start"`
	Group  *insight.Group `json:"group,omitempty" doc:"With a breakdown"`
	Over   bool           `json:"over" doc:"The cohort's own period is over: nobody can come to it any more"`
	Size   int64          `json:"size" doc:"Members: people, or with recurring starts in rows of several periods, starts of people"`
	Cells  []Cell         `json:"cells" nullable:"false"`
}

// Answer is the triangle.
type Answer struct {
	From     string         `json:"from" doc:"First day: the beginning of the first period"`
	To       string         `json:"to" doc:"Last day on which starts count"`
	Until    string         `json:"until" doc:"Last day on which returns count"`
	Grain    calendar.Grain `json:"grain"`
	Mode     Mode           `json:"mode"`
	Starts   Starts         `json:"starts"`
	Columns  []Stretch      `json:"columns" nullable:"false" doc:"The periods of each column; of mode after, from which on"`
	Rows     []Row          `json:"rows" nullable:"false"`
	All      Row            `json:"all" doc:"All cohorts together, weighted by members"`
	Currency string         `json:"currency,omitempty" doc:"Of amounts"`
}

// Who names people behind a cell.
type Who string

// Members are the row's, Returned those of the column, Missing the members for whom the column is over and who did not return in it.
const (
	Members  Who = "members"
	Returned Who = "returned"
	Missing  Who = "missing"
)

// Of says a number: a row by its cohort or group (neither: all of them), a column, and which of its people.
type Of struct {
	Cohort string         `json:"cohort,omitempty" maxLength:"10" doc:"First day of the period of the start"`
	Group  *insight.Group `json:"group,omitempty"`
	Column int            `json:"column,omitempty" minimum:"0" maximum:"366" doc:"Place in the answer's columns; not for members"`
	Who    Who            `json:"who" enum:"members,returned,missing"`
}
