package health

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/state"
)

// record is a score as it was recorded.
type record struct {
	at      time.Time // day on which it was recorded
	score   *float64
	version int64
	facts   Facts
}

// settle is for how many days a recorded score still follows what arrives late. What was recorded later than that, because the room was not open
// then, is no memory of the day, and follows what is known.
const settle = 3

// recorded gives the records of the days from a to b, both included, by date.
func (s *Service) recorded(ctx context.Context, a, b time.Time) (map[string]record, error) {
	rows, err := s.o.State.Query(ctx, "SELECT day, at, version, score, facts FROM health_day WHERE day >= ? AND day <= ?", day(a), day(b))
	if err != nil {
		return nil, fmt.Errorf("read recorded scores: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	out := map[string]record{}
	for rows.Next() {
		var date, facts string
		var r record
		var at int64
		if err := rows.Scan(&date, &at, &r.version, &r.score, &facts); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(facts), &r.facts); err != nil {
			return nil, fmt.Errorf("recorded score of %s: %w", date, err)
		}
		r.at = calendar.DayOf(state.Time(at), s.o.Desk.Zone())
		out[date] = r
	}
	return out, rows.Err()
}

// keep records the scores of days that are over, but for those that are settled.
func (s *Service) keep(ctx context.Context, d Definition, version int64, dates []time.Time, facts []Facts, known map[string]record, today time.Time) error {
	type row struct {
		date  string
		score *float64
		facts []byte
	}
	var rows []row
	for i, x := range facts {
		date := day(dates[i])
		had, there := known[date]
		until := dates[i].AddDate(0, 0, settle)
		settled := there && today.After(until) && !had.at.After(until)
		if !dates[i].Before(today) || !x.Beginning || settled {
			continue
		}
		if x.Refused == nil { // somebody knew better when it was recorded
			x.Refused, x.Refused7 = had.facts.Refused, had.facts.Refused7
		}
		score, _ := d.judge(x)
		text, err := json.Marshal(x)
		if err != nil {
			return err
		}
		if there && had.version == version && same(had, score, text) {
			continue
		}
		rows = append(rows, row{date, score, text})
	}
	if len(rows) == 0 {
		return nil
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		for _, r := range rows {
			if _, err := tx.Exec(ctx, `INSERT INTO health_day (day, at, version, score, facts) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (day) DO UPDATE SET at = excluded.at, version = excluded.version, score = excluded.score, facts = excluded.facts`,
				r.date, state.Micros(s.o.Desk.Now()), version, r.score, string(r.facts)); err != nil {
				return fmt.Errorf("record the score of %s: %w", r.date, err)
			}
		}
		return nil
	})
}

func same(had record, score *float64, facts []byte) bool {
	text, err := json.Marshal(had.facts)
	return err == nil && string(text) == string(facts) && (score == nil) == (had.score == nil) && (score == nil || *score == *had.score)
}
