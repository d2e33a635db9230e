// Package ltv says what customers are worth: what cohorts have brought so far, whether their cost has come back, who is still a customer, and what
// they will buy.
//
// # Terms
//
// A purchase day is a calendar day, in the pool's zone, with at least one of the purchases asked for; several on one day are one, their amounts are
// added up. A buyer is somebody whose first purchase day lies in the span. Repeats are the purchase days after the first. A band is a range of
// the probability of still being a customer. A month of a cohort is 30 days, counted from each person's own first purchase day. A prediction
// is what is written to a person as traits: p_alive, predicted_orders_90d, predicted_value_90d, predicted_next_order.
//
// # Invariants
//
//   - A fit comes with its verdict: none (there are no figures from the model), doubtful (there are, with the reasons for doubt), good. A model that was
//     not checked against a time it had not seen is doubtful.
//   - The check never uses what happened after its cutoff for the fit that it checks.
//   - A month of a cohort counts only those whose month is over; a curve never falls because somebody is young.
//   - Predictions are signals: they set traits and are no activity. Only values that changed are written, in batches, and a run that was cut off
//     goes on without writing anything twice.
//
// The mathematics is in package lifetime.
package ltv

import (
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/ltv/lifetime"
)

// Name of a model.
type Name string

// The models.
const (
	BGNBD  Name = "bg_nbd"
	Pareto Name = "pareto_nbd"
)

// Cohorts is what cohorts are made by.
type Cohorts string

// The ways to make cohorts.
const (
	ByMonth   Cohorts = "month"
	ByChannel Cohorts = "first_channel"
)

// Query asks for it. The span says in which days the first purchase must lie; its end is also the end of observation. Without one, it is the last
// three years.
type Query struct {
	insight.Common
	Purchase insight.Step `json:"purchase,omitzero" doc:"What a purchase is; \"Order Completed\" if empty"`
	Model    Name         `json:"model,omitempty" enum:"bg_nbd,pareto_nbd" doc:"bg_nbd if empty"`
	Unit     int          `json:"unit,omitempty" doc:"Days in the unit of time of the parameters; 7 if empty" minimum:"0" maximum:"365"`
	Holdout  *int         `json:"holdout,omitempty" doc:"Days at the end that the check's fit must not see: a third of the time since the first purchase, at most half a year, if absent; 0 for no check" minimum:"0" maximum:"1830"`
	Days     int          `json:"days,omitempty" doc:"How many days to look ahead; 90 if empty" minimum:"0" maximum:"1095"`
	Cohorts  Cohorts      `json:"cohorts,omitempty" enum:"month,first_channel" doc:"month if empty"`
	Cost     int64        `json:"cost,omitempty" doc:"What a buyer cost, minor units; for the payback" minimum:"0"`
}

// Of says a number.
type Of struct {
	Who     string `json:"who" enum:"buyers,repeaters,band,frequency,cohort" doc:"Everybody; those with repeats; of a band; with so many repeats; of a cohort"`
	Band    int    `json:"band,omitempty" doc:"Place in the list of bands, from 0" minimum:"0" maximum:"10"`
	Repeats int    `json:"repeats,omitempty" doc:"7 is 7 and more" minimum:"0" maximum:"7"`
	Checked bool   `json:"checked,omitempty" doc:"The frequency is the one at the check's cutoff"`
	Cohort  string `json:"cohort,omitempty" doc:"Key of the cohort" maxLength:"300"`
	None    bool   `json:"none,omitempty" doc:"The cohort of those without a channel"`
	Rest    bool   `json:"rest,omitempty" doc:"The cohort of all smaller channels"`
}

// Level is how far a fit may be believed.
type Level string

// The levels.
const (
	None     Level = "none"
	Doubtful Level = "doubtful"
	Good     Level = "good"
)

// Reason is a reason for doubt: a code with the figure that led to it.
type Reason struct {
	Code  string   `json:"code" doc:"few_buyers, few_repeaters, no_fit, not_converged, border, wide_error, starts_disagree, no_holdout, holdout_off, few_amounts, spend_no_mean, spend_not_converged, spend_depends"`
	Name  string   `json:"name,omitempty" doc:"The parameter"`
	Value *float64 `json:"value" doc:"What it was"`
	Limit *float64 `json:"limit" doc:"What it should have been at least or at most"`
}

// Verdict is how far the model may be believed, and why not further.
type Verdict struct {
	Level   Level    `json:"level" enum:"none,doubtful,good"`
	Reasons []Reason `json:"reasons" nullable:"false"`
}

// Parameter is a parameter of a model with its standard error.
type Parameter struct {
	Name  string   `json:"name"`
	Value float64  `json:"value"`
	Error *float64 `json:"error" doc:"Standard error; null if the data do not tell"`
}

// Fit is what the search for the greatest likelihood came to.
type Fit struct {
	Parameters    []Parameter `json:"parameters" nullable:"false"`
	LogLikelihood float64     `json:"log_likelihood"`
	People        int64       `json:"people"`
	Starts        int         `json:"starts" doc:"From how many points the search began"`
	Agreeing      int         `json:"agreeing" doc:"How many came to the same likelihood, within 0.01"`
	Evaluations   int         `json:"evaluations"`
	Converged     bool        `json:"converged"`
}

func fitOf(f lifetime.Fit, people int) *Fit {
	out := &Fit{
		LogLikelihood: f.LogLikelihood, People: int64(people), Starts: f.Starts, Agreeing: f.Agreeing, Evaluations: f.Evaluations, Converged: f.Converged,
		Parameters: []Parameter{},
	}
	for _, p := range f.Parameters {
		out.Parameters = append(out.Parameters, Parameter(p))
	}
	return out
}

// Spend is the model of what a purchase day is worth.
type Spend struct {
	Fit         *Fit     `json:"fit" doc:"Gamma-Gamma; null if there are too few amounts"`
	Mean        *float64 `json:"mean" doc:"Minor units that a purchase day is worth over all people, by the model"`
	Actual      *float64 `json:"actual" doc:"Minor units that a repeat purchase day was worth, person by person, on average"`
	Correlation *float64 `json:"correlation" doc:"Between how often and how much, which the model takes for none"`
}

// Frequency is the people with one number of repeats, as they are and as the model says.
type Frequency struct {
	Repeats  int      `json:"repeats" doc:"7 is 7 and more"`
	People   int64    `json:"people"`
	Expected *float64 `json:"expected" doc:"How many people the model expects"`
}

// Checked is what the people of one frequency did after the cutoff, on average, and what the model said.
type Checked struct {
	Repeats  int     `json:"repeats" doc:"At the cutoff; 7 is 7 and more"`
	People   int64   `json:"people"`
	Actual   float64 `json:"actual"`
	Expected float64 `json:"expected"`
}

// Week is the sum of repeat purchase days from the beginning to the end of a day.
type Week struct {
	Day      string  `json:"day"`
	Actual   float64 `json:"actual"`
	Expected float64 `json:"expected"`
}

// Check is a fit to what was known at the cutoff, held against what came after.
type Check struct {
	Cutoff      string    `json:"cutoff" doc:"Last day that the fit saw"`
	Days        int       `json:"days" doc:"Days after it"`
	Fit         *Fit      `json:"fit"`
	Actual      float64   `json:"actual" doc:"Repeat purchase days after the cutoff, of those who had bought by then"`
	Expected    float64   `json:"expected"`
	Error       *float64  `json:"error" doc:"expected / actual − 1; null if there were none"`
	Frequencies []Checked `json:"frequencies" nullable:"false"`
	Weeks       []Week    `json:"weeks" nullable:"false"`
}

// Band is the people of one range of the probability of still being a customer, and what they will do.
type Band struct {
	Once   bool    `json:"once" doc:"Those who bought on one day only, of whom BG/NBD cannot tell: it lets people go only after a repeat purchase"`
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	People int64   `json:"people"`
	Alive  float64 `json:"alive" doc:"Expected number of customers among them"`
	Orders float64 `json:"orders" doc:"Expected purchase days"`
	Value  *int64  `json:"value" doc:"Expected amount, minor units"`
}

// Forecast is what the buyers known will do; those who will come are not in it.
type Forecast struct {
	Days   int     `json:"days"`
	Alive  float64 `json:"alive" doc:"Expected number of customers"`
	Orders float64 `json:"orders"`
	Value  *int64  `json:"value"`
	Bands  []Band  `json:"bands" nullable:"false"`
}

// Month is a point of a cohort's curve: after k months of 30 days.
type Month struct {
	Month   int     `json:"month" doc:"1 is the first 30 days"`
	People  int64   `json:"people" doc:"Whose month is over"`
	Revenue float64 `json:"revenue" doc:"Minor units per person, from the first purchase day to the end of this month"`
}

// Cohort is the people who came together.
type Cohort struct {
	insight.Group
	People  int64   `json:"people"`
	Revenue int64   `json:"revenue" doc:"Minor units, all of it"`
	Orders  int64   `json:"orders" doc:"Purchase days"`
	Months  []Month `json:"months" nullable:"false"`
	Payback *int    `json:"payback" doc:"Month in which revenue per person reached the cost; null if it has not, or there is no cost"`
}

// Answer is the answer. What the model says is null where its verdict is none.
type Answer struct {
	From        string      `json:"from"`
	To          string      `json:"to"`
	Model       Name        `json:"model"`
	Unit        int         `json:"unit"`
	Currency    string      `json:"currency"`
	Buyers      int64       `json:"buyers"`
	Repeaters   int64       `json:"repeaters"`
	Orders      int64       `json:"orders" doc:"Purchase days"`
	Revenue     int64       `json:"revenue"`
	Verdict     Verdict     `json:"verdict"`
	Fit         *Fit        `json:"fit"`
	Spend       Spend       `json:"spend"`
	Frequencies []Frequency `json:"frequencies" nullable:"false"`
	Check       *Check      `json:"check"`
	Forecast    *Forecast   `json:"forecast"`
	All         Cohort      `json:"all"`
	Cohorts     []Cohort    `json:"cohorts" nullable:"false"`
	Cost        int64       `json:"cost"`
}
