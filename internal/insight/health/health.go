// Package health tells how the pool is: one score from 0 to 100, made of parts that everybody can see, and what is unusual in the pool's key
// figures.
//
// # Terms
//
// A part is one share between 0 and 1, counted at the end of a calendar day over the days up to it (the formulas are at each part below). What
// the share is worth is a line between two values that an operator sets: worst gives 0 points, best gives 100, and beyond them nothing is
// gained or lost. The score is the mean of the parts' points by their weights. A part about fewer than min_people people (or events) says
// nothing yet: it is left out, and the weights of the others are scaled up. All of this is one definition (kind "health", key "score") with a
// history.
//
// Active, silent, new, returned and cleaned mean what they mean in growth accounting: a person is in the active stock on the day of an
// activity and on the active-days − 1 days after it, silent until the next one, returned when that comes, and out of the pool from being
// cleaned until the next activity. What the system says about people is no activity.
//
//	flow        inflow / (inflow + outflow) of the last 30 days; inflow: new + returned, outflow: gone silent + cleaned
//	activity    mean of people a day over the last 7 days / people of the last 30 days
//	retention   of the people who were new 8 to 37 days ago, the share that came back on one of the 7 days after their first
//	conversion  people with an order in the last 30 days / people with an activity in them
//	silent      silent people / people in the pool, at the end of the day; less is better
//	spread      people who shared in the last 30 days / people with an activity in them; shared: one of the definition's spread events
//	quality     events accepted / (accepted + refused) of the last 7 days, those refused by the day on which they came
//
// A metric is a key figure by day. A day is unusual if it lies further from what trend and weekday let expect than the sensitivity allows (see
// package season); neighbouring unusual days on the same side are one anomaly.
//
// # Invariants
//
// A score is recorded once its day is over, with the definition then in force, and does not change after three days, whatever arrives later and
// whatever the definition says by then. What is shown beside it is counted anew from the events, with the definition in force now. Only days
// that are over are judged. A day before the pool's first activity says nothing.
package health

import (
	"context"
	"embed"
	"log/slog"
	"time"

	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/insight"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Part names a part of the score.
type Part string

// The parts.
const (
	Flow       Part = "flow"
	Activity   Part = "activity"
	Retention  Part = "retention"
	Conversion Part = "conversion"
	Silent     Part = "silent"
	Spread     Part = "spread"
	Quality    Part = "quality"
)

// Parts lists all parts, in the order in which they are shown.
func Parts() []Part {
	return []Part{Flow, Activity, Retention, Conversion, Silent, Spread, Quality}
}

// Why a part says nothing.
const (
	ReasonNone  = "none"  // there is nothing to divide by
	ReasonFew   = "few"   // it is about fewer than min_people
	ReasonOff   = "off"   // its weight is 0
	ReasonKnown = "known" // what was refused then is not kept any more, or people are filtered
)

// Refused counts the events that intake refused.
type Refused interface {
	// Daily gives how many came between each two of the moments (µs, ascending): one number less than there are moments.
	Daily(ctx context.Context, starts []int64) ([]int64, error)
}

// Options are what the room works with.
type Options struct {
	Desk        *insight.Desk
	State       *state.DB
	Definitions *define.Service
	Refused     Refused
	// RefusedDays is how long refused events are kept: before that nobody knows how many there were.
	RefusedDays func() int
	// ActiveDays is after how many days without an activity people are silent.
	ActiveDays func() int
	Logger     *slog.Logger
}

// Service is the room.
type Service struct{ o Options }

// New opens the room and registers its kinds of questions: "health" and "anomaly".
func New(ctx context.Context, o Options) (*Service, error) {
	if err := o.State.Migrate(ctx, "health", migrations); err != nil {
		return nil, err
	}
	s := &Service{o}
	s.declare()
	s.registerScore()
	s.registerAnomaly()
	return s, nil
}

// HistoryDays is how far back the score is counted when the room is opened first, and shown unless somebody asks for another range.
const HistoryDays = 90

func day(t time.Time) string { return t.Format(time.DateOnly) }
