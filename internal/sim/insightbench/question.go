package insightbench

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// question is asked of everybody.
type question struct {
	name string
	raw  json.RawMessage                         // for the desk
	rows func(json.RawMessage) ([]string, error) // of the desk's answer
	// ClickHouse and DuckDB are asked in these ways; the fastest counts.
	clickhouse, duckdb []string
}

const (
	viewed  = "Product Viewed"
	added   = "Product Added"
	ordered = "Order Completed"

	silentDays = 30
	pathSteps  = 5
	ended      = "-" // in rows of paths
)

// questions are about the days from first to last.
func questions(first, last time.Time) []question {
	s := span{from: first.Format(time.DateOnly), to: last.Format(time.DateOnly)}
	back := (int(first.Weekday()) + 6) % 7
	s.monday = first.AddDate(0, 0, -back).Format(time.DateOnly)
	midnight := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, first.Location())
	s.begin = midnight.UTC().Format("2006-01-02 15:04:05.000")
	return []question{s.funnel(), s.retention(), s.paths(), s.peoplePerDay(), s.growth(), s.trend()}
}

// span is the days of all questions.
type span struct {
	from, to string
	monday   string // of the week of the first day
	begin    string // the first moment, in UTC
}

// query is a question of a kind with fields of its own.
func (s span) query(kind, fields string) json.RawMessage {
	return fmt.Appendf(nil, `{"kind":%q,"from":%q,"to":%q%s}`, kind, s.from, s.to, fields)
}

// read makes rows of an answer.
func read[A any](rows func(A) []string) func(json.RawMessage) ([]string, error) {
	return func(raw json.RawMessage) ([]string, error) {
		var a A
		if err := json.Unmarshal(raw, &a); err != nil {
			return nil, err
		}
		out := rows(a)
		slices.Sort(out)
		return out, nil
	}
}

func row(cells ...any) string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = fmt.Sprint(c)
	}
	return strings.Join(texts, "\t")
}

// funnel: people by step.
func (s span) funnel() question {
	type answer struct {
		Steps []struct{ People int64 }
	}
	return question{
		name: "funnel",
		raw:  s.query("funnel", `,"window":"7d","steps":[{"event":"`+viewed+`"},{"event":"`+added+`"},{"event":"`+ordered+`"}]`),
		rows: read(func(a answer) (out []string) {
			for i, step := range a.Steps {
				out = append(out, row(i+1, step.People))
			}
			return out
		}),
		clickhouse: inOrder(`SELECT step, count() FROM (
  SELECT windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(time)), name = '` + viewed + `', name = '` + added + `', name = '` + ordered + `') AS level
  FROM events WHERE time >= '` + s.begin + `' AND name IN ('` + viewed + `', '` + added + `', '` + ordered + `') GROUP BY person)
ARRAY JOIN range(1, level + 1) AS step GROUP BY step`),
		// The latest possible beginning is carried from event to event.
		duckdb: []string{`WITH e AS (
  SELECT person, time, name, max(time) FILTER (name = '` + viewed + `') OVER w AS began FROM events
  WHERE time >= TIMESTAMP '` + s.begin + `' AND name IN ('` + viewed + `', '` + added + `', '` + ordered + `') WINDOW w AS (PARTITION BY person ORDER BY time)
), f AS (
  SELECT person, time, name, max(began) FILTER (name = '` + added + `' AND time <= began + INTERVAL 7 DAY) OVER w AS began FROM e WINDOW w AS (PARTITION BY person ORDER BY time)
), l AS (
  SELECT CASE WHEN bool_or(name = '` + ordered + `' AND time <= began + INTERVAL 7 DAY) THEN 3 WHEN bool_or(began IS NOT NULL) THEN 2
    WHEN bool_or(name = '` + viewed + `') THEN 1 ELSE 0 END AS level FROM f GROUP BY person
) SELECT step, count(*) FROM l, range(1, 4) AS t(step) WHERE level >= step GROUP BY step`},
	}
}

// retention: members of each week who came again in a later one. The last week is not over and counts as far as it is known.
func (s span) retention() question {
	type answer struct {
		Rows []struct {
			Cohort string
			Cells  []struct {
				People *int64
				SoFar  *int64 `json:"so_far"`
			}
		}
	}
	return question{
		name: "retention",
		raw:  s.query("retention", `,"start":{"event":""},"starts":"first","grain":"week","mode":"nth"`),
		rows: read(func(a answer) (out []string) {
			for _, r := range a.Rows {
				for k, c := range r.Cells {
					n := c.People
					if n == nil {
						n = c.SoFar
					}
					if n != nil && *n > 0 {
						out = append(out, row(r.Cohort, k, *n))
					}
				}
			}
			return out
		}),
		// A person's weeks are bits; few different masks are left to be taken apart.
		clickhouse: inOrder(`SELECT toDate('` + s.monday + `') + 7 * first AS cohort, k, sum(people) FROM (
  SELECT mask, count() AS people, toUInt32(bitCount(bitXor(mask, mask - 1)) - 1) AS first FROM (
    SELECT groupBitOr(bitShiftLeft(toUInt32(1), intDiv(day - toDate('` + s.monday + `'), 7))) AS mask FROM events GROUP BY person) GROUP BY mask)
ARRAY JOIN range(32) AS k WHERE first + k < 32 AND bitTest(mask, first + k) GROUP BY cohort, k`),
		duckdb: []string{`WITH p AS (SELECT bit_or(1::BIGINT << ((day - DATE '` + s.monday + `') // 7)) AS mask FROM events GROUP BY person),
m AS (SELECT mask, count(*) AS people, bit_count(xor(mask, mask - 1)) - 1 AS first FROM p GROUP BY mask)
SELECT DATE '` + s.monday + `' + (7 * first)::INTEGER AS cohort, k, sum(people) FROM m, range(0, 32) AS t(k) WHERE (mask >> (first + k)) & 1 = 1 GROUP BY cohort, k`},
	}
}

// paths: links of the ways from the first view of each person.
func (s span) paths() question {
	type node struct {
		Step        int
		What, Event string
	}
	type answer struct {
		Nodes []node
		Links []struct{ From, To, Paths int64 }
	}
	name := func(n node) string {
		switch n.What {
		case "event":
			return n.Event
		case "end":
			return ended
		default:
			return n.What
		}
	}
	links := func(text, first, second, elements string) string {
		return fmt.Sprintf(text, viewed, s.begin, pathSteps+1, pathSteps, first, second, elements)
	}
	const house = `SELECT step - 1, p[step], if(step < length(p), toString(p[step + 1]), '-') AS next, sum(people) FROM (
  SELECT arraySlice(names, indexOf(names, '%[1]s'), %[3]d) AS p, count() AS people FROM (
    SELECT %[5]s AS names FROM events WHERE time >= '%[2]s' GROUP BY person) WHERE has(names, '%[1]s') GROUP BY p)
ARRAY JOIN range(1, least(length(p), %[4]d) + 1) AS step GROUP BY step, p[step], next%.0[6]s%.0[7]s`
	clickhouse := []string{links(house, "arrayMap(x -> x.2, arraySort(groupArray((n, name))))", "", "")}
	clickhouse = append(inOrder(clickhouse[0]), links(house, "groupArray(name)", "", "")+" SETTINGS optimize_aggregation_in_order = 1")
	return question{
		name: "paths",
		raw:  s.query("path", `,"anchor":{"event":"`+viewed+`"},"direction":"after","which":"first","steps":5,"min_share":0`),
		rows: read(func(a answer) (out []string) {
			for _, l := range a.Links {
				from, to := a.Nodes[l.From], a.Nodes[l.To]
				out = append(out, row(from.Step, name(from), name(to), l.Paths))
			}
			return out
		}),
		clickhouse: clickhouse,
		duckdb: []string{links(`WITH s AS (SELECT list(name ORDER BY n) AS names FROM events WHERE time >= TIMESTAMP '%[2]s' GROUP BY person),
p AS (SELECT list_slice(names, list_position(names, '%[1]s'), list_position(names, '%[1]s') + %[4]d) AS p, count(*) AS people FROM s
  WHERE list_contains(names, '%[1]s') GROUP BY p)
SELECT step - 1, p[step], CASE WHEN step < len(p) THEN p[step + 1]::VARCHAR ELSE '-' END AS next, sum(people) FROM p, range(1, %[3]d) AS t(step)
WHERE step <= len(p) GROUP BY step, p[step], next%.0[5]s%.0[6]s%.0[7]s`, "", "", "")},
	}
}

// lines are those of a trend.
type lines struct {
	Points []struct{ At string }
	Lines  []struct {
		Group  struct{ Key string }
		Values []*float64
	}
}

func (a lines) rows() (out []string) {
	for _, l := range a.Lines {
		for i, v := range l.Values {
			if v != nil && *v != 0 {
				out = append(out, row(a.Points[i].At, l.Group.Key, int64(*v)))
			}
		}
	}
	return out
}

// peoplePerDay: different people by day and channel of what they did.
func (s span) peoplePerDay() question {
	const days = ` FROM events WHERE day >= '%s' GROUP BY `
	where := fmt.Sprintf(days, s.from)
	grouped := `SELECT day, channel, count(*) FROM (SELECT person, day, channel` + where + `person, day, channel) GROUP BY day, channel`
	return question{
		name:       "people_per_day_by_channel",
		raw:        s.query("trend", `,"series":[{"event":"","measure":"people"}],"grain":"day","breakdown":{"by":"channel","limit":100}`),
		rows:       read(lines.rows),
		clickhouse: append(inOrder(grouped), `SELECT day, channel, uniqExact(person)`+where+`day, channel`),
		duckdb:     []string{`SELECT day, channel, count(DISTINCT person)` + where + `day, channel`, grouped},
	}
}

// trend: views by day and category.
func (s span) trend() question {
	text := []string{`SELECT day, category, count(*) FROM events WHERE day >= '` + s.from + `' AND name = '` + viewed + `' GROUP BY day, category`}
	return question{
		name:       "trend",
		raw:        s.query("trend", `,"series":[{"event":"`+viewed+`","measure":"count"}],"grain":"day","breakdown":{"by":"property","name":"category","limit":100}`),
		rows:       read(lines.rows),
		clickhouse: text, duckdb: text,
	}
}

// growth: who came, came back, fell silent and was there, by day.
func (s span) growth() question {
	type answer struct {
		Periods []struct {
			Date                   string
			New, Resurrected, Seen int64
			WentSilent             int64 `json:"went_silent"`
		}
	}
	return question{
		name: "growth",
		raw:  s.query("growth", fmt.Sprintf(`,"grain":"day","silent_days":%d,"lost_days":%d`, silentDays, 3*silentDays)),
		rows: read(func(a answer) (out []string) {
			for _, p := range a.Periods {
				for i, n := range []int64{p.Seen, p.New, p.Resurrected, p.WentSilent} {
					if n != 0 {
						out = append(out, row(p.Date, i, n))
					}
				}
			}
			return out
		}),
		// Days are numbers; what happened on one is 4 × day + 0 (seen), 1 (new), 2 (came back), 3 (fell silent).
		clickhouse: inOrder(fmt.Sprintf(`SELECT toDate(intDiv(what, 4)) AS date, what %% 4, count() FROM (
  SELECT arrayConcat(arrayMap(d -> 4 * d, days), [4 * days[1] + 1], [4 * (days[-1] + %[1]d) + 3],
    arrayFlatten(arrayMap((d, next) -> if(next - d > %[1]d, [4 * next + 2, 4 * (d + %[1]d) + 3], emptyArrayInt64()), arrayPopBack(days), arrayPopFront(days)))) AS all
  FROM (SELECT arraySort(groupUniqArray(toInt64(toUInt16(day)))) AS days FROM events GROUP BY person))
ARRAY JOIN all AS what WHERE toDate(intDiv(what, 4)) BETWEEN '%[2]s' AND '%[3]s' GROUP BY what`, silentDays, s.from, s.to)),
		duckdb: []string{fmt.Sprintf(`WITH d AS (SELECT DISTINCT person, day FROM events),
w AS (SELECT day, lead(day) OVER (PARTITION BY person ORDER BY day) AS next, row_number() OVER (PARTITION BY person ORDER BY day) AS k FROM d),
all_ AS (SELECT day AS date, 0 AS what FROM w UNION ALL SELECT day, 1 FROM w WHERE k = 1 UNION ALL SELECT next, 2 FROM w WHERE next - day > %[1]d
  UNION ALL SELECT day + %[1]d, 3 FROM w WHERE next IS NULL OR next - day > %[1]d)
SELECT date, what, count(*) FROM all_ WHERE date BETWEEN DATE '%[2]s' AND DATE '%[3]s' GROUP BY date, what`, silentDays, s.from, s.to)},
	}
}

// inOrder is a query that groups by person, in the order of the table and by hashing.
func inOrder(query string) []string {
	return []string{query + " SETTINGS optimize_aggregation_in_order = 1", query + " SETTINGS optimize_aggregation_in_order = 0"}
}
