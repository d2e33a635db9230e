// Package growth keeps the books of the pool: how many people it has, how many of them are active, silent or lost, and who came, came back,
// fell silent, was lost or was cleaned out, day by day, week by week or month by month.
//
// # Terms
//
// An activity is an event that the person did; what the system itself says about people is none. On a day, a person of the pool is active if
// there was an activity on the day or on one of the silent days - 1 days before (30 unless set: the last 30 days, today included); lost if
// there was none for at least lost days; silent in between. A person enters the pool with the first activity (new) and leaves it by being
// cleaned out; who does something after that is new again. Coming back from silence or from being lost is being resurrected; coming back from
// being lost is being won back, too. Retained are those who stood in the active stock at the end of the period before and never left it in
// this one. Flows are counted day by day: who falls silent and comes back within a month is in both flows of the month.
//
// The quick ratio is (new + resurrected) / went silent: above one, the active stock grows. See Jonathan Hsu, "Diligence at Social Capital,
// part 1: accounting for user growth" (2015).
//
// # Invariants
//
// At the end of every period, from the end of the period before it:
//
//	people = people + new − cleaned
//	active = active + new + resurrected − went silent − cleaned while active
//	silent = silent + went silent − went lost − (resurrected − won back) − cleaned while silent
//	lost   = lost + went lost − won back − cleaned while lost
//	people = active + silent + lost
//	active = retained + who entered the active stock in the period and is in it at its end
//
// The stock of active people is counted a second way, from the days on which people did something, without any flow; a period says whether
// the two agree (adds_up). Without lost people (silent and lost taken together) all of this is the overview's stock and flow. Reconcile counts
// everything once more in the warehouse.
package growth

import (
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
)

// Query asks for the books of a span of days.
type Query struct {
	insight.Common
	Grain      calendar.Grain `json:"grain,omitempty" enum:"day,week,month" doc:"Length of the periods; day if empty"`
	SilentDays int            `json:"silent_days,omitempty" minimum:"0" maximum:"365" doc:"After how many days without an activity a person is silent; the pool's setting if empty"`
	LostDays   int            `json:"lost_days,omitempty" minimum:"0" maximum:"730" doc:"After how many days without an activity a person is lost; three times silent_days if empty"`
}

// Stock is how many people there are at the end of a day.
type Stock struct {
	People int64 `json:"people" doc:"In the pool"`
	Active int64 `json:"active" doc:"Did something in the last silent_days days"`
	Silent int64 `json:"silent" doc:"Did nothing for that long, but are not lost"`
	Lost   int64 `json:"lost" doc:"Did nothing for at least lost_days days"`
}

// Flow is how many people moved in a period.
type Flow struct {
	New         int64 `json:"new" doc:"First activity, or the first after having been cleaned out"`
	Resurrected int64 `json:"resurrected" doc:"Did something again after having been silent or lost"`
	WonBack     int64 `json:"won_back" doc:"Of the resurrected, those who had been lost"`
	WentSilent  int64 `json:"went_silent"`
	WentLost    int64 `json:"went_lost"`
	Cleaned     int64 `json:"cleaned" doc:"Cleaned out of the pool"`

	CleanedActive int64 `json:"cleaned_active" doc:"Of the cleaned, those who were active"`
	CleanedSilent int64 `json:"cleaned_silent" doc:"Of the cleaned, those who were silent"`
}

// Period is a day, week or month of the range, with the stock at its end.
type Period struct {
	Date string `json:"date" doc:"First day of the day, week or month"`
	From string `json:"from" doc:"First day of it that is in the range"`
	To   string `json:"to" doc:"Last day of it that is in the range"`
	Over bool   `json:"over" doc:"Whole and over; otherwise its flows can still grow, or were cut by the range"`
	Flow
	Retained int64    `json:"retained" doc:"Active at the end of the period before, and throughout this one"`
	Stock    Stock    `json:"stock" doc:"At the end of the period"`
	Quick    *float64 `json:"quick_ratio" doc:"(new + resurrected) / went silent; null if nobody went silent"`
	Seen     int64    `json:"seen" doc:"People with an activity in the period"`
	DAU      float64  `json:"dau" doc:"People with an activity on a day, on average"`
	WAU      int64    `json:"wau" doc:"People with an activity in the 7 days up to the last day"`
	MAU      int64    `json:"mau" doc:"People with an activity in the 30 days up to the last day"`
	Sticky   *float64 `json:"stickiness" doc:"DAU / MAU; null if nobody was there"`
	AddsUp   bool     `json:"adds_up" doc:"The stock is the one before plus flows, and counting the stock by itself gives the same"`
}

// Answer is the books.
type Answer struct {
	Grain      calendar.Grain `json:"grain"`
	SilentDays int            `json:"silent_days"`
	LostDays   int            `json:"lost_days"`
	Before     Stock          `json:"before" doc:"At the end of the day before the range"`
	Periods    []Period       `json:"periods" nullable:"false"`
	Total      Flow           `json:"total" doc:"Over the whole range"`
	Quick      *float64       `json:"quick_ratio" doc:"Of the whole range"`
	AddsUp     bool           `json:"adds_up" doc:"All periods add up"`
}

// Who names people behind a number of a period.
type Who string

// The numbers of a period that have people behind them.
const (
	WhoNew           Who = "new"
	WhoRetained      Who = "retained"
	WhoResurrected   Who = "resurrected"
	WhoWonBack       Who = "won_back"
	WhoWentSilent    Who = "went_silent"
	WhoWentLost      Who = "went_lost"
	WhoCleaned       Who = "cleaned"
	WhoPeople        Who = "people"
	WhoActive        Who = "active"
	WhoSilent        Who = "silent"
	WhoLost          Who = "lost"
	WhoSeen          Who = "seen"
	WhoWeeklyActive  Who = "wau"
	WhoMonthlyActive Who = "mau"
)

// Of says a number: a period of the answer by its date, and which of its numbers. Without a date it is the whole range: flows within it, or
// the stock at its end.
type Of struct {
	Date string `json:"date,omitempty" doc:"The period's date; empty for the whole range" maxLength:"10"`
	Who  Who    `json:"who" enum:"new,retained,resurrected,won_back,went_silent,went_lost,cleaned,people,active,silent,lost,seen,wau,mau"`
}
