// Package overview is the pool at a glance: key figures against the period before, the trend, where people came from, and the stock and
// flow of the pool.
//
// Terms. Active: did anything that day. A person stays in the active stock for N days (a setting, 30) from the last activity on; after
// that it goes silent, and is returning when it comes back. Every day:
//
//	people(t) = people(t-1) + new(t)
//	active(t) = active(t-1) + new(t) + returning(t) - went_silent(t)
//	people(t) = active(t) + silent(t)
//
// Invariant: the figures come from the event log only, so that they reconcile with it; Check counts the stock a second, independent way.
package overview

import "time"

// KPI is a figure and the same figure in the period before. Money is in minor units, rates are 0 … 1.
type KPI struct {
	Value    float64 `json:"value"`
	Previous float64 `json:"previous"`
}

// KPIs by name.
type KPIs struct {
	People       KPI `json:"people"        doc:"In the pool at the end of the period"`
	New          KPI `json:"new"           doc:"Seen for the first time"`
	Active       KPI `json:"active"        doc:"Did anything in the period"`
	Orders       KPI `json:"orders"`
	Buyers       KPI `json:"buyers"        doc:"People with an order in the period"`
	Revenue      KPI `json:"revenue"       doc:"Minor units, orders completed in the period"`
	AverageOrder KPI `json:"average_order" doc:"Minor units"`
	Repurchase   KPI `json:"repurchase_rate" doc:"Share of the period's buyers who had bought before or bought twice"`
	DAU          KPI `json:"dau"           doc:"People active on a day, on average"`
	WAU          KPI `json:"wau"           doc:"People active in the last 7 days of the period"`
	MAU          KPI `json:"mau"           doc:"People active in the last 30 days of the period"`
	Stickiness   KPI `json:"stickiness"    doc:"DAU / MAU"`
}

// Point is a bucket of the trend.
type Point struct {
	Date    string `json:"date"`
	New     int64  `json:"new"`
	Active  int64  `json:"active"`
	Orders  int64  `json:"orders"`
	Buyers  int64  `json:"buyers"`
	Revenue int64  `json:"revenue"`
}

// Stock is a day of stock and flow.
type Stock struct {
	Date       string `json:"date"`
	People     int64  `json:"people"`
	Active     int64  `json:"active"`
	Silent     int64  `json:"silent"`
	New        int64  `json:"new"`
	Returning  int64  `json:"returning"`
	WentSilent int64  `json:"went_silent"`
	AddsUp     bool   `json:"adds_up"`
}

// Check is the stock at the end of the period, counted again straight from the events.
type Check struct {
	Active   int64 `json:"active"`
	People   int64 `json:"people"`
	Holds    bool  `json:"holds"`
	Position int64 `json:"position"`
}

// Channel is what a channel brought in the period.
type Channel struct {
	Channel string `json:"channel"`
	Class   string `json:"class"   doc:"\"rest\": the sum of all channels that are not told one by one"`
	People  int64  `json:"people"  doc:"New in the period, by first touch"`
	Buyers  int64  `json:"buyers"  doc:"Of these, who ever bought"`
	Revenue int64  `json:"revenue" doc:"Of these, ever, in minor units"`
}

// restClass marks the row that sums up the channels which are not told one by one.
const restClass = "rest"

// EventCount is an event name with its use in the period.
type EventCount struct {
	Name   string `json:"name"`
	Events int64  `json:"events"`
	People int64  `json:"people"`
}

// Span names a range of days.
type Span struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Grain    string `json:"grain,omitempty"`
	TimeZone string `json:"time_zone,omitempty"`
}

// Overview is the page's answer.
type Overview struct {
	Range     Span         `json:"range"`
	Compare   Span         `json:"compare"`
	Currency  string       `json:"currency"`
	FreshAt   time.Time    `json:"fresh_at"`
	KPIs      KPIs         `json:"kpis"`
	Series    []Point      `json:"series"     nullable:"false"`
	Previous  []Point      `json:"previous"   nullable:"false"`
	Stock     []Stock      `json:"stock"      nullable:"false"`
	Check     Check        `json:"check"`
	Channels  []Channel    `json:"channels"   nullable:"false"`
	TopEvents []EventCount `json:"top_events" nullable:"false"`
}

// Money is an amount in minor units.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// Totals are the sums over everything, or over a span of days.
type Totals struct {
	People    int64 `json:"people"`
	Buyers    int64 `json:"buyers"`
	Events    int64 `json:"events"`
	Orders    int64 `json:"orders"`
	Cancelled int64 `json:"cancelled"`
	Revenue   Money `json:"revenue"`
}
