package overview

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// figures are the sums of one period.
type figures struct {
	active, orders, buyers, revenue, repeat int64
	personDays, wau, mau                    int64
	days                                    int
}

// own leaves out the acts of operators: they are no activity of the person.
const own = "type <> 7"

func (s *Service) figures(ctx context.Context, r calendar.Range) (figures, error) {
	f := figures{days: r.Days()}
	d := calendar.Day("time", r.Start(), r.End(), r.Zone)
	err := s.events.QueryRow(ctx, `SELECT count(DISTINCT person), count(*) FILTER (name = ?), count(DISTINCT person) FILTER (name = ?),
			CAST(COALESCE(sum(amount) FILTER (name = ? AND currency = ?), 0) AS BIGINT), count(DISTINCT (person, `+d+`))
		FROM events WHERE `+own+` AND time >= ? AND time < ?`,
		event.OrderCompleted, event.OrderCompleted, event.OrderCompleted, s.settings.Currency(), r.Start(), r.End()).
		Scan(&f.active, &f.orders, &f.buyers, &f.revenue, &f.personDays)
	if err != nil {
		return f, fmt.Errorf("figures: %w", err)
	}
	err = s.events.QueryRow(ctx, `SELECT count(*) FROM (SELECT person FROM events WHERE name = ? AND time < ?
			GROUP BY person HAVING count(*) > 1 AND max(time) >= ?)`, event.OrderCompleted, r.End(), r.Start()).Scan(&f.repeat)
	if err != nil {
		return f, fmt.Errorf("repeat buyers: %w", err)
	}
	last := func(days int) time.Time {
		return calendar.Range{From: r.To.AddDate(0, 0, 1-days), To: r.To, Zone: r.Zone}.Start()
	}
	err = s.events.QueryRow(ctx, `SELECT count(DISTINCT person) FILTER (time >= ?), count(DISTINCT person) FROM events WHERE `+own+` AND time >= ? AND time < ?`,
		last(7), last(30), r.End()).Scan(&f.wau, &f.mau)
	if err != nil {
		return f, fmt.Errorf("active people: %w", err)
	}
	return f, nil
}

// stock gives every day of the range. It looks at all activity since the beginning, because a stock has a past.
func (s *Service) stock(ctx context.Context, r calendar.Range) (_ []Stock, err error) {
	active := s.settings.ActiveDays()
	d := calendar.Day("time", time.Unix(0, 0), r.End(), r.Zone)
	rows, err := s.events.Query(ctx, `
		WITH day AS (SELECT DISTINCT person, `+d+` AS day FROM events WHERE `+own+` AND time < ?),
		step AS (SELECT day, lag(day) OVER w AS before, lead(day) OVER w AS after FROM day WINDOW w AS (PARTITION BY person ORDER BY day)),
		flow AS (
			SELECT day, 1 AS arrived, 0 AS returned, 0 AS fell FROM step WHERE before IS NULL
			UNION ALL SELECT day, 0, 1, 0 FROM step WHERE day - before > ?
			UNION ALL SELECT day + CAST(? AS INTEGER), 0, 0, 1 FROM step WHERE after IS NULL OR after - day > ?)
		SELECT day, sum(arrived)::BIGINT, sum(returned)::BIGINT, sum(fell)::BIGINT FROM flow GROUP BY day ORDER BY day`, r.End(), active, active, active)
	if err != nil {
		return nil, fmt.Errorf("stock and flow: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var at Stock // sums up to the day
	out := make([]Stock, 0, r.Days())
	next := r.From
	put := func(d time.Time, n, ret, fell int64) {
		out = append(out, Stock{
			Date: day(d), People: at.People, Active: at.Active, Silent: at.Silent, New: n, Returning: ret, WentSilent: fell,
			AddsUp: at.People == at.Active+at.Silent && at.Silent >= 0,
		})
	}
	for rows.Next() {
		var d time.Time
		var n, ret, fell int64
		if err := rows.Scan(&d, &n, &ret, &fell); err != nil {
			return nil, err
		}
		if d.After(r.To) {
			break // who goes silent after the range
		}
		for ; next.Before(d) && !next.After(r.To); next = next.AddDate(0, 0, 1) {
			put(next, 0, 0, 0)
		}
		at.People += n
		at.Active += n + ret - fell
		at.Silent += fell - ret
		if !d.Before(r.From) {
			put(d, n, ret, fell)
			next = d.AddDate(0, 0, 1)
		}
	}
	for ; !next.After(r.To); next = next.AddDate(0, 0, 1) {
		put(next, 0, 0, 0)
	}
	return out, rows.Err()
}

// check counts the stock of the last day without any flows.
func (s *Service) check(ctx context.Context, r calendar.Range) (Check, error) {
	var c Check
	from := calendar.Range{From: r.To.AddDate(0, 0, 1-s.settings.ActiveDays()), To: r.To, Zone: r.Zone}.Start()
	err := s.events.QueryRow(ctx, `SELECT count(DISTINCT person) FILTER (time >= ?), count(DISTINCT person) FROM events WHERE `+own+` AND time < ?`,
		from, r.End()).Scan(&c.Active, &c.People)
	if err != nil {
		return c, fmt.Errorf("count the stock: %w", err)
	}
	return c, nil
}

func (s *Service) series(ctx context.Context, r calendar.Range, grain calendar.Grain) (_ []Point, err error) {
	d := grain.SQL(calendar.Day("time", r.Start(), r.End(), r.Zone))
	rows, err := s.events.Query(ctx, `SELECT `+d+` AS bucket, count(DISTINCT person), count(*) FILTER (name = ?), count(DISTINCT person) FILTER (name = ?),
			CAST(COALESCE(sum(amount) FILTER (name = ? AND currency = ?), 0) AS BIGINT)
		FROM events WHERE `+own+` AND time >= ? AND time < ? GROUP BY bucket ORDER BY bucket`,
		event.OrderCompleted, event.OrderCompleted, event.OrderCompleted, s.settings.Currency(), r.Start(), r.End())
	if err != nil {
		return nil, fmt.Errorf("trend: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	found := map[string]Point{}
	for rows.Next() {
		var at time.Time
		var p Point
		if err := rows.Scan(&at, &p.Active, &p.Orders, &p.Buyers, &p.Revenue); err != nil {
			return nil, err
		}
		p.Date = day(at)
		found[p.Date] = p
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var out []Point
	for b := grain.Bucket(r.From); !b.After(r.To); b = grain.Next(b) {
		p := found[day(b)]
		p.Date = day(b)
		out = append(out, p)
	}
	return out, nil
}

// channels are by first touch, from the living picture of the people. Who never did anything (an identity that was split off) is no
// newcomer, here as in the stock.
func (s *Service) channels(ctx context.Context, r calendar.Range) (_ []Channel, err error) {
	rows, err := s.state.Query(ctx, `SELECT channel, channel_class, COUNT(*), SUM(CASE WHEN orders > 0 THEN 1 ELSE 0 END), CAST(SUM(revenue) AS BIGINT)
		FROM person WHERE events > 0 AND first_seen >= ? AND first_seen < ? GROUP BY channel, channel_class ORDER BY COUNT(*) DESC, channel LIMIT 50`,
		r.Start().UnixMicro(), r.End().UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("channels: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := []Channel{}
	for rows.Next() {
		var c Channel
		if err := rows.Scan(&c.Channel, &c.Class, &c.People, &c.Buyers, &c.Revenue); err != nil {
			return nil, err
		}
		if c.Class == "" {
			c.Class = "unknown"
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func (s *Service) topEvents(ctx context.Context, r calendar.Range) (_ []EventCount, err error) {
	rows, err := s.events.Query(ctx, `SELECT name, count(*), count(DISTINCT person) FROM events WHERE `+own+` AND time >= ? AND time < ?
		GROUP BY name ORDER BY count(*) DESC, name LIMIT 12`, r.Start(), r.End())
	if err != nil {
		return nil, fmt.Errorf("top events: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := []EventCount{}
	for rows.Next() {
		var c EventCount
		if err := rows.Scan(&c.Name, &c.Events, &c.People); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Totals are the sums of all events, or of those from a moment on and before another (zero: no bound). Without bounds, people are
// everybody in the pool; with them, who did something.
func (s *Service) Totals(ctx context.Context, from, before time.Time) (Totals, error) {
	t := Totals{Revenue: Money{Currency: s.settings.Currency()}}
	if before.IsZero() {
		before = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if from.IsZero() {
		from = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	err := s.events.QueryRow(ctx, `SELECT count(DISTINCT person), count(*), count(*) FILTER (name = ?), count(*) FILTER (name = ?),
			count(DISTINCT person) FILTER (name = ?), CAST(COALESCE(sum(amount) FILTER (name = ? AND currency = ?), 0) AS BIGINT)
		FROM events WHERE `+own+` AND time >= ? AND time < ?`, event.OrderCompleted, event.OrderCancelled, event.OrderCompleted, event.OrderCompleted,
		t.Revenue.Currency, from, before).Scan(&t.People, &t.Events, &t.Orders, &t.Cancelled, &t.Buyers, &t.Revenue.Amount)
	if err != nil {
		return t, fmt.Errorf("totals: %w", err)
	}
	if from.Year() == 1 && before.Year() == 9999 {
		if err := s.state.QueryRow(ctx, "SELECT COUNT(*) FROM person").Scan(&t.People); err != nil {
			return t, fmt.Errorf("count people: %w", err)
		}
	}
	return t, nil
}
