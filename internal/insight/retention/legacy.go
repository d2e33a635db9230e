package retention

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Events is the warehouse, as this room reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Cohort is the people of one first month. Counts[k] did it k months later; Counts[0] is Size.
type Cohort struct {
	Cohort string  `json:"cohort" example:"2010-12"`
	Size   int64   `json:"size"`
	Counts []int64 `json:"counts" nullable:"false"`
}

// Triangle is the answer.
type Triangle struct {
	Event   string   `json:"event"`
	Cohorts []Cohort `json:"cohorts" nullable:"false"`
}

// Service answers retention questions.
type Service struct {
	events   Events
	location func() *time.Location
	clock    clock.Clock
}

// New makes the service.
func New(ev Events, location func() *time.Location, clk clock.Clock) *Service {
	return &Service{events: ev, location: location, clock: clk}
}

// Input asks for cohorts.
type Input struct {
	Event    string // empty: any activity
	From, To string // months such as "2010-12"; empty: the last twelve
}

const maxMonths = 60

// months are the first days of the first and the last month asked for, and how many months that is.
func (in Input) months(today time.Time) (from, to time.Time, n int, err error) {
	var c fault.Check
	read := func(field, text string, otherwise time.Time) time.Time {
		if text == "" {
			return otherwise
		}
		t, bad := time.Parse("2006-01", text)
		c.That(bad == nil, field, "a month is written like 2026-03")
		err = errors.Join(err, bad)
		return t
	}
	to = read("query.to", in.To, calendar.ByMonth.Bucket(today))
	from = read("query.from", in.From, to.AddDate(0, -11, 0))
	n = (to.Year()-from.Year())*12 + int(to.Month()-from.Month()) + 1
	if err == nil { // what follows from a month that cannot be read says nothing
		c.That(!from.After(to), "query.from", "the first month is after the last")
		c.That(n <= maxMonths, "query.from", "ask for at most %d months", maxMonths)
	}
	return from, to, n, c.Err("retention.invalid", "this span of months cannot be used")
}

// Triangle gives the cohorts from one month to another. A first event before From counts as the person's first: it is in no cohort shown.
func (s *Service) Triangle(ctx context.Context, in Input) (_ Triangle, err error) {
	zone := s.location()
	from, to, months, err := in.months(calendar.DayOf(s.clock.Now(), zone))
	if err != nil {
		return Triangle{}, err
	}
	end := calendar.Range{From: from, To: to.AddDate(0, 1, -1), Zone: zone}.End()
	month := calendar.ByMonth.SQL(calendar.Day("time", time.Unix(0, 0), end, zone))
	where, args := "type < 7", []any{end}
	if in.Event != "" {
		where, args = where+" AND name = ?", []any{in.Event, end}
	}
	args = append(args, from)
	rows, err := s.events.Query(ctx, `
		WITH did AS (SELECT DISTINCT person, `+month+` AS month FROM events WHERE `+where+` AND time < ?),
		began AS (SELECT person, min(month) AS cohort FROM did GROUP BY person)
		SELECT cohort, CAST(date_diff('month', cohort, month) AS INTEGER) AS later, count(*)
		FROM did JOIN began USING (person) WHERE cohort >= ? GROUP BY cohort, later`, args...)
	if err != nil {
		return Triangle{}, fmt.Errorf("retention: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := Triangle{Event: in.Event, Cohorts: make([]Cohort, months)}
	for i := range out.Cohorts {
		out.Cohorts[i] = Cohort{Cohort: from.AddDate(0, i, 0).Format("2006-01"), Counts: make([]int64, months-i)}
	}
	for rows.Next() {
		var cohort time.Time
		var later int
		var n int64
		if err := rows.Scan(&cohort, &later, &n); err != nil {
			return Triangle{}, err
		}
		i := (cohort.Year()-from.Year())*12 + int(cohort.Month()-from.Month())
		if i < months && later < len(out.Cohorts[i].Counts) {
			out.Cohorts[i].Counts[later] = n
		}
	}
	for i := range out.Cohorts {
		out.Cohorts[i].Size = out.Cohorts[i].Counts[0]
	}
	return out, rows.Err()
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/retention", ID: "get-retention", Summary: "Monthly cohorts and who came back", Tag: "insight", Permission: actor.Read},
		func(ctx context.Context, in *struct {
			From  string `query:"from"  doc:"First month, such as 2025-12; twelve months up to the last if empty"`
			To    string `query:"to"    doc:"Last month; this one if empty"`
			Event string `query:"event" doc:"Name of the event; * for any activity"       default:"Order Completed" maxLength:"200"`
		},
		) (*struct{ Body Triangle }, error) {
			name := in.Event
			if name == "*" {
				name = ""
			}
			t, err := s.Triangle(ctx, Input{Event: name, From: in.From, To: in.To})
			return &struct{ Body Triangle }{t}, err
		})
}
