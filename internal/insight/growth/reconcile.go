package growth

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Events is the warehouse, as Reconcile reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	Position(ctx context.Context) (uint64, error)
}

// Difference is a number that the books and the warehouse do not agree on.
type Difference struct {
	Date      string `json:"date" doc:"Of the period; \"before\" for the stock before the range"`
	Number    string `json:"number"`
	Books     int64  `json:"books"`
	Warehouse int64  `json:"warehouse"`
}

// Reconciled is the outcome of Reconcile.
type Reconciled struct {
	From        string       `json:"from"`
	To          string       `json:"to"`
	Periods     int          `json:"periods"`
	Numbers     int          `json:"numbers" doc:"How many numbers were compared"`
	Position    uint64       `json:"position" doc:"Place in the event log up to which both sides had counted"`
	Moving      bool         `json:"moving,omitempty" doc:"Events kept arriving, so that the sides could not be held at one place; differences may come from that"`
	Differences []Difference `json:"differences" nullable:"false"`
}

// Books are the numbers of a question on one side, by period, the stock before the range first.
type books struct {
	dates   []string
	numbers [][]int64
}

func numberNames() []string {
	return []string{
		"new", "resurrected", "won_back", "went_silent", "went_lost", "cleaned", "cleaned_active", "cleaned_silent", "retained",
		"people", "active", "silent", "lost", "seen", "person_days", "wau", "mau",
	}
}

// tries is how often both sides are counted again while events keep arriving in between.
const tries = 5

// Reconcile keeps the same books a second time in the warehouse, with SQL and without any code of the first way, and tells where they differ.
// The question's people filter is not for the warehouse, which knows no rules: it is refused.
func (s *Service) Reconcile(ctx context.Context, q Query) (Reconciled, error) {
	if q.People != "" {
		return Reconciled{}, insight.Invalid("growth.reconcile_people", "people", "the warehouse knows no rules: leave the people filter out")
	}
	if err := s.check(ctx, &q); err != nil {
		return Reconciled{}, err
	}
	f, err := s.frame(q)
	if err != nil {
		return Reconciled{}, err
	}
	for try := 1; ; try++ {
		before := s.reached()
		if err := s.stored(ctx, before); err != nil {
			return Reconciled{}, err
		}
		books, err := s.ask(ctx, q)
		if err != nil {
			return Reconciled{}, err
		}
		first, err := books.numbers()
		if err != nil {
			return Reconciled{}, err
		}
		second, err := s.count(ctx, q, f)
		if err != nil {
			return Reconciled{}, err
		}
		at, err := s.o.Events.Position(ctx)
		if err != nil {
			return Reconciled{}, err
		}
		out := compare(first, second)
		out.From, out.To, out.Position = date(f.day(f.base)), date(f.day(f.end-1)), before
		out.Moving = at != before || s.reached() != before
		if !out.Moving || len(out.Differences) == 0 || try == tries {
			return out, nil
		}
	}
}

func (s *Service) reached() (position uint64) {
	s.o.Desk.Timeline().Read(func(r *timeline.Reader) { position = r.Reached() })
	return position
}

// stored waits until the warehouse has everything up to a place in the log. It is a fraction of a second behind.
func (s *Service) stored(ctx context.Context, position uint64) error {
	for range 600 {
		at, err := s.o.Events.Position(ctx)
		if err != nil || at >= position {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fault.New(fault.Unavailable, "growth.warehouse_behind", "the warehouse is behind the event log; try again in a moment")
}

// ask asks for the books as everybody does.
func (s *Service) ask(ctx context.Context, q Query) (Answer, error) {
	var a Answer
	q.Kind = kind
	raw, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	got, err := s.o.Desk.Ask(ctx, raw)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(got.Answer, &a)
}

// numbers are an answer's, to compare.
func (a *Answer) numbers() (books, error) {
	out := books{dates: []string{"before"}, numbers: [][]int64{{0, 0, 0, 0, 0, 0, 0, 0, 0, a.Before.People, a.Before.Active, a.Before.Silent, a.Before.Lost, 0, 0, 0, 0}}}
	for i := range a.Periods {
		p := &a.Periods[i]
		r, err := calendar.ParseRange(p.From, p.To, time.Time{}, time.UTC)
		if err != nil {
			return out, err
		}
		out.dates = append(out.dates, p.Date)
		out.numbers = append(out.numbers, []int64{
			p.New, p.Resurrected, p.WonBack, p.WentSilent, p.WentLost, p.Cleaned, p.CleanedActive, p.CleanedSilent, p.Retained,
			p.Stock.People, p.Stock.Active, p.Stock.Silent, p.Stock.Lost, p.Seen, int64(math.Round(p.DAU * float64(r.Days()))), p.WAU, p.MAU,
		})
	}
	return out, nil
}

func compare(a, b books) Reconciled {
	out := Reconciled{Periods: len(a.dates) - 1, Differences: []Difference{}}
	for i, day := range a.dates {
		for n, name := range numberNames() {
			out.Numbers++
			if a.numbers[i][n] != b.numbers[i][n] {
				out.Differences = append(out.Differences, Difference{Date: day, Number: name, Books: a.numbers[i][n], Warehouse: b.numbers[i][n]})
			}
		}
	}
	return out
}

// count keeps the books in the warehouse.
func (s *Service) count(ctx context.Context, q Query, f *frame) (books, error) {
	periods := [][2]time.Time{{f.day(f.base - 1), f.day(f.base - 1)}}
	out := books{dates: []string{"before"}, numbers: [][]int64{make([]int64, len(numberNames()))}}
	for i, begin := range f.begins {
		periods = append(periods, [2]time.Time{f.day(begin), f.day(f.ends(i))})
		out.dates = append(out.dates, date(q.Grain.Bucket(f.day(begin))))
		out.numbers = append(out.numbers, make([]int64, len(numberNames())))
	}
	zone := s.o.Desk.Zone()
	end := calendar.Range{From: f.day(f.base), To: f.day(f.end - 1), Zone: zone}.End()
	if err := s.stays(ctx, q, periods, zone, end, out); err != nil {
		return out, fmt.Errorf("count stock and flow in the warehouse: %w", err)
	}
	if err := s.visits(ctx, periods, zone, end, out); err != nil {
		return out, fmt.Errorf("count active people in the warehouse: %w", err)
	}
	return out, nil
}

// values are the periods as rows of a table: number, first and last day.
func values(periods [][2]time.Time) string {
	rows := make([]string, 0, len(periods))
	for i, p := range periods {
		rows = append(rows, fmt.Sprintf("(%d, DATE '%s', DATE '%s')", i, date(p[0]), date(p[1])))
	}
	return strings.Join(rows, ", ")
}

// lives are everybody's days of activity, cut where they were cleaned out: a life is numbered by the moment of the cleaning before it, and gone is
// the day of the one that ends it.
func (s *Service) lives(ctx context.Context, day string, end time.Time) (sql string, args []any, err error) {
	var cleaned int64
	if err := s.o.Events.QueryRow(ctx, "SELECT count(*) FROM events WHERE type = 8 AND name = ? AND time < ?", event.PersonCleaned, end).Scan(&cleaned); err != nil {
		return "", nil, err
	}
	if cleaned == 0 {
		return `day AS (SELECT person, 0 AS life, ` + day + ` AS day, CAST(NULL AS DATE) AS gone FROM events WHERE type < 7 AND time < ? GROUP BY ALL)`, []any{end}, nil
	}
	return `cleaned AS (SELECT person, time FROM events WHERE type = 8 AND name = ? AND time < ?),
		own AS (SELECT e.person, e.time, COALESCE(epoch_us(c.time), 0) AS life FROM (SELECT person, time FROM events WHERE type < 7 AND time < ?) e
			ASOF LEFT JOIN cleaned c ON e.person = c.person AND e.time >= c.time),
		ended AS (SELECT person, life, (SELECT min(` + day + `) FROM cleaned c WHERE c.person = l.person AND epoch_us(c.time) > l.life) AS gone
			FROM (SELECT DISTINCT person, life FROM own) l),
		day AS (SELECT person, life, ` + day + ` AS day, any_value(gone) AS gone FROM own JOIN ended USING (person, life) GROUP BY person, life, day)`,
		[]any{event.PersonCleaned, end, end}, nil
}

// stays counts from stays in the active stock: stretches of days without a gap that makes somebody silent.
func (s *Service) stays(ctx context.Context, q Query, periods [][2]time.Time, zone *time.Location, end time.Time, out books) (err error) {
	lives, args, err := s.lives(ctx, calendar.Day("time", time.Unix(0, 0), end, zone), end)
	if err != nil {
		return err
	}
	n, m := strconv.Itoa(q.SilentDays), strconv.Itoa(q.LostDays)
	rows, err := s.o.Events.Query(ctx, `WITH period(i, f, t) AS (VALUES `+values(periods)+`), `+lives+`,
		step AS (SELECT *, CASE WHEN day - lag(day) OVER w <= `+n+` THEN 0 ELSE 1 END AS fresh FROM day WINDOW w AS (PARTITION BY person, life ORDER BY day)),
		numbered AS (SELECT *, sum(fresh) OVER (PARTITION BY person, life ORDER BY day) AS stay FROM step),
		stay AS (SELECT person, life, min(day) AS b, max(day) AS l, any_value(gone) AS gone FROM numbered GROUP BY person, life, stay),
		s AS MATERIALIZED (SELECT b, l, lag(l) OVER w AS pl, lead(b) OVER w AS nb, COALESCE(gone, DATE '9999-01-01') AS gone FROM stay
			WINDOW w AS (PARTITION BY person, life ORDER BY b)),
		move(day, what) AS (
			SELECT b, CASE WHEN pl IS NULL THEN 0 ELSE 1 END FROM s
			UNION ALL SELECT b, 2 FROM s WHERE b - pl > `+m+`
			UNION ALL SELECT l + `+n+`, 3 FROM s WHERE gone >= l + `+n+`
			UNION ALL SELECT l + `+m+`, 4 FROM s WHERE gone >= l + `+m+` AND (nb IS NULL OR nb - l > `+m+`)
			UNION ALL SELECT gone, 5 FROM s WHERE nb IS NULL AND gone < DATE '9999-01-01'
			UNION ALL SELECT gone, 6 FROM s WHERE nb IS NULL AND gone - l < `+n+`
			UNION ALL SELECT gone, 7 FROM s WHERE nb IS NULL AND gone - l BETWEEN `+n+` AND `+m+` - 1),
		stood AS (
			SELECT i, count(*) FILTER (b < f AND least(l + `+n+`, gone) > t) AS retained, count(*) FILTER (pl IS NULL AND gone > t) AS alive,
				count(*) FILTER (least(l + `+n+`, gone) > t) AS active, count(*) FILTER (l + `+n+` <= t AND t < least(l + `+m+`, gone) AND (nb IS NULL OR nb > t)) AS silent,
				count(*) FILTER (l + `+m+` <= t AND t < gone AND (nb IS NULL OR nb > t)) AS lost
			FROM period JOIN s ON s.b <= t GROUP BY i),
		moved AS (SELECT i, what, count(*) AS n FROM period JOIN move ON i > 0 AND day BETWEEN f AND t GROUP BY i, what)
		SELECT i, what, n FROM moved
		UNION ALL SELECT i, 8, retained FROM stood WHERE i > 0 UNION ALL SELECT i, 9, alive FROM stood UNION ALL SELECT i, 10, active FROM stood
		UNION ALL SELECT i, 11, silent FROM stood UNION ALL SELECT i, 12, lost FROM stood`, args...)
	if err != nil {
		return err
	}
	return fill(rows, out)
}

// visits counts who did something in a period, and in the last days of it. A person is among the active people of the last 30 days from each day of
// activity until the next or until 30 days have gone.
func (s *Service) visits(ctx context.Context, periods [][2]time.Time, zone *time.Location, end time.Time, out books) error {
	since := calendar.Midnight(periods[1][0].AddDate(0, 0, -month), zone)
	rows, err := s.o.Events.Query(ctx, `WITH period(i, f, t) AS (VALUES `+values(periods[1:])+`),
		day AS MATERIALIZED (SELECT person, `+calendar.Day("time", since, end, zone)+` AS day FROM events WHERE type < 7 AND time >= ? AND time < ? GROUP BY ALL),
		next AS (SELECT day, COALESCE(lead(day) OVER (PARTITION BY person ORDER BY day), DATE '9999-01-01') AS nd FROM day),
		change(day, week, month) AS (SELECT d, CAST(sum(w) AS BIGINT), CAST(sum(m) AS BIGINT) FROM (
			SELECT day AS d, 1 AS w, 1 AS m FROM next UNION ALL SELECT least(day + 7, nd), -1, 0 FROM next UNION ALL SELECT least(day + 30, nd), 0, -1 FROM next) GROUP BY d)
		SELECT i, 13, count(DISTINCT person) FROM period JOIN day ON day BETWEEN f AND t GROUP BY i
		UNION ALL SELECT i, 14, count(*) FROM period JOIN day ON day BETWEEN f AND t GROUP BY i
		UNION ALL SELECT i, 15, CAST(sum(week) AS BIGINT) FROM period JOIN change ON day <= t GROUP BY i
		UNION ALL SELECT i, 16, CAST(sum(month) AS BIGINT) FROM period JOIN change ON day <= t GROUP BY i`, since, end)
	if err != nil {
		return err
	}
	later := books{numbers: out.numbers[1:]}
	return fill(rows, later)
}

// fill takes rows of period, number and how many.
func fill(rows *sql.Rows, out books) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var period, number int
		var n int64
		if err := rows.Scan(&period, &number, &n); err != nil {
			return err
		}
		out.numbers[period][number] = n
	}
	return rows.Err()
}
