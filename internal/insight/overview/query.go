package overview

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Counting different people over the whole log takes memory for each of them, and for each person and day if days are asked for. So
// every question groups by person first, which the warehouse can do on disk, and looks no further back than it must.

// figures are the sums of one period.
type figures struct {
	active, orders, buyers, revenue, repeat int64
	personDays, wau, mau                    int64
	days                                    int
}

// own leaves out the acts of operators: they are no activity of the person.
const own = "type < 7"

// perPerson are the people with their orders and revenue in what a condition leaves. Its arguments: the name of orders twice, the currency.
func perPerson(more, where string) string {
	return `SELECT person, ` + more + `count(*) AS events, count(*) FILTER (name = ?) AS orders, sum(amount) FILTER (name = ? AND currency = ?) AS revenue
		FROM events WHERE ` + own + ` AND ` + where
}

func (s *Service) figures(ctx context.Context, r calendar.Range) (figures, error) {
	f := figures{days: r.Days()}
	err := s.events.QueryRow(ctx, `SELECT count(*), CAST(COALESCE(sum(orders), 0) AS BIGINT), count(*) FILTER (orders > 0), CAST(COALESCE(sum(revenue), 0) AS BIGINT)
		FROM (`+perPerson("", "time >= ? AND time < ?")+` GROUP BY person)`,
		event.OrderCompleted, event.OrderCompleted, s.settings.Currency(), r.Start(), r.End()).
		Scan(&f.active, &f.orders, &f.buyers, &f.revenue)
	if err != nil {
		return f, fmt.Errorf("figures: %w", err)
	}
	err = s.events.QueryRow(ctx, `SELECT count(*) FROM (SELECT person FROM events WHERE `+own+` AND name = ? AND time < ?
			GROUP BY person HAVING count(*) > 1 AND max(time) >= ?)`, event.OrderCompleted, r.End(), r.Start()).Scan(&f.repeat)
	if err != nil {
		return f, fmt.Errorf("repeat buyers: %w", err)
	}
	last := func(days int) time.Time {
		return calendar.Range{From: r.To.AddDate(0, 0, 1-days), To: r.To, Zone: r.Zone}.Start()
	}
	err = s.events.QueryRow(ctx, `SELECT count(*) FILTER (last >= ?), count(*) FROM (SELECT person, max(time) AS last FROM events WHERE `+own+`
			AND time >= ? AND time < ? GROUP BY person)`, last(7), last(30), r.End()).Scan(&f.wau, &f.mau)
	if err != nil {
		return f, fmt.Errorf("active people: %w", err)
	}
	return f, nil
}

// Day of the stock with what only the key figures need.
type stockDay struct {
	Stock
	seen int64 // people active on the day itself
}

// stock gives every day of the range. Who is in the pool takes a look at everybody's first event; who is active only one at as many days
// before the range as somebody stays active. "Entered" are those who were not active the day before, newcomers and returning ones.
func (s *Service) stock(ctx context.Context, r calendar.Range) (_ []stockDay, err error) {
	active := s.settings.ActiveDays()
	since := calendar.Range{From: r.From.AddDate(0, 0, -active), To: r.To, Zone: r.Zone}
	rows, err := s.events.Query(ctx, `
		WITH day AS (SELECT person, `+calendar.Day("time", since.Start(), r.End(), r.Zone)+` AS day FROM events WHERE `+own+` AND time >= ? AND time < ? GROUP BY ALL),
		step AS (SELECT day, lag(day) OVER w AS before, lead(day) OVER w AS after FROM day WINDOW w AS (PARTITION BY person ORDER BY day)),
		first AS (SELECT min(time) AS time FROM events WHERE `+own+` AND time < ? GROUP BY person),
		flow AS (
			SELECT `+calendar.Day("time", time.Unix(0, 0), r.End(), r.Zone)+` AS day, count(*) AS arrived, 0 AS entered, 0 AS seen, 0 AS fell FROM first GROUP BY 1
			UNION ALL SELECT day, 0, count(*) FILTER (before IS NULL OR day - before > ?), count(*), 0 FROM step GROUP BY 1
			UNION ALL SELECT day + CAST(? AS INTEGER), 0, 0, 0, count(*) FROM step WHERE after IS NULL OR after - day > ? GROUP BY 1)
		SELECT day, sum(arrived)::BIGINT, sum(entered)::BIGINT, sum(seen)::BIGINT, sum(fell)::BIGINT FROM flow GROUP BY day ORDER BY day`,
		since.Start(), r.End(), r.End(), active, active, active)
	if err != nil {
		return nil, fmt.Errorf("stock and flow: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var at Stock // sums up to the day
	out := make([]stockDay, 0, r.Days())
	next := r.From
	put := func(d time.Time, n, ret, fell, seen int64) {
		out = append(out, stockDay{Stock{
			Date: day(d), People: at.People, Active: at.Active, Silent: at.Silent, New: n, Returning: ret, WentSilent: fell,
			AddsUp: at.People == at.Active+at.Silent && at.Silent >= 0,
		}, seen})
	}
	for rows.Next() {
		var d time.Time
		var arrived, entered, seen, fell int64
		if err := rows.Scan(&d, &arrived, &entered, &seen, &fell); err != nil {
			return nil, err
		}
		if d.After(r.To) {
			break // who goes silent after the range
		}
		if d.Before(r.From) {
			at.People += arrived
			at.Active += entered // nobody falls silent before the range: they are active for as long as was looked back
			at.Silent = at.People - at.Active
			continue
		}
		for ; next.Before(d); next = next.AddDate(0, 0, 1) {
			put(next, 0, 0, 0, 0)
		}
		returning := entered - arrived
		at.People += arrived
		at.Active += entered - fell
		at.Silent += fell - returning
		put(d, arrived, returning, fell, seen)
		next = d.AddDate(0, 0, 1)
	}
	for ; !next.After(r.To); next = next.AddDate(0, 0, 1) {
		put(next, 0, 0, 0, 0)
	}
	return out, rows.Err()
}

// check counts the stock of the last day without any flows.
func (s *Service) check(ctx context.Context, r calendar.Range) (Check, error) {
	var c Check
	from := calendar.Range{From: r.To.AddDate(0, 0, 1-s.settings.ActiveDays()), To: r.To, Zone: r.Zone}.Start()
	err := s.events.QueryRow(ctx, `SELECT count(*) FILTER (last >= ?), count(*) FROM (SELECT person, max(time) AS last FROM events WHERE `+own+` AND time < ? GROUP BY person)`,
		from, r.End()).Scan(&c.Active, &c.People)
	if err != nil {
		return c, fmt.Errorf("count the stock: %w", err)
	}
	return c, nil
}

func (s *Service) series(ctx context.Context, r calendar.Range, grain calendar.Grain) (_ []Point, err error) {
	d := grain.SQL(calendar.Day("time", r.Start(), r.End(), r.Zone))
	rows, err := s.events.Query(ctx, `SELECT bucket, count(*), CAST(sum(orders) AS BIGINT), count(*) FILTER (orders > 0), CAST(COALESCE(sum(revenue), 0) AS BIGINT)
		FROM (`+perPerson(d+" AS bucket, ", "time >= ? AND time < ?")+` GROUP BY person, bucket) GROUP BY bucket ORDER BY bucket`,
		event.OrderCompleted, event.OrderCompleted, s.settings.Currency(), r.Start(), r.End())
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

// maxChannels is how many channels are told one by one. Channels come from the links that brought people, so anybody can make up more.
const maxChannels = 500

// channels are by first touch, from the living picture of the people; those that bring the fewest come as one row at the end if there are
// too many. Who never did anything (an identity that was split off) is no newcomer, here as in the stock.
func (s *Service) channels(ctx context.Context, r calendar.Range) (_ []Channel, err error) {
	rows, err := s.state.Query(ctx, `SELECT channel, channel_class, COUNT(*), SUM(CASE WHEN orders > 0 THEN 1 ELSE 0 END), CAST(SUM(revenue) AS BIGINT)
		FROM person WHERE events > 0 AND first_seen >= ? AND first_seen < ? GROUP BY channel, channel_class ORDER BY COUNT(*) DESC, channel, channel_class`,
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
		if len(out) < maxChannels {
			out = append(out, c)
			continue
		}
		if len(out) == maxChannels {
			out = append(out, Channel{Class: restClass})
		}
		rest := &out[maxChannels]
		rest.People, rest.Buyers, rest.Revenue = rest.People+c.People, rest.Buyers+c.Buyers, rest.Revenue+c.Revenue
	}
	return out, rows.Err()
}

func (s *Service) topEvents(ctx context.Context, r calendar.Range) (_ []EventCount, err error) {
	rows, err := s.events.Query(ctx, `SELECT name, CAST(sum(events) AS BIGINT) AS events, count(*) FROM (SELECT name, person, count(*) AS events FROM events
		WHERE `+own+` AND time >= ? AND time < ? GROUP BY name, person) GROUP BY name ORDER BY events DESC, name LIMIT 12`, r.Start(), r.End())
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

// Totals are the sums of all events, or of those from a moment on and before another (zero: no bound). People are those who did something,
// here as in the stock: an identity that was split off and never did anything is nobody.
func (s *Service) Totals(ctx context.Context, from, before time.Time) (Totals, error) {
	t := Totals{Revenue: Money{Currency: s.settings.Currency()}}
	if before.IsZero() {
		before = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if from.IsZero() {
		from = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	err := s.events.QueryRow(ctx, `SELECT count(*), CAST(COALESCE(sum(events), 0) AS BIGINT), CAST(COALESCE(sum(orders), 0) AS BIGINT), CAST(COALESCE(sum(cancelled), 0) AS BIGINT),
			count(*) FILTER (orders > 0), CAST(COALESCE(sum(revenue), 0) AS BIGINT)
		FROM (`+perPerson("count(*) FILTER (name = ?) AS cancelled, ", "time >= ? AND time < ?")+` GROUP BY person)`,
		event.OrderCancelled, event.OrderCompleted, event.OrderCompleted, t.Revenue.Currency, from, before).
		Scan(&t.People, &t.Events, &t.Orders, &t.Cancelled, &t.Buyers, &t.Revenue.Amount)
	if err != nil {
		return t, fmt.Errorf("totals: %w", err)
	}
	return t, nil
}
