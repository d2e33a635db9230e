package rulebench

import (
	"fmt"
	"strings"
	"time"
)

const (
	span     = 90 * 24 * time.Hour
	currency = "CNY"
)

// Zone is the pool's.
func zone() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }

// Today is the day of the newest events: they end at its noon.
func today() time.Time { return time.Date(2026, time.June, 30, 12, 0, 0, 0, zone()) }

func sku(i int) string { return fmt.Sprintf("T%04d", i%products) }

// crowd is the pool's people and events as SQL for DuckDB. Nodes 1 … people are people with a user id; every tenth person also has a
// cookie, whose node follows after all of these.
type crowd struct {
	people, events int64
	record         int64 // events in a record of the log
}

func newCrowd(people, events int64) crowd {
	return crowd{people: people, events: events, record: min(20_000, max(1, events/100))}
}

// nodes is how many identities there are.
func (c crowd) nodes() int64 { return c.people + c.people/10 }

// records is how many records of the log the events fill.
func (c crowd) records() int64 { return (c.events + c.record - 1) / c.record }

// scatter is a number without a common factor with people, so that rank * scatter mod people gives everybody one place.
func (c crowd) scatter() int64 {
	for _, prime := range []int64{611_953, 611_957} {
		if c.people%prime != 0 {
			return prime
		}
	}
	return 1
}

// draws is one row an event of [from, to): numbers from hashes of its number, nothing else.
//
//   - Two fifths of the people do next to nothing (5 % of the events), two fifths something (25 %), and one fifth does the rest, the first of
//     them very much: the rank in it is the square of an even draw.
//   - A quarter of each comes late and a quarter leaves early; the events they would have had are their neighbour's.
//   - One event in a hundred arrives up to a day and a half late.
func (c crowd) draws(from, to int64) string {
	p := c.people
	quiet, heavy := p*3/5, p/5
	days := int64(span / (24 * time.Hour))
	begin := today().Add(-span).UnixMilli()
	return fmt.Sprintf(`
    SELECT i, a, b, (a // 64) %% 1000 AS x, (b & 255)::BIGINT AS y, i * %[5]d // %[6]d AS day, k,
      %[7]d + i * %[8]d // %[6]d - CASE WHEN (a >> 20) & 127 = 1 THEN ((b >> 8) %% 129600000)::BIGINT ELSE 0 END AS ms,
      CASE WHEN r %% 4 = 0 AND i * %[5]d // %[6]d < hash(r) %% %[5]d OR r %% 4 = 1 AND i * %[5]d // %[6]d > hash(r) %% %[5]d
        THEN least(r - r %% 4 + 2, %[1]d - 1) ELSE r END AS r
    FROM (SELECT i, a, b, floor(%[11]d * u * u)::BIGINT AS k, CASE
        WHEN a & 63 < 3 THEN %[2]d + floor((%[1]d - %[2]d) * v)::BIGINT
        WHEN a & 63 < 19 THEN %[3]d + floor((%[2]d - %[3]d) * v)::BIGINT
        ELSE floor(%[3]d * v * v)::BIGINT END AS r
      FROM (SELECT i, a, b, (a >> 32) / 4294967296.0::DOUBLE AS u, (b >> 11) / 9007199254740992.0::DOUBLE AS v
        FROM (SELECT i, hash(i) AS a, hash(i + 4611686018427387904) AS b FROM range(%[9]d, %[10]d) AS t(i))))`,
		p, quiet, heavy, 0, days, c.events, begin, span.Milliseconds(), from, to, products)
}

// rows is one row an event of [from, to) with everything that is to be known of it.
func (c crowd) rows(from, to int64) string {
	var name strings.Builder
	name.WriteString("CASE")
	below := 0
	for _, n := range names() {
		below += n.of
		fmt.Fprintf(&name, " WHEN x < %d THEN %s", below, quoted(n.name))
	}
	name.WriteString(" END")
	return fmt.Sprintf(`
  SELECT i, ms, person,
    CASE WHEN person %% 10 = 0 AND y %% 2 = 0 THEN %[1]d + person // 10 ELSE person END AS node,
    name, k,
    CASE WHEN name IN ('Product Viewed', 'Product Added', 'Order Completed', 'Review Written') THEN list_extract(%[2]s, k + 1) ELSE '' END AS sku,
    CASE WHEN name IN ('Product Viewed', 'Product Added', 'Order Completed', 'Review Written') THEN list_extract(%[3]s, k %% %[4]d + 1) ELSE '' END AS category,
    CASE WHEN name IN ('Product Added', 'Order Completed') THEN 1 + (y * y * y) // 4194304 ELSE 0 END AS quantity,
    CASE WHEN name = 'Review Written' THEN 5 - (y * y) // 16384 ELSE 0 END AS rating,
    CASE WHEN name = 'Product Searched' THEN list_extract(%[5]s, y %% %[6]d + 1) ELSE '' END AS keyword,
    CASE WHEN name = 'Order Completed' THEN (1 + (y * y * y) // 4194304) * (2900 + k * 97 %% 40000) END AS amount,
    CASE WHEN name = 'Page Viewed' AND y < 26 THEN list_extract(%[7]s, (k + person) %% %[8]d + 1) ELSE '' END AS channel
  FROM (SELECT *, 1 + r * %[9]d %% %[10]d AS person, %[11]s AS name FROM (%[12]s))`,
		c.people, list(skus()), list(categories()), len(categories()), list(keywords()), len(keywords()), list(channels()), len(channels()),
		c.scatter(), c.people, name.String(), c.draws(from, to))
}

// insertRows puts the events of [from, to) into the warehouse as it keeps them.
func (c crowd) insertRows(from, to int64) string {
	pages := make([]string, products)
	goods := make([]string, products)
	for i := range products {
		pages[i] = fmt.Sprintf(`{"url":"https://shop.example/tea/%d"}`, i)
		goods[i] = fmt.Sprintf(`"sku":"%s","category":"%s"`, sku(i), pick(categories(), i))
	}
	return fmt.Sprintf(`
INSERT INTO event_row SELECT node, person, make_timestamp(ms * 1000), make_timestamp((%[1]d + i * %[2]d // %[3]d) * 1000), CASE WHEN name = 'Page Viewed' THEN 3 ELSE 1 END, name,
  'made-' || i, 1, 0, channel, CASE WHEN channel = '' THEN '' ELSE 'owned' END, amount, CASE WHEN amount IS NOT NULL THEN '%[4]s' END,
  CASE WHEN name = 'Page Viewed' THEN list_extract(%[5]s, k + 1)
    WHEN name = 'Product Viewed' THEN '{' || list_extract(%[6]s, k + 1) || '}'
    WHEN name = 'Product Added' THEN '{' || list_extract(%[6]s, k + 1) || ',"quantity":' || quantity || '}'
    WHEN name = 'Order Completed' THEN '{' || list_extract(%[6]s, k + 1) || ',"quantity":' || quantity || ',"revenue":' || (amount / 100)::DECIMAL(12, 2) || '}'
    WHEN name = 'Review Written' THEN '{' || list_extract(%[6]s, k + 1) || ',"rating":' || rating || '}'
    WHEN name = 'Product Searched' THEN '{"keyword":"' || keyword || '"}' END,
  NULL, NULL, 1 + i // %[7]d
FROM (%[8]s)`,
		today().Add(-span).UnixMilli(), span.Milliseconds(), c.events, currency, list(pages), list(goods), c.record, c.rows(from, to))
}

// peerRows are all events as the peers get them: every property a typed column, the person as it is now, ordered as they like it best.
func (c crowd) peerRows() string {
	return fmt.Sprintf(`
SELECT person::UINTEGER AS person, make_timestamp(ms * 1000) AS time, (make_timestamp(ms * 1000) + INTERVAL 8 HOUR)::DATE AS day, name,
  coalesce(amount, 0)::INTEGER AS amount, sku, category, keyword, quantity::UTINYINT AS quantity, rating::UTINYINT AS rating,
  channel, (row_number() OVER ())::UINTEGER AS n
FROM (SELECT * FROM (%s) ORDER BY person, ms, node, i)`, c.rows(0, c.events))
}

func skus() []string {
	out := make([]string, products)
	for i := range out {
		out[i] = sku(i)
	}
	return out
}

func list(texts []string) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = quoted(t)
	}
	return "[" + strings.Join(out, ",") + "]"
}
